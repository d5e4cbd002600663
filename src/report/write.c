/* write.c - JSON of metrics, intervals, curves and the data page. */

#include "report/write.h"

#include "seqrec/instant.h"
#include "seqrec/number.h"

#include <inttypes.h>
#include <string.h>

void write_number(text *t, double value)
{
	char number[NUMBER_TEXT];
	number_print(value, number);
	text_add(t, number);
}

static void add_string(text *t, const char *value)
{
	text_add_json(t, value, strlen(value));
}

/* The head of an object in a list: {"name":"..." */
static void begin_named(text *t, size_t i, const char *name)
{
	text_add(t, i ? ",{\"name\":" : "{\"name\":");
	add_string(t, name);
}

void write_metric(text *t, const char *key, const metric *m)
{
	text_addf(t, "\"%s\":", key);
	if (m->defined)
		write_number(t, m->value);
	else
		text_add(t, "null");
}

void write_interval(text *t, const char *key, const interval *i)
{
	text_addf(t, "\"%s\":%s", key, i->defined ? "[" : "null");
	if (!i->defined)
		return;
	write_number(t, i->low);
	text_add(t, ",");
	write_number(t, i->high);
	text_add(t, "]");
}

void write_points(text *t, const char *key, const points *p)
{
	text_addf(t, "\"%s\":[", key);
	for (size_t i = 0; i < p->count; i++) {
		text_add(t, i ? ",[" : "[");
		write_number(t, p->at[i].x);
		text_add(t, ",");
		write_number(t, p->at[i].y);
		text_add(t, "]");
	}
	text_add(t, "]");
}

static void add_choices(text *t, const picture *p)
{
	text_add(t, ",\"thresholds\":[");
	for (size_t i = 0; i < p->choices; i++) {
		const choice *c = &p->choice[i];
		begin_named(t, i, c->name);
		text_add(t, ",\"threshold\":");
		write_number(t, c->threshold);
		text_addf(t, ",\"true_positives\":%" PRIu64 ",\"false_positives\":%" PRIu64 "}", c->hits, c->alarms);
	}
	text_add(t, "]");
}

void write_picture(text *t, const picture *p)
{
	text_add(t, "{");
	write_points(t, "roc", &p->roc);
	text_add(t, ",");
	write_points(t, "precision_recall", &p->pr);
	text_add(t, ",");
	write_points(t, "gain", &p->gain);
	text_add(t, ",");
	write_points(t, "lift", &p->lift);
	text_add(t, ",\"calibration\":[");
	for (size_t b = 0; b < CALIBRATION_BINS; b++) {
		text_addf(t, "%s{\"rows\":%" PRIu64 ",\"hits\":%" PRIu64 ",\"mean_score\":", b ? "," : "", p->bin[b].rows, p->bin[b].hits);
		write_number(t, p->bin[b].mean);
		text_add(t, "}");
	}
	text_add(t, "],\"histogram\":[");
	for (int k = 0; k < 2; k++) {
		text_add(t, k ? ",[" : "[");
		for (size_t b = 0; b < HISTOGRAM_BINS; b++)
			text_addf(t, "%s%" PRIu64, b ? "," : "", p->histogram[k][b]);
		text_add(t, "]");
	}
	text_add(t, "],\"brier_parts\":{\"reliability\":");
	write_number(t, p->reliability);
	text_add(t, ",\"resolution\":");
	write_number(t, p->resolution);
	text_add(t, ",\"uncertainty\":");
	write_number(t, p->uncertainty);
	text_add(t, ",\"within_bins\":");
	write_number(t, p->within);
	text_add(t, "}");
	add_choices(t, p);
	text_add(t, "}");
}

/* ---- the data page ---- */

static void add_times(text *t, const char *key, const page_times *times)
{
	char first[INSTANT_TEXT];
	instant_print(times->first, first);
	text_addf(t, "\"%s\":{\"first\":\"%s\",\"step_seconds\":%" PRId64 ",\"series\":[", key, first, times->step / INSTANT_SECOND);
	for (size_t k = 0; k < times->kinds; k++) {
		begin_named(t, k, times->kind[k]);
		text_add(t, ",\"rows\":[");
		for (size_t b = 0; b < times->buckets; b++)
			text_addf(t, "%s%" PRIu64, b ? "," : "", times->count[k * times->buckets + b]);
		text_add(t, "]}");
	}
	text_add(t, "]}");
}

static void add_learning(text *t, const report_page *page)
{
	text_add(t, ",\n\"learning\":[");
	for (size_t i = 0; i < page->learnings; i++) {
		const page_series *s = &page->learning[i];
		begin_named(t, i, s->name);
		text_add(t, ",\"points\":[");
		for (size_t k = 0; k < s->count; k++) {
			text_add(t, k ? ",[" : "[");
			write_number(t, s->x[k]);
			text_add(t, ",");
			write_number(t, s->y[k]);
			text_add(t, "]");
		}
		text_add(t, "]}");
	}
	text_add(t, "]");
}

void write_page(text *t, const report_page *page)
{
	text_add(t, ",\n\"data_page\":{");
	add_times(t, "events_by_time", &page->events);
	text_add(t, ",");
	add_times(t, "samples_by_time", &page->labels);
	text_add(t, ",\"history_lengths\":[");
	for (size_t i = 0; i < page->lengths.count; i++) {
		begin_named(t, i, page->lengths.item[i].name);
		text_addf(t, ",\"rows\":%" PRIu64 "}", page->lengths.item[i].rows);
	}
	text_add(t, "],\"missing\":[");
	for (size_t i = 0; i < page->fields; i++) {
		begin_named(t, i, page->field[i].name);
		text_addf(t, ",\"of\":\"%s\",\"rows\":%" PRIu64 ",\"missing\":%" PRIu64 "}", page->field[i].of, page->field[i].rows, page->field[i].missing);
	}
	text_add(t, "],\"unknown_items\":");
	write_number(t, page->unknown_share);
	text_add(t, "}");
	add_learning(t, page);
}
