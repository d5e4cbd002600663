#ifndef SEQREC_TRAINER_LANES_H
#define SEQREC_TRAINER_LANES_H
/* lanes.h - who works on which pack. The packs of a step are dealt to a fixed number of lanes; a lane is worked in order by whichever thread is free,
 * and lanes are added in order: the same bits at any number of threads. */

#include "told.h"

#include "seqrec/thread.h"

/* Seconds of one thread within workers_train; the rest of the call it waited. */
typedef struct {
	double busy, assembly; /* assembly: filling packs, a part of busy */
} worker_time;

typedef struct {
	const features *f;
	const samples *all;
	const model *m;
	thread_pool *pool;
	size_t lanes;
	lane **lane;        /* (lanes) */
	runtime **runtime;  /* (threads) */
	pack *pack;         /* (threads) */
	size_t pack_tokens;
	bool by_lanes;      /* packs are so small that every lane has one */
	bool padded;        /* resident, packs beyond lanes: of constant size, so that a device can repeat a recorded step */
	bool told_unrecorded; /* why no step is repeated was said */
	size_t batch;
	bool resident;      /* parameters are kept, and changed, where runtime[0] computes: no lanes */
	uint64_t seed;
	double unknown_rate, smoothing;
	const float *class_weight; /* (C) or NULL */
	double class_weighs, told_weighs; /* what the two losses count, where there are both; else 1 */
	/* next_item, both: */
	told_losses told;
	told_room *room;           /* (threads) */
	worker_time *time;         /* (threads), or NULL: not measured; the caller's */
	double sums;               /* seconds of adding lanes, where time is measured */
} workers;

/* NULL when the backend cannot be had. */
workers *workers_new(const config *c, const features *f, const samples *all, const model *m, thread_pool *pool, sr_error *err);
void workers_free(workers *w); /* NULL ok */

/* Forward, loss and backward of samples order[0..count), the loss being their weighted mean (of both heads: the weighted sum of their means): gradients are then in w->lane[0]. False on error. */
/* Where parameters are resident, gradients wait for runtime_update in the runtime, and *loss is not known (NaN). */
bool workers_train(workers *w, const uint32_t *order, size_t count, uint64_t epoch, uint64_t step, double *loss, sr_error *err);

/* Class probabilities of samples order[0..count) into probability (count, C), the logits lowered by shift (C). */
bool workers_score(workers *w, const uint32_t *order, size_t count, const double *shift, double *probability, sr_error *err);

typedef enum { VECTOR_H, VECTOR_Y, VECTOR_Z, VECTOR_TOLD /* what is compared with items */ } vector_kind;
/* One vector a sample into out (count, *width), a new array. SR_CONFIG when the model has no such vector. */
bool workers_embed(workers *w, const uint32_t *order, size_t count, vector_kind which, float **out, size_t *width, sr_error *err);

#endif
