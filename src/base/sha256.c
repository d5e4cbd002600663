/* sha256.c - SHA-256 (FIPS 180-4), in portable C and with the instructions that x86 has for it. */
#include "seqrec/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>
#include <immintrin.h>
#endif

static const uint32_t sha_constant[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
	0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
	0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
	0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, int by)
{
	return x >> by | x << (32 - by);
}

/* One round. The eight variables take turns in their roles instead of being moved: round i calls a what round i + 1 calls b. */
static inline void sha_round(uint32_t v[8], unsigned turn, uint32_t word)
{
	uint32_t a = v[(8 - turn) & 7], b = v[(9 - turn) & 7], c = v[(10 - turn) & 7], e = v[(12 - turn) & 7], f = v[(13 - turn) & 7], g = v[(14 - turn) & 7];
	uint32_t one = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25), choice = g ^ (e & (f ^ g));
	uint32_t t1 = v[(15 - turn) & 7] + one + choice + word;
	uint32_t zero = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22), majority = (a & b) | (c & (a | b));
	v[(11 - turn) & 7] += t1;
	v[(15 - turn) & 7] = t1 + zero + majority;
}

#if defined(__x86_64__) && defined(__GNUC__)

/* The same with the SHA extensions: four rounds a step. The state stands as ABEF, CDGH. */
__attribute__((target("sha,sse4.1,ssse3"))) static void sha_blocks_fast(uint32_t state[8], const unsigned char *p, size_t blocks)
{
	const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)state), 0xb1);
	__m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)(state + 4)), 0x1b);
	__m128i abef = _mm_alignr_epi8(badc, hgfe, 8), cdgh = _mm_blend_epi16(hgfe, badc, 0xf0);
	for (; blocks; blocks--, p += 64) {
		__m128i w[4], abef_before = abef, cdgh_before = cdgh;
#pragma GCC unroll 16
		for (int i = 0; i < 16; i++) {
			__m128i *now = &w[i & 3];
			if (i < 4)
				*now = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i)), order);
			else
				*now = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(*now, w[(i + 1) & 3]), _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4)),
					w[(i + 3) & 3]);
			__m128i words = _mm_add_epi32(*now, _mm_loadu_si128((const __m128i *)(const void *)(sha_constant + 4 * i)));
			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, 0x0e));
		}
		abef = _mm_add_epi32(abef, abef_before);
		cdgh = _mm_add_epi32(cdgh, cdgh_before);
	}
	__m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

/* CPUID leaf 7: bit 29 of EBX tells of the SHA extensions, leaf 1 of SSE4.1 (ECX, bit 19) and SSSE3 (bit 9). */
static bool sha_is_fast(void)
{
	unsigned a, b, c, d;
	const char *forced = getenv("SEQREC_CPU");
	if ((forced && strcmp(forced, "portable") == 0) || !__get_cpuid(1, &a, &b, &c, &d) || !(c >> 19 & 1) || !(c >> 9 & 1))
		return false;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}

#else

static void sha_blocks_fast(uint32_t state[8], const unsigned char *p, size_t blocks)
{
	(void)state;
	(void)p;
	(void)blocks;
}

static bool sha_is_fast(void)
{
	return false;
}

#endif

static void sha_block(uint32_t state[8], const unsigned char *block)
{
	uint32_t w[64], v[8];
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];
		w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] + (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
	memcpy(v, state, sizeof v);
	for (int i = 0; i < 64; i += 8) { /* eight at a time: the roles are then known when compiled */
		sha_round(v, 0, sha_constant[i] + w[i]);
		sha_round(v, 1, sha_constant[i + 1] + w[i + 1]);
		sha_round(v, 2, sha_constant[i + 2] + w[i + 2]);
		sha_round(v, 3, sha_constant[i + 3] + w[i + 3]);
		sha_round(v, 4, sha_constant[i + 4] + w[i + 4]);
		sha_round(v, 5, sha_constant[i + 5] + w[i + 5]);
		sha_round(v, 6, sha_constant[i + 6] + w[i + 6]);
		sha_round(v, 7, sha_constant[i + 7] + w[i + 7]);
	}
	for (int i = 0; i < 8; i++)
		state[i] += v[i];
}

static void sha_blocks(sha256 *s, const unsigned char *p, size_t blocks)
{
	if (s->fast) {
		sha_blocks_fast(s->state, p, blocks);
		return;
	}
	for (; blocks; blocks--, p += 64)
		sha_block(s->state, p);
}

void sha256_start(sha256 *s)
{
	*s = (sha256){ .fast = sha_is_fast(), .state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
}

void sha256_add(sha256 *s, const void *bytes, size_t length)
{
	const unsigned char *p = bytes;
	size_t used = s->length % 64;
	s->length += length;
	while (length) {
		size_t part = 64 - used < length ? 64 - used : length;
		if (!used && length >= 64) {
			part = length / 64 * 64;
			sha_blocks(s, p, part / 64);
		} else {
			memcpy(s->block + used, p, part);
			used += part;
		}
		p += part;
		length -= part;
		if (used == 64) {
			sha_blocks(s, s->block, 1);
			used = 0;
		}
	}
}

void sha256_text(sha256 *s, char out[SHA256_TEXT])
{
	uint64_t bits = s->length * 8;
	unsigned char end[72] = { 0x80 };
	size_t padding = (s->length % 64 < 56 ? 56 : 120) - s->length % 64;
	for (int i = 0; i < 8; i++)
		end[padding + (size_t)i] = (unsigned char)(bits >> (56 - 8 * i));
	sha256_add(s, end, padding + 8);
	for (size_t i = 0; i < 8; i++)
		snprintf(out + 8 * i, 9, "%08x", s->state[i]);
}
