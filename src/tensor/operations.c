/* operations.c - the front of every operation: shapes are checked here, once for all backends. */
#include <stdint.h>

#include "tensor/checks.h"

/* ---- tables and parameters ---- */

tensor *t_embedding(runtime *rt, const param *table, const index_array *ids, double scale)
{
	if (rt->failure.code != SR_OK || !check_given(rt, "embedding", "the table", table) ||
		!check_index(rt, "embedding", ids, SIZE_MAX, table->rows, table->name))
		return &rt->nil;
	return rt->ops->embedding(rt, table, ids, (real)scale);
}

static tensor *bag(runtime *rt, const param *table, const index_array *ids, const spans *bags, bool mean)
{
	if (rt->failure.code != SR_OK || !check_given(rt, "embedding_bag", "the table", table) ||
		!check_index(rt, "embedding_bag", ids, SIZE_MAX, table->rows, table->name) || !check_spans(rt, "embedding_bag", bags, ids->count))
		return &rt->nil;
	return rt->ops->embedding_bag(rt, table, ids, bags, mean);
}

tensor *t_embedding_bag(runtime *rt, const param *table, const index_array *ids, const spans *bags)
{
	return bag(rt, table, ids, bags, false);
}

tensor *t_embedding_mean(runtime *rt, const param *table, const index_array *ids, const spans *bags)
{
	return bag(rt, table, ids, bags, true);
}

tensor *t_param(runtime *rt, const param *p)
{
	return rt->failure.code == SR_OK && check_given(rt, "param", "the parameter", p) ? rt->ops->parameter(rt, p) : &rt->nil;
}

/* ---- maps and elements ---- */

static tensor *dense(const char *operation, tensor *x, const param *w, const param *bias, activation act, double drop)
{
	if (!check_usable(x) || !check_given(x->rt, operation, "the weight", w) || !check_share(x->rt, operation, "dropout", drop) ||
		(bias && !check_param(x->rt, operation, bias, 1, w->cols)))
		return &x->rt->nil;
	if (x->cols != w->rows)
		return REFUSE(x->rt, operation, "x is (%zu,%zu), %s is (%zu,%zu): the inner sizes differ", x->rows, x->cols, w->name, w->rows, w->cols);
	return x->rt->ops->dense(x, w, bias, act, dropout_next(x->rt, drop));
}

tensor *t_linear(tensor *x, const param *w, const param *bias)
{
	return x ? dense("linear", x, w, bias, ACT_NONE, 0) : NULL;
}

tensor *t_dense(tensor *x, const param *w, const param *bias, activation act, double drop)
{
	return x ? dense("dense", x, w, bias, act, drop) : NULL;
}

/* The runtime that two operands share, or NULL (and a failure where one is missing). */
static runtime *common(const char *operation, const tensor *x, const tensor *y)
{
	const tensor *known = x ? x : y;
	if (!known)
		return NULL;
	if (check_usable(known) && check_given(known->rt, operation, x ? "y" : "x", x ? y : x))
		check_usable(y);
	return known->rt;
}

tensor *t_add(tensor *x, tensor *y)
{
	runtime *rt = common("add", x, y);
	return !rt ? NULL : rt->failure.code == SR_OK && check_shape("add", x, y) ? rt->ops->add(x, y) : &rt->nil;
}

tensor *t_mul(tensor *x, tensor *y)
{
	runtime *rt = common("mul", x, y);
	return !rt ? NULL : rt->failure.code == SR_OK && check_shape("mul", x, y) ? rt->ops->mul(x, y) : &rt->nil;
}

tensor *t_concat(tensor *x, tensor *y)
{
	runtime *rt = common("concat", x, y);
	return !rt ? NULL : rt->failure.code == SR_OK && check_rows("concat", x, "y", y->rows) ? rt->ops->concat(x, y) : &rt->nil;
}

tensor *t_columns(tensor *x, size_t first, size_t count)
{
	if (!x)
		return NULL;
	if (!check_usable(x))
		return &x->rt->nil;
	if (!count || first > x->cols || count > x->cols - first)
		return REFUSE(x->rt, "columns", "x is (%zu,%zu): it has no columns %zu to %zu", x->rows, x->cols, first, first + count);
	return x->rt->ops->columns(x, first, count);
}

tensor *t_add_row(tensor *x, const param *row)
{
	if (!x)
		return NULL;
	return check_usable(x) && check_param(x->rt, "add_row", row, 1, x->cols) ? x->rt->ops->add_row(x, row) : &x->rt->nil;
}

tensor *t_scale(tensor *x, double factor)
{
	if (!x)
		return NULL;
	return check_usable(x) ? x->rt->ops->scale(x, (real)factor) : &x->rt->nil;
}

tensor *t_scale_by(tensor *x, const param *gate, size_t column)
{
	if (!x)
		return NULL;
	if (!check_usable(x) || !check_given(x->rt, "scale_by", "the gate", gate))
		return &x->rt->nil;
	if (gate->rows != 1 || column >= gate->cols)
		return REFUSE(x->rt, "scale_by", "%s is (%zu,%zu): it has no gate %zu", gate->name, gate->rows, gate->cols, column);
	return x->rt->ops->scale_by(x, gate, column);
}

tensor *t_activate(tensor *x, activation act)
{
	if (!x || act == ACT_NONE)
		return x;
	return check_usable(x) ? x->rt->ops->activate(x, act) : &x->rt->nil;
}

tensor *t_dropout(tensor *x, double drop)
{
	if (!x)
		return NULL;
	if (!check_usable(x) || !check_share(x->rt, "dropout", "dropout", drop))
		return &x->rt->nil;
	dropout d = dropout_next(x->rt, drop);
	return d.threshold ? x->rt->ops->dropped(x, d) : x;
}

tensor *t_norm(tensor *x, const param *gain, const param *bias)
{
	if (!x)
		return NULL;
	if (!check_usable(x) || !check_param(x->rt, "norm", gain, 1, x->cols) || !check_param(x->rt, "norm", bias, 1, x->cols))
		return &x->rt->nil;
	return x->rt->ops->add_norm(x, NULL, (dropout){ .scale = 1 }, gain, bias);
}

tensor *t_add_norm(tensor *x, tensor *y, double drop, const param *gain, const param *bias)
{
	runtime *rt = common("add_norm", x, y);
	if (!rt)
		return NULL;
	if (rt->failure.code != SR_OK || !check_shape("add_norm", x, y) || !check_share(rt, "add_norm", "dropout", drop) ||
		!check_param(rt, "add_norm", gain, 1, x->cols) || !check_param(rt, "add_norm", bias, 1, x->cols))
		return &rt->nil;
	return rt->ops->add_norm(x, y, dropout_next(rt, drop), gain, bias);
}

tensor *t_normalise(tensor *x, double eps)
{
	if (!x)
		return NULL;
	if (check_usable(x) && !(eps > 0))
		return REFUSE(x->rt, "normalise", "eps is %g: it must be positive", eps);
	return check_usable(x) ? x->rt->ops->normalise(x, (real)eps) : &x->rt->nil;
}

tensor *t_rows(tensor *x, const index_array *rows)
{
	if (!x)
		return NULL;
	return check_usable(x) && check_index(x->rt, "rows", rows, SIZE_MAX, x->rows, "x") ? x->rt->ops->gather(x, rows) : &x->rt->nil;
}

tensor *t_softmax(tensor *x)
{
	if (!x)
		return NULL;
	return check_usable(x) ? x->rt->ops->softmax(x) : &x->rt->nil;
}
