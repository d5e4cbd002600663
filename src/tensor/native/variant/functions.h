/* functions.h - exp, tanh, sigmoid and the normal distribution by vectors. Polynomials fitted at Chebyshev nodes; relative error about 2e-7.
 * The f64 build calls the C library instead. Included by kernels_*.c only. */
#ifndef SEQREC_VARIANT_FUNCTIONS_H
#define SEQREC_VARIANT_FUNCTIONS_H

#include <math.h>

#include "tensor/native/variant/vector.h"

#ifdef SEQREC_REAL_DOUBLE

#define BY_ELEMENT(name, expression) \
	INLINE vec name(vec x) \
	{ \
		for (size_t i = 0; i < LANES; i++) { \
			double e = x[i]; \
			x[i] = (expression); \
		} \
		return x; \
	}

BY_ELEMENT(vec_exp, exp(e))
BY_ELEMENT(vec_tanh, tanh(e))
BY_ELEMENT(vec_sigmoid, 1 / (1 + exp(-e)))
BY_ELEMENT(vec_normal, 0.5 * erfc(-e * 0.70710678118654752440)) /* P(N(0,1) < x) */

#else

/* x = n ln2 + r, |r| <= ln2 / 2; *part = e^r - 1; returns 2^n. */
INLINE vec exp_split(vec x, vec *part)
{
	const vec shift = vec_all(12582912.0f); /* 1.5 * 2^23: adding it rounds to a whole number, held in the low bits */
	x = vec_max(vec_min(x, vec_all(88.3762626f)), vec_all(-87.3365479f));
	vec shifted = x * 1.44269504f + shift;
	vec n = shifted - shift;
	vec r = x - n * 0.693145752f; /* ln2 in two parts: the product with the first is exact */
	r = r - n * 1.42860677e-6f;
	vec q = r * 0.001393454266f + 0.00836377684f;
	q = q * r + 0.04166645557f;
	q = q * r + 0.1666657329f;
	q = q * r + 0.5f;
	*part = q * (r * r) + r;
	ivec power = ((ivec)shifted - (ivec)shift + 127) << 23;
	return (vec)power;
}

INLINE vec vec_exp(vec x)
{
	vec part, power = exp_split(x, &part);
	return power * part + power;
}

INLINE vec vec_tanh(vec x)
{
	vec part, power = exp_split(vec_max(vec_min(x + x, vec_all(40)), vec_all(-40)), &part);
	vec less_one = power * part + (power - 1); /* e^2x - 1 without loss near zero */
	return less_one / (less_one + 2);
}

INLINE vec vec_sigmoid(vec x)
{
	return 1 / (1 + vec_exp(-x));
}

/* P(N(0,1) < x): the tail beyond |x| is t p(t) exp(-x^2 / 2) with t = 1 / (1 + .3275911 |x| / sqrt 2), the form of Abramowitz & Stegun 7.1.26. */
INLINE vec vec_normal(vec x)
{
	vec size = vec_max(x, -x);
	vec t = 1 / (size * 0.231641888f + 1);
	vec p = t * -0.07149653882f + 0.2521753609f;
	p = p * t + -0.2094668001f;
	p = p * t + 0.2325495034f;
	p = p * t + 0.00960191991f;
	p = p * t + 0.1038869023f;
	p = p * t + 0.09021307528f;
	p = p * t + 0.09253653884f;
	vec tail = p * t * vec_exp(size * size * -0.5f);
	return vec_select((ivec)(x < 0), tail, 1 - tail);
}

#endif

/* Density of N(0,1). */
INLINE vec vec_density(vec x)
{
	return vec_exp(x * x * (real)-0.5) * (real)0.39894228040143267794;
}

INLINE vec vec_activate(vec x, activation act)
{
	switch (act) {
	case ACT_RELU: return vec_max(x, (vec){ 0 });
	case ACT_GELU: return x * vec_normal(x);
	case ACT_SILU: return x * vec_sigmoid(x);
	case ACT_TANH: return vec_tanh(x);
	case ACT_SIGMOID: return vec_sigmoid(x);
	case ACT_NONE: break;
	}
	return x;
}

/* act'(x): from the input for GELU and SiLU, from the result a = act(x) for the others. */
INLINE vec vec_slope(vec saved, activation act)
{
	vec s;
	switch (act) {
	case ACT_RELU: return vec_select((ivec)(saved > 0), vec_all(1), (vec){ 0 });
	case ACT_GELU: return vec_normal(saved) + saved * vec_density(saved);
	case ACT_SILU: s = vec_sigmoid(saved); return s * (1 + saved * (1 - s));
	case ACT_TANH: return 1 - saved * saved;
	case ACT_SIGMOID: return saved * (1 - saved);
	case ACT_NONE: break;
	}
	return vec_all(1);
}

#endif
