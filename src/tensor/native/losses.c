/* losses.c - softmax by row, and the losses over few classes: value and gradient in one pass. */
#include <math.h>

#include "tensor/native/native.h"

typedef struct {
	node head; /* no result: the loss is the runtime's */
	tensor *x;
	real *gradient; /* of x */
} loss;

static void loss_backward(native *n, node *base)
{
	loss *l = (loss *)base;
	bool accumulate;
	real *to = gradient_target(n, l->x, &accumulate);
	if (to && accumulate) {
		n->k->add(to, l->gradient, tensor_size(l->x));
		buffer_give(n, l->gradient, tensor_size(l->x));
	} else if (to) {
		buffer_give(n, to, tensor_size(l->x));
		l->x->gradient = l->gradient;
	}
}

/* The gradient to fill in, or NULL when nothing flows back. */
static real *loss_record(tensor *x)
{
	if (!native_records(x->rt, x, NULL))
		return NULL;
	native *n = native_of(x);
	loss *l = node_new(n, sizeof *l, loss_backward, NULL);
	l->x = x;
	return l->gradient = buffer_take(n, tensor_size(x));
}

/* Cross-entropy of one row against (1 - smoothing) at the label plus smoothing / C everywhere. gradient: NULL or (C). */
static double classes_row(const real *z, size_t classes, size_t label, double smoothing, double weight, real *gradient)
{
	double most = (double)z[0], sum = 0, mean = 0;
	for (size_t c = 1; c < classes; c++)
		most = (double)z[c] > most ? (double)z[c] : most;
	for (size_t c = 0; c < classes; c++) {
		sum += exp((double)z[c] - most);
		mean += (double)z[c] / (double)classes;
	}
	double log_sum = most + log(sum);
	for (size_t c = 0; gradient && c < classes; c++) {
		double wanted = smoothing / (double)classes + (c == label ? 1 - smoothing : 0);
		gradient[c] = (real)(weight * (exp((double)z[c] - log_sum) - wanted));
	}
	return weight * (log_sum - (1 - smoothing) * (double)z[label] - smoothing * mean);
}

void native_loss_classes(tensor *logits, const index_array *labels, const float *weights, real smoothing, real scale)
{
	real *gradient = loss_record(logits);
	for (size_t i = 0; i < logits->rows; i++) {
		double weight = (double)scale * (weights ? (double)weights[i] : 1);
		size_t at = i * logits->cols;
		logits->rt->loss += classes_row(logits->value + at, logits->cols, labels->values[i], (double)smoothing, weight, gradient ? gradient + at : NULL);
	}
}

/* log(1 + exp(-|z|)) + max(z, 0) - z t. */
void native_loss_binary(tensor *logits, const float *targets, const float *weights, real scale)
{
	real *gradient = loss_record(logits);
	for (size_t i = 0; i < logits->rows; i++) {
		double weight = (double)scale * (weights ? (double)weights[i] : 1), z = (double)logits->value[i], target = (double)targets[i];
		logits->rt->loss += weight * (log1p(exp(-fabs(z))) + (z > 0 ? z : 0) - z * target);
		if (gradient)
			gradient[i] = (real)(weight * (1 / (1 + exp(-z)) - target));
	}
}

/* ---- softmax as an operation ---- */

typedef struct {
	node head;
	tensor *x;
} softmax;

/* dx = y (dy - y . dy) */
static void softmax_backward(native *n, node *base)
{
	tensor *out = base->out;
	for (size_t row = 0; row < out->rows; row++) {
		real *dy = out->gradient + row * out->cols;
		const real *y = out->value + row * out->cols;
		real mean = n->k->dot(y, dy, out->cols);
		n->k->mul(dy, dy, y, out->cols);
		n->k->add_scaled(dy, y, -mean, out->cols);
	}
	gradient_pass(n, ((softmax *)base)->x, out);
}

tensor *native_softmax(tensor *x)
{
	native *n = native_of(x);
	tensor *out = native_result(x->rt, x->rows, x->cols, x->wants);
	for (size_t row = 0; row < x->rows; row++)
		n->k->softmax(out->value + row * x->cols, x->value + row * x->cols, x->cols);
	if (native_records(x->rt, x, NULL)) {
		softmax *s = node_new(n, sizeof *s, softmax_backward, out);
		s->x = x;
	}
	return out;
}
