/* bootstrap.c - percentile (Efron 1979) and BCa (Efron 1987) intervals, and the infinitesimal jackknife (Jaeckel 1972; Efron 1982) where resampling would take minutes. */

#include "report/bootstrap.h"

#include "report/curve.h"

#include "seqrec/memory.h"
#include "seqrec/order.h"
#include "seqrec/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { JOB_DRAWS = 16 };

size_t units_make(const uint32_t *group, size_t rows, uint32_t *unit_of)
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

/* ---- draws ---- */

typedef struct {
	const void *context;
	resampled *of;
	size_t units;
	const bootstrap *how;
	double *value; /* (resamples) */
} drawing;

/* How often each unit is drawn in resample r: `units` draws with replacement. */
static void draw(uint64_t seed, size_t r, size_t units, double *weight)
{
	memset(weight, 0, units * sizeof *weight);
	for (size_t i = 0; i < units; i++)
		weight[random_below(seed, RANDOM_BOOTSTRAP, r, (uint32_t)i, (uint32_t)units)]++;
}

static void draw_some(void *context, size_t job, unsigned thread)
{
	drawing *d = context;
	size_t first = job * JOB_DRAWS, end = first + JOB_DRAWS < d->how->resamples ? first + JOB_DRAWS : d->how->resamples;
	double *weight = xcalloc(d->units + 1, sizeof *weight);
	(void)thread;
	for (size_t r = first; r < end; r++) {
		draw(d->how->seed, r, d->units, weight);
		metric one = d->of(d->context, weight);
		d->value[r] = one.defined ? one.value : (double)NAN;
	}
	free(weight);
}

double *bootstrap_values(const void *context, resampled *of, size_t units, const bootstrap *how)
{
	drawing d = { context, of, units, how, xcalloc(how->resamples + 1, sizeof *d.value) };
	size_t jobs = (how->resamples + JOB_DRAWS - 1) / JOB_DRAWS;
	if (how->pool)
		thread_pool_run(how->pool, jobs, draw_some, &d);
	else
		for (size_t job = 0; job < jobs; job++)
			draw_some(&d, job, 0);
	return d.value;
}

/* ---- intervals ---- */

/* Linear interpolation between order statistics, as numpy's default. */
static double quantile(const double *sorted, size_t count, double q)
{
	double at = q * (double)(count - 1);
	size_t below = (size_t)at;
	size_t above = below + 1 < count ? below + 1 : below;
	return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

static double power_sum(const double *influence, size_t units, int power)
{
	double sum = 0;
	for (size_t u = 0; u < units; u++)
		sum += power == 2 ? influence[u] * influence[u] : influence[u] * influence[u] * influence[u];
	return sum;
}

/* Where a percentile of the resamples has to be read: Efron 1987, formula (2.3). */
static double bca_share(double bias, double acceleration, double share)
{
	double z = bias + normal_quantile(share);
	return normal_below(bias + z / (1 - acceleration * z));
}

static interval bca(const double *sorted, size_t count, double value, const double *influence, size_t units, double tail)
{
	double below = 0, spread = power_sum(influence, units, 2);
	for (size_t i = 0; i < count; i++)
		below += sorted[i] < value ? 1 : sorted[i] == value ? .5 : 0;
	double share = below / (double)count, least = .5 / (double)count;
	double bias = normal_quantile(share < least ? least : share > 1 - least ? 1 - least : share);
	double acceleration = spread > 0 ? power_sum(influence, units, 3) / (6 * pow(spread, 1.5)) : 0;
	return (interval){ true, quantile(sorted, count, bca_share(bias, acceleration, tail)), quantile(sorted, count, bca_share(bias, acceleration, 1 - tail)), count, NULL };
}

static interval jackknife(double value, const double *influence, size_t units, double tail)
{
	double reach = sqrt(power_sum(influence, units, 2)) * normal_quantile(1 - tail);
	return (interval){ true, value - reach, value + reach, 0, NULL };
}

/* A metric that half of the resamples do not have says nothing about its spread. */
interval bootstrap_interval(const void *context, resampled *of, const double *influence, size_t units, size_t rows, const bootstrap *how)
{
	metric value = of(context, NULL);
	double tail = (1 - how->level) / 2;
	if (!how->resamples || !value.defined)
		return (interval){ .reason = how->resamples ? value.reason : "no resamples asked for" };
	if (how->most > 0 && (double)rows * (double)how->resamples > how->most)
		return jackknife(value.value, influence, units, tail);
	double *values = bootstrap_values(context, of, units, how);
	size_t count = 0;
	for (size_t r = 0; r < how->resamples; r++)
		if (!isnan(values[r]))
			values[count++] = values[r];
	qsort(values, count, sizeof *values, order_double);
	interval found = { .resamples = count, .reason = "not defined in most resamples" };
	if (count && 2 * count >= how->resamples && how->kind == INTERVAL_BCA)
		found = bca(values, count, value.value, influence, units, tail);
	else if (count && 2 * count >= how->resamples)
		found = (interval){ true, quantile(values, count, tail), quantile(values, count, 1 - tail), count, NULL };
	free(values);
	return found;
}
