#ifndef SEQREC_TENSOR_KERNELS_H
#define SEQREC_TENSOR_KERNELS_H
/* kernels.h - the loops that do the work, one table for each kind of CPU, all compiled from the sources in variant/.
 * Kernels know matrices and rows, nothing of tapes. Matrices are row-major with a distance between rows (ld*). */

#include <stdbool.h>
#include <stddef.h>

#include "seqrec/tensor.h"
#include "tensor/dropout.h"

/* C = A B (+ C), then an epilogue over what was just written: C = drop(act(C + bias)). */
typedef struct {
	size_t m, n, k;
	const real *a;
	size_t lda;
	bool a_transposed;  /* a is (k, m) */
	const real *b;      /* packed by pack() */
	size_t b_rows;      /* k at packing: may be more than the k used now */
	real *c;
	size_t ldc;
	bool accumulate;    /* add to C */
	bool padded;        /* rows of C have room for n rounded up to the panel width; what is behind n becomes zero */
	const real *bias;   /* (n) or NULL */
	activation act;
	real *before;       /* NULL, or (m, n) with distance n: what the activation was given (kept for its gradient) */
	const dropout *drop; /* or NULL */
} product;

/* Rows of LayerNorm(x + drop(y)). */
typedef struct {
	size_t rows, cols;
	const real *x, *y;         /* y or NULL */
	const dropout *drop;       /* of y, or NULL */
	const real *gain, *bias;   /* (cols) */
	real *out;
	real *centred, *inverse;   /* (rows, cols), (rows): normalised values and 1 / deviation, kept for the gradient; or NULL */
} norm_rows;

/* One step of a recurrent cell for one sequence; G gates of D. Forward fills h; backward turns gates and recurrent into their gradients and dh into the
 * part of the gradient of h_before that does not go through U. */
typedef struct {
	cell kind;
	size_t width;          /* D */
	real *gates;           /* (G*D): xW + b, then the gates; backward: the gates, then the gradient of xW + b */
	real *recurrent;       /* (G*D): hU + b; backward: its gradient, written */
	const real *h_before;  /* (D) */
	const real *c_before;  /* (D): LSTM */
	real *kept;            /* (D): GRU: the n part of hU + b, backward its gradient; LSTM: c */
	real *h;               /* (D): forward */
	real *dh, *dc;         /* (D): backward; dc for LSTM */
} cell_step;

/* Rows of A against all columns of B, as multiply would have them. */
typedef struct {
	size_t m, n, k;
	const real *a;
	size_t lda;
	const real *b;            /* packed by pack() */
	const real *own;          /* (m) */
	uint32_t *above, *equal;  /* (m): columns whose product is above `own`: added to; and equal to it: written */
} counting;

typedef struct kernels {
	const char *name; /* "native, avx2" */
	size_t panel; /* columns of a packed panel: n is rounded up to it */

	/* B (k, n), or stored transposed (n, k), into panels; out has room for k * n with n rounded up. */
	void (*pack)(const real *b, size_t ldb, bool transposed, size_t k, size_t n, real *out);
	void (*multiply)(const product *p);
	void (*count)(const counting *p);
	/* score[i] = x . items[rows[i]], rows of k numbers, with the bits of multiply. */
	void (*pairs)(const real *x, const real *items, size_t k, const uint32_t *rows, size_t count, real *score);

	void (*add)(real *to, const real *x, size_t n);                       /* to += x */
	void (*add_scaled)(real *to, const real *x, real factor, size_t n);   /* to += factor * x */
	void (*scale)(real *to, const real *x, real factor, size_t n);        /* to = factor * x */
	void (*mul)(real *to, const real *x, const real *y, size_t n);        /* to = x * y */
	void (*add_product)(real *to, const real *x, const real *y, size_t n); /* to += x * y */
	real (*dot)(const real *x, const real *y, size_t n);
	void (*column_sums)(real *to, const real *x, size_t rows, size_t cols); /* to += sum over rows */

	void (*activate)(real *to, const real *x, activation act, size_t n);
	/* gradient *= act'(..): by the input (GELU, SiLU) or by the result (others; result = factor * act(input) where kept by dropout, RELU only then also applies dropout). */
	void (*activate_gradient)(real *gradient, const real *saved, activation act, real factor, size_t n);
	void (*drop)(real *to, const real *x, const dropout *d, size_t rows, size_t cols, bool accumulate);

	void (*norm)(const norm_rows *p);
	/* gradient (rows, cols) of the result becomes that of the input; gain and bias gradients are added to. */
	void (*norm_gradient)(real *gradient, const real *centred, const real *inverse, const real *gain, real *gain_gradient, real *bias_gradient,
		size_t rows, size_t cols);
	void (*softmax)(real *to, const real *x, size_t n);
	/* Row of scores times scale -> weights in place, zero from n to padded; returns log of the sum of exp(scale * score). */
	real (*attend)(real *scores, real scale, size_t n, size_t padded);
	/* scores -> dropped weights; weight_gradient -> score gradient (times scale). mask: NULL, or (n). Zero from n to padded. */
	void (*attend_gradient)(real *scores, real *weight_gradient, real scale, real log_sum, const real *mask, size_t n, size_t padded);
	void (*mask)(const dropout *d, size_t row, size_t width, size_t cols, real *mask); /* dropout_mask by vectors; room for cols rounded up to 32 */
	adam_kernel *adam;
	real (*maximum)(const real *x, size_t n);
	real (*exp_sum)(real *to, const real *x, real minus, size_t n); /* to = exp(x - minus); returns the sum. `to` may be x */
	/* z -> factor * sigmoid(z); returns the sum of log(1 + exp(z)). */
	double (*binary)(real *z, real factor, size_t n);
	void (*cell)(const cell_step *step);
	void (*cell_gradient)(const cell_step *step);
} kernels;

const kernels *kernels_portable(void);
const kernels *kernels_avx2(void);   /* NULL where this build or CPU has none */
const kernels *kernels_avx512(void); /* NULL where this build or CPU has none */

/* The fastest that the CPU runs, or what SEQREC_CPU (portable, avx2, avx512) names; NULL when that cannot run here. */
const kernels *kernels_choose(sr_error *err);

#endif
