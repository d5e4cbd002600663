/* html_ranking.c - report.html of a ranking. */

#include "report/html.h"
#include "report/ranked.h"
#include "report/svg.h"

#include "seqrec/memory.h"

#include <stdlib.h>
#include <string.h>

enum { K_MOST = 50, LINES_MOST = CHART_COLOURS };

static void add_figure(text *t, const char *name, const metric *m, int digits, const char *unit)
{
	text_addf(t, "<div><p>%s</p><span class=figure>", name);
	html_metric(t, m, digits);
	text_addf(t, "</span><p>%s", unit);
}

static void add_headline(const ranked_report *r, text *t)
{
	list_metrics lists = ranked_lists(r);
	text_add(t, "<div class=figures>");
	for (size_t i = 0; i < RANKED_HEADLINES; i++) {
		const char *name;
		metric value;
		interval around = ranked_headline(r, i, &name, &value);
		add_figure(t, i ? "NDCG@10" : "HR@10", &value, 4, "");
		html_interval(t, &around, "user");
		text_add(t, "</p></div>");
	}
	add_figure(t, "Coverage of the catalogue", &lists.coverage, 4, "of the items are in somebody's ten best");
	text_add(t, "</p></div></div><p>");
	text sizes = { 0 };
	ranked_sizes(r, &sizes);
	html_text(t, sizes.data);
	text_free(&sizes);
	text_add(t, ". ");
	text_add(t, "Lists of ten: Gini index ");
	html_metric(t, &lists.gini, 4);
	text_add(t, " (0: all items alike, 1: one only), novelty ");
	html_metric(t, &lists.novelty, 2);
	text_add(t, " bits.</p><p class=lead>");
	html_text(t, r->protocol);
	text_add(t, "</p><ul class=verdicts>");
	for (size_t e = 1; e < r->entry_count; e++) {
		text verdict = { 0 };
		ranked_verdict(r, e, &verdict);
		html_verdict(t, strstr(verdict.data, "The model beats") ? "yes" : strstr(verdict.data, "DOES NOT") ? "no" : "open", &verdict);
		text_free(&verdict);
	}
	text_add(t, "</ul>");
}

static void add_row(const ranked_report *r, size_t entry, size_t split, text *t)
{
	const char *name;
	metric value;
	text_addf(t, "<tr%s>", entry ? "" : " class=ours");
	html_cell_text(t, r->entry[entry].name);
	html_cell_text(t, r->split[split].name);
	for (size_t c = 0; ranked_column(r, entry, split, c, &name, &value); c++)
		html_cell_metric(t, &value);
	text_add(t, "</tr>");
}

static void add_table(const ranked_report *r, text *t)
{
	size_t first = ranked_test(r);
	const char *name;
	metric value;
	html_section(t, "floors", "The model beside its floors", "Simple rankings that cost nothing to build stand in the same table. Higher is better.");
	text_add(t, "<div class=wide><table><thead><tr><th></th><th></th>");
	for (size_t c = 0; ranked_column(r, 0, first, c, &name, &value); c++)
		text_addf(t, "<th class=n>%s</th>", name);
	text_add(t, "</tr></thead><tbody>");
	for (size_t step = 0; step < r->split_count; step++)
		for (size_t e = 0; e < r->entry_count; e++)
			add_row(r, e, step == 0 ? first : step - 1 < first ? step - 1 : step, t);
	text_add(t, "</tbody></table></div>");
	html_section_end(t);
}

/* Values of k = 1..K_MOST. */
static void draw_at_k(text *t, const char *title, const char *what, double (*y)[K_MOST], const char *const *name, size_t lines)
{
	double x[K_MOST], most = 0;
	for (size_t i = 0; i < lines; i++)
		for (size_t k = 0; k < K_MOST; k++) {
			x[k] = (double)(k + 1);
			most = y[i][k] > most ? y[i][k] : most;
		}
	chart c = { .x_high = K_MOST, .y_high = chart_nice(most), .x_title = "k", .y_title = what };
	chart_begin(t, &c, title);
	for (size_t i = lines; i-- > 0;)
		chart_line(t, &c, x, y[i], K_MOST, 1, i);
	chart_end(t, name, lines);
}

static void add_entries(const ranked_report *r, bool ndcg, text *t)
{
	double y[LINES_MOST][K_MOST];
	const char *name[LINES_MOST];
	size_t lines = r->entry_count < LINES_MOST ? r->entry_count : LINES_MOST;
	for (size_t e = 0; e < lines; e++) {
		name[e] = r->entry[e].name;
		for (uint32_t k = 1; k <= K_MOST; k++)
			y[e][k - 1] = ranked_at(r, e, ranked_test(r), ndcg, k).value;
	}
	draw_at_k(t, ndcg ? "NDCG@k" : "Hit rate at k", ndcg ? "NDCG@k" : "HR@k", y, name, lines);
}

/* The model's hit rate for targets that training has often, seldom, never. */
static void add_groups(const ranked_report *r, const page_slicing *s, text *t)
{
	double y[LINES_MOST][K_MOST];
	const char *name[LINES_MOST];
	size_t rows = r->split[ranked_test(r)].rows, lines = 0;
	const uint32_t *rank = r->entry[0].rank[ranked_test(r)];
	for (size_t v = 0; v < s->values && lines < LINES_MOST; v++) {
		size_t hits[K_MOST + 1] = { 0 }, count = 0;
		for (size_t i = 0; i < rows; i++)
			if (s->of[i] == v) {
				count++;
				hits[rank[i] <= K_MOST ? rank[i] - 1 : K_MOST]++;
			}
		size_t sum = 0;
		for (size_t k = 0; count && k < K_MOST; k++)
			y[lines][k] = (double)(sum += hits[k]) / (double)count;
		if (count)
			name[lines++] = s->value[v];
	}
	if (lines)
		draw_at_k(t, "The model's hit rate by how often training has the target", "HR@k", y, name, lines);
}

static void add_curves(const ranked_report *r, text *t)
{
	html_section(t, "curves", "Curves", "How many targets are among the k best, and how high they stand there.");
	text_add(t, "<div class=charts>");
	add_entries(r, false, t);
	add_entries(r, true, t);
	for (size_t i = 0; r->page && i < r->page->slicings; i++)
		if (strstr(r->page->slicing[i].name, "target's events"))
			add_groups(r, &r->page->slicing[i], t);
	text_add(t, "</div>");
	html_section_end(t);
}

char *ranked_report_html(const ranked_report *r)
{
	text t = { 0 };
	slices groups = ranked_slices(r);
	html_begin(&t, r->title, r->task);
	add_headline(r, &t);
	add_table(r, &t);
	add_curves(r, &t);
	html_groups(&t, "Groups of targets", "The same metrics in parts of the rows, with 95&nbsp;% intervals. Grey: too few rows to say much.", &groups);
	html_learning(&t, r->page);
	html_data(&t, r->page);
	html_notes(&t, r->note, r->note_count);
	html_repeat(&t, r->page, r->run_json);
	html_end(&t);
	slices_free(&groups);
	return t.data;
}
