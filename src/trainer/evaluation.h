#ifndef SEQREC_TRAINER_EVALUATION_H
#define SEQREC_TRAINER_EVALUATION_H
/* evaluation.h - scores of the model and its floors on the same rows, over all folds, and the report made of them. */

#include "dataset.h"
#include "fold.h"

#include "seqrec/calibration.h"
#include "seqrec/report.h"

enum { PARTS = 2, ENTRIES = 4 }; /* validation and test; model, majority, logistic, and of two heads the class head trained alone */

typedef struct {
	uint32_t *row;           /* (rows) samples */
	size_t rows;
	double *score[ENTRIES];  /* (rows, C) each; NULL without that floor */
} part_scores;

typedef struct {
	const config *c;
	const dataset *d;
	thread_pool *pool;
	part_scores part[PARTS];
	double threshold;
	char *threshold_rule;
	calibrator *calibration; /* fitted here; NULL: none */
	double unknown_share;    /* of items in test histories */
	size_t parameters;
} evaluation;

/* Scores fold `fold` of the samples' split. With `floors`, fits them on its training part. */
bool evaluation_add(evaluation *e, const fold_model *m, uint32_t fold, bool floors, sr_error *err);
/* Scores what the class head alone has learned, on the rows that evaluation_add has selected. */
bool evaluation_add_single(evaluation *e, const fold_model *m, const config *c, sr_error *err);
/* Fits evaluate.calibration on the model's validation scores, and applies it to all of the model's scores. */
bool evaluation_calibrate(evaluation *e, sr_error *err);
/* Applies a stored one. */
void evaluation_apply(evaluation *e, const calibrator *calibration /* or NULL */);
/* Chooses the threshold on the validation part by evaluate.threshold. */
void evaluation_choose_threshold(evaluation *e);
/* Writes report.txt, .json, .md into `folder`. */
bool evaluation_report(const evaluation *e, const char *title, const char *folder, char **text_out /* or NULL */, sr_error *err);
void evaluation_free(evaluation *e);

/* ---- floors.c ---- */
/* Majority: the training shares of the classes (with folds: their shares in all rows). Logistic: regression on aggregates and attributes. Probabilities into score (count, C). */
bool floor_majority(const samples *all, const uint32_t *train, size_t train_count, size_t count, double *score);
bool floor_logistic(const features *f, const samples *all, const uint32_t *train, size_t train_count, const uint32_t *const rows[PARTS], const size_t count[PARTS], double *const score[PARTS], sr_error *err);

#endif
