/* evaluation.c - model and floors on the same rows; the threshold from validation; the report. */
#include "evaluation.h"
#include "report_data.h"
#include "report_fill.h"
#include "scored_rows.h"

#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/metrics.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

enum { ENTRY_MODEL, ENTRY_MAJORITY, ENTRY_LOGISTIC, ENTRY_SINGLE };
static const sample_part part_of[PARTS] = { PART_VALIDATION, PART_TEST };
static const char *const part_name[PARTS] = { "validation", "test" };

/* Appends `count` rows to a part; returns where their scores go. */
static size_t extend(part_scores *part, const uint32_t *rows, size_t count, size_t classes, bool floors)
{
	size_t first = part->rows;
	part->rows += count;
	part->row = xrealloc(part->row, part->rows, sizeof *part->row);
	if (count)
		memcpy(part->row + first, rows, count * sizeof *rows);
	for (int e = 0; e < ENTRIES; e++) {
		if (e == ENTRY_SINGLE || (e != ENTRY_MODEL && !floors))
			continue;
		part->score[e] = xrealloc(part->score[e], part->rows * classes, sizeof *part->score[e]);
		memset(part->score[e] + first * classes, 0, count * classes * sizeof *part->score[e]);
	}
	return first * classes;
}

static bool add_floors(evaluation *e, const fold_model *m, uint32_t fold, uint32_t *const rows[PARTS], const size_t count[PARTS], const size_t at[PARTS], sr_error *err)
{
	const samples *all = e->d->all;
	size_t train_count;
	uint32_t *train = samples_select(all, e->c, fold, PART_TRAIN, &train_count);
	double *logistic_score[PARTS];
	for (int p = 0; p < PARTS; p++) {
		floor_majority(all, train, train_count, count[p], e->part[p].score[ENTRY_MAJORITY] + at[p]);
		logistic_score[p] = e->part[p].score[ENTRY_LOGISTIC] + at[p];
	}
	bool done = floor_logistic(m->f, all, train, train_count, (const uint32_t *const *)rows, count, logistic_score, err);
	free(train);
	return done;
}

bool evaluation_add(evaluation *e, const fold_model *m, uint32_t fold, bool floors, sr_error *err)
{
	const samples *all = e->d->all;
	uint32_t *rows[PARTS];
	size_t count[PARTS], at[PARTS];
	bool done = true;
	for (int p = 0; p < PARTS; p++) {
		rows[p] = samples_select(all, e->c, fold, part_of[p], &count[p]);
		at[p] = extend(&e->part[p], rows[p], count[p], all->classes, floors);
		done = done && fold_score(m, e->c, all, e->pool, rows[p], count[p], 1, e->part[p].score[ENTRY_MODEL] + at[p], err);
	}
	if (done && floors)
		done = add_floors(e, m, fold, rows, count, at, err);
	double share = features_unknown_share(m->f, all, rows[1], count[1]);
	e->unknown_share = share > e->unknown_share ? share : e->unknown_share;
	e->parameters = fold_parameters(m);
	for (int p = 0; p < PARTS; p++)
		free(rows[p]);
	return done;
}

bool evaluation_add_single(evaluation *e, const fold_model *m, const config *c, sr_error *err)
{
	bool done = true;
	for (int p = 0; done && p < PARTS; p++) {
		part_scores *part = &e->part[p];
		part->score[ENTRY_SINGLE] = xcalloc(part->rows * e->d->all->classes, sizeof **part->score);
		done = fold_score(m, c, e->d->all, e->pool, part->row, part->rows, 1, part->score[ENTRY_SINGLE], err);
	}
	return done;
}

/* ---- threshold ---- */

static uint32_t *labels_of(const evaluation *e, const part_scores *part)
{
	uint32_t *label = xcalloc(part->rows, sizeof *label);
	for (size_t i = 0; i < part->rows; i++)
		label[i] = e->d->all->item[part->row[i]].label;
	return label;
}

/* "best F1 on validation", in words; new. */
static char *rule_words(const threshold_rule *rule)
{
	static const char *const words[] = { [THRESHOLD_NUMBER] = "given", [THRESHOLD_F1] = "best F1 on validation", [THRESHOLD_ACCURACY] = "best accuracy on validation" };
	char number[NUMBER_TEXT], missed[NUMBER_TEXT];
	number_print(rule->kind == THRESHOLD_TOP ? 100 * rule->value : rule->value, number);
	number_print(rule->missed, missed);
	return rule->kind == THRESHOLD_COST        ? text_format("least cost on validation: %s a false alarm, %s a missed one", number, missed)
	       : rule->kind == THRESHOLD_PRECISION ? text_format("precision of at least %s on validation", number)
	       : rule->kind == THRESHOLD_TOP       ? text_format("the best-scored %s %% of validation", number)
	                                           : xstrdup(words[rule->kind]);
}

static double best_threshold(const evaluation *e, int entry, char **words /* or NULL */)
{
	const part_scores *part = &e->part[0];
	threshold_rule rule;
	if (!threshold_rule_read(e->c->evaluate.threshold, &rule))
		rule = (threshold_rule){ .kind = THRESHOLD_F1 };
	uint32_t *label = labels_of(e, part);
	binary rows = { .score = part->score[entry] + 1, .stride = 2, .label = label, .positive = 1, .rows = part->rows };
	metric best = part->rows || rule.kind == THRESHOLD_NUMBER ? threshold_by(&rows, &rule) : (metric){ .reason = "there are no validation rows to choose it on" };
	free(label);
	if (words)
		*words = best.defined ? rule_words(&rule) : text_format("one half: %s", best.reason);
	return best.defined ? best.value : 0.5;
}

bool evaluation_calibrate(evaluation *e, sr_error *err)
{
	if (e->c->evaluate.calibration == CALIBRATE_NONE)
		return true;
	uint32_t *label = labels_of(e, &e->part[0]);
	multiclass rows = { e->part[0].score[ENTRY_MODEL], label, NULL, e->part[0].rows, e->d->all->classes };
	e->calibration = calibrator_fit(e->c->evaluate.calibration, &rows, err);
	free(label);
	evaluation_apply(e, e->calibration);
	return e->calibration != NULL;
}

void evaluation_apply(evaluation *e, const calibrator *calibration)
{
	for (int p = 0; p < PARTS; p++)
		if (e->part[p].score[ENTRY_MODEL])
			calibrator_apply(calibration, e->part[p].score[ENTRY_MODEL], e->part[p].rows);
}

void evaluation_choose_threshold(evaluation *e)
{
	free(e->threshold_rule);
	e->threshold_rule = NULL;
	if (e->d->all->classes == 2)
		e->threshold = best_threshold(e, ENTRY_MODEL, &e->threshold_rule);
	else
		e->threshold_rule = xstrdup("");
}

/* ---- report ---- */

static char *task_text(const config *c, const samples *all)
{
	text out = { 0 };
	if (c->task.kind == TASK_AS_OF || c->task.kind == TASK_BOTH) {
		text_add(&out, c->task.unit == UNIT_USER_ITEM ? "for which items of their history will users have a " : "which users will have a ");
		for (size_t i = 0; i < c->task.events.count; i++)
			text_addf(&out, "%s%s", i ? " or " : "", c->task.events.item[i]);
		text_addf(&out, " event within %s after the cut?", c->task.horizon);
	} else {
		text_add(&out, "which label does each row of data.samples have?");
	}
	text_add(&out, " classes:");
	for (size_t k = 0; k < all->classes; k++)
		text_addf(&out, "%s %s", k ? "," : "", all->class_name[k]);
	return out.data;
}

typedef struct {
	char *line[8];
	size_t count;
} notes;

/* "buy head alone" */
static char *entry_name(const evaluation *e, int entry)
{
	static const char *const names[] = { "model", "majority", "logistic" };
	return entry == ENTRY_SINGLE ? text_format("%s head alone", e->d->all->class_name[1]) : xstrdup(names[entry]);
}

static void find_notes(const evaluation *e, notes *n)
{
	const samples *all = e->d->all;
	if (e->unknown_share > 0)
		n->line[n->count++] = text_format("%.1f %% of the items in test histories are unknown to the model%s.", 100 * e->unknown_share, e->unknown_share > 0.2 ? ": many; retrain on newer logs" : "");
	if (all->censored)
		n->line[n->count++] = text_format("%llu cuts were left out: their horizon ends after the log.", (unsigned long long)all->censored);
	if (all->no_history && e->d->s->events)
		n->line[n->count++] = text_format("%llu samples have no event before their cut; for them the model sees attributes alone.", (unsigned long long)all->no_history);
	if (e->part[1].score[ENTRY_SINGLE])
		n->line[n->count++] = text_format("%s head alone: the same model, trained from the same seeds with train.next_item_loss_weight 0.", all->class_name[1]);
	if (!e->part[0].rows && all->classes == 2)
		n->line[n->count++] = xstrdup("There is no validation part: nothing was stopped early, and the threshold is one half.");
}

static double entry_threshold(const evaluation *e, int entry)
{
	return entry == ENTRY_MODEL ? e->threshold : e->d->all->classes == 2 ? best_threshold(e, entry, NULL) : 0;
}

static size_t fill_entries(const evaluation *e, uint32_t *label[PARTS], uint32_t *group[PARTS], scored table[ENTRIES][PARTS], report_entry entry[ENTRIES])
{
	size_t entries = 0;
	for (int i = 0; i < ENTRIES; i++) {
		if (!e->part[1].score[i])
			continue;
		size_t parts = 0;
		for (int p = 0; p < PARTS; p++)
			if (e->part[p].rows)
				table[entries][parts++] = (scored){ .name = part_name[p], .rows = e->part[p].rows, .classes = e->d->all->classes, .score = e->part[p].score[i], .label = label[p], .group = group[p] };
		entry[entries] = (report_entry){ .name = entry_name(e, i), .split = table[entries], .split_count = parts, .threshold = entry_threshold(e, i) };
		entries++;
	}
	return entries;
}

bool evaluation_report(const evaluation *e, const char *title, const char *folder, char **text_out, sr_error *err)
{
	const samples *all = e->d->all;
	scored table[ENTRIES][PARTS];
	report_entry entry[ENTRIES];
	uint32_t *label[PARTS], *group[PARTS];
	notes n = { 0 };
	find_notes(e, &n);
	for (int p = 0; p < PARTS; p++) {
		label[p] = labels_of(e, &e->part[p]);
		group[p] = report_groups(all, e->part[p].row, e->part[p].rows);
	}
	char *task = task_text(e->c, all);
	report_data data = report_data_new(e->c, e->d, e->parameters, NULL);
	report_page page = { 0 };
	size_t headline = e->part[1].rows ? 1 : 0;
	bool done = report_fill(&page, e->c, e->d, folder, e->part[headline].row, e->part[headline].rows, NULL, e->unknown_share, err);
	report r = { .page = &page, .interval = e->c->evaluate.interval, .pool = e->pool, .title = title, .task = task, .class_name = (const char *const *)all->class_name, .classes = all->classes, .entry = entry, .threshold_rule = e->threshold_rule, .data_json = data.data_json,
		.data_text = data.data_text, .run_json = data.run_json, .note = (const char *const *)n.line, .note_count = n.count, .digits = (int)e->c->evaluate.digits, .resamples = (size_t)e->c->evaluate.resamples,
		.seed = (uint64_t)e->c->run.seed };
	r.entry_count = fill_entries(e, label, group, table, entry);
	done = done && folder_make(folder, err) && report_write(&r, folder, err);
	for (int p = 0; done && p < PARTS; p++)
		done = !e->part[p].rows || scored_rows_write(e->d, folder, part_name[p], e->part[p].row, e->part[p].rows, e->part[p].score[ENTRY_MODEL], NULL, err);
	if (done && text_out)
		*text_out = report_text(&r);
	for (int p = 0; p < PARTS; p++) {
		free(label[p]);
		free(group[p]);
	}
	for (size_t i = 0; i < n.count; i++)
		free(n.line[i]);
	for (size_t i = 0; i < r.entry_count; i++)
		free((char *)(uintptr_t)entry[i].name);
	report_data_free(&data);
	report_page_free(&page);
	free(task);
	return done;
}

void evaluation_free(evaluation *e)
{
	for (int p = 0; p < PARTS; p++) {
		free(e->part[p].row);
		for (int i = 0; i < ENTRIES; i++)
			free(e->part[p].score[i]);
	}
	free(e->threshold_rule);
	calibrator_free(e->calibration);
}
