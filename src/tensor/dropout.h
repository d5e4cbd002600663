#ifndef SEQREC_TENSOR_DROPOUT_H
#define SEQREC_TENSOR_DROPOUT_H
/* dropout.h - which elements an operation drops: a pure function of (seed, step, stream, number of the operation, element), so a mask is
 * never stored, is the same on every backend and at every vector width, and is computed again when gradients flow back.
 *
 * An operation's key comes from Philox; within the operation, a cheap keyed mix of a counter gives 32 bits for two elements of 16 bits each.
 * Elements are counted in groups of 32 that begin with a row: counter = group * 16 + i decides element i (low half) and i + 16 (high half) of the group. */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DROPOUT_GROUP = 32 };

typedef struct {
	uint32_t key[2];
	uint32_t threshold; /* of 65536: halves below it are dropped; 0 = nothing is */
	uint32_t operation; /* its number within the pack */
	float scale;        /* of what is kept: 65536 / (65536 - threshold) */
} dropout;

dropout dropout_new(uint64_t pack_key, uint32_t operation, double drop);

/* 32 bits from a counter: two rounds of multiply and shift (constants of the lowbias32 family: C. Wellons, hash-prospector), a key before each. */
static inline uint32_t dropout_bits(const dropout *d, uint32_t counter)
{
	uint32_t x = counter ^ d->key[0];
	x ^= x >> 16;
	x *= 0x21f0aaadu;
	x ^= x >> 15;
	x += d->key[1];
	x *= 0x735a2d97u;
	return x ^ x >> 15;
}

/* The mask (0 or scale) of the first `cols` elements of a row; `width` is the width of a whole row. */
void dropout_mask(const dropout *d, size_t row, size_t width, size_t cols, float *mask);

#ifdef __cplusplus
}
#endif
#endif
