/* slices_write.c - slices as text, Markdown, JSON and HTML. */

#include "report/slices.h"

#include "report/html.h"
#include "report/print.h"
#include "report/write.h"

#include "seqrec/number.h"

#include <inttypes.h>
#include <string.h>

static void add_cell(text *t, const slice *one, int m)
{
	char value[PRINT_TEXT] = "undefined", low[PRINT_TEXT], high[PRINT_TEXT];
	if (one->metric[m].defined)
		print_fixed(one->metric[m].value, 4, value);
	text_add(t, value);
	if (!one->interval[m].defined)
		return;
	print_fixed(one->interval[m].low, 3, low);
	print_fixed(one->interval[m].high, 3, high);
	text_addf(t, " (%s to %s)", low, high);
}

static void add_name(text *t, const char *name, size_t width)
{
	text_add(t, name);
	for (size_t length = text_code_points(name, strlen(name)); length < width; length++)
		text_add(t, " ");
}

void slices_text(const slices *s, text *t)
{
	for (size_t i = 0; i < s->count; i++) {
		const slice *one = &s->item[i];
		char rows[NUMBER_TEXT];
		if (!i || one->of != s->item[i - 1].of)
			text_addf(t, "%s%s\n", i ? "\n" : "", one->of->name);
		text_add(t, "  ");
		add_name(t, one->of->value[one->value], 20);
		number_print_grouped(one->rows, rows);
		text_addf(t, " %11s rows", rows);
		for (int m = 0; m < SLICE_METRICS; m++) {
			text_addf(t, "   %s ", s->title[m]);
			add_cell(t, one, m);
		}
		text_add(t, one->small ? "   * small\n" : "\n");
	}
}

void slices_markdown(const slices *s, text *t)
{
	text_addf(t, "| group | | rows | %s | %s |\n|---|---|---:|---:|---:|\n", s->title[0], s->title[1]);
	for (size_t i = 0; i < s->count; i++) {
		const slice *one = &s->item[i];
		text_add(t, "| ");
		markdown_escape(t, one->of->name);
		text_add(t, " | ");
		markdown_escape(t, one->of->value[one->value]);
		text_addf(t, "%s | %" PRIu64 " | ", one->small ? " (small)" : "", one->rows);
		add_cell(t, one, 0);
		text_add(t, " | ");
		add_cell(t, one, 1);
		text_add(t, " |\n");
	}
}

void slices_json(const slices *s, text *t)
{
	text_add(t, "\"slices\":[");
	for (size_t i = 0; i < s->count; i++) {
		const slice *one = &s->item[i];
		const char *name = one->of->name, *value = one->of->value[one->value];
		text_add(t, i ? ",\n {\"attribute\":" : "\n {\"attribute\":");
		text_add_json(t, name, strlen(name));
		text_add(t, ",\"value\":");
		text_add_json(t, value, strlen(value));
		text_addf(t, ",\"rows\":%" PRIu64 ",", one->rows);
		if (s->positives)
			text_addf(t, "\"positives\":%" PRIu64 ",", one->positives);
		text_addf(t, "\"small\":%s", one->small ? "true" : "false");
		for (int m = 0; m < SLICE_METRICS; m++) {
			char key[64] = "interval_";
			strncat(key, s->key[m], 40);
			text_add(t, ",");
			write_metric(t, s->key[m], &one->metric[m]);
			text_add(t, ",");
			write_interval(t, key, &one->interval[m]);
		}
		text_add(t, "}");
	}
	text_add(t, "]");
}

static void add_html_cell(text *t, const slice *one, int m)
{
	text_add(t, "<td class=n>");
	if (one->metric[m].defined)
		html_fixed(t, one->metric[m].value, 4);
	else
		text_add(t, "<span class=dim>&ndash;</span>");
	if (one->interval[m].defined) {
		text_add(t, " <span class=ci>");
		html_fixed(t, one->interval[m].low, 3);
		text_add(t, "&ndash;");
		html_fixed(t, one->interval[m].high, 3);
		text_add(t, "</span>");
	}
	text_add(t, "</td>");
}

void slices_html(const slices *s, text *t)
{
	text_add(t, "<div class=wide><table><thead><tr><th>group</th><th class=n>rows</th>");
	text_add(t, s->positives ? "<th class=n>positives</th>" : "");
	text_addf(t, "<th class=n>%s</th><th class=n>%s</th></tr></thead>", s->title[0], s->title[1]);
	for (size_t i = 0; i < s->count; i++) {
		const slice *one = &s->item[i];
		if (!i || one->of != s->item[i - 1].of) {
			text_addf(t, "%s<tbody><tr class=group><th colspan=%d>", i ? "</tbody>" : "", s->positives ? 5 : 4);
			html_text(t, one->of->name);
			text_add(t, "</th></tr>");
		}
		text_addf(t, "<tr%s><td>", one->small ? " class=small" : "");
		html_text(t, one->of->value[one->value]);
		text_add(t, one->small ? " <span class=tag>small</span></td>" : "</td>");
		html_cell_count(t, one->rows);
		if (s->positives)
			html_cell_count(t, one->positives);
		add_html_cell(t, one, 0);
		add_html_cell(t, one, 1);
		text_add(t, "</tr>");
	}
	text_add(t, "</tbody></table></div>");
}
