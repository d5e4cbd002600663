#ifndef LOADER_SORT_H
#define LOADER_SORT_H
/* sort.h - sorts event records by (user, time), stable, within a bounded memory: sorted runs on disk, merged. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loader/packed.h"
#include "seqrec/error.h"

/* The first words of a record: its user code and its time as a pair of words that compare like the int64. */
enum { RECORD_USER, RECORD_TIME_HIGH, RECORD_TIME_LOW, RECORD_KEY };

static inline void record_set_time(uint32_t *words, int64_t time)
{
	uint64_t biased = (uint64_t)time ^ (UINT64_C(1) << 63);
	words[RECORD_TIME_HIGH] = (uint32_t)(biased >> 32);
	words[RECORD_TIME_LOW] = (uint32_t)biased;
}

static inline int64_t record_time(const uint32_t *words)
{
	return (int64_t)(((uint64_t)words[RECORD_TIME_HIGH] << 32 | words[RECORD_TIME_LOW]) ^ (UINT64_C(1) << 63));
}

typedef struct sorter sorter;

sorter *sorter_new(const char *folder, size_t words /* of a record */);
void sorter_limit(sorter *s, size_t bytes); /* memory that the sorter may hold from now on */
bool sorter_add(sorter *s, const uint32_t *record, sr_error *err);
bool sorter_add_all(sorter *s, const uint32_t *records, size_t count, sr_error *err); /* side by side; few, for memory is looked at once */
bool sorter_finish(sorter *s, sr_error *err);
const uint32_t *sorter_next(sorter *s, sr_error *err); /* after sorter_finish: borrowed until the next call; NULL at the end, or with an error */
packed *sorter_take(sorter *s); /* after sorter_finish, instead of sorter_next: all records in order, the caller's from now on; NULL when there are runs on disk */
uint64_t sorter_count(const sorter *s);
size_t sorter_runs(const sorter *s); /* runs on disk */
void sorter_free(sorter *s);         /* NULL ok */

#endif
