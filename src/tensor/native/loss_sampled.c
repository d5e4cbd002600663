/* loss_sampled.c - losses over the target and a few negatives that the rows of a pack share: one small product instead of one over all items.
 * Softmax: Bengio & Senecal, "Adaptive importance sampling to accelerate training of a neural probabilistic language model", 2008. gBCE: Petrov &
 * Macdonald, "gSASRec", RecSys 2023. Pairs: Rendle et al., "BPR", UAI 2009. */
#include <math.h>
#include <string.h>

#include "tensor/native/native.h"

typedef struct {
	node head; /* no result: the loss is the runtime's */
	tensor *x;
	item_rows items;
	const index_array *targets;
	sampled how;
	real *rows;    /* (K,D) the negatives' embeddings */
	real *slopes;  /* (n,K) d loss / d z_k */
	real *slope;   /* (n) d loss / d z+ */
} drawn;

/* Whether negative k counts for a row. */
static bool counts(const drawn *d, size_t row, size_t k)
{
	size_t most = d->how.negatives->count;
	return d->how.negatives->values[k] != d->targets->values[row] && !(d->how.hidden && d->how.hidden[row * most + k]);
}

static real *gathered(native *n, item_rows items, const index_array *ids)
{
	size_t width = items.cols;
	real *rows = buffer_take(n, ids->count * width);
	for (size_t k = 0; k < ids->count; k++)
		memcpy(rows + k * width, items_value(items) + ids->values[k] * width, width * sizeof *rows);
	return rows;
}

/* z becomes exp(z - shift) / sum over the row's target and negatives, times weight. Returns the loss. */
static double softmax_row(const drawn *d, size_t row, double above, double weight, real *z)
{
	size_t count = d->how.negatives->count;
	double most = above, sum = 0;
	for (size_t k = 0; k < count; k++) {
		z[k] -= d->how.shift ? (real)d->how.shift[k] : 0;
		if (!counts(d, row, k))
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
	size_t count = d->how.negatives->count, left_out = 0;
	for (size_t k = 0; k < count; k++)
		if (!counts(d, row, k)) {
			z[k] = -1000; /* adds nothing */
			left_out++;
		}
	double loss = d->how.power * softplus(-above) + native_of(d->x)->k->binary(z, (real)weight, count);
	for (size_t k = 0; left_out && k < count; k++)
		if (!counts(d, row, k))
			z[k] = 0;
	d->slope[row] = (real)(-weight * d->how.power / (1 + exp(above)));
	return loss;
}

static double pairs_row(const drawn *d, size_t row, double above, double weight, real *z)
{
	size_t count = d->how.negatives->count;
	double loss = 0, slopes = 0, share = 1 / (double)count;
	for (size_t k = 0; k < count; k++) {
		bool other = counts(d, row, k);
		double over = (double)z[k] - above, slope = other ? weight * share / (1 + exp(-over)) : 0;
		loss += other ? share * softplus(over) : 0;
		slopes += slope;
		z[k] = (real)slope;
	}
	d->slope[row] = (real)-slopes;
	return loss;
}

static double loss_row(const drawn *d, size_t row, double above, double weight, real *z)
{
	switch (d->how.kind) {
	case SAMPLED_BINARY: return binary_row(d, row, above, weight, z);
	case SAMPLED_PAIRS: return pairs_row(d, row, above, weight, z);
	case SAMPLED_SOFTMAX: break;
	}
	return softmax_row(d, row, above, weight, z);
}

/* Where the gradient of an item's row is added to. `made`: the gradient of computed rows, or NULL. */
static real *row_target(native *n, const drawn *d, real *made, uint32_t row)
{
	return made ? made + row * d->items.cols : lane_touch(n->rt->gradients, d->items.table, row);
}

/* dG = S^T X goes to the negatives' rows, s+ x to the target's. */
static void items_backward(native *n, const drawn *d)
{
	size_t width = d->items.cols, rows = d->x->rows, count = d->how.negatives->count;
	real *made = d->items.table ? NULL : gradient_zeroed(n, d->items.made), *table = buffer_take(n, count * width);
	product negatives = { .m = count, .n = width, .k = rows, .a = d->slopes, .lda = count, .a_transposed = true, .c = table, .ldc = width };
	if (made || d->items.table) {
		native_multiply(n, negatives, d->x->value, width, false);
		for (size_t k = 0; k < count; k++)
			n->k->add(row_target(n, d, made, d->how.negatives->values[k]), table + k * width, width);
		for (size_t i = 0; i < rows; i++)
			n->k->add_scaled(row_target(n, d, made, d->targets->values[i]), d->x->value + i * width, d->slope[i], width);
	}
	buffer_give(n, table, count * width);
}

/* dX += S G + s+ E[target] */
static void drawn_backward(native *n, node *base)
{
	drawn *d = (drawn *)base;
	size_t width = d->items.cols, rows = d->x->rows, count = d->how.negatives->count;
	items_backward(n, d);
	bool accumulate = false;
	real *to = gradient_target(n, d->x, &accumulate);
	product inputs = { .m = rows, .n = width, .k = count, .a = d->slopes, .lda = count, .c = to, .ldc = width, .accumulate = accumulate };
	if (to)
		native_multiply(n, inputs, d->rows, width, false);
	for (size_t i = 0; to && i < rows; i++)
		n->k->add_scaled(to + i * width, items_value(d->items) + d->targets->values[i] * width, d->slope[i], width);
	buffer_give(n, d->rows, count * width);
	buffer_give(n, d->slopes, rows * count);
	buffer_give(n, d->slope, rows);
}

void native_loss_sampled(tensor *x, item_rows items, const index_array *targets, const sampled *how, const float *weights, real scale)
{
	native *n = native_of(x);
	size_t width = items.cols, count = how->negatives->count;
	drawn plain = { 0 }, *d = x->rt->gradients ? node_new(n, sizeof *d, drawn_backward, NULL) : &plain;
	d->x = x;
	d->items = items;
	d->targets = targets;
	d->how = *how;
	d->rows = gathered(n, items, how->negatives);
	d->slopes = buffer_take(n, x->rows * count);
	d->slope = buffer_take(n, x->rows);
	product p = { .m = x->rows, .n = count, .k = width, .a = x->value, .lda = width, .c = d->slopes, .ldc = count };
	native_multiply(n, p, d->rows, width, true);
	for (size_t i = 0; i < x->rows; i++) {
		double weight = (double)scale * (weights ? (double)weights[i] : 1);
		double above = (double)n->k->dot(x->value + i * width, items_value(items) + targets->values[i] * width, width);
		real *z = d->slopes + i * count;
		n->rt->loss += weight * loss_row(d, i, above, weight, z);
	}
	if (x->rt->gradients)
		return;
	buffer_give(n, d->rows, count * width);
	buffer_give(n, d->slopes, x->rows * count);
	buffer_give(n, d->slope, x->rows);
}
