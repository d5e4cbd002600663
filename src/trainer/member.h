#ifndef SEQREC_TRAINER_MEMBER_H
#define SEQREC_TRAINER_MEMBER_H
/* member.h - training one model: one member of one fold. */

#include "lanes.h"
#include "optimizer.h"

#include "seqrec/file.h"
#include "seqrec/trainer.h"

/* Where training stands; with weights and moments this is all that a resume needs. */
typedef struct {
	uint64_t epoch, batch, step; /* next batch of the epoch; steps taken */
	double loss_sum;             /* over the epoch so far */
	uint64_t loss_count;
	double best;                 /* of the validation metric, turned so that higher is better */
	uint64_t best_epoch;         /* from 1; 0 = none yet */
	uint64_t stale;              /* epochs since */
	uint64_t skipped;            /* steps skipped for a non-finite loss or gradient */
	bool finished;
	uint64_t skipped_in_row;     /* these four are kept in checkpoints only */
	uint64_t log_length, metrics_length; /* bytes of the logs: what a killed run wrote behind them is written again */
	uint64_t rollbacks;          /* times that training went back to a checkpoint after diverging, each with half the learning rate: 0 or 1 */
} training_state;

typedef struct {
	const config *c;
	const features *f;
	const samples *all;
	const store *s;
	thread_pool *pool;
	uint32_t fold, member;
	const char *folder;          /* checkpoints */
	appender *log, *metrics;
	uint64_t log_length, metrics_length; /* what the members before have written */
	const train_watch *watch;
	const double *shift;         /* (C) added to logits by class weights and drawn negatives */
} member_job;

/* Trains until the end or until watch->stop says so (SR_AGAIN, checkpoint saved). The model then holds the best weights. */
bool member_train(const member_job *job, model *m, training_state *state, sr_error *err);

/* ---- prior.c ---- */
/* log of what class weights and drawn negatives do to the prior, by class: subtracted from logits when scoring. New array of C. */
double *member_shift(const config *c, const samples *all, uint32_t fold, float **class_weight /* (C) new, or NULL */, sr_error *err);

/* Negatives drawn for an epoch: all, or so many for one positive, at least one. */
size_t member_drawn(const config *c, size_t positives, size_t negatives);

/* ---- validation.c ---- */
/* The metric that decides: train.metric, or what `auto` means for the task. */
const char *metric_name(const config *c);
/* Scores order[0..count): the deciding metric, and all of them as members of a JSON object. */
bool member_validate(const member_job *job, workers *w, const uint32_t *order, size_t count, double *value, char *json, size_t room, sr_error *err);

/* ---- divergence.c ---- */
/* Writes FOLDER/diverged_step_N.jsonl: which samples the batch order[0..count) of step N held, by the codes and rows of the store (no ids). */
bool divergence_dump(const member_job *job, uint64_t step, const uint32_t *order, size_t count, sr_error *err);

/* ---- checkpoint.c ---- */
bool checkpoint_save(const char *path, const params *list, const optimizer *o /* or NULL: weights alone */, const training_state *state, sr_error *err);
bool checkpoint_load(const char *path, params *list, optimizer *o /* or NULL */, training_state *state /* or NULL */, sr_error *err);
/* Makes step_N the latest, and removes all but the last `keep` up to it: those behind it were damaged when it was loaded. */
bool checkpoint_settle(const char *folder, uint64_t step, int64_t keep, sr_error *err);
/* Writes step_N.safetensors, and settles on it. */
bool checkpoint_rotate(const char *folder, const params *list, const optimizer *o, const training_state *state, int64_t keep, sr_error *err);
/* Loads the newest good one; *found is false when there is none. */
bool checkpoint_resume(const char *folder, params *list, optimizer *o, training_state *state, bool *found, sr_error *err);

#endif
