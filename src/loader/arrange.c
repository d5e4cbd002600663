/* Sorted event records -> clean ones: duplicates dropped, clicks linked to the search they follow, rare items and users dropped. One pass: items are
 * judged by all events, then users by the events that are left; it is not repeated until nothing changes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/builder.h"
#include "seqrec/memory.h"

enum { FEW = 16 /* so many records are compared one by one; beyond, a hash table is used */, ROWS_AT_ONCE = 256 };
static const int64_t search_reach = INT64_C(30) * 60 * 1000000; /* a click within 30 minutes of a search belongs to it */

/* The records of one user at one instant, to find duplicates among them. */
typedef struct {
	size_t words, count;
	uint32_t *record; /* (count, words), at most FEW */
	intern *many;
} instant;

typedef struct {
	uint32_t query, session;
	int64_t time;
} search;

static bool same_instant(const uint32_t *a, const uint32_t *b)
{
	return a[RECORD_USER] == b[RECORD_USER] && a[RECORD_TIME_LOW] == b[RECORD_TIME_LOW] && a[RECORD_TIME_HIGH] == b[RECORD_TIME_HIGH];
}

static void instant_clear(instant *g)
{
	g->count = 0;
	if (g->many)
		intern_free(g->many);
	g->many = NULL;
}

/* True when an equal record came before at this instant. */
static bool instant_has(instant *g, const uint32_t *event)
{
	size_t bytes = g->words * sizeof *event;
	if (g->count < FEW) {
		for (size_t i = 0; i < g->count; i++)
			if (memcmp(g->record + i * g->words, event, bytes) == 0)
				return true;
		memcpy(g->record + g->count++ * g->words, event, bytes);
		return false;
	}
	if (!g->many) {
		g->many = intern_new();
		for (size_t i = 0; i < g->count; i++)
			intern_add(g->many, g->record + i * g->words, bytes);
	}
	uint32_t had = intern_count(g->many);
	return intern_add(g->many, event, bytes) <= had;
}

/* `event` comes right behind `last`: most come alone at their instant, and nothing is kept of those. */
static bool is_duplicate(instant *g, const uint32_t *last, const uint32_t *event)
{
	if (!same_instant(last, event)) {
		instant_clear(g);
		return false;
	}
	if (!g->count)
		instant_has(g, last);
	return instant_has(g, event);
}

/* Gives a click the query of the search before it. */
static void search_link(search *last, uint32_t *event)
{
	int64_t time = record_time(event);
	if (event[EVENT_QUERY] && !event[EVENT_ITEM])
		*last = (search){ event[EVENT_QUERY], event[EVENT_SESSION], time };
	else if (event[EVENT_ITEM] && !event[EVENT_QUERY] && last->query && last->session == event[EVENT_SESSION] && time - last->time <= search_reach)
		event[EVENT_QUERY] = last->query;
}

/* The sorted records, from memory or merged from disk. */
typedef struct {
	packed *rows; /* NULL: on disk */
	uint64_t at;  /* records handed out */
	sorter *events;
	uint32_t *some; /* (1 + ROWS_AT_ONCE, words): the last record of those before, and some of `rows` */
} sorted;

/* The next record, and the one before it as it was in the log: `before` is that for the first one of all. */
static const uint32_t *sorted_next(sorted *s, size_t words, const uint32_t **before, sr_error *err)
{
	size_t place = s->rows ? (size_t)(s->at % ROWS_AT_ONCE) : 0;
	if (!place && s->at)
		memcpy(s->some, s->some + (s->rows ? ROWS_AT_ONCE : 1) * words, words * sizeof *s->some);
	*before = s->some + place * words;
	if (s->rows && s->at == s->rows->count)
		return NULL;
	if (s->rows && !place)
		packed_read(s->rows, (size_t)s->at, s->rows->count - s->at < ROWS_AT_ONCE ? (size_t)(s->rows->count - s->at) : ROWS_AT_ONCE, s->some + words);
	if (!s->rows) {
		const uint32_t *next = sorter_next(s->events, err);
		if (!next)
			return NULL;
		memcpy(s->some + words, next, words * sizeof *next);
	}
	s->at++;
	return *before + words;
}

/* Records in memory that are not changed: only those at the same instant as their neighbour have to be seen whole. Returns the duplicates. */
static uint64_t clean_memory(builder *b, const packed *rows, bool drop, instant *group, uint32_t *whole)
{
	uint64_t duplicates = 0;
	const uint32_t *row = rows->data;
	for (size_t at = 0; at < rows->count; at++, row += rows->stride) {
		bool together = drop && at && same_instant(row - rows->stride, row);
		if (together) {
			packed_get(rows, at - 1, whole);
			packed_get(rows, at, whole + rows->words);
		}
		if (together ? is_duplicate(group, whole, whole + rows->words) : (instant_clear(group), false)) {
			duplicates++;
			continue;
		}
		b->user_first[row[RECORD_USER] + 1]++;
		spill_keep(b->clean, at);
	}
	return duplicates;
}

static bool clean_fill(builder *b, sorted *from, sr_error *err)
{
	size_t words = b->words[LEVEL_EVENT];
	instant group = { .words = words, .record = xcalloc(FEW * words, sizeof(uint32_t)) };
	search last = { 0 };
	uint64_t duplicates = 0;
	bool drop = b->data->duplicates == DUPLICATES_DROP, link = b->data->link_search && b->has_query; /* without searches there is nothing to link */
	sr_error failure = { 0 };
	if (from->rows && !link)
		duplicates = clean_memory(b, from->rows, drop, &group, from->some);
	for (const uint32_t *event, *before; (!from->rows || link) && (event = sorted_next(from, words, &before, &failure));) {
		if (drop && is_duplicate(&group, before, event)) {
			duplicates++;
			continue;
		}
		b->user_first[event[RECORD_USER] + 1]++;
		if (link) {
			if (event[RECORD_USER] != before[RECORD_USER])
				last = (search){ 0 };
			memcpy(b->record, event, words * sizeof *event);
			search_link(&last, b->record);
		}
		if (!spill_add(b->clean, link ? b->record : event, &failure))
			break;
	}
	instant_clear(&group);
	free(group.record);
	b->tally[LEVEL_EVENT].used -= duplicates;
	tally_filtered(&b->tally[LEVEL_EVENT], "duplicate", duplicates);
	return failure.code ? error_set(err, failure.code, "%s", failure.text) : true;
}

bool event_kept(const builder *b, const uint32_t *event)
{
	return !(b->item_dropped && b->item_dropped[event[EVENT_ITEM]]) && !(b->user_dropped && b->user_dropped[event[RECORD_USER]]);
}

/* Counts the kept events of each value of a word. */
static bool word_count(builder *b, size_t word, uint64_t *count, sr_error *err)
{
	sr_error failure = { 0 };
	if (!spill_rewind(b->clean, err))
		return false;
	for (const uint32_t *event; (event = spill_next(b->clean, &failure));)
		if (event_kept(b, event))
			count[event[word]]++;
	return failure.code ? error_set(err, failure.code, "%s", failure.text) : true;
}

/* Drops the values of a word (1..values) with fewer than `least` events. */
static bool *rare_drop(builder *b, size_t word, uint32_t values, int64_t least, const char *what, sr_error *err)
{
	uint64_t *count = xcalloc((size_t)values + 1, sizeof *count), rows = 0;
	bool *dropped = NULL;
	if (word_count(b, word, count, err)) {
		dropped = xcalloc((size_t)values + 1, sizeof *dropped);
		for (uint32_t code = 1; code <= values; code++)
			if (count[code] < (uint64_t)least) {
				dropped[code] = true;
				rows += count[code];
			}
	}
	char reason[80];
	snprintf(reason, sizeof reason, "%s with fewer than %lld events", what, (long long)least);
	b->tally[LEVEL_EVENT].used -= rows;
	tally_filtered(&b->tally[LEVEL_EVENT], reason, rows);
	free(count);
	return dropped;
}

static bool rare_find(builder *b, sr_error *err)
{
	if (b->data->min_item_events > 1 && !(b->item_dropped = rare_drop(b, EVENT_ITEM, intern_count(b->items), b->data->min_item_events, "item", err)))
		return false;
	return b->data->min_user_events <= 1 || (b->user_dropped = rare_drop(b, RECORD_USER, intern_count(b->users), b->data->min_user_events, "user", err));
}

static bool anything_left(const builder *b, sr_error *err)
{
	const tally *t = &b->tally[LEVEL_EVENT];
	if (t->used || !b->data->events.count)
		return true;
	const store_count *most = NULL;
	for (size_t i = 0; i < t->filtered_count; i++)
		if (!most || t->filtered[i].rows > most->rows)
			most = &t->filtered[i];
	return error_set(err, SR_DATA, "%s: none of the %llu rows of data.events is left after cleaning (mostly: %s, %llu rows); nothing was written. "
		"Loosen data.filters, data.from, data.to or data.min_*_events",
		b->data->events.item[0].path, (unsigned long long)t->read, most ? most->reason : "bad rows", (unsigned long long)(most ? most->rows : tally_bad_rows(t)));
}

bool events_arrange(builder *b, sr_error *err)
{
	uint32_t users = intern_count(b->users);
	b->user_first = xcalloc((size_t)users + 2, sizeof *b->user_first);
	if (!sorter_finish(b->events, err))
		return false;
	sorted from = { .rows = sorter_take(b->events), .events = b->events, .some = xcalloc(1 + ROWS_AT_ONCE, b->words[LEVEL_EVENT] * sizeof(uint32_t)) };
	b->clean = from.rows ? spill_over(from.rows) : spill_new(b->folder, b->words[LEVEL_EVENT] * sizeof(uint32_t), err);
	bool fine = b->clean && clean_fill(b, &from, err);
	free(from.some);
	if (!fine)
		return false;
	sorter_free(b->events);
	b->events = NULL;
	for (uint32_t u = 1; u <= users; u++)
		b->user_first[u + 1] += b->user_first[u];
	return spill_rewind(b->clean, err) && rare_find(b, err) && anything_left(b, err);
}
