#ifndef SEQREC_ENCODER_H
#define SEQREC_ENCODER_H
/* encoder.h - the parts of the model, one .c file each. A part is built once (x_new, into a list of parameters) and run for each pack (x_forward). */

#include "seqrec/config.h"
#include "seqrec/pack.h"
#include "seqrec/tensor.h"

/* ---- event.c: e, the embedding of an event ---- */
typedef struct {
	const input_shape *shape;
	const param **table; /* (event_count), NULL for numbers */
	const param *numbers, *gain, *bias;
	double dropout;
	bool mean; /* of an item's several values: as in what is told */
} event_embedding;
void event_new(event_embedding *e, params *list, const model_settings *settings, const input_shape *shape);
tensor *event_forward(const event_embedding *e, runtime *rt, const pack *p); /* (T,D) */

/* ---- items.c: next_item: the vectors that are told ---- */
typedef struct {
	const event_embedding *event;
	const param *table; /* (V,D) */
	bool fields, cosine;
	double temperature;
} told_items;
void told_items_new(told_items *t, params *list, const model_settings *settings, const input_shape *shape, const event_embedding *event);
bool told_items_made(const told_items *t);                                       /* false: the table as it stands */
tensor *told_items_rows(const told_items *t, runtime *rt, const item_block *b); /* (count,D) */
tensor *told_items_query(const told_items *t, tensor *x);                        /* (N,D): encoded events as they are compared with items */

/* ---- transformer.c, recurrent.c: from e to encoded events ---- */
typedef struct {
	const param *qkv, *qkv_bias, *out, *out_bias, *norm1, *norm1_bias;
	const param *up, *up_bias, *down, *down_bias, *norm2, *norm2_bias;
	const param *gate1, *gate1_bias, *gate2, *gate2_bias, *side; /* gated only; side: the linear half of SwiGLU */
	const param *time_bias; /* (H,TIME_BUCKETS) or NULL */
} transformer_block;

typedef struct {
	transformer_block *block; /* (blocks) */
	size_t blocks, heads;
	double dropout;
	int norm; /* norm_place */
	visibility see;
	const param *last_norm, *last_norm_bias; /* not for post-norm */
} transformer;
void transformer_new(transformer *t, params *list, const model_settings *settings);
/* (T,D) -> (T,D). `last` (S), for scoring: the last row of each sequence; then the last block works on these alone: -> (S,D). */
tensor *transformer_forward(const transformer *t, runtime *rt, tensor *x, const spans *sequences, const index_array *times /* (T), or NULL without time bias */, const index_array *last /* or NULL */);
bool transformer_ends_early(const transformer *t); /* whether it takes `last` */
void transformer_free(transformer *t);

typedef struct {
	cell kind;
	const param **w, **u, **w_bias, **u_bias; /* (blocks) */
	size_t blocks;
	double dropout;
} recurrent;
void recurrent_new(recurrent *r, params *list, const model_settings *settings);
tensor *recurrent_forward(const recurrent *r, runtime *rt, tensor *x, const spans *sequences); /* (T,D) -> (T,D) */
void recurrent_free(recurrent *r);

/* ---- pooling.c: from encoded events to h ---- */
typedef struct {
	int how; /* pool_kind */
	const param *query, *keys, *empty;
	size_t heads;
} sequence_pooling;
void pooling_new(sequence_pooling *p, params *list, const model_settings *settings);
tensor *pooling_forward(const sequence_pooling *p, runtime *rt, tensor *x, const spans *sequences); /* (T,D) -> (S,D) */

/* ---- attributes.c: y, the attributes of a sample ---- */
typedef struct {
	const input_shape *shape;
	const param **table;  /* (sample_count), NULL for numbers */
	const param **widen;  /* (sample_count): (D,A) for a table shared with the events, else NULL */
	const param *numbers, *bias;
	const param **layer, **layer_bias; /* (depth - 1) */
	size_t depth;
	double dropout;
} attribute_encoder;
void attributes_new(attribute_encoder *a, params *list, const model_settings *settings, const input_shape *shape, const event_embedding *events);
tensor *attributes_forward(const attribute_encoder *a, runtime *rt, const pack *p); /* (S,A) */
void attributes_free(attribute_encoder *a);

/* ---- fusion.c: z from h and y ---- */
typedef struct {
	int kind; /* fusion_kind */
	const param *mix, *mix_bias;        /* concat, attention: (D+A,D) */
	const param *gate, *lift;           /* weighted: (1,2), (A,D) */
	const param *query, *keys, *values; /* attention: (A,D), (D,D), (D,D) */
	size_t heads;
	double dropout;
} fusion;
void fusion_new(fusion *f, params *list, const model_settings *settings);
tensor *fusion_forward(const fusion *f, tensor *x, tensor *h, tensor *y, const spans *sequences); /* (T,D), (S,D), (S,A) -> (S,D) */

/* ---- tables shared by event.c and attributes.c ---- */
const param *table_new(params *list, const feature_shape *feature, size_t width, const char *of);
tensor *table_rows(runtime *rt, const param *table, const feature_shape *feature, const pack_codes *codes, size_t rows, bool mean);

#endif
