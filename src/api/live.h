#ifndef SEQREC_API_LIVE_H
#define SEQREC_API_LIVE_H
/* live.h - one history as if it were an event store: the vocabularies and attributes of the run's store, with the caller's events in place of its own. */

#include "seqrec/samples.h"
#include "seqrec/seqrec.h"
#include "seqrec/store.h"

typedef struct {
	store *base;
	store s;              /* what features are bound to */
	store_field *field;   /* of s; those of events and samples hold no values */
	size_t capacity;      /* events that there is room for */
	int64_t *time;
	uint8_t *type;
	uint32_t *item, *zero;
	float *nan;
	uint64_t *start;      /* (capacity + 1) zeros: bags without values */
	samples all;          /* one sample */
	sample one;
	bool aggregates;
} live_store;

/* Takes over `base`. `classes` are borrowed. */
void live_open(live_store *l, store *base, const strings *classes, bool next_item, bool aggregates);
void live_close(live_store *l);

/* Makes the history the only one. False with words: events out of order, or not before `now`. */
bool live_set(live_store *l, const seqrec_history *h, const char **why);

#endif
