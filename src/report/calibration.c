/* calibration.c - whether probabilities mean what they say: expected calibration error (Naeini, Cooper, Hauskrecht 2015), and the decision thresholds. */

#include "seqrec/metrics.h"

#include "report/curve.h"
#include "report/sum.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
	exact_sum weight, excess; /* excess: of scores over hits */
} calibration_bin;

/* Bins are [i/n, (i+1)/n), the last one closed. */
static size_t bin_of(double score, size_t bins)
{
	double at = floor(score * (double)bins);
	return at <= 0 ? 0 : at >= (double)bins ? bins - 1 : (size_t)at;
}

static void bin_add(calibration_bin *bin, double score, bool hit, double weight)
{
	sum_add(&bin->weight, weight);
	sum_add(&bin->excess, weight * (score - hit));
}

static metric bins_error(const calibration_bin *bin, size_t bins)
{
	double off = 0, total = 0;
	for (size_t i = 0; i < bins; i++) {
		off += fabs(sum_total(&bin[i].excess));
		total += sum_total(&bin[i].weight);
	}
	if (!(total > 0))
		return metric_undefined(reason_no_rows);
	return isfinite(off) ? metric_is(off / total) : metric_undefined(reason_not_finite);
}

metric metric_ece(const binary *b, size_t bins)
{
	calibration_bin *bin = xcalloc(bins, sizeof *bin);
	for (size_t i = 0; i < b->rows; i++) {
		double score = b->score[i * b->stride];
		bin_add(&bin[bin_of(score, bins)], score, b->label[i] == b->positive, b->weight ? b->weight[i] : 1);
	}
	metric m = bins_error(bin, bins);
	free(bin);
	return m;
}

metric metric_ece_top(const multiclass *m, size_t bins)
{
	calibration_bin *bin = xcalloc(bins, sizeof *bin);
	for (size_t i = 0; i < m->rows; i++) {
		const double *p = m->probability + i * m->classes;
		size_t top = 0;
		for (size_t k = 1; k < m->classes; k++)
			top = p[k] > p[top] ? k : top;
		bin_add(&bin[bin_of(p[top], bins)], p[top], m->label[i] == top, m->weight ? m->weight[i] : 1);
	}
	metric result = bins_error(bin, bins);
	free(bin);
	return result;
}

/* How good it is to call positive what holds `positives` of all positives and `negatives` of all negatives. */
typedef double decision_quality(double positives, double negatives, double all_positives, double all_negatives);

static double quality_f1(double positives, double negatives, double all_positives, double all_negatives)
{
	(void)all_negatives;
	return 2 * positives / (all_positives + positives + negatives);
}

static double quality_accuracy(double positives, double negatives, double all_positives, double all_negatives)
{
	(void)all_positives;
	return positives + all_negatives - negatives;
}

static void curve_total(const curve *c, const double *weight, double total[2])
{
	for (size_t i = 0; i < c->rows; i++)
		total[c->positive[i]] += weight ? weight[c->unit[i]] : 1;
}

/* Walks from the highest score down; only a strictly better one replaces, so that the highest of equals stays. */
static double best_score(const curve *c, const double *weight, const double total[2], decision_quality *quality)
{
	double seen[2] = { 0, 0 };
	double best = quality(0, 0, total[1], total[0]), at = nextafter(c->score[0], INFINITY);
	for (size_t i = 0; i < c->rows; i++) {
		seen[c->positive[i]] += weight ? weight[c->unit[i]] : 1;
		double here = c->last[i] ? quality(seen[1], seen[0], total[1], total[0]) : -1;
		if (here > best) {
			best = here;
			at = c->score[i];
		}
	}
	return at;
}

static metric threshold_best(const binary *b, decision_quality *quality, bool needs_positives)
{
	curve *c = curve_new(b);
	if (!c)
		return metric_undefined(reason_not_finite);
	double total[2] = { 0, 0 };
	curve_total(c, b->weight, total);
	metric m;
	if (!(total[0] + total[1] > 0))
		m = metric_undefined(reason_no_rows);
	else if (needs_positives && !(total[1] > 0))
		m = metric_undefined("no positives");
	else
		m = metric_is(best_score(c, b->weight, total, quality));
	curve_free(c);
	return m;
}

metric threshold_best_f1(const binary *b)
{
	return threshold_best(b, quality_f1, true);
}

metric threshold_best_accuracy(const binary *b)
{
	return threshold_best(b, quality_accuracy, false);
}
