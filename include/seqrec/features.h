#ifndef SEQREC_FEATURES_H
#define SEQREC_FEATURES_H
/* features.h - which inputs the model has and how raw values become them: vocabularies, scaling, quantiles. Everything is fitted on training rows only
 * and stored with the model, so that predict on new logs repeats it exactly. Also: assembling packs. */

#include "seqrec/config.h"
#include "seqrec/error.h"
#include "seqrec/pack.h"
#include "seqrec/samples.h"
#include "seqrec/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct features features;

/* Fits on the samples order[0..count). Binds to the store. */
features *features_fit(const config *c, const store *s, const samples *all, const uint32_t *order, size_t count, sr_error *err);
void features_free(features *f); /* NULL ok */

/* transforms.json and vocab/NAME.tsv in `folder`. */
bool features_save(const features *f, const char *folder, sr_error *err);
features *features_load(const char *folder, sr_error *err); /* not bound yet */

/* Connects to a store (of new logs, perhaps): codes of the store to codes of the model. SR_DATA when a field the model needs is not there. */
bool features_bind(features *f, const store *s, const samples *all, sr_error *err);

const input_shape *features_shape(const features *f);
uint32_t features_window(const features *f); /* events of a history that are used */

/* ---- packs ---- */

/* How many events sample `one` contributes. */
uint32_t features_length(const features *f, const sample *one);

/* next_item, both: what the targets of sample `one` weigh together in the loss, but for the sample's own weight. */
double features_target_weight(const features *f, const samples *all, const sample *one);

typedef struct {
	uint64_t seed, epoch; /* for <unk> in training */
	double unknown_rate;  /* 0 outside training */
	bool training;        /* next_item, both: targets that the model does not know are left out; both: what the history tells are the targets, not what follows it */
} pack_options;

/* Fills p (start as all zeros; buffers are reused) with samples order[0..count). False (SR_INTERNAL) when an input event does not lie before its sample's cut. */
bool pack_fill(pack *p, const features *f, const samples *all, const uint32_t *order, size_t count, const pack_options *options, sr_error *err);
void pack_free(pack *p, const features *f);

/* Makes a training pack as large as that, if it is smaller: by sequences of events without values, samples without history, and targets, none of which weigh
 * anything. Its arrays then have the same lengths from step to step, but for the values of bags, whose number is rounded up to a power of two. */
typedef struct {
	size_t events, samples, targets;
	uint32_t target; /* the item of the targets added */
} pack_size;
void pack_pad(pack *p, const features *f, const pack_size *size);
/* The size for packs of at most so many events and samples. */
pack_size pack_size_for(const features *f, size_t events, size_t sequences);

/* Fills b (start as all zeros; buffers are reused) with items row[0..count) of the model (row NULL: first .. first + count - 1). */
void items_fill(item_block *b, const features *f, const uint32_t *row, uint32_t first, size_t count);
void item_block_free(item_block *b, const features *f);

/* Cuts order[0..count) into packs of at most `tokens` events (a longer single sequence stands alone) and at most `most` samples: bounds[i] .. bounds[i+1]. New array of *packs + 1. */
size_t *pack_plan(const features *f, const samples *all, const uint32_t *order, size_t count, size_t tokens, size_t most, size_t *packs);

/* Codes of the last events of samples, padded on the left to (samples, window), one .npy a feature, with lengths.npy and mask.npy, in `folder`: the same values as in packs. */
bool padded_write(const features *f, const samples *all, const uint32_t *order, size_t count, const char *folder, sr_error *err);

/* Inputs of the logistic floor: the sample-level numbers (count, columns) and the codes of small categories. New arrays; the caller frees. */
typedef struct {
	size_t rows, columns, categories;
	float *number;         /* (rows, columns) */
	uint32_t *code;        /* (rows, categories) */
	uint32_t *code_rows;   /* (categories) codes are below it */
} feature_table;
feature_table *features_table(const features *f, const samples *all, const uint32_t *order, size_t count);
void feature_table_free(feature_table *t); /* NULL ok */

/* next_item, both: the model's row of an item of the store, and the id of a row ("" below PACK_FIRST_ITEM; logs may not have the item). */
uint32_t features_item_row(const features *f, uint32_t item);
const char *features_item_id(const features *f, uint32_t row);

/* Share of events of these samples whose item the model does not know. */
double features_unknown_share(const features *f, const samples *all, const uint32_t *order, size_t count);

/* Event types in the histories of these samples that the model does not know: "refund, wish", and the share of events that have them. NULL when there is none; new. */
char *features_unknown_types(const features *f, const samples *all, const uint32_t *order, size_t count, double *share);

#ifdef __cplusplus
}
#endif
#endif
