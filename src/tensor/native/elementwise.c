/* elementwise.c - sums, products, scales, activations and dropout of whole matrices; concatenation. */
#include <string.h>

#include "tensor/native/native.h"

typedef struct {
	node head;
	tensor *x, *y;
	const param *p;
	size_t column;
	real factor;
	activation act;
	dropout drop;
	real *before;
} elementwise;

/* Records the node of an operation on x (and y) that needs one; NULL when nothing flows back. */
static elementwise *record(tensor *out, node_backward *backward, tensor *x, tensor *y)
{
	if (!out->rt->gradients || !out->wants)
		return NULL;
	elementwise *e = node_new(native_of(out), sizeof *e, backward, out);
	e->x = x;
	e->y = y;
	return e;
}

static tensor *result_like(tensor *x, bool wants)
{
	return native_result(x->rt, x->rows, x->cols, wants);
}

static void add_backward(native *n, node *base)
{
	elementwise *e = (elementwise *)base;
	gradient_copy(n, e->y, base->out);
	gradient_pass(n, e->x, base->out);
}

tensor *native_add(tensor *x, tensor *y)
{
	tensor *out = result_like(x, x->wants || y->wants);
	memcpy(out->value, x->value, tensor_size(x) * sizeof(real));
	native_of(x)->k->add(out->value, y->value, tensor_size(x));
	record(out, add_backward, x, y);
	return out;
}

static void add_row_backward(native *n, node *base)
{
	elementwise *e = (elementwise *)base;
	n->k->column_sums(lane_touch(n->rt->gradients, e->p, 0), base->out->gradient, base->out->rows, base->out->cols);
	gradient_pass(n, e->x, base->out);
}

tensor *native_add_row(tensor *x, const param *row)
{
	tensor *out = result_like(x, true);
	memcpy(out->value, x->value, tensor_size(x) * sizeof(real));
	for (size_t i = 0; i < x->rows; i++)
		native_of(x)->k->add(out->value + i * x->cols, row->value, x->cols);
	elementwise *e = record(out, add_row_backward, x, NULL);
	if (e)
		e->p = row;
	return out;
}

/* to (+)= dy * other. */
static void mul_part(native *n, tensor *to, const tensor *other, const real *dy)
{
	bool accumulate;
	real *gradient = gradient_target(n, to, &accumulate);
	if (gradient && accumulate)
		n->k->add_product(gradient, dy, other->value, tensor_size(to));
	else if (gradient)
		n->k->mul(gradient, dy, other->value, tensor_size(to));
}

static void mul_backward(native *n, node *base)
{
	elementwise *e = (elementwise *)base;
	mul_part(n, e->x, e->y, base->out->gradient);
	mul_part(n, e->y, e->x, base->out->gradient);
}

tensor *native_mul(tensor *x, tensor *y)
{
	tensor *out = result_like(x, x->wants || y->wants);
	native_of(x)->k->mul(out->value, x->value, y->value, tensor_size(x));
	record(out, mul_backward, x, y);
	return out;
}

static void scale_backward(native *n, node *base)
{
	elementwise *e = (elementwise *)base;
	n->k->scale(base->out->gradient, base->out->gradient, e->factor, tensor_size(base->out));
	gradient_pass(n, e->x, base->out);
}

tensor *native_scale(tensor *x, real factor)
{
	tensor *out = result_like(x, x->wants);
	native_of(x)->k->scale(out->value, x->value, factor, tensor_size(x));
	elementwise *e = record(out, scale_backward, x, NULL);
	if (e)
		e->factor = factor;
	return out;
}

static void scale_by_backward(native *n, node *base)
{
	elementwise *e = (elementwise *)base;
	lane_touch(n->rt->gradients, e->p, 0)[e->column] += n->k->dot(base->out->gradient, e->x->value, tensor_size(e->x));
	scale_backward(n, base);
}

tensor *native_scale_by(tensor *x, const param *gate, size_t column)
{
	tensor *out = result_like(x, true);
	native_of(x)->k->scale(out->value, x->value, gate->value[column], tensor_size(x));
	elementwise *e = record(out, scale_by_backward, x, NULL);
	if (e) {
		e->factor = gate->value[column];
		e->p = gate;
		e->column = column;
	}
	return out;
}

static void activate_backward(native *n, node *base)
{
	elementwise *e = (elementwise *)base;
	bool by_input = e->act == ACT_GELU || e->act == ACT_SILU;
	n->k->activate_gradient(base->out->gradient, by_input ? e->x->value : base->out->value, e->act, 1, tensor_size(e->x));
	gradient_pass(n, e->x, base->out);
}

tensor *native_activate(tensor *x, activation act)
{
	tensor *out = result_like(x, x->wants);
	native_of(x)->k->activate(out->value, x->value, act, tensor_size(x));
	elementwise *e = record(out, activate_backward, x, NULL);
	if (e)
		e->act = act;
	return out;
}

static void dropped_backward(native *n, node *base)
{
	elementwise *e = (elementwise *)base;
	n->k->drop(base->out->gradient, base->out->gradient, &e->drop, base->out->rows, base->out->cols, false);
	gradient_pass(n, e->x, base->out);
}

tensor *native_dropped(tensor *x, dropout drop)
{
	tensor *out = result_like(x, x->wants);
	native_of(x)->k->drop(out->value, x->value, &drop, x->rows, x->cols, false);
	elementwise *e = record(out, dropped_backward, x, NULL);
	if (e)
		e->drop = drop;
	return out;
}

/* x takes the columns of dy that begin at `from`. */
static void concat_part(native *n, tensor *x, const tensor *out, size_t from)
{
	bool accumulate;
	real *to = gradient_target(n, x, &accumulate);
	for (size_t row = 0; to && row < x->rows; row++) {
		const real *dy = out->gradient + row * out->cols + from;
		if (accumulate)
			n->k->add(to + row * x->cols, dy, x->cols);
		else
			memcpy(to + row * x->cols, dy, x->cols * sizeof *dy);
	}
}

static void concat_backward(native *n, node *base)
{
	elementwise *e = (elementwise *)base;
	concat_part(n, e->x, base->out, 0);
	concat_part(n, e->y, base->out, e->x->cols);
}

tensor *native_concat(tensor *x, tensor *y)
{
	tensor *out = native_result(x->rt, x->rows, x->cols + y->cols, x->wants || y->wants);
	for (size_t row = 0; row < x->rows; row++) {
		memcpy(out->value + row * out->cols, x->value + row * x->cols, x->cols * sizeof(real));
		memcpy(out->value + row * out->cols + x->cols, y->value + row * y->cols, y->cols * sizeof(real));
	}
	record(out, concat_backward, x, y);
	return out;
}

static void columns_backward(native *n, node *base)
{
	elementwise *e = (elementwise *)base;
	bool accumulate;
	real *to = gradient_target(n, e->x, &accumulate);
	if (to && !accumulate)
		memset(to, 0, e->x->rows * e->x->cols * sizeof *to);
	for (size_t row = 0; to && row < e->x->rows; row++)
		n->k->add(to + row * e->x->cols + e->column, base->out->gradient + row * base->out->cols, base->out->cols);
}

tensor *native_columns(tensor *x, size_t first, size_t count)
{
	tensor *out = native_result(x->rt, x->rows, count, x->wants);
	for (size_t row = 0; row < x->rows; row++)
		memcpy(out->value + row * count, x->value + row * x->cols + first, count * sizeof(real));
	elementwise *e = record(out, columns_backward, x, NULL);
	if (e)
		e->column = first;
	return out;
}
