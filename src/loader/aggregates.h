#ifndef SEQREC_LOADER_AGGREGATES_H
#define SEQREC_LOADER_AGGREGATES_H
/* aggregates.h - counts and recency of a sample's history as attributes. */

#include "seqrec/samples.h"

/* Fills all->aggregate: by event type the number of events in the last 1, 3, 7, 30 days and ever, days since the last one (NaN: none), the
 * number of days with an event and the days since the last one of any type; for the user, and again for the events with the candidate where
 * there is one, with the counts of everybody's events with it. */
void aggregates_compute(samples *all, const store *s);

#endif
