#ifndef SEQREC_TRAINER_RUN_H
#define SEQREC_TRAINER_RUN_H
/* run.h - what a run directory says about itself. */

#include "dataset.h"

#include "seqrec/calibration.h"
#include "seqrec/thread.h"
#include "seqrec/trainer.h"

/* model/model.json: what a reader of the published model needs besides weights and transforms. */
typedef struct {
	strings classes;
	double threshold;
	char *threshold_rule;
	uint32_t folds;
	calibrator *calibration; /* NULL: none */
} published;

bool published_save(const published *p, const char *run, sr_error *err);
bool published_load(published *p, const char *run, sr_error *err);
void published_free(published *p);

/* The run's config with data, cuts and settings of `from` laid over it. */
config *run_config(const char *run, const run_data *from, sr_error *err);
thread_pool *run_pool(const config *c);
/* SHA-256 of the settings that decide the result: everything but where and with how many threads it runs. New. */
char *run_digest(const config *c);

#endif
