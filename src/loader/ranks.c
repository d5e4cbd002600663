/* Counts what survived the cleaning and orders every vocabulary by it. */
#include "loader/ranks.h"

#include <stdlib.h>
#include <string.h>

#include "loader/values_sort.h"
#include "seqrec/memory.h"

void ranking_start(ranking *r, const intern *values)
{
	*r = (ranking){ .values = values, .rows = xcalloc((size_t)intern_count(values) + 1, sizeof *r->rows) };
}

void ranking_clear(ranking *r)
{
	free(r->rows);
	free(r->keep);
	free(r->final);
	free(r->order);
	*r = (ranking){ 0 };
}

void ranking_finish(ranking *r)
{
	size_t values = intern_count(r->values), count = 0;
	r->order = xcalloc(values + 1, sizeof *r->order);
	r->final = xcalloc(values + 1, sizeof *r->final);
	for (uint32_t code = 1; code <= values; code++)
		if (r->rows[code] || (r->keep && r->keep[code]))
			r->order[count++] = code;
	r->count = (uint32_t)count;
	values_sort(r->values, r->rows, r->order, count);
	for (uint32_t i = 0; i < count; i++)
		r->final[r->order[i]] = i + 1;
}

static void field_count(builder *b, size_t i, const uint32_t *words)
{
	const field_state *f = &b->field[i];
	uint32_t code = words[f->offset];
	if (f->sets)
		b->ranks->set[i][code]++;
	else if (f->values)
		b->ranks->field[i].rows[code]++;
}

static void fields_count(builder *b, field_level level, const uint32_t *words)
{
	for (size_t i = 0; i < b->field_count; i++)
		if (b->field[i].config->on == (int)level)
			field_count(b, i, words);
}

static void event_count(builder *b, const uint32_t *event)
{
	struct ranks *r = b->ranks;
	r->users.rows[event[RECORD_USER]]++;
	r->items.rows[event[EVENT_ITEM]]++;
	r->types.rows[event[EVENT_TYPE]]++;
	r->queries.rows[event[EVENT_QUERY]]++;
	r->sessions.rows[event[EVENT_SESSION]]++;
	fields_count(b, LEVEL_EVENT, event);
}

static void word_count(const uint32_t *rows, size_t count, size_t stride, size_t place, uint32_t value, uint64_t *times)
{
	if (place == SIZE_MAX)
		times[value] += count;
	for (size_t i = 0; place != SIZE_MAX && i < count; i++)
		times[rows[i * stride + place]]++;
}

/* All events, of which nobody has to see a whole record: word by word, some rows at a time. */
static bool words_count(builder *b, sr_error *err)
{
	enum { ROWS = 4096 };
	struct ranks *r = b->ranks;
	uint64_t *const times[EVENT_WORDS] = { [RECORD_USER] = r->users.rows, [EVENT_ITEM] = r->items.rows, [EVENT_TYPE] = r->types.rows, [EVENT_QUERY] = r->queries.rows,
		[EVENT_SESSION] = r->sessions.rows };
	size_t place[EVENT_WORDS], stride;
	uint32_t value[EVENT_WORDS], *rows = xcalloc(ROWS, sizeof value);
	bool fine = spill_rewind(b->clean, err);
	stride = spill_places(b->clean, place, value);
	for (uint64_t at = 0, all = spill_count(b->clean); fine && at < all; at += ROWS) {
		size_t count = all - at < ROWS ? (size_t)(all - at) : ROWS;
		fine = spill_rows(b->clean, at, count, rows, err);
		for (size_t word = 0; fine && word < EVENT_WORDS; word++)
			if (times[word])
				word_count(rows, count, stride, place[word], value[word], times[word]);
	}
	free(rows);
	return fine;
}

static bool events_count(builder *b, sr_error *err)
{
	sr_error failure = { 0 };
	if (b->words[LEVEL_EVENT] == EVENT_WORDS && !b->item_dropped && !b->user_dropped)
		return words_count(b, err);
	if (!spill_rewind(b->clean, err))
		return false;
	for (const uint32_t *event; (event = spill_next(b->clean, &failure));)
		if (event_kept(b, event))
			event_count(b, event);
	return failure.code ? error_set(err, failure.code, "%s", failure.text) : true;
}

static bool samples_count(builder *b, sr_error *err)
{
	sr_error failure = { 0 };
	struct ranks *r = b->ranks;
	if (!spill_rewind(b->samples, err))
		return false;
	for (const uint32_t *sample; (sample = spill_next(b->samples, &failure));) {
		r->users.keep[sample[RECORD_USER]] = true;
		r->items.keep[sample[SAMPLE_ITEM]] = true;
		r->labels.rows[sample[SAMPLE_LABEL]]++;
		r->splits.rows[sample[SAMPLE_SPLIT]]++;
		fields_count(b, LEVEL_SAMPLE, sample);
	}
	return failure.code ? error_set(err, failure.code, "%s", failure.text) : true;
}

static void entities_count(builder *b, field_level level, ranking *r)
{
	const entities *e = &b->rows[level];
	for (uint32_t code = 1; code <= e->rows; code++) {
		if (!e->there[code - 1])
			continue;
		r->keep[code] = true;
		if (b->words[level])
			fields_count(b, level, e->word + (size_t)(code - 1) * b->words[level]);
	}
}

static void lists_count(builder *b, size_t i)
{
	const field_state *f = &b->field[i];
	for (uint32_t set = 1; set <= intern_count(f->sets); set++) {
		size_t bytes;
		const char *list = intern_text(f->sets, set, &bytes);
		for (size_t at = 0; at < bytes; at += sizeof(uint32_t)) {
			uint32_t code;
			memcpy(&code, list + at, sizeof code);
			b->ranks->field[i].rows[code] += b->ranks->set[i][set];
		}
	}
}

static void ranks_start(builder *b)
{
	struct ranks *r = b->ranks = xcalloc(1, sizeof *r);
	ranking_start(&r->users, b->users);
	ranking_start(&r->items, b->items);
	ranking_start(&r->types, b->types);
	ranking_start(&r->queries, b->queries);
	ranking_start(&r->sessions, b->sessions);
	ranking_start(&r->labels, b->labels);
	ranking_start(&r->splits, b->splits);
	r->users.keep = xcalloc((size_t)intern_count(b->users) + 1, sizeof(bool));
	r->items.keep = xcalloc((size_t)intern_count(b->items) + 1, sizeof(bool));
	r->field = xcalloc(b->field_count + 1, sizeof *r->field);
	r->set = xcalloc(b->field_count + 1, sizeof *r->set);
	for (size_t i = 0; i < b->field_count; i++) {
		if (b->field[i].values)
			ranking_start(&r->field[i], b->field[i].values);
		if (b->field[i].sets)
			r->set[i] = xcalloc((size_t)intern_count(b->field[i].sets) + 1, sizeof *r->set[i]);
	}
}

/* Nothing is added to the vocabularies any more: the memory of their tables is free for the counts. */
static void values_seal(builder *b)
{
	intern *all[] = { b->users, b->items, b->types, b->queries, b->sessions, b->labels, b->splits };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		intern_seal(all[i]);
	for (size_t i = 0; i < b->field_count; i++) {
		intern_seal(b->field[i].values);
		intern_seal(b->field[i].sets);
	}
}

bool ranks_make(builder *b, sr_error *err)
{
	values_seal(b);
	ranks_start(b);
	struct ranks *r = b->ranks;
	if (!events_count(b, err) || !samples_count(b, err))
		return false;
	entities_count(b, LEVEL_USER, &r->users);
	entities_count(b, LEVEL_ITEM, &r->items);
	ranking *all[] = { &r->users, &r->items, &r->types, &r->queries, &r->sessions, &r->labels, &r->splits };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		ranking_finish(all[i]);
	for (size_t i = 0; i < b->field_count; i++) {
		if (b->field[i].sets)
			lists_count(b, i);
		if (b->field[i].values)
			ranking_finish(&r->field[i]);
	}
	return true;
}

void ranks_free(struct ranks *r, size_t fields)
{
	if (!r)
		return;
	ranking *all[] = { &r->users, &r->items, &r->types, &r->queries, &r->sessions, &r->labels, &r->splits };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		ranking_clear(all[i]);
	for (size_t i = 0; i < fields; i++) {
		ranking_clear(&r->field[i]);
		free(r->set[i]);
	}
	free(r->field);
	free(r->set);
	free(r);
}
