/* inverse.c - the inverse of a positive definite matrix. For each block K of rows and columns, with P = inverse(A_KK):
 *     A_K: = P A_K:,   A_i: -= A_iK A_K:  for every row i outside K,   A_iK = -A_iK P,   A_KK = P. */
#include "seqrec/matrix.h"

#include "seqrec/memory.h"
#include "tensor/native/kernels.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 128, STRIP = 64 }; /* columns eliminated at once; rows a thread takes */

typedef struct {
	const kernels *k;
	real *a;
	size_t n, first, width; /* the block K: first .. first + width - 1 */
	double *pivot;          /* (width, width) P */
	real *panel, *packed;   /* (width, n): P A_K: with P itself in the columns of K; the same for multiply */
	real *column;           /* (threads) (STRIP, BLOCK): -A_iK */
} elimination;

/* Plain Gauss-Jordan in f64; false when a pivot is not positive. */
static bool invert_small(double *a, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		double pivot = a[k * n + k];
		if (!(pivot > 0))
			return false;
		a[k * n + k] = 1;
		for (size_t j = 0; j < n; j++)
			a[k * n + j] /= pivot;
		for (size_t i = 0; i < n; i++) {
			double factor = a[i * n + k];
			if (i == k)
				continue;
			a[i * n + k] = 0;
			for (size_t j = 0; j < n; j++)
				a[i * n + j] -= factor * a[k * n + j];
		}
	}
	return true;
}

static bool invert_pivot(elimination *e)
{
	for (size_t i = 0; i < e->width; i++)
		for (size_t j = 0; j < e->width; j++)
			e->pivot[i * e->width + j] = (double)e->a[(e->first + i) * e->n + e->first + j];
	return invert_small(e->pivot, e->width);
}

static void fill_panel(elimination *e)
{
	real small[BLOCK * BLOCK];
	size_t w = e->width;
	for (size_t i = 0; i < w * w; i++)
		small[i] = (real)e->pivot[i];
	e->k->pack(e->a + e->first * e->n, e->n, false, w, e->n, e->packed);
	product p = { .m = w, .n = e->n, .k = w, .a = small, .lda = w, .b = e->packed, .b_rows = w, .c = e->panel, .ldc = e->n };
	e->k->multiply(&p);
	for (size_t i = 0; i < w; i++)
		memcpy(e->panel + i * e->n + e->first, small + i * w, w * sizeof *small);
	e->k->pack(e->panel, e->n, false, w, e->n, e->packed);
}

/* A strip of rows; those of K become the panel. */
static void eliminate_strip(void *context, size_t number, unsigned thread)
{
	elimination *e = context;
	size_t top = number * STRIP, rows = e->n - top < STRIP ? e->n - top : STRIP, w = e->width;
	real *column = e->column + (size_t)thread * STRIP * BLOCK;
	for (size_t i = 0; i < rows; i++) {
		real *row = e->a + (top + i) * e->n;
		bool inside = top + i >= e->first && top + i < e->first + w;
		for (size_t j = 0; j < w; j++)
			column[i * w + j] = inside ? 0 : -row[e->first + j];
		memset(row + e->first, 0, w * sizeof *row);
		if (inside)
			memcpy(row, e->panel + (top + i - e->first) * e->n, e->n * sizeof *row);
	}
	product p = { .m = rows, .n = e->n, .k = w, .a = column, .lda = w, .b = e->packed, .b_rows = w, .c = e->a + top * e->n, .ldc = e->n, .accumulate = true };
	e->k->multiply(&p);
}

bool matrix_invert(real *a, size_t n, thread_pool *pool, sr_error *err)
{
	elimination e = { .k = kernels_choose(err), .a = a, .n = n };
	bool done = e.k != NULL;
	if (!done)
		return false;
	size_t room = (n + e.k->panel - 1) / e.k->panel * e.k->panel;
	e.pivot = xcalloc((size_t)BLOCK * BLOCK, sizeof *e.pivot);
	e.panel = xaligned(BLOCK * n, sizeof *e.panel);
	e.packed = xaligned(BLOCK * room, sizeof *e.packed);
	e.column = xaligned((size_t)thread_pool_threads(pool) * STRIP * BLOCK, sizeof *e.column);
	for (e.first = 0; done && e.first < n; e.first += BLOCK) {
		e.width = n - e.first < BLOCK ? n - e.first : BLOCK;
		done = invert_pivot(&e) || error_set(err, SR_INTERNAL, "a matrix of %zu rows is not positive definite", n);
		if (!done)
			break;
		fill_panel(&e);
		thread_pool_run(pool, (n + STRIP - 1) / STRIP, eliminate_strip, &e);
	}
	free(e.pivot);
	free(e.panel);
	free(e.packed);
	free(e.column);
	return done;
}
