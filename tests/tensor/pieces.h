#ifndef SEQREC_TENSOR_PIECES_H
#define SEQREC_TENSOR_PIECES_H
/* pieces.h - what the cases are made from. Sequences are empty, of one event, odd, and longer than a block; ids repeat. */

#include "seqrec/random.h"

enum { EVENTS = 52, SAMPLES = 7, WIDTH = 6 };

static const uint32_t starts[SAMPLES + 1] = { 0, 3, 3, 4, 11, 11, 52, 52 };
static const uint32_t empty_starts[3] = { 0, 0, 0 };

static inline param *weight(params *list, size_t rows, size_t cols, const char *name)
{
	return param_new(list, PARAM_WEIGHT, rows, cols, INIT_NORMAL, 0.7, "%s", name);
}

static inline tensor *value(runtime *rt, const params *list, const char *name)
{
	return t_param(rt, params_find(list, name));
}

static inline const param *named(const params *list, const char *name)
{
	return params_find(list, name);
}

/* Numbers in [-1, 1), the same for every call with one name. Kept for the process. */
static inline const float *constants(size_t count)
{
	static float values[1 << 16];
	if (values[0] == 0)
		for (size_t i = 0; i < sizeof values / sizeof *values; i++)
			values[i] = (float)(2 * random_uniform(7, RANDOM_SHOP, 1, (uint32_t)i) - 1);
	return count <= sizeof values / sizeof *values ? values : NULL;
}

static inline const float *shares(size_t count)
{
	static float values[4096];
	for (size_t i = 0; i < count; i++)
		values[i] = (float)random_uniform(8, RANDOM_SHOP, 1, (uint32_t)i);
	return values;
}

/* `count` ids below `below`, with repeats. */
static inline const index_array *ids(runtime *rt, size_t count, uint32_t below)
{
	static uint32_t values[16][512];
	uint32_t *v = values[below % 16];
	for (size_t i = 0; i < count; i++)
		v[i] = random_below(9, RANDOM_SHOP, below, (uint32_t)i, below);
	return runtime_index(rt, v, count);
}

/* A loss that sends another gradient into every element of y. */
static inline tensor *observe(runtime *rt, tensor *y, const params *list)
{
	size_t rows = tensor_rows(y), cols = tensor_cols(y);
	tensor *mixed = t_mul(y, runtime_input(rt, constants(rows * cols), rows, cols));
	tensor *sums = t_linear(mixed, named(list, "probe"), NULL);
	t_loss_binary(sums, shares(rows), NULL, 0.5);
	return y;
}

/* A second reader of x, so that its gradient has two sources, this one first. */
static inline void read_again(runtime *rt, tensor *x)
{
	t_loss_classes(x, ids(rt, tensor_rows(x), (uint32_t)tensor_cols(x)), NULL, 0, 0.2);
}

static inline void probe(params *list, size_t width)
{
	weight(list, width, 1, "probe");
}

static inline const spans *sequences(runtime *rt)
{
	return runtime_spans(rt, starts, SAMPLES);
}

#endif
