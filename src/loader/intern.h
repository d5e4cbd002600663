#ifndef LOADER_INTERN_H
#define LOADER_INTERN_H
/* intern.h - byte strings -> codes 1, 2, ... in order of first sight. Provisional codes while logs are read; vocabulary.h orders them at the end. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct intern intern;

intern *intern_new(void);
void intern_free(intern *t);                                              /* NULL ok */
uint32_t intern_add(intern *t, const void *bytes, size_t length);         /* the code, new or old; 0 when 2^32 - 2 codes are used up */
/* Ahead of a lookup, so that its cache misses pass while other work is done: first the slot, then (a little later) the entry. */
uint64_t intern_touch(const intern *t, const void *bytes, size_t length); /* the hash */
uint32_t intern_add_hashed(intern *t, uint64_t hash, const void *bytes, size_t length); /* intern_add, with the hash that intern_touch gave */
/* intern_add for `count` (at most INTERN_BATCH) strings text[begin[i], begin[i] + length[i]), behind each of which 16 bytes may be read; false when codes ran out. */
enum { INTERN_BATCH = 64 };
bool intern_add_all(intern *t, const char *text, const uint32_t *begin, const uint32_t *length, size_t count, uint32_t *code);
/* The same without adding: 0 for a string that is not there. Several threads may look at once. */
void intern_find_all(const intern *t, const char *text, const uint32_t *begin, const uint32_t *length, size_t count, uint32_t *code);
void intern_touch_entry(const intern *t, uint64_t hash);
uint32_t intern_find(const intern *t, const void *bytes, size_t length);  /* 0 when absent */
uint32_t intern_count(const intern *t);
const char *intern_text(const intern *t, uint32_t code, size_t *length);  /* borrowed until the next intern_add; NUL-terminated */
void intern_seal(intern *t);                                              /* frees the table: only intern_count and intern_text work from now on; NULL ok */
size_t intern_bytes(const intern *t);                                     /* memory held */

#endif
