/* calibrator.c - calibration maps: Platt 1999, isotonic regression by pool adjacent violators, temperature (Guo, Pleiss, Sun, Weinberger 2017). */

#include "seqrec/calibration.h"

#include "report/calibrator.h"
#include "report/curve.h"

#include "seqrec/memory.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double clip(double p)
{
	return p < DBL_EPSILON ? DBL_EPSILON : p > 1 - DBL_EPSILON ? 1 - DBL_EPSILON : p;
}

static double log_odds(double p)
{
	return log(clip(p)) - log1p(-clip(p));
}

/* ---- Platt: sigmoid(slope x + offset), by Newton's method with halving (Lin, Lin, Weng 2007), targets (N+ + 1) / (N+ + 2) and 1 / (N- + 2) ---- */

typedef struct {
	const binary *b;
	double target[2]; /* of a negative, of a positive */
} platt_rows;

static double target_of(const platt_rows *p, size_t i)
{
	return p->target[p->b->label[i] == p->b->positive];
}

static double platt_loss(const platt_rows *p, double slope, double offset)
{
	double sum = 0;
	for (size_t i = 0; i < p->b->rows; i++) {
		double x = slope * log_odds(p->b->score[i * p->b->stride]) + offset;
		sum += (x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))) - target_of(p, i) * x;
	}
	return sum;
}

static void platt_fit(const binary *b, map *m)
{
	double positives = 0, slope = 1, offset = 0;
	for (size_t i = 0; i < b->rows; i++)
		positives += b->label[i] == b->positive;
	platt_rows p = { b, { 1 / ((double)b->rows - positives + 2), (positives + 1) / (positives + 2) } };
	double loss = platt_loss(&p, slope, offset);
	for (int step = 0; step < 200; step++) {
		double g[2] = { 0, 0 }, h[3] = { 1e-12, 0, 1e-12 };
		for (size_t i = 0; i < b->rows; i++) {
			double x = log_odds(b->score[i * b->stride]), q = 1 / (1 + exp(-(slope * x + offset))), off = q - target_of(&p, i), spread = q * (1 - q);
			g[0] += off * x;
			g[1] += off;
			h[0] += spread * x * x;
			h[1] += spread * x;
			h[2] += spread;
		}
		double determinant = h[0] * h[2] - h[1] * h[1];
		double along[2] = { (h[2] * g[0] - h[1] * g[1]) / determinant, (h[0] * g[1] - h[1] * g[0]) / determinant }, length = 1;
		while (length > 1e-10 && !(platt_loss(&p, slope - length * along[0], offset - length * along[1]) <= loss))
			length /= 2;
		if (!isfinite(along[0]) || !isfinite(along[1]) || length <= 1e-10)
			break;
		slope -= length * along[0];
		offset -= length * along[1];
		loss = platt_loss(&p, slope, offset);
		if (fabs(length * along[0]) + fabs(length * along[1]) < 1e-12)
			break;
	}
	m->slope = slope;
	m->offset = offset;
}

/* ---- isotonic ---- */

/* Pools of rows, by ascending score; a pool whose mean is below that of the pool before is joined to it. Between the ends of the pools the map is linear. */
static void isotonic_fit(const binary *b, map *m)
{
	curve *c = curve_new(b);
	typedef struct {
		double low, high, hits, rows;
	} pool;
	pool *pools = xcalloc(b->rows + 1, sizeof *pools);
	size_t count = 0;
	for (size_t end = c ? c->rows : 0; end > 0;) { /* c is best first */
		size_t first = end - 1;
		double hits = c->positive[first];
		for (; first > 0 && !c->last[first - 1]; hits += c->positive[first])
			first--;
		pools[count++] = (pool){ c->score[first], c->score[first], hits, (double)(end - first) };
		while (count > 1 && pools[count - 2].hits * pools[count - 1].rows >= pools[count - 1].hits * pools[count - 2].rows) {
			pools[count - 2].high = pools[count - 1].high;
			pools[count - 2].hits += pools[count - 1].hits;
			pools[count - 2].rows += pools[count - 1].rows;
			count--;
		}
		end = first;
	}
	m->x = xcalloc(2 * count + 1, sizeof *m->x);
	m->y = xcalloc(2 * count + 1, sizeof *m->y);
	for (size_t i = 0; i < count; i++)
		for (int side = 0; side < 1 + (pools[i].high > pools[i].low); side++) {
			m->x[m->knots] = side ? pools[i].high : pools[i].low;
			m->y[m->knots++] = pools[i].hits / pools[i].rows;
		}
	free(pools);
	curve_free(c);
}

static double isotonic_at(const map *m, double x)
{
	size_t low = 0, high = m->knots;
	if (!m->knots || x <= m->x[0])
		return m->knots ? m->y[0] : x;
	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;
		if (m->x[middle] <= x)
			low = middle;
		else
			high = middle;
	}
	if (high == m->knots)
		return m->y[low];
	return m->y[low] + (x - m->x[low]) / (m->x[high] - m->x[low]) * (m->y[high] - m->y[low]);
}

/* ---- temperature: p^(1/T), scaled to sum to 1 ---- */

static void temper(double *p, size_t classes, double sharpness)
{
	double most = -INFINITY, sum = 0;
	for (size_t k = 0; k < classes; k++) {
		p[k] = sharpness * log(clip(p[k]));
		most = p[k] > most ? p[k] : most;
	}
	for (size_t k = 0; k < classes; k++)
		sum += p[k] = exp(p[k] - most);
	for (size_t k = 0; k < classes; k++)
		p[k] /= sum;
}

static double temper_loss(const multiclass *v, double sharpness, double *room)
{
	double loss = 0;
	for (size_t i = 0; i < v->rows; i++) {
		memcpy(room, v->probability + i * v->classes, v->classes * sizeof *room);
		temper(room, v->classes, sharpness);
		loss -= log(clip(room[v->label[i]]));
	}
	return loss;
}

/* The loss is convex in the sharpness 1/T: golden section on its logarithm. */
static double temperature_fit(const multiclass *v)
{
	double *room = xcalloc(v->classes + 1, sizeof *room), golden = (sqrt(5) - 1) / 2, low = log(.01), high = log(100);
	double a = high - golden * (high - low), b = low + golden * (high - low), at_a = temper_loss(v, exp(a), room), at_b = temper_loss(v, exp(b), room);
	for (int step = 0; step < 100 && high - low > 1e-10; step++) {
		bool left = at_a < at_b;
		high = left ? b : high;
		low = left ? low : a;
		b = left ? a : low + golden * (high - low);
		a = left ? high - golden * (high - low) : (low + high - b > b ? b : high - golden * (high - low));
		at_a = temper_loss(v, exp(a), room);
		at_b = temper_loss(v, exp(b), room);
	}
	free(room);
	return exp(-(low + high) / 2);
}

/* ---- all ---- */

calibrator *calibrator_fit(int kind, const multiclass *v, sr_error *err)
{
	size_t *rows = xcalloc(v->classes + 1, sizeof *rows);
	bool whole = v->rows > 0;
	for (size_t i = 0; i < v->rows; i++)
		rows[v->label[i]]++;
	for (size_t k = 0; k < v->classes; k++)
		whole = whole && rows[k];
	free(rows);
	if (!whole) {
		error_set(err, SR_DATA, "evaluate.calibration: the validation part has no rows of some class, so nothing can be fitted on it; use none, or a larger validation part");
		return NULL;
	}
	calibrator *c = xcalloc(1, sizeof *c);
	*c = (calibrator){ .kind = kind, .classes = v->classes, .temperature = 1, .of = xcalloc(v->classes + 1, sizeof *c->of) };
	if (kind == CALIBRATE_TEMPERATURE)
		c->temperature = temperature_fit(v);
	for (size_t k = v->classes == 2 ? 1 : 0; kind != CALIBRATE_TEMPERATURE && k < v->classes; k++)
		(kind == CALIBRATE_PLATT ? platt_fit : isotonic_fit)(&(binary){ v->probability + k, v->classes, v->label, (uint32_t)k, NULL, v->rows }, &c->of[k]);
	return c;
}

void calibrator_apply(const calibrator *c, double *probability, size_t rows)
{
	for (size_t i = 0; c && i < rows; i++) {
		double *p = probability + i * c->classes, sum = 0;
		if (c->kind == CALIBRATE_TEMPERATURE) {
			temper(p, c->classes, 1 / c->temperature);
			continue;
		}
		for (size_t k = c->classes == 2 ? 1 : 0; k < c->classes; k++) {
			p[k] = c->kind == CALIBRATE_ISOTONIC ? isotonic_at(&c->of[k], p[k]) : 1 / (1 + exp(-(c->of[k].slope * log_odds(p[k]) + c->of[k].offset)));
			sum += p[k];
		}
		if (c->classes == 2)
			p[0] = 1 - p[1];
		for (size_t k = 0; c->classes > 2 && k < c->classes; k++)
			p[k] = sum > 0 ? p[k] / sum : 1 / (double)c->classes;
	}
}

void calibrator_free(calibrator *c)
{
	for (size_t k = 0; c && k < c->classes; k++) {
		free(c->of[k].x);
		free(c->of[k].y);
	}
	if (c)
		free(c->of);
	free(c);
}
