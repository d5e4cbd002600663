#ifndef LOADER_SPILL_H
#define LOADER_SPILL_H
/* spill.h - records of one width in a temporary file, or in memory: written in order, then read in order or at a place. The file has no name, so a crash
 * leaves nothing. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loader/packed.h"
#include "seqrec/error.h"

typedef struct spill spill;

spill *spill_new(const char *folder, size_t width /* bytes of a record */, sr_error *err);
/* In memory, over the records of `rows`, which it takes: what is added takes the place of the first ones, so add no more of them than were read. */
spill *spill_over(packed *rows);
void spill_keep(spill *s, size_t number); /* in memory: adds record `number` of `rows` as it is */
bool spill_add(spill *s, const void *record, sr_error *err);
bool spill_rewind(spill *s, sr_error *err);            /* what was added is written; reading starts at the first record */
const void *spill_next(spill *s, sr_error *err);       /* borrowed until the next call; NULL at the end, or with an error */
bool spill_read(spill *s, uint64_t first, size_t count, void *records, sr_error *err);
/* Where the words of a record stand in spill_rows: place[word], or SIZE_MAX and the word has this value in all records. Returns the words of such a row. */
size_t spill_places(const spill *s, size_t *place, uint32_t *value);
bool spill_rows(spill *s, uint64_t first, size_t count, uint32_t *rows, sr_error *err); /* as spill_read, but as they are kept */
uint64_t spill_count(const spill *s);
void spill_free(spill *s);                             /* NULL ok */

#endif
