/* ranked_report.c - a ranking's evaluation as report.txt, report.json and report.md: the model beside its floors, over all items. */
#include "seqrec/report.h"

#include "report/print.h"
#include "report/ranked.h"
#include "report/write.h"

#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/metrics.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef metric rank_metric(const uint32_t *rank, size_t rows, uint32_t k);
typedef enum { GAIN_HIT, GAIN_NDCG, GAIN_RECIPROCAL } gain_kind;

static const struct {
	const char *key;
	rank_metric *of;
	gain_kind gain;
	uint32_t k;
	bool shown; /* in the tables for people */
} columns[] = {
	{ "hr@1", metric_hit_rate, GAIN_HIT, 1, false },    { "hr@5", metric_hit_rate, GAIN_HIT, 5, true },       { "hr@10", metric_hit_rate, GAIN_HIT, 10, true },
	{ "hr@20", metric_hit_rate, GAIN_HIT, 20, true },   { "hr@50", metric_hit_rate, GAIN_HIT, 50, false },    { "ndcg@5", metric_ndcg, GAIN_NDCG, 5, true },
	{ "ndcg@10", metric_ndcg, GAIN_NDCG, 10, true },    { "ndcg@20", metric_ndcg, GAIN_NDCG, 20, true },      { "mrr@10", metric_mrr, GAIN_RECIPROCAL, 10, true },
	{ "mrr@20", metric_mrr, GAIN_RECIPROCAL, 20, true }, { "mrr", metric_mrr, GAIN_RECIPROCAL, UINT32_MAX - 1, false },
};
enum { COLUMNS = sizeof columns / sizeof *columns };
static const size_t headline[RANKED_HEADLINES] = { 2, 6 };  /* hr@10, ndcg@10 */

size_t ranked_test(const ranked_report *r)
{
	for (size_t s = 0; s < r->split_count; s++)
		if (strcmp(r->split[s].name, "test") == 0)
			return s;
	return r->split_count - 1;
}

static metric value_of(const ranked_report *r, size_t entry, size_t split, size_t column)
{
	return columns[column].of(r->entry[entry].rank[split], r->split[split].rows, columns[column].k);
}

/* What one row adds to the mean of a column. */
static double gain_of(uint32_t rank, size_t column)
{
	if (rank > columns[column].k)
		return 0;
	return columns[column].gain == GAIN_HIT ? 1 : columns[column].gain == GAIN_NDCG ? 1 / log2(1 + (double)rank) : 1 / (double)rank;
}

static bootstrap bootstrap_of(const ranked_report *r, const uint32_t *group)
{
	return (bootstrap){ group, r->resamples, .95, r->seed, (interval_kind)r->interval, 1e8, r->pool };
}

/* Of the model (other = 0), or of how far it is ahead of another entry. */
static interval interval_for(const ranked_report *r, size_t other, size_t split, size_t column)
{
	const ranked_split *rows = &r->split[split];
	bootstrap how = bootstrap_of(r, rows->group);
	double *gain = xcalloc(rows->rows, sizeof *gain);
	for (size_t i = 0; i < rows->rows; i++)
		gain[i] = gain_of(r->entry[0].rank[split][i], column) - (other ? gain_of(r->entry[other].rank[split][i], column) : 0);
	interval found = interval_of_mean(gain, rows->rows, &how);
	free(gain);
	return found;
}

static void add_fixed(text *t, const char *before, double value, int width)
{
	char number[PRINT_TEXT];
	print_fixed(value, 4, number);
	text_addf(t, "%s%*s", before, width, number);
}

static void add_metric(text *t, const char *before, const metric *m, int width)
{
	if (m->defined)
		add_fixed(t, before, m->value, width);
	else
		text_addf(t, "%s%*s", before, width, "undefined");
}

/* "The model beats the Markov chain: NDCG@10 0.0213 higher, 95 % interval 0.0101 to 0.0324." */
void ranked_verdict(const ranked_report *r, size_t entry, text *t)
{
	size_t split = ranked_test(r), column = headline[1];
	metric ours = value_of(r, 0, split, column), theirs = value_of(r, entry, split, column);
	if (!ours.defined || !theirs.defined) {
		text_addf(t, "The model cannot be compared with %s: %s.", r->entry[entry].name, ours.reason ? ours.reason : theirs.reason);
		return;
	}
	interval between = interval_for(r, entry, split, column);
	double ahead = ours.value - theirs.value;
	bool sure = between.defined ? between.low > 0 : ahead > 0;
	text_addf(t, sure ? "The model beats %s: NDCG@10" : ahead > 0 ? "The model is not shown to beat %s: NDCG@10" : "THE MODEL DOES NOT BEAT %s: NDCG@10", r->entry[entry].name);
	add_fixed(t, " ", fabs(ahead), 0);
	text_add(t, ahead < 0 ? " lower" : " higher");
	if (between.defined) {
		add_fixed(t, ", 95 % interval ", between.low, 0);
		add_fixed(t, " to ", between.high, 0);
	}
	text_add(t, ".");
}

metric ranked_at(const ranked_report *r, size_t entry, size_t split, bool ndcg, uint32_t k)
{
	return (ndcg ? metric_ndcg : metric_hit_rate)(r->entry[entry].rank[split], r->split[split].rows, k);
}

bool ranked_column(const ranked_report *r, size_t entry, size_t split, size_t column, const char **name, metric *value)
{
	for (size_t c = 0; c < COLUMNS; c++)
		if (columns[c].shown && column-- == 0) {
			*name = columns[c].key;
			*value = value_of(r, entry, split, c);
			return true;
		}
	return false;
}

interval ranked_headline(const ranked_report *r, size_t which, const char **name, metric *value)
{
	*name = columns[headline[which]].key;
	*value = value_of(r, 0, ranked_test(r), headline[which]);
	return interval_for(r, 0, ranked_test(r), headline[which]);
}

slices ranked_slices(const ranked_report *r)
{
	const ranked_split *s = &r->split[ranked_test(r)];
	bootstrap how = bootstrap_of(r, s->group);
	how.most = 1e7;
	return slices_of_ranks(r->page, r->entry[0].rank[ranked_test(r)], s->group, s->rows, &how);
}

/* "lists of 10: coverage 0.31, Gini index 0.82, novelty 9.8 bits" */
static void add_lists(const ranked_report *r, text *t)
{
	list_metrics lists = ranked_lists(r);
	if (!lists.coverage.defined)
		return;
	text_addf(t, "lists of %d: ", LIST_LENGTH);
	add_fixed(t, "coverage ", lists.coverage.value, 0);
	add_fixed(t, " of the items, Gini index ", lists.gini.value, 0);
	if (lists.novelty.defined)
		add_fixed(t, ", novelty (bits) ", lists.novelty.value, 0);
	text_add(t, "\n");
}

/* ---- text ---- */

static void add_headline(const ranked_report *r, size_t column, text *t)
{
	size_t split = ranked_test(r);
	metric value = value_of(r, 0, split, column);
	interval around = interval_for(r, 0, split, column);
	text_addf(t, "  %-8s", columns[column].key);
	add_metric(t, " ", &value, 8);
	if (around.defined) {
		add_fixed(t, "   95 % interval ", around.low, 0);
		add_fixed(t, " to ", around.high, 0);
		text_addf(t, " (%zu resamples of users)", around.resamples);
	}
	text_add(t, "\n");
}

static void add_table(const ranked_report *r, const char *cell, const char *end, text *t)
{
	size_t first = ranked_test(r);
	for (size_t step = 0; step < r->split_count; step++) {
		size_t split = step == 0 ? first : step - 1 < first ? step - 1 : step;
		for (size_t e = 0; e < r->entry_count; e++) {
			text_addf(t, "%s%-17s %s%-10s", cell, r->entry[e].name, cell, r->split[split].name);
			for (size_t c = 0; c < COLUMNS; c++) {
				metric value = value_of(r, e, split, c);
				if (columns[c].shown)
					add_metric(t, cell, &value, 8);
			}
			text_add(t, end);
		}
	}
}

void ranked_sizes(const ranked_report *r, text *t)
{
	char rows[NUMBER_TEXT], items[NUMBER_TEXT], unknown[NUMBER_TEXT];
	const ranked_split *test = &r->split[ranked_test(r)];
	number_print_grouped(test->rows, rows);
	number_print_grouped(r->items, items);
	number_print_grouped(test->unknown, unknown);
	text_addf(t, "%s: %s targets, each ranked among %s items; %s targets are items that training never saw (no hits, but counted)", test->name, rows, items, unknown);
}

char *ranked_report_text(const ranked_report *r)
{
	text t = { 0 };
	text_addf(&t, "%s\n%s\n%s\n\n", r->title, r->task, r->protocol);
	ranked_sizes(r, &t);
	text_add(&t, "\n");
	for (size_t i = 0; i < RANKED_HEADLINES; i++)
		add_headline(r, headline[i], &t);
	for (size_t e = 1; e < r->entry_count; e++) {
		text_add(&t, "  ");
		ranked_verdict(r, e, &t);
		text_add(&t, "\n");
	}
	text_addf(&t, "\nThe model beside its floors\n---------------------------\n  %-17s   %-10s", "", "");
	for (size_t c = 0; c < COLUMNS; c++)
		if (columns[c].shown)
			text_addf(&t, "  %8s", columns[c].key);
	text_add(&t, "\n");
	add_table(r, "  ", "\n", &t);
	add_lists(r, &t);
	slices groups = ranked_slices(r);
	text_add(&t, groups.count ? "\nGroups of targets\n-----------------\n" : "");
	slices_text(&groups, &t);
	slices_free(&groups);
	if (r->data_text)
		text_addf(&t, "\nData\n----\n%s", r->data_text);
	text_add(&t, r->note_count ? "\nNotes\n-----\n" : "");
	for (size_t i = 0; i < r->note_count; i++)
		text_addf(&t, "* %s\n", r->note[i]);
	text_hide_controls(&t);
	return t.data;
}

/* ---- Markdown ---- */

char *ranked_report_markdown(const ranked_report *r)
{
	text t = { 0 };
	text_addf(&t, "# %s\n\n%s\n\n%s\n\n", r->title, r->task, r->protocol);
	ranked_sizes(r, &t);
	text_add(&t, "\n");
	text_add(&t, "\n");
	for (size_t e = 1; e < r->entry_count; e++) {
		text_add(&t, "- ");
		ranked_verdict(r, e, &t);
		text_add(&t, "\n");
	}
	text_add(&t, "\n| | part |");
	for (size_t c = 0; c < COLUMNS; c++)
		text_addf(&t, columns[c].shown ? " %s |" : "", columns[c].key);
	text_add(&t, "\n|---|---|");
	for (size_t c = 0; c < COLUMNS; c++)
		text_add(&t, columns[c].shown ? "---|" : "");
	text_add(&t, "\n");
	add_table(r, "| ", " |\n", &t);
	text_add(&t, "\n");
	add_lists(r, &t);
	slices groups = ranked_slices(r);
	if (groups.count) {
		text_add(&t, "\n");
		slices_markdown(&groups, &t);
	}
	slices_free(&groups);
	if (r->data_text)
		text_addf(&t, "\n```\n%s```\n", r->data_text);
	for (size_t i = 0; i < r->note_count; i++)
		text_addf(&t, "%s- %s\n", i ? "" : "\n", r->note[i]);
	return t.data;
}

/* ---- JSON ---- */

static void add_json_split(const ranked_report *r, size_t entry, size_t split, text *t)
{
	text_addf(t, "{\"rows\":%zu,\"unknown_targets\":%zu", r->split[split].rows, r->split[split].unknown);
	for (size_t c = 0; c < COLUMNS; c++) {
		metric value = value_of(r, entry, split, c);
		text_add(t, ",");
		write_metric(t, columns[c].key, &value);
	}
	for (size_t i = 0; split == ranked_test(r) && i < RANKED_HEADLINES; i++) {
		interval around = interval_for(r, entry, split, headline[i]);
		char *key = text_format(entry ? "model_ahead_%s" : "interval_%s", columns[headline[i]].key);
		text_add(t, ",");
		write_interval(t, key, &around);
		free(key);
	}
	text_add(t, "}");
}

/* {"validation":{...},"test":{...}} of the model or of a floor: the layout of every report.json. */
static void add_json_entry(const ranked_report *r, size_t entry, text *t)
{
	for (size_t s = 0; s < r->split_count; s++) {
		text_addf(t, "%s\"%s\":", s ? "," : "{", r->split[s].name);
		add_json_split(r, entry, s, t);
	}
	text_add(t, "}");
}

char *ranked_report_json(const ranked_report *r)
{
	text t = { 0 };
	const char *const texts[][2] = { { "title", r->title }, { "task", r->task }, { "protocol", r->protocol } };
	for (size_t i = 0; i < 3; i++) {
		text_addf(&t, "%s\"%s\":", i ? "," : "{", texts[i][0]);
		text_add_json(&t, texts[i][1], strlen(texts[i][1]));
	}
	text_addf(&t, ",\"items\":%zu,\n\"splits\":", r->items);
	add_json_entry(r, 0, &t);
	text_add(&t, ",\n\"floors\":{");
	for (size_t e = 1; e < r->entry_count; e++) {
		text_addf(&t, "%s\n\"%s\":", e > 1 ? "," : "", r->entry[e].name);
		add_json_entry(r, e, &t);
	}
	text_add(&t, "}");
	ranked_json_more(r, &t);
	text_addf(&t, ",\n\"data\":%s,\n\"run\":%s,\n\"notes\":[", r->data_json ? r->data_json : "null", r->run_json ? r->run_json : "null");
	for (size_t i = 0; i < r->note_count; i++) {
		text_add(&t, i ? "," : "");
		text_add_json(&t, r->note[i], strlen(r->note[i]));
	}
	text_add(&t, "]}\n");
	return t.data;
}

bool ranked_report_write(const ranked_report *r, const char *folder, sr_error *err)
{
	static const struct {
		const char *name;
		char *(*make)(const ranked_report *r);
	} files[] = { { "report.txt", ranked_report_text }, { "report.json", ranked_report_json }, { "report.md", ranked_report_markdown }, { "report.html", ranked_report_html } };
	bool done = folder_make(folder, err);
	for (size_t i = 0; done && i < sizeof files / sizeof *files; i++) {
		char *content = files[i].make(r), *path = path_join(folder, files[i].name);
		done = file_write(path, content, strlen(content), err);
		free(content);
		free(path);
	}
	return done;
}
