// sequences.cpp - operations that know where sequences begin, other than attention. Their work does not grow with the number of sequences.
#include "tensor/aten/sequences.h"

#include <algorithm>
#include <cmath>
#include <numeric>

// ---- length classes: sequences of up to 16, 32, 64 ... events, each class padded to its longest ----

static std::vector<std::vector<int64_t>> classes_of(const sequences_handle &handle)
{
	std::vector<std::vector<int64_t>> out;
	for (size_t s = 0; s + 1 < handle.starts.size(); s++) {
		size_t number = 0;
		for (int64_t most = 16; most < handle.starts[s + 1] - handle.starts[s]; most *= 2)
			number++;
		out.resize(std::max(out.size(), number + 1));
		if (handle.starts[s + 1] > handle.starts[s])
			out[number].push_back(static_cast<int64_t>(s));
	}
	return out;
}

static length_class class_made(const sequences_handle &handle, const at::Tensor &ids, int64_t longest)
{
	length_class c{ ids.size(0), longest, {}, {}, ids };
	at::Tensor first = handle.first.index_select(0, ids).unsqueeze(1), length = handle.first.slice(0, 1).index_select(0, ids).unsqueeze(1) - first;
	at::Tensor within = at::arange(longest, first.options()).unsqueeze(0);
	c.valid = (within < length).logical_or(within == 0); // the first place of an empty sequence is seen by itself, or its softmax would not be a number
	c.index = at::where(c.valid, first + within, first).clamp_max(handle.sample.size(0) - 1).view(-1);
	return c;
}

// One class of all sequences, whatever their lengths: nothing of it is worked out on the host.
static void class_of_all(sequences_handle &handle, int64_t longest)
{
	at::Tensor ids = at::arange(handle.lengths.size(0), handle.first.options());
	handle.classes.push_back(class_made(handle, ids, longest));
	at::Tensor shift = ids * longest - handle.first.slice(0, 0, -1);
	handle.place = at::arange(handle.sample.size(0), ids.options()) + shift.index_select(0, handle.sample);
}

void classes_make(runtime *rt, sequences_handle &handle)
{
	if (handle.place.defined())
		return;
	c10::AutoGradMode off(false);
	if (rt->steady && rt->trains) {
		class_of_all(handle, static_cast<int64_t>(rt->steady));
		return;
	}
	size_t sequences = handle.starts.size() - 1;
	std::vector<int64_t> arranged, base(sequences, 0), longest, count; // which sequences, class by class; where each begins in all classes
	int64_t end = 0;
	for (const std::vector<int64_t> &some : classes_of(handle)) {
		int64_t most = 0;
		for (int64_t s : some)
			most = std::max(most, handle.starts[static_cast<size_t>(s) + 1] - handle.starts[static_cast<size_t>(s)]);
		for (int64_t s : some) {
			arranged.push_back(s);
			base[static_cast<size_t>(s)] = end;
			end += most;
		}
		longest.push_back(most);
		count.push_back(static_cast<int64_t>(some.size()));
	}
	int64_t filled = static_cast<int64_t>(arranged.size());
	arranged.insert(arranged.end(), base.begin(), base.end());
	at::Tensor sent_numbers = copied_numbers(rt, arranged.data(), static_cast<int64_t>(arranged.size()));
	for (size_t c = 0, from = 0; c < count.size(); from += static_cast<size_t>(count[c++]))
		if (count[c])
			handle.classes.push_back(class_made(handle, sent_numbers.narrow(0, static_cast<int64_t>(from), count[c]), longest[c]));
	at::Tensor shift = sent_numbers.slice(0, filled) - handle.first.slice(0, 0, -1);
	handle.place = at::arange(handle.sample.size(0), handle.sample.options()) + shift.index_select(0, handle.sample);
}

// ---- recurrent ----

// Events by time, longest sequence first, as packed sequences have them.
static void times_make(runtime *rt, sequences_handle &handle)
{
	if (handle.in_time.defined())
		return;
	size_t sequences = handle.starts.size() - 1, events = static_cast<size_t>(handle.starts.back());
	auto length = [&](size_t s) { return handle.starts[s + 1] - handle.starts[s]; };
	std::vector<size_t> order(sequences);
	std::iota(order.begin(), order.end(), size_t{ 0 });
	std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return length(a) > length(b); });
	std::vector<int64_t> there(2 * events), batch;
	size_t filled = 0;
	for (int64_t t = 0; filled < events; t++) {
		size_t began = filled;
		for (size_t i = 0; i < sequences && length(order[i]) > t; i++, filled++) {
			int64_t event = handle.starts[order[i]] + t;
			there[filled] = event;
			there[events + static_cast<size_t>(event)] = static_cast<int64_t>(filled);
		}
		batch.push_back(static_cast<int64_t>(filled - began));
	}
	at::Tensor both = copied_numbers(rt, there.data(), static_cast<int64_t>(2 * events));
	handle.in_time = both.narrow(0, 0, static_cast<int64_t>(events));
	handle.from_time = both.narrow(0, static_cast<int64_t>(events), static_cast<int64_t>(events));
	handle.batch = at::empty({ static_cast<int64_t>(batch.size()) }, at::kLong);
	std::copy(batch.begin(), batch.end(), handle.batch.data_ptr<int64_t>());
}

tensor *aten_recurrent(cell kind, tensor *x, const param *w, const param *u, const param *w_bias, const param *u_bias, const spans *sequences)
{
	runtime *rt = x->rt;
	return guarded(rt, "recurrent", [&] {
		sequences_handle &handle = handle_of(sequences);
		int64_t width = static_cast<int64_t>(u->rows);
		std::vector<at::Tensor> weights = { leaf(rt, w).t(), leaf(rt, u).t(), leaf(rt, w_bias).view(-1), leaf(rt, u_bias).view(-1) };
		if (!sequences->total)
			return at::zeros({ 0, width }, value_of(x).options());
		times_make(rt, handle);
		at::Tensor zero = at::zeros({ 1, handle.batch.data_ptr<int64_t>()[0], width }, value_of(x).options());
		at::Tensor steps = value_of(x).index_select(0, handle.in_time), out;
		if (kind == CELL_LSTM)
			out = std::get<0>(at::lstm(steps, handle.batch, { zero, zero }, weights, true, 1, 0, rt->trains, false));
		else if (kind == CELL_GRU)
			out = std::get<0>(at::gru(steps, handle.batch, zero, weights, true, 1, 0, rt->trains, false));
		else
			out = std::get<0>(at::rnn_tanh(steps, handle.batch, zero, weights, true, 1, 0, rt->trains, false));
		return out.index_select(0, handle.from_time);
	});
}

// ---- pooling ----

static at::Tensor largest(runtime *rt, const at::Tensor &x, sequences_handle &handle)
{
	at::Tensor out = at::zeros({ handle.lengths.size(0), x.size(1) }, x.options());
	classes_make(rt, handle);
	for (const length_class &c : handle.classes) {
		at::Tensor events = x.index_select(0, c.index).view({ c.count, c.longest, x.size(1) }).masked_fill(c.valid.logical_not().unsqueeze(2), -INFINITY);
		out = out.index_copy(0, c.ids, std::get<0>(events.max(1)));
	}
	return at::where(handle.lengths > 0, out, 0.0);
}

static at::Tensor pooled(runtime *rt, const at::Tensor &x, sequences_handle &handle, pooling how)
{
	at::Tensor none = at::zeros({ handle.lengths.size(0), x.size(1) }, x.options());
	if (!x.size(0))
		return none;
	switch (how) {
	case POOLING_MEAN: return none.index_add(0, handle.sample, x) / handle.lengths.clamp_min(1);
	case POOLING_MAX: return largest(rt, x, handle);
	case POOLING_LAST: break;
	}
	at::Tensor last = (handle.first.slice(0, 1) - 1).clamp_min(0);
	return at::where(handle.lengths > 0, x.index_select(0, last), none);
}

tensor *aten_pool(tensor *x, const spans *sequences, pooling how)
{
	return guarded(x->rt, "pool", [&] { return pooled(x->rt, value_of(x), handle_of(sequences), how); });
}

tensor *aten_spread(tensor *x, const spans *sequences)
{
	return guarded(x->rt, "spread", [&] { return value_of(x).index_select(0, handle_of(sequences).sample); });
}

tensor *aten_fill_empty(tensor *x, const spans *sequences, const param *row)
{
	return guarded(x->rt, "fill_empty", [&] { return at::where(handle_of(sequences).lengths > 0, value_of(x), leaf(x->rt, row)); });
}
