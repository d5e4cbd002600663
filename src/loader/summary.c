/* What a store holds and what became of the rows read, for people and for programs. */
#include <inttypes.h>
#include <string.h>

#include "seqrec/number.h"
#include "seqrec/store.h"
#include "seqrec/text.h"

static void add_row(text *t, const char *name, uint64_t rows, const char *indent)
{
	char count[NUMBER_TEXT];
	number_print_grouped(rows, count);
	text_addf(t, "%s%-*s %14s\n", indent, (int)(42 - strlen(indent)), name, count);
}

static void add_reasons(text *t, const char *title, const store_count *list, size_t count)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += list[i].rows;
	add_row(t, title, sum, "  ");
	for (size_t i = 0; i < count; i++)
		add_row(t, list[i].reason, list[i].rows, "    ");
}

static void add_level(text *t, const store_conservation *c)
{
	text_addf(t, "%s\n", c->what);
	add_row(t, "read", c->read, "  ");
	add_row(t, "used", c->used, "  ");
	add_reasons(t, "filtered", c->filtered, c->filtered_count);
	add_reasons(t, "bad", c->bad, c->bad_count);
}

char *store_summary(const store *s)
{
	text t = { 0 };
	char first[TIME_TEXT], last[TIME_TEXT];
	for (size_t i = 0; i < s->conservation_count; i++)
		add_level(&t, &s->conservation[i]);
	text_add(&t, "store\n");
	add_row(&t, "users", s->users, "  ");
	add_row(&t, "items", s->items, "  ");
	add_row(&t, "events", s->events, "  ");
	for (uint32_t code = 1; code <= vocabulary_count(s->types); code++)
		add_row(&t, vocabulary_text(s->types, code, NULL), vocabulary_rows(s->types, code), "    ");
	if (s->samples)
		add_row(&t, "samples", s->samples, "  ");
	for (uint32_t code = 1; s->samples && code <= vocabulary_count(s->labels); code++)
		add_row(&t, vocabulary_text(s->labels, code, NULL), vocabulary_rows(s->labels, code), "    ");
	if (s->events) {
		time_print(s->first_time, first);
		time_print(s->last_time, last);
		text_addf(&t, "  from %s to %s\n", first, last);
	}
	return t.data;
}

static void add_string(text *t, const char *string)
{
	text_add_json(t, string, strlen(string));
}

static void add_reasons_json(text *t, const char *name, const store_count *list, size_t count)
{
	text_addf(t, ", \"%s\": {", name);
	for (size_t i = 0; i < count; i++) {
		text_add(t, i ? ", " : "");
		add_string(t, list[i].reason);
		text_addf(t, ": %" PRIu64, list[i].rows);
	}
	text_add(t, "}");
}

static void add_values_json(text *t, const char *name, const vocabulary *v)
{
	if (!v)
		return;
	text_addf(t, ", \"%s\": {", name);
	for (uint32_t code = 1; code <= vocabulary_count(v); code++) {
		text_add(t, code > 1 ? ", " : "");
		add_string(t, vocabulary_text(v, code, NULL));
		text_addf(t, ": %" PRIu64, vocabulary_rows(v, code));
	}
	text_add(t, "}");
}

char *store_summary_json(const store *s)
{
	text t = { 0 };
	char first[TIME_TEXT], last[TIME_TEXT];
	text_add(&t, "{\"conservation\": {");
	for (size_t i = 0; i < s->conservation_count; i++) {
		const store_conservation *c = &s->conservation[i];
		text_addf(&t, "%s\"%s\": {\"read\": %" PRIu64 ", \"used\": %" PRIu64, i ? ", " : "", c->what, c->read, c->used);
		add_reasons_json(&t, "filtered", c->filtered, c->filtered_count);
		add_reasons_json(&t, "bad", c->bad, c->bad_count);
		text_add(&t, "}");
	}
	text_addf(&t, "}, \"users\": %u, \"items\": %u, \"events\": %" PRIu64 ", \"samples\": %" PRIu64, s->users, s->items, s->events, s->samples);
	add_values_json(&t, "types", s->types);
	add_values_json(&t, "labels", s->labels);
	time_print(s->first_time, first);
	time_print(s->last_time, last);
	if (s->events)
		text_addf(&t, ", \"first_time\": \"%s\", \"last_time\": \"%s\"", first, last);
	text_addf(&t, ", \"fingerprint\": \"%s\"}", s->fingerprint);
	return t.data;
}
