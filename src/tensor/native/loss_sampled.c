/* loss_sampled.c - losses over the target and a few negatives that the rows of a pack share: one small product instead of one over all items.
 * Softmax: Bengio & Senecal, "Adaptive importance sampling to accelerate training of a neural probabilistic language model", 2008. gBCE: Petrov &
 * Macdonald, "gSASRec", RecSys 2023. */
#include <math.h>
#include <string.h>

#include "tensor/native/native.h"

typedef struct {
	node head; /* no result: the loss is the runtime's */
	tensor *x;
	const param *table;
	const index_array *targets;
	sampled how;
	real *rows;    /* (K,D) the negatives' embeddings */
	real *slopes;  /* (n,K) d loss / d z_k */
	real *slope;   /* (n) d loss / d z+ */
} drawn;

static real *gathered(native *n, const param *table, const index_array *ids)
{
	size_t width = table->cols;
	real *rows = buffer_take(n, ids->count * width);
	for (size_t k = 0; k < ids->count; k++)
		memcpy(rows + k * width, table->value + ids->values[k] * width, width * sizeof *rows);
	return rows;
}

/* z becomes exp(z - shift) / sum over the row's target and negatives, times weight. Returns the loss. */
static double softmax_row(const drawn *d, size_t row, double above, double weight, real *z)
{
	size_t count = d->how.negatives->count;
	const uint32_t *negative = d->how.negatives->values, target = d->targets->values[row];
	double most = above, sum = 0;
	for (size_t k = 0; k < count; k++) {
		z[k] -= d->how.shift ? (real)d->how.shift[k] : 0;
		if (negative[k] == target)
			z[k] = -(real)HUGE_VAL;
		most = (double)z[k] > most ? (double)z[k] : most;
	}
	sum = exp(above - most);
	sum += (double)native_of(d->x)->k->exp_sum(z, z, (real)most, count);
	native_of(d->x)->k->scale(z, z, (real)(weight / sum), count);
	d->slope[row] = (real)(weight * (exp(above - most) / sum - 1));
	return most + log(sum) - above;
}

/* log(1 + exp(z)) without overflow. */
static double softplus(double z)
{
	return (z > 0 ? z : 0) + log1p(exp(-fabs(z)));
}

static double binary_row(const drawn *d, size_t row, double above, double weight, real *z)
{
	const uint32_t *negative = d->how.negatives->values, target = d->targets->values[row];
	size_t count = d->how.negatives->count, same = 0;
	for (size_t k = 0; k < count; k++)
		same += negative[k] == target;
	for (size_t k = 0; same && k < count; k++)
		if (negative[k] == target)
			z[k] = -1000; /* adds nothing */
	double loss = d->how.power * softplus(-above) + native_of(d->x)->k->binary(z, (real)weight, count);
	for (size_t k = 0; same && k < count; k++)
		if (negative[k] == target)
			z[k] = 0;
	d->slope[row] = (real)(-weight * d->how.power / (1 + exp(above)));
	return loss;
}

/* dX += S G + s+ E[target]; dG = S^T X goes to the negatives' rows, s+ x to the target's. */
static void drawn_backward(native *n, node *base)
{
	drawn *d = (drawn *)base;
	size_t width = d->table->cols, rows = d->x->rows, count = d->how.negatives->count;
	lane *l = n->rt->gradients;
	real *table = buffer_take(n, count * width);
	product negatives = { .m = count, .n = width, .k = rows, .a = d->slopes, .lda = count, .a_transposed = true, .c = table, .ldc = width };
	native_multiply(n, negatives, d->x->value, width, false);
	for (size_t k = 0; k < count; k++)
		n->k->add(lane_touch(l, d->table, d->how.negatives->values[k]), table + k * width, width);
	for (size_t i = 0; i < rows; i++)
		n->k->add_scaled(lane_touch(l, d->table, d->targets->values[i]), d->x->value + i * width, d->slope[i], width);
	bool accumulate = false;
	real *to = gradient_target(n, d->x, &accumulate);
	product inputs = { .m = rows, .n = width, .k = count, .a = d->slopes, .lda = count, .c = to, .ldc = width, .accumulate = accumulate };
	if (to)
		native_multiply(n, inputs, d->rows, width, false);
	for (size_t i = 0; to && i < rows; i++)
		n->k->add_scaled(to + i * width, d->table->value + d->targets->values[i] * width, d->slope[i], width);
	buffer_give(n, table, count * width);
	buffer_give(n, d->rows, count * width);
	buffer_give(n, d->slopes, rows * count);
	buffer_give(n, d->slope, rows);
}

void native_loss_sampled(tensor *x, const param *table, const index_array *targets, const sampled *how, const float *weights, real scale)
{
	native *n = native_of(x);
	size_t width = table->cols, count = how->negatives->count;
	drawn plain = { 0 }, *d = x->rt->gradients ? node_new(n, sizeof *d, drawn_backward, NULL) : &plain;
	d->x = x;
	d->table = table;
	d->targets = targets;
	d->how = *how;
	d->rows = gathered(n, table, how->negatives);
	d->slopes = buffer_take(n, x->rows * count);
	d->slope = buffer_take(n, x->rows);
	product p = { .m = x->rows, .n = count, .k = width, .a = x->value, .lda = width, .c = d->slopes, .ldc = count };
	native_multiply(n, p, d->rows, width, true);
	for (size_t i = 0; i < x->rows; i++) {
		double weight = (double)scale * (weights ? (double)weights[i] : 1);
		double above = (double)n->k->dot(x->value + i * width, table->value + targets->values[i] * width, width);
		real *z = d->slopes + i * count;
		n->rt->loss += weight * (how->kind == SAMPLED_SOFTMAX ? softmax_row(d, i, above, weight, z) : binary_row(d, i, above, weight, z));
	}
	if (x->rt->gradients)
		return;
	buffer_give(n, d->rows, count * width);
	buffer_give(n, d->slopes, x->rows * count);
	buffer_give(n, d->slope, x->rows);
}

tensor *native_scores(tensor *x, const param *table, const param *bias)
{
	native *n = native_of(x);
	tensor *out = native_result(x->rt, x->rows, table->rows, false);
	product p = { .m = x->rows, .n = table->rows, .k = x->cols, .a = x->value, .lda = x->cols, .c = out->value, .ldc = table->rows, .bias = bias ? bias->value : NULL };
	native_multiply(n, p, table->value, x->cols, true);
	return out;
}
