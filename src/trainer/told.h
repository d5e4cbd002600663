#ifndef SEQREC_TRAINER_TOLD_H
#define SEQREC_TRAINER_TOLD_H
/* told.h - next_item: the loss of a pack's targets over all items, or over negatives drawn for the pack. */

#include "negatives.h"

#include "seqrec/features.h"
#include "seqrec/model.h"

/* What the targets of all packs share. */
typedef struct {
	const features *f;
	const model *m;
	int loss;                  /* loss_kind */
	double smoothing, calibration;
	size_t drawn;              /* negatives a pack */
	bool of_batch;             /* negatives are the other targets of the pack */
	bool exclude_seen;
	uint64_t seed;
	const item_draws *draws;   /* of sampled losses */
	item_block all;            /* every item, where items are made and the loss is over all of them */
} told_losses;

void told_losses_init(told_losses *l, const config *c, const features *f, const model *m);
void told_losses_free(told_losses *l);
/* Whether it is the softmax over all items. */
bool told_losses_over_all(const config *c, const model *m);

/* "sampled softmax": for reports. */
const char *told_losses_name(const told_losses *l);

/* Arrays of one thread; starts as all zeros. They hold the data of a pack until its gradients are done. */
typedef struct {
	uint32_t *negative;  /* (K) */
	float *shift;        /* (K) */
	uint8_t *hidden;     /* (N,K) */
	uint32_t *mark;      /* (V) the last stamp put on a row */
	uint32_t stamp;
	uint32_t *row;       /* (M) rows of the items that the pack compares with ... */
	uint32_t *place;     /* (V) ... and where each stands there */
	uint32_t *target;    /* (N) places of targets and negatives */
	uint32_t *other;     /* (K) */
	item_block items;
	size_t negative_capacity, shift_capacity, hidden_capacity, row_capacity, target_capacity, other_capacity;
} told_room;

void told_room_free(told_room *r, const features *f);

/* Adds the loss of pack p, number `stream` of its step; told: (N,D). */
void told_loss(const told_losses *l, told_room *r, runtime *rt, tensor *told, const pack *p, uint64_t step, uint32_t stream, double scale);

#endif
