// operations.cpp - operations on rows and elements.
#include "tensor/aten/aten.h"

at::Tensor product(runtime *rt, const at::Tensor &x, const at::Tensor &w)
{
	return rt->narrow ? at::matmul(x.to(at::kBFloat16), w.to(at::kBFloat16)).to(at::kFloat) : at::matmul(x, w);
}

at::Tensor activated(const at::Tensor &x, activation act)
{
	switch (act) {
	case ACT_RELU: return at::relu(x);
	case ACT_GELU: return at::gelu(x);
	case ACT_SILU: return at::silu(x);
	case ACT_TANH: return at::tanh(x);
	case ACT_SIGMOID: return at::sigmoid(x);
	case ACT_NONE: break;
	}
	return x;
}

tensor *aten_embedding(runtime *rt, const param *table, const index_array *ids, real scale)
{
	return guarded(rt, "embedding", [&] {
		at::Tensor rows = rows_of_table(rt, table, ids);
		return scale == 1 ? rows : rows * static_cast<double>(scale);
	});
}

tensor *aten_embedding_bag(runtime *rt, const param *table, const index_array *ids, const spans *bags, bool mean)
{
	return guarded(rt, "embedding_bag", [&] {
		at::Tensor rows = rows_of_table(rt, table, ids);
		at::Tensor sums = at::zeros({ static_cast<int64_t>(bags->count), rows.size(1) }, rows.options()).index_add(0, handle_of(bags).sample, rows);
		return mean ? sums / handle_of(bags).lengths.clamp_min(1) : sums;
	});
}

tensor *aten_parameter(runtime *rt, const param *p)
{
	return guarded(rt, "param", [&] { return leaf(rt, p); });
}

tensor *aten_dense(tensor *x, const param *w, const param *bias, activation act, dropout drop)
{
	runtime *rt = x->rt;
	return guarded(rt, "dense", [&] {
		at::Tensor z = product(rt, value_of(x), leaf(rt, w));
		return drop_from(rt, activated(bias ? z + leaf(rt, bias) : z, act), drop);
	});
}

tensor *aten_add(tensor *x, tensor *y)
{
	return guarded(x->rt, "add", [&] { return value_of(x) + value_of(y); });
}

tensor *aten_add_row(tensor *x, const param *row)
{
	return guarded(x->rt, "add_row", [&] { return value_of(x) + leaf(x->rt, row); });
}

tensor *aten_mul(tensor *x, tensor *y)
{
	return guarded(x->rt, "mul", [&] { return value_of(x) * value_of(y); });
}

tensor *aten_scale(tensor *x, real factor)
{
	return guarded(x->rt, "scale", [&] { return value_of(x) * static_cast<double>(factor); });
}

tensor *aten_scale_by(tensor *x, const param *gate, size_t column)
{
	return guarded(x->rt, "scale_by", [&] { return value_of(x) * leaf(x->rt, gate).select(1, static_cast<int64_t>(column)); });
}

tensor *aten_activate(tensor *x, activation act)
{
	return guarded(x->rt, "activate", [&] { return activated(value_of(x), act); });
}

tensor *aten_dropped(tensor *x, dropout drop)
{
	return guarded(x->rt, "dropout", [&] { return drop_from(x->rt, value_of(x), drop); });
}

tensor *aten_add_norm(tensor *x, tensor *y, dropout drop, const param *gain, const param *bias)
{
	runtime *rt = x->rt;
	return guarded(rt, "add_norm", [&] {
		at::Tensor sum = y ? value_of(x) + drop_from(rt, value_of(y), drop) : value_of(x);
		return at::layer_norm(sum, { sum.size(1) }, leaf(rt, gain).view(-1), leaf(rt, bias).view(-1), 1e-5);
	});
}

tensor *aten_normalise(tensor *x, real eps)
{
	return guarded(x->rt, "normalise", [&] {
		at::Tensor length = at::linalg_vector_norm(value_of(x), 2, at::IntArrayRef{ 1 }, true);
		return value_of(x) / length.clamp_min(static_cast<double>(eps));
	});
}

tensor *aten_concat(tensor *x, tensor *y)
{
	return guarded(x->rt, "concat", [&] { return at::cat({ value_of(x), value_of(y) }, 1); });
}

tensor *aten_columns(tensor *x, size_t first, size_t count)
{
	return guarded(x->rt, "columns", [&] { return value_of(x).narrow(1, static_cast<int64_t>(first), static_cast<int64_t>(count)); });
}

tensor *aten_gather(tensor *x, const index_array *rows)
{
	return guarded(x->rt, "rows", [&] { return value_of(x).index_select(0, ids_of(rows)); });
}

tensor *aten_softmax(tensor *x)
{
	return guarded(x->rt, "softmax", [&] { return at::softmax(value_of(x), 1); });
}
