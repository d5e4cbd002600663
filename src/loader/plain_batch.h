#ifndef LOADER_PLAIN_BATCH_H
#define LOADER_PLAIN_BATCH_H
/* plain_batch.h - some plain rows of an event log, cell by cell, before their records are made (events_plain.c, pieces.c). */

#include "loader/builder.h"

typedef struct {
	uint32_t begin[INTERN_BATCH], length[INTERN_BATCH], code[INTERN_BATCH];
} plain_ids;

typedef struct {
	size_t count;
	uint32_t begin; /* of the row at hand */
	bool shared;    /* other threads read the builder at the same time: nothing of it may change, so mapped types get no code */
	plain_ids user, item, session, type;
	int64_t time[INTERN_BATCH];
} plain_batch;

/* Logs with searches or places in result lists, and such as have their user, item or time from elsewhere, are read row by row: false. */
bool plain_source(const builder *b, scan_state *x);
/* The cells and the time of the row at all->begin, whose cells end at `stop`, as number all->count; false: it needs care. */
bool plain_row_take(builder *b, scan_state *x, const plain_rows *rows, const uint32_t *stop, plain_batch *all);

#endif
