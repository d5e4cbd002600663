#ifndef SEQREC_MODEL_H
#define SEQREC_MODEL_H
/* model.h - from a pack to logits: event embedding, sequence encoder (h), attribute encoder (y), fusion (z), head.
 * Shape letters: T events, S samples, D model.width, A model.attribute_width, Z width of z, C classes. */

#include "seqrec/config.h"
#include "seqrec/pack.h"
#include "seqrec/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct model model;

/* Builds the parameters for the settings and inputs; they hold their initial values after params_initialise. */
model *model_new(const model_settings *settings, const input_shape *shape);
void model_free(model *m); /* NULL ok */
const model_settings *model_chosen(const model *m); /* the settings, those that were left to the data (width 0, dropout -1) filled in */
params *model_params(const model *m);
size_t model_parameters(const model *m); /* numbers in all of them */

typedef struct {
	tensor *h;      /* (S,D) the sequence; nil without an encoder */
	tensor *y;      /* (S,A) the attributes; nil where there are none */
	tensor *z;      /* (S,Z) the user vector */
	tensor *logits; /* (S,C); next_item: nil */
	tensor *told;   /* next_item: (N,D), what is compared with the items for each target of the pack; else nil */
} model_output;

/* next_item: the table of what the vectors are compared with, (V,D). Rows below PACK_FIRST_ITEM are no items. */
const param *model_items(const model *m);

/* Whether items are more than their rows of model_items: then they are made by model_item_rows, (count,D). */
bool model_items_made(const model *m);
tensor *model_item_rows(const model *m, runtime *rt, const item_block *b);

/* Runs one pack; the tensors live until the next runtime_begin. */
model_output model_forward(const model *m, runtime *rt, const pack *p);

#ifdef __cplusplus
}
#endif
#endif
