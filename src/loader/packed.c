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

/* Room that is not used costs no memory, and moving many records costs time: some megabytes grow fast. */
void packed_room(packed *p, size_t records)
{
	enum { MUCH = 1024 * 1024, FASTER = 8 };
	size_t need = records * p->words;
	p->data = xgrow(p->data, &p->capacity, need > MUCH && need <= MUCH * FASTER ? need * FASTER : need, sizeof *p->data);
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

static bool all_alike(const packed *p, const uint32_t *given, size_t count)
{
	uint32_t differ = 0;
	for (size_t i = 0; i < p->words - p->stride; i++)
		for (size_t k = 0, word = p->alike[i]; k < count; k++)
			differ |= given[k * p->words + word] ^ p->value[word];
	return !differ;
}

void packed_add_all(packed *p, const uint32_t *given, size_t count)
{
	if (p->capacity < (p->count + count) * p->words)
		packed_room(p, p->count + count);
	if (!p->count || !all_alike(p, given, count)) {
		for (size_t k = 0; k < count; k++)
			packed_add(p, given + k * p->words);
		return;
	}
	uint32_t *to = p->data + p->count * p->stride;
	for (size_t i = 0; i < p->stride; i++)
		for (size_t k = 0, word = p->kept[i]; k < count; k++)
			to[k * p->stride + i] = given[k * p->words + word];
	p->count += count;
}
