#ifndef SEQREC_TRAINER_NEGATIVES_H
#define SEQREC_TRAINER_NEGATIVES_H
/* negatives.h - items drawn as negatives, uniformly or by a power of their popularity. */

#include "seqrec/tensor.h"

#include <stddef.h>
#include <stdint.h>

typedef struct {
	size_t rows;      /* of the item table; the first PACK_FIRST_ITEM are never drawn */
	double *below;    /* (rows + 1) sums of the probabilities */
	float *log_share; /* (rows) log of the probability */
	draw_table table; /* of these, for a runtime that draws by itself */
} item_draws;

/* count: (rows) how often each item occurs in training. An item that never does counts as once. */
item_draws *item_draws_new(const uint32_t *count, size_t rows, double power);
void item_draws_free(item_draws *n); /* NULL ok */

/* What runtime_draw takes to draw the same. */
const draw_table *item_draws_table(const item_draws *n);

/* `most` draws with repeats, a pure function of (seed, step, stream). shift: log(most * probability), for the correction of a sampled softmax. */
void negatives_draw(const item_draws *n, uint64_t seed, uint64_t step, uint32_t stream, size_t most, uint32_t *row, float *shift);

#endif
