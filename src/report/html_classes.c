/* html_classes.c - report.html of a classification: how good, how sure, ahead of what, and where it goes wrong. */

#include "report/findings.h"
#include "report/html.h"
#include "report/svg.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- headline ---- */

static void add_figure(text *t, const char *name, const metric *m, const interval *i, const char *unit)
{
	text_addf(t, "<div><p>%s</p><span class=figure>", name);
	html_metric(t, m, 4);
	text_add(t, "</span><p>");
	if (i)
		html_interval(t, i, unit);
	text_add(t, "</p></div>");
}

static void add_headline(text *t, const findings *f, const finding *one)
{
	const char *unit = findings_grouped(f) ? "user" : "row";
	metric accuracy = metric_is(one->decisions->accuracy);
	text_add(t, "<div class=figures>");
	add_figure(t, "ROC AUC", &one->score[SCORE_ROC_AUC], &one->roc_auc, unit);
	add_figure(t, "Average precision", &one->score[SCORE_AVERAGE_PRECISION], &one->average_precision, unit);
	text_add(t, "<div><p>Accuracy</p><span class=figure>");
	html_metric(t, &accuracy, 4);
	text_add(t, "</span><p>");
	if (f->accuracy.defined) {
		text_add(t, "95&nbsp;% interval ");
		html_fixed(t, f->accuracy.low, 4);
		text_add(t, " to ");
		html_fixed(t, f->accuracy.high, 4);
		text_add(t, f->accuracy.resamples ? "<span class=how>resampled by user</span>" : "<span class=how>exact (Clopper-Pearson)</span>");
	}
	text_add(t, "</p></div></div><p>");
	html_text(t, one->split->name);
	text_add(t, ": ");
	html_count(t, one->split->rows);
	text_add(t, " rows");
	for (size_t k = f->report->classes == 2 ? 1 : 0; k < f->report->classes && k < 12; k++) {
		text_add(t, ", ");
		html_count(t, one->decisions->of_class[k].support);
		text_add(t, " ");
		html_text(t, f->class_name[k]);
		text_add(t, " (");
		html_share(t, (double)one->decisions->of_class[k].support, (double)one->split->rows);
		text_add(t, ")");
	}
	text_add(t, "</p><ul class=verdicts>");
	for (size_t e = 1; e < f->report->entry_count; e++) {
		const finding *floor = findings_at(f, e, findings_headline(f));
		text verdict = { 0 };
		findings_verdict(floor, &verdict);
		bool sure = floor->ahead.defined && (floor->ahead_interval.defined ? floor->ahead_interval.low > 0 : floor->ahead.value > 0);
		html_verdict(t, sure ? "yes" : floor->ahead.defined && floor->ahead.value <= 0 ? "no" : "open", &verdict);
		text_free(&verdict);
	}
	text_add(t, "</ul>");
}

static void add_row(text *t, const finding *one, bool ours)
{
	text_addf(t, "<tr%s>", ours ? " class=ours" : "");
	html_cell_text(t, one->entry->name);
	html_cell_text(t, one->split->name);
	for (size_t i = 0; i < SCORES; i++)
		html_cell_metric(t, &one->score[i]);
	html_cell_fixed(t, one->decisions->accuracy, 4);
	html_cell_fixed(t, one->decisions->macro.f1, 4);
	text_add(t, "</tr>");
}

static void add_table(text *t, const findings *f)
{
	size_t headline = findings_headline(f);
	html_section(t, "floors", "The model beside its floors", "What costs nothing to build stands in the same table. ROC AUC, average precision, accuracy and F1: higher is better; log loss, Brier and ECE: lower.");
	text_add(t, "<div class=wide><table><thead><tr><th></th><th></th>");
	for (size_t i = 0; i < SCORES; i++)
		text_addf(t, "<th class=n>%s</th>", score_names[i].title);
	text_add(t, "<th class=n>accuracy</th><th class=n>macro F1</th></tr></thead><tbody>");
	for (size_t step = 0; step < f->splits; step++) {
		size_t s = step == 0 ? headline : step - 1 < headline ? step - 1 : step;
		for (size_t e = 0; e < f->report->entry_count; e++)
			add_row(t, findings_at(f, e, s), e == 0);
	}
	text_add(t, "</tbody></table></div>");
	html_section_end(t);
}

/* ---- curves ---- */

typedef const points *points_of(const picture *p);
static const points *points_roc(const picture *p) { return &p->roc; }
static const points *points_pr(const picture *p) { return &p->pr; }
static const points *points_gain(const picture *p) { return &p->gain; }
static const points *points_lift(const picture *p) { return &p->lift; }

static size_t shown(const findings *f)
{
	return f->pictures < 12 ? f->pictures : 12;
}

/* The floors first, so that the model's line lies on top. */
static void add_curves(text *t, const findings *f, const chart *c, const char *title, points_of *of, double from, double to)
{
	chart_begin(t, c, title);
	if (from >= 0)
		chart_diagonal(t, c, from, to);
	for (size_t i = shown(f); i-- > 0;)
		if (f->picture[i] && of(f->picture[i])->count)
			chart_line(t, c, &of(f->picture[i])->at[0].x, &of(f->picture[i])->at[0].y, of(f->picture[i])->count, 2, i);
	chart_end(t, f->picture_name, shown(f));
}

static void add_calibration(text *t, const findings *f)
{
	const picture *p = f->picture[0];
	chart c = { .x_high = 1, .y_high = 1, .x_title = "mean predicted probability", .y_title = "share that came true" };
	chart_begin(t, &c, "Calibration, with Wilson intervals");
	chart_diagonal(t, &c, 0, 1);
	for (size_t b = 0; b < CALIBRATION_BINS; b++) {
		const calibration_point *bin = &p->bin[b];
		if (!bin->rows)
			continue;
		interval around = interval_wilson(bin->hits, bin->rows, INTERVAL_LEVEL);
		char *tip = text_format("%" PRIu64 " of %" PRIu64 " rows", bin->hits, bin->rows);
		chart_dot(t, &c, bin->mean, (double)bin->hits / (double)bin->rows, around.low, around.high, 0, tip);
		free(tip);
	}
	chart_end(t, NULL, 0);
}

/* Shares of each class, so that a rare class is seen beside a common one. */
static void add_histogram(text *t, const findings *f)
{
	const picture *p = f->picture[0];
	double whole[2] = { (double)(p->rows - p->positives), (double)p->positives }, most = 0;
	for (size_t i = 0; i < 2 * HISTOGRAM_BINS; i++) {
		double share = (double)p->histogram[i % 2][i / 2] / whole[i % 2];
		most = share > most ? share : most;
	}
	chart c = { .x_high = 1, .y_high = chart_nice(most), .x_title = "predicted probability", .y_title = "share of the class" };
	const char *names[] = { f->class_name[1], f->class_name[0] };
	chart_begin(t, &c, "Scores by true class");
	for (int k = 0; k < 2; k++)
		for (size_t b = 0; b < HISTOGRAM_BINS; b++) {
			double from = (double)b / HISTOGRAM_BINS, top = (double)p->histogram[k][b] / whole[k];
			char *tip = text_format("%s: %" PRIu64 " rows", f->class_name[k], p->histogram[k][b]);
			if (p->histogram[k][b])
				chart_bar(t, &c, from, from + 1.0 / HISTOGRAM_BINS, 0, top, k ? 0 : 1, tip);
			free(tip);
		}
	if (f->report->entry[0].threshold <= 1)
		chart_mark(t, &c, f->report->entry[0].threshold, "threshold");
	chart_end(t, names, 2);
}

static void add_pictures(text *t, const findings *f, const finding *one)
{
	const picture *p = f->picture[0];
	bool two = f->report->classes == 2;
	if (!p)
		return;
	chart unit = { .x_high = 1, .y_high = 1, .x_title = "false positive rate", .y_title = "true positive rate" }, pr = unit, gain = unit, lift = unit;
	double most = 1;
	for (size_t i = 0; i < shown(f); i++)
		for (size_t k = 0; f->picture[i] && k < f->picture[i]->lift.count; k++)
			most = f->picture[i]->lift.at[k].y > most ? f->picture[i]->lift.at[k].y : most;
	pr.x_title = "recall", pr.y_title = "precision";
	gain.x_title = "share of rows, best first", gain.y_title = two ? "share of positives found" : "share of the class found";
	lift.x_title = gain.x_title, lift.y_title = "times the base rate", lift.y_high = chart_nice(most);
	html_section(t, "curves", "Curves", NULL);
	text_addf(t, "<p class=lead>All on ");
	html_text(t, one->split->name);
	text_add(t, two ? ". Dashed: what chance would give.</p><div class=charts>" : ", each class against the rest. Dashed: what chance would give.</p><div class=charts>");
	add_curves(t, f, &unit, "ROC", points_roc, 0, 1);
	add_curves(t, f, &pr, "Precision and recall", points_pr, two ? (double)p->positives / (double)p->rows : -1, two ? (double)p->positives / (double)p->rows : -1);
	add_curves(t, f, &gain, "Gain: positives found among the best-scored rows", points_gain, 0, 1);
	add_curves(t, f, &lift, "Lift over the base rate", points_lift, 1, 1);
	if (two) {
		add_calibration(t, f);
		add_histogram(t, f);
	}
	text_add(t, "</div>");
	if (two) {
		const double part[] = { p->reliability, p->resolution, p->uncertainty, p->within };
		static const char *const before[] = { " is reliability ", " (lower is better) minus resolution ", " (higher is better) plus uncertainty ", " and " };
		text_add(t, "<p class=lead>The model's Brier score ");
		html_metric(t, &one->score[SCORE_BRIER], 4);
		for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
			text_add(t, before[i]);
			html_fixed(t, part[i], 4);
		}
		text_addf(t, " within the %d bins; ECE ", CALIBRATION_BINS);
		html_metric(t, &one->score[SCORE_ECE], 4);
		text_addf(t, " over %d bins.</p>", ECE_BINS);
	}
	html_section_end(t);
}

void findings_html(const findings *f, text *t)
{
	const report *r = f->report;
	const finding *one = findings_at(f, 0, findings_headline(f));
	html_begin(t, r->title, r->task);
	add_headline(t, f, one);
	add_table(t, f);
	add_pictures(t, f, one);
	html_decisions(f, one, t);
	html_groups(t, "Groups of rows", "The same metrics in parts of the rows, with 95&nbsp;% intervals. Grey: too few rows or positives to say much.", &f->slices);
	html_learning(t, r->page);
	html_data(t, r->page);
	html_notes(t, r->note, r->note_count);
	html_repeat(t, r->page, r->run_json);
	html_end(t);
}
