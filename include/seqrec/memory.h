#ifndef SEQREC_MEMORY_H
#define SEQREC_MEMORY_H
/* memory.h - the one place that allocates. Allocation never returns NULL: when memory runs out the hook is called once, and it must not return. */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *xmalloc(size_t bytes);
void *xcalloc(size_t count, size_t size);               /* zeroed; count * size is checked for overflow */
void *xrealloc(void *pointer, size_t count, size_t size); /* count * size is checked for overflow */
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t length);
void *xmemdup(const void *bytes, size_t length);

/* Room for `need` elements in a growing array (doubles). Usage: a = xgrow(a, &capacity, count + 1, sizeof *a); */
void *xgrow(void *pointer, size_t *capacity, size_t need, size_t size);

/* Asks the system for large pages where an array of many megabytes is going to be filled: a page fault for 2 MiB instead of 4 KiB. Only advice; xgrow gives it. */
void memory_large(void *pointer, size_t bytes);

/* 64-byte aligned, for vectors; release with free(). */
void *xaligned(size_t count, size_t size);

/* What to do when memory runs out: `bytes` is what was asked for. The default writes one line to standard error and exits with SR_MEMORY; a test may install another. */
void memory_on_failure(void (*hook)(size_t bytes));

/* An arena owns everything allocated from it; arena_reset keeps the blocks for the next round. */
typedef struct arena arena;
arena *arena_new(void);
void *arena_alloc(arena *a, size_t bytes);        /* 64-byte aligned, not zeroed */
char *arena_string(arena *a, const char *text, size_t length);
void arena_reset(arena *a);
size_t arena_bytes(const arena *a);               /* bytes held from the system */
void arena_free(arena *a);                        /* NULL ok */

#ifdef __cplusplus
}
#endif
#endif
