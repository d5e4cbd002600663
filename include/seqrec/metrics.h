#ifndef SEQREC_METRICS_H
#define SEQREC_METRICS_H
/* metrics.h - how good scores are. Plain arrays in, numbers out; values equal scikit-learn 1.2's (zero_division = 0). A metric that is not
 * defined on the rows given is reported as undefined with a reason, never as 0 or NaN. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/thread.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	bool defined;
	double value;
	const char *reason; /* why it is not defined; NULL when it is */
} metric;

/* ---- one class against the rest ---- */

/* Row i is scored score[i * stride] and is positive when label[i] == positive. */
typedef struct {
	const double *score;
	size_t stride;          /* 1 for a plain array; the number of classes for one column of (rows, classes) */
	const uint32_t *label;  /* (rows) */
	uint32_t positive;
	const double *weight;   /* (rows), not negative, or NULL: 1 each */
	size_t rows;
} binary;

metric metric_roc_auc(const binary *b);           /* ties count one half, exactly */
metric metric_average_precision(const binary *b); /* sum of (R_n - R_(n-1)) P_n over distinct scores */
metric metric_brier(const binary *b);             /* weighted mean of (score - y)^2 */
metric metric_ece(const binary *b, size_t bins);  /* expected calibration error, bins of equal width over [0, 1] */

/* The score t for which "positive when score >= t" is best; of equally good ones the highest. For accuracy it may lie just above every score. */
metric threshold_best_f1(const binary *b);
metric threshold_best_accuracy(const binary *b);

/* ---- many classes: probability (rows, classes), label (rows), weight (rows) or NULL ---- */
typedef struct {
	const double *probability;
	const uint32_t *label;
	const double *weight;
	size_t rows, classes;
} multiclass;

metric metric_log_loss(const multiclass *m);                /* probabilities clipped to [eps, 1 - eps], rows scaled to sum 1 */
metric metric_brier_sum(const multiclass *m);               /* weighted mean of the squared distance to the one-hot label */
metric metric_ece_top(const multiclass *m, size_t bins);    /* of the most probable class */
metric metric_roc_auc_macro(const multiclass *m);           /* mean over classes of one against the rest */
metric metric_average_precision_macro(const multiclass *m);

/* ---- decisions ---- */
typedef struct {
	double precision, recall, f1;
	uint64_t support;
} class_scores;

typedef struct {
	size_t classes;
	uint64_t rows;
	uint64_t *confusion;    /* (classes, classes): row = true class, column = predicted class */
	class_scores *of_class; /* (classes) */
	class_scores macro, weighted;
	double accuracy;
} classification;

/* Label and predicted class of each row, both < classes. New; release with classification_free. */
classification *classification_new(const uint32_t *label, const uint32_t *predicted, size_t rows, size_t classes);
void classification_free(classification *c); /* NULL ok */

/* scikit-learn's classification_report: as text, and as JSON (its output_dict). New strings; the caller frees. digits: 0 .. 17. */
char *classification_text(const classification *c, const char *const *class_name, int digits);
char *classification_json(const classification *c, const char *const *class_name);

/* ---- ranking: rank[i] is the place of row i's target, from 1 ---- */
metric metric_hit_rate(const uint32_t *rank, size_t rows, uint32_t k);
metric metric_ndcg(const uint32_t *rank, size_t rows, uint32_t k); /* one relevant item: 1 / log2(1 + rank) */
metric metric_mrr(const uint32_t *rank, size_t rows, uint32_t k);

/* ---- intervals: the bootstrap (Efron 1979), rows of one group drawn together ---- */
typedef enum { CURVE_ROC_AUC, CURVE_AVERAGE_PRECISION } curve_metric;
typedef enum { INTERVAL_PERCENTILE, INTERVAL_BCA } interval_kind; /* BCa: bias-corrected and accelerated (Efron 1987) */

typedef struct {
	bool defined;
	double low, high;
	size_t resamples;   /* in which the metric was defined; 0: from the metric's derivatives by the rows' weights, without resamples */
	const char *reason; /* NULL when defined */
} interval;

typedef struct {
	const uint32_t *group; /* (rows), any numbers; NULL: each row by itself */
	size_t resamples;
	double level;          /* .95 */
	uint64_t seed;
	interval_kind kind;
	double most;           /* rows times resamples; more are not drawn, but the infinitesimal jackknife (Jaeckel 1972) gives the interval. 0: no limit */
	thread_pool *pool;     /* or NULL; the result does not depend on it */
} bootstrap;

/* Two classes: of class 1. More: the macro mean. Weights of the rows are not used. */
interval interval_of(const multiclass *m, curve_metric what, const bootstrap *how);
/* Of the mean of a value a row; for a paired difference give the differences. */
interval interval_of_mean(const double *value, size_t rows, const bootstrap *how);
/* Of the difference a - b on the same rows (paired: the same resamples for both). */
interval interval_of_difference(const multiclass *a, const multiclass *b, curve_metric what, const bootstrap *how);

/* Exact or nearly so, of a share of independent rows: Clopper & Pearson 1934, and Wilson 1927. */
interval interval_exact(uint64_t hits, uint64_t rows, double level);
interval interval_wilson(uint64_t hits, uint64_t rows, double level);

double normal_below(double z);       /* the standard normal's distribution function */
double normal_quantile(double share); /* its inverse, 0 < share < 1 */

#ifdef __cplusplus
}
#endif
#endif
