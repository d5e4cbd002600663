/* embedding.c - rows of tables, sums of rows, and parameters as tensors. Gradients go to the touched rows of the lane. */
#include <string.h>

#include "tensor/native/native.h"

typedef struct {
	node head;
	const param *table;
	const index_array *ids;
	const spans *bags; /* or NULL: one id a row */
	real scale;
	bool mean; /* bags: divided by their size */
} lookup;

static real bag_share(const spans *bags, size_t bag, bool mean)
{
	return mean ? 1 / (real)(bags->starts[bag + 1] - bags->starts[bag]) : 1;
}

static void embedding_backward(native *n, node *base)
{
	lookup *l = (lookup *)base;
	const real *dy = base->out->gradient;
	size_t width = l->table->cols;
	for (size_t i = 0; i < l->ids->count; i++)
		n->k->add_scaled(lane_touch(n->rt->gradients, l->table, l->ids->values[i]), dy + i * width, l->scale, width);
}

tensor *native_embedding(runtime *rt, const param *table, const index_array *ids, real scale)
{
	native *n = rt->state;
	size_t width = table->cols;
	tensor *out = native_result(rt, ids->count, width, true);
	for (size_t i = 0; i < ids->count; i++)
		n->k->scale(out->value + i * width, table->value + ids->values[i] * width, scale, width);
	if (rt->gradients) {
		lookup *l = node_new(n, sizeof *l, embedding_backward, out);
		l->table = table;
		l->ids = ids;
		l->scale = scale;
	}
	return out;
}

static void bag_backward(native *n, node *base)
{
	lookup *l = (lookup *)base;
	const real *dy = base->out->gradient;
	size_t width = l->table->cols;
	for (size_t bag = 0; bag < l->bags->count; bag++)
		for (size_t i = l->bags->starts[bag]; i < l->bags->starts[bag + 1]; i++)
			n->k->add_scaled(lane_touch(n->rt->gradients, l->table, l->ids->values[i]), dy + bag * width, bag_share(l->bags, bag, l->mean), width);
}

tensor *native_embedding_bag(runtime *rt, const param *table, const index_array *ids, const spans *bags, bool mean)
{
	native *n = rt->state;
	size_t width = table->cols;
	tensor *out = native_result(rt, bags->count, width, true);
	memset(out->value, 0, tensor_size(out) * sizeof(real));
	for (size_t bag = 0; bag < bags->count; bag++)
		for (size_t i = bags->starts[bag]; i < bags->starts[bag + 1]; i++)
			n->k->add_scaled(out->value + bag * width, table->value + ids->values[i] * width, bag_share(bags, bag, mean), width);
	if (rt->gradients) {
		lookup *l = node_new(n, sizeof *l, bag_backward, out);
		l->table = table;
		l->ids = ids;
		l->bags = bags;
		l->mean = mean;
	}
	return out;
}

static void parameter_backward(native *n, node *base)
{
	const param *p = ((lookup *)base)->table;
	for (size_t row = 0; row < p->rows; row++)
		n->k->add(lane_touch(n->rt->gradients, p, row), base->out->gradient + row * p->cols, p->cols);
}

tensor *native_parameter(runtime *rt, const param *p)
{
	tensor *out = native_result(rt, p->rows, p->cols, true);
	memcpy(out->value, p->value, tensor_size(out) * sizeof(real));
	if (rt->gradients) {
		lookup *l = node_new(rt->state, sizeof *l, parameter_backward, out);
		l->table = p;
	}
	return out;
}
