#ifndef SEQREC_TRAINER_DATASET_H
#define SEQREC_TRAINER_DATASET_H
/* dataset.h - the store and samples that a command works on. */

#include "seqrec/samples.h"
#include "seqrec/store.h"

typedef struct {
	store *s;
	samples *all;
} dataset;

/* The folder of the config's event store: data.store, or store/ in the run directory. New. */
char *dataset_folder(const config *c, const char *run);
/* Opens the store, building it first when it is missing or its sources or settings changed. */
store *dataset_store(const config *c, const char *run, sr_error *err);
/* Whether a log comes through standard input: it can be read but once. */
bool dataset_streamed(const config *c);
/* The store that the run was trained on: of what came through standard input the one that is kept, else as dataset_store. */
store *dataset_trained(const config *c, const char *run, sr_error *err);
/* Store and samples. `classes`: of a trained model, or NULL. */
bool dataset_open(dataset *d, const config *c, const char *run, const strings *classes, bool labelled, sr_error *err);
/* The samples of a store that is open already. */
bool dataset_make(dataset *d, const config *c, const strings *classes, bool labelled, sr_error *err);
void dataset_close(dataset *d);

#endif
