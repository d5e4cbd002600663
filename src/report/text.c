/* text.c - report.txt: who reads it in the morning sees in ten seconds how good the model is, how sure that is, and whether it beats the floors. */

#include "report/findings.h"

#include "report/print.h"

#include "seqrec/number.h"

#include <stdlib.h>
#include <string.h>

static void add_rule(text *t, const char *title)
{
	text_addf(t, "\n%s\n", title);
	for (size_t i = text_code_points(title, strlen(title)); i-- > 0;)
		text_add(t, "-");
	text_add(t, "\n");
}

static void add_metric(text *t, const metric *m, int width)
{
	char number[PRINT_TEXT] = "undefined";
	if (m->defined)
		print_fixed(m->value, 4, number);
	text_addf(t, "%*s", width, number);
}

static void add_grouped(text *t, uint64_t value)
{
	char number[NUMBER_TEXT];
	number_print_grouped(value, number);
	text_add(t, number);
}

static void add_share(text *t, double part, double whole)
{
	char number[PRINT_TEXT];
	print_fixed(whole > 0 ? 100 * part / whole : 0, 1, number);
	text_addf(t, " (%s %%)", number);
}

/* "test: 4,000 rows, 912 buy (22.8 %)" */
static void add_size(text *t, const findings *f, const finding *one)
{
	text_addf(t, "%s: ", one->split->name);
	add_grouped(t, one->split->rows);
	text_add(t, one->split->rows == 1 ? " row" : " rows");
	for (size_t k = f->report->classes == 2 ? 1 : 0; k < f->report->classes && k < 12; k++) {
		uint64_t support = one->decisions->of_class[k].support;
		text_add(t, ", ");
		add_grouped(t, support);
		text_addf(t, " %s", f->class_name[k]);
		add_share(t, (double)support, (double)one->split->rows);
	}
	text_add(t, "\n");
}

static void add_headline(text *t, const findings *f, const finding *one, score_kind kind, const interval *i)
{
	char low[PRINT_TEXT], high[PRINT_TEXT];
	text_addf(t, "  %-14s", score_names[kind].title);
	add_metric(t, &one->score[kind], 9);
	if (!one->score[kind].defined) {
		text_addf(t, "   (%s)", one->score[kind].reason);
	} else if (i->defined) {
		print_fixed(i->low, 4, low);
		print_fixed(i->high, 4, high);
		const char *unit = findings_grouped(f) ? "users" : "rows";
		text_addf(t, "   95 %% interval %s to %s (", low, high);
		if (i->resamples)
			text_addf(t, "%zu resamples of %s)", i->resamples, unit);
		else
			text_addf(t, "infinitesimal jackknife of %s)", unit);
	}
	text_add(t, "\n");
}

/* Of the column of names. */
static int name_width(const findings *f)
{
	size_t width = 12;
	for (size_t e = 0; e < f->report->entry_count; e++)
		width = strlen(f->report->entry[e].name) > width ? strlen(f->report->entry[e].name) : width;
	return width < 64 ? (int)width : 64;
}

static void add_table_head(text *t, const findings *f)
{
	text_addf(t, "  %-*s %-10s", name_width(f), "", "");
	for (size_t i = 0; i < SCORES; i++)
		text_addf(t, " %13s", score_names[i].title);
	text_addf(t, " %9s %9s\n", "accuracy", "macro F1");
}

static void add_table_row(text *t, const finding *one, int width)
{
	text_addf(t, "  %-*s %-10s", width, one->entry->name, one->split->name);
	for (size_t i = 0; i < SCORES; i++) {
		text_add(t, " ");
		add_metric(t, &one->score[i], 13);
	}
	char accuracy[PRINT_TEXT], f1[PRINT_TEXT];
	print_fixed(one->decisions->accuracy, 4, accuracy);
	print_fixed(one->decisions->macro.f1, 4, f1);
	text_addf(t, " %9s %9s\n", accuracy, f1);
}

/* The headline's split first, the model above its floors. */
static void add_table(text *t, const findings *f)
{
	size_t headline = findings_headline(f);
	add_table_head(t, f);
	for (size_t step = 0; step < f->splits; step++) {
		size_t s = step == 0 ? headline : step - 1 < headline ? step - 1 : step;
		for (size_t e = 0; e < f->report->entry_count; e++)
			add_table_row(t, findings_at(f, e, s), name_width(f));
	}
}

static void add_verdicts(text *t, const findings *f, const char *before)
{
	for (size_t e = 1; e < f->report->entry_count; e++) {
		text_add(t, before);
		findings_verdict(findings_at(f, e, findings_headline(f)), t);
		text_add(t, "\n");
	}
}

static void add_threshold(text *t, const findings *f, const finding *one)
{
	if (!one->threshold.defined) {
		text_add(t, "The most probable class is predicted.\n\n");
		return;
	}
	text_addf(t, "%s is predicted from a probability of %.4g upwards", f->class_name[1], one->threshold.value);
	if (f->report->threshold_rule)
		text_addf(t, " (%s)", f->report->threshold_rule);
	text_add(t, ".\n\n");
}

static void add_padded(text *t, const char *name, size_t width)
{
	for (size_t length = text_code_points(name, strlen(name)); length < width; length++)
		text_add(t, " ");
	text_add(t, name);
}

static void add_confusion(text *t, const findings *f, const classification *c)
{
	size_t width = 9;
	for (size_t k = 0; k < c->classes; k++) {
		size_t length = text_code_points(f->class_name[k], strlen(f->class_name[k])) + 2;
		width = length > width ? length : width;
	}
	add_padded(t, "true", width);
	text_add(t, " | predicted\n");
	add_padded(t, "", width);
	text_add(t, " |");
	for (size_t k = 0; k < c->classes; k++)
		add_padded(t, f->class_name[k], width);
	text_add(t, "\n");
	for (size_t i = 0; i < c->classes; i++) {
		add_padded(t, f->class_name[i], width);
		text_add(t, " |");
		for (size_t j = 0; j < c->classes; j++)
			text_addf(t, "%*llu", (int)width, (unsigned long long)c->confusion[i * c->classes + j]);
		text_add(t, "\n");
	}
}

static void add_notes(text *t, const report *r)
{
	if (r->note_count)
		add_rule(t, "Notes");
	for (size_t i = 0; i < r->note_count; i++)
		text_addf(t, "* %s\n", r->note[i]);
}

static void add_block(text *t, const char *block)
{
	text_add(t, block);
	if (!text_ends(block, "\n"))
		text_add(t, "\n");
}

void findings_text(const findings *f, text *t)
{
	const report *r = f->report;
	const finding *one = findings_at(f, 0, findings_headline(f));
	text_addf(t, "%s\n%s\n\n", r->title, r->task);
	add_size(t, f, one);
	add_headline(t, f, one, SCORE_ROC_AUC, &one->roc_auc);
	add_headline(t, f, one, SCORE_AVERAGE_PRECISION, &one->average_precision);
	add_verdicts(t, f, "  ");
	add_rule(t, "The model beside its floors");
	add_table(t, f);
	add_rule(t, "Decisions");
	add_threshold(t, f, one);
	add_confusion(t, f, one->decisions);
	text_add(t, "\n");
	char *scores = classification_text(one->decisions, (const char *const *)f->class_name, r->digits);
	text_add(t, scores);
	free(scores);
	if (f->slices.count) {
		add_rule(t, "Groups of rows");
		slices_text(&f->slices, t);
	}
	if (r->data_text) {
		add_rule(t, "Data");
		for (size_t s = 0; s < f->splits; s++)
			add_size(t, f, findings_at(f, 0, s));
		add_block(t, r->data_text);
	}
	add_notes(t, r);
}
