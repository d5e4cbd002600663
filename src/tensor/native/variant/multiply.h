/* multiply.h - matrix products for the small, skinny shapes of a pack. Included by kernels_*.c only.
 *
 * B lies packed in panels of PANEL columns, each (k, PANEL), behind one another. A tile of TILE rows x PANEL columns of C stays in registers while k
 * runs; A is read in place. Panels are taken in groups that fit the first-level cache, and the epilogue runs over rows that were just written. */
#ifndef SEQREC_VARIANT_MULTIPLY_H
#define SEQREC_VARIANT_MULTIPLY_H

#include "tensor/native/variant/elements.h"

enum {
	PANEL = 2 * LANES,
	K_BLOCK = 256,                         /* rows of a panel worked at once */
	GROUP_BYTES = 24 * 1024                /* of packed panels worked at once */
};

/* Four rows of a transposed matrix, four numbers each, to four columns of a panel. */
INLINE void pack_square(const real *b, size_t ldb, real *out)
{
#if (defined(__clang__) || __GNUC__ >= 12) && !defined(SEQREC_REAL_DOUBLE)
	typedef float four __attribute__((vector_size(16)));
	typedef float four_loose __attribute__((vector_size(16), aligned(4), may_alias));
	four r0 = *(const four_loose *)b, r1 = *(const four_loose *)(b + ldb), r2 = *(const four_loose *)(b + 2 * ldb), r3 = *(const four_loose *)(b + 3 * ldb);
	four a = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), c = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
	four d = __builtin_shufflevector(r2, r3, 0, 4, 1, 5), e = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
	*(four_loose *)out = __builtin_shufflevector(a, d, 0, 1, 4, 5);
	*(four_loose *)(out + PANEL) = __builtin_shufflevector(a, d, 2, 3, 6, 7);
	*(four_loose *)(out + 2 * PANEL) = __builtin_shufflevector(c, e, 0, 1, 4, 5);
	*(four_loose *)(out + 3 * PANEL) = __builtin_shufflevector(c, e, 2, 3, 6, 7);
#else
	for (size_t i = 0; i < 16; i++)
		out[i / 4 * PANEL + i % 4] = b[i % 4 * ldb + i / 4];
#endif
}

static void pack_transposed(const real *b, size_t ldb, size_t k, size_t n, real *out)
{
	size_t cols = n < PANEL ? n : PANEL, even = k - k % 4, col = 0;
	if (cols < PANEL)
		memset(out, 0, k * PANEL * sizeof *out);
	for (; col + 4 <= cols; col += 4) {
		for (size_t row = 0; row < even; row += 4)
			pack_square(b + col * ldb + row, ldb, out + row * PANEL + col);
		for (size_t row = even; row < k; row++)
			for (size_t i = col; i < col + 4; i++)
				out[row * PANEL + i] = b[i * ldb + row];
	}
	for (; col < cols; col++)
		for (size_t row = 0; row < k; row++)
			out[row * PANEL + col] = b[col * ldb + row];
}

static void pack_rows(const real *b, size_t ldb, size_t k, size_t n, real *out)
{
	if (n >= PANEL) {
		for (size_t row = 0; row < k; row++) {
			vec_store(out + row * PANEL, vec_load(b + row * ldb));
			vec_store(out + row * PANEL + LANES, vec_load(b + row * ldb + LANES));
		}
		return;
	}
	size_t first = n < LANES ? n : LANES, second = n - first;
	for (size_t row = 0; row < k; row++) {
		vec_store(out + row * PANEL, vec_get(b + row * ldb, first));
		vec_store(out + row * PANEL + LANES, second ? vec_load_some(b + row * ldb + LANES, second) : (vec){ 0 });
	}
}

static void multiply_pack(const real *b, size_t ldb, bool transposed, size_t k, size_t n, real *out)
{
	for (size_t col = 0; col < n; col += PANEL, out += k * PANEL) {
		if (transposed)
			pack_transposed(b + col * ldb, ldb, k, n - col, out);
		else
			pack_rows(b + col, ldb, k, n - col, out);
	}
}

/* What one tile needs. */
typedef struct {
	const real *a;
	size_t lda;
	const real *b;
	size_t k;
	real *c;
	size_t ldc;
	size_t columns;   /* to write: at most PANEL */
	const real *bias; /* (PANEL) or NULL */
	bool accumulate;
} tile;

INLINE void tile_write(const tile *t, const vec *low, const vec *high, const size_t rows)
{
	size_t first = t->columns < LANES ? t->columns : LANES, second = t->columns - first;
#pragma GCC unroll 8
	for (size_t r = 0; r < rows; r++) {
		real *c = t->c + r * t->ldc;
		if (second == LANES) {
			vec_store(c, t->accumulate ? vec_load(c) + low[r] : low[r]);
			vec_store(c + LANES, t->accumulate ? vec_load(c + LANES) + high[r] : high[r]);
			continue;
		}
		vec_put(c, t->accumulate ? vec_get(c, first) + low[r] : low[r], first);
		if (second)
			vec_store_some(c + LANES, t->accumulate ? vec_load_some(c + LANES, second) + high[r] : high[r], second);
	}
}

/* The sums of a tile. narrow: the second half of the panel is empty */
INLINE void tile_sum(const tile *t, const size_t rows, const bool transposed, const bool narrow, vec *low, vec *high)
{
	const real *a[TILE], *b = t->b;
	vec bias_low = t->bias ? vec_load(t->bias) : (vec){ 0 }, bias_high = t->bias ? vec_load(t->bias + LANES) : (vec){ 0 };
#pragma GCC unroll 8
	for (size_t r = 0; r < rows; r++) {
		low[r] = bias_low;
		high[r] = bias_high;
		a[r] = t->a + r * (transposed ? 1 : t->lda);
	}
	const real *column = t->a;
	for (size_t k = 0; k < t->k; k++, b += PANEL, column += t->lda) {
		vec b_low = vec_load(b), b_high = narrow ? b_low : vec_load(b + LANES);
#pragma GCC unroll 8
		for (size_t r = 0; r < rows; r++) {
			vec factor = vec_all(transposed ? column[r] : a[r][k]);
			low[r] += factor * b_low;
			if (!narrow)
				high[r] += factor * b_high;
		}
	}
}

INLINE void tile_run(const tile *t, const size_t rows, const bool transposed, const bool narrow)
{
	vec low[TILE], high[TILE];
	tile_sum(t, rows, transposed, narrow, low, high);
	tile_write(t, low, high, rows);
}

/* One function for each number of rows, so that the rows are in registers. */
#define TILE_CASE(rows) \
	case rows: \
		if (transposed && narrow) \
			tile_run(t, rows, true, true); \
		else if (transposed) \
			tile_run(t, rows, true, false); \
		else if (narrow) \
			tile_run(t, rows, false, true); \
		else \
			tile_run(t, rows, false, false); \
		break

static void tile_any(const tile *t, size_t rows, bool transposed, bool narrow)
{
	switch (rows) {
	TILE_CASE(1);
	TILE_CASE(2);
	TILE_CASE(3);
	TILE_CASE(4);
#if TILE > 4
	TILE_CASE(5);
	TILE_CASE(6);
#endif
#if TILE > 6
	TILE_CASE(7);
	TILE_CASE(8);
#endif
	}
}

/* act and dropout over the rows and columns just finished. */
static void epilogue_run(const product *p, size_t row, size_t rows, size_t col, size_t cols)
{
	for (size_t r = row; r < row + rows; r++) {
		real *c = p->c + r * p->ldc + col;
		if (p->before)
			memcpy(p->before + r * p->n + col, c, cols * sizeof *c);
		if (p->act != ACT_NONE)
			elements_activate(c, c, p->act, cols);
		if (p->drop) {
			size_t groups = (p->n + DROPOUT_GROUP - 1) / DROPOUT_GROUP;
			drop_part(c, c, p->drop, (uint32_t)(r * groups + col / DROPOUT_GROUP), cols, false);
		}
	}
}

/* Columns col .. col + cols of C over k .. k + depth, all rows. */
static void group_run(const product *p, size_t col, size_t cols, size_t k, size_t depth)
{
	bool last = k + depth == p->k, finish = last && (p->act != ACT_NONE || p->drop || p->before);
	for (size_t row = 0; row < p->m; row += TILE) {
		size_t rows = p->m - row < TILE ? p->m - row : TILE;
		for (size_t j = col; j < col + cols; j += PANEL) {
			size_t left = p->n - j < PANEL ? p->n - j : PANEL;
			real bias[PANEL];
			if (p->bias && k == 0)
				for (size_t i = 0; i < PANEL; i++)
					bias[i] = i < left ? p->bias[j + i] : 0;
			tile t = { .a = p->a_transposed ? p->a + k * p->lda + row : p->a + row * p->lda + k, .lda = p->lda,
				.b = p->b + j * p->b_rows + k * PANEL, .k = depth, .c = p->c + row * p->ldc + j, .ldc = p->ldc,
				.columns = p->padded ? PANEL : left, .bias = p->bias && k == 0 ? bias : NULL, .accumulate = p->accumulate || k > 0 };
			tile_any(&t, rows, p->a_transposed, left <= LANES);
		}
		if (finish)
			epilogue_run(p, row, rows, col, cols);
	}
}

static void multiply_run(const product *p)
{
	size_t depth_most = p->k < K_BLOCK ? p->k : K_BLOCK;
	size_t group = GROUP_BYTES / sizeof(real) / (depth_most ? depth_most : 1);
	group = group / DROPOUT_GROUP * DROPOUT_GROUP; /* a group of columns begins with a group of dropout, which is whole panels */
	if (!group)
		group = DROPOUT_GROUP;
	for (size_t col = 0; col < p->n; col += group) {
		size_t cols = p->n - col < group ? p->n - col : group, k = 0;
		do {
			size_t depth = p->k - k < K_BLOCK ? p->k - k : K_BLOCK;
			group_run(p, col, cols, k, depth);
			k += depth;
		} while (k < p->k);
	}
}

#endif
