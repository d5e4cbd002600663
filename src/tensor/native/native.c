/* native.c - the native backend: buffers, tape, and its table of functions. */
#include "tensor/native/native.h"

#include <stdlib.h>
#include <string.h>

#include "seqrec/thread.h"

native *native_of(const tensor *x)
{
	return x->rt->state;
}

/* ---- tape ---- */

tensor *native_result(runtime *rt, size_t rows, size_t cols, bool wants)
{
	tensor *out = tensor_new(rt, rows, cols);
	out->value = buffer_take(rt->state, rows * cols);
	out->wants = wants;
	return out;
}

bool native_records(runtime *rt, const tensor *x, const tensor *y)
{
	return rt->gradients && ((x && x->wants) || (y && y->wants));
}

void *node_new(native *n, size_t bytes, node_backward *backward, tensor *out)
{
	node *made = arena_alloc(n->rt->memory, bytes);
	memset(made, 0, bytes);
	*made = (node){ .before = n->last, .backward = backward, .out = out, .kind = n->rt->kind };
	return n->last = made;
}

real *gradient_target(native *n, tensor *x, bool *accumulate)
{
	if (!x->wants)
		return NULL;
	*accumulate = x->gradient != NULL;
	if (!x->gradient)
		x->gradient = buffer_take(n, tensor_size(x));
	return x->gradient;
}

real *gradient_zeroed(native *n, tensor *x)
{
	bool accumulate;
	real *to = gradient_target(n, x, &accumulate);
	if (to && !accumulate)
		memset(to, 0, tensor_size(x) * sizeof *to);
	return to;
}

void gradient_pass(native *n, tensor *x, tensor *out)
{
	if (!x->wants)
		return;
	if (x->gradient) {
		n->k->add(x->gradient, out->gradient, tensor_size(x));
		return;
	}
	x->gradient = out->gradient;
	out->gradient = NULL;
}

void gradient_copy(native *n, tensor *x, const tensor *out)
{
	bool accumulate;
	real *to = gradient_target(n, x, &accumulate);
	if (to && accumulate)
		n->k->add(to, out->gradient, tensor_size(x));
	else if (to)
		memcpy(to, out->gradient, tensor_size(x) * sizeof(real));
}

static void release(tensor *x)
{
	native *n = native_of(x);
	buffer_give(n, x->value, tensor_size(x));
	buffer_give(n, x->gradient, tensor_size(x));
	x->value = x->gradient = NULL;
}

static void node_run(native *n, node *at)
{
	if (!at->out || at->out->gradient)
		at->backward(n, at);
	if (at->out)
		release(at->out);
}

static void tape_run_timed(native *n, profile *into)
{
	double before = clock_seconds();
	for (node *at = n->last; at; at = at->before) {
		node_run(n, at);
		double now = clock_seconds();
		into->seconds[at->kind] += now - before;
		before = now;
	}
}

static bool backward(runtime *rt)
{
	native *n = rt->state;
	if (rt->profiled)
		tape_run_timed(n, rt->profiled);
	else
		for (node *at = n->last; at; at = at->before)
			node_run(n, at);
	n->last = NULL;
	return true;
}

/* ---- products ---- */

size_t packed_size(const native *n, size_t k, size_t columns)
{
	return k * ((columns + n->k->panel - 1) / n->k->panel * n->k->panel);
}

void native_multiply(native *n, product p, const real *b, size_t ldb, bool b_transposed)
{
	size_t size = packed_size(n, p.k, p.n);
	real *packed = buffer_take(n, size);
	n->k->pack(b, ldb, b_transposed, p.k, p.n, packed);
	p.b = packed;
	p.b_rows = p.k;
	n->k->multiply(&p);
	buffer_give(n, packed, size);
}

/* ---- the backend ---- */

static void *native_open(runtime *rt, sr_error *err)
{
	const kernels *k = kernels_choose(err);
	if (!k)
		return NULL;
	native *n = xcalloc(1, sizeof *n);
	n->k = k;
	n->rt = rt;
	return n;
}

static void native_close(void *state)
{
	buffers_free(&((native *)state)->buffers);
	free(state);
}

static void begin(runtime *rt)
{
	native *n = rt->state;
	n->last = NULL;
	buffers_reset(&n->buffers);
}

static const char *describe(const runtime *rt)
{
	return ((const native *)rt->state)->k->name;
}

static size_t bytes(const runtime *rt)
{
	const native *n = rt->state;
	return sizeof *n + n->buffers.held;
}

static bool index_made(runtime *rt, index_array *index)
{
	(void)rt;
	(void)index;
	return true;
}

static bool spans_made(runtime *rt, spans *sequences)
{
	(void)rt;
	(void)sequences;
	return true;
}

static bool read_values(const tensor *x, float *out)
{
	if (!x->value)
		return false;
	for (size_t i = 0; i < tensor_size(x); i++)
		out[i] = (float)x->value[i];
	return true;
}

static tensor *input(runtime *rt, const float *values, size_t rows, size_t cols)
{
	tensor *x = native_result(rt, rows, cols, false);
	for (size_t i = 0; i < rows * cols; i++)
		x->value[i] = (real)values[i];
	return x;
}

const backend native_backend = {
	.describe = describe, .open = native_open, .close = native_close, .begin = begin, .backward = backward, .bytes = bytes, .index_made = index_made,
	.spans_made = spans_made, .read = read_values, .release = release, .input = input, .embedding = native_embedding,
	.embedding_bag = native_embedding_bag, .parameter = native_parameter, .dense = native_dense, .add = native_add, .add_row = native_add_row,
	.mul = native_mul, .scale = native_scale, .scale_by = native_scale_by, .activate = native_activate, .dropped = native_dropped,
	.add_norm = native_add_norm, .normalise = native_normalise, .concat = native_concat, .columns = native_columns, .gather = native_gather, .attention = native_attention,
	.attention_pool = native_attention_pool, .recurrent = native_recurrent, .pool = native_pool, .spread = native_spread,
	.fill_empty = native_fill_empty, .softmax = native_softmax, .loss_classes = native_loss_classes, .loss_binary = native_loss_binary,
	.loss_softmax = native_loss_softmax, .loss_sampled = native_loss_sampled, .scores = native_scores, .count = native_count
};
