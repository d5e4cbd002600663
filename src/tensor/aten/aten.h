#ifndef SEQREC_TENSOR_ATEN_H
#define SEQREC_TENSOR_ATEN_H
// aten.h - the libtorch backend behind front.h: operations through ATen, gradients through its autograd. No exception leaves these files: every entry
// of the table runs inside guarded(), which turns one into the runtime's first failure. Nothing here waits for the device but on_host().

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <c10/util/Exception.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tensor/front.h"

// Sequences of about one length, side by side: (count, longest) events.
struct length_class {
	int64_t count, longest;
	at::Tensor index; // (count * longest): the event in each place; that of the sequence's first where there is none
	at::Tensor valid; // (count, longest)
	at::Tensor ids;   // (count): the sequences
};

// Where the sequences of a pack begin, in the forms that operations ask for.
struct sequences_handle {
	std::vector<int64_t> starts;          // (S + 1), on the host
	at::Tensor first, sample, lengths;    // (S + 1); (T): the sequence of each event; (S,1), f32
	std::vector<length_class> classes;    // made when first asked for, with ...
	at::Tensor place;                     // (T): each event's place in all classes end to end
	at::Tensor in_time, from_time, batch; // of a packed sequence: (T) events by time, the way back, and sequences at each time (host)
};

// Rows of a table that were read by ids: a leaf of its own, so that the table never has a dense gradient.
struct lookup {
	const param *table;
	const index_array *index; // of the pack
	at::Tensor ids, rows;
};

// Parameters where they are computed with, shared by the runtimes of one list. Scalars are tensors, so that an update waits for nothing.
struct resident_params {
	std::vector<at::Tensor> value;         // by parameter; leaves
	std::vector<at::Tensor> mean, square;  // empty until training starts
	std::vector<lookup> lookups;           // since the last update
	std::vector<bool> whole;               // tables with a gradient of every row
	at::Tensor step, rate, loss, stats;    // f64 scalars; of this update; see learn.cpp
	at::Tensor steps;                      // `step` in f32
	adam settings{};
	const draw_table *drawn = nullptr; // whose sums and shares are here:
	at::Tensor below, log_share;
};

// A step as a CUDA graph, for packs whose arrays have these lengths.
struct step_record {
	std::vector<size_t> lengths;
	at::Tensor data; // where it reads the pack from
	unsigned seen = 0;
	void *graph = nullptr;
};

struct aten_state {
	runtime *rt;
	at::Device device = at::kCPU;
	std::deque<at::Tensor> values;            // of the pack; a tensor's or an index array's handle points to one
	std::deque<sequences_handle> sequences;   // of the pack
	std::vector<at::Tensor> leaves;           // parameters by number; undefined until the pack uses one
	std::vector<lookup> lookups;
	std::vector<const param *> whole;         // tables that were read as a whole
	at::Tensor loss;                          // what gradients flow from
	at::Tensor value;                         // the sum of the losses, (f64), on the device
	std::shared_ptr<resident_params> resident; // or none: parameters are read where the list has them
	at::Tensor data, numbers;                  // of the pack, sent ahead: int32, and the same as int64
	std::vector<pack_piece> pieces;            // end to end in `data`
	std::deque<step_record> records;
	step_record *recording = nullptr, *repeating = nullptr;
	std::string unrecorded; // why there will be no records; empty: there may be
	uint64_t waits = 0, copies = 0;
};

extern const front_services *front;

inline aten_state *state_of(const runtime *rt)
{
	return static_cast<aten_state *>(rt->state);
}

inline const at::Tensor &value_of(const tensor *x)
{
	return *static_cast<at::Tensor *>(x->handle);
}

inline const at::Tensor &ids_of(const index_array *index)
{
	return *static_cast<at::Tensor *>(index->handle);
}

inline sequences_handle &handle_of(const spans *sequences)
{
	return *static_cast<sequences_handle *>(sequences->handle);
}

// A result of the pack.
tensor *result(runtime *rt, at::Tensor value);

// ---- parameters.cpp ----
// The parameter as a leaf of the pack's graph; of a table, all rows count as touched.
at::Tensor leaf(runtime *rt, const param *p);
// Rows of a table; only these count as touched.
at::Tensor rows_of_table(runtime *rt, const param *table, const index_array *ids);
// Adds to the gradient of a leaf what a loss worked out by itself.
void gradient_add(const at::Tensor &made, const at::Tensor &gradient);
// The pack's gradients: into the lane, or kept for the update.
void gradients_collect(runtime *rt);

// ---- learn.cpp ----
bool aten_reside(runtime *rt, runtime *with);
bool aten_learn(runtime *rt, const adam *from);
bool aten_update(runtime *rt, double rate);
bool aten_told(runtime *rt, updates_told *out);
bool aten_fetch(runtime *rt, adam *to);

// ---- sending.cpp ----
bool aten_send(runtime *rt, const pack_piece *piece, size_t pieces);
int64_t found_at(const aten_state *state, const void *data, size_t count); // where in the data sent ahead these are; -1: they are not
// A word of sent_words, by its place, as a scalar on the device; false: none was sent.
bool word_sent(runtime *rt, size_t place, bool wide, at::Tensor &out);
bool aten_repeats(const runtime *rt);
bool aten_can_retry(runtime *rt);
void recording_end(runtime *rt);      // the step is recorded: keeps it
void records_free(aten_state *state);
// Throws while a step is recorded: `what` would be the same in every repetition.
void forbid_recording(const runtime *rt, const char *what);

// ---- draws.cpp ----
bool aten_draw(runtime *rt, const draw_table *from, uint64_t seed, uint64_t counter, index_array *out);
at::Tensor shares_drawn(runtime *rt, const draw_table *from, const at::Tensor &ids); // log(K * probability) of each

// ---- masks.cpp ----
// (rows, width): the mask of a dropout operation, the same as every backend's.
at::Tensor mask_of(runtime *rt, const dropout &drop, int64_t rows, int64_t width);
at::Tensor drop_from(runtime *rt, const at::Tensor &x, const dropout &drop);

// x W, in bfloat16 where the runtime is narrow.
at::Tensor product(runtime *rt, const at::Tensor &x, const at::Tensor &w);
at::Tensor activated(const at::Tensor &x, activation act);

// Data of the host on the device; a copy, which nothing waits for.
at::Tensor copied(runtime *rt, const float *values, int64_t rows, int64_t cols);
at::Tensor copied_numbers(runtime *rt, const int64_t *values, int64_t count);
at::Tensor staged(runtime *rt, at::IntArrayRef shape, at::ScalarType type); // host memory that such a copy starts from
at::Tensor sent(runtime *rt, const at::Tensor &staged);
at::Tensor numbers_of(runtime *rt, const uint32_t *values, size_t count); // as int64

// A tensor in host memory: the one place that waits for the device.
at::Tensor on_host(runtime *rt, const at::Tensor &x);

// Records what an operation threw; the text is without the C++ backtrace.
tensor *failed(runtime *rt, const char *operation) noexcept;

// Runs an operation: gradients are recorded when training.
template <class Operation> tensor *guarded(runtime *rt, const char *operation, Operation run) noexcept
{
	try {
		c10::AutoGradMode recording(rt->trains);
		return result(rt, run());
	} catch (...) {
		return failed(rt, operation);
	}
}

// Runs what has no result; false when it threw.
template <class Operation> bool attempted(runtime *rt, const char *operation, Operation run) noexcept
{
	try {
		c10::AutoGradMode recording(false);
		run();
		return true;
	} catch (...) {
		failed(rt, operation);
		return false;
	}
}

// The operations, by file.
extern "C" {
tensor *aten_embedding(runtime *rt, const param *table, const index_array *ids, real scale);
tensor *aten_embedding_bag(runtime *rt, const param *table, const index_array *ids, const spans *bags, bool mean);
tensor *aten_parameter(runtime *rt, const param *p);
tensor *aten_dense(tensor *x, const param *w, const param *bias, activation act, dropout drop);
tensor *aten_add(tensor *x, tensor *y);
tensor *aten_add_row(tensor *x, const param *row);
tensor *aten_mul(tensor *x, tensor *y);
tensor *aten_scale(tensor *x, real factor);
tensor *aten_scale_by(tensor *x, const param *gate, size_t column);
tensor *aten_activate(tensor *x, activation act);
tensor *aten_dropped(tensor *x, dropout drop);
tensor *aten_add_norm(tensor *x, tensor *y, dropout drop, const param *gain, const param *bias);
tensor *aten_normalise(tensor *x, real eps);
tensor *aten_concat(tensor *x, tensor *y);
tensor *aten_columns(tensor *x, size_t first, size_t count);
tensor *aten_gather(tensor *x, const index_array *rows);
tensor *aten_attention(tensor *qkv, const spans *sequences, size_t heads, visibility see, dropout drop, attention_times timed);
tensor *aten_attention_pool(tensor *query, tensor *keys, tensor *values, const spans *sequences, size_t heads);
tensor *aten_recurrent(cell kind, tensor *x, const param *w, const param *u, const param *w_bias, const param *u_bias, const spans *sequences);
tensor *aten_pool(tensor *x, const spans *sequences, pooling how);
tensor *aten_spread(tensor *x, const spans *sequences);
tensor *aten_fill_empty(tensor *x, const spans *sequences, const param *row);
tensor *aten_softmax(tensor *x);
void aten_loss_classes(tensor *logits, const index_array *labels, const float *weights, real smoothing, real scale);
void aten_loss_binary(tensor *logits, const float *targets, const float *weights, real scale);
void aten_loss_softmax(tensor *x, item_rows items, const param *bias, const index_array *targets, size_t skip, const float *weights, real smoothing, real scale);
void aten_loss_sampled(tensor *x, item_rows items, const index_array *targets, const sampled *how, const float *weights, real scale);
tensor *aten_scores(tensor *x, item_rows items, const param *bias);
}

#endif
