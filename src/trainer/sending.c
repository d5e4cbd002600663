/* sending.c - see sending.h. */
#include "sending.h"

#include "seqrec/memory.h"

#include <stdlib.h>

typedef struct {
	pack_piece *piece;
	size_t count, capacity;
} pieces;

static void add(pieces *all, const void *data, size_t count)
{
	if (!data || !count)
		return;
	all->piece = xgrow(all->piece, &all->capacity, all->count + 1, sizeof *all->piece);
	all->piece[all->count++] = (pack_piece){ data, count };
}

static void add_codes(pieces *all, const feature_shape *feature, const pack_codes *codes, size_t rows)
{
	if (feature->form == FEATURE_NUMBER)
		return;
	add(all, codes->code, codes->count);
	if (feature->form == FEATURE_BAG)
		add(all, codes->start, rows + 1);
}

static void add_items(pieces *all, const item_block *items, const input_shape *shape)
{
	if (!items->count)
		return;
	add(all, items->row, items->count);
	for (size_t i = 0; i < shape->event_count; i++)
		if (shape->event[i].of_item)
			add_codes(all, &shape->event[i], &items->field[i], items->count);
	add(all, items->number, items->count * shape->event_columns);
}

void pack_send(const pack *p, const item_block *items, const input_shape *shape, runtime *rt)
{
	pieces all = { 0 };
	add_items(&all, items, shape);
	for (size_t i = 0; i < shape->event_count; i++)
		add_codes(&all, &shape->event[i], &p->event[i], p->events);
	for (size_t i = 0; i < shape->sample_count; i++)
		add_codes(&all, &shape->sample[i], &p->sample[i], p->samples);
	add(&all, p->start, (size_t)p->samples + 1);
	add(&all, p->event_number, (size_t)p->events * shape->event_columns);
	add(&all, p->sample_number, (size_t)p->samples * shape->sample_columns);
	add(&all, p->label, p->samples);
	add(&all, p->weight, p->samples);
	add(&all, p->time, p->events);
	add(&all, p->target_event, p->targets);
	add(&all, p->target, p->targets);
	add(&all, p->target_weight, p->targets);
	runtime_send(rt, all.piece, all.count);
	free(all.piece);
}
