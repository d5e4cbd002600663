/* numbers.c - scaling, quantile buckets and piecewise linear encoding of numbers, fitted on training rows.
 * Piecewise linear encoding: Gorishniy, Rubachev, Babenko, "On embeddings for numerical features in tabular deep learning", NeurIPS 2022, equation 1. */
#include "feature.h"

#include "seqrec/memory.h"
#include "seqrec/order.h"

#include <math.h>
#include <stdlib.h>

static float prepared(const feature *f, float value)
{
	return f->transform == TRANSFORM_LOG1P ? copysignf(log1pf(fabsf(value)), value) : value;
}

static void fit_scale(feature *f, const float *values, size_t count)
{
	double sum = 0, square = 0;
	for (size_t i = 0; i < count; i++)
		sum += (double)prepared(f, values[i]);
	f->mean = count ? sum / (double)count : 0;
	for (size_t i = 0; i < count; i++)
		square += pow((double)prepared(f, values[i]) - f->mean, 2);
	f->deviation = count ? sqrt(square / (double)count) : 1;
	if (f->deviation < 1e-12)
		f->deviation = 1;
}

/* Distinct quantiles: edge[0] is the least value, the last edge the greatest. */
static void fit_edges(feature *f, float *values, size_t count, int64_t buckets)
{
	qsort(values, count, sizeof *values, order_float);
	f->edge = xcalloc((size_t)buckets + 1, sizeof *f->edge);
	f->edges = 0;
	for (int64_t b = 0; count && b <= buckets; b++) {
		float edge = values[(size_t)((double)b / (double)buckets * (double)(count - 1) + 0.5)];
		if (!f->edges || edge > f->edge[f->edges - 1])
			f->edge[f->edges++] = edge;
	}
	if (!f->edges)
		f->edge[f->edges++] = 0;
}

void number_fit(feature *f, float *values, size_t count, int64_t buckets)
{
	size_t known = 0;
	for (size_t i = 0; i < count; i++)
		if (!isnan(values[i]))
			values[known++] = values[i];
	f->flag = known < count;
	f->deviation = 1;
	if (f->transform == TRANSFORM_STANDARD || f->transform == TRANSFORM_LOG1P)
		fit_scale(f, values, known);
	else if (f->transform == TRANSFORM_BUCKETS || f->transform == TRANSFORM_PIECEWISE)
		fit_edges(f, values, known, buckets);
	f->columns = f->form == FEATURE_NUMBER ? number_columns(f) : 0;
	f->rows = f->form == FEATURE_CODE ? f->edges + 1 : 0;
}

uint32_t number_columns(const feature *f)
{
	uint32_t values = f->transform == TRANSFORM_PIECEWISE ? (f->edges > 1 ? f->edges - 1 : 1) : 1;
	return values + f->flag;
}

/* Column b: 0 below its interval, 1 above, the fraction inside. */
static void piecewise(const feature *f, float value, float *out)
{
	if (f->edges == 1)
		out[0] = value > f->edge[0];
	for (uint32_t b = 0; b + 1 < f->edges; b++) {
		float part = (value - f->edge[b]) / (f->edge[b + 1] - f->edge[b]);
		out[b] = part < 0 ? 0 : part > 1 ? 1 : part;
	}
}

void number_apply(const feature *f, float value, float *out)
{
	uint32_t columns = number_columns(f);
	for (uint32_t i = 0; i < columns; i++)
		out[i] = 0;
	if (isnan(value)) {
		if (f->flag)
			out[columns - 1] = 1;
		return;
	}
	if (f->transform == TRANSFORM_PIECEWISE) {
		piecewise(f, value, out);
	} else if (f->transform == TRANSFORM_NONE) {
		out[0] = value;
	} else {
		float scaled = (float)(((double)prepared(f, value) - f->mean) / f->deviation);
		out[0] = scaled > 10 ? 10 : scaled < -10 ? -10 : scaled; /* one wild value must not drown the rest */
	}
}

uint32_t number_bucket(const feature *f, float value)
{
	if (isnan(value))
		return 0;
	uint32_t low = 0, high = f->edges - 1;
	while (low < high) {
		uint32_t middle = (low + high + 1) / 2;
		if (f->edge[middle] <= value)
			low = middle;
		else
			high = middle - 1;
	}
	return low + 1;
}
