/* Event, sample and attribute columns with final codes. Users are written in order of their final code: each one's events are read from the clean file. */
#include "loader/write.h"

#include <stdlib.h>
#include <string.h>

#include "loader/column_writer.h"
#include "loader/layout.h"
#include "loader/ranks.h"
#include "seqrec/file.h"
#include "seqrec/memory.h"

enum { RECORDS_AT_ONCE = COLUMN_BUFFER / sizeof(int64_t) };

/* The columns of events that a store may have; those that no log has are NULL. */
typedef struct {
	column_writer *time, *type, *item, *query, *session, *position, *user_start;
	field_writer *field;
	size_t field_count;
} event_columns;

static bool folder_of(builder *b, const char *name, sr_error *err)
{
	char *path = path_join(b->folder, name);
	bool fine = folder_make(path, err);
	free(path);
	return fine;
}

static bool event_columns_open(builder *b, event_columns *c, sr_error *err)
{
	*c = (event_columns){ 0 };
	return folder_of(b, level_name(LEVEL_EVENT), err) && (c->time = column_open(b, LAYOUT_TIME, NPY_I64, 0, err)) &&
		(c->type = column_open(b, LAYOUT_TYPE, NPY_U8, 0, err)) && (c->item = column_open(b, LAYOUT_ITEM, NPY_U32, 0, err)) && (!b->has_query || (c->query = column_open(b, LAYOUT_QUERY, NPY_U32, 0, err))) &&
		(!b->has_session || (c->session = column_open(b, LAYOUT_SESSION, NPY_U32, 0, err))) &&
		(!b->has_position || (c->position = column_open(b, LAYOUT_POSITION, NPY_U32, 0, err))) &&
		(c->user_start = column_open(b, LAYOUT_USER_START, NPY_U64, 0, err)) && (c->field = field_writers_open(b, LEVEL_EVENT, &c->field_count, err));
}

static bool event_columns_close(builder *b, event_columns *c, sr_error *err)
{
	column_writer *all[] = { c->time, c->type, c->item, c->query, c->session, c->position, c->user_start };
	bool fine = true;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i])
			fine = column_close(b, all[i], err) && fine;
	return field_writers_close(b, c->field, c->field_count, err) && fine;
}

static void event_columns_abandon(event_columns *c)
{
	column_writer *all[] = { c->time, c->type, c->item, c->query, c->session, c->position, c->user_start };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		column_abandon(all[i]);
	field_writers_abandon(c->field, c->field_count);
}

/* Records that wait to be written, column by column. They are as the clean file keeps them, unless somebody has to see them whole. */
typedef struct {
	uint32_t *row;    /* (RECORDS_AT_ONCE, stride) */
	size_t words, stride, count;
	size_t *place;    /* (words) in a row; SIZE_MAX: the same in all, namely */
	uint32_t *value;  /* (words) */
	bool whole;
} block;

static block block_new(builder *b, const event_columns *c)
{
	block some = { .words = b->words[LEVEL_EVENT], .whole = c->field_count || b->item_dropped || b->user_dropped };
	some.place = xcalloc(some.words, sizeof *some.place);
	some.value = xcalloc(some.words, sizeof *some.value);
	some.stride = spill_places(b->clean, some.place, some.value);
	for (size_t i = 0; some.whole && i < some.words; i++)
		some.place[i] = i;
	some.stride = some.whole ? some.words : some.stride;
	some.row = xcalloc(RECORDS_AT_ONCE, some.stride * sizeof *some.row);
	return some;
}

static void block_free(block *some)
{
	free(some->row);
	free(some->place);
	free(some->value);
}

static void codes_put(column_writer *c, const block *some, size_t word, const uint32_t *final /* NULL: as they are */)
{
	if (!c)
		return;
	uint32_t *to = column_room(c, some->count), alike = final ? final[some->value[word]] : some->value[word];
	bool varies = some->place[word] != SIZE_MAX;
	const uint32_t *from = varies ? some->row + some->place[word] : NULL;
	for (size_t i = 0; !varies && i < some->count; i++)
		to[i] = alike;
	for (size_t i = 0; varies && i < some->count; i++)
		to[i] = final ? final[from[i * some->stride]] : from[i * some->stride];
}

static void types_put(column_writer *c, const block *some, const uint32_t *final)
{
	uint8_t *to = column_room(c, some->count);
	size_t place = some->place[EVENT_TYPE];
	for (size_t i = 0; i < some->count; i++)
		to[i] = (uint8_t)final[place == SIZE_MAX ? some->value[EVENT_TYPE] : some->row[i * some->stride + place]];
}

/* The key's words are always kept, at the beginning. */
static void times_put(builder *b, column_writer *c, const block *some)
{
	int64_t *to = column_room(c, some->count), first = b->first_time, last = b->last_time;
	for (size_t i = 0; i < some->count; i++) {
		to[i] = record_time(some->row + i * some->stride);
		first = to[i] < first ? to[i] : first;
		last = to[i] > last ? to[i] : last;
	}
	b->first_time = first;
	b->last_time = last;
}

static void block_put(builder *b, event_columns *c, block *some)
{
	const struct ranks *r = b->ranks;
	times_put(b, c->time, some);
	types_put(c->type, some, r->types.final);
	codes_put(c->item, some, EVENT_ITEM, r->items.final);
	codes_put(c->query, some, EVENT_QUERY, r->queries.final);
	codes_put(c->session, some, EVENT_SESSION, r->sessions.final);
	codes_put(c->position, some, EVENT_POSITION, NULL);
	for (size_t i = 0; c->field_count && i < some->count; i++)
		field_writers_put(c->field, c->field_count, some->row + i * some->stride);
	b->event_count += some->count;
	some->count = 0;
}

/* Takes out the records [from, count) that are dropped. */
static void block_sift(const builder *b, block *some, size_t from)
{
	size_t kept = from;
	for (size_t i = from; i < some->count; i++)
		if (event_kept(b, some->row + i * some->stride))
			memmove(some->row + kept++ * some->stride, some->row + i * some->stride, some->stride * sizeof *some->row);
	some->count = kept;
}

/* The kept events of one user, from the clean file. */
static bool user_put(builder *b, event_columns *c, uint32_t user, block *some, sr_error *err)
{
	for (uint64_t at = b->user_first[user], end = b->user_first[user + 1]; at < end;) {
		if (some->count == RECORDS_AT_ONCE)
			block_put(b, c, some);
		size_t from = some->count, room = RECORDS_AT_ONCE - from, count = end - at < room ? (size_t)(end - at) : room;
		uint32_t *to = some->row + from * some->stride;
		if (!(some->whole ? spill_read(b->clean, at, count, to, err) : spill_rows(b->clean, at, count, to, err)))
			return false;
		some->count += count;
		if (b->item_dropped || b->user_dropped)
			block_sift(b, some, from);
		at += count;
	}
	return true;
}

bool events_write(builder *b, sr_error *err)
{
	event_columns c;
	bool fine = event_columns_open(b, &c, err);
	block some = block_new(b, &c);
	b->first_time = INT64_MAX;
	b->last_time = INT64_MIN;
	if (fine)
		column_put(c.user_start, &b->event_count);
	for (uint32_t u = 0; u < b->ranks->users.count && fine; u++) {
		fine = user_put(b, &c, b->ranks->users.order[u], &some, err);
		uint64_t count = b->event_count + some.count;
		column_put(c.user_start, &count);
	}
	if (fine)
		block_put(b, &c, &some);
	block_free(&some);
	if (!b->event_count)
		b->first_time = b->last_time = 0;
	if (fine)
		return event_columns_close(b, &c, err);
	event_columns_abandon(&c);
	return false;
}

bool entities_write(builder *b, field_level level, sr_error *err)
{
	const ranking *r = level == LEVEL_USER ? &b->ranks->users : &b->ranks->items;
	const entities *e = &b->rows[level];
	size_t count, words = b->words[level];
	field_writer *w = folder_of(b, level_name(level), err) ? field_writers_open(b, level, &count, err) : NULL;
	if (!w)
		return false;
	for (uint32_t i = 0; i < r->count; i++) {
		uint32_t code = r->order[i];
		field_writers_put(w, count, words && code <= e->rows && e->there[code - 1] ? e->word + (size_t)(code - 1) * words : NULL);
	}
	return field_writers_close(b, w, count, err);
}

typedef struct {
	column_writer *user, *item, *time, *label, *split, *weight;
	field_writer *field;
	size_t field_count;
} sample_columns;

static bool sample_columns_open(builder *b, sample_columns *c, sr_error *err)
{
	*c = (sample_columns){ 0 };
	return folder_of(b, level_name(LEVEL_SAMPLE), err) && (c->user = column_open(b, LAYOUT_SAMPLE_USER, NPY_U32, 0, err)) &&
		(c->item = column_open(b, LAYOUT_SAMPLE_ITEM, NPY_U32, 0, err)) && (c->time = column_open(b, LAYOUT_SAMPLE_TIME, NPY_I64, 0, err)) &&
		(c->label = column_open(b, LAYOUT_SAMPLE_LABEL, NPY_U32, 0, err)) && (!b->has_split || (c->split = column_open(b, LAYOUT_SAMPLE_SPLIT, NPY_U32, 0, err))) &&
		(!b->has_weight || (c->weight = column_open(b, LAYOUT_SAMPLE_WEIGHT, NPY_F32, 0, err))) &&
		(c->field = field_writers_open(b, LEVEL_SAMPLE, &c->field_count, err));
}

static bool sample_columns_close(builder *b, sample_columns *c, bool fine, sr_error *err)
{
	column_writer *all[] = { c->user, c->item, c->time, c->label, c->split, c->weight };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (!fine)
			column_abandon(all[i]);
		else if (all[i])
			fine = column_close(b, all[i], err);
	}
	if (fine)
		return field_writers_close(b, c->field, c->field_count, err);
	field_writers_abandon(c->field, c->field_count);
	return false;
}

static void sample_put(builder *b, sample_columns *c, const uint32_t *sample)
{
	const struct ranks *r = b->ranks;
	int64_t time = record_time(sample);
	column_put_code(c->user, r->users.final[sample[RECORD_USER]]);
	column_put_code(c->item, r->items.final[sample[SAMPLE_ITEM]]);
	column_put(c->time, &time);
	column_put_code(c->label, r->labels.final[sample[SAMPLE_LABEL]]);
	if (c->split)
		column_put_code(c->split, r->splits.final[sample[SAMPLE_SPLIT]]);
	if (c->weight)
		column_put_code(c->weight, sample[SAMPLE_WEIGHT]); /* a float's bits */
	field_writers_put(c->field, c->field_count, sample);
}

bool samples_write(builder *b, sr_error *err)
{
	sample_columns c;
	sr_error failure = { 0 };
	if (!b->data->samples.count)
		return true;
	if (!sample_columns_open(b, &c, err) || !spill_rewind(b->samples, err))
		return sample_columns_close(b, &c, false, err);
	for (const uint32_t *sample; (sample = spill_next(b->samples, &failure));)
		sample_put(b, &c, sample);
	if (failure.code)
		error_set(err, failure.code, "%s", failure.text);
	return sample_columns_close(b, &c, !failure.code, err);
}

static bool vocabulary_put(builder *b, const ranking *r, const char *name, sr_error *err)
{
	char *path = path_join(b->folder, name);
	durable *file = ranking_write(r, path, err);
	free(path);
	return file && stored_add(b, name, NULL, file, err);
}

bool vocabularies_write(builder *b, sr_error *err)
{
	const struct ranks *r = b->ranks;
	const struct {
		const ranking *values;
		const char *name;
		bool there;
	} all[] = { { &r->users, LAYOUT_USERS, true }, { &r->items, LAYOUT_ITEMS, true }, { &r->types, LAYOUT_TYPES, true }, { &r->queries, LAYOUT_QUERIES, b->has_query },
		{ &r->sessions, LAYOUT_SESSIONS, b->has_session }, { &r->labels, LAYOUT_LABELS, b->data->samples.count > 0 }, { &r->splits, LAYOUT_SPLITS, b->has_split } };
	bool fine = folder_of(b, "vocab", err);
	for (size_t i = 0; i < sizeof all / sizeof *all && fine; i++)
		fine = !all[i].there || vocabulary_put(b, all[i].values, all[i].name, err);
	for (size_t i = 0; i < b->field_count && fine; i++) {
		if (!b->field[i].values)
			continue;
		char *name = layout_vocabulary((field_level)b->field[i].config->on, b->field[i].config->name, i);
		fine = vocabulary_put(b, &r->field[i], name, err);
		free(name);
	}
	return fine;
}
