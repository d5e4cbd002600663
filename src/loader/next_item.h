#ifndef SEQREC_LOADER_NEXT_ITEM_H
#define SEQREC_LOADER_NEXT_ITEM_H
/* next_item.h - samples of task.kind next_item, each with its part; and the instants at which a split by time cuts. */

#include "seqrec/samples.h"

/* task.kind both: which events are targets, and how much they weigh; rows and parts are those of as_of. */
bool next_item_of_histories(samples *all, const config *c, const store *s, bool labelled, sr_error *err);

/* Training: windows of a user's history with all their targets. Validation and test: one target a sample. Not labelled: every user's whole history. */
bool next_item_make(samples *all, const config *c, const store *s, bool labelled, sr_error *err);

/* ---- split.c ---- */
/* Where validation and test begin, by the settings or by shares of key[0..count). */
bool split_instants(const config *c, const int64_t *key, size_t count, int64_t *validation, int64_t *test, sr_error *err);

#endif
