#ifndef SEQREC_SAMPLES_H
#define SEQREC_SAMPLES_H
/* samples.h - what is learned from: (user, cut, history = events strictly before the cut, label), and which part each sample belongs to. */

#include "seqrec/config.h"
#include "seqrec/error.h"
#include "seqrec/store.h"
#include "seqrec/text.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SAMPLE_NO_ROW UINT64_MAX
#define SAMPLE_UNLABELLED UINT32_MAX

typedef enum { PART_NONE, PART_TRAIN, PART_VALIDATION, PART_TEST } sample_part;

typedef struct {
	uint32_t user;       /* code in the store; 0 = none */
	uint32_t candidate;  /* item code; 0 = none */
	int64_t cut;         /* INT64_MAX: the whole history */
	uint64_t first, end; /* the user's events before the cut: first .. end-1 of the store */
	uint64_t targets;    /* next_item: what is to be told are the items of events targets .. end, each from the events before it; both, in training: of events targets .. end-1,
	                      * elsewhere of the first target event from `end` on; 0: another task */
	uint64_t row;        /* of data.samples, or SAMPLE_NO_ROW */
	uint32_t label;      /* class (next_item: item code), or SAMPLE_UNLABELLED */
	float weight;
	uint32_t hash;       /* CRC-32 of the user's id (of the row number, where there is no user): folds and user splits go by it */
	bool scored;         /* with folds: among the rows that are evaluated */
	uint8_t part;        /* sample_part, for a single split */
} sample;

typedef struct {
	sample *item;
	size_t count;
	char **class_name;
	size_t classes;         /* of next_item none */
	bool next_item;         /* next_item, both */
	bool target_type[256];  /* next_item, both: by event type, whether its events are targets */
	float type_weight[256]; /* ... weight of a target in the loss by event type, ... */
	int64_t half_life;      /* ... halved by every so many microseconds, 0 = not, before the ... */
	int64_t newest;         /* ... time of the last training target */
	uint32_t folds;
	uint64_t ineligible, censored, unlabelled; /* what was left out: users or pairs, cuts, rows without a label */
	uint64_t no_history;                       /* what has an empty history */
	/* aggregates: (count, aggregates) raw values, NaN = no such event yet; names like "purchase count 7d" */
	float *aggregate;
	char **aggregate_name;
	size_t aggregates;
} samples;

/* Makes the samples of c->task from the store. `classes` are the names of a trained model's classes, or NULL to take them from config and data;
 * `labelled` false: rows to predict, where labels may be missing. SR_DATA when there is nothing to learn from. */
samples *samples_make(const config *c, const store *s, const strings *classes, bool labelled, sr_error *err);
void samples_free(samples *all); /* NULL ok */

/* Events of a sample are seen by its model only when they come before what is to be told: by time, or (next_item, where equal times keep their order) by place. */
bool sample_leaks(const samples *all, const sample *one, const store *s);

/* Whether samples have a class and next items (task.kind both). */
bool samples_both(const samples *all);

/* next_item, both: behind the last event that training holds by this sample, seen or told. */
uint64_t sample_known_end(const samples *all, const sample *one);

/* next_item, both: the item that a scored sample should tell; 0: none is known. */
uint32_t sample_next_item(const samples *all, const sample *one, const store *s);

/* Indices of the samples of a part whose next item is known, in order; *untold (or NULL): how many others the part has. New array. */
uint32_t *samples_select_told(const samples *all, const config *c, const store *s, sample_part part, size_t *count, size_t *untold);

/* How many targets a sample has: next_item and both only. */
size_t sample_targets(const samples *all, const sample *one, const store *s);

/* next_item, both: the weight in the loss of event e as a target; and their sum over a sample's targets, of which one of no label has one. */
float target_weight(const samples *all, const store *s, uint64_t e);
double sample_target_weight(const samples *all, const sample *one, const store *s);

/* Assigns parts (and what folds score). SR_DATA when a part that is needed would be empty. */
bool samples_split(samples *all, const config *c, const store *s, sr_error *err);

/* The part of a sample for fold `fold` (or for the single split, when folds is 0). */
sample_part sample_part_of(const samples *all, const config *c, const sample *one, uint32_t fold);

/* Indices of the samples of a part, in order. New array; the caller frees. */
uint32_t *samples_select(const samples *all, const config *c, uint32_t fold, sample_part part, size_t *count);

/* What the split did: rows, positives and times by part, training events later than the first test event. New; the caller frees. */
char *samples_summary(const samples *all, const config *c, const store *s);
char *samples_summary_json(const samples *all, const config *c, const store *s);

#ifdef __cplusplus
}
#endif
#endif
