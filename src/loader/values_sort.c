/* Quicksort (Hoare 1962) in place over (count, first bytes, code), so that vocabularies of many millions need little memory and few looks at their strings. */
#include "loader/values_sort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "seqrec/memory.h"

enum { PREFIX_BYTES = 7, INSERTION = 16 };

/* count: the rows, cut at 255, inverted; with the prefix it makes one number that compares like both. Higher counts are compared through rows. */
typedef struct {
	uint64_t key;
	uint32_t code;
} entry;

typedef struct {
	const intern *values;
	const uint64_t *rows;
} sorting;

static uint64_t key_of(const sorting *s, uint32_t code)
{
	size_t length;
	const char *bytes = intern_text(s->values, code, &length);
	uint64_t rows = s->rows[code], key = rows < UINT8_MAX ? UINT8_MAX - rows : 0;
	for (size_t i = 0; i < PREFIX_BYTES; i++)
		key = key << 8 | (i < length && rows < UINT8_MAX ? (unsigned char)bytes[i] : 0);
	return key;
}

/* All values differ, so one of two always comes first. */
static bool comes_before(const sorting *s, entry a, entry b)
{
	if (a.key != b.key)
		return a.key < b.key;
	if (s->rows[a.code] != s->rows[b.code])
		return s->rows[a.code] > s->rows[b.code];
	size_t x, y;
	const char *left = intern_text(s->values, a.code, &x), *right = intern_text(s->values, b.code, &y);
	int order = memcmp(left, right, x < y ? x : y);
	return order ? order < 0 : x < y;
}

static void insertion_sort(const sorting *s, entry *e, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		entry moved = e[i];
		size_t at = i;
		for (; at && comes_before(s, moved, e[at - 1]); at--)
			e[at] = e[at - 1];
		e[at] = moved;
	}
}

/* Parts e so that nothing in [0, result) comes behind anything in [result, count). The pivot's place is drawn, so that no order of the values is a bad one. */
static size_t part(const sorting *s, entry *e, size_t count)
{
	uint64_t draw = count * UINT64_C(0x9E3779B97F4A7C15);
	entry pivot = e[(draw >> 32) % (count - 1)];
	size_t low = 0, high = count - 1;
	for (;; low++, high--) {
		while (comes_before(s, e[low], pivot))
			low++;
		while (comes_before(s, pivot, e[high]))
			high--;
		if (low >= high)
			return high + 1;
		entry swap = e[low];
		e[low] = e[high];
		e[high] = swap;
	}
}

static void entries_sort(const sorting *s, entry *e, size_t count)
{
	while (count > INSERTION) {
		size_t left = part(s, e, count), right = count - left;
		entries_sort(s, left < right ? e : e + left, left < right ? left : right); /* the smaller part: the depth stays logarithmic */
		e = left < right ? e + left : e;
		count = left < right ? right : left;
	}
	insertion_sort(s, e, count);
}

void values_sort(const intern *values, const uint64_t *rows, uint32_t *codes, size_t count)
{
	sorting s = { values, rows };
	entry *e = xcalloc(count + 1, sizeof *e);
	for (size_t i = 0; i < count; i++)
		e[i] = (entry){ key_of(&s, codes[i]), codes[i] };
	entries_sort(&s, e, count);
	for (size_t i = 0; i < count; i++)
		codes[i] = e[i].code;
	free(e);
}
