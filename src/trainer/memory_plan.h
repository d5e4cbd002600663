#ifndef SEQREC_TRAINER_MEMORY_PLAN_H
#define SEQREC_TRAINER_MEMORY_PLAN_H
/* memory_plan.h - what a training will need at its peak, and what it may have. */

#include "seqrec/config.h"
#include "seqrec/features.h"
#include "seqrec/model.h"
#include "seqrec/samples.h"
#include "seqrec/store.h"

/* Bytes at the peak of training and evaluating this model on these samples: an estimate, within about a fifth. */
double memory_needed(const config *c, const store *s, const samples *all, const features *f, const model *m);

/* run.memory, or the least of the control group's limit and the machine's memory. */
double memory_limit(const config *c);

/* SR_MEMORY, naming the setting to lower, when the training would not fit. */
bool memory_check(const config *c, const store *s, const samples *all, const features *f, const model *m, sr_error *err);

#endif
