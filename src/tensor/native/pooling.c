/* pooling.c - between events and samples: gather, pool, spread, and a row for empty sequences. */
#include <string.h>

#include "tensor/native/native.h"

typedef struct {
	node head;
	tensor *x;
	const index_array *rows;
	const spans *sequences;
	pooling how;
	const param *row;
	uint32_t *winners; /* POOLING_MAX: (S,D), the event that won */
} pooled;

static pooled *record(tensor *out, node_backward *backward, tensor *x, const spans *sequences)
{
	if (!out->rt->gradients || !out->wants)
		return NULL;
	pooled *p = node_new(native_of(out), sizeof *p, backward, out);
	p->x = x;
	p->sequences = sequences;
	return p;
}

static void gather_backward(native *n, node *base)
{
	pooled *p = (pooled *)base;
	real *to = gradient_zeroed(n, p->x);
	size_t width = p->x->cols;
	for (size_t i = 0; to && i < p->rows->count; i++)
		n->k->add(to + p->rows->values[i] * width, base->out->gradient + i * width, width);
}

tensor *native_gather(tensor *x, const index_array *rows)
{
	tensor *out = native_result(x->rt, rows->count, x->cols, x->wants);
	for (size_t i = 0; i < rows->count; i++)
		memcpy(out->value + i * x->cols, x->value + rows->values[i] * x->cols, x->cols * sizeof(real));
	pooled *p = record(out, gather_backward, x, NULL);
	if (p)
		p->rows = rows;
	return out;
}

static void pool_row_backward(native *n, const pooled *p, size_t s, size_t start, size_t length, real *to)
{
	size_t width = p->x->cols;
	const real *dy = p->head.out->gradient + s * width;
	if (p->how == POOLING_LAST)
		n->k->add(to + (start + length - 1) * width, dy, width);
	for (size_t i = start; p->how == POOLING_MEAN && i < start + length; i++)
		n->k->add_scaled(to + i * width, dy, 1 / (real)length, width);
	for (size_t col = 0; p->how == POOLING_MAX && col < width; col++)
		to[p->winners[s * width + col] * width + col] += dy[col];
}

static void pool_backward(native *n, node *base)
{
	pooled *p = (pooled *)base;
	const uint32_t *starts = p->sequences->starts;
	real *to = gradient_zeroed(n, p->x);
	for (size_t s = 0; to && s < p->sequences->count; s++)
		if (starts[s + 1] > starts[s])
			pool_row_backward(n, p, s, starts[s], starts[s + 1] - starts[s], to);
}

static void row_maximum(const tensor *x, size_t start, size_t length, real *out, uint32_t *winners)
{
	for (size_t col = 0; col < x->cols; col++) {
		size_t best = start;
		for (size_t i = start + 1; i < start + length; i++)
			best = x->value[i * x->cols + col] > x->value[best * x->cols + col] ? i : best;
		out[col] = x->value[best * x->cols + col];
		winners[col] = (uint32_t)best;
	}
}

static void pool_row(const tensor *x, size_t start, size_t length, pooling how, real *out, uint32_t *winners)
{
	const kernels *k = native_of(x)->k;
	memset(out, 0, x->cols * sizeof *out);
	if (!length)
		return;
	if (how == POOLING_LAST)
		memcpy(out, x->value + (start + length - 1) * x->cols, x->cols * sizeof *out);
	for (size_t i = start; how == POOLING_MEAN && i < start + length; i++)
		k->add_scaled(out, x->value + i * x->cols, 1 / (real)length, x->cols);
	if (how == POOLING_MAX)
		row_maximum(x, start, length, out, winners);
}

tensor *native_pool(tensor *x, const spans *sequences, pooling how)
{
	tensor *out = native_result(x->rt, sequences->count, x->cols, x->wants);
	uint32_t *winners = how == POOLING_MAX ? arena_alloc(x->rt->memory, tensor_size(out) * sizeof *winners) : NULL;
	for (size_t s = 0; s < sequences->count; s++)
		pool_row(x, sequences->starts[s], sequences->starts[s + 1] - sequences->starts[s], how, out->value + s * x->cols,
			winners ? winners + s * x->cols : NULL);
	pooled *p = record(out, pool_backward, x, sequences);
	if (p) {
		p->how = how;
		p->winners = winners;
	}
	return out;
}

static void spread_backward(native *n, node *base)
{
	pooled *p = (pooled *)base;
	real *to = gradient_zeroed(n, p->x);
	size_t width = p->x->cols;
	for (size_t s = 0; to && s < p->sequences->count; s++)
		for (size_t i = p->sequences->starts[s]; i < p->sequences->starts[s + 1]; i++)
			n->k->add(to + s * width, base->out->gradient + i * width, width);
}

tensor *native_spread(tensor *x, const spans *sequences)
{
	tensor *out = native_result(x->rt, sequences->total, x->cols, x->wants);
	for (size_t s = 0; s < sequences->count; s++)
		for (size_t i = sequences->starts[s]; i < sequences->starts[s + 1]; i++)
			memcpy(out->value + i * x->cols, x->value + s * x->cols, x->cols * sizeof(real));
	record(out, spread_backward, x, sequences);
	return out;
}

static void fill_empty_backward(native *n, node *base)
{
	pooled *p = (pooled *)base;
	size_t width = p->x->cols;
	for (size_t s = 0; s < p->sequences->count; s++) {
		real *dy = base->out->gradient + s * width;
		if (p->sequences->starts[s] < p->sequences->starts[s + 1])
			continue;
		n->k->add(lane_touch(n->rt->gradients, p->row, 0), dy, width);
		memset(dy, 0, width * sizeof *dy);
	}
	gradient_pass(n, p->x, base->out);
}

tensor *native_fill_empty(tensor *x, const spans *sequences, const param *row)
{
	tensor *out = native_result(x->rt, x->rows, x->cols, true);
	for (size_t s = 0; s < x->rows; s++) {
		bool empty = sequences->starts[s] == sequences->starts[s + 1];
		memcpy(out->value + s * x->cols, empty ? row->value : x->value + s * x->cols, x->cols * sizeof(real));
	}
	pooled *p = record(out, fill_empty_backward, x, sequences);
	if (p)
		p->row = row;
	return out;
}
