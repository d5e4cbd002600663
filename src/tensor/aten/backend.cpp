// backend.cpp - a pack on libtorch: its values, backwards, and the table of functions.
#include "tensor/aten/aten.h"
#include "tensor/aten/device.h"

#include <ATen/Parallel.h>
#include <torch/csrc/api/include/torch/version.h>

#include <algorithm>

const front_services *front;

tensor *failed(runtime *rt, const char *operation) noexcept
{
	try {
		throw;
	} catch (const c10::OutOfMemoryError &) {
		return front->fail(rt, SR_MEMORY, operation, "the device has no memory left: %s", device_memory_advice(state_of(rt)->device).c_str());
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

// ---- between host and device ----

at::Tensor staged(runtime *rt, at::IntArrayRef shape, at::ScalarType type)
{
	return at::empty(shape, at::TensorOptions(type).pinned_memory(state_of(rt)->device.is_cuda()));
}

at::Tensor sent(runtime *rt, const at::Tensor &made)
{
	forbid_recording(rt, "data beside the pack's");
	state_of(rt)->copies++;
	return made.to(state_of(rt)->device, true);
}

at::Tensor numbers_of(runtime *rt, const uint32_t *values, size_t count)
{
	int64_t at = found_at(state_of(rt), values, count);
	if (at >= 0)
		return state_of(rt)->numbers.narrow(0, at, static_cast<int64_t>(count));
	at::Tensor made = staged(rt, { static_cast<int64_t>(count) }, at::kLong);
	std::copy_n(values, count, made.data_ptr<int64_t>());
	return sent(rt, made);
}

at::Tensor copied(runtime *rt, const float *values, int64_t rows, int64_t cols)
{
	int64_t at = found_at(state_of(rt), values, static_cast<size_t>(rows * cols));
	if (at >= 0)
		return state_of(rt)->data.view(at::kFloat).narrow(0, at, rows * cols).view({ rows, cols });
	at::Tensor made = staged(rt, { rows, cols }, at::kFloat);
	std::copy_n(values, rows * cols, made.data_ptr<float>());
	return sent(rt, made);
}

at::Tensor copied_numbers(runtime *rt, const int64_t *values, int64_t count)
{
	at::Tensor made = staged(rt, { count }, at::kLong);
	std::copy_n(values, count, made.data_ptr<int64_t>());
	return sent(rt, made);
}

at::Tensor on_host(runtime *rt, const at::Tensor &x)
{
	forbid_recording(rt, "a number that is read back");
	state_of(rt)->waits++;
	return x.detach().to(at::kCPU);
}

// ---- a pack ----

static void *state_open(runtime *rt, sr_error *err)
{
	try {
		std::unique_ptr<aten_state> state(new aten_state);
		std::string why;
		if (rt->where == TENSOR_CUDA && !device_open(&state->device, why)) {
			front->error_set(err, SR_CONFIG, "run.device cuda: %s", why.c_str());
			return nullptr;
		}
		if (state->device.is_cuda())
			device_services()->enter();
		at::set_num_threads(1); // a runtime is one thread's
		state->rt = rt;
		return state.release();
	} catch (const std::exception &error) {
		front->error_set(err, SR_UNEXPECTED, "libtorch did not start: %s", error.what());
		return nullptr;
	}
}

static void state_close(void *state)
{
	records_free(static_cast<aten_state *>(state));
	delete static_cast<aten_state *>(state);
}

static void begin(runtime *rt)
{
	aten_state *state = state_of(rt);
	if (state->device.is_cuda())
		device_services()->enter();
	state->loss = state->value = at::Tensor();
	state->values.clear();
	state->sequences.clear();
	state->lookups.clear();
	state->whole.clear();
	state->pieces.clear();
	state->repeating = nullptr;
	state->leaves.assign(state->resident ? 0 : front->params_count(rt->list), at::Tensor());
}

static bool backward(runtime *rt)
{
	try {
		aten_state *state = state_of(rt);
		if (state->loss.defined() && state->loss.requires_grad()) {
			c10::AutoGradMode recording(true);
			state->loss.backward();
		}
		c10::AutoGradMode off(false);
		if (state->value.defined())
			gradients_collect(rt);
		return true;
	} catch (...) {
		failed(rt, "backward");
		return false;
	}
}

static double loss(const runtime *rt)
{
	try {
		const at::Tensor &value = state_of(rt)->value;
		return value.defined() ? on_host(const_cast<runtime *>(rt), value).item<double>() : 0;
	} catch (...) {
		failed(const_cast<runtime *>(rt), "loss");
		return 0;
	}
}

static const char *describe(const runtime *rt)
{
	return rt->where == TENSOR_CUDA ? "libtorch " TORCH_VERSION ", cuda" : "libtorch " TORCH_VERSION;
}

static device_about about(const runtime *rt)
{
	device_about out = device_describe(state_of(rt)->device);
	out.library = "libtorch " TORCH_VERSION;
	out.copies = state_of(rt)->copies;
	out.unrecorded = state_of(rt)->unrecorded.empty() ? nullptr : state_of(rt)->unrecorded.c_str();
	return out;
}

static uint64_t waits(const runtime *rt)
{
	return state_of(rt)->waits;
}

static void measure(runtime *, bool on)
{
	measure_operations(on);
}

static void wait(runtime *rt)
{
	if (state_of(rt)->device.is_cuda())
		device_services()->wait();
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
	return attempted(rt, "index", [&] {
		index->handle = &state_of(rt)->values.emplace_back(numbers_of(rt, index->values, index->count));
	});
}

// What follows from the starts is worked out on the device: only they are copied.
static bool spans_made(runtime *rt, spans *made)
{
	return attempted(rt, "spans", [&] {
		sequences_handle handle;
		handle.starts.assign(made->starts, made->starts + made->count + 1);
		handle.first = numbers_of(rt, made->starts, made->count + 1);
		at::Tensor ends = handle.first.slice(0, 1);
		handle.sample = at::searchsorted(ends, at::arange(static_cast<int64_t>(made->total), ends.options()), false, true);
		handle.lengths = (ends - handle.first.slice(0, 0, -1)).to(at::kFloat).unsqueeze(1);
		made->handle = &state_of(rt)->sequences.emplace_back(std::move(handle));
	});
}

static bool read_values(const tensor *x, float *out)
{
	return attempted(x->rt, "read", [&] {
		at::Tensor value = on_host(x->rt, value_of(x)).contiguous();
		std::copy_n(value.data_ptr<float>(), value.numel(), out);
	});
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
	.describe = describe, .open = state_open, .close = state_close, .begin = begin, .backward = backward, .loss = loss, .bytes = bytes, .index_made = index_made,
	.spans_made = spans_made, .read = read_values, .release = release, .input = input, .embedding = aten_embedding,
	.embedding_bag = aten_embedding_bag, .parameter = aten_parameter, .dense = aten_dense, .add = aten_add, .add_row = aten_add_row, .mul = aten_mul,
	.scale = aten_scale, .scale_by = aten_scale_by, .activate = aten_activate, .dropped = aten_dropped, .add_norm = aten_add_norm,
	.normalise = aten_normalise, .concat = aten_concat, .columns = aten_columns, .gather = aten_gather, .attention = aten_attention, .attention_pool = aten_attention_pool,
	.recurrent = aten_recurrent, .pool = aten_pool, .spread = aten_spread, .fill_empty = aten_fill_empty, .softmax = aten_softmax,
	.loss_classes = aten_loss_classes, .loss_binary = aten_loss_binary, .loss_softmax = aten_loss_softmax,
	.loss_sampled = aten_loss_sampled, .scores = aten_scores, .count = nullptr, .reside = aten_reside, .learn = aten_learn, .update = aten_update, .told = aten_told,
	.fetch = aten_fetch, .waits = waits, .about = about, .measure = measure, .send = aten_send, .repeats = aten_repeats, .can_retry = aten_can_retry, .draw = aten_draw, .wait = wait
};

extern "C" __attribute__((visibility("default"))) const backend *seqrec_aten_backend(const front_services *services, int layout)
{
	if (layout != FRONT_LAYOUT)
		return nullptr;
	front = services;
	return &table;
}
