/* ranking_operations.c - the front of what compares rows with items, the rows of a table or of a tensor: the losses over items, and scores. */
#include <stdint.h>

#include "tensor/checks.h"

static const char *name_of(item_rows items)
{
	return items.table ? items.table->name : "items";
}

/* False when there is nothing to compare x with. */
static bool check_items(const char *operation, const tensor *x, item_rows items)
{
	if (items.cols == x->cols)
		return true;
	REFUSE(x->rt, operation, "%s is (%zu,%zu), x has %zu columns", name_of(items), items.count, items.cols, x->cols);
	return false;
}

static item_rows rows_of_table(const param *table)
{
	return (item_rows){ .table = table, .count = table->rows, .cols = table->cols };
}

static item_rows rows_of_tensor(tensor *made)
{
	return (item_rows){ .made = made, .count = made->rows, .cols = made->cols };
}

static bool table_given(tensor *x, const char *operation, const param *table)
{
	return x && check_usable(x) && check_given(x->rt, operation, "the table", table);
}

static bool items_given(tensor *x, const char *operation, tensor *items)
{
	return x && check_usable(x) && check_given(x->rt, operation, "the list of items", items) && check_usable(items);
}

static void loss_softmax(tensor *x, item_rows items, const param *bias, const index_array *targets, size_t skip, const float *weights, double smoothing, double scale)
{
	runtime *rt = x->rt;
	if (!check_items("loss_softmax", x, items) || (bias && !check_param(rt, "loss_softmax", bias, 1, items.count)) ||
		!check_index(rt, "loss_softmax", targets, x->rows, items.count, name_of(items)) || !check_share(rt, "loss_softmax", "smoothing", smoothing))
		return;
	for (size_t i = 0; i < targets->count; i++)
		if (targets->values[i] < skip) {
			REFUSE(rt, "loss_softmax", "target %zu is row %u, among the %zu that are left out", i, (unsigned)targets->values[i], skip);
			return;
		}
	if (skip >= items.count)
		REFUSE(rt, "loss_softmax", "all %zu rows of %s are left out", items.count, name_of(items));
	else
		rt->ops->loss_softmax(x, items, bias, targets, skip, weights, (real)smoothing, (real)scale);
}

void t_loss_softmax(tensor *x, const param *table, const param *bias, const index_array *targets, size_t skip, const float *weights, double smoothing, double scale)
{
	if (table_given(x, "loss_softmax", table))
		loss_softmax(x, rows_of_table(table), bias, targets, skip, weights, smoothing, scale);
}

void t_loss_softmax_rows(tensor *x, tensor *items, const index_array *targets, size_t skip, const float *weights, double smoothing, double scale)
{
	if (items_given(x, "loss_softmax", items))
		loss_softmax(x, rows_of_tensor(items), NULL, targets, skip, weights, smoothing, scale);
}

static void loss_sampled(tensor *x, item_rows items, const index_array *targets, const sampled *how, const float *weights, double scale)
{
	runtime *rt = x->rt;
	if (!check_given(rt, "loss_sampled", "how to sample", how) || !check_items("loss_sampled", x, items) ||
		!check_index(rt, "loss_sampled", targets, x->rows, items.count, name_of(items)) || !check_index(rt, "loss_sampled", how->negatives, SIZE_MAX, items.count, name_of(items)))
		return;
	if (how->kind == SAMPLED_BINARY && !(how->power > 0))
		REFUSE(rt, "loss_sampled", "power is %g: it must be positive", how->power);
	else
		rt->ops->loss_sampled(x, items, targets, how, weights, (real)scale);
}

void t_loss_sampled(tensor *x, const param *table, const index_array *targets, const sampled *how, const float *weights, double scale)
{
	if (table_given(x, "loss_sampled", table))
		loss_sampled(x, rows_of_table(table), targets, how, weights, scale);
}

void t_loss_sampled_rows(tensor *x, tensor *items, const index_array *targets, const sampled *how, const float *weights, double scale)
{
	if (items_given(x, "loss_sampled", items))
		loss_sampled(x, rows_of_tensor(items), targets, how, weights, scale);
}

static tensor *scores(tensor *x, item_rows items, const param *bias)
{
	if (!check_items("scores", x, items) || (bias && !check_param(x->rt, "scores", bias, 1, items.count)))
		return &x->rt->nil;
	if (x->rt->trains)
		return REFUSE(x->rt, "scores", "has no gradient: it is for inference");
	return x->rt->ops->scores(x, items, bias);
}

tensor *t_scores(tensor *x, const param *table, const param *bias)
{
	return !x ? NULL : table_given(x, "scores", table) ? scores(x, rows_of_table(table), bias) : &x->rt->nil;
}

tensor *t_scores_rows(tensor *x, tensor *items)
{
	return !x ? NULL : items_given(x, "scores", items) ? scores(x, rows_of_tensor(items), NULL) : &x->rt->nil;
}

bool runtime_can_count(const runtime *rt)
{
	return rt->inner->count != NULL;
}

bool t_count(tensor *x, const real *items, size_t count, const score_counts *to)
{
	if (!x || !check_usable(x))
		return false;
	for (size_t i = 0; i < x->rows; i++)
		if (to->targets[i] >= count || to->targets[i] < to->skip) {
			REFUSE(x->rt, "count", "target %zu is row %u of %zu, of which the first %zu are left out", i, (unsigned)to->targets[i], count, to->skip);
			return false;
		}
	if (x->rt->gradients || !runtime_can_count(x->rt)) {
		REFUSE(x->rt, "count", "%s", x->rt->gradients ? "has no gradient: it is for inference" : "is not there in this backend");
		return false;
	}
	x->rt->inner->count(x, items, count, to);
	return true;
}
