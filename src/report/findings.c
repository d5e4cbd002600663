/* findings.c - computes what a report says: every entry on every split, intervals, and how far the model is ahead of each floor. */

#include "report/findings.h"

#include "report/bootstrap.h"
#include "report/curve.h"
#include "report/print.h"

#include "seqrec/memory.h"

#include <stdlib.h>
#include <string.h>

const score_name score_names[SCORES] = {
	[SCORE_ROC_AUC] = { "roc_auc", "ROC AUC", 1 },
	[SCORE_AVERAGE_PRECISION] = { "average_precision", "avg precision", 1 },
	[SCORE_LOG_LOSS] = { "log_loss", "log loss", 36.1 }, /* -log of double's epsilon, to which probabilities are clipped */
	[SCORE_BRIER] = { "brier", "Brier", 2 },
	[SCORE_ECE] = { "ece", "ECE", 1 },
};

finding *findings_at(const findings *f, size_t entry, size_t split)
{
	return &f->of[entry * f->splits + split];
}

size_t findings_headline(const findings *f)
{
	for (size_t s = 0; s < f->splits; s++)
		if (!strcmp(f->report->entry[0].split[s].name, "test"))
			return s;
	return f->splits - 1;
}

bool findings_grouped(const findings *f)
{
	return f->report->entry[0].split[findings_headline(f)].group;
}

static multiclass scored_rows(const scored *s)
{
	return (multiclass){ s->score, s->label, NULL, s->rows, s->classes };
}

static uint32_t decide(const scored *s, size_t row, double threshold)
{
	const double *p = s->score + row * s->classes;
	if (s->classes == 2)
		return p[1] >= threshold;
	uint32_t top = 0;
	for (uint32_t k = 1; k < s->classes; k++)
		top = p[k] > p[top] ? k : top;
	return top;
}

static classification *decisions_new(const scored *s, double threshold)
{
	uint32_t *predicted = xcalloc(s->rows + 1, sizeof *predicted);
	for (size_t i = 0; i < s->rows; i++)
		predicted[i] = decide(s, i, threshold);
	classification *c = classification_new(s->label, predicted, s->rows, s->classes);
	free(predicted);
	return c;
}

/* Two classes are scored by the probability of class 1, as binary metrics are; more by means over the classes. */
static void score_all(finding *f)
{
	const scored *s = f->split;
	multiclass all = scored_rows(s);
	binary one = { s->score + 1, 2, s->label, 1, NULL, s->rows };
	bool two = s->classes == 2;
	f->score[SCORE_ROC_AUC] = two ? metric_roc_auc(&one) : metric_roc_auc_macro(&all);
	f->score[SCORE_AVERAGE_PRECISION] = two ? metric_average_precision(&one) : metric_average_precision_macro(&all);
	f->score[SCORE_LOG_LOSS] = metric_log_loss(&all);
	f->score[SCORE_BRIER] = two ? metric_brier(&one) : metric_brier_sum(&all);
	f->score[SCORE_ECE] = two ? metric_ece(&one, ECE_BINS) : metric_ece_top(&all, ECE_BINS);
}

static void finding_make(finding *f, const report_entry *entry, const scored *split)
{
	const char *more = "more than two classes";
	bool two = split->classes == 2;
	f->entry = entry;
	f->split = split;
	score_all(f);
	f->decisions = decisions_new(split, entry->threshold);
	f->threshold = two ? metric_is(entry->threshold) : metric_undefined("more than two classes: the most probable is predicted");
	f->positives = two ? metric_is((double)f->decisions->of_class[1].support) : metric_undefined(more);
}

static bootstrap bootstrap_of(const report *r, const scored *s)
{
	return (bootstrap){ s->group, r->resamples, INTERVAL_LEVEL, r->seed, (interval_kind)r->interval, INTERVAL_DRAWS, r->pool };
}

static void intervals_make(const report *r, finding *model)
{
	multiclass rows = scored_rows(model->split);
	bootstrap how = bootstrap_of(r, model->split);
	model->roc_auc = interval_of(&rows, CURVE_ROC_AUC, &how);
	model->average_precision = interval_of(&rows, CURVE_AVERAGE_PRECISION, &how);
}

static void ahead_make(const report *r, const finding *model, finding *floor)
{
	multiclass a = scored_rows(model->split), b = scored_rows(floor->split);
	bootstrap how = bootstrap_of(r, model->split);
	const metric *ours = &model->score[SCORE_ROC_AUC], *theirs = &floor->score[SCORE_ROC_AUC];
	if (!ours->defined || !theirs->defined) {
		floor->ahead = ours->defined ? *theirs : *ours;
		floor->ahead_interval.reason = floor->ahead.reason;
		return;
	}
	floor->ahead = metric_is(ours->value - theirs->value);
	floor->ahead_interval = interval_of_difference(&a, &b, CURVE_ROC_AUC, &how);
}

/* Names go to terminals: control bytes become '?'. */
static char *name_clean(const char *name)
{
	char *clean = xstrdup(name);
	for (char *c = clean; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			*c = '?';
	return clean;
}

static void pictures_make(findings *f)
{
	const report *r = f->report;
	size_t headline = findings_headline(f);
	bool two = r->classes == 2;
	f->pictures = two ? r->entry_count : r->classes;
	f->picture = xcalloc(f->pictures + 1, sizeof *f->picture);
	f->picture_name = xcalloc(f->pictures + 1, sizeof *f->picture_name);
	for (size_t i = 0; i < f->pictures; i++) {
		const finding *one = findings_at(f, two ? i : 0, headline);
		uint32_t class = two ? 1 : (uint32_t)i;
		f->picture_name[i] = two ? one->entry->name : f->class_name[i];
		f->picture[i] = picture_new(&(binary){ one->split->score + class, r->classes, one->split->label, class, NULL, one->split->rows }, two ? one->entry->threshold : .5);
	}
}

/* Where one user has several rows, rows are not independent, and no interval is exact: then users are resampled. */
static interval accuracy_interval(const findings *f, const finding *model, const bootstrap *how)
{
	const scored *s = model->split;
	uint32_t *unit_of = xcalloc(s->rows + 1, sizeof *unit_of);
	bool independent = units_make(s->group, s->rows, unit_of) == s->rows;
	double *right = xcalloc(s->rows + 1, sizeof *right);
	uint64_t hits = 0;
	for (size_t i = 0; i < s->rows; i++) {
		bool right_here = decide(s, i, model->entry->threshold) == s->label[i];
		right[i] = right_here;
		hits += right_here;
	}
	interval found = !f->report->resamples ? (interval){ .reason = "no resamples asked for" } : independent ? interval_exact(hits, s->rows, INTERVAL_LEVEL) : interval_of_mean(right, s->rows, how);
	free(unit_of);
	free(right);
	return found;
}

static void headline_make(findings *f)
{
	const finding *model = findings_at(f, 0, findings_headline(f));
	bootstrap how = bootstrap_of(f->report, model->split);
	f->accuracy = accuracy_interval(f, model, &how);
	how.most = SLICE_DRAWS;
	pictures_make(f);
	f->slices = slices_of_classes(f->report->page, model->split, &how);
}

findings *findings_new(const report *r)
{
	findings *f = xcalloc(1, sizeof *f);
	f->report = r;
	f->splits = r->entry[0].split_count;
	f->of = xcalloc(r->entry_count * f->splits + 1, sizeof *f->of);
	f->class_name = xcalloc(r->classes + 1, sizeof *f->class_name);
	for (size_t k = 0; k < r->classes; k++)
		f->class_name[k] = name_clean(r->class_name[k]);
	for (size_t e = 0; e < r->entry_count; e++)
		for (size_t s = 0; s < f->splits; s++)
			finding_make(findings_at(f, e, s), &r->entry[e], &r->entry[e].split[s]);
	for (size_t s = 0; s < f->splits; s++) {
		intervals_make(r, findings_at(f, 0, s));
		for (size_t e = 1; e < r->entry_count; e++)
			ahead_make(r, findings_at(f, 0, s), findings_at(f, e, s));
	}
	headline_make(f);
	return f;
}

void findings_free(findings *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->report->entry_count * f->splits; i++)
		classification_free(f->of[i].decisions);
	for (size_t k = 0; k < f->report->classes; k++)
		free(f->class_name[k]);
	for (size_t i = 0; i < f->pictures; i++)
		free(f->picture[i]);
	free(f->picture);
	free(f->picture_name);
	slices_free(&f->slices);
	free(f->class_name);
	free(f->of);
	free(f);
}

static void add_number(text *t, const char *before, double value)
{
	char number[PRINT_TEXT];
	print_fixed(value, 4, number);
	text_addf(t, "%s%s", before, number);
}

void findings_verdict(const finding *floor, text *t)
{
	const char *name = floor->entry->name;
	const interval *between = &floor->ahead_interval;
	if (!floor->ahead.defined) {
		text_addf(t, "The model cannot be compared with the %s floor: %s.", name, floor->ahead.reason);
		return;
	}
	double ahead = floor->ahead.value;
	bool sure = between->defined ? between->low > 0 : ahead > 0;
	if (sure)
		text_addf(t, "The model beats the %s floor: ROC AUC", name);
	else if (ahead > 0)
		text_addf(t, "The model is not shown to beat the %s floor: ROC AUC", name);
	else
		text_addf(t, "THE MODEL DOES NOT BEAT the %s floor: ROC AUC", name);
	add_number(t, " ", ahead < 0 ? -ahead : ahead);
	text_add(t, ahead < 0 ? " lower" : " higher");
	if (between->defined) {
		add_number(t, ", 95 % interval ", between->low);
		add_number(t, " to ", between->high);
		text_add(t, !sure && ahead > 0 ? ", which holds zero" : "");
	}
	text_add(t, ".");
}
