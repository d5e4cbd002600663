/* intervals.c - intervals of ranking metrics, of means, and of paired differences. */

#include "seqrec/metrics.h"

#include "report/bootstrap.h"
#include "report/curve.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>

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

static void curves_influence(const curves *c, double times, double *influence)
{
	for (size_t k = 0; k < c->count; k++)
		(c->what == CURVE_ROC_AUC ? curve_roc_auc_influence : curve_average_precision_influence)(c->of[k], times / (double)c->count, influence);
}

typedef struct {
	curves a, b; /* b: of nothing when one score's own metric is asked for */
} pair;

static metric pair_metric(const void *context, const double *weight)
{
	const pair *p = context;
	metric one = curves_metric(&p->a, weight);
	metric other = p->b.of && one.defined ? curves_metric(&p->b, weight) : metric_is(0);
	return !one.defined ? one : !other.defined ? other : metric_is(one.value - other.value);
}

static interval interval_make(const multiclass *a, const multiclass *b, curve_metric what, const bootstrap *how)
{
	if (!a->rows || !how->resamples)
		return (interval){ .reason = a->rows ? "no resamples asked for" : reason_no_rows };
	pair p = { 0 };
	uint32_t *unit_of = xcalloc(a->rows, sizeof *unit_of);
	size_t units = units_make(how->group, a->rows, unit_of);
	interval found = { .reason = reason_not_finite };
	if (curves_make(&p.a, a, what, unit_of) && (!b || curves_make(&p.b, b, what, unit_of))) {
		double *influence = xcalloc(units, sizeof *influence);
		if (pair_metric(&p, NULL).defined) {
			curves_influence(&p.a, 1, influence);
			curves_influence(&p.b, -1, influence);
		}
		found = bootstrap_interval(&p, pair_metric, influence, units, a->rows, how);
		free(influence);
	}
	/* the infinitesimal jackknife knows no bounds */
	found.low = found.defined && found.low < (b ? -1 : 0) ? (b ? -1 : 0) : found.low;
	found.high = found.defined && found.high > 1 ? 1 : found.high;
	curves_free(&p.a);
	curves_free(&p.b);
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

/* ---- means: a draw of groups weighs each group's sum and number of rows alike ---- */

typedef struct {
	size_t units;
	double *sum, *count; /* (units) */
} unit_sums;

static metric mean_of(const void *context, const double *weight)
{
	const unit_sums *s = context;
	double total = 0, drawn = 0;
	for (size_t u = 0; u < s->units; u++) {
		total += (weight ? weight[u] : 1) * s->sum[u];
		drawn += (weight ? weight[u] : 1) * s->count[u];
	}
	return metric_is(total / drawn);
}

interval interval_of_mean(const double *value, size_t rows, const bootstrap *how)
{
	if (!rows || !how->resamples)
		return (interval){ .reason = rows ? "no resamples asked for" : reason_no_rows };
	uint32_t *unit_of = xcalloc(rows, sizeof *unit_of);
	unit_sums s = { .units = units_make(how->group, rows, unit_of) };
	s.sum = xcalloc(s.units, sizeof *s.sum);
	s.count = xcalloc(s.units, sizeof *s.count);
	for (size_t i = 0; i < rows; i++) {
		s.sum[unit_of[i]] += value[i];
		s.count[unit_of[i]]++;
	}
	double mean = mean_of(&s, NULL).value, *influence = xcalloc(s.units, sizeof *influence);
	for (size_t u = 0; u < s.units; u++)
		influence[u] = (s.sum[u] - mean * s.count[u]) / (double)rows;
	interval found = bootstrap_interval(&s, mean_of, influence, s.units, s.units, how);
	free(unit_of);
	free(s.sum);
	free(s.count);
	free(influence);
	return found;
}
