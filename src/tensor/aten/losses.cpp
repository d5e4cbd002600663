// losses.cpp - the losses, and scores. A loss stays on the device until it is asked for.
#include "tensor/aten/aten.h"

#include <algorithm>
#include <cmath>

// Scores that the softmax over all items holds at once.
static const int64_t scores_at_once_cpu = INT64_C(1) << 22, scores_at_once_gpu = INT64_C(1) << 26;

static void sum_up(at::Tensor &sum, const at::Tensor &more)
{
	sum = sum.defined() ? sum + more : more;
}

// Adds scale * sum of weights * each (n) to the pack's loss.
template <class Operation> static void loss_add(runtime *rt, const char *operation, const float *weights, real scale, Operation each) noexcept
{
	try {
		c10::AutoGradMode recording(rt->trains);
		at::Tensor losses = each();
		if (weights)
			losses = losses * copied(rt, weights, losses.size(0), 1).view(-1);
		at::Tensor sum = losses.sum() * static_cast<double>(scale);
		sum_up(state_of(rt)->value, sum.detach().to(at::kDouble));
		sum_up(state_of(rt)->loss, sum);
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

static at::Tensor all_items(runtime *rt, item_rows items)
{
	return items.table ? leaf(rt, items.table) : value_of(items.made);
}

static at::Tensor some_items(runtime *rt, item_rows items, const index_array *ids)
{
	return items.table ? rows_of_table(rt, items.table, ids) : value_of(items.made).index_select(0, ids_of(ids));
}

// ---- the softmax over all items, by chunks of rows: neither scores nor their gradients exist as a whole ----

// What goes in, and the sums over the chunks that come out.
struct full_softmax {
	at::Tensor x, items, bias, target, weight; // (n,D), (V,D), (1,V) or undefined, (n), (n)
	double smoothing;
	bool trains;
	at::Tensor loss, to_x, to_items, to_bias;
};

// With p = softmax(z) and t the smoothed target: loss = w (logsumexp z - t z), and its gradient for z is w (p - t).
static void chunk_add(full_softmax &f, int64_t from, int64_t rows)
{
	at::Tensor x = f.x.narrow(0, from, rows), target = f.target.narrow(0, from, rows).unsqueeze(1), weight = f.weight.narrow(0, from, rows).unsqueeze(1);
	at::Tensor z = at::matmul(x, f.items.t());
	if (f.bias.defined())
		z.add_(f.bias);
	double told = 1 - f.smoothing, spread = f.smoothing / static_cast<double>(z.size(1));
	at::Tensor sum = at::logsumexp(z, at::IntArrayRef{ 1 }, true), hit = z.gather(1, target);
	at::Tensor loss = sum - told * hit;
	if (f.smoothing > 0)
		loss = loss - spread * z.sum(1, true);
	f.loss.add_((loss * weight).sum().to(at::kDouble));
	if (!f.trains)
		return;
	z.sub_(sum).exp_().sub_(spread).scatter_add_(1, target, at::full_like(hit, -told)).mul_(weight);
	f.to_x.narrow(0, from, rows).copy_(at::matmul(z, f.items));
	f.to_items.addmm_(z.t(), x);
	if (f.bias.defined())
		f.to_bias.add_(z.sum(0, true));
}

static void softmax_run(full_softmax &f)
{
	int64_t most = f.x.is_cuda() ? scores_at_once_gpu : scores_at_once_cpu, rows = std::max<int64_t>(1, most / std::max<int64_t>(1, f.items.size(0)));
	f.loss = at::zeros({}, f.x.options().dtype(at::kDouble));
	if (f.trains) {
		f.to_x = at::zeros_like(f.x);
		f.to_items = at::zeros_like(f.items);
		f.to_bias = f.bias.defined() ? at::zeros_like(f.bias) : at::Tensor();
	}
	for (int64_t from = 0; from < f.x.size(0); from += rows)
		chunk_add(f, from, std::min(rows, f.x.size(0) - from));
}

// The gradient of the whole of which `gradient` is the part behind the first `skip` rows.
static at::Tensor unskipped(const at::Tensor &gradient, int64_t dimension, int64_t skip)
{
	std::vector<int64_t> shape = gradient.sizes().vec();
	shape[static_cast<size_t>(dimension)] = skip;
	return skip ? at::cat({ at::zeros(shape, gradient.options()), gradient }, dimension) : gradient;
}

// Autograd sees only a product with the gradient: its derivative is that gradient. That of a parameter is added at once.
static void softmax_told(runtime *rt, const full_softmax &f, tensor *x, item_rows items, const param *bias, int64_t skip)
{
	aten_state *state = state_of(rt);
	at::Tensor flows = (value_of(x) * f.to_x).sum();
	if (items.table)
		gradient_add(leaf(rt, items.table), unskipped(f.to_items, 0, skip));
	else
		flows = flows + (value_of(items.made).slice(0, skip) * f.to_items).sum();
	if (bias)
		gradient_add(leaf(rt, bias), unskipped(f.to_bias, 1, skip));
	sum_up(state->loss, flows);
}

void aten_loss_softmax(tensor *x, item_rows items, const param *bias, const index_array *targets, size_t skip, const float *weights, real smoothing, real scale)
{
	runtime *rt = x->rt;
	try {
		int64_t from = static_cast<int64_t>(skip), rows = static_cast<int64_t>(x->rows);
		full_softmax f{};
		{
			c10::AutoGradMode off(false);
			f.x = value_of(x).detach();
			f.items = all_items(rt, items).detach().slice(0, from);
			f.bias = bias ? leaf(rt, bias).detach().slice(1, from) : at::Tensor();
			f.target = ids_of(targets) - from;
			f.weight = (weights ? copied(rt, weights, rows, 1).view(-1) : at::ones({ rows }, f.x.options())) * static_cast<double>(scale);
			f.smoothing = static_cast<double>(smoothing);
			f.trains = rt->trains;
			softmax_run(f);
		}
		sum_up(state_of(rt)->value, f.loss);
		if (rt->trains) {
			c10::AutoGradMode recording(true);
			softmax_told(rt, f, x, items, bias, from);
		}
	} catch (...) {
		failed(rt, "loss_softmax");
	}
}

// ---- some items ----

static at::Tensor hidden_of(runtime *rt, const uint8_t *hidden, at::IntArrayRef shape)
{
	at::Tensor made = staged(rt, shape, at::kByte);
	std::copy_n(hidden, made.numel(), made.data_ptr<uint8_t>());
	return sent(rt, made);
}

void aten_loss_sampled(tensor *x, item_rows items, const index_array *targets, const sampled *how, const float *weights, real scale)
{
	runtime *rt = x->rt;
	loss_add(rt, "loss_sampled", weights, scale, [&] {
		const at::Tensor &ids = ids_of(how->negatives);
		at::Tensor above = (value_of(x) * some_items(rt, items, targets)).sum(1);
		at::Tensor below = at::matmul(value_of(x), some_items(rt, items, how->negatives).t());
		at::Tensor same = ids_of(targets).unsqueeze(1) == ids.unsqueeze(0);
		if (how->hidden)
			same = same.logical_or(hidden_of(rt, how->hidden, same.sizes()));
		if (how->kind == SAMPLED_PAIRS)
			return -at::log_sigmoid(above.unsqueeze(1) - below).masked_fill(same, 0).mean(1);
		if (how->kind == SAMPLED_BINARY)
			return -how->power * at::log_sigmoid(above) - at::log_sigmoid(-below).masked_fill(same, 0).sum(1);
		if (how->drawn)
			below = below - shares_drawn(rt, how->drawn, ids);
		else if (how->shift)
			below = below - copied(rt, how->shift, 1, ids.size(0));
		at::Tensor all = at::cat({ above.unsqueeze(1), below.masked_fill(same, -INFINITY) }, 1);
		return at::logsumexp(all, at::IntArrayRef{ 1 }) - above;
	});
}

tensor *aten_scores(tensor *x, item_rows items, const param *bias)
{
	runtime *rt = x->rt;
	return guarded(rt, "scores", [&] {
		at::Tensor scores = at::matmul(value_of(x), all_items(rt, items).t());
		return bias ? scores + leaf(rt, bias) : scores;
	});
}
