// backend.cpp - a pack on libtorch: its values, its leaves, backwards into the lane, and the table of functions.
#include "tensor/aten/aten.h"

#include <ATen/Parallel.h>
#include <torch/csrc/api/include/torch/version.h>

#include <algorithm>

const front_services *front;

tensor *failed(runtime *rt, const char *operation) noexcept
{
	try {
		throw;
	} catch (const c10::OutOfMemoryError &error) {
		return front->fail(rt, SR_MEMORY, operation, "%s", error.what_without_backtrace());
	} catch (const std::bad_alloc &) {
		return front->fail(rt, SR_MEMORY, operation, "out of memory in libtorch");
	} catch (const c10::Error &error) {
		return front->fail(rt, SR_INTERNAL, operation, "libtorch: %s", error.what_without_backtrace());
	} catch (const std::exception &error) {
		return front->fail(rt, SR_INTERNAL, operation, "libtorch: %s", error.what());
	} catch (...) {
		return front->fail(rt, SR_INTERNAL, operation, "libtorch threw something unknown");
	}
}

tensor *result(runtime *rt, at::Tensor value)
{
	tensor *x = front->tensor_new(rt, static_cast<size_t>(value.size(0)), static_cast<size_t>(value.size(1)));
	x->wants = value.requires_grad();
	x->handle = &state_of(rt)->values.emplace_back(std::move(value));
	return x;
}

at::Tensor leaf(runtime *rt, const param *p, const index_array *ids)
{
	aten_state *state = state_of(rt);
	at::Tensor &made = state->leaves[p->number];
	if (!made.defined()) {
		made = at::from_blob(p->value, { static_cast<int64_t>(p->rows), static_cast<int64_t>(p->cols) }, at::kFloat).to(state->device);
		made.requires_grad_(rt->gradients != nullptr);
	}
	if (p->kind == PARAM_TABLE && rt->gradients)
		state->lookups.push_back({ p, ids });
	return made;
}

at::Tensor copied(runtime *rt, const float *values, int64_t rows, int64_t cols)
{
	at::Tensor made = at::empty({ rows, cols }, at::kFloat);
	std::copy_n(values, rows * cols, made.data_ptr<float>());
	return made.to(state_of(rt)->device);
}

at::Tensor mask_of(runtime *rt, const dropout &drop, int64_t rows, int64_t width)
{
	at::Tensor mask = at::empty({ rows, width }, at::kFloat);
	for (int64_t row = 0; row < rows; row++)
		front->dropout_mask(&drop, static_cast<size_t>(row), static_cast<size_t>(width), static_cast<size_t>(width), mask.data_ptr<float>() + row * width);
	return mask.to(state_of(rt)->device);
}

at::Tensor drop_from(runtime *rt, const at::Tensor &x, const dropout &drop)
{
	return drop.threshold ? x * mask_of(rt, drop, x.size(0), x.size(1)) : x;
}

static void *state_open(runtime *rt, sr_error *err)
{
	try {
		at::set_num_threads(1); // a runtime is one thread's
		aten_state *state = new aten_state;
		state->rt = rt;
		return state;
	} catch (const std::exception &error) {
		front->error_set(err, SR_UNEXPECTED, "libtorch did not start: %s", error.what());
		return nullptr;
	}
}

static void state_close(void *state)
{
	delete static_cast<aten_state *>(state);
}

static void begin(runtime *rt)
{
	aten_state *state = state_of(rt);
	state->loss = at::Tensor();
	state->values.clear();
	state->sequences.clear();
	state->lookups.clear();
	state->leaves.assign(front->params_count(rt->list), at::Tensor());
}

// Adds the gradient of row number `row` to the lane.
static void row_add(runtime *rt, const param *p, const at::Tensor &gradient, size_t row)
{
	const float *from = gradient.data_ptr<float>() + row * p->cols;
	real *to = front->lane_touch(rt->gradients, p, row);
	for (size_t i = 0; i < p->cols; i++)
		to[i] += from[i];
}

// The rows of a table that this pack read, ascending.
static std::vector<uint32_t> rows_read(const aten_state *state, const param *p)
{
	std::vector<uint32_t> rows;
	for (const lookup &l : state->lookups) {
		if (l.table != p)
			continue;
		if (l.ids)
			rows.insert(rows.end(), l.ids->values, l.ids->values + l.ids->count);
		for (uint32_t row = 0; !l.ids && row < p->rows; row++)
			rows.push_back(row);
	}
	std::sort(rows.begin(), rows.end());
	rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
	return rows;
}

static void gradients_collect(runtime *rt)
{
	aten_state *state = state_of(rt);
	for (size_t number = 0; number < state->leaves.size(); number++) {
		const at::Tensor &made = state->leaves[number];
		const param *p = front->params_get(rt->list, number);
		if (!made.defined() || !made.grad().defined())
			continue;
		at::Tensor gradient = made.grad().to(at::kCPU).contiguous();
		if (p->kind == PARAM_TABLE)
			for (uint32_t row : rows_read(state, p))
				row_add(rt, p, gradient, row);
		for (size_t row = 0; p->kind != PARAM_TABLE && row < p->rows; row++)
			row_add(rt, p, gradient, row);
	}
}

static bool backward(runtime *rt)
{
	try {
		c10::AutoGradMode recording(true);
		if (state_of(rt)->loss.defined() && state_of(rt)->loss.requires_grad()) {
			state_of(rt)->loss.backward();
			gradients_collect(rt);
		}
		return true;
	} catch (...) {
		failed(rt, "backward");
		return false;
	}
}

static const char *describe(const runtime *)
{
	return "libtorch " TORCH_VERSION;
}

static size_t bytes(const runtime *rt)
{
	size_t sum = 0;
	for (const at::Tensor &value : state_of(rt)->values)
		sum += value.defined() ? value.nbytes() : 0;
	return sum;
}

static bool index_made(runtime *rt, index_array *index)
{
	try {
		at::Tensor ids = at::empty({ static_cast<int64_t>(index->count) }, at::kLong);
		std::copy_n(index->values, index->count, ids.data_ptr<int64_t>());
		index->handle = &state_of(rt)->values.emplace_back(ids.to(state_of(rt)->device));
		return true;
	} catch (...) {
		failed(rt, "index");
		return false;
	}
}

static bool spans_made(runtime *rt, spans *made)
{
	try {
		aten_state *state = state_of(rt);
		sequences_handle handle;
		handle.starts.assign(made->starts, made->starts + made->count + 1);
		at::Tensor sample = at::empty({ static_cast<int64_t>(made->total) }, at::kLong), lengths = at::empty({ static_cast<int64_t>(made->count), 1 });
		for (size_t s = 0; s < made->count; s++) {
			std::fill(sample.data_ptr<int64_t>() + made->starts[s], sample.data_ptr<int64_t>() + made->starts[s + 1], static_cast<int64_t>(s));
			lengths.data_ptr<float>()[s] = static_cast<float>(made->starts[s + 1] - made->starts[s]);
		}
		handle.sample = sample.to(state->device);
		handle.lengths = lengths.to(state->device);
		made->handle = &state->sequences.emplace_back(std::move(handle));
		return true;
	} catch (...) {
		failed(rt, "spans");
		return false;
	}
}

static bool read_values(const tensor *x, float *out)
{
	try {
		at::Tensor value = value_of(x).detach().to(at::kCPU).contiguous();
		std::copy_n(value.data_ptr<float>(), value.numel(), out);
		return true;
	} catch (...) {
		failed(x->rt, "read");
		return false;
	}
}

static void release(tensor *x)
{
	*static_cast<at::Tensor *>(x->handle) = at::Tensor();
}

static tensor *input(runtime *rt, const float *values, size_t rows, size_t cols)
{
	return guarded(rt, "input", [&] { return copied(rt, values, static_cast<int64_t>(rows), static_cast<int64_t>(cols)); });
}

static const backend table = {
	.describe = describe, .open = state_open, .close = state_close, .begin = begin, .backward = backward, .bytes = bytes, .index_made = index_made,
	.spans_made = spans_made, .read = read_values, .release = release, .input = input, .embedding = aten_embedding,
	.embedding_bag = aten_embedding_bag, .parameter = aten_parameter, .dense = aten_dense, .add = aten_add, .add_row = aten_add_row, .mul = aten_mul,
	.scale = aten_scale, .scale_by = aten_scale_by, .activate = aten_activate, .dropped = aten_dropped, .add_norm = aten_add_norm,
	.normalise = aten_normalise, .concat = aten_concat, .columns = aten_columns, .gather = aten_gather, .attention = aten_attention, .attention_pool = aten_attention_pool,
	.recurrent = aten_recurrent, .pool = aten_pool, .spread = aten_spread, .fill_empty = aten_fill_empty, .softmax = aten_softmax,
	.loss_classes = aten_loss_classes, .loss_binary = aten_loss_binary, .loss_softmax = aten_loss_softmax,
	.loss_sampled = aten_loss_sampled, .scores = aten_scores, .count = nullptr
};

extern "C" __attribute__((visibility("default"))) const backend *seqrec_aten_backend(const front_services *services, int layout)
{
	if (layout != FRONT_LAYOUT)
		return nullptr;
	front = services;
	return &table;
}
