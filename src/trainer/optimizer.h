#ifndef SEQREC_TRAINER_OPTIMIZER_H
#define SEQREC_TRAINER_OPTIMIZER_H
/* optimizer.h - AdamW over the parameter list. Tables are updated in touched rows only ("lazy"), or in rows whose moments have not faded yet either
 * ("exact"), so that a step's cost does not grow with the catalogue. */

#include "seqrec/tensor.h"
#include "seqrec/thread.h"

/* Exact: the moments of a table's row stand as its last gradient left them; what they have faded to is their age's matter. */
typedef struct {
	uint32_t *touched; /* (rows) the step of the last gradient; 0: there was none */
	uint32_t *active;  /* the rows that still move; */
	bool *listed;      /* (rows) whether a row is one of them */
	size_t count;
} table_rows;

/* Some rows of a parameter: what one thread updates at once. */
typedef struct {
	size_t number, first, count;
	const uint32_t *rows; /* of a table: the touched ones, of which these are first .. first + count; NULL: rows first .. */
	size_t at;            /* of the first one among all rows */
} optimizer_part;

typedef struct {
	params *list;
	real **mean, **square; /* first and second moments, by parameter: (rows, cols) */
	uint64_t step;         /* steps taken */
	adam_kernel *adam;
	thread_pool *pool;     /* the caller's, or NULL: one thread. The bits do not depend on it */
	optimizer_part *part;  /* of the step at hand */
	double *row_square;    /* of each row's gradient */
	size_t part_count, part_capacity, rows, row_capacity;
	double weight_decay, clip;
	table_rows *table;     /* exact: by parameter, empty for those that are no tables; NULL: lazy */
} optimizer;

optimizer *optimizer_new(params *list, double weight_decay, double clip);
void optimizer_free(optimizer *o); /* NULL ok */

/* From now on tables are updated as if each step went over all their rows; before the first step, or when one was loaded. */
void optimizer_make_exact(optimizer *o);
/* Steps since each row of table `number` had a gradient, -1 where it had none, (rows), new; NULL for what is no table or lazy. */
real *optimizer_ages(const optimizer *o, size_t number);
/* The same as they were at `o->step`; NULL: moments are taken as of now. */
void optimizer_set_ages(optimizer *o, size_t number, const real *ages);
/* What it holds, for a runtime that updates the parameters itself. */
adam optimizer_state(const optimizer *o);

/* One update with the gradient sums of `sum`. Returns the global gradient norm before clipping. Nothing is changed when it is not finite. */
double optimizer_step(optimizer *o, lane *sum, double learning_rate);

/* Step size of step `step` (from 0) of `steps`: linear warm-up over the share `warmup`, then constant, cosine or linear to 0. kind: schedule_kind. */
double schedule_rate(int kind, double peak, double warmup, uint64_t step, uint64_t steps);

#endif
