/* negatives.c - draws from a fixed distribution by binary search in its sums. */
#include "negatives.h"

#include "seqrec/memory.h"
#include "seqrec/pack.h"
#include "seqrec/random.h"

#include <math.h>
#include <stdlib.h>

item_draws *item_draws_new(const uint32_t *count, size_t rows, double power)
{
	item_draws *n = xcalloc(1, sizeof *n);
	*n = (item_draws){ .rows = rows, .below = xcalloc(rows + 1, sizeof *n->below), .log_share = xcalloc(rows, sizeof *n->log_share) };
	for (size_t i = 0; i < rows; i++)
		n->below[i + 1] = n->below[i] + (i < PACK_FIRST_ITEM ? 0 : pow(count[i] ? (double)count[i] : 1, power));
	double sum = n->below[rows];
	for (size_t i = 0; i < rows; i++)
		n->log_share[i] = (float)log((n->below[i + 1] - n->below[i]) / sum);
	n->table = (draw_table){ .first = PACK_FIRST_ITEM, .rows = rows, .below = n->below, .log_share = n->log_share, .random_stream = RANDOM_NEGATIVES };
	return n;
}

const draw_table *item_draws_table(const item_draws *n)
{
	return &n->table;
}

void item_draws_free(item_draws *n)
{
	if (!n)
		return;
	free(n->below);
	free(n->log_share);
	free(n);
}

void negatives_draw(const item_draws *n, uint64_t seed, uint64_t step, uint32_t stream, size_t most, uint32_t *row, float *shift)
{
	float log_most = (float)log((double)most);
	for (size_t k = 0; k < most; k++) {
		double at = random_uniform(seed, RANDOM_NEGATIVES, step << 16 ^ stream, (uint32_t)k) * n->below[n->rows];
		size_t low = PACK_FIRST_ITEM, high = n->rows - 1; /* the last row whose sum does not lie above */
		while (low < high) {
			size_t middle = low + (high - low + 1) / 2;
			if (n->below[middle] <= at)
				low = middle;
			else
				high = middle - 1;
		}
		row[k] = (uint32_t)low;
		shift[k] = log_most + n->log_share[low];
	}
}
