/* dense.c - drop(act(xW + b)): bias, activation and dropout happen in the product's epilogue. */
#include "tensor/native/native.h"

typedef struct {
	node head;
	tensor *x;
	const param *w, *bias;
	activation act;
	dropout drop;
	real *before; /* what GELU and SiLU were given */
} dense;

/* The result's gradient becomes that of xW + b. */
static void epilogue_backward(native *n, const dense *d)
{
	tensor *out = d->head.out;
	if (d->drop.threshold && d->act != ACT_RELU) /* a ReLU's zeros say what was dropped */
		n->k->drop(out->gradient, out->gradient, &d->drop, out->rows, out->cols, false);
	if (d->act != ACT_NONE)
		n->k->activate_gradient(out->gradient, d->before ? d->before : out->value, d->act, (real)d->drop.scale, tensor_size(out));
}

static void dense_backward(native *n, node *base)
{
	dense *d = (dense *)base;
	tensor *out = base->out, *x = d->x;
	epilogue_backward(n, d);
	buffer_give(n, d->before, tensor_size(out));
	if (d->bias)
		n->k->column_sums(lane_touch(n->rt->gradients, d->bias, 0), out->gradient, out->rows, out->cols);
	product weights = { .m = x->cols, .n = out->cols, .k = x->rows, .a = x->value, .lda = x->cols, .a_transposed = true,
		.c = lane_whole(n->rt->gradients, d->w), .ldc = out->cols, .accumulate = true };
	native_multiply(n, weights, out->gradient, out->cols, false);
	bool accumulate;
	real *to = gradient_target(n, x, &accumulate);
	if (!to)
		return;
	product inputs = { .m = x->rows, .n = x->cols, .k = out->cols, .a = out->gradient, .lda = out->cols, .c = to, .ldc = x->cols, .accumulate = accumulate };
	native_multiply(n, inputs, d->w->value, d->w->cols, true);
}

tensor *native_dense(tensor *x, const param *w, const param *bias, activation act, dropout drop)
{
	native *n = native_of(x);
	tensor *out = native_result(x->rt, x->rows, w->cols, true);
	bool keep = x->rt->gradients && (act == ACT_GELU || act == ACT_SILU);
	real *before = keep ? buffer_take(n, tensor_size(out)) : NULL;
	product p = { .m = x->rows, .n = w->cols, .k = w->rows, .a = x->value, .lda = x->cols, .c = out->value, .ldc = w->cols,
		.bias = bias ? bias->value : NULL, .act = act, .before = before, .drop = drop.threshold ? &drop : NULL };
	native_multiply(n, p, w->value, w->cols, false);
	if (x->rt->gradients) {
		dense *d = node_new(n, sizeof *d, dense_backward, out);
		d->x = x;
		d->w = w;
		d->bias = bias;
		d->act = act;
		d->drop = drop;
		d->before = before;
	}
	return out;
}
