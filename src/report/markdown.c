/* markdown.c - report.md: the same findings for a wiki, a pull request or a chat. */

#include "report/findings.h"
#include "report/html.h"
#include "report/print.h"

#include "seqrec/number.h"

#include <stdlib.h>
#include <string.h>

/* A cell or a line of prose: what Markdown or HTML would read as its own is escaped. */
void markdown_escape(text *t, const char *plain)
{
	for (const char *c = plain; *c; c++) {
		if (*c == '<')
			text_add(t, "&lt;");
		else if (*c == '&')
			text_add(t, "&amp;");
		else if (*c == '\n' || *c == '\r')
			text_add(t, " ");
		else
			text_addf(t, strchr("|*_`[]\\#", *c) ? "\\%c" : "%c", *c);
	}
}

static void add_metric(text *t, const metric *m)
{
	char number[PRINT_TEXT];
	if (!m->defined) {
		text_addf(t, " undefined: %s |", m->reason);
		return;
	}
	print_fixed(m->value, 4, number);
	text_addf(t, " %s |", number);
}

static void add_table(text *t, const findings *f)
{
	text_add(t, "| score | split | rows |");
	for (size_t i = 0; i < SCORES; i++)
		text_addf(t, " %s |", score_names[i].title);
	text_add(t, " accuracy | macro F1 |\n|---|---|---:|");
	for (size_t i = 0; i < SCORES + 2; i++)
		text_add(t, "---:|");
	text_add(t, "\n");
	for (size_t i = 0; i < f->report->entry_count * f->splits; i++) {
		const finding *one = &f->of[i];
		text_addf(t, "| %s | %s | %zu |", one->entry->name, one->split->name, one->split->rows);
		for (size_t k = 0; k < SCORES; k++)
			add_metric(t, &one->score[k]);
		add_metric(t, &(metric){ true, one->decisions->accuracy, NULL });
		add_metric(t, &(metric){ true, one->decisions->macro.f1, NULL });
		text_add(t, "\n");
	}
}

static void add_interval(text *t, const char *what, const interval *i)
{
	char low[PRINT_TEXT], high[PRINT_TEXT];
	if (!i->defined)
		return;
	print_fixed(i->low, 4, low);
	print_fixed(i->high, 4, high);
	text_addf(t, "- 95 %% interval of the model's %s: %s to %s\n", what, low, high);
}

static void add_verdicts(text *t, const findings *f)
{
	const finding *model = findings_at(f, 0, findings_headline(f));
	add_interval(t, "ROC AUC", &model->roc_auc);
	add_interval(t, "average precision", &model->average_precision);
	for (size_t e = 1; e < f->report->entry_count; e++) {
		text_add(t, "- ");
		findings_verdict(findings_at(f, e, findings_headline(f)), t);
		text_add(t, "\n");
	}
}

static void add_confusion(text *t, const findings *f, const classification *c)
{
	text_add(t, "| true \\ predicted |");
	for (size_t k = 0; k < c->classes; k++) {
		text_add(t, " ");
		markdown_escape(t, f->class_name[k]);
		text_add(t, " |");
	}
	text_add(t, "\n|---|");
	for (size_t k = 0; k < c->classes; k++)
		text_add(t, "---:|");
	for (size_t i = 0; i < c->classes; i++) {
		text_add(t, "\n| ");
		markdown_escape(t, f->class_name[i]);
		text_add(t, " |");
		for (size_t j = 0; j < c->classes; j++)
			text_addf(t, " %llu |", (unsigned long long)c->confusion[i * c->classes + j]);
	}
	text_add(t, "\n");
}

/* Indented by four: shown as it stands, whatever it holds. */
static void add_verbatim(text *t, const char *block)
{
	for (const char *line = block; *line;) {
		size_t length = strcspn(line, "\n");
		text_add(t, length ? "    " : "");
		text_add_bytes(t, line, length);
		text_add(t, "\n");
		line += length + (line[length] == '\n');
	}
}

void findings_markdown(const findings *f, text *t)
{
	const report *r = f->report;
	const finding *one = findings_at(f, 0, findings_headline(f));
	text_add(t, "# ");
	markdown_escape(t, r->title);
	text_add(t, "\n\n");
	markdown_escape(t, r->task);
	text_add(t, "\n\n");
	add_verdicts(t, f);
	text_add(t, "\n## The model beside its floors\n\n");
	add_table(t, f);
	text_addf(t, "\n## Decisions on %s\n\n", one->split->name);
	add_confusion(t, f, one->decisions);
	text_add(t, "\n");
	char *scores = classification_text(one->decisions, (const char *const *)f->class_name, r->digits);
	add_verbatim(t, scores);
	free(scores);
	if (f->slices.count) {
		text_addf(t, "\n## Groups of rows of %s\n\n", one->split->name);
		slices_markdown(&f->slices, t);
	}
	if (r->data_text) {
		text_add(t, "\n## Data\n\n");
		add_verbatim(t, r->data_text);
	}
	text_add(t, r->note_count ? "\n## Notes\n\n" : "");
	for (size_t i = 0; i < r->note_count; i++) {
		text_add(t, "- ");
		markdown_escape(t, r->note[i]);
		text_add(t, "\n");
	}
}
