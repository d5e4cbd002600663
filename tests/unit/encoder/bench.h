#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H
/* bench.h - numbers to run a part of the model on: events x, sequence vectors h, attribute vectors y. */

#include "unit/encoder/packs.h"

#include "encoder/encoder.h"

#include <math.h>

enum { T = 4, S = 3, D = 8, A = 6 };

static const uint32_t bench_spans[S + 1] = { 0, 3, 3, 4 }; /* three events, none, one */

typedef struct {
	params *list;
	runtime *rt;
	float x[T * D], h[S * D], y[S * A];
} bench;

static inline void bench_start(bench *b)
{
	params_initialise(b->list, 4);
	b->rt = runtime_new(TENSOR_NATIVE, b->list, NULL);
	for (size_t i = 0; i < T * D; i++)
		b->x[i] = (float)(i * 37 % 19) / 19 - 0.4F;
	for (size_t i = 0; i < S * D; i++)
		b->h[i] = (float)(i * 23 % 17) / 17 - 0.4F;
	for (size_t i = 0; i < S * A; i++)
		b->y[i] = (float)(i * 29 % 13) / 13 - 0.4F;
	runtime_begin(b->rt, NULL, 1, 0, 0);
}

static inline void bench_end(bench *b)
{
	assert_true(runtime_status(b->rt, NULL));
	runtime_free(b->rt);
	params_free(b->list);
}

static inline void assert_near(float x, double y)
{
	if (!(fabs((double)x - y) <= 1e-5 * fmax(1, fabs(y))))
		fail_msg("%.9g is not %.9g", (double)x, y);
}

#endif
