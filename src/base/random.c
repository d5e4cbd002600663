/* random.c - Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011) and what is drawn from it. */
#include "seqrec/random.h"

#include <math.h>

void random_block(uint64_t seed, uint32_t stream, uint64_t step, uint32_t index, uint32_t out[4])
{
	uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
	uint32_t c0 = index, c1 = stream, c2 = (uint32_t)step, c3 = (uint32_t)(step >> 32);
	for (int round = 0; round < 10; round++) {
		uint64_t p0 = (uint64_t)0xD2511F53 * c0, p1 = (uint64_t)0xCD9E8D57 * c2;
		uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ key0, n2 = (uint32_t)(p0 >> 32) ^ c3 ^ key1;
		c1 = (uint32_t)p1;
		c3 = (uint32_t)p0;
		c0 = n0;
		c2 = n2;
		key0 += 0x9E3779B9;
		key1 += 0xBB67AE85;
	}
	out[0] = c0;
	out[1] = c1;
	out[2] = c2;
	out[3] = c3;
}

uint64_t random_bits(uint64_t seed, uint32_t stream, uint64_t step, uint32_t index)
{
	uint32_t word[4];
	random_block(seed, stream, step, index, word);
	return (uint64_t)word[0] << 32 | word[1];
}

double random_uniform(uint64_t seed, uint32_t stream, uint64_t step, uint32_t index)
{
	return (double)(random_bits(seed, stream, step, index) >> 11) * 0x1p-53;
}

/* Box & Muller 1958. */
double random_normal(uint64_t seed, uint32_t stream, uint64_t step, uint32_t index)
{
	uint32_t word[4];
	random_block(seed, stream, step, index, word);
	uint64_t a = (uint64_t)word[0] << 32 | word[1], b = (uint64_t)word[2] << 32 | word[3];
	double u = (double)((a >> 11) + 1) * 0x1p-53, v = (double)(b >> 11) * 0x1p-53;
	return sqrt(-2 * log(u)) * cos(6.283185307179586477 * v);
}

uint32_t random_below(uint64_t seed, uint32_t stream, uint64_t step, uint32_t index, uint32_t bound)
{
	__extension__ typedef unsigned __int128 wide;
	return (uint32_t)((wide)random_bits(seed, stream, step, index) * bound >> 64);
}

void random_shuffle(uint64_t seed, uint32_t stream, uint64_t step, uint32_t *order, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		uint32_t j = random_below(seed, stream, step, (uint32_t)i, (uint32_t)i), kept = order[i - 1];
		order[i - 1] = order[j];
		order[j] = kept;
	}
}
