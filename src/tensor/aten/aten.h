#ifndef SEQREC_TENSOR_ATEN_H
#define SEQREC_TENSOR_ATEN_H
// aten.h - the libtorch backend behind front.h: operations through ATen, gradients through its autograd. No exception leaves these files: every entry
// of the table runs inside guarded(), which turns one into the runtime's first failure.

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <c10/util/Exception.h>

#include <deque>
#include <utility>
#include <vector>

#include "tensor/front.h"

// Where the sequences of a pack begin, in the forms that operations ask for.
struct sequences_handle {
	std::vector<int64_t> starts; // (S + 1), on the host
	at::Tensor sample;           // (T): the sequence of each event
	at::Tensor lengths;          // (S,1), f32
};

// A table whose rows were read by ids; ids == nullptr: as a whole.
struct lookup {
	const param *table;
	const index_array *ids;
};

struct aten_state {
	runtime *rt;
	at::Device device = at::kCPU;
	std::deque<at::Tensor> values;            // of the pack; a tensor's or an index array's handle points to one
	std::deque<sequences_handle> sequences;   // of the pack
	std::vector<at::Tensor> leaves;           // parameters by number; undefined until the pack uses one
	std::vector<lookup> lookups;
	at::Tensor loss;
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

inline const sequences_handle &handle_of(const spans *sequences)
{
	return *static_cast<sequences_handle *>(sequences->handle);
}

// A result of the pack.
tensor *result(runtime *rt, at::Tensor value);

// The parameter as a leaf of this pack's graph; all of a table's rows count as touched, or those of ids.
at::Tensor leaf(runtime *rt, const param *p, const index_array *ids = nullptr);

// (rows, width): the mask of a dropout operation, the same as every backend's.
at::Tensor mask_of(runtime *rt, const dropout &drop, int64_t rows, int64_t width);

at::Tensor drop_from(runtime *rt, const at::Tensor &x, const dropout &drop);
at::Tensor activated(const at::Tensor &x, activation act);

// f32 data of the host on the device; a copy.
at::Tensor copied(runtime *rt, const float *values, int64_t rows, int64_t cols);

// Records what an operation threw; the text is without the C++ backtrace.
tensor *failed(runtime *rt, const char *operation) noexcept;

// Runs an operation: gradients are recorded when training.
template <class Operation> tensor *guarded(runtime *rt, const char *operation, Operation run) noexcept
{
	try {
		c10::AutoGradMode recording(rt->gradients != nullptr);
		return result(rt, run());
	} catch (...) {
		return failed(rt, operation);
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
