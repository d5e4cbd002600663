/* json.c - report.json: the numbers for programs, each as its shortest text that reads back the same. */

#include "report/findings.h"
#include "report/write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void add_key(text *t, const char *key)
{
	text_add_json(t, key, strlen(key));
	text_add(t, ":");
}

static void add_string(text *t, const char *key, const char *value)
{
	add_key(t, key);
	text_add_json(t, value, strlen(value));
}

static void add_metric(text *t, const char *key, const metric *m)
{
	text_add(t, ",");
	write_metric(t, key, m);
}

static void add_interval(text *t, const char *key, const interval *i)
{
	text_add(t, ",");
	write_interval(t, key, i);
}

/* Why a value beside it is null. */
static void add_reason(text *t, bool *first, const char *key, const char *reason)
{
	if (!reason)
		return;
	text_add(t, *first ? ",\"reasons\":{" : ",");
	*first = false;
	add_string(t, key, reason);
}

static void add_reasons(text *t, const finding *f)
{
	bool first = true;
	add_reason(t, &first, "positives", f->positives.reason);
	for (size_t i = 0; i < SCORES; i++)
		add_reason(t, &first, score_names[i].key, f->score[i].reason);
	add_reason(t, &first, "threshold", f->threshold.reason);
	text_add(t, first ? "" : "}");
}

static void add_decisions(text *t, const classification *c, char *const *class_name)
{
	char *scores = classification_json(c, (const char *const *)class_name);
	text_addf(t, ",\"classification_report\":%s,\"confusion_matrix\":[", scores);
	free(scores);
	for (size_t i = 0; i < c->classes; i++) {
		text_add(t, i ? ",[" : "[");
		for (size_t j = 0; j < c->classes; j++)
			text_addf(t, "%s%llu", j ? "," : "", (unsigned long long)c->confusion[i * c->classes + j]);
		text_add(t, "]");
	}
	text_add(t, "]");
}

/* The model's own intervals, and those of its lead over each floor. */
static void add_intervals(text *t, const findings *f, size_t split)
{
	const finding *model = findings_at(f, 0, split);
	bool first = true;
	text_add(t, ",\"intervals\":{\"level\":");
	write_number(t, INTERVAL_LEVEL);
	text_addf(t, ",\"resamples\":%zu,\"unit\":\"%s\"", f->report->resamples, model->split->group ? "user" : "row");
	add_interval(t, "roc_auc", &model->roc_auc);
	add_interval(t, "average_precision", &model->average_precision);
	if (split == findings_headline(f))
		add_interval(t, "accuracy", &f->accuracy);
	text_addf(t, ",\"method\":\"%s\"", !model->roc_auc.resamples ? "infinitesimal jackknife" : f->report->interval == INTERVAL_BCA ? "bca" : "percentile");
	text_add(t, ",\"roc_auc_ahead_of\":{");
	for (size_t e = 1; e < f->report->entry_count; e++) {
		const finding *floor = findings_at(f, e, split);
		text_add(t, e > 1 ? "," : "");
		add_key(t, floor->entry->name);
		text_add(t, "{\"value\":");
		write_number(t, floor->ahead.defined ? floor->ahead.value : (double)NAN);
		add_interval(t, "interval", &floor->ahead_interval);
		text_add(t, "}");
	}
	text_add(t, "}");
	add_reason(t, &first, "roc_auc", model->roc_auc.reason);
	add_reason(t, &first, "average_precision", model->average_precision.reason);
	text_add(t, first ? "}" : "}}");
}

static void add_finding(text *t, const findings *f, size_t entry, size_t split)
{
	const finding *one = findings_at(f, entry, split);
	add_key(t, one->split->name);
	text_addf(t, "{\"rows\":%zu", one->split->rows);
	add_metric(t, "positives", &one->positives);
	for (size_t i = 0; i < SCORES; i++)
		add_metric(t, score_names[i].key, &one->score[i]);
	add_metric(t, "threshold", &one->threshold);
	add_decisions(t, one->decisions, f->class_name);
	if (!entry)
		add_intervals(t, f, split);
	add_reasons(t, one);
	text_add(t, "}");
}

static void add_splits(text *t, const findings *f, size_t entry)
{
	text_add(t, "{");
	for (size_t s = 0; s < f->splits; s++) {
		text_add(t, s ? ",\n  " : "\n  ");
		add_finding(t, f, entry, s);
	}
	text_add(t, "}");
}

static void add_strings(text *t, const char *const *item, size_t count)
{
	text_add(t, "[");
	for (size_t i = 0; i < count; i++) {
		text_add(t, i ? "," : "");
		text_add_json(t, item[i], strlen(item[i]));
	}
	text_add(t, "]");
}

/* The pictures of the headline's split. */
static void add_curves(text *t, const findings *f)
{
	text_addf(t, ",\n\"curves\":{\"split\":");
	text_add_json(t, findings_at(f, 0, findings_headline(f))->split->name, strlen(findings_at(f, 0, findings_headline(f))->split->name));
	text_add(t, ",\"of\":[");
	bool first = true;
	for (size_t i = 0; i < f->pictures; i++) {
		if (!f->picture[i])
			continue;
		text_add(t, first ? "\n {\"name\":" : ",\n {\"name\":");
		text_add_json(t, f->picture_name[i], strlen(f->picture_name[i]));
		text_add(t, ",\"curve\":");
		write_picture(t, f->picture[i]);
		text_add(t, "}");
		first = false;
	}
	text_add(t, "]}");
}

void findings_json(const findings *f, text *t)
{
	const report *r = f->report;
	text_add(t, "{");
	add_string(t, "title", r->title);
	text_add(t, ",\n");
	add_string(t, "task", r->task);
	text_add(t, ",\n\"classes\":");
	add_strings(t, (const char *const *)f->class_name, r->classes);
	text_add(t, ",\n");
	add_string(t, "threshold_rule", r->threshold_rule ? r->threshold_rule : "");
	text_add(t, ",\n\"splits\":");
	add_splits(t, f, 0);
	text_add(t, ",\n\"floors\":{");
	for (size_t e = 1; e < r->entry_count; e++) {
		text_add(t, e > 1 ? ",\n " : "\n ");
		add_key(t, r->entry[e].name);
		add_splits(t, f, e);
	}
	text_add(t, "}");
	add_curves(t, f);
	text_add(t, ",\n");
	slices_json(&f->slices, t);
	if (r->page)
		write_page(t, r->page);
	text_addf(t, ",\n\"data\":%s,\n\"run\":%s,\n\"notes\":", r->data_json ? r->data_json : "{}", r->run_json ? r->run_json : "{}");
	add_strings(t, r->note, r->note_count);
	text_add(t, "}\n");
}
