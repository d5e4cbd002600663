/* html_decisions.c - what is decided at the threshold, and what other thresholds would do. */

#include "report/findings.h"
#include "report/html.h"

#include <string.h>

enum { CLASSES_SHOWN = 30 };

static void add_confusion(text *t, const findings *f, const classification *c)
{
	size_t shown = c->classes < CLASSES_SHOWN ? c->classes : CLASSES_SHOWN;
	text_addf(t, "<h3>Confusion matrix</h3><div class=wide><table><thead><tr><th>true \\ predicted</th>");
	for (size_t k = 0; k < shown; k++) {
		text_add(t, "<th class=n>");
		html_text(t, f->class_name[k]);
		text_add(t, "</th>");
	}
	text_add(t, "</tr></thead><tbody>");
	for (size_t i = 0; i < shown; i++) {
		text_add(t, "<tr><th>");
		html_text(t, f->class_name[i]);
		text_add(t, "</th>");
		for (size_t j = 0; j < shown; j++) {
			text_addf(t, "<td class=\"n%s\">", i == j ? " hit" : "");
			html_count(t, c->confusion[i * c->classes + j]);
			text_add(t, " <span class=ci>");
			html_share(t, (double)c->confusion[i * c->classes + j], (double)c->of_class[i].support);
			text_add(t, "</span></td>");
		}
		text_add(t, "</tr>");
	}
	text_add(t, "</tbody></table></div>");
	if (shown < c->classes)
		text_addf(t, "<p class=lead>%zu of %zu classes are shown; report.json holds all.</p>", shown, c->classes);
}

static void add_scores(text *t, const char *name, const class_scores *s, bool plain)
{
	text_add(t, "<tr><td>");
	if (plain)
		text_add(t, name);
	else
		html_text(t, name);
	text_add(t, "</td>");
	html_cell_fixed(t, s->precision, 4);
	html_cell_fixed(t, s->recall, 4);
	html_cell_fixed(t, s->f1, 4);
	html_cell_count(t, s->support);
	text_add(t, "</tr>");
}

static void add_classes(text *t, const findings *f, const classification *c)
{
	text_add(t, "<h3>By class</h3><div class=wide><table><thead><tr><th></th><th class=n>precision</th><th class=n>recall</th><th class=n>F1</th><th class=n>support</th></tr></thead><tbody>");
	for (size_t k = 0; k < c->classes && k < 200; k++)
		add_scores(t, f->class_name[k], &c->of_class[k], false);
	add_scores(t, "<span class=dim>macro avg</span>", &c->macro, true);
	add_scores(t, "<span class=dim>weighted avg</span>", &c->weighted, true);
	text_add(t, "</tbody></table></div>");
}

static void add_choice(text *t, const picture *p, const choice *c)
{
	double taken = (double)(c->hits + c->alarms), hits = (double)c->hits, positives = (double)p->positives;
	bool chosen = !strcmp(c->name, "chosen");
	text_addf(t, "<tr%s>", chosen ? " class=chosen" : "");
	html_cell_fixed(t, c->threshold, 4);
	html_cell_text(t, c->name);
	html_cell_share(t, c->hits + c->alarms, (double)p->rows);
	metric precision = taken > 0 ? metric_is(hits / taken) : metric_undefined("nothing is predicted");
	html_cell_metric(t, &precision);
	html_cell_fixed(t, hits / positives, 4);
	html_cell_fixed(t, 2 * hits / (taken + positives), 4);
	html_cell_count(t, c->alarms);
	html_cell_count(t, p->positives - c->hits);
	text_add(t, "</tr>");
}

static void add_choices(text *t, const findings *f, const picture *p)
{
	text_add(t, "<h3>What other thresholds would do</h3><div class=wide><table><thead><tr><th class=n>from</th><th></th><th class=n>predicted ");
	html_text(t, f->class_name[1]);
	text_add(t, "</th><th class=n>precision</th><th class=n>recall</th><th class=n>F1</th><th class=n>false alarms</th><th class=n>missed</th></tr></thead><tbody>");
	for (size_t i = 0; i < p->choices; i++)
		add_choice(t, p, &p->choice[i]);
	text_add(t, "</tbody></table></div>");
}

void html_decisions(const findings *f, const finding *one, text *t)
{
	html_section(t, "decisions", "Decisions", NULL);
	text_add(t, "<p class=lead>");
	if (one->threshold.defined) {
		html_text(t, f->class_name[1]);
		text_add(t, " is predicted from a probability of ");
		html_fixed(t, one->threshold.value, 4);
		text_add(t, " upwards");
		if (f->report->threshold_rule) {
			text_add(t, " (");
			html_text(t, f->report->threshold_rule);
			text_add(t, ")");
		}
		text_add(t, ".");
	} else {
		text_add(t, "The most probable class is predicted.");
	}
	text_add(t, "</p>");
	add_confusion(t, f, one->decisions);
	add_classes(t, f, one->decisions);
	if (one->threshold.defined && f->pictures && f->picture[0])
		add_choices(t, f, f->picture[0]);
	html_section_end(t);
}
