#ifndef SEQREC_TRAINER_H
#define SEQREC_TRAINER_H
/* trainer.h - runs: training from config to report, and what is done with a trained run. A run directory holds
 * config.json, run.json, log.jsonl, metrics.jsonl, checkpoints/, model/, report/, predictions.jsonl. */

#include <stdbool.h>
#include <stdint.h>

#include "seqrec/config.h"
#include "seqrec/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	uint32_t fold, folds, member, members;
	uint64_t epoch, epochs, batch, batches; /* epoch from 1 */
	double loss;                            /* mean of the epoch so far */
	bool validated;                         /* an epoch has just ended */
	const char *metric;                     /* name of the validation metric; NULL without a validation part */
	double value;                           /* its last value */
	bool best;
	double samples_per_second, seconds_left;
} train_progress;

/* How the caller watches a training. Functions may be NULL. */
typedef struct {
	void (*progress)(void *context, const train_progress *now); /* after every step and every epoch */
	bool (*stop)(void *context);                                /* asked after every step: true saves a checkpoint and ends with SR_AGAIN */
	bool (*save)(void *context);                                /* asked after every step: true saves a checkpoint and goes on */
	void *context;
} train_watch;

/* Trains the config in `folder`: continues an unfinished run of the same config, does nothing (and says so) when it is finished. */
bool run_train(const config *c, const char *folder, bool fresh, const train_watch *watch, sr_error *err);

/* Where the data of evaluate, predict and embed comes from. */
typedef struct {
	const char *data;      /* another config whose data section (and task cuts) is used, or NULL: the run's own */
	const char *cut;       /* as_of: the instant to predict from, or NULL: the end of the log */
	const char *part;      /* "train", "validation", "test" or "all" (unlabelled rows too) */
	strings sets;          /* further settings */
	const char *thresholds; /* predict: also decide by these, with commas between; or NULL */
	const char *only;      /* predict, recommend: a file of user ids, a line each, or NULL: everybody */
	int64_t ttl;           /* PREDICTIONS_REDIS: seconds until keys expire; 0: never */
} run_data;

/* Scores the test part again from the published model (or all rows of other data) and writes report/ (or report_data/). *text: the report as text, new. */
bool run_evaluate(const char *folder, const run_data *from, char **text, sr_error *err);

typedef enum { PREDICTIONS_JSONL, PREDICTIONS_CSV, PREDICTIONS_TSV, PREDICTIONS_REDIS, PREDICTIONS_TREC /* recommend only */ } predictions_format;
bool run_predict(const char *folder, const run_data *from, const char *out /* "-": standard output */, predictions_format format, sr_error *err);

/* Which items recommend may list; all NULL: all. */
typedef struct {
	const char *allow, *deny;   /* files, an item id a line: only these; never these */
	const char *cap, *cap_field; /* at most so many of one value of an item field, "2" of "category" */
} recommend_rules;

/* next_item: the best items of every user (or of the targets of a part). */
bool run_recommend(const char *folder, const run_data *from, const recommend_rules *rules, const char *out, predictions_format format, sr_error *err);

typedef enum { VECTORS_NPY, VECTORS_WORD2VEC, VECTORS_FAISS } vectors_format;
/* Writes the vectors "h", "y" or "z" of all samples, or "item" of all items (next_item), to `out`; npy and faiss: and their ids to out's name + .ids.txt. */
bool run_embed(const char *folder, const run_data *from, const char *which, const char *out, vectors_format format, sr_error *err);

/* Writes the model as ONNX, with examples (and next_item: the ids of items) in files beside it. SR_CONFIG: this kind of model has no ONNX form. */
bool run_export(const char *folder, const char *out, sr_error *err);

/* What training this config would do: rows, samples and positives by part, leak check, parameters, memory; in words or as JSON. New; the caller frees. */
char *run_plan(const config *c, const char *folder, bool json, sr_error *err);

/* Builds or refreshes the event store of the config; with `padded` also writes that folder. *text: the summary, new. */
bool run_prepare(const config *c, const char *folder, const char *padded, bool json, char **text, sr_error *err);

/* A run directory, model folder, checkpoint file or store folder in words. New; the caller frees. */
char *run_inspect(const char *path, bool json, sr_error *err);

#ifdef __cplusplus
}
#endif
#endif
