/* intervals.c - percentile bootstrap intervals (Efron 1979) of ranking metrics, rows of one group drawn together, and of paired differences. */

#include "seqrec/metrics.h"

#include "report/curve.h"

#include "seqrec/memory.h"
#include "seqrec/order.h"
#include "seqrec/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One score's curves: of class 1 when there are two classes, else of every class; the metric is their mean. */
typedef struct {
	curve **of;
	size_t count;
	curve_metric what;
} curves;

static void curves_free(curves *c)
{
	for (size_t k = 0; k < c->count; k++)
		curve_free(c->of[k]);
	free(c->of);
}

/* unit_of[row]: the drawn unit (group) a row belongs to. False when a score is not finite. */
static bool curves_make(curves *c, const multiclass *m, curve_metric what, const uint32_t *unit_of)
{
	size_t first = m->classes == 2 ? 1 : 0;
	*c = (curves){ .of = xcalloc(m->classes + 1, sizeof *c->of), .what = what };
	for (size_t k = first; k < m->classes; k++) {
		curve *one = curve_new(&(binary){ m->probability + k, m->classes, m->label, (uint32_t)k, NULL, m->rows });
		if (!one)
			return false;
		for (size_t i = 0; i < one->rows; i++)
			one->unit[i] = unit_of[one->unit[i]];
		c->of[c->count++] = one;
	}
	return true;
}

static metric curves_metric(const curves *c, const double *weight)
{
	double sum = 0;
	for (size_t k = 0; k < c->count; k++) {
		metric one = c->what == CURVE_ROC_AUC ? curve_roc_auc(c->of[k], weight) : curve_average_precision(c->of[k], weight);
		if (!one.defined)
			return one;
		sum += one.value;
	}
	return c->count ? metric_is(sum / (double)c->count) : metric_undefined("no classes");
}

/* Numbers the groups 0..n-1 in ascending order; returns n. */
static size_t units_make(const uint32_t *group, size_t rows, uint32_t *unit_of)
{
	if (!group) {
		for (size_t i = 0; i < rows; i++)
			unit_of[i] = (uint32_t)i;
		return rows;
	}
	uint32_t *sorted = xmemdup(group, rows * sizeof *group);
	qsort(sorted, rows, sizeof *sorted, order_u32);
	size_t units = 0;
	for (size_t i = 0; i < rows; i++)
		if (!i || sorted[i] != sorted[units - 1])
			sorted[units++] = sorted[i];
	for (size_t i = 0; i < rows; i++) {
		const uint32_t *found = bsearch(&group[i], sorted, units, sizeof *sorted, order_u32);
		unit_of[i] = (uint32_t)(found - sorted);
	}
	free(sorted);
	return units;
}

/* How often each unit is drawn in resample r: `units` draws with replacement. */
static void draw(uint64_t seed, size_t r, size_t units, double *weight)
{
	memset(weight, 0, units * sizeof *weight);
	for (size_t i = 0; i < units; i++)
		weight[random_below(seed, RANDOM_BOOTSTRAP, r, (uint32_t)i, (uint32_t)units)]++;
}

/* Linear interpolation between order statistics, as numpy's default. */
static double quantile(const double *sorted, size_t count, double q)
{
	double at = q * (double)(count - 1);
	size_t below = (size_t)at;
	size_t above = below + 1 < count ? below + 1 : below;
	return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

/* A metric that half of the resamples do not have says nothing about its spread. */
static interval percentile(double *value, size_t count, const bootstrap *how)
{
	if (!count || 2 * count < how->resamples)
		return (interval){ .resamples = count, .reason = "not defined in most resamples" };
	qsort(value, count, sizeof *value, order_double);
	double tail = (1 - how->level) / 2;
	return (interval){ true, quantile(value, count, tail), quantile(value, count, 1 - tail), count, NULL };
}

static interval resample(const curves *a, const curves *b, size_t units, const bootstrap *how)
{
	double *weight = xcalloc(units + 1, sizeof *weight), *value = xcalloc(how->resamples + 1, sizeof *value);
	size_t count = 0;
	for (size_t r = 0; r < how->resamples; r++) {
		draw(how->seed, r, units, weight);
		metric one = curves_metric(a, weight);
		metric other = b && one.defined ? curves_metric(b, weight) : metric_is(0);
		if (one.defined && other.defined)
			value[count++] = one.value - other.value;
	}
	interval found = percentile(value, count, how);
	free(weight);
	free(value);
	return found;
}

static interval interval_make(const multiclass *a, const multiclass *b, curve_metric what, const bootstrap *how)
{
	if (!a->rows || !how->resamples)
		return (interval){ .reason = a->rows ? "no resamples asked for" : reason_no_rows };
	curves first = { 0 }, second = { 0 };
	uint32_t *unit_of = xcalloc(a->rows, sizeof *unit_of);
	size_t units = units_make(how->group, a->rows, unit_of);
	interval found = { .reason = reason_not_finite };
	if (curves_make(&first, a, what, unit_of) && (!b || curves_make(&second, b, what, unit_of)))
		found = resample(&first, b ? &second : NULL, units, how);
	curves_free(&first);
	curves_free(&second);
	free(unit_of);
	return found;
}

interval interval_of(const multiclass *m, curve_metric what, const bootstrap *how)
{
	return interval_make(m, NULL, what, how);
}

interval interval_of_difference(const multiclass *a, const multiclass *b, curve_metric what, const bootstrap *how)
{
	return interval_make(a, b, what, how);
}

/* A draw of groups weighs each group's sum and number of rows alike. */
interval interval_of_mean(const double *value, size_t rows, const bootstrap *how)
{
	if (!rows || !how->resamples)
		return (interval){ .reason = rows ? "no resamples asked for" : reason_no_rows };
	uint32_t *unit_of = xcalloc(rows, sizeof *unit_of);
	size_t units = units_make(how->group, rows, unit_of);
	double *sum = xcalloc(units, sizeof *sum), *count = xcalloc(units, sizeof *count), *weight = xcalloc(units, sizeof *weight), *mean = xcalloc(how->resamples, sizeof *mean);
	for (size_t i = 0; i < rows; i++) {
		sum[unit_of[i]] += value[i];
		count[unit_of[i]]++;
	}
	for (size_t r = 0; r < how->resamples; r++) {
		double total = 0, drawn = 0;
		draw(how->seed, r, units, weight);
		for (size_t u = 0; u < units; u++) {
			total += weight[u] * sum[u];
			drawn += weight[u] * count[u];
		}
		mean[r] = total / drawn;
	}
	interval found = percentile(mean, how->resamples, how);
	free(unit_of);
	free(sum);
	free(count);
	free(weight);
	free(mean);
	return found;
}
