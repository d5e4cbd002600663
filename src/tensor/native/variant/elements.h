/* elements.h - kernels that work element by element. Included by kernels_*.c only. */
#ifndef SEQREC_VARIANT_ELEMENTS_H
#define SEQREC_VARIANT_ELEMENTS_H

#include "tensor/native/variant/functions.h"

static void elements_add(real *to, const real *x, size_t n)
{
	EACH_VECTOR(i, some, n)
		vec_put(to + i, vec_get(to + i, some) + vec_get(x + i, some), some);
}

static void elements_add_scaled(real *to, const real *x, real factor, size_t n)
{
	EACH_VECTOR(i, some, n)
		vec_put(to + i, vec_get(to + i, some) + vec_get(x + i, some) * factor, some);
}

static void elements_scale(real *to, const real *x, real factor, size_t n)
{
	EACH_VECTOR(i, some, n)
		vec_put(to + i, vec_get(x + i, some) * factor, some);
}

static void elements_mul(real *to, const real *x, const real *y, size_t n)
{
	EACH_VECTOR(i, some, n)
		vec_put(to + i, vec_get(x + i, some) * vec_get(y + i, some), some);
}

static void elements_add_product(real *to, const real *x, const real *y, size_t n)
{
	EACH_VECTOR(i, some, n)
		vec_put(to + i, vec_get(to + i, some) + vec_get(x + i, some) * vec_get(y + i, some), some);
}

static real elements_dot(const real *x, const real *y, size_t n)
{
	vec sum = { 0 };
	EACH_VECTOR(i, some, n)
		sum += vec_get(x + i, some) * vec_get(y + i, some);
	return vec_sum(sum);
}

static void elements_column_sums(real *to, const real *x, size_t rows, size_t cols)
{
	EACH_VECTOR(col, some, cols) {
		vec sum = { 0 };
		for (size_t row = 0; row < rows; row++)
			sum += vec_get(x + row * cols + col, some);
		vec_put(to + col, vec_get(to + col, some) + sum, some);
	}
}

static real elements_maximum(const real *x, size_t n)
{
	vec most = vec_all(x[0]);
	EACH_VECTOR(i, some, n) {
		vec v = some == LANES ? vec_load(x + i) : vec_all(x[0]);
		for (size_t k = 0; some < LANES && k < some; k++)
			v[k] = x[i + k];
		most = vec_max(v, most);
	}
	return vec_largest(most);
}

static real elements_exp_sum(real *to, const real *x, real minus, size_t n)
{
	vec sum = { 0 };
	EACH_VECTOR(i, some, n) {
		vec e = vec_exp(vec_get(x + i, some) - minus);
		vec_put(to + i, e, some);
		sum += some == LANES ? e : vec_load_some(to + i, some);
	}
	return vec_sum(sum);
}

/* log of each element of a product of factors from 1 to 2, summed. */
INLINE double vec_log_sum(vec held)
{
	double sum = 0;
	for (size_t i = 0; i < LANES; i++)
		sum += log((double)held[i]);
	return sum;
}

/* log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|)). The logarithms are taken of products of many factors, none of which is above 2. */
static double elements_binary(real *z, real factor, size_t n)
{
	enum { FACTORS = 64 };
	vec held = vec_all(1), above = { 0 };
	size_t factors = 0;
	double sum = 0;
	EACH_VECTOR(i, some, n) {
		vec v = vec_get(z + i, some), positive = vec_max(v, (vec){ 0 });
		vec e = vec_exp(v - positive - positive), one = e + 1; /* exp(-|z|) */
		vec share = vec_select((ivec)(v > 0), vec_all(1), e) / one;
		vec_put(z + i, share * factor, some);
		held *= some == LANES ? one : vec_first(one - 1, some) + 1;
		above += positive + (v - v); /* keeps what is not a number */
		if (++factors == FACTORS) {
			sum += vec_log_sum(held);
			held = vec_all(1);
			factors = 0;
		}
	}
	return sum + vec_log_sum(held) + (double)vec_sum(above);
}

/* One copy of the loop for each activation, so that the choice is made outside of it. */
#define EACH_ACTIVATION(act, loop) \
	switch (act) { \
	case ACT_NONE: loop(ACT_NONE); break; \
	case ACT_RELU: loop(ACT_RELU); break; \
	case ACT_GELU: loop(ACT_GELU); break; \
	case ACT_SILU: loop(ACT_SILU); break; \
	case ACT_TANH: loop(ACT_TANH); break; \
	case ACT_SIGMOID: loop(ACT_SIGMOID); break; \
	}

static void elements_activate(real *to, const real *x, activation act, size_t n)
{
#define LOOP(which) \
	EACH_VECTOR(i, some, n) \
		vec_put(to + i, vec_activate(vec_get(x + i, some), which), some)
	EACH_ACTIVATION(act, LOOP)
#undef LOOP
}

static void elements_activate_gradient(real *gradient, const real *saved, activation act, real factor, size_t n)
{
	real inside = act == ACT_TANH || act == ACT_SIGMOID ? 1 / factor : 1; /* undoes the scale of what dropout kept */
	real outside = act == ACT_RELU ? factor : 1;
#define LOOP(which) \
	EACH_VECTOR(i, some, n) \
		vec_put(gradient + i, vec_get(gradient + i, some) * (vec_slope(vec_get(saved + i, some) * inside, which) * outside), some)
	EACH_ACTIVATION(act, LOOP)
#undef LOOP
}

/* ---- dropout: the same masks as dropout_mask(), 32 elements at a time ---- */

INLINE void mask_group(const dropout *d, uint32_t group, real *restrict mask)
{
	const real scale = (real)d->scale;
	for (uint32_t i = 0; i < 16; i++) {
		uint32_t bits = dropout_bits(d, group * 16 + i);
		mask[i] = (bits & 0xffff) < d->threshold ? 0 : scale;
		mask[i + 16] = bits >> 16 < d->threshold ? 0 : scale;
	}
}

static void elements_mask(const dropout *d, size_t row, size_t width, size_t cols, real *mask)
{
	uint32_t group = (uint32_t)(row * ((width + DROPOUT_GROUP - 1) / DROPOUT_GROUP));
	for (size_t col = 0; col < cols; col += DROPOUT_GROUP)
		mask_group(d, group++, mask + col);
}

/* to = (or +=) x * mask for part of a row that begins with a group. */
INLINE void drop_part(real *to, const real *x, const dropout *d, uint32_t group, size_t cols, const bool accumulate)
{
	real mask[DROPOUT_GROUP];
	for (size_t col = 0; col < cols; col += DROPOUT_GROUP) {
		mask_group(d, group++, mask);
		size_t width = cols - col < DROPOUT_GROUP ? cols - col : DROPOUT_GROUP;
		EACH_VECTOR(i, some, width) {
			vec v = vec_get(x + col + i, some) * vec_load(mask + i);
			vec_put(to + col + i, accumulate ? vec_get(to + col + i, some) + v : v, some);
		}
	}
}

static void elements_drop(real *to, const real *x, const dropout *d, size_t rows, size_t cols, bool accumulate)
{
	size_t groups = (cols + DROPOUT_GROUP - 1) / DROPOUT_GROUP;
	for (size_t row = 0; row < rows; row++) {
		if (accumulate)
			drop_part(to + row * cols, x + row * cols, d, (uint32_t)(row * groups), cols, true);
		else
			drop_part(to + row * cols, x + row * cols, d, (uint32_t)(row * groups), cols, false);
	}
}

INLINE real root_of(real x)
{
	return sizeof x == sizeof(double) ? (real)__builtin_sqrt((double)x) : (real)__builtin_sqrtf((float)x);
}

/* A plain loop: the compiler knows square roots and quotients of vectors. */
static void elements_adam(const adam_step *u, const real *restrict g, real *restrict w, real *restrict m, real *restrict v, size_t n)
{
	const adam_step by = *u;
	for (size_t j = 0; j < n; j++) {
		real gradient = g[j] * by.scale;
		m[j] += by.first * (gradient - m[j]);
		v[j] += by.second * (gradient * gradient - v[j]);
		w[j] -= by.decay * w[j] + by.rate * m[j] / (root_of(v[j]) * by.root + by.least);
	}
}

#endif
