/* memory.c - allocation that never returns NULL, growing arrays, arenas. */
#define _GNU_SOURCE /* madvise */
#include "seqrec/memory.h"

#include "seqrec/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ALIGNMENT = 64, ARENA_BLOCK = 64 * 1024, LARGE = 4 * 1024 * 1024 };

static void fail_by_exit(size_t bytes)
{
	char line[128];
	int length = snprintf(line, sizeof line, "seqrec: error: out of memory: %zu bytes were asked for. Lower train.batch, model.width or data.memory.\n", bytes);
	if (length > 0 && write(STDERR_FILENO, line, (size_t)length) < 0)
		_exit(SR_MEMORY);
	_exit(SR_MEMORY);
}

static void (*failure_hook)(size_t) = fail_by_exit;

void memory_on_failure(void (*hook)(size_t))
{
	failure_hook = hook ? hook : fail_by_exit;
}

static void *checked(void *pointer, size_t bytes)
{
	if (!pointer) {
		failure_hook(bytes);
		abort();
	}
	return pointer;
}

static size_t product(size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes)) {
		failure_hook(SIZE_MAX);
		abort();
	}
	return bytes ? bytes : 1;
}

void *xmalloc(size_t bytes)
{
	return checked(malloc(bytes ? bytes : 1), bytes);
}

void *xcalloc(size_t count, size_t size)
{
	size_t bytes = product(count, size);
	return checked(calloc(1, bytes), bytes);
}

void *xrealloc(void *pointer, size_t count, size_t size)
{
	size_t bytes = product(count, size);
	return checked(realloc(pointer, bytes), bytes);
}

char *xstrndup(const char *string, size_t length)
{
	char *copy = xmalloc(length + 1);
	memcpy(copy, string, length);
	copy[length] = '\0';
	return copy;
}

char *xstrdup(const char *string)
{
	return xstrndup(string, strlen(string));
}

void *xmemdup(const void *bytes, size_t length)
{
	void *copy = xmalloc(length);
	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

void *xgrow(void *pointer, size_t *capacity, size_t need, size_t size)
{
	if (need <= *capacity)
		return pointer;
	size_t grown = *capacity < 16 ? 16 : *capacity;
	while (grown < need)
		grown = grown > SIZE_MAX / 2 ? need : grown * 2;
	*capacity = grown;
	pointer = xrealloc(pointer, grown, size);
	memory_large(pointer, grown * size);
	return pointer;
}

/* Whole pages around the array, so that an allocation of its own stays one mapping, which can grow. */
void memory_large(void *pointer, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	if (bytes < LARGE)
		return;
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), begin = (uintptr_t)pointer / page * page, end = (uintptr_t)pointer + bytes;
	madvise((void *)begin, end - begin, MADV_HUGEPAGE);
#else
	(void)pointer, (void)bytes;
#endif
}

void *xaligned(size_t count, size_t size)
{
	size_t bytes = product(count, size);
	bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	return checked(aligned_alloc(ALIGNMENT, bytes), bytes);
}

/* ---- arenas ---- */

typedef struct block {
	struct block *next;
	size_t size, used;
	unsigned char *bytes;
} block;

struct arena {
	block *first, *current;
	size_t held;
};

arena *arena_new(void)
{
	return xcalloc(1, sizeof(arena));
}

static block *block_new(arena *a, size_t bytes)
{
	block *b = xmalloc(sizeof *b);
	*b = (block){ .size = bytes > ARENA_BLOCK ? bytes : ARENA_BLOCK };
	b->bytes = xaligned(b->size, 1);
	a->held += b->size;
	return b;
}

void *arena_alloc(arena *a, size_t bytes)
{
	bytes = product(bytes, 1);
	bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	block **link = a->current ? &a->current : &a->first;
	while (*link && (*link)->size - (*link)->used < bytes)
		link = &(*link)->next;
	if (!*link)
		*link = block_new(a, bytes);
	block *b = *link;
	a->current = b;
	void *result = b->bytes + b->used;
	b->used += bytes;
	return result;
}

char *arena_string(arena *a, const char *string, size_t length)
{
	char *copy = arena_alloc(a, length + 1);
	memcpy(copy, string, length);
	copy[length] = '\0';
	return copy;
}

void arena_reset(arena *a)
{
	for (block *b = a->first; b; b = b->next)
		b->used = 0;
	a->current = a->first;
}

size_t arena_bytes(const arena *a)
{
	return a->held;
}

void arena_free(arena *a)
{
	if (!a)
		return;
	for (block *b = a->first, *next; b; b = next) {
		next = b->next;
		free(b->bytes);
		free(b);
	}
	free(a);
}
