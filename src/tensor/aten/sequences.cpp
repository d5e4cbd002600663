// sequences.cpp - operations that know where sequences begin, in their plainest form: one sequence after the other. They are what the fast kernels are
// compared with.
#include "tensor/aten/aten.h"

#include <cmath>

// The rows of sequence s.
static at::Tensor part(const at::Tensor &x, const sequences_handle &sequences, size_t s)
{
	return x.slice(0, sequences.starts[s], sequences.starts[s + 1]);
}

static int64_t length_of(const sequences_handle &sequences, size_t s)
{
	return sequences.starts[s + 1] - sequences.starts[s];
}

// (L,D) -> (H,L,D/H)
static at::Tensor by_head(const at::Tensor &x, int64_t heads)
{
	return x.reshape({ x.size(0), heads, x.size(1) / heads }).transpose(0, 1);
}

// (H,L,D/H) -> (L,D)
static at::Tensor joined(const at::Tensor &x)
{
	return x.transpose(0, 1).reshape({ x.size(1), x.size(0) * x.size(2) });
}

static at::Tensor scores_of(const at::Tensor &q, const at::Tensor &k)
{
	return at::matmul(q, k.transpose(1, 2)) / std::sqrt(static_cast<double>(q.size(2)));
}

// Parts end to end; (0, cols) when there is none.
static at::Tensor stacked(const std::vector<at::Tensor> &parts, int64_t cols, const at::Tensor &like)
{
	return parts.empty() ? at::zeros({ 0, cols }, like.options()) : at::cat(parts, 0);
}

// (H,L,L): the bias of each score of sequence s.
static at::Tensor time_bias(runtime *rt, const attention_times &timed, const sequences_handle &sequences, size_t s)
{
	int64_t length = length_of(sequences, s);
	const uint32_t *times = timed.times->values + sequences.starts[s];
	at::Tensor buckets = at::empty({ length * length }, at::kLong);
	for (int64_t i = 0; i < length * length; i++)
		buckets.data_ptr<int64_t>()[i] = time_bucket(times[i / length], times[i % length]);
	at::Tensor bias = leaf(rt, timed.bias);
	return bias.index_select(1, buckets.to(bias.device())).reshape({ bias.size(0), length, length });
}

tensor *aten_attention(tensor *qkv, const spans *sequences, size_t heads, visibility see, dropout drop, attention_times timed)
{
	runtime *rt = qkv->rt;
	return guarded(rt, "attention", [&] {
		const sequences_handle &handle = handle_of(sequences);
		int64_t h = static_cast<int64_t>(heads), width = value_of(qkv).size(1) / 3, longest = static_cast<int64_t>(sequences->longest);
		at::Tensor mask;
		if (drop.threshold)
			mask = mask_of(rt, drop, value_of(qkv).size(0) * h, longest).reshape({ value_of(qkv).size(0), h, longest });
		std::vector<at::Tensor> parts;
		for (size_t s = 0; s < sequences->count; s++) {
			int64_t length = length_of(handle, s);
			if (!length)
				continue;
			std::vector<at::Tensor> parts_of = part(value_of(qkv), handle, s).split(width, 1);
			at::Tensor scores = scores_of(by_head(parts_of[0], h), by_head(parts_of[1], h));
			if (timed.bias)
				scores = scores + time_bias(rt, timed, handle, s);
			if (see == SEE_PAST)
				scores = scores.masked_fill(at::ones({ length, length }, scores.options().dtype(at::kBool)).triu(1), -INFINITY);
			at::Tensor weights = at::softmax(scores, 2);
			if (mask.defined())
				weights = weights * part(mask, handle, s).slice(2, 0, length).transpose(0, 1);
			parts.push_back(joined(at::matmul(weights, by_head(parts_of[2], h))));
		}
		return stacked(parts, width, value_of(qkv));
	});
}

tensor *aten_attention_pool(tensor *query, tensor *keys, tensor *values, const spans *sequences, size_t heads)
{
	return guarded(query->rt, "attention_pool", [&] {
		const sequences_handle &handle = handle_of(sequences);
		int64_t h = static_cast<int64_t>(heads);
		std::vector<at::Tensor> rows;
		for (size_t s = 0; s < sequences->count; s++) {
			at::Tensor q = value_of(query).slice(0, static_cast<int64_t>(s), static_cast<int64_t>(s) + 1);
			if (!length_of(handle, s)) {
				rows.push_back(at::zeros_like(q));
				continue;
			}
			at::Tensor weights = at::softmax(scores_of(by_head(q, h), by_head(part(value_of(keys), handle, s), h)), 2);
			rows.push_back(joined(at::matmul(weights, by_head(part(value_of(values), handle, s), h))));
		}
		return stacked(rows, value_of(query).size(1), value_of(query));
	});
}

tensor *aten_recurrent(cell kind, tensor *x, const param *w, const param *u, const param *w_bias, const param *u_bias, const spans *sequences)
{
	runtime *rt = x->rt;
	return guarded(rt, "recurrent", [&] {
		const sequences_handle &handle = handle_of(sequences);
		int64_t width = static_cast<int64_t>(u->rows);
		std::vector<at::Tensor> weights = { leaf(rt, w).t(), leaf(rt, u).t(), leaf(rt, w_bias).view(-1), leaf(rt, u_bias).view(-1) }, parts;
		at::Tensor zero = at::zeros({ 1, 1, width }, value_of(x).options());
		for (size_t s = 0; s < sequences->count; s++) {
			if (!length_of(handle, s))
				continue;
			at::Tensor steps = part(value_of(x), handle, s).unsqueeze(1), out;
			if (kind == CELL_LSTM)
				out = std::get<0>(at::lstm(steps, { zero, zero }, weights, true, 1, 0, false, false, false));
			else if (kind == CELL_GRU)
				out = std::get<0>(at::gru(steps, zero, weights, true, 1, 0, false, false, false));
			else
				out = std::get<0>(at::rnn_tanh(steps, zero, weights, true, 1, 0, false, false, false));
			parts.push_back(out.squeeze(1));
		}
		return stacked(parts, width, value_of(x));
	});
}

// One row of a sequence that is not empty.
static at::Tensor pooled(const at::Tensor &events, pooling how)
{
	switch (how) {
	case POOLING_MEAN: return events.mean(0, true);
	case POOLING_MAX: return std::get<0>(events.max(0, true));
	case POOLING_LAST: break;
	}
	return events.slice(0, -1);
}

tensor *aten_pool(tensor *x, const spans *sequences, pooling how)
{
	return guarded(x->rt, "pool", [&] {
		const sequences_handle &handle = handle_of(sequences);
		std::vector<at::Tensor> rows;
		for (size_t s = 0; s < sequences->count; s++)
			rows.push_back(length_of(handle, s) ? pooled(part(value_of(x), handle, s), how) : at::zeros({ 1, value_of(x).size(1) }, value_of(x).options()));
		return stacked(rows, value_of(x).size(1), value_of(x));
	});
}

tensor *aten_spread(tensor *x, const spans *sequences)
{
	return guarded(x->rt, "spread", [&] { return value_of(x).index_select(0, handle_of(sequences).sample); });
}

tensor *aten_fill_empty(tensor *x, const spans *sequences, const param *row)
{
	return guarded(x->rt, "fill_empty", [&] { return at::where(handle_of(sequences).lengths > 0, value_of(x), leaf(x->rt, row)); });
}
