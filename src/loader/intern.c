/* Open-addressing hash table over one growing arena: no allocation and no pointer a string. A slot holds half of the hash beside the code, so that
 * most misses are seen without touching the bytes. */
#include "loader/intern.h"

#include <stdlib.h>
#include <string.h>

#include "seqrec/hash.h"
#include "seqrec/memory.h"

struct intern {
	uint64_t *slot; /* hash's upper half << 32 | code; 0 = free */
	size_t mask;    /* slots - 1; slots is a power of two */
	char *bytes;    /* all strings end to end, each with a NUL */
	size_t used, capacity;
	uint64_t *start; /* (count + 1) */
	size_t start_capacity;
	uint32_t count;
};

enum { FIRST_SLOTS = 64 };

intern *intern_new(void)
{
	intern *t = xcalloc(1, sizeof *t);
	t->slot = xcalloc(FIRST_SLOTS, sizeof *t->slot);
	t->mask = FIRST_SLOTS - 1;
	t->start = xgrow(NULL, &t->start_capacity, 1, sizeof *t->start);
	t->start[0] = 0;
	return t;
}

void intern_free(intern *t)
{
	if (!t)
		return;
	free(t->slot);
	free(t->bytes);
	free(t->start);
	free(t);
}

uint32_t intern_count(const intern *t)
{
	return t->count;
}

const char *intern_text(const intern *t, uint32_t code, size_t *length)
{
	if (length)
		*length = (size_t)(t->start[code] - t->start[code - 1] - 1);
	return t->bytes + t->start[code - 1];
}

size_t intern_bytes(const intern *t)
{
	return t->used + (t->mask + 1) * sizeof *t->slot + ((size_t)t->count + 1) * sizeof *t->start;
}

static int entry_equal(const intern *t, uint32_t code, const void *bytes, size_t length)
{
	size_t had;
	const char *text = intern_text(t, code, &had);
	return had == length && memcmp(text, bytes, length) == 0;
}

/* The slot of the string, or the free slot where it belongs. */
static size_t slot_of(const intern *t, uint64_t hash, const void *bytes, size_t length)
{
	size_t at = (size_t)hash & t->mask;
	while (t->slot[at] && !(t->slot[at] >> 32 == hash >> 32 && entry_equal(t, (uint32_t)t->slot[at], bytes, length)))
		at = (at + 1) & t->mask;
	return at;
}

uint32_t intern_find(const intern *t, const void *bytes, size_t length)
{
	return (uint32_t)t->slot[slot_of(t, hash_bytes(bytes, length), bytes, length)];
}

static void table_double(intern *t)
{
	size_t mask = t->mask * 2 + 1;
	uint64_t *slot = xcalloc(mask + 1, sizeof *slot);
	for (uint32_t code = 1; code <= t->count; code++) {
		size_t length;
		const char *text = intern_text(t, code, &length);
		uint64_t hash = hash_bytes(text, length);
		size_t at = (size_t)hash & mask;
		while (slot[at])
			at = (at + 1) & mask;
		slot[at] = (hash >> 32 << 32) | code;
	}
	free(t->slot);
	t->slot = slot;
	t->mask = mask;
}

uint32_t intern_add(intern *t, const void *bytes, size_t length)
{
	uint64_t hash = hash_bytes(bytes, length);
	size_t at = slot_of(t, hash, bytes, length);
	if (t->slot[at])
		return (uint32_t)t->slot[at];
	if (t->count >= UINT32_MAX - 1)
		return 0;
	t->bytes = xgrow(t->bytes, &t->capacity, t->used + length + 1, 1);
	if (length)
		memcpy(t->bytes + t->used, bytes, length);
	t->bytes[t->used + length] = 0;
	t->used += length + 1;
	uint32_t code = ++t->count;
	t->start = xgrow(t->start, &t->start_capacity, (size_t)code + 1, sizeof *t->start);
	t->start[code] = t->used;
	t->slot[at] = (hash >> 32 << 32) | code;
	if ((uint64_t)code * 3 > ((uint64_t)t->mask + 1) * 2)
		table_double(t);
	return code;
}
