#ifndef SEQREC_TRAINER_FOLD_H
#define SEQREC_TRAINER_FOLD_H
/* fold.h - what is trained and published for one fold: fitted inputs and the members whose probabilities are averaged, or a rule. */

#include "item_rules.h"
#include "member.h"

typedef struct {
	features *f;
	model **member; /* (members) */
	size_t members;
	item_rule *rule; /* next_item: in place of members where model.encoder counts; else NULL */
	double *shift;  /* (C) */
} fold_model;

/* The folder of a fold's published model: model/ itself, or model/fold_K. New. */
char *fold_folder(const char *run, uint32_t folds, uint32_t fold);

/* Fits, trains and publishes. `job` gives config, samples, pool, logs and watch; its fold, member and folder are set here. */
bool fold_train(fold_model *m, const char *run, const store *s, member_job *job, sr_error *err);
/* Opens what was published, for the samples of a store. */
bool fold_open(fold_model *m, const char *run, const config *c, uint32_t folds, uint32_t fold, const store *s, const samples *all, sr_error *err);
void fold_close(fold_model *m);
/* Weights of one member, or the numbers of the rule. */
size_t fold_parameters(const fold_model *m);

/* Adds the members' mean probabilities of order[0..count) times `share` to probability (count, C). */
bool fold_score(const fold_model *m, const config *c, const samples *all, thread_pool *pool, const uint32_t *order, size_t count, double share, double *probability, sr_error *err);

#endif
