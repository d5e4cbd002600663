/* counting.h - how many scores of a row are above its own and how many equal to it: tiles of the product are counted while they are in the first-level cache,
 * and never stored. A score has the bits that multiply.h gives it. Included by kernels_*.c only. */
#ifndef SEQREC_VARIANT_COUNTING_H
#define SEQREC_VARIANT_COUNTING_H

#include "tensor/native/variant/multiply.h"

/* The scores of one tile, (rows, PANEL); what is behind `left` columns is no number: it compares with nothing. */
static void count_tile(const counting *p, size_t row, size_t rows, size_t col, size_t left, real *score)
{
	for (size_t k = 0; k < p->k; k += K_BLOCK) {
		tile t = { .a = p->a + row * p->lda + k, .lda = p->lda, .b = p->b + col * p->k + k * PANEL, .k = p->k - k < K_BLOCK ? p->k - k : K_BLOCK, .c = score,
			.ldc = PANEL, .columns = PANEL, .accumulate = k > 0 };
		tile_any(&t, rows, false, false);
	}
	for (size_t r = 0; left < PANEL && r < rows; r++)
		for (size_t i = left; i < PANEL; i++)
			score[r * PANEL + i] = (real)__builtin_nan("");
}

INLINE uint32_t count_sum(ivec v)
{
	whole part[LANES], sum = 0;
	memcpy(part, &v, sizeof part);
	for (size_t i = 0; i < LANES; i++)
		sum -= part[i]; /* a comparison that holds is -1 */
	return (uint32_t)sum;
}

INLINE void count_row(real own, vec low, vec high, ivec *above, ivec *equal)
{
	vec mine = vec_all(own);
	*above += (ivec)(low > mine) + (ivec)(high > mine);
	*equal += (ivec)(low == mine) + (ivec)(high == mine);
}

/* A whole tile, from registers. */
static void count_whole(const counting *p, size_t row, size_t col, ivec *above, ivec *equal)
{
	vec low[TILE], high[TILE];
	tile t = { .a = p->a + row * p->lda, .lda = p->lda, .b = p->b + col * p->k, .k = p->k };
	tile_sum(&t, TILE, false, false, low, high);
#pragma GCC unroll 8
	for (size_t r = 0; r < TILE; r++)
		count_row(p->own[row + r], low[r], high[r], &above[r], &equal[r]);
}

static void count_part_of(const counting *p, size_t row, size_t rows, size_t col, ivec *above, ivec *equal)
{
	real score[TILE * PANEL];
	count_tile(p, row, rows, col, p->n - col, score);
	for (size_t r = 0; r < rows; r++)
		count_row(p->own[row + r], vec_load(score + r * PANEL), vec_load(score + r * PANEL + LANES), &above[r], &equal[r]);
}

static void count_run(const counting *p)
{
	for (size_t row = 0; row < p->m; row += TILE) {
		size_t rows = p->m - row < TILE ? p->m - row : TILE;
		ivec above[TILE] = { { 0 } }, equal[TILE] = { { 0 } };
		for (size_t col = 0; col < p->n; col += PANEL) {
			if (rows == TILE && p->n - col >= PANEL && p->k <= K_BLOCK)
				count_whole(p, row, col, above, equal);
			else
				count_part_of(p, row, rows, col, above, equal);
		}
		for (size_t r = 0; r < rows; r++) {
			p->above[row + r] += count_sum(above[r]);
			p->equal[row + r] = count_sum(equal[r]);
		}
	}
}

enum { PAIRS_AT_ONCE = 8 /* sums that do not wait for one another */ };

/* The order of additions of a tile: from the first factor to the last, by blocks of K_BLOCK. */
static void pairs_run(const real *x, const real *items, size_t k, const uint32_t *rows, size_t count, real *score)
{
	for (size_t first = 0; first < count; first += PAIRS_AT_ONCE) {
		const real *item[PAIRS_AT_ONCE];
		for (size_t i = 0; i < PAIRS_AT_ONCE; i++)
			item[i] = items + rows[first + i < count ? first + i : first] * k;
		real total[PAIRS_AT_ONCE] = { 0 };
		for (size_t from = 0; from < k; from += K_BLOCK) {
			real sum[PAIRS_AT_ONCE] = { 0 };
			for (size_t j = from; j < k && j < from + K_BLOCK; j++)
				for (size_t i = 0; i < PAIRS_AT_ONCE; i++)
					sum[i] += x[j] * item[i][j];
			for (size_t i = 0; i < PAIRS_AT_ONCE; i++)
				total[i] = from ? total[i] + sum[i] : sum[i];
		}
		for (size_t i = 0; i < PAIRS_AT_ONCE && first + i < count; i++)
			score[first + i] = total[i];
	}
}

#endif
