#ifndef SEQREC_TENSOR_FRONT_H
#define SEQREC_TENSOR_FRONT_H
/* front.h - what the front and the backends share: the structures behind tensor.h, and the table of functions that a backend is.
 * The front has checked every argument before a backend sees it; a backend that runs into trouble calls `fail`. */

#include <stdarg.h>

#include "seqrec/memory.h"
#include "seqrec/tensor.h"
#include "tensor/dropout.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct scope scope;
typedef struct backend backend;

struct index {
	const uint32_t *values;
	size_t count;
	uint32_t end; /* one more than the largest value; 0 when there is none */
	void *handle; /* the backend's */
};

struct spans {
	const uint32_t *starts; /* (count + 1) */
	size_t count;
	size_t total;   /* starts[count] */
	size_t longest;
	void *handle; /* the backend's */
};

struct tensor {
	runtime *rt;
	size_t rows, cols;
	size_t depth;   /* of its scope: 0 is the runtime itself */
	tensor *next;   /* in its scope */
	bool wants;     /* a gradient can flow into it */
	bool closed;    /* its scope is closed and did not return it */
	real *value;    /* native backend: (rows, cols) */
	real *gradient; /* native backend: NULL until its first reader ran backwards */
	void *handle;   /* another backend's value */
};

struct scope {
	scope *outer;
	const char *name;
	size_t depth;
	tensor *tensors; /* made here, newest first */
};

struct runtime {
	const backend *ops;   /* what operations are called through */
	const backend *inner; /* the backend; differs from ops while a profile is taken */
	profile *profiled;    /* NULL: off */
	profile_kind kind;    /* of the operation being timed */
	void *state; /* the backend's */
	const params *list;
	tensor_backend where;
	size_t steady;   /* longest sequence of packs of constant size; 0: they are not */
	bool narrow;     /* products in bfloat16 */
	bool trains;     /* the pack is one of training */
	lane *gradients; /* NULL in inference, and where gradients stay with the resident parameters */
	uint64_t dropout_key;
	uint64_t draw_counter;
	uint32_t dropouts; /* operations with dropout so far */
	double loss;
	arena *memory; /* of the pack */
	scope root, *innermost;
	tensor nil;
	sr_error failure;
};

/* What the front adds to the data that is sent ahead of a pack: numbers that differ from step to step, so that a recorded step can be repeated with others. */
enum { SENT_DROPOUTS = 64 };
typedef struct {
	uint32_t dropout[SENT_DROPOUTS][2]; /* keys of the pack's first operations with dropout */
	uint32_t counter[2];                /* of runtime_draw */
} sent_words;

/* What losses and scores compare with: the rows of a table, or rows that were computed. */
typedef struct {
	const param *table; /* or NULL: */
	tensor *made;
	size_t count, cols;
} item_rows;

/* The bias of attention by time, or none: bias NULL. */
typedef struct {
	const param *bias; /* (H,TIME_BUCKETS) */
	const index_array *times;
} attention_times;

/* Two buckets to a doubling of 1 + |a - b|. */
static inline unsigned time_bucket(uint32_t a, uint32_t b)
{
	uint32_t apart = a > b ? a - b : b - a;
	uint64_t more = (uint64_t)apart + 1;
	unsigned octave = 63U - (unsigned)__builtin_clzll(more);
	unsigned bucket = 2 * octave + (octave ? (unsigned)(more >> (octave - 1)) & 1U : 0);
	return bucket < TIME_BUCKETS ? bucket : TIME_BUCKETS - 1;
}

struct backend {
	const char *(*describe)(const runtime *rt); /* the backend and its variant */
	void *(*open)(runtime *rt, sr_error *err); /* the state; NULL on error */
	void (*close)(void *state);
	void (*begin)(runtime *rt); /* after the pack's memory was reset */
	bool (*backward)(runtime *rt);
	double (*loss)(const runtime *rt); /* NULL: runtime.loss */
	size_t (*bytes)(const runtime *rt); /* beyond the pack's memory */
	bool (*index_made)(runtime *rt, index_array *index);
	bool (*spans_made)(runtime *rt, spans *sequences);
	bool (*read)(const tensor *x, float *out);
	void (*release)(tensor *x); /* its value will not be read again (inference) */

	tensor *(*input)(runtime *rt, const float *values, size_t rows, size_t cols);
	tensor *(*embedding)(runtime *rt, const param *table, const index_array *ids, real scale);
	tensor *(*embedding_bag)(runtime *rt, const param *table, const index_array *ids, const spans *bags, bool mean);
	tensor *(*parameter)(runtime *rt, const param *p);
	tensor *(*dense)(tensor *x, const param *w, const param *bias, activation act, dropout drop);
	tensor *(*add)(tensor *x, tensor *y);
	tensor *(*add_row)(tensor *x, const param *row);
	tensor *(*mul)(tensor *x, tensor *y);
	tensor *(*scale)(tensor *x, real factor);
	tensor *(*scale_by)(tensor *x, const param *gate, size_t column);
	tensor *(*activate)(tensor *x, activation act);
	tensor *(*dropped)(tensor *x, dropout drop);
	tensor *(*add_norm)(tensor *x, tensor *y /* or NULL */, dropout drop, const param *gain, const param *bias);
	tensor *(*normalise)(tensor *x, real eps);
	tensor *(*concat)(tensor *x, tensor *y);
	tensor *(*columns)(tensor *x, size_t first, size_t count);
	tensor *(*gather)(tensor *x, const index_array *rows);
	tensor *(*attention)(tensor *qkv, const spans *sequences, size_t heads, visibility see, dropout drop, attention_times timed);
	tensor *(*attention_pool)(tensor *query, tensor *keys, tensor *values, const spans *sequences, size_t heads);
	tensor *(*recurrent)(cell kind, tensor *x, const param *w, const param *u, const param *w_bias, const param *u_bias, const spans *sequences);
	tensor *(*pool)(tensor *x, const spans *sequences, pooling how);
	tensor *(*spread)(tensor *x, const spans *sequences);
	tensor *(*fill_empty)(tensor *x, const spans *sequences, const param *row);
	tensor *(*softmax)(tensor *x);
	void (*loss_classes)(tensor *logits, const index_array *labels, const float *weights, real smoothing, real scale);
	void (*loss_binary)(tensor *logits, const float *targets, const float *weights, real scale);
	void (*loss_softmax)(tensor *x, item_rows items, const param *bias, const index_array *targets, size_t skip, const float *weights, real smoothing, real scale);
	void (*loss_sampled)(tensor *x, item_rows items, const index_array *targets, const sampled *how, const float *weights, real scale);
	tensor *(*scores)(tensor *x, item_rows items, const param *bias);
	void (*count)(tensor *x, const real *items, size_t count, const score_counts *to); /* or NULL: scores have to be counted by the caller */

	/* Residence: see tensor.h. NULL: parameters are read where the list has them. */
	bool (*reside)(runtime *rt, runtime *with /* or NULL */);
	bool (*learn)(runtime *rt, const adam *from);
	bool (*update)(runtime *rt, double rate);
	bool (*told)(runtime *rt, updates_told *out);
	bool (*fetch)(runtime *rt, adam *to /* or NULL */);
	uint64_t (*waits)(const runtime *rt);
	device_about (*about)(const runtime *rt);
	void (*measure)(runtime *rt, bool on);
	bool (*send)(runtime *rt, const pack_piece *piece, size_t pieces);
	bool (*repeats)(const runtime *rt);
	bool (*can_retry)(runtime *rt);
	bool (*draw)(runtime *rt, const draw_table *from, uint64_t seed, uint64_t counter, index_array *out);
	void (*wait)(runtime *rt); /* NULL: nothing is ever waited for */
};

extern const backend native_backend;
extern const backend profile_backend; /* times the operations of runtime.inner */

/* What a backend needs of the front. A backend in a shared object is linked with nothing of ours: it is handed this table. */
typedef struct {
	tensor *(*tensor_new)(runtime *rt, size_t rows, size_t cols);
	tensor *(*fail)(runtime *rt, sr_code code, const char *operation, const char *format, ...) __attribute__((format(printf, 4, 5)));
	size_t (*params_count)(const params *list);
	param *(*params_get)(const params *list, size_t number);
	real *(*lane_touch)(lane *l, const param *p, size_t row);
	void (*lane_loss_add)(lane *l, double loss);
	void (*dropout_mask)(const dropout *d, size_t row, size_t width, size_t cols, float *mask);
	bool (*error_set)(sr_error *err, sr_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
} front_services;

/* The entry of libseqrec_aten.so. `layout` guards against a shared object of another build: it must be FRONT_LAYOUT. */
enum { FRONT_LAYOUT = 6 };
typedef const backend *aten_entry(const front_services *front, int layout);
#define ATEN_ENTRY "seqrec_aten_backend"

/* A tensor without value in the innermost scope. */
tensor *tensor_new(runtime *rt, size_t rows, size_t cols);

/* Records "scopes/operation: message" if it is the first failure; returns nil. */
tensor *tensor_fail(runtime *rt, sr_code code, const char *operation, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The gradient of one row of any parameter, to be added to; a table's row counts as touched from now on. */
real *lane_touch(lane *l, const param *p, size_t row);
real *lane_whole(lane *l, const param *p); /* lane_gradient with every row touched */
void lane_loss_add(lane *l, double loss);

/* Opens the shared object of the libtorch backend; NULL with the places that were tried. */
const backend *aten_open(sr_error *err);

#ifdef __cplusplus
}
#endif
#endif
