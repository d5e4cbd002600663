/* item_block.c - items with their fields, as the encoder makes vectors of them to be told: the same values as in the events of these items. */
#include "feature.h"

#include "seqrec/memory.h"

#include <stdlib.h>
#include <string.h>

static void reserve(item_block *b, const features *f, size_t count)
{
	if (!b->field)
		b->field = xcalloc(f->event_count + 1, sizeof *b->field);
	if (b->row && count <= b->capacity)
		return;
	b->capacity = count + count / 2 + 16;
	b->row = xrealloc(b->row, b->capacity, sizeof *b->row);
	b->number = xrealloc(b->number, b->capacity * (f->shape.event_columns + 1), sizeof *b->number);
	for (size_t i = 0; i < f->event_count; i++)
		if (f->event_shape[i].of_item)
			codes_reserve(&b->field[i], b->capacity, f->event[i].form);
}

static void fill_field(item_block *b, const features *f, const feature *one, pack_codes *codes)
{
	codes->count = one->form == FEATURE_CODE ? b->count : 0;
	for (size_t i = 0; i < b->count; i++) {
		uint32_t item = f->store_item[b->row[i]];
		if (one->form == FEATURE_CODE) {
			codes->code[i] = item ? feature_code(f, one, (uint64_t)item - 1) : CODE_NONE;
			continue;
		}
		codes->start[i] = (uint32_t)codes->count;
		if (item)
			feature_bag(f, one, codes, (uint64_t)item - 1);
	}
	if (one->form == FEATURE_BAG)
		codes->start[b->count] = (uint32_t)codes->count;
}

static void fill_numbers(item_block *b, const features *f)
{
	float *out = b->number;
	memset(out, 0, b->count * f->shape.event_columns * sizeof *out);
	for (size_t i = 0; i < b->count; i++)
		for (size_t k = 0; k < f->event_count; k++) {
			const feature *one = &f->event[k];
			if (one->form != FEATURE_NUMBER)
				continue;
			uint64_t item = f->store_item[b->row[i]];
			if (f->event_shape[k].of_item)
				feature_number(one, item != 0, item - 1, out);
			out += one->columns;
		}
}

void items_fill(item_block *b, const features *f, const uint32_t *row, uint32_t first, size_t count)
{
	reserve(b, f, count);
	b->count = count;
	for (size_t i = 0; i < count; i++)
		b->row[i] = row ? row[i] : first + (uint32_t)i;
	for (size_t i = 0; i < f->event_count; i++)
		if (f->event_shape[i].of_item && f->event[i].form != FEATURE_NUMBER)
			fill_field(b, f, &f->event[i], &b->field[i]);
	if (f->shape.event_columns)
		fill_numbers(b, f);
}

void item_block_free(item_block *b, const features *f)
{
	for (size_t i = 0; b->field && i < f->event_count; i++) {
		free(b->field[i].code);
		free(b->field[i].start);
	}
	free(b->field);
	free(b->row);
	free(b->number);
	*b = (item_block){ 0 };
}
