#ifndef SEQREC_TRAINER_OPTIMIZER_H
#define SEQREC_TRAINER_OPTIMIZER_H
/* optimizer.h - AdamW over the parameter list. Tables are updated in touched rows only, so that a step's cost does not grow with the catalogue. */

#include "seqrec/tensor.h"

typedef struct {
	params *list;
	real **mean, **square; /* first and second moments, by parameter: (rows, cols) */
	uint64_t step;         /* steps taken */
	double weight_decay, clip;
} optimizer;

optimizer *optimizer_new(params *list, double weight_decay, double clip);
void optimizer_free(optimizer *o); /* NULL ok */

/* What it holds, for a runtime that updates the parameters itself. */
adam optimizer_state(const optimizer *o);

/* One update with the gradient sums of `sum`. Returns the global gradient norm before clipping. Nothing is changed when it is not finite. */
double optimizer_step(optimizer *o, lane *sum, double learning_rate);

/* Step size of step `step` (from 0) of `steps`: linear warm-up over the share `warmup`, then constant, cosine or linear to 0. kind: schedule_kind. */
double schedule_rate(int kind, double peak, double warmup, uint64_t step, uint64_t steps);

#endif
