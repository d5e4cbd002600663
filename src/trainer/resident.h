#ifndef SEQREC_TRAINER_RESIDENT_H
#define SEQREC_TRAINER_RESIDENT_H
/* resident.h - training where parameters and moments stay with the runtime: the list and the optimizer hold what was last fetched. */

#include "lanes.h"
#include "member.h"
#include "optimizer.h"

enum { SKIPS_MOST = 3 }; /* steps in a row without a finite loss and gradient, before training has diverged */

/* Hands over what list and optimizer hold: at the start, and after a checkpoint was loaded. */
bool resident_start(workers *w, const optimizer *o, uint64_t skipped_in_row, sr_error *err);

/* What became of the steps since the last call; waits for them. Adds to the state; *behind: steps that did nothing because training had diverged before. */
bool resident_read(workers *w, training_state *state, double *loss, double *norm, uint64_t *behind, sr_error *err);

/* Parameters, and with an optimizer moments, back to the host: for checkpoints. */
bool resident_fetch(workers *w, optimizer *o /* or NULL */, sr_error *err);

#endif
