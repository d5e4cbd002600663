/* html_data.c - the parts of report.html that classes and rankings share: learning curves, the data page, how to repeat the run. */

#include "report/html.h"

#include "report/svg.h"

#include "seqrec/instant.h"
#include "seqrec/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SERIES_MOST = 12 };

/* ---- learning ---- */

static void learning_chart(text *t, const page_series *s, size_t count, const char *what)
{
	double low = s->y[0], high = s->y[0], last = 1;
	const char *names[SERIES_MOST];
	for (size_t i = 0; i < count; i++) {
		names[i] = s[i].name;
		for (size_t k = 0; k < s[i].count; k++) {
			low = s[i].y[k] < low ? s[i].y[k] : low;
			high = s[i].y[k] > high ? s[i].y[k] : high;
			last = s[i].x[k] > last ? s[i].x[k] : last;
		}
	}
	double room = high > low ? (high - low) * .06 : .01;
	chart c = { .x_low = last > 1 ? 1 : 0, .x_high = last, .y_low = low - room, .y_high = high + room, .x_title = "epoch", .y_title = "" };
	chart_begin(t, &c, what);
	for (size_t i = 0; i < count; i++) {
		chart_line(t, &c, s[i].x, s[i].y, s[i].count, 1, i);
		if (s[i].count == 1)
			chart_dot(t, &c, s[i].x[0], s[i].y[0], 0, 0, i, what);
	}
	chart_end(t, names, count > 1 ? count : 0);
}

/* Series of one name but for their model ("validation loss, fold 2") share a chart. */
static size_t name_length(const char *name)
{
	const char *comma = strchr(name, ',');
	return comma ? (size_t)(comma - name) : strlen(name);
}

/* "validation roc_auc" as people write it; new. */
static char *series_title(const char *name, size_t length)
{
	char *title = xstrndup(name, length), *found = strstr(title, "roc_auc");
	if (found)
		memcpy(found, "ROC AUC", 7);
	for (char *c = title; *c; c++)
		*c = *c == '_' ? ' ' : *c;
	return title;
}

void html_learning(text *t, const report_page *page)
{
	if (!page || !page->learnings)
		return;
	html_section(t, "learning", "How training went", "Loss on the training rows and the metrics on validation, by epoch.");
	text_add(t, "<div class=charts>");
	for (size_t i = 0, end; i < page->learnings; i = end) {
		size_t length = name_length(page->learning[i].name);
		char *what = series_title(page->learning[i].name, length);
		for (end = i + 1; end < page->learnings && name_length(page->learning[end].name) == length && !memcmp(page->learning[end].name, page->learning[i].name, length);)
			end++;
		learning_chart(t, &page->learning[i], end - i < SERIES_MOST ? end - i : SERIES_MOST, what);
		free(what);
	}
	text_add(t, "</div>");
	html_section_end(t);
}

/* ---- data ---- */

static void add_sources(text *t, const report_page *page)
{
	text_add(t, "<div class=wide><table><thead><tr><th>rows of</th><th class=n>read</th><th class=n>= used</th><th class=n>+ filtered</th><th class=n>+ bad</th></tr></thead><tbody>");
	for (size_t i = 0; i < page->sources; i++) {
		const page_source *s = &page->source[i];
		const uint64_t count[] = { s->read, s->used, s->filtered, s->bad };
		text_add(t, "<tr>");
		html_cell_text(t, s->what);
		for (int k = 0; k < 4; k++)
			html_cell_count(t, count[k]);
		text_add(t, "</tr>");
		for (size_t k = 0; k < s->reason.count; k++) {
			text_add(t, "<tr class=small><td colspan=4>&nbsp;&nbsp;");
			html_text(t, s->reason.item[k].name);
			text_add(t, "</td>");
			html_cell_count(t, s->reason.item[k].rows);
			text_add(t, "</tr>");
		}
	}
	text_add(t, "</tbody></table></div>");
}

enum { TIME_LABELS = 4 };

static void time_labels(const page_times *times, char label[TIME_LABELS][INSTANT_TEXT], const char *names[TIME_LABELS])
{
	for (size_t i = 0; i < TIME_LABELS; i++) {
		int64_t at = times->first + (int64_t)(times->buckets * i / (TIME_LABELS - 1)) * times->step;
		instant_print(at, label[i]);
		if (times->step >= 86400 * INSTANT_SECOND)
			label[i][10] = '\0';
		names[i] = label[i];
	}
}

static const char *step_name(int64_t step)
{
	int64_t days = step / (86400 * INSTANT_SECOND);
	return days == 1 ? "day" : days == 7 ? "week" : days > 1 ? "span of days" : step >= 3600 * INSTANT_SECOND ? "hour" : "minute";
}

static void add_events(text *t, const page_times *times)
{
	char label[TIME_LABELS][INSTANT_TEXT];
	const char *names[TIME_LABELS];
	double most = 0;
	if (!times->buckets)
		return;
	uint64_t *stack = xcalloc(times->buckets, sizeof *stack);
	for (size_t b = 0; b < times->buckets; b++) {
		uint64_t sum = 0;
		for (size_t k = 0; k < times->kinds; k++)
			sum += times->count[k * times->buckets + b];
		most = (double)sum > most ? (double)sum : most;
	}
	time_labels(times, label, names);
	chart c = { .x_high = (double)times->buckets, .y_high = chart_nice(most), .x_title = "", .y_title = "events", .x_label = names, .x_labels = TIME_LABELS, .labels_at_ends = true, .wide = true };
	char *title = text_format("Events by type and %s", step_name(times->step));
	chart_begin(t, &c, title);
	for (size_t k = 0; k < times->kinds; k++)
		for (size_t b = 0; b < times->buckets; b++) {
			uint64_t rows = times->count[k * times->buckets + b];
			char when[INSTANT_TEXT];
			instant_print(times->first + (int64_t)b * times->step, when);
			char *tip = text_format("%s, %s: %" PRIu64, when, times->kind[k], rows);
			if (rows)
				chart_bar(t, &c, (double)b, (double)b + 1, (double)stack[b], (double)(stack[b] + rows), k, tip);
			stack[b] += rows;
			free(tip);
		}
	chart_end(t, (const char *const *)times->kind, times->kinds);
	free(stack);
	free(title);
}

/* The share of positives over time; a bucket without rows leaves a gap. */
static void add_labels(text *t, const page_times *times)
{
	char label[TIME_LABELS][INSTANT_TEXT];
	const char *names[TIME_LABELS];
	double most = 0;
	if (times->buckets < 2 || times->kinds < 2)
		return;
	const uint64_t *rows = times->count, *positives = times->count + times->buckets;
	for (size_t b = 0; b < times->buckets; b++)
		if (rows[b] && (double)positives[b] / (double)rows[b] > most)
			most = (double)positives[b] / (double)rows[b];
	time_labels(times, label, names);
	chart c = { .x_high = (double)times->buckets, .y_high = chart_nice(most), .x_title = "", .y_title = "share of positives", .x_label = names, .x_labels = TIME_LABELS - 1, .labels_at_ends = true };
	names[1] = label[3];
	c.x_labels = 2;
	chart_begin(t, &c, "Label rate by the samples' time");
	for (size_t b = 0; b < times->buckets; b++) {
		char when[INSTANT_TEXT];
		instant_print(times->first + (int64_t)b * times->step, when);
		char *tip = text_format("%s: %" PRIu64 " of %" PRIu64, when, positives[b], rows[b]);
		if (rows[b])
			chart_bar(t, &c, (double)b, (double)b + 1, 0, (double)positives[b] / (double)rows[b], 1, tip);
		free(tip);
	}
	chart_end(t, NULL, 0);
}

static void add_lengths(text *t, const page_counts *lengths)
{
	double most = 0;
	const char *names[24];
	size_t count = lengths->count < 24 ? lengths->count : 24;
	if (!count)
		return;
	for (size_t i = 0; i < count; i++) {
		names[i] = lengths->item[i].name;
		most = (double)lengths->item[i].rows > most ? (double)lengths->item[i].rows : most;
	}
	chart c = { .x_high = (double)count, .y_high = chart_nice(most), .x_title = "events in the history", .y_title = "samples", .x_label = names, .x_labels = count };
	chart_begin(t, &c, "Sequence lengths");
	for (size_t i = 0; i < count; i++) {
		char *tip = text_format("%s events: %" PRIu64 " samples", names[i], lengths->item[i].rows);
		chart_bar(t, &c, (double)i, (double)i + 1, 0, (double)lengths->item[i].rows, 0, tip);
		free(tip);
	}
	chart_end(t, NULL, 0);
}

static void add_missing(text *t, const report_page *page)
{
	if (!page->fields)
		return;
	text_add(t, "<h3>Missing values</h3><div class=wide><table><thead><tr><th>field</th><th>of</th><th class=n>rows</th><th class=n>missing</th><th class=n>share</th></tr></thead><tbody>");
	for (size_t i = 0; i < page->fields; i++) {
		const page_field *f = &page->field[i];
		text_add(t, "<tr>");
		html_cell_text(t, f->name);
		html_cell_text(t, f->of);
		html_cell_count(t, f->rows);
		html_cell_count(t, f->missing);
		text_add(t, "<td class=n>");
		html_share(t, (double)f->missing, (double)f->rows);
		text_add(t, "</td></tr>");
	}
	text_add(t, "</tbody></table></div>");
}

void html_data(text *t, const report_page *page)
{
	if (!page)
		return;
	html_section(t, "data", "The data", "Every row that was read is accounted for.");
	add_sources(t, page);
	text_add(t, "<p>");
	html_share(t, page->unknown_share, 1);
	text_add(t, " of the items in test histories are unknown to the model.</p><div class=charts>");
	add_events(t, &page->events);
	add_lengths(t, &page->lengths);
	add_labels(t, &page->labels);
	text_add(t, "</div>");
	add_missing(t, page);
	html_section_end(t);
}

void html_repeat(text *t, const report_page *page, const char *run_json)
{
	if (!page)
		return;
	html_section(t, "repeat", "How to repeat this", "The same data, settings and seed give the same numbers, at any number of threads.");
	if (page->commands) {
		text_add(t, "<pre>");
		html_text(t, page->commands);
		text_add(t, "</pre>");
	}
	if (run_json) {
		text_add(t, "<pre>");
		html_text(t, run_json);
		text_add(t, "</pre>");
	}
	if (page->config) {
		text_add(t, "<details><summary>All settings of the run</summary><pre>");
		html_text(t, page->config);
		text_add(t, "</pre></details>");
	}
	html_section_end(t);
}
