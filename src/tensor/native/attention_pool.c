/* attention_pool.c - one query a sequence over its keys and values: softmax(q K^T / sqrt(D/H)) V by head. */
#include <math.h>
#include <string.h>

#include "tensor/native/native.h"

typedef struct {
	node head;
	tensor *query, *keys, *values;
	const spans *sequences;
	size_t heads;
	real *weights; /* (H,T) */
} pool_attention;

static size_t head_width(const pool_attention *a)
{
	return a->query->cols / a->heads;
}

static real score_scale(const pool_attention *a)
{
	return (real)(1 / sqrt((double)head_width(a)));
}

static void query_forward(native *n, const pool_attention *a, size_t s, size_t h, real *out)
{
	size_t width = head_width(a), cols = a->query->cols, column = h * width, start = a->sequences->starts[s], end = a->sequences->starts[s + 1];
	real *weights = a->weights + h * a->keys->rows;
	for (size_t i = start; i < end; i++)
		weights[i] = score_scale(a) * n->k->dot(a->query->value + s * cols + column, a->keys->value + i * cols + column, width);
	n->k->softmax(weights + start, weights + start, end - start);
	for (size_t i = start; i < end; i++)
		n->k->add_scaled(out + s * cols + column, a->values->value + i * cols + column, weights[i], width);
}

/* Gradients of the three inputs; NULL where one wants none. */
typedef struct {
	real *query, *keys, *values;
} slopes;

static void query_backward(native *n, const pool_attention *a, size_t s, size_t h, slopes to)
{
	size_t width = head_width(a), cols = a->query->cols, column = h * width, start = a->sequences->starts[s], end = a->sequences->starts[s + 1];
	const real *weights = a->weights + h * a->keys->rows, *dy = a->head.out->gradient + s * cols + column;
	real mean = n->k->dot(a->head.out->value + s * cols + column, dy, width); /* sum of weight * its gradient */
	for (size_t i = start; i < end; i++) {
		size_t at = i * cols + column;
		real slope = weights[i] * (n->k->dot(dy, a->values->value + at, width) - mean) * score_scale(a);
		if (to.values)
			n->k->add_scaled(to.values + at, dy, weights[i], width);
		if (to.keys)
			n->k->add_scaled(to.keys + at, a->query->value + s * cols + column, slope, width);
		if (to.query)
			n->k->add_scaled(to.query + s * cols + column, a->keys->value + at, slope, width);
	}
}

static void pool_backward(native *n, node *base)
{
	pool_attention *a = (pool_attention *)base;
	slopes to = { .query = gradient_zeroed(n, a->query), .keys = gradient_zeroed(n, a->keys), .values = gradient_zeroed(n, a->values) };
	for (size_t s = 0; s < a->sequences->count; s++)
		for (size_t h = 0; h < a->heads; h++)
			query_backward(n, a, s, h, to);
	buffer_give(n, a->weights, a->keys->rows * a->heads);
}

tensor *native_attention_pool(tensor *query, tensor *keys, tensor *values, const spans *sequences, size_t heads)
{
	native *n = native_of(query);
	tensor *out = native_result(query->rt, query->rows, query->cols, query->wants || keys->wants || values->wants);
	memset(out->value, 0, tensor_size(out) * sizeof(real));
	bool record = query->rt->gradients && out->wants;
	pool_attention plain = { 0 }, *a = record ? node_new(n, sizeof *a, pool_backward, out) : &plain;
	a->query = query;
	a->keys = keys;
	a->values = values;
	a->sequences = sequences;
	a->heads = heads;
	a->weights = buffer_take(n, keys->rows * heads);
	for (size_t s = 0; s < sequences->count; s++)
		for (size_t h = 0; h < heads; h++)
			query_forward(n, a, s, h, out->value);
	if (!record)
		buffer_give(n, a->weights, keys->rows * heads);
	return out;
}
