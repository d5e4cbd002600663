#ifndef SEQREC_RANDOM_H
#define SEQREC_RANDOM_H
/* random.h - counter-based random numbers: each draw is a pure function of (seed, stream, step, index), so that nothing depends on
 * threads, on order or on a resume. Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a stream is used for; one number each, never reused. */
typedef enum {
	RANDOM_INIT = 1,     /* initial weights */
	RANDOM_SHUFFLE,      /* order of data */
	RANDOM_DROPOUT,
	RANDOM_NEGATIVES,
	RANDOM_SPLIT,
	RANDOM_SUBSAMPLE,
	RANDOM_BOOTSTRAP,
	RANDOM_UNKNOWN,      /* which known values are trained as <unk> */
	RANDOM_SHOP,         /* the synthetic shop */
	RANDOM_PERMUTATION   /* which users change sides in a test of two runs */
} random_stream;

void random_block(uint64_t seed, uint32_t stream, uint64_t step, uint32_t index, uint32_t out[4]);
uint64_t random_bits(uint64_t seed, uint32_t stream, uint64_t step, uint32_t index);
double random_uniform(uint64_t seed, uint32_t stream, uint64_t step, uint32_t index); /* in [0, 1), 53 bits */
double random_normal(uint64_t seed, uint32_t stream, uint64_t step, uint32_t index);  /* mean 0, variance 1 */
uint32_t random_below(uint64_t seed, uint32_t stream, uint64_t step, uint32_t index, uint32_t bound); /* in [0, bound) */

/* Shuffles `order` (count entries) as a pure function of (seed, stream, step): Fisher-Yates. */
void random_shuffle(uint64_t seed, uint32_t stream, uint64_t step, uint32_t *order, size_t count);

#ifdef __cplusplus
}
#endif
#endif
