/* ranking_operations.c - the front of what compares rows with a table of items: sampled losses and scores. */
#include <stdint.h>

#include "tensor/checks.h"

void t_loss_sampled(tensor *x, const param *table, const index_array *targets, const sampled *how, const float *weights, double scale)
{
	if (!x || !check_usable(x) || !check_given(x->rt, "loss_sampled", "the table", table) || !check_given(x->rt, "loss_sampled", "how to sample", how))
		return;
	runtime *rt = x->rt;
	if (!check_param(rt, "loss_sampled", table, table->rows, x->cols) || !check_index(rt, "loss_sampled", targets, x->rows, table->rows, table->name) ||
		!check_index(rt, "loss_sampled", how->negatives, SIZE_MAX, table->rows, table->name))
		return;
	if (how->kind == SAMPLED_BINARY && !(how->power > 0))
		REFUSE(rt, "loss_sampled", "power is %g: it must be positive", how->power);
	else
		rt->ops->loss_sampled(x, table, targets, how, weights, (real)scale);
}

tensor *t_scores(tensor *x, const param *table, const param *bias)
{
	if (!x)
		return NULL;
	if (!check_usable(x) || !check_given(x->rt, "scores", "the table", table) || !check_param(x->rt, "scores", table, table->rows, x->cols) ||
		(bias && !check_param(x->rt, "scores", bias, 1, table->rows)))
		return &x->rt->nil;
	if (x->rt->gradients)
		return REFUSE(x->rt, "scores", "has no gradient: it is for inference");
	return x->rt->ops->scores(x, table, bias);
}
