/* loss_softmax.c - cross-entropy over a whole table without keeping the logits: they are made in chunks of items, once for the loss and once more for
 * the gradient. Smoothing spreads its share evenly over the items that are not left out. */
#include <math.h>
#include <string.h>

#include "tensor/native/native.h"

enum { CHUNK = 512 /* items at once */ };

typedef struct {
	node head; /* no result: the loss is the runtime's */
	tensor *x;
	item_rows items;
	const param *bias;
	const index_array *targets;
	size_t skip;
	const float *weights;
	real smoothing, scale;
	real *log_sums; /* (n) */
} catalogue;

static double row_weight(const catalogue *c, size_t row)
{
	return (double)c->scale * (c->weights ? (double)c->weights[row] : 1);
}

/* logits (n, items) of items first .. first + items. */
static void chunk_logits(native *n, const catalogue *c, size_t first, size_t items, real *logits)
{
	size_t width = c->items.cols;
	product p = { .m = c->x->rows, .n = items, .k = width, .a = c->x->value, .lda = width, .c = logits, .ldc = items,
		.bias = c->bias ? c->bias->value + first : NULL };
	native_multiply(n, p, items_value(c->items) + first * width, width, true);
}

/* Running maximum, sum of exponentials above it, sum of logits, and the target's logit, by row. */
typedef struct {
	double most, sum, total, target;
} tally;

static void chunk_tally(native *n, const catalogue *c, size_t first, size_t items, real *logits, tally *rows)
{
	for (size_t i = 0; i < c->x->rows; i++) {
		real *z = logits + i * items, most = n->k->maximum(z, items);
		size_t target = c->targets->values[i];
		if (target >= first && target < first + items)
			rows[i].target = (double)z[target - first];
		for (size_t k = 0; c->smoothing > 0 && k < items; k++)
			rows[i].total += (double)z[k];
		double top = (double)most > rows[i].most ? (double)most : rows[i].most;
		rows[i].sum = rows[i].sum * exp(rows[i].most - top) + (double)n->k->exp_sum(z, z, (real)top, items);
		rows[i].most = top;
	}
}

/* Logits become weight * (softmax - wanted). */
static void chunk_slopes(native *n, const catalogue *c, size_t first, size_t items, real *logits)
{
	double even = (double)c->smoothing / (double)(c->items.count - c->skip);
	for (size_t i = 0; i < c->x->rows; i++) {
		real *z = logits + i * items, weight = (real)row_weight(c, i);
		size_t target = c->targets->values[i];
		n->k->exp_sum(z, z, c->log_sums[i], items);
		for (size_t k = 0; even > 0 && k < items; k++)
			z[k] -= (real)even;
		if (target >= first && target < first + items)
			z[target - first] -= 1 - c->smoothing;
		n->k->scale(z, z, weight, items);
	}
}

static void chunk_backward(native *n, const catalogue *c, size_t first, size_t items, real *slopes, real *table_to, real *to, bool accumulate)
{
	size_t width = c->items.cols, rows = c->x->rows;
	lane *l = n->rt->gradients;
	product table = { .m = items, .n = width, .k = rows, .a = slopes, .lda = items, .a_transposed = true, .c = table_to ? table_to + first * width : NULL, .ldc = width, .accumulate = true };
	if (table_to)
		native_multiply(n, table, c->x->value, width, false);
	if (c->bias)
		n->k->column_sums(lane_gradient(l, c->bias) + first, slopes, rows, items);
	product inputs = { .m = rows, .n = width, .k = items, .a = slopes, .lda = items, .c = to, .ldc = width, .accumulate = accumulate };
	if (to)
		native_multiply(n, inputs, items_value(c->items) + first * width, width, false);
}

static void catalogue_backward(native *n, node *base)
{
	catalogue *c = (catalogue *)base;
	size_t rows = c->x->rows;
	real *logits = buffer_take(n, rows * CHUNK);
	bool accumulate = false;
	real *to = gradient_target(n, c->x, &accumulate);
	real *table_to = c->items.table ? lane_whole(n->rt->gradients, c->items.table) : gradient_zeroed(n, c->items.made);
	for (size_t first = c->skip; first < c->items.count; first += CHUNK) {
		size_t items = c->items.count - first < CHUNK ? c->items.count - first : CHUNK;
		chunk_logits(n, c, first, items, logits);
		chunk_slopes(n, c, first, items, logits);
		chunk_backward(n, c, first, items, logits, table_to, to, accumulate || first > c->skip);
	}
	buffer_give(n, logits, rows * CHUNK);
	buffer_give(n, c->log_sums, rows);
}

static void catalogue_loss(native *n, catalogue *c)
{
	size_t rows = c->x->rows, items = c->items.count - c->skip;
	real *logits = buffer_take(n, rows * CHUNK);
	tally *tallies = arena_alloc(n->rt->memory, rows * sizeof *tallies);
	for (size_t i = 0; i < rows; i++)
		tallies[i] = (tally){ .most = -HUGE_VAL };
	for (size_t first = c->skip; first < c->items.count; first += CHUNK) {
		size_t some = c->items.count - first < CHUNK ? c->items.count - first : CHUNK;
		chunk_logits(n, c, first, some, logits);
		chunk_tally(n, c, first, some, logits, tallies);
	}
	for (size_t i = 0; i < rows; i++) {
		const tally *t = &tallies[i];
		double log_sum = t->most + log(t->sum), smoothing = (double)c->smoothing;
		c->log_sums[i] = (real)log_sum;
		n->rt->loss += row_weight(c, i) * (log_sum - (1 - smoothing) * t->target - smoothing * t->total / (double)items);
	}
	buffer_give(n, logits, rows * CHUNK);
}

void native_loss_softmax(tensor *x, item_rows items, const param *bias, const index_array *targets, size_t skip, const float *weights, real smoothing, real scale)
{
	native *n = native_of(x);
	catalogue plain = { 0 }, *c = x->rt->gradients ? node_new(n, sizeof *c, catalogue_backward, NULL) : &plain;
	c->x = x;
	c->items = items;
	c->bias = bias;
	c->targets = targets;
	c->skip = skip;
	c->weights = weights;
	c->smoothing = smoothing;
	c->scale = scale;
	c->log_sums = buffer_take(n, x->rows);
	catalogue_loss(n, c);
	if (!x->rt->gradients)
		buffer_give(n, c->log_sums, x->rows);
}
