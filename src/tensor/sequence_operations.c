/* sequence_operations.c - the front of the operations that know where sequences begin. */
#include "tensor/checks.h"

tensor *t_attention(tensor *qkv, const spans *sequences, size_t heads, visibility see, double drop)
{
	if (!qkv)
		return NULL;
	runtime *rt = qkv->rt;
	if (!check_usable(qkv) || !check_spans(rt, "attention", sequences, qkv->rows) || !check_share(rt, "attention", "dropout", drop))
		return &rt->nil;
	if (qkv->cols % 3)
		return REFUSE(rt, "attention", "qkv has %zu columns: not three equal parts", qkv->cols);
	if (!check_heads(rt, "attention", qkv->cols / 3, heads))
		return &rt->nil;
	return rt->ops->attention(qkv, sequences, heads, see, dropout_next(rt, drop));
}

tensor *t_attention_pool(tensor *query, tensor *keys, tensor *values, const spans *sequences, size_t heads)
{
	if (!query || !keys || !values)
		return query && check_usable(query) ? REFUSE(query->rt, "attention_pool", "keys or values are NULL") : query ? &query->rt->nil : NULL;
	runtime *rt = query->rt;
	if (!check_usable(query) || !check_usable(keys) || !check_usable(values) || !check_spans(rt, "attention_pool", sequences, keys->rows) || !check_shape("attention_pool", keys, values) ||
		!check_rows("attention_pool", query, "the list of sequences", sequences->count) || !check_heads(rt, "attention_pool", query->cols, heads))
		return &rt->nil;
	if (query->cols != keys->cols)
		return REFUSE(rt, "attention_pool", "the query has %zu columns, the keys have %zu", query->cols, keys->cols);
	return rt->ops->attention_pool(query, keys, values, sequences, heads);
}

tensor *t_recurrent(cell kind, tensor *x, const param *w, const param *u, const param *w_bias, const param *u_bias, const spans *sequences)
{
	if (!x)
		return NULL;
	runtime *rt = x->rt;
	size_t gates = kind == CELL_GRU ? 3 : kind == CELL_LSTM ? 4 : 1;
	if (!check_usable(x) || !check_spans(rt, "recurrent", sequences, x->rows) || !check_given(rt, "recurrent", "u", u) ||
		!check_param(rt, "recurrent", u, u->rows, gates * u->rows) || !check_param(rt, "recurrent", w, x->cols, gates * u->rows) ||
		!check_param(rt, "recurrent", w_bias, 1, gates * u->rows) || !check_param(rt, "recurrent", u_bias, 1, gates * u->rows))
		return &rt->nil;
	return rt->ops->recurrent(kind, x, w, u, w_bias, u_bias, sequences);
}

tensor *t_pool(tensor *x, const spans *sequences, pooling how)
{
	if (!x)
		return NULL;
	return check_usable(x) && check_spans(x->rt, "pool", sequences, x->rows) ? x->rt->ops->pool(x, sequences, how) : &x->rt->nil;
}

/* One row of x for each sequence. */
static bool row_each(const char *operation, const tensor *x, const spans *sequences)
{
	return check_usable(x) && check_given(x->rt, operation, "the spans", sequences) && check_rows(operation, x, "the list of sequences", sequences->count);
}

tensor *t_spread(tensor *x, const spans *sequences)
{
	if (!x)
		return NULL;
	return row_each("spread", x, sequences) ? x->rt->ops->spread(x, sequences) : &x->rt->nil;
}

tensor *t_fill_empty(tensor *x, const spans *sequences, const param *row)
{
	if (!x)
		return NULL;
	bool good = row_each("fill_empty", x, sequences) && check_param(x->rt, "fill_empty", row, 1, x->cols);
	return good ? x->rt->ops->fill_empty(x, sequences, row) : &x->rt->nil;
}

/* ---- losses ---- */

void t_loss_classes(tensor *logits, const index_array *labels, const float *weights, double smoothing, double scale)
{
	if (!logits || !check_usable(logits) || !check_index(logits->rt, "loss_classes", labels, logits->rows, logits->cols, "the row of classes") ||
		!check_share(logits->rt, "loss_classes", "smoothing", smoothing))
		return;
	logits->rt->ops->loss_classes(logits, labels, weights, (real)smoothing, (real)scale);
}

void t_loss_binary(tensor *logits, const float *targets, const float *weights, double scale)
{
	if (!logits || !check_usable(logits) || (logits->rows && !check_given(logits->rt, "loss_binary", "targets", targets)))
		return;
	if (logits->cols != 1)
		REFUSE(logits->rt, "loss_binary", "logits are (%zu,%zu), not one column", logits->rows, logits->cols);
	else
		logits->rt->ops->loss_binary(logits, targets, weights, (real)scale);
}
