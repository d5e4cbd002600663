/* live.c - a history in place of the events of a store. */
#include "live.h"

#include "loader/aggregates.h"
#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t widest(const live_store *l)
{
	size_t width = 1;
	for (size_t i = 0; i < l->s.field_count; i++)
		width = l->field[i].width > width ? l->field[i].width : width;
	return width;
}

/* Features keep the addresses of fields, which stay; where their values are may change. */
static void point_fields(live_store *l)
{
	for (size_t i = 0; i < l->s.field_count; i++) {
		store_field *f = &l->field[i];
		if (f->on != LEVEL_EVENT && f->on != LEVEL_SAMPLE)
			continue;
		f->rows = l->capacity;
		f->number = f->number ? l->nan : NULL;
		f->code = f->code ? l->zero : NULL;
		f->start = f->start ? l->start : NULL;
	}
	l->s.time = l->time;
	l->s.type = l->type;
	l->s.item = l->item;
	l->s.query = l->base->query ? l->zero : NULL;
	l->s.session = l->base->session ? l->zero : NULL;
	l->s.position = l->base->position ? l->zero : NULL;
}

static void reserve(live_store *l, size_t events)
{
	size_t had = l->capacity, width = widest(l);
	if (events <= had)
		return;
	while (l->capacity < events)
		l->capacity = l->capacity ? 2 * l->capacity : 64;
	l->time = xrealloc(l->time, l->capacity, sizeof *l->time);
	l->type = xrealloc(l->type, l->capacity, sizeof *l->type);
	l->item = xrealloc(l->item, l->capacity, sizeof *l->item);
	l->zero = xrealloc(l->zero, l->capacity, sizeof *l->zero);
	l->start = xrealloc(l->start, l->capacity + 1, sizeof *l->start);
	memset(l->zero, 0, l->capacity * sizeof *l->zero);
	memset(l->start, 0, (l->capacity + 1) * sizeof *l->start);
	l->nan = xrealloc(l->nan, l->capacity * width, sizeof *l->nan);
	for (size_t i = 0; i < l->capacity * width; i++)
		l->nan[i] = NAN;
	point_fields(l);
}

/* Next items alone: the whole history is known, to its last event. */
static bool is_untimed(const live_store *l)
{
	return l->all.next_item && !l->all.classes;
}

void live_open(live_store *l, store *base, const strings *classes, bool next_item, bool aggregates)
{
	static const uint64_t nobody[] = { 0 };
	*l = (live_store){ .base = base, .s = *base, .aggregates = aggregates };
	l->field = xmemdup(base->field, base->field_count * sizeof *l->field);
	l->s.field = l->field;
	l->s.events = 0;
	l->s.users = 0; /* nobody's events but the history's; rows of attributes are found by the user's code alone */
	l->s.user_start = nobody;
	l->s.samples = 1;
	l->all = (samples){ .item = &l->one, .count = 1, .class_name = classes->item, .classes = classes->count, .next_item = next_item };
	reserve(l, 64);
	if (aggregates)
		aggregates_compute(&l->all, &l->s);
}

static void clear_aggregates(live_store *l)
{
	for (size_t i = 0; i < l->all.aggregates; i++)
		free(l->all.aggregate_name[i]);
	free(l->all.aggregate_name);
	free(l->all.aggregate);
	l->all.aggregate_name = NULL;
	l->all.aggregate = NULL;
	l->all.aggregates = 0;
}

void live_close(live_store *l)
{
	void *const parts[] = { l->field, l->time, l->type, l->item, l->zero, l->nan, l->start };
	clear_aggregates(l);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		free(parts[i]);
	store_close(l->base);
}

static uint32_t code_of(const vocabulary *v, const char *name)
{
	return name && *name ? vocabulary_find(v, name, strlen(name)) : 0;
}

bool live_set(live_store *l, const seqrec_history *h, const char **why)
{
	reserve(l, h->events + 1);
	for (size_t i = 0; i < h->events; i++) {
		*why = "events are not in order of time";
		if (i && h->event[i].time < h->event[i - 1].time)
			return false;
		l->time[i] = h->event[i].time;
		l->type[i] = (uint8_t)code_of(l->s.types, h->event[i].type);
		l->item[i] = code_of(l->s.item_ids, h->event[i].item);
	}
	*why = "now does not lie after the last event";
	if (!is_untimed(l) && h->events && h->now <= l->time[h->events - 1])
		return false;
	l->s.events = h->events;
	l->one = (sample){ .user = code_of(l->s.user_ids, h->user), .end = h->events, .cut = is_untimed(l) ? INT64_MAX : h->now, .row = SAMPLE_NO_ROW, .label = SAMPLE_UNLABELLED, .weight = 1,
		.targets = l->all.next_item ? h->events : 0 };
	if (l->aggregates) {
		clear_aggregates(l);
		aggregates_compute(&l->all, &l->s);
	}
	return true;
}
