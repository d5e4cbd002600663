/* rows.h - kernels over whole rows: LayerNorm, softmax, the weights of attention. Included by kernels_*.c only. */
#ifndef SEQREC_VARIANT_ROWS_H
#define SEQREC_VARIANT_ROWS_H

#include "tensor/native/variant/elements.h"

#define NORM_EPS ((real)1e-5)

#ifdef SEQREC_REAL_DOUBLE
#define real_sqrt sqrt
#define real_log log
#else
#define real_sqrt sqrtf
#define real_log logf
#endif

/* Sum and residual of one row into `out`: returns the mean of x + drop(y). */
INLINE real norm_sum(const norm_rows *p, size_t row, real *out)
{
	size_t at = row * p->cols;
	vec sum = { 0 };
	if (p->y && p->drop)
		drop_part(out, p->y + at, p->drop, (uint32_t)(row * ((p->cols + DROPOUT_GROUP - 1) / DROPOUT_GROUP)), p->cols, false);
	const real *y = p->y && p->drop ? out : p->y ? p->y + at : NULL;
	EACH_VECTOR(i, some, p->cols) {
		vec v = vec_get(p->x + at + i, some);
		if (y)
			v += vec_get(y + i, some);
		vec_put(out + i, v, some);
		sum += v;
	}
	return vec_sum(sum) / (real)p->cols;
}

static void rows_norm(const norm_rows *asked)
{
	const norm_rows copy = *asked, *p = &copy; /* nothing that is stored can change it */
	for (size_t row = 0; row < p->rows; row++) {
		real *out = p->out + row * p->cols, mean = norm_sum(p, row, out);
		vec square = { 0 };
		EACH_VECTOR(i, some, p->cols) {
			vec v = vec_get(out + i, some) - mean;
			v = some == LANES ? v : vec_first(v, some);
			square += v * v;
		}
		real inverse = 1 / real_sqrt(vec_sum(square) / (real)p->cols + NORM_EPS);
		EACH_VECTOR(i, some, p->cols) {
			vec v = (vec_get(out + i, some) - mean) * inverse;
			if (p->centred)
				vec_put(p->centred + row * p->cols + i, v, some);
			vec_put(out + i, v * vec_get(p->gain + i, some) + vec_get(p->bias + i, some), some);
		}
		if (p->inverse)
			p->inverse[row] = inverse;
	}
}

/* dx = inverse * (g - mean(g) - c mean(g c)) with g = dy * gain and c the normalised values. */
static void rows_norm_gradient(real *gradient, const real *centred, const real *inverse, const real *gain, real *gain_gradient, real *bias_gradient,
	size_t rows, size_t cols)
{
	for (size_t row = 0; row < rows; row++) {
		real *dy = gradient + row * cols;
		const real *c = centred + row * cols;
		vec sum = { 0 }, product_sum = { 0 };
		EACH_VECTOR(i, some, cols) {
			vec d = vec_get(dy + i, some), v = vec_get(c + i, some), g = d * vec_get(gain + i, some);
			sum += g;
			product_sum += g * v;
			vec_put(gain_gradient + i, vec_get(gain_gradient + i, some) + d * v, some);
			vec_put(bias_gradient + i, vec_get(bias_gradient + i, some) + d, some);
		}
		real mean = vec_sum(sum) / (real)cols, slope = vec_sum(product_sum) / (real)cols;
		EACH_VECTOR(i, some, cols) {
			vec g = vec_get(dy + i, some) * vec_get(gain + i, some);
			vec_put(dy + i, (g - mean - vec_get(c + i, some) * slope) * inverse[row], some);
		}
	}
}

static void rows_softmax(real *to, const real *x, size_t n)
{
	if (!n)
		return;
	real sum = elements_exp_sum(to, x, elements_maximum(x, n), n);
	elements_scale(to, to, 1 / sum, n);
}

/* scores[0..n) -> weights; scores has room for whole vectors up to `padded`. */
static real rows_attend(real *scores, real scale, size_t n, size_t padded)
{
	size_t even = n - n % LANES, end = even < n ? even + LANES : even;
	vec most = vec_all(scores[0]), sum = { 0 };
	for (size_t i = 0; i < even; i += LANES)
		most = vec_max(vec_load(scores + i), most);
	if (even < n) /* behind n: the first score, which is there anyway */
		most = vec_max(vec_first(vec_load(scores + even) - scores[0], n - even) + scores[0], most);
	real largest = vec_largest(most) * scale;
	for (size_t i = 0; i < end; i += LANES) {
		vec e = vec_exp(vec_load(scores + i) * scale - largest);
		e = i == even ? vec_first(e, n - even) : e;
		vec_store(scores + i, e);
		sum += e;
	}
	real total = vec_sum(sum), share = 1 / total;
	for (size_t i = 0; i < end; i += LANES)
		vec_store(scores + i, vec_load(scores + i) * share);
	for (size_t i = end; i < padded; i += LANES)
		vec_store(scores + i, (vec){ 0 });
	return largest + real_log(total);
}

/* Weights p = exp(scale * score - log_sum), their masked form p m; with d = weight gradient * m: score gradient = scale * p (d - sum(p d)). */
static void rows_attend_gradient(real *scores, real *weight_gradient, real scale, real log_sum, const real *mask, size_t n, size_t padded)
{
	vec sum = { 0 };
	for (size_t i = 0; i < n; i += LANES) {
		vec p = vec_exp(vec_load(scores + i) * scale - log_sum), d = vec_load(weight_gradient + i);
		if (n - i < LANES)
			p = vec_first(p, n - i);
		if (mask)
			d *= vec_load(mask + i);
		vec_store(scores + i, p);
		vec_store(weight_gradient + i, d);
		sum += p * d;
	}
	real mean = vec_sum(sum);
	for (size_t i = 0; i < n; i += LANES) {
		vec p = vec_load(scores + i);
		vec_store(weight_gradient + i, p * (vec_load(weight_gradient + i) - mean) * scale);
		if (mask)
			vec_store(scores + i, p * vec_load(mask + i));
	}
	for (size_t i = (n + LANES - 1) / LANES * LANES; i < padded; i += LANES) {
		vec_store(scores + i, (vec){ 0 });
		vec_store(weight_gradient + i, (vec){ 0 });
	}
}

#endif
