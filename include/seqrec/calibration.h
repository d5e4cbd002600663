#ifndef SEQREC_CALIBRATION_H
#define SEQREC_CALIBRATION_H
/* calibration.h - probabilities made to mean what they say, by a map fitted on validation and stored with the model; and decision thresholds by a rule. */

#include "seqrec/config.h"
#include "seqrec/error.h"
#include "seqrec/json.h"
#include "seqrec/metrics.h"
#include "seqrec/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Platt 1999 (with his targets, on log odds), isotonic regression (Zadrozny & Elkan 2002), temperature (Guo et al. 2017).
 * Two classes: of class 1; more: each against the rest, scaled to sum to 1. */
typedef struct calibrator calibrator;

/* kind: calibration_rule, not CALIBRATE_NONE. NULL with SR_DATA where validation has no rows, or a class has none. */
calibrator *calibrator_fit(int kind, const multiclass *validation, sr_error *err);
void calibrator_apply(const calibrator *c, double *probability, size_t rows); /* (rows, classes), in place; NULL changes nothing */
void calibrator_free(calibrator *c);                                          /* NULL ok */
void calibrator_json(const calibrator *c, text *t);
calibrator *calibrator_read(const cJSON *tree); /* NULL when it is not one */

/* The threshold by a rule on these rows; undefined with the reason where no threshold does what is asked. */
metric threshold_by(const binary *b, const threshold_rule *rule);

#ifdef __cplusplus
}
#endif
#endif
