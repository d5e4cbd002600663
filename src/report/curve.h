#ifndef REPORT_CURVE_H
#define REPORT_CURVE_H
/* curve.h - rows sorted by score once, so that ranking metrics of many weightings (resamples) are one pass each. */

#include "seqrec/metrics.h"

typedef struct {
	size_t rows;
	uint32_t *unit;     /* (rows), best score first: which weight belongs to the row; the row itself unless replaced */
	uint8_t *positive;  /* (rows) in the same order */
	uint8_t *last;      /* (rows) 1 on the last row of a run of equal scores */
	double *score;      /* (rows) in the same order */
} curve;

/* NULL when a score is not finite. */
curve *curve_new(const binary *b);
void curve_free(curve *c); /* NULL ok */

/* weight: by unit, or NULL for 1 each. */
metric curve_roc_auc(const curve *c, const double *weight);
metric curve_average_precision(const curve *c, const double *weight);

/* How fast a metric grows with a unit's weight when all are 1, times `times`, added to influence[unit]. The metric must be defined. */
void curve_roc_auc_influence(const curve *c, double times, double *influence);
void curve_average_precision_influence(const curve *c, double times, double *influence);

metric metric_is(double value);
metric metric_undefined(const char *reason);

extern const char *const reason_not_finite;
extern const char *const reason_no_rows;
#endif
