/* crc32.c - CRC-32 (IEEE 802.3), 64 bytes at a time where the CPU multiplies without carry, else through zlib.
 * Gopal et al., "Fast CRC computation for generic polynomials using PCLMULQDQ instruction", Intel 2009: the text is folded, then reduced after Barrett. */
#include "seqrec/hash.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

enum { LEAST = 64, STEP = 16 };

__attribute__((target("pclmul,sse4.1"))) static inline __m128i load(const unsigned char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* x, moved on by as many bits as the two powers of the polynomial in `by` say, and `next` there. */
__attribute__((target("pclmul,sse4.1"))) static inline __m128i fold(__m128i x, __m128i by, __m128i next)
{
	return _mm_xor_si128(_mm_xor_si128(_mm_clmulepi64_si128(x, by, 0x00), _mm_clmulepi64_si128(x, by, 0x11)), next);
}

/* 128 bits of remainder to 32. */
__attribute__((target("pclmul,sse4.1"))) static uint32_t reduce(__m128i x, __m128i by_128)
{
	const __m128i by_64 = _mm_set_epi64x(0, 0x0163cd6124), barrett = _mm_set_epi64x(0x01f7011641, 0x01db710641), low = _mm_setr_epi32(~0, 0, ~0, 0);
	x = _mm_xor_si128(_mm_srli_si128(x, 8), _mm_clmulepi64_si128(x, by_128, 0x10));
	x = _mm_xor_si128(_mm_srli_si128(x, 4), _mm_clmulepi64_si128(_mm_and_si128(x, low), by_64, 0x00));
	__m128i quotient = _mm_and_si128(_mm_clmulepi64_si128(_mm_and_si128(x, low), barrett, 0x10), low);
	return (uint32_t)_mm_extract_epi32(_mm_xor_si128(x, _mm_clmulepi64_si128(quotient, barrett, 0x00)), 1);
}

/* `length` is a multiple of 16, and at least 64; the sum goes in and out inverted. */
__attribute__((target("pclmul,sse4.1"))) static uint32_t crc_fast(uint32_t start, const unsigned char *p, size_t length)
{
	const __m128i by_512 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4), by_128 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
	__m128i x[4];
	for (int i = 0; i < 4; i++)
		x[i] = load(p + STEP * i);
	x[0] = _mm_xor_si128(x[0], _mm_cvtsi32_si128((int)start));
	for (p += LEAST, length -= LEAST; length >= LEAST; p += LEAST, length -= LEAST)
		for (int i = 0; i < 4; i++)
			x[i] = fold(x[i], by_512, load(p + STEP * i));
	for (int i = 1; i < 4; i++)
		x[0] = fold(x[0], by_128, x[i]);
	for (; length; p += STEP, length -= STEP)
		x[0] = fold(x[0], by_128, load(p));
	return reduce(x[0], by_128);
}

static bool is_fast(void)
{
	const char *forced = getenv("SEQREC_CPU");
	return !(forced && strcmp(forced, "portable") == 0) && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

#else

enum { LEAST = 64, STEP = 16 };

static uint32_t crc_fast(uint32_t start, const unsigned char *p, size_t length)
{
	(void)p, (void)length;
	return start;
}

static bool is_fast(void)
{
	return false;
}

#endif

uint32_t hash_crc32(uint32_t start, const void *bytes, size_t length)
{
	const unsigned char *p = bytes;
	if (length >= 4 * LEAST && is_fast()) {
		size_t part = length / STEP * STEP;
		start = ~crc_fast(~start, p, part);
		p += part;
		length -= part;
	}
	return (uint32_t)crc32_z(start, p, length);
}
