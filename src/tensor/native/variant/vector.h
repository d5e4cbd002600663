/* vector.h - vectors of VECTOR_BYTES, by the compiler's vector types: one source for every CPU. Included by kernels_*.c only. */
#ifndef SEQREC_VARIANT_VECTOR_H
#define SEQREC_VARIANT_VECTOR_H

#include <stdint.h>
#include <string.h>

#include "tensor/native/kernels.h"

#if defined(__AVX512F__) || defined(__AVX2__)
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

#ifdef SEQREC_REAL_DOUBLE
typedef int64_t whole;
#else
typedef int32_t whole;
#endif
typedef real vec __attribute__((vector_size(VECTOR_BYTES)));
typedef whole ivec __attribute__((vector_size(VECTOR_BYTES)));
typedef real vec_loose __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(real)), may_alias));

enum { LANES = VECTOR_BYTES / sizeof(real) };

INLINE vec vec_load(const real *p)
{
	return *(const vec_loose *)p;
}

INLINE void vec_store(real *p, vec v)
{
	*(vec_loose *)p = v;
}

INLINE vec vec_all(real x)
{
	return x - (vec){ 0 };
}

INLINE vec vec_select(ivec mask, vec yes, vec no)
{
	return (vec)((mask & (ivec)yes) | (~mask & (ivec)no));
}

#if defined(__AVX512F__) && !defined(SEQREC_REAL_DOUBLE)
INLINE vec vec_max(vec a, vec b)
{
	return (vec)_mm512_max_ps((__m512)a, (__m512)b);
}

INLINE vec vec_min(vec a, vec b)
{
	return (vec)_mm512_min_ps((__m512)a, (__m512)b);
}

INLINE vec vec_load_some(const real *p, size_t n)
{
	return (vec)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
}

INLINE void vec_store_some(real *p, vec v, size_t n)
{
	_mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
}
#else
#if defined(__AVX2__) && !defined(SEQREC_REAL_DOUBLE)
INLINE vec vec_max(vec a, vec b)
{
	return (vec)_mm256_max_ps((__m256)a, (__m256)b);
}

INLINE vec vec_min(vec a, vec b)
{
	return (vec)_mm256_min_ps((__m256)a, (__m256)b);
}
#else
INLINE vec vec_max(vec a, vec b)
{
	return vec_select((ivec)(a > b), a, b);
}

INLINE vec vec_min(vec a, vec b)
{
	return vec_select((ivec)(a < b), a, b);
}
#endif

/* The first n < LANES elements; the rest is zero. */
INLINE vec vec_load_some(const real *p, size_t n)
{
	vec v = { 0 };
	memcpy(&v, p, n * sizeof *p);
	return v;
}

INLINE void vec_store_some(real *p, vec v, size_t n)
{
	memcpy(p, &v, n * sizeof *p);
}
#endif

/* The first `some` elements; zero behind. */
INLINE vec vec_first(vec v, size_t some)
{
	ivec place;
	for (size_t i = 0; i < LANES; i++)
		place[i] = (whole)i;
	return vec_select((ivec)(place < (whole)some), v, (vec){ 0 });
}

/* Sum and maximum by halves: the same order every time. */
#if defined(__AVX512F__) && !defined(SEQREC_REAL_DOUBLE)
INLINE real vec_sum(vec v)
{
	return _mm512_reduce_add_ps((__m512)v);
}

INLINE real vec_largest(vec v)
{
	return _mm512_reduce_max_ps((__m512)v);
}
#else
INLINE real vec_sum(vec v)
{
	real part[LANES];
	vec_store(part, v);
	for (size_t half = LANES / 2; half; half /= 2)
		for (size_t i = 0; i < half; i++)
			part[i] += part[i + half];
	return part[0];
}

INLINE real vec_largest(vec v)
{
	real part[LANES];
	vec_store(part, v);
	for (size_t half = LANES / 2; half; half /= 2)
		for (size_t i = 0; i < half; i++)
			part[i] = part[i] > part[i + half] ? part[i] : part[i + half];
	return part[0];
}
#endif

/* for each vector of n elements: `i` is its place, `some` how many elements it has. Loads and stores inside go through vec_get / vec_put. */
#define EACH_VECTOR(i, some, n) for (size_t i = 0, some; i < (n) && ((some = (n) - i < LANES ? (n) - i : LANES), 1); i += LANES)

INLINE vec vec_get(const real *p, size_t some)
{
	return some == LANES ? vec_load(p) : vec_load_some(p, some);
}

INLINE void vec_put(real *p, vec v, size_t some)
{
	if (some == LANES)
		vec_store(p, v);
	else
		vec_store_some(p, v, some);
}

#endif
