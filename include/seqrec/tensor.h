#ifndef SEQREC_TENSOR_H
#define SEQREC_TENSOR_H
/* tensor.h - matrices over sequences, with gradients, on two backends (native C and libtorch).
 *
 * A tensor is a matrix of f32 whose rows are events (T), samples (S) or items (V); sequences lie end to end and `spans` says where each begins.
 * Shape letters, fixed for the whole project: T events of a pack, S samples (one sequence each, perhaps empty), D width, H heads, V items,
 * K negatives, A attributes, C classes.
 *
 * Operations take no context: a tensor knows its runtime. The first failing operation records "scope path/operation: message" in the runtime; every operation
 * given nil returns nil; runtime_status is asked once a step. NULL is allowed only where this header says so. Tensors belong to the innermost open scope
 * (or the runtime) and are freed by the library. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* f32, except in the test library that repeats the native backend in f64 for finite differences. */
#ifdef SEQREC_REAL_DOUBLE
typedef double real;
#else
typedef float real;
#endif

typedef struct runtime runtime;
typedef struct tensor tensor;
typedef struct index index_array; /* integers of a pack, (n) */
typedef struct spans spans;       /* where the sequences of a pack begin */
typedef struct params params;
typedef struct lane lane;

/* ---- parameters: one named list; optimiser, weight decay, freezing, checkpoint and inspect walk it ---- */

typedef enum {
	PARAM_WEIGHT, /* matrix of a linear map: decayed */
	PARAM_BIAS,   /* not decayed */
	PARAM_NORM,   /* gain or bias of a normalisation: not decayed */
	PARAM_TABLE   /* embedding rows: gradients only for touched rows */
} param_kind;

typedef enum { INIT_ZERO, INIT_ONE, INIT_NORMAL /* standard deviation = scale */, INIT_XAVIER /* uniform, Glorot & Bengio 2010; scale is ignored */ } param_init;

typedef struct param {
	char *name;           /* "block0.qkv" */
	param_kind kind;
	size_t rows, cols;
	real *value;          /* (rows, cols), 64-byte aligned; owned by the list. The optimiser writes it between steps */
	param_init init;
	double scale;
	size_t number;        /* place in the list */
} param;

params *params_new(void);
void params_free(params *list); /* NULL ok */
param *param_new(params *list, param_kind kind, size_t rows, size_t cols, param_init init, double scale, const char *name, ...)
	__attribute__((format(printf, 7, 8)));
size_t params_count(const params *list);
param *params_get(const params *list, size_t number);
param *params_find(const params *list, const char *name); /* NULL when absent */
void params_initialise(params *list, uint64_t seed);      /* each weight a pure function of (seed, name, index) */

/* ---- lanes: where gradients are summed. A lane is used by one thread at a time; lanes are added in a fixed order, so results do not depend on threads ---- */

lane *lane_new(const params *list);
void lane_free(lane *l);                     /* NULL ok */
void lane_clear(lane *l);                    /* all gradients zero, no row touched; cost grows with what was touched */
void lane_add(lane *into, const lane *from); /* gradients and losses of `from` are added */
real *lane_gradient(lane *l, const param *p);        /* (rows, cols). Rows of a table that were not touched are zero. A huge table becomes dense by this: use lane_row */
real *lane_row(lane *l, const param *p, size_t row); /* (cols): the gradient of one row; NULL for a row of a table that was not touched */
size_t lane_touched(lane *l, const param *p, const uint32_t **rows); /* the touched rows of a table, ascending; for other kinds all rows: returns p->rows and NULL */
double lane_loss(const lane *l);             /* sum of weight * loss over what was added */

/* ---- runtime: runs packs, one thread at a time ---- */

typedef enum { TENSOR_NATIVE, TENSOR_LIBTORCH /* on the CPU */, TENSOR_CUDA /* libtorch on a GPU */ } tensor_backend;

runtime *runtime_new(tensor_backend backend, const params *list, sr_error *err); /* the libtorch ones open libseqrec_aten.so; NULL with SR_CONFIG when it, or a GPU, is not there */
void runtime_narrow(runtime *rt, bool bfloat16); /* libtorch: whether matrix products and attention multiply in bfloat16; at first they do not */
bool gpu_is_seen(void);                          /* whether the system shows a GPU: nothing is opened for the answer */
void runtime_free(runtime *rt);                                                  /* NULL ok */

/* Starts a pack: everything of the one before is freed. With a lane: training (dropout on, gradients recorded into it by runtime_backward); NULL: inference. `stream` tells packs of one step apart. */
void runtime_begin(runtime *rt, lane *gradients /* or NULL */, uint64_t seed, uint64_t step, uint32_t stream);
bool runtime_backward(runtime *rt);                  /* gradients of the sum of all t_loss_* since runtime_begin, into the lane; false when an operation had failed */
bool runtime_trains(const runtime *rt);              /* whether the pack was begun with a lane */
bool runtime_status(runtime *rt, sr_error *err);     /* false and the first failing operation, if there was one since runtime_begin */
double runtime_loss(const runtime *rt);              /* sum of all t_loss_* since runtime_begin; in inference too */
const char *runtime_describe(const runtime *rt);     /* "native, avx512", "libtorch 2.15.0": for reports; borrowed */
size_t runtime_bytes(const runtime *rt);             /* memory held */

/* ---- residence: a runtime may keep the parameters where it computes, and change them there. The list then holds what was last fetched ---- */

/* AdamW: Kingma & Ba 2015; Loshchilov & Hutter 2019. Moments are arrays by parameter, (rows, cols) each, in host memory. */
typedef struct {
	real *const *mean, *const *square;
	uint64_t step; /* updates so far */
	double beta1, beta2, epsilon;
	double weight_decay; /* of PARAM_WEIGHT, times the step size */
	double clip;         /* largest global norm of the gradients; 0: any */
	uint64_t skipped_in_row, skips_most; /* updates skipped just now for a loss or gradient that was not finite; after so many nothing is changed any more */
} adam;

/* What updates did since they were last asked for. */
typedef struct {
	double loss_sum;                   /* over `updates`; a step's loss is the sum over its packs */
	uint64_t updates, skipped;         /* skipped: the loss or a gradient was not finite */
	uint64_t skipped_in_row;
	uint64_t behind;                   /* updates that were asked for after skips_most skips in a row: they did nothing */
	double loss, norm;                 /* of the last update, or skip, before those */
} updates_told;

/* What a runtime computes on, for reports. Texts are borrowed. */
typedef struct {
	const char *device;  /* "cpu", "NVIDIA H200" */
	const char *driver;  /* "13.2"; "" on the CPU */
	const char *library; /* "libtorch 2.15.0"; "" for the native backend */
	bool flash;          /* variable-length flash attention is there */
	size_t bytes, most_bytes; /* of device memory now and at most; 0 on the CPU */
	uint64_t operations;      /* libtorch's own, while runtime_measure was on */
	const char *unrecorded;   /* why steps are not repeated from a record; NULL: they are, or it was not tried */
	uint64_t copies;          /* from host to device, ever */
	uint64_t reads;           /* of operations, such as read a number back from the device */
} device_about;

/* Keeps the parameters of the list from now on; with another runtime: those that it keeps. False where a backend reads the list itself (nothing is changed, runtime_status is good) or on failure. */
bool runtime_reside(runtime *rt, runtime *with /* or NULL */);
/* Takes over what the list and `from` hold now, and can be updated from here on. */
bool runtime_learn(runtime *rt, const adam *from);
/* As runtime_begin in training, gradients being kept for runtime_update. */
void runtime_begin_resident(runtime *rt, uint64_t seed, uint64_t step, uint32_t stream);
bool runtime_update(runtime *rt, double rate);    /* one step of AdamW with the gradients since the last; waits for nothing */
bool runtime_told(runtime *rt, updates_told *out);      /* waits for what was asked for */
bool runtime_fetch(runtime *rt, adam *to /* moments and step; NULL: parameters alone */); /* back into the list */
uint64_t runtime_waits(const runtime *rt);        /* times that it waited for the device, or would have on a GPU */
device_about runtime_about(const runtime *rt);
void runtime_measure(runtime *rt, bool on);       /* counts operations, for benches and tests; slows them */
void runtime_wait(runtime *rt);                   /* for all that was asked of the device */

/* Where the time of a runtime goes, by kind of operation. Off (NULL), it costs nothing: the operations are called through another table. */
typedef enum {
	PROFILE_PRODUCT, /* dense layers and scores: matrix products with their epilogues */
	PROFILE_ATTENTION,
	PROFILE_RECURRENT,
	PROFILE_NORM,
	PROFILE_LOSS,
	PROFILE_EMBEDDING,
	PROFILE_ELEMENTS, /* sums, dropout, activations, pooling */
	PROFILE_KINDS
} profile_kind;
typedef struct {
	double seconds[PROFILE_KINDS];
	double operations[PROFILE_KINDS]; /* floating-point operations of the matrix products that the formula asks for */
} profile;
const char *profile_name(profile_kind kind);
void runtime_profile(runtime *rt, profile *into /* added to; NULL: off */);

/* Data that operations of the pack will ask for, sent ahead in one copy: runtime_index, runtime_spans, runtime_input and weights of the same memory then find
 * it where it is computed with. Only for backends that compute elsewhere; others do nothing. */
typedef struct {
	const void *data;
	size_t count; /* numbers of four bytes */
} pack_piece;
void runtime_send(runtime *rt, const pack_piece *piece, size_t pieces);

/* Packs of training have arrays of constant length from here on, sequences at most `longest` events: then a step of one pack can be recorded on a GPU, and
 * repeated as a whole. 0: no more. */
void runtime_steady(runtime *rt, size_t longest);
/* After runtime_send: whether the step is repeated from a record, so that no operation is to be called for it before runtime_update. */
bool runtime_repeats(const runtime *rt);
/* After a failure: whether it was the attempt to record that failed; the step can then be done again, operation by operation. */
bool runtime_can_retry(runtime *rt);

/* Rows drawn with repeats where it is computed, as negatives_draw of the trainer draws them, number by number; only where runtime_draws says so. */
typedef struct {
	size_t first, rows;     /* rows below `first` are never drawn */
	const double *below;    /* (rows + 1) sums of the probabilities */
	const float *log_share; /* (rows) */
	uint32_t random_stream; /* of random.h */
} draw_table;
bool runtime_draws(const runtime *rt);
const index_array *runtime_draw(runtime *rt, const draw_table *from, uint64_t seed, uint64_t step, uint32_t stream, size_t count);

/* Data of a pack. The native backend borrows the host memory: it must stay until the next runtime_begin. */
const index_array *runtime_index(runtime *rt, const uint32_t *values, size_t count);
const spans *runtime_spans(runtime *rt, const uint32_t *starts /* count + 1, starts[0] = 0, ascending; equal neighbours = an empty sequence */, size_t count);
tensor *runtime_input(runtime *rt, const float *values, size_t rows, size_t cols); /* no gradient */

size_t tensor_rows(const tensor *x);
size_t tensor_cols(const tensor *x);
bool tensor_read(const tensor *x, float *out /* (rows, cols) */); /* false for nil */

/* ---- scopes: name what is computed, and free intermediate results in inference ---- */
void scope_open(runtime *rt, const char *name, ...) __attribute__((format(printf, 2, 3)));
tensor *scope_return(tensor *x); /* closes the innermost scope; x moves to its parent */

/* ---- operations ---- */

typedef enum { ACT_NONE, ACT_RELU, ACT_GELU /* exact, by erf */, ACT_SILU, ACT_TANH, ACT_SIGMOID } activation;
typedef enum { SEE_PAST /* causal: itself and before */, SEE_ALL } visibility;
typedef enum { POOLING_LAST, POOLING_MEAN, POOLING_MAX } pooling;
typedef enum { CELL_RNN /* tanh */, CELL_GRU, CELL_LSTM } cell;

/* Rows of a table: (n) -> (n,D), each times scale. Ids are below rows. */
tensor *t_embedding(runtime *rt, const param *table, const index_array *ids, double scale);
/* Sums of rows: bag i is the sum of the rows ids[starts[i]] .. ids[starts[i+1]-1]; an empty bag is zero. (n ids, bags) -> (bags,D) */
tensor *t_embedding_bag(runtime *rt, const param *table, const index_array *ids, const spans *bags);
tensor *t_embedding_mean(runtime *rt, const param *table, const index_array *ids, const spans *bags); /* the same, each sum divided by the size of its bag */
/* A parameter's rows as a tensor (rows, cols), with gradient. */
tensor *t_param(runtime *rt, const param *p);

tensor *t_linear(tensor *x, const param *w, const param *bias /* or NULL */);                        /* (n,I) -> (n,O): xW + b; W is (I,O), b is (1,O) */
tensor *t_dense(tensor *x, const param *w, const param *bias /* or NULL */, activation act, double drop); /* drop(act(xW + b)) in one pass */
tensor *t_add(tensor *x, tensor *y);                        /* same shape */
tensor *t_add_row(tensor *x, const param *row);             /* x + row, row (1,D) broadcast over all rows */
tensor *t_mul(tensor *x, tensor *y);                        /* element by element */
tensor *t_scale(tensor *x, double factor);
tensor *t_scale_by(tensor *x, const param *gate, size_t column); /* x * gate[0][column]: a learned scalar; gate is (1,n) */
tensor *t_activate(tensor *x, activation act);
tensor *t_dropout(tensor *x, double drop);                  /* kept values times 1/(1-drop); identity in inference */
tensor *t_norm(tensor *x, const param *gain, const param *bias);                       /* LayerNorm by row, eps 1e-5, biased variance; Ba, Kiros & Hinton 2016 */
tensor *t_add_norm(tensor *x, tensor *y, double drop, const param *gain, const param *bias); /* LayerNorm(x + drop(y)) */
tensor *t_normalise(tensor *x, double eps);                 /* each row divided by max(its L2 norm, eps) */
tensor *t_concat(tensor *x, tensor *y);                     /* (n,I),(n,J) -> (n,I+J) */
tensor *t_columns(tensor *x, size_t first, size_t count);   /* (n,I) -> (n,count) */
tensor *t_rows(tensor *x, const index_array *rows);         /* gather: (n,D),(m) -> (m,D); a row may be asked for more than once */

/* Attention within each sequence: softmax(QK^T / sqrt(D/H)) V by head; columns of qkv are Q, K, V of D each, head h holds columns h*D/H .. of its part.
 * (T,3D) -> (T,D). Dropout on the attention weights. Vaswani et al. 2017, equation 1. */
tensor *t_attention(tensor *qkv, const spans *sequences, size_t heads, visibility see, double drop);
/* The same with a learned bias on each score before the softmax: bias[head][bucket of the time between query and key], bias (H,TIME_BUCKETS); times (T) in
 * seconds. Buckets are half octaves of 1 + seconds. Zhai et al. 2024 (HSTU, arXiv 2402.17152), relative attention bias, temporal part. */
enum { TIME_BUCKETS = 64 };
tensor *t_attention_timed(tensor *qkv, const spans *sequences, size_t heads, visibility see, double drop, const param *bias, const index_array *times);
/* One query a sequence over its keys and values: (S,D), (T,D), (T,D) -> (S,D); an empty sequence gives zeros. */
tensor *t_attention_pool(tensor *query, tensor *keys, tensor *values, const spans *sequences, size_t heads);
/* Recurrent layer over each sequence from a zero state: (T,I) -> (T,D). W is (I,G*D), U is (D,G*D), biases (1,G*D) each; gate order as torch: RNN G=1; GRU r,z,n, G=3; LSTM i,f,g,o, G=4. */
tensor *t_recurrent(cell kind, tensor *x, const param *w, const param *u, const param *w_bias, const param *u_bias, const spans *sequences);

tensor *t_pool(tensor *x, const spans *sequences, pooling how);     /* (T,D) -> (S,D); an empty sequence gives zeros */
tensor *t_spread(tensor *x, const spans *sequences);                /* (S,D) -> (T,D): each sample's row for each of its events */
tensor *t_fill_empty(tensor *x, const spans *sequences, const param *row); /* (S,D): rows of empty sequences become `row` (1,D) */
tensor *t_softmax(tensor *x);                                       /* by row */

/* Losses add weight[i] * loss_i (weights NULL = 1) times `scale` to the runtime's loss. */
void t_loss_classes(tensor *logits /* (S,C) */, const index_array *labels, const float *weights /* (S) or NULL, borrowed like pack data */, double smoothing, double scale); /* softmax cross-entropy, label smoothing as torch */
void t_loss_binary(tensor *logits /* (S,1) */, const float *targets /* (S) in [0,1] */, const float *weights /* or NULL */, double scale);       /* sigmoid cross-entropy with logits */
/* Full softmax over a table without keeping the logits: -log softmax(x E^T + b)[target]; x (n,D), E (V,D), targets (n) below V. Row 0..skip-1 of E are left out of the softmax (padding, <unk>). */
void t_loss_softmax(tensor *x, const param *table, const param *bias /* (1,V) or NULL */, const index_array *targets, size_t skip, const float *weights /* or NULL */, double smoothing, double scale);

/* The same over the rows of `items` (V,D), which may be computed from parameters. */
void t_loss_softmax_rows(tensor *x, tensor *items, const index_array *targets, size_t skip, const float *weights, double smoothing, double scale);

/* Losses over the target and K negatives that all rows share (drawn with repeats; a negative that is the row's own target does not count for it).
 * z+ = x E[target], z_k = x E[negative k]. */
typedef enum {
	SAMPLED_SOFTMAX, /* -log(exp(z+) / (exp(z+) + sum exp(z_k - shift_k))): with shift_k = log(K q_k) the sum has the expectation of the full one (Bengio & Senecal 2008) */
	SAMPLED_BINARY,  /* -power log s(z+) - sum log(1 - s(z_k)): BCE where power is 1, gBCE where it is beta (Petrov & Macdonald 2023, equation 9) */
	SAMPLED_PAIRS    /* -1/K sum log s(z+ - z_k): BPR over K negatives (Rendle et al. 2009) */
} sampled_kind;

typedef struct {
	sampled_kind kind;
	const index_array *negatives; /* (K) */
	const float *shift;           /* (K) or NULL: 0; softmax only; borrowed like pack data */
	const draw_table *drawn;      /* what runtime_draw drew the negatives from, in place of shift; or NULL */
	double power;                 /* binary only */
	const uint8_t *hidden;        /* (n,K) or NULL: nonzero where a negative does not count for a row; borrowed like pack data */
} sampled;
void t_loss_sampled(tensor *x /* (n,D) */, const param *table /* (V,D) */, const index_array *targets /* (n) */, const sampled *how, const float *weights /* (n) or NULL */, double scale);
/* The same over the rows of `items` (V,D), which may be computed from parameters; targets and negatives are its rows. */
void t_loss_sampled_rows(tensor *x, tensor *items, const index_array *targets, const sampled *how, const float *weights, double scale);

/* Inference only: x E^T + b, (n,D) and (V,D) -> (n,V). */
tensor *t_scores(tensor *x, const param *table, const param *bias /* (1,V) or NULL */);
tensor *t_scores_rows(tensor *x, tensor *items /* (V,D) */);

/* Adam's update of n weights by their gradients, decay apart (Loshchilov & Hutter, ICLR 2019); `choose` gives the fastest that the CPU runs. */
typedef struct {
	real rate, decay, scale;          /* step size with bias correction; share of the weight that decays; gradient factor */
	real first, second, root, least;  /* 1 - beta1, 1 - beta2, 1 / sqrt(bias correction of the square), epsilon */
} adam_step;
typedef void adam_kernel(const adam_step *u, const real *gradient, real *value, real *mean, real *square, size_t n);
adam_kernel *adam_choose(void);

/* Inference only: for each row of x, how many items come before its target: score higher, or the same with a smaller place in `order`. Scores have the bits
 * of t_scores, but are not kept. */
typedef struct {
	size_t skip;              /* the first items do not count */
	const uint32_t *targets;  /* (n) */
	const uint32_t *left_out; /* items that do not count for row i: left_out[starts[i]] .. left_out[starts[i + 1] - 1]; none twice, none below skip, never the target */
	const size_t *starts;     /* (n + 1), or NULL: none is left out */
	const uint32_t *order;    /* (count), or NULL: the item's number */
	float *own;               /* (n): the target's score */
	uint32_t *before;         /* (n) */
} score_counts;
bool runtime_can_count(const runtime *rt); /* whether the backend has it */
bool t_count(tensor *x /* (n,D) */, const real *items /* (count, D) */, size_t count, const score_counts *to); /* false for nil */

#ifdef __cplusplus
}
#endif
#endif
