/* 64 bytes become one word of 64 bits, whose set bits are taken out one by one (Langdale and Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 2019,
 * section 3.1.5). */
#include "loader/marks.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

enum { AT_ONCE = 8 };

/* The bits of a word as places. The first ones are written whether they are there or not, so that nothing has to be guessed about their number. */
static inline size_t bits_write(uint64_t bits, uint32_t base, uint32_t *out)
{
	size_t count = (size_t)__builtin_popcountll(bits);
	for (size_t done = 0; done < count; done += AT_ONCE)
		for (size_t i = 0; i < AT_ONCE; i++) {
			out[done + i] = base + (uint32_t)__builtin_ctzll(bits | UINT64_C(1) << 63);
			bits &= bits - 1;
		}
	return count;
}

static inline uint64_t tail_mask(size_t left)
{
	return left >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << left) - 1;
}

__attribute__((target("avx2,bmi,popcnt"))) static inline uint32_t half_bits(const char *p, __m256i separator, __m256i special)
{
	const __m256i feed = _mm256_set1_epi8('\n'), carriage = _mm256_set1_epi8('\r');
	__m256i text = _mm256_loadu_si256((const __m256i *)(const void *)p), next = _mm256_loadu_si256((const __m256i *)(const void *)(p + 1));
	__m256i marked = _mm256_or_si256(_mm256_cmpeq_epi8(text, separator), _mm256_cmpeq_epi8(text, feed));
	marked = _mm256_or_si256(marked, _mm256_or_si256(_mm256_cmpeq_epi8(text, special), _mm256_cmpeq_epi8(text, _mm256_setzero_si256())));
	marked = _mm256_or_si256(marked, _mm256_andnot_si256(_mm256_cmpeq_epi8(next, feed), _mm256_cmpeq_epi8(text, carriage)));
	return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(marked, text));
}

__attribute__((target("avx2,bmi,popcnt"))) static size_t find_avx2(const char *text, size_t length, char separator, char special, uint32_t base, uint32_t *out)
{
	__m256i first = _mm256_set1_epi8(separator), second = _mm256_set1_epi8(special);
	size_t count = 0;
	for (size_t at = 0; at < length; at += 64) {
		uint64_t bits = half_bits(text + at, first, second);
		if (length - at > 32)
			bits |= (uint64_t)half_bits(text + at + 32, first, second) << 32;
		count += bits_write(bits & tail_mask(length - at), base + (uint32_t)at, out + count);
	}
	return count;
}

static bool is_fast(void)
{
	const char *forced = getenv("SEQREC_CPU");
	bool portable = forced && strcmp(forced, "portable") == 0;
	return !portable && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
}

#else

static size_t find_avx2(const char *text, size_t length, char separator, char special, uint32_t base, uint32_t *out)
{
	(void)text, (void)length, (void)separator, (void)special, (void)base, (void)out;
	return 0;
}

static bool is_fast(void)
{
	return false;
}

#endif

static size_t find_portable(const char *text, size_t length, char separator, char special, uint32_t base, uint32_t *out)
{
	size_t count = 0;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		out[count] = base + (uint32_t)i;
		count += (c == (unsigned char)separator) | (c == '\n') | (c == (unsigned char)special) | (c == 0) | (c >= 0x80) | ((c == '\r') & (text[i + 1] != '\n'));
	}
	return count;
}

size_t marks_find(const char *text, size_t length, char separator, char special, uint32_t base, uint32_t *out)
{
	return (is_fast() ? find_avx2 : find_portable)(text, length, separator, special, base, out);
}
