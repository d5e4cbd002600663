#ifndef SEQREC_LOADER_ITEM_TOTALS_H
#define SEQREC_LOADER_ITEM_TOTALS_H
/* item_totals.h - counts of all users' events with an item within a span of time. */

#include "seqrec/store.h"

typedef struct item_totals item_totals;
/* For event types 1 .. types of the store. */
item_totals *item_totals_new(const store *s, size_t types);
void item_totals_free(item_totals *t); /* NULL ok */

/* Events of `type` (from 0) with `item` (a code from 1) at times from <= time < to; from INT64_MIN: all before `to`. */
uint64_t item_totals_count(const item_totals *t, uint32_t item, size_t type, int64_t from, int64_t to);

#endif
