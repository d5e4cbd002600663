// attention.cpp - attention within sequences (Vaswani et al. 2017, equation 1): padded by length classes in f32; without padding by flash attention in
// bfloat16 (Dao 2023) on a GPU that has it.
#include "tensor/aten/device.h"
#include "tensor/aten/sequences.h"
#include "tensor/aten/versions.h"

#include <cmath>

// (n*L,D) -> (n,H,L,D/H)
static at::Tensor by_head(const at::Tensor &x, const length_class &c, int64_t heads)
{
	return x.reshape({ c.count, c.longest, heads, x.size(1) / heads }).transpose(1, 2);
}

// (n,L,L): time_bucket of front.h for each pair, by the exponent and the first bit behind it of 1 + the seconds between.
static at::Tensor buckets_of(const at::Tensor &times)
{
	at::Tensor apart = (times.unsqueeze(2) - times.unsqueeze(1)).abs().add_(1);
	auto [mantissa, exponent] = at::frexp(apart.to(at::kDouble)); // mantissa in [1/2, 1)
	return ((exponent.to(at::kLong) - 1) * 2 + mantissa.ge(0.75)).clamp_max(TIME_BUCKETS - 1);
}

// (n,H,L,L): the bias of each score.
static at::Tensor time_bias(runtime *rt, const attention_times &timed, const length_class &c)
{
	at::Tensor times = ids_of(timed.times).index_select(0, c.index).view({ c.count, c.longest }), bias = leaf(rt, timed.bias);
	return bias.index_select(1, buckets_of(times).view(-1)).view({ bias.size(0), c.count, c.longest, c.longest }).transpose(0, 1);
}

// Of one class: (n*L,D).
static at::Tensor attended(runtime *rt, const at::Tensor &qkv, const length_class &c, int64_t heads, visibility see, const at::Tensor &mask, const attention_times &timed)
{
	int64_t width = qkv.size(1) / 3;
	std::vector<at::Tensor> part = qkv.index_select(0, c.index).split(width, 1);
	at::Tensor q = by_head(part[0], c, heads), k = by_head(part[1], c, heads), v = by_head(part[2], c, heads);
	at::Tensor scores = at::matmul(q, k.transpose(2, 3)) / std::sqrt(static_cast<double>(width / heads));
	if (timed.bias)
		scores = scores + time_bias(rt, timed, c);
	at::Tensor hidden = see == SEE_PAST ? at::ones({ c.longest, c.longest }, c.valid.options()).triu(1) : c.valid.logical_not().view({ c.count, 1, 1, c.longest });
	at::Tensor weights = at::softmax(scores.masked_fill(hidden, -INFINITY), 3);
	if (mask.defined())
		weights = weights * mask.index_select(0, c.index).narrow(2, 0, c.longest).view({ c.count, c.longest, heads, c.longest }).transpose(1, 2);
	return at::matmul(weights, v).transpose(1, 2).reshape({ c.count * c.longest, width });
}

// bfloat16 in, f32 out. The mask of dropout is the device's own: the numbers of dropout.h cannot be handed to it.
static at::Tensor attended_flat(const at::Tensor &qkv, sequences_handle &handle, int64_t longest, int64_t heads, visibility see, const dropout &drop)
{
	int64_t width = qkv.size(1) / 3;
	std::vector<at::Tensor> part = qkv.to(at::kBFloat16).view({ qkv.size(0), 3, heads, width / heads }).unbind(1);
	double share = drop.threshold / 65536.0;
	return attention_by_starts(part[0], part[1], part[2], handle.first.to(at::kInt), longest, share, see == SEE_PAST).reshape({ qkv.size(0), width }).to(at::kFloat);
}

static bool is_flat(const runtime *rt, const attention_times &timed)
{
	const aten_state *state = state_of(rt);
	return rt->narrow && state->device.is_cuda() && !timed.bias && device_services()->flash();
}

tensor *aten_attention(tensor *qkv, const spans *sequences, size_t heads, visibility see, dropout drop, attention_times timed)
{
	runtime *rt = qkv->rt;
	return guarded(rt, "attention", [&] {
		const at::Tensor &x = value_of(qkv);
		sequences_handle &handle = handle_of(sequences);
		int64_t h = static_cast<int64_t>(heads), longest = static_cast<int64_t>(sequences->longest);
		if (!sequences->total)
			return x.narrow(1, 0, x.size(1) / 3);
		if (is_flat(rt, timed))
			return attended_flat(x, handle, longest, h, see, drop);
		at::Tensor mask;
		if (drop.threshold)
			mask = mask_of(rt, drop, x.size(0) * h, longest).view({ x.size(0), h, longest });
		classes_make(rt, handle);
		std::vector<at::Tensor> parts;
		for (const length_class &c : handle.classes)
			parts.push_back(attended(rt, x, c, h, see, mask, timed));
		return at::cat(parts).index_select(0, handle.place);
	});
}

// A softmax over the events of each sequence: weights (T,H) from scores (T,H).
static at::Tensor softmax_by_sequence(const at::Tensor &scores, const at::Tensor &sample, int64_t sequences)
{
	at::Tensor none = at::zeros({ sequences, scores.size(1) }, scores.options());
	at::Tensor top = at::full_like(none, -INFINITY).scatter_reduce(0, sample.unsqueeze(1).expand_as(scores), scores.detach(), "amax");
	at::Tensor weights = at::exp(scores - top.index_select(0, sample));
	return weights / none.index_add(0, sample, weights).index_select(0, sample);
}

tensor *aten_attention_pool(tensor *query, tensor *keys, tensor *values, const spans *sequences, size_t heads)
{
	return guarded(query->rt, "attention_pool", [&] {
		const at::Tensor &sample = handle_of(sequences).sample, &q = value_of(query);
		int64_t h = static_cast<int64_t>(heads), each = q.size(1) / h, events = sample.size(0);
		auto split = [&](const at::Tensor &x) { return x.reshape({ events, h, each }); };
		at::Tensor scores = (split(q.index_select(0, sample)) * split(value_of(keys))).sum(2) / std::sqrt(static_cast<double>(each));
		at::Tensor weighed = softmax_by_sequence(scores, sample, q.size(0)).unsqueeze(2) * split(value_of(values));
		return at::zeros_like(q).index_add(0, sample, weighed.reshape({ events, q.size(1) }));
	});
}
