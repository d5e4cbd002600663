/* What a store holds and what became of the rows read, for people and for programs. */
#include <inttypes.h>
#include <string.h>

#include "seqrec/instant.h"
#include "seqrec/number.h"
#include "seqrec/store.h"
#include "seqrec/text.h"

enum { NAME = 11, COUNT = 13 };

static void add_count(text *t, uint64_t rows)
{
	char count[NUMBER_TEXT];
	number_print_grouped(rows, count);
	text_addf(t, " %*s", COUNT, count);
}

static uint64_t sum_of(const store_count *list, size_t count)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += list[i].rows;
	return sum;
}

static void add_reasons(text *t, const store_conservation *c, const char *title, const store_count *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char rows[NUMBER_TEXT];
		number_print_grouped(list[i].rows, rows);
		if (list[i].rows)
			text_addf(t, "  %s %s: %s (%s)\n", c->what, title, rows, list[i].reason);
	}
}

static void add_conservation(text *t, const store *s)
{
	text_addf(t, "%-*s %*s %*s %*s %*s\n", NAME, "rows", COUNT, "read", COUNT, "used", COUNT, "filtered", COUNT, "bad");
	for (size_t i = 0; i < s->conservation_count; i++) {
		const store_conservation *c = &s->conservation[i];
		text_addf(t, "%-*s", NAME, c->what);
		add_count(t, c->read);
		add_count(t, c->used);
		add_count(t, sum_of(c->filtered, c->filtered_count));
		add_count(t, sum_of(c->bad, c->bad_count));
		text_add(t, "\n");
	}
	for (size_t i = 0; i < s->conservation_count; i++) {
		add_reasons(t, &s->conservation[i], "filtered", s->conservation[i].filtered, s->conservation[i].filtered_count);
		add_reasons(t, &s->conservation[i], "bad", s->conservation[i].bad, s->conservation[i].bad_count);
	}
}

/* "browse 422,257, search 62,608" */
static void add_values(text *t, const vocabulary *v)
{
	char count[NUMBER_TEXT];
	for (uint32_t code = 1; code <= vocabulary_count(v); code++) {
		number_print_grouped(vocabulary_rows(v, code), count);
		text_addf(t, "%s%s %s", code > 1 ? ", " : "", vocabulary_text(v, code, NULL), count);
	}
	text_add(t, "\n");
}

char *store_summary(const store *s)
{
	text t = { 0 };
	char first[INSTANT_TEXT], last[INSTANT_TEXT], users[NUMBER_TEXT], items[NUMBER_TEXT];
	add_conservation(&t, s);
	number_print_grouped(s->users, users);
	number_print_grouped(s->items, items);
	text_addf(&t, "%-*s %s users, %s items\n", NAME, "store", users, items);
	if (s->events) {
		instant_print(s->first_time, first);
		instant_print(s->last_time, last);
		text_addf(&t, "%-*s %s to %s: ", NAME, "events", first, last);
		add_values(&t, s->types);
	}
	if (s->samples) {
		text_addf(&t, "%-*s ", NAME, "labels");
		add_values(&t, s->labels);
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
	char first[INSTANT_TEXT], last[INSTANT_TEXT];
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
	instant_print(s->first_time, first);
	instant_print(s->last_time, last);
	if (s->events)
		text_addf(&t, ", \"first_time\": \"%s\", \"last_time\": \"%s\"", first, last);
	text_addf(&t, ", \"fingerprint\": \"%s\"}", s->fingerprint);
	return t.data;
}
