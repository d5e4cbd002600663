/* Records of which the words that never change are kept once: most logs fill a few of the columns there could be. */
#include "loader/packed.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "seqrec/memory.h"

packed *packed_new(size_t words, size_t key)
{
	packed *p = xcalloc(1, sizeof *p);
	p->words = words;
	p->key = key;
	p->kept = xcalloc(words, sizeof *p->kept);
	p->alike = xcalloc(words, sizeof *p->alike);
	p->value = xcalloc(words, sizeof *p->value);
	packed_clear(p);
	return p;
}

void packed_free(packed *p)
{
	if (!p)
		return;
	free(p->data);
	free(p->kept);
	free(p->alike);
	free(p->value);
	free(p);
}

void packed_clear(packed *p)
{
	free(p->data);
	p->data = NULL;
	p->count = p->capacity = p->stride = 0;
	for (size_t i = 0; i < p->words; i++) {
		if (i < p->key)
			p->kept[p->stride++] = i;
		else
			p->alike[i - p->key] = i;
	}
}

void packed_room(packed *p, size_t records)
{
	p->data = xgrow(p->data, &p->capacity, records * p->words, sizeof *p->data);
}

void packed_replace(packed *p, uint32_t *data)
{
	free(p->data);
	p->data = data;
	p->capacity = p->count * p->stride;
}

/* The records as they are, in a row for each that has room for the wider ones. */
static void rows_spread(packed *p, const size_t *kept, size_t stride)
{
	uint32_t *wide = xcalloc(p->capacity > p->count * stride ? p->capacity : p->count * stride, sizeof *wide);
	for (size_t number = 0; number < p->count; number++)
		for (size_t i = 0, from = 0; i < stride; i++) {
			bool had = from < p->stride && p->kept[from] == kept[i];
			wide[number * stride + i] = had ? p->data[number * p->stride + from] : p->value[kept[i]];
			from += had;
		}
	free(p->data);
	p->data = wide;
	p->capacity = p->capacity > p->count * stride ? p->capacity : p->count * stride;
}

void packed_widen(packed *p, const uint32_t *given)
{
	if (!p->count) {
		memcpy(p->value, given, p->words * sizeof *given);
		return;
	}
	size_t *kept = xcalloc(p->words, sizeof *kept), stride = 0, alike = 0;
	for (size_t i = 0, had = 0; i < p->words; i++) {
		bool keep = (had < p->stride && p->kept[had] == i) || given[i] != p->value[i];
		had += had < p->stride && p->kept[had] == i;
		if (keep)
			kept[stride++] = i;
		else
			p->alike[alike++] = i;
	}
	rows_spread(p, kept, stride);
	free(p->kept);
	p->kept = kept;
	p->stride = stride;
}
