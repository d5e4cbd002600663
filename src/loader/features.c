/* features.c - the inputs as the encoder sees them, and their connection to a store: codes of the store to codes of the model. */
#include "feature.h"

#include "seqrec/hash.h"
#include "seqrec/instant.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

uint32_t log_bucket(int64_t microseconds)
{
	double minutes = microseconds > 0 ? (double)microseconds / (60 * (double)INSTANT_SECOND) : 0;
	double bucket = 1 + log2(1 + minutes) / 2;
	return bucket >= AGE_BUCKETS - 1 ? AGE_BUCKETS - 1 : (uint32_t)bucket;
}

const input_shape *features_shape(const features *f)
{
	return &f->shape;
}

uint32_t features_window(const features *f)
{
	return f->window;
}

static feature_shape *make_shapes(const features *f, const feature *list, size_t count, uint32_t *columns)
{
	feature_shape *shapes = xcalloc(count, sizeof *shapes);
	*columns = 0;
	for (size_t i = 0; i < count; i++) {
		shapes[i] = (feature_shape){ .name = list[i].name, .form = list[i].form, .rows = list[i].rows, .columns = list[i].columns, .of_item = list[i].source == FROM_ITEM_FIELD };
		*columns += list[i].form == FEATURE_NUMBER ? list[i].columns : 0;
		/* what an event's item and the candidate look up is one table: they must mean the same thing */
		for (size_t e = 0; list[i].vocabulary >= 0 && list != f->event && e < f->event_count; e++)
			if (f->event[e].vocabulary == list[i].vocabulary && f->event[e].form == list[i].form)
				shapes[i].share = f->event[e].name;
	}
	return shapes;
}

void features_finish(features *f)
{
	f->event_shape = make_shapes(f, f->event, f->event_count, &f->shape.event_columns);
	f->sample_shape = make_shapes(f, f->sample, f->sample_count, &f->shape.sample_columns);
	f->shape.event = f->event_shape;
	f->shape.sample = f->sample_shape;
	f->shape.event_count = f->event_count;
	f->shape.sample_count = f->sample_count;
	f->shape.classes = f->classes;
	f->shape.next_item = f->next_item;
	f->shape.user_events = f->user_events;
	f->shape.events = f->events;
	for (size_t i = 0; i < f->event_count; i++)
		if (f->event[i].source == FROM_ITEM)
			f->shape.item = i;
}

/* ---- binding ---- */

static void bind_vocabulary(feature_vocabulary *v, const vocabulary *values)
{
	if (v->bound == values)
		return;
	free(v->map);
	v->bound = values;
	v->map = xcalloc((size_t)vocabulary_count(values) + 1, sizeof *v->map);
	for (uint32_t code = 1; code <= vocabulary_count(values); code++)
		v->map[code] = CODE_UNKNOWN;
	for (uint32_t i = 0; i < v->count; i++) {
		uint32_t code = vocabulary_find(values, v->value[i], strlen(v->value[i]));
		if (code)
			v->map[code] = i + CODE_FIRST;
	}
}

static uint32_t hash_row(const char *word, size_t length, uint32_t rows)
{
	return (uint32_t)(hash_bytes(word, length) % rows);
}

static void bind_text(feature *f)
{
	const vocabulary *values = f->bound->values;
	free(f->hashed);
	f->hashed = xcalloc((size_t)vocabulary_count(values) + 1, sizeof *f->hashed);
	for (uint32_t code = 1; code <= vocabulary_count(values); code++) {
		size_t length;
		const char *word = vocabulary_text(values, code, &length);
		f->hashed[code] = hash_row(word, length, f->rows);
	}
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* Words of a query, in lower case (ASCII), as hash rows. */
static void bind_queries(feature *f, const vocabulary *queries)
{
	uint32_t count = vocabulary_count(queries), terms = 0;
	size_t capacity = 0;
	free(f->term_start);
	free(f->term);
	f->term = NULL;
	f->term_start = xcalloc((size_t)count + 2, sizeof *f->term_start);
	for (uint32_t code = 1; code <= count; code++) {
		const char *at = vocabulary_text(queries, code, NULL);
		f->term_start[code] = terms;
		while (*at) {
			char word[64];
			size_t length = 0;
			for (; is_letter(*at); at++)
				if (length < sizeof word)
					word[length++] = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
			if (length) {
				f->term = xgrow(f->term, &capacity, (size_t)terms + 1, sizeof *f->term);
				f->term[terms++] = hash_row(word, length, f->rows);
			}
			at += *at && !is_letter(*at);
		}
	}
	f->term_start[count + 1] = terms;
}

static bool bind_field(features *f, feature *one, const store *s, sr_error *err)
{
	static const field_level levels[] = { [FROM_EVENT_FIELD] = LEVEL_EVENT, [FROM_ITEM_FIELD] = LEVEL_ITEM, [FROM_USER_FIELD] = LEVEL_USER, [FROM_SAMPLE_FIELD] = LEVEL_SAMPLE,
		[FROM_CANDIDATE_FIELD] = LEVEL_ITEM };
	one->bound = store_find_field(s, levels[one->source], one->field);
	if (!one->bound || one->bound->kind != one->kind)
		return error_set(err, SR_DATA, "the model was trained on the field \"%s\", which these logs do not have. Add it to data.fields, or train without it", one->field);
	if (one->kind == KIND_VECTOR && one->bound->width != one->columns)
		return error_set(err, SR_DATA, "the field \"%s\" has %zu numbers a row; the model was trained on %u", one->field, one->bound->width, one->columns);
	if (one->kind == KIND_TEXT)
		bind_text(one);
	else if (one->vocabulary >= 0)
		bind_vocabulary(&f->vocabulary[one->vocabulary], one->bound->values);
	return true;
}

static bool bind_aggregate(feature *one, const samples *all, sr_error *err)
{
	for (size_t a = 0; a < all->aggregates; a++)
		if (strcmp(all->aggregate_name[a], one->field) == 0) {
			one->aggregate = a;
			return true;
		}
	one->aggregate = SIZE_MAX; /* an event type that these logs do not have: all counts are 0 */
	return all->aggregates || error_set(err, SR_DATA, "the model was trained on counts of events (\"%s\"), but these logs hold no events", one->field);
}

/* Logs of which the model knows no event type are told in another way than those it was trained on: a type column is missing, or a map of its values. */
static bool bind_types(feature_vocabulary *known, const vocabulary *types, sr_error *err)
{
	bind_vocabulary(known, types);
	for (uint32_t code = 1; code <= vocabulary_count(types); code++)
		if (known->map[code] >= CODE_FIRST)
			return true;
	return !vocabulary_count(types) || !known->count ||
	       error_set(err, SR_DATA, "no event type of these logs (\"%s\", ...) is one that the model was trained on (\"%s\", ...). See data.events[].type, .columns.type and .types", vocabulary_text(types, 1, NULL),
	                 known->value[0]);
}

static bool bind_feature(features *f, feature *one, const store *s, const samples *all, sr_error *err)
{
	switch (one->source) {
	case FROM_ITEM:
	case FROM_CANDIDATE: bind_vocabulary(&f->vocabulary[one->vocabulary], s->item_ids); return true;
	case FROM_TYPE: return bind_types(&f->vocabulary[one->vocabulary], s->types, err);
	case FROM_QUERY:
		if (!s->queries)
			return error_set(err, SR_DATA, "the model was trained on search queries, which these logs do not have (data.events[].columns.query)");
		bind_queries(one, s->queries);
		return true;
	case FROM_CLICK:
		return s->position || error_set(err, SR_DATA, "the model was trained on click positions, which these logs do not have (data.events[].columns.position)");
	case FROM_AGGREGATE: return bind_aggregate(one, all, err);
	case FROM_POSITION:
	case FROM_START:
	case FROM_AGE:
	case FROM_GAP:
	case FROM_DAYS:
	case FROM_SAME: return true;
	default: return bind_field(f, one, s, err);
	}
}

/* Which item of the store a row is. */
static void bind_items(features *f)
{
	const feature_vocabulary *v = &f->vocabulary[f->event[f->shape.item].vocabulary];
	free(f->store_item);
	f->store_item = xcalloc((size_t)v->count + CODE_FIRST, sizeof *f->store_item);
	for (uint32_t code = 1; code <= vocabulary_count(v->bound); code++)
		if (v->map[code] >= CODE_FIRST)
			f->store_item[v->map[code]] = code;
}

bool features_bind(features *f, const store *s, const samples *all, sr_error *err)
{
	bool done = true;
	f->store = s;
	for (size_t i = 0; i < f->vocabulary_count; i++)
		f->vocabulary[i].bound = NULL;
	for (size_t i = 0; done && i < f->event_count; i++)
		done = bind_feature(f, &f->event[i], s, all, err);
	for (size_t i = 0; done && i < f->sample_count; i++)
		done = bind_feature(f, &f->sample[i], s, all, err);
	if (done && f->next_item)
		bind_items(f);
	return done;
}

static void list_free(feature *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(list[i].name);
		free(list[i].field);
		free(list[i].edge);
		free(list[i].hashed);
		free(list[i].term_start);
		free(list[i].term);
	}
	free(list);
}

void features_free(features *f)
{
	if (!f)
		return;
	list_free(f->event, f->event_count);
	list_free(f->sample, f->sample_count);
	for (size_t i = 0; i < f->vocabulary_count; i++) {
		for (uint32_t v = 0; v < f->vocabulary[i].count; v++)
			free(f->vocabulary[i].value[v]);
		free(f->vocabulary[i].value);
		free(f->vocabulary[i].name);
		free(f->vocabulary[i].map);
	}
	free(f->vocabulary);
	free(f->store_item);
	free(f->event_shape);
	free(f->sample_shape);
	free(f);
}

double features_target_weight(const features *f, const samples *all, const sample *one)
{
	return sample_target_weight(all, one, f->store);
}

static const feature_vocabulary *items_of(const features *f)
{
	return &f->vocabulary[f->event[f->shape.item].vocabulary];
}

uint32_t features_item_row(const features *f, uint32_t item)
{
	return items_of(f)->map[item];
}

const char *features_item_id(const features *f, uint32_t row)
{
	return row < PACK_FIRST_ITEM ? "" : items_of(f)->value[row - PACK_FIRST_ITEM];
}

static const feature *event_input(const features *f, feature_source source)
{
	for (size_t i = 0; i < f->event_count; i++)
		if (f->event[i].source == source)
			return &f->event[i];
	return NULL;
}

double features_unknown_share(const features *f, const samples *all, const uint32_t *order, size_t count)
{
	const feature *item = event_input(f, FROM_ITEM);
	uint64_t seen = 0, unknown = 0;
	for (size_t i = 0; item && i < count; i++) {
		const sample *one = &all->item[order[i]];
		for (uint64_t e = one->first; e < one->end; e++) {
			uint32_t code = f->vocabulary[item->vocabulary].map[f->store->item[e]];
			seen += code != CODE_NONE;
			unknown += code == CODE_UNKNOWN;
		}
	}
	return seen ? (double)unknown / (double)seen : 0;
}

char *features_unknown_types(const features *f, const samples *all, const uint32_t *order, size_t count, double *share)
{
	const feature *type = event_input(f, FROM_TYPE);
	uint64_t rows[256] = { 0 }, events = 0, unknown = 0; /* by the store's code */
	text names = { 0 };
	for (size_t i = 0; type && i < count; i++)
		for (uint64_t e = all->item[order[i]].first; e < all->item[order[i]].end; e++)
			rows[f->store->type[e]]++;
	for (uint32_t code = 1; type && code <= vocabulary_count(f->store->types) && code < 256; code++) {
		events += rows[code];
		if (!rows[code] || f->vocabulary[type->vocabulary].map[code] != CODE_UNKNOWN)
			continue;
		unknown += rows[code];
		text_addf(&names, "%s%s", names.length ? ", " : "", vocabulary_text(f->store->types, code, NULL));
	}
	*share = events ? (double)unknown / (double)events : 0;
	return names.data;
}
