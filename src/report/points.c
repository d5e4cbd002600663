/* points.c - ROC, precision-recall, gain, lift, calibration, histogram and threshold choices in one pass over rows sorted by score. */

#include "report/points.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Keeps a point once it lies a step away from the last one kept, by the longer side. */
static void point_add(points *p, double x, double y, bool last)
{
	const point *before = p->count ? &p->at[p->count - 1] : NULL;
	double step = 2.5 / POINTS_MOST; /* a monotone curve has at most 2 / step points */
	if (before && !last && fabs(x - before->x) < step && fabs(y - before->y) < step)
		return;
	if (p->count < POINTS_MOST || last)
		p->at[p->count++] = (point){ x, y };
}

/* Lift and precision jump about at the left: there the x step alone decides. */
static void point_add_even(points *p, double x, double y, bool last)
{
	const point *before = p->count ? &p->at[p->count - 1] : NULL;
	if (before && !last && x - before->x < 1.0 / POINTS_MOST)
		return;
	if (p->count < POINTS_MOST || last)
		p->at[p->count++] = (point){ x, y };
}

static void curves_add(picture *p, uint64_t hits, uint64_t alarms, bool last)
{
	double positives = (double)p->positives, negatives = (double)(p->rows - p->positives), taken = (double)(hits + alarms);
	double recall = (double)hits / positives, share = taken / (double)p->rows, precision = (double)hits / taken;
	point_add(&p->roc, (double)alarms / negatives, recall, last);
	point_add_even(&p->pr, recall, precision, last);
	point_add(&p->gain, share, recall, last);
	point_add_even(&p->lift, share, precision / (positives / (double)p->rows), last);
}

static size_t bin_of(double score, size_t bins)
{
	double at = floor(score * (double)bins);
	return at <= 0 ? 0 : at >= (double)bins ? bins - 1 : (size_t)at;
}

/* bin->mean is the mean already; brier: of the rows. */
static void decompose(picture *p, double brier)
{
	double base = (double)p->positives / (double)p->rows;
	for (size_t b = 0; b < CALIBRATION_BINS; b++) {
		const calibration_point *bin = &p->bin[b];
		double rows = (double)bin->rows / (double)p->rows, rate = bin->rows ? (double)bin->hits / (double)bin->rows : 0;
		p->reliability += rows * (bin->mean - rate) * (bin->mean - rate);
		p->resolution += rows * (rate - base) * (rate - base);
	}
	p->uncertainty = base * (1 - base);
	p->within = brier - (p->reliability - p->resolution + p->uncertainty);
}

static void walk(picture *p, const curve *c)
{
	uint64_t seen[2] = { 0, 0 }, run[2] = { 0, 0 };
	double squares = 0;
	point_add(&p->roc, 0, 0, false);
	point_add(&p->gain, 0, 0, false);
	for (size_t i = 0; i < c->rows; i++) {
		calibration_point *bin = &p->bin[bin_of(c->score[i], CALIBRATION_BINS)];
		p->histogram[c->positive[i]][bin_of(c->score[i], HISTOGRAM_BINS)]++;
		bin->rows++;
		bin->hits += c->positive[i];
		bin->mean += c->score[i];
		squares += (c->score[i] - c->positive[i]) * (c->score[i] - c->positive[i]);
		run[c->positive[i]]++;
		if (!c->last[i])
			continue;
		seen[0] += run[0];
		seen[1] += run[1];
		curves_add(p, seen[1], seen[0], i + 1 == c->rows);
		run[0] = run[1] = 0;
	}
	for (size_t b = 0; b < CALIBRATION_BINS; b++)
		p->bin[b].mean /= p->bin[b].rows ? (double)p->bin[b].rows : 1;
	decompose(p, squares / (double)p->rows);
}

static void choice_add(picture *p, const curve *c, const char *name, double threshold)
{
	size_t low = 0, high = c->rows; /* the first row below the threshold */
	choice one = { name, threshold, 0, 0 };
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (c->score[middle] >= threshold)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = 0; i < low; i++)
		one.hits += c->positive[i];
	one.alarms = low - one.hits;
	p->choice[p->choices++] = one;
}

static int highest_first(const void *left, const void *right)
{
	const choice *a = left, *b = right;
	return a->threshold > b->threshold ? -1 : a->threshold < b->threshold;
}

static void choose(picture *p, const curve *c, double threshold)
{
	static const struct {
		const char *name;
		double share;
	} tops[] = { { "top 1 %", .01 }, { "top 5 %", .05 }, { "top 10 %", .1 }, { "top 20 %", .2 }, { "top 50 %", .5 } };
	for (size_t i = 0; i < sizeof tops / sizeof *tops; i++) {
		size_t rows = (size_t)ceil(tops[i].share * (double)c->rows);
		choice_add(p, c, tops[i].name, c->score[rows ? rows - 1 : 0]);
	}
	for (int tenth = 1; tenth < 10; tenth += 2)
		choice_add(p, c, "", tenth / 10.0);
	choice_add(p, c, "chosen", threshold);
	qsort(p->choice, p->choices, sizeof *p->choice, highest_first);
}

picture *picture_new(const binary *b, double threshold)
{
	curve *c = curve_new(b);
	picture *p = xcalloc(1, sizeof *p);
	p->rows = b->rows;
	for (size_t i = 0; c && i < b->rows; i++)
		p->positives += c->positive[i];
	if (c && p->positives && p->positives < p->rows) {
		walk(p, c);
		choose(p, c, threshold);
	} else {
		free(p);
		p = NULL;
	}
	curve_free(c);
	return p;
}
