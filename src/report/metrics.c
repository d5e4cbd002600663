/* metrics.c - metrics of probabilities and scores: ROC AUC, average precision, log loss, Brier score. */

#include "seqrec/metrics.h"

#include "report/curve.h"
#include "report/sum.h"

#include <float.h>
#include <math.h>

typedef metric curve_function(const curve *c, const double *weight);

static metric by_curve(const binary *b, curve_function *of)
{
	curve *c = curve_new(b);
	metric m = c ? of(c, b->weight) : metric_undefined(reason_not_finite);
	curve_free(c);
	return m;
}

metric metric_roc_auc(const binary *b)
{
	return by_curve(b, curve_roc_auc);
}

metric metric_average_precision(const binary *b)
{
	return by_curve(b, curve_average_precision);
}

static double weight_of(const double *weight, size_t row)
{
	return weight ? weight[row] : 1;
}

/* Weighted mean of a quantity of the rows. */
typedef struct {
	exact_sum terms, weights;
} mean;

static void mean_add(mean *m, double value, double weight)
{
	sum_add(&m->terms, weight * value);
	sum_add(&m->weights, weight);
}

static metric mean_metric(const mean *m)
{
	double weight = sum_total(&m->weights), value = sum_total(&m->terms) / weight;
	if (!(weight > 0))
		return metric_undefined(reason_no_rows);
	return isfinite(value) ? metric_is(value) : metric_undefined(reason_not_finite);
}

metric metric_brier(const binary *b)
{
	mean squares = { 0 };
	for (size_t i = 0; i < b->rows; i++) {
		double off = b->score[i * b->stride] - (b->label[i] == b->positive);
		mean_add(&squares, off * off, weight_of(b->weight, i));
	}
	return mean_metric(&squares);
}

metric metric_brier_sum(const multiclass *m)
{
	mean distances = { 0 };
	for (size_t i = 0; i < m->rows; i++) {
		double distance = 0;
		for (size_t k = 0; k < m->classes; k++) {
			double off = m->probability[i * m->classes + k] - (m->label[i] == k);
			distance += off * off;
		}
		mean_add(&distances, distance, weight_of(m->weight, i));
	}
	return mean_metric(&distances);
}

/* Written so that a NaN stays one and is reported. */
static double clip(double p)
{
	return p < DBL_EPSILON ? DBL_EPSILON : p > 1 - DBL_EPSILON ? 1 - DBL_EPSILON : p;
}

metric metric_log_loss(const multiclass *m)
{
	mean losses = { 0 };
	for (size_t i = 0; i < m->rows; i++) {
		const double *p = m->probability + i * m->classes;
		double row = 0;
		for (size_t k = 0; k < m->classes; k++)
			row += clip(p[k]);
		mean_add(&losses, -log(clip(p[m->label[i]]) / row), weight_of(m->weight, i));
	}
	return mean_metric(&losses);
}

static metric macro(const multiclass *m, curve_function *of)
{
	double sum = 0;
	for (size_t k = 0; k < m->classes; k++) {
		metric one = by_curve(&(binary){ m->probability + k, m->classes, m->label, (uint32_t)k, m->weight, m->rows }, of);
		if (!one.defined)
			return m->rows && one.reason != reason_not_finite ? metric_undefined("a class without rows, or without others") : one;
		sum += one.value;
	}
	return m->classes ? metric_is(sum / (double)m->classes) : metric_undefined("no classes");
}

metric metric_roc_auc_macro(const multiclass *m)
{
	return macro(m, curve_roc_auc);
}

metric metric_average_precision_macro(const multiclass *m)
{
	return macro(m, curve_average_precision);
}
