/* norm.c - LayerNorm of a residual sum (Ba, Kiros & Hinton 2016), forwards and backwards in one pass each; rows of unit length. */
#include <math.h>

#include "tensor/native/native.h"

typedef struct {
	node head;
	tensor *x, *y; /* y or NULL */
	dropout drop;
	const param *gain, *bias;
	real *centred, *inverse;
} norm;

static void norm_backward(native *n, node *base)
{
	norm *m = (norm *)base;
	tensor *out = base->out;
	lane *l = n->rt->gradients;
	n->k->norm_gradient(out->gradient, m->centred, m->inverse, m->gain->value, lane_touch(l, m->gain, 0), lane_touch(l, m->bias, 0), out->rows, out->cols);
	buffer_give(n, m->centred, tensor_size(out));
	buffer_give(n, m->inverse, out->rows);
	bool accumulate;
	real *to;
	if (m->y && !m->drop.threshold)
		gradient_copy(n, m->y, out);
	else if (m->y && (to = gradient_target(n, m->y, &accumulate)))
		n->k->drop(to, out->gradient, &m->drop, out->rows, out->cols, accumulate);
	gradient_pass(n, m->x, out);
}

tensor *native_add_norm(tensor *x, tensor *y, dropout drop, const param *gain, const param *bias)
{
	native *n = native_of(x);
	tensor *out = native_result(x->rt, x->rows, x->cols, true);
	bool train = x->rt->gradients != NULL;
	norm_rows p = { .rows = x->rows, .cols = x->cols, .x = x->value, .y = y ? y->value : NULL, .drop = drop.threshold ? &drop : NULL,
		.gain = gain->value, .bias = bias->value, .out = out->value, .centred = train ? buffer_take(n, tensor_size(x)) : NULL,
		.inverse = train ? buffer_take(n, x->rows) : NULL };
	n->k->norm(&p);
	if (train) {
		norm *m = node_new(n, sizeof *m, norm_backward, out);
		m->x = x;
		m->y = y;
		m->drop = drop;
		m->gain = gain;
		m->bias = bias;
		m->centred = p.centred;
		m->inverse = p.inverse;
	}
	return out;
}

typedef struct {
	node head;
	tensor *x;
	real eps;
	real *length; /* (rows) */
} unit;

/* y = x / |x|: dx = (dy - y (y . dy)) / |x|; below eps the length is a constant. */
static void normalise_backward(native *n, node *base)
{
	unit *u = (unit *)base;
	tensor *out = base->out;
	for (size_t row = 0; row < out->rows; row++) {
		real *dy = out->gradient + row * out->cols;
		const real *y = out->value + row * out->cols;
		if (u->length[row] > u->eps)
			n->k->add_scaled(dy, y, -n->k->dot(y, dy, out->cols), out->cols);
		n->k->scale(dy, dy, 1 / (u->length[row] > u->eps ? u->length[row] : u->eps), out->cols);
	}
	buffer_give(n, u->length, out->rows);
	gradient_pass(n, u->x, out);
}

tensor *native_normalise(tensor *x, real eps)
{
	native *n = native_of(x);
	tensor *out = native_result(x->rt, x->rows, x->cols, x->wants);
	real *length = buffer_take(n, x->rows);
	for (size_t row = 0; row < x->rows; row++) {
		const real *from = x->value + row * x->cols;
		length[row] = (real)sqrt((double)n->k->dot(from, from, x->cols));
		n->k->scale(out->value + row * x->cols, from, 1 / (length[row] > eps ? length[row] : eps), x->cols);
	}
	if (!native_records(x->rt, x, NULL)) {
		buffer_give(n, length, x->rows);
		return out;
	}
	unit *u = node_new(n, sizeof *u, normalise_backward, out);
	u->x = x;
	u->eps = eps;
	u->length = length;
	return out;
}
