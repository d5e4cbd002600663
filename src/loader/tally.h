#ifndef LOADER_TALLY_H
#define LOADER_TALLY_H
/* tally.h - the conservation table while it is counted: read = used + filtered + bad. */

#include "seqrec/store.h"

typedef struct {
	uint64_t read, used;
	store_count *filtered, *bad; /* their reasons are owned */
	size_t filtered_count, bad_count;
} tally;

void tally_filtered(tally *t, const char *reason, uint64_t rows); /* 0 rows add nothing */
void tally_bad(tally *t, const char *reason);
uint64_t tally_bad_rows(const tally *t);
bool tally_check(const tally *t, const char *what, sr_error *err); /* SR_INTERNAL when the rows do not add up */
void tally_clear(tally *t);

#endif
