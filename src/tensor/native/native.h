#ifndef SEQREC_TENSOR_NATIVE_H
#define SEQREC_TENSOR_NATIVE_H
/* native.h - the native backend's tape and buffers, for its operations.
 *
 * Training records a node for each operation. runtime_backward walks the nodes from the last to the first; a node reads out->gradient and adds to the
 * gradients of its inputs; then the value and the gradient of `out` are handed back, because only nodes that have run already read them. */

#include <string.h>

#include "tensor/front.h"
#include "tensor/native/buffers.h"
#include "tensor/native/kernels.h"

typedef struct node node;

typedef struct {
	const kernels *k;
	runtime *rt;
	node *last; /* of the tape */
	buffers buffers;
} native;

typedef void node_backward(native *n, node *base);

/* Operations put what they save behind this head. */
struct node {
	node *before;
	node_backward *backward;
	tensor *out; /* NULL for a loss */
	profile_kind kind;
};

native *native_of(const tensor *x);

/* Buffers of the pack: not zeroed; aligned; `count` at handing back is the one at taking. */
static inline real *buffer_take(native *n, size_t count)
{
	return buffers_take(&n->buffers, count * sizeof(real));
}

static inline real *buffer_zero(native *n, size_t count)
{
	return memset(buffer_take(n, count), 0, count * sizeof(real));
}

static inline void buffer_give(native *n, real *buffer, size_t count) /* NULL ok */
{
	buffers_give(&n->buffers, buffer, count * sizeof(real));
}

/* A result with a value buffer. `wants`: a gradient can flow into it. */
tensor *native_result(runtime *rt, size_t rows, size_t cols, bool wants);

/* Training only: is anything recorded that depends on x (NULL: on a parameter)? */
bool native_records(runtime *rt, const tensor *x, const tensor *y);

/* Appends a node of `bytes` (with its head) to the tape. */
void *node_new(native *n, size_t bytes, node_backward *backward, tensor *out);

static inline size_t tensor_size(const tensor *x)
{
	return x->rows * x->cols;
}

/* Where to put the gradient of x: NULL when it wants none. *accumulate: add to what is there, else overwrite. */
real *gradient_target(native *n, tensor *x, bool *accumulate);

/* The same, to be added to in any case. */
real *gradient_zeroed(native *n, tensor *x);

/* Adds out's gradient, whole, to that of x; out loses it where x can take the buffer over. Call it last. */
void gradient_pass(native *n, tensor *x, tensor *out);

/* The same, for further inputs: out keeps its buffer. */
void gradient_copy(native *n, tensor *x, const tensor *out);

/* (count, cols) values of items, computed or of a table. */
static inline const real *items_value(item_rows items)
{
	return items.table ? items.table->value : items.made->value;
}

/* C (+)= A B with B not packed yet. */
void native_multiply(native *n, product p, const real *b, size_t ldb, bool b_transposed);
size_t packed_size(const native *n, size_t k, size_t columns);

/* ---- the operations: see front.h ---- */
tensor *native_embedding(runtime *rt, const param *table, const index_array *ids, real scale);
tensor *native_embedding_bag(runtime *rt, const param *table, const index_array *ids, const spans *bags, bool mean);
tensor *native_parameter(runtime *rt, const param *p);
tensor *native_dense(tensor *x, const param *w, const param *bias, activation act, dropout drop);
tensor *native_add(tensor *x, tensor *y);
tensor *native_add_row(tensor *x, const param *row);
tensor *native_mul(tensor *x, tensor *y);
tensor *native_scale(tensor *x, real factor);
tensor *native_scale_by(tensor *x, const param *gate, size_t column);
tensor *native_activate(tensor *x, activation act);
tensor *native_dropped(tensor *x, dropout drop);
tensor *native_add_norm(tensor *x, tensor *y, dropout drop, const param *gain, const param *bias);
tensor *native_normalise(tensor *x, real eps);
tensor *native_concat(tensor *x, tensor *y);
tensor *native_columns(tensor *x, size_t first, size_t count);
tensor *native_gather(tensor *x, const index_array *rows);
tensor *native_attention(tensor *qkv, const spans *sequences, size_t heads, visibility see, dropout drop, attention_times timed);
tensor *native_attention_pool(tensor *query, tensor *keys, tensor *values, const spans *sequences, size_t heads);
tensor *native_recurrent(cell kind, tensor *x, const param *w, const param *u, const param *w_bias, const param *u_bias, const spans *sequences);
tensor *native_pool(tensor *x, const spans *sequences, pooling how);
tensor *native_spread(tensor *x, const spans *sequences);
tensor *native_fill_empty(tensor *x, const spans *sequences, const param *row);
tensor *native_softmax(tensor *x);
void native_loss_classes(tensor *logits, const index_array *labels, const float *weights, real smoothing, real scale);
void native_loss_binary(tensor *logits, const float *targets, const float *weights, real scale);
void native_loss_softmax(tensor *x, item_rows items, const param *bias, const index_array *targets, size_t skip, const float *weights, real smoothing, real scale);
void native_loss_sampled(tensor *x, item_rows items, const index_array *targets, const sampled *how, const float *weights, real scale);
tensor *native_scores(tensor *x, item_rows items, const param *bias);
void native_count(tensor *x, const real *items, size_t count, const score_counts *to);

#endif
