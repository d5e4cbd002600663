/* Open-addressing hash table over one growing arena: no allocation and no pointer a string. A slot holds some bits of the hash beside the entry's place, and an
 * entry its code, length and bytes together, so that a lookup costs two cache misses and most misses one. */
#include "loader/intern.h"

#include <stdlib.h>
#include <string.h>

#include "seqrec/hash.h"
#include "seqrec/memory.h"

/* Stands before the bytes of a string; entries are aligned to ALIGNMENT and end with a NUL. */
typedef struct {
	uint32_t code, length;
} entry;

struct intern {
	uint64_t *slot; /* hash's upper TAG_BITS above the entry's place / ALIGNMENT; 0 = free */
	size_t mask;    /* slots - 1; slots is a power of two */
	char *arena;
	size_t used, capacity;
	uint64_t *place; /* (count + 1) of each code's entry */
	size_t place_capacity;
	uint32_t count;
};

/* SLACK: so many bytes behind an entry may be read. */
enum { FIRST_SLOTS = 64, SLACK = 16, ALIGNMENT = sizeof(uint32_t), TAG_BITS = 24, PLACE_BITS = 64 - TAG_BITS };
#define PLACE_MASK ((UINT64_C(1) << PLACE_BITS) - 1)

intern *intern_new(void)
{
	intern *t = xcalloc(1, sizeof *t);
	t->slot = xcalloc(FIRST_SLOTS, sizeof *t->slot);
	t->mask = FIRST_SLOTS - 1;
	t->place = xgrow(NULL, &t->place_capacity, 1, sizeof *t->place);
	t->place[0] = 0;
	t->used = ALIGNMENT; /* place 0 would look like a free slot */
	t->arena = xgrow(NULL, &t->capacity, t->used + SLACK, 1);
	return t;
}

void intern_free(intern *t)
{
	if (!t)
		return;
	free(t->slot);
	free(t->arena);
	free(t->place);
	free(t);
}

uint32_t intern_count(const intern *t)
{
	return t->count;
}

static entry entry_at(const intern *t, uint64_t place)
{
	entry e;
	memcpy(&e, t->arena + place, sizeof e);
	return e;
}

const char *intern_text(const intern *t, uint32_t code, size_t *length)
{
	uint64_t place = t->place[code];
	if (length)
		*length = entry_at(t, place).length;
	return t->arena + place + sizeof(entry);
}

size_t intern_bytes(const intern *t)
{
	return t->used + (t->mask + 1) * sizeof *t->slot + ((size_t)t->count + 1) * sizeof *t->place;
}

void intern_seal(intern *t)
{
	if (!t)
		return;
	free(t->slot);
	t->slot = NULL;
	t->mask = SIZE_MAX; /* no slots */
}

static uint64_t slot_place(uint64_t slot)
{
	return (slot & PLACE_MASK) * ALIGNMENT;
}

static uint64_t slot_make(uint64_t hash, uint64_t place)
{
	return hash >> PLACE_BITS << PLACE_BITS | place / ALIGNMENT;
}

/* The slot of the string, or the free slot where it belongs. *code is 0 for the latter. */
static size_t slot_find(const intern *t, uint64_t hash, const void *bytes, size_t length, uint32_t *code)
{
	size_t at = (size_t)hash & t->mask;
	for (*code = 0; t->slot[at]; at = (at + 1) & t->mask) {
		if ((t->slot[at] ^ hash) >> PLACE_BITS)
			continue;
		uint64_t place = slot_place(t->slot[at]);
		entry e = entry_at(t, place);
		if (e.length == length && memcmp(t->arena + place + sizeof e, bytes, length) == 0) {
			*code = e.code;
			break;
		}
	}
	return at;
}

uint64_t intern_touch(const intern *t, const void *bytes, size_t length)
{
	uint64_t hash = hash_bytes(bytes, length);
	__builtin_prefetch(&t->slot[hash & t->mask]);
	return hash;
}

void intern_touch_entry(const intern *t, uint64_t hash)
{
	__builtin_prefetch(t->arena + slot_place(t->slot[hash & t->mask]));
}

uint32_t intern_find(const intern *t, const void *bytes, size_t length)
{
	uint32_t code;
	slot_find(t, hash_bytes(bytes, length), bytes, length, &code);
	return code;
}

static void table_double(intern *t)
{
	size_t mask = t->mask * 2 + 1;
	uint64_t *slot = xcalloc(mask + 1, sizeof *slot);
	memory_large(slot, (mask + 1) * sizeof *slot);
	for (uint32_t code = 1; code <= t->count; code++) {
		size_t length;
		const char *bytes = intern_text(t, code, &length);
		uint64_t hash = hash_bytes(bytes, length);
		size_t at = (size_t)hash & mask;
		while (slot[at])
			at = (at + 1) & mask;
		slot[at] = slot_make(hash, t->place[code]);
	}
	free(t->slot);
	t->slot = slot;
	t->mask = mask;
}

/* Appends an entry; returns its place. */
static uint64_t entry_add(intern *t, entry e, const void *bytes)
{
	uint64_t place = t->used;
	size_t size = (sizeof e + e.length + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	t->arena = xgrow(t->arena, &t->capacity, t->used + size + SLACK, 1);
	memcpy(t->arena + place, &e, sizeof e);
	if (e.length)
		memcpy(t->arena + place + sizeof e, bytes, e.length);
	memset(t->arena + place + sizeof e + e.length, 0, size - sizeof e - e.length);
	t->used += size;
	return place;
}

uint32_t intern_add(intern *t, const void *bytes, size_t length)
{
	return intern_add_hashed(t, hash_bytes(bytes, length), bytes, length);
}

uint32_t intern_add_hashed(intern *t, uint64_t hash, const void *bytes, size_t length)
{
	uint32_t code;
	size_t at = slot_find(t, hash, bytes, length, &code);
	if (code)
		return code;
	if (t->count >= UINT32_MAX - 1 || length > UINT32_MAX)
		return 0;
	code = ++t->count;
	t->place = xgrow(t->place, &t->place_capacity, (size_t)code + 1, sizeof *t->place);
	t->place[code] = entry_add(t, (entry){ code, (uint32_t)length }, bytes);
	t->slot[at] = slot_make(hash, t->place[code]);
	if ((uint64_t)code * 3 > ((uint64_t)t->mask + 1) * 2)
		table_double(t);
	return code;
}

/* A string of fewer than 16 bytes as two numbers. */
typedef struct {
	uint64_t first, second;
} words;

static inline words words_read(const char *bytes, size_t length)
{
	static const uint64_t mask[] = { 0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,
		UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, 0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff };
	words w;
	memcpy(&w, bytes, sizeof w);
	w.first &= mask[length];
	w.second &= length < 8 ? 0 : mask[length + 8];
	return w;
}

/* The code of a short string, or 0. */
static inline uint32_t short_find(const intern *t, uint64_t hash, words w, size_t length)
{
	for (size_t at = (size_t)hash & t->mask; t->slot[at]; at = (at + 1) & t->mask) {
		if ((t->slot[at] ^ hash) >> PLACE_BITS)
			continue;
		uint64_t place = slot_place(t->slot[at]);
		entry e = entry_at(t, place);
		words had = words_read(t->arena + place + sizeof e, length);
		if (e.length == length && had.first == w.first && had.second == w.second)
			return e.code;
	}
	return 0;
}

enum { SHORT = 16 };

/* Looks for up to INTERN_BATCH strings: all slots are asked for before the first one is needed, then all entries. Longer strings get no code here. */
static inline void batch_find(const intern *t, const char *text, const uint32_t *begin, const uint32_t *length, size_t count, uint64_t *hash, uint32_t *code)
{
	words w[INTERN_BATCH];
	for (size_t i = 0; i < count; i++) {
		w[i] = words_read(text + begin[i], length[i] < SHORT ? length[i] : 0);
		hash[i] = length[i] < SHORT ? hash_short(w[i].first, w[i].second, length[i]) : hash_bytes(text + begin[i], length[i]);
		__builtin_prefetch(&t->slot[hash[i] & t->mask]);
	}
	for (size_t i = 0; i < count; i++)
		intern_touch_entry(t, hash[i]);
	for (size_t i = 0; i < count; i++)
		code[i] = length[i] < SHORT ? short_find(t, hash[i], w[i], length[i]) : 0;
}

bool intern_add_all(intern *t, const char *text, const uint32_t *begin, const uint32_t *length, size_t count, uint32_t *code)
{
	uint64_t hash[INTERN_BATCH];
	bool all = true;
	batch_find(t, text, begin, length, count, hash, code);
	for (size_t i = 0; i < count; i++) {
		if (!code[i])
			code[i] = intern_add_hashed(t, hash[i], text + begin[i], length[i]);
		all = all && code[i];
	}
	return all;
}

void intern_find_all(const intern *t, const char *text, const uint32_t *begin, const uint32_t *length, size_t count, uint32_t *code)
{
	uint64_t hash[INTERN_BATCH];
	batch_find(t, text, begin, length, count, hash, code);
	for (size_t i = 0; i < count; i++)
		if (length[i] >= SHORT)
			slot_find(t, hash[i], text + begin[i], length[i], &code[i]);
}
