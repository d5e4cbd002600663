/* compare_write.c - a comparison as a table in words, as JSON and as HTML. */

#include "report/compare.h"

#include "report/html.h"
#include "report/print.h"
#include "report/write.h"

#include "seqrec/number.h"

#include <math.h>
#include <string.h>

/* "0.0123" without the sign. */
static void add_size(text *t, double value)
{
	char number[PRINT_TEXT];
	print_fixed(fabs(value), 4, number);
	text_add(t, number);
}

static void add_signed(text *t, double value)
{
	char number[PRINT_TEXT];
	print_fixed(value, 4, number);
	text_add(t, number);
}

static bool is_clear(const comparison_row *row)
{
	return row->between.defined && row->adjusted < .05 && (row->between.low > 0 || row->between.high < 0);
}

static bool is_better(const comparison_row *row)
{
	return row->lower_is_better ? row->difference < 0 : row->difference > 0;
}

/* "B is ahead of A by 0.0120 average precision (95 % interval 0.0040 to 0.0200; p 0.003): clear." The interval counts in B's favour. */
static void add_sentence(text *t, const comparison *c, const comparison_pair *pair, const comparison_row *row)
{
	if (!row->a.defined || !row->b.defined) {
		text_addf(t, "%s cannot be compared: %s.", row->title, row->a.defined ? row->b.reason : row->a.reason);
		return;
	}
	bool better = is_better(row);
	if (row->difference == 0)
		text_addf(t, "%s and %s have the same %s", pair->name, c->base, row->title);
	else
		text_addf(t, "%s is %s %s by ", pair->name, better ? "ahead of" : "behind", c->base);
	if (row->difference != 0) {
		add_size(t, row->difference);
		text_addf(t, " %s", row->title);
	}
	if (row->between.defined) {
		bool turn = (row->difference < 0); /* the interval is told in the direction of the sentence */
		text_add(t, " (95 % interval ");
		add_signed(t, turn ? -row->between.high : row->between.low);
		text_add(t, " to ");
		add_signed(t, turn ? -row->between.low : row->between.high);
		text_add(t, "; p ");
		add_signed(t, row->adjusted);
		text_add(t, ")");
	}
	text_addf(t, ": %s.", is_clear(row) ? "clear" : "within chance");
}

/* "756 test rows of 312 users", and for two heads "; next items: 300 of 300 users". */
static void add_sizes(text *t, const comparison *c)
{
	char rows[NUMBER_TEXT], users[NUMBER_TEXT];
	number_print_grouped(c->rows, rows);
	number_print_grouped(c->users, users);
	text_addf(t, "the same %s test rows of %s users", rows, users);
	if (!c->ranked_rows)
		return;
	number_print_grouped(c->ranked_rows, rows);
	number_print_grouped(c->ranked_users, users);
	text_addf(t, "; next items (HR, NDCG, MRR): the same %s of %s users", rows, users);
}

/* How intervals and p were really computed: large runs have them from derivatives in place of resamples. */
static void add_methods(text *t, const comparison *c)
{
	bool resampled = false, derived = false, permuted = false, normal = false;
	for (size_t i = 0; i < c->pairs; i++)
		for (size_t m = 0; m < c->pair[i].rows; m++) {
			const comparison_row *row = &c->pair[i].row[m];
			resampled = resampled || (row->between.defined && row->between.resamples);
			derived = derived || (row->between.defined && !row->between.resamples);
			permuted = permuted || !row->normal;
			normal = normal || row->normal;
		}
	text_add(t, "Intervals: ");
	if (resampled)
		text_addf(t, "paired bootstrap over users, %zu resamples", c->resamples);
	text_addf(t, "%s%s. p: ", derived ? resampled ? "; where rows times resamples pass 100 million " : "" : "", derived ? "the infinitesimal jackknife over users" : "");
	if (permuted)
		text_addf(t, "two-sided permutation test, users changing sides, %zu permutations", c->resamples);
	text_add(t, normal ? permuted ? "; of ROC AUC and average precision two-sided by the normal distribution with the jackknife's standard error" : "two-sided, by the normal distribution with the jackknife's standard error" : "");
	text_add(t, "; corrected over all rows of the tables (Holm). Clear: p below .05 and zero outside the interval.");
}

char *comparison_text(const comparison *c)
{
	text t = { 0 };
	text_addf(&t, "%s against", c->base);
	for (size_t i = 0; i < c->pairs; i++)
		text_addf(&t, "%s %s", i ? "," : "", c->pair[i].name);
	text_add(&t, ": ");
	add_sizes(&t, c);
	text_add(&t, "\n");
	for (size_t i = 0; i < c->pairs; i++) {
		const comparison_pair *pair = &c->pair[i];
		text_addf(&t, "\n  %-18s %10s %10s %10s   %-20s %8s\n", "", "A", "B", "B - A", "95 % interval", "p");
		for (size_t m = 0; m < pair->rows; m++) {
			const comparison_row *row = &pair->row[m];
			char number[4][PRINT_TEXT] = { "undefined", "undefined", "", "" }, low[PRINT_TEXT] = "", high[PRINT_TEXT] = "";
			if (row->a.defined)
				print_fixed(row->a.value, 4, number[0]);
			if (row->b.defined)
				print_fixed(row->b.value, 4, number[1]);
			print_fixed(row->difference, 4, number[2]);
			print_fixed(row->adjusted, 4, number[3]);
			if (row->between.defined) {
				print_fixed(row->between.low, 4, low);
				print_fixed(row->between.high, 4, high);
			}
			text_addf(&t, "  %-18s %10s %10s %10s   %7s to %-9s %8s\n", row->title, number[0], number[1], number[2], low, high, number[3]);
		}
		text_add(&t, "\n");
		for (size_t m = 0; m < pair->rows; m++) {
			text_add(&t, "  ");
			add_sentence(&t, c, pair, &pair->row[m]);
			text_add(&t, "\n");
		}
	}
	text_add(&t, "\n");
	add_methods(&t, c);
	text_add(&t, c->rows && c->pairs && c->pair[0].row[0].key[0] == 'r' ? " Log loss and Brier score: lower is better.\n" : "\n");
	return t.data;
}

static void add_string(text *t, const char *key, const char *value)
{
	text_addf(t, "\"%s\":", key);
	text_add_json(t, value, strlen(value));
}

char *comparison_json(const comparison *c)
{
	text t = { 0 };
	text_add(&t, "{");
	add_string(&t, "a", c->base);
	text_addf(&t, ",\"rows\":%zu,\"users\":%zu", c->rows, c->users);
	if (c->ranked_rows)
		text_addf(&t, ",\"next_item\":{\"rows\":%zu,\"users\":%zu}", c->ranked_rows, c->ranked_users);
	text_addf(&t, ",\"resamples\":%zu,\"against\":[", c->resamples);
	for (size_t i = 0; i < c->pairs; i++) {
		text_add(&t, i ? ",\n{" : "\n{");
		add_string(&t, "b", c->pair[i].name);
		text_add(&t, ",\"metrics\":{");
		for (size_t m = 0; m < c->pair[i].rows; m++) {
			const comparison_row *row = &c->pair[i].row[m];
			text_addf(&t, "%s\n \"%s\":{", m ? "," : "", row->key);
			write_metric(&t, "a", &row->a);
			text_add(&t, ",");
			write_metric(&t, "b", &row->b);
			text_add(&t, ",\"difference\":");
			write_number(&t, row->a.defined && row->b.defined ? row->difference : (double)NAN);
			text_add(&t, ",");
			write_interval(&t, "interval", &row->between);
			text_add(&t, ",\"p\":");
			write_number(&t, row->p);
			text_add(&t, ",\"p_holm\":");
			write_number(&t, row->adjusted);
			text_addf(&t, ",\"test\":\"%s\"", row->normal ? "normal" : "permutation");
			text_addf(&t, ",\"clear\":%s,\"better\":%s}", is_clear(row) ? "true" : "false", is_better(row) ? "true" : "false");
		}
		text_add(&t, "}}");
	}
	text_add(&t, "]}\n");
	return t.data;
}

static void add_row_html(text *t, const comparison_row *row)
{
	text_addf(t, "<tr%s><td>%s</td>", is_clear(row) ? " class=ours" : "", row->title);
	html_cell_metric(t, &row->a);
	html_cell_metric(t, &row->b);
	html_cell_fixed(t, row->difference, 4);
	text_add(t, "<td class=n>");
	if (row->between.defined) {
		html_fixed(t, row->between.low, 4);
		text_add(t, " to ");
		html_fixed(t, row->between.high, 4);
	}
	text_add(t, "</td>");
	html_cell_fixed(t, row->adjusted, 4);
	text_add(t, "</tr>");
}

char *comparison_html(const comparison *c)
{
	text t = { 0 }, title = { 0 };
	text_addf(&title, "%s against", c->base);
	for (size_t i = 0; i < c->pairs; i++)
		text_addf(&title, "%s %s", i ? "," : "", c->pair[i].name);
	html_begin(&t, title.data, "is one better than the other on the same test rows?");
	text_add(&t, "<p>On ");
	add_sizes(&t, c);
	text_add(&t, ".</p>");
	for (size_t i = 0; i < c->pairs; i++) {
		const comparison_pair *pair = &c->pair[i];
		text_add(&t, "<section><h2>");
		html_text(&t, pair->name);
		text_add(&t, "</h2><ul class=verdicts>");
		for (size_t m = 0; m < pair->rows; m++) {
			text sentence = { 0 };
			const comparison_row *row = &pair->row[m];
			add_sentence(&sentence, c, pair, row);
			html_verdict(&t, !is_clear(row) ? "open" : is_better(row) ? "yes" : "no", &sentence);
			text_free(&sentence);
		}
		text_add(&t, "</ul><div class=wide><table><thead><tr><th></th><th class=n>");
		html_text(&t, c->base);
		text_add(&t, "</th><th class=n>");
		html_text(&t, pair->name);
		text_add(&t, "</th><th class=n>difference</th><th class=n>95&nbsp;% interval</th><th class=n>p (Holm)</th></tr></thead><tbody>");
		for (size_t m = 0; m < pair->rows; m++)
			add_row_html(&t, &pair->row[m]);
		text_add(&t, "</tbody></table></div></section>");
	}
	text_add(&t, "<p class=lead>");
	add_methods(&t, c);
	text_add(&t, "</p>");
	html_end(&t);
	text_free(&title);
	return t.data;
}
