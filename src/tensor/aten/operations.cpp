// operations.cpp - operations on rows and elements, and the losses.
#include "tensor/aten/aten.h"

#include <algorithm>
#include <cmath>

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
	return guarded(rt, "embedding", [&] { return leaf(rt, table, ids).index_select(0, ids_of(ids)) * static_cast<double>(scale); });
}

tensor *aten_embedding_bag(runtime *rt, const param *table, const index_array *ids, const spans *bags, bool mean)
{
	return guarded(rt, "embedding_bag", [&] {
		at::Tensor rows = leaf(rt, table, ids).index_select(0, ids_of(ids));
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
		at::Tensor z = at::matmul(value_of(x), leaf(rt, w));
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

// ---- losses ----

// Adds scale * sum of weights * each (n) to the runtime's loss.
template <class Operation> static void loss_add(runtime *rt, const char *operation, const float *weights, real scale, Operation each) noexcept
{
	try {
		c10::AutoGradMode recording(rt->gradients != nullptr);
		at::Tensor losses = each();
		if (weights)
			losses = losses * copied(rt, weights, losses.size(0), 1).view(-1);
		at::Tensor sum = losses.sum() * static_cast<double>(scale);
		rt->loss += sum.item<double>();
		aten_state *state = state_of(rt);
		state->loss = state->loss.defined() ? state->loss + sum : sum;
	} catch (...) {
		failed(rt, operation);
	}
}

void aten_loss_classes(tensor *logits, const index_array *labels, const float *weights, real smoothing, real scale)
{
	loss_add(logits->rt, "loss_classes", weights, scale, [&] {
		return at::cross_entropy_loss(value_of(logits), ids_of(labels), {}, at::Reduction::None, -100, static_cast<double>(smoothing));
	});
}

void aten_loss_binary(tensor *logits, const float *targets, const float *weights, real scale)
{
	loss_add(logits->rt, "loss_binary", weights, scale, [&] {
		at::Tensor wanted = copied(logits->rt, targets, static_cast<int64_t>(logits->rows), 1);
		return at::binary_cross_entropy_with_logits(value_of(logits), wanted, {}, {}, at::Reduction::None).view(-1);
	});
}

// All items, of which ids are read (nullptr: all).
static at::Tensor rows_of(runtime *rt, item_rows items, const index_array *ids = nullptr)
{
	return items.table ? leaf(rt, items.table, ids) : value_of(items.made);
}

void aten_loss_softmax(tensor *x, item_rows items, const param *bias, const index_array *targets, size_t skip, const float *weights, real smoothing, real scale)
{
	runtime *rt = x->rt;
	loss_add(rt, "loss_softmax", weights, scale, [&] {
		int64_t from = static_cast<int64_t>(skip);
		at::Tensor logits = at::matmul(value_of(x), rows_of(rt, items).slice(0, from).t());
		if (bias)
			logits = logits + leaf(rt, bias).slice(1, from);
		return at::cross_entropy_loss(logits, ids_of(targets) - from, {}, at::Reduction::None, -100, static_cast<double>(smoothing));
	});
}

void aten_loss_sampled(tensor *x, item_rows items, const index_array *targets, const sampled *how, const float *weights, real scale)
{
	runtime *rt = x->rt;
	loss_add(rt, "loss_sampled", weights, scale, [&] {
		const at::Tensor &ids = ids_of(how->negatives);
		at::Tensor above = (value_of(x) * rows_of(rt, items, targets).index_select(0, ids_of(targets))).sum(1);
		at::Tensor below = at::matmul(value_of(x), rows_of(rt, items, how->negatives).index_select(0, ids).t());
		at::Tensor same = ids_of(targets).unsqueeze(1) == ids.unsqueeze(0);
		if (how->hidden) {
			at::Tensor hidden = at::empty(same.sizes(), at::kByte);
			std::copy_n(how->hidden, hidden.numel(), hidden.data_ptr<uint8_t>());
			same = same.logical_or(hidden.to(same.device()));
		}
		if (how->kind == SAMPLED_PAIRS)
			return -at::log_sigmoid(above.unsqueeze(1) - below).masked_fill(same, 0).mean(1);
		if (how->kind == SAMPLED_BINARY)
			return -how->power * at::log_sigmoid(above) - at::log_sigmoid(-below).masked_fill(same, 0).sum(1);
		if (how->shift)
			below = below - copied(rt, how->shift, 1, ids.size(0));
		at::Tensor all = at::cat({ above.unsqueeze(1), below.masked_fill(same, -INFINITY) }, 1);
		return at::logsumexp(all, at::IntArrayRef{ 1 }) - above;
	});
}

tensor *aten_scores(tensor *x, item_rows items, const param *bias)
{
	runtime *rt = x->rt;
	return guarded(rt, "scores", [&] {
		at::Tensor scores = at::matmul(value_of(x), rows_of(rt, items).t());
		return bias ? scores + leaf(rt, bias) : scores;
	});
}
