/* influence.c - the derivatives of the area under the ROC curve and of average precision by the rows' weights, at weights of 1. */

#include "report/curve.h"

#include "seqrec/memory.h"

#include <stdlib.h>

static void totals(const curve *c, double total[2])
{
	total[0] = total[1] = 0;
	for (size_t i = 0; i < c->rows; i++)
		total[c->positive[i]]++;
}

/* AUC = W / (P N): a positive adds the negatives below it (ties half) to W, a negative the positives above it. */
void curve_roc_auc_influence(const curve *c, double times, double *influence)
{
	double total[2], seen[2] = { 0, 0 }, area = curve_roc_auc(c, NULL).value;
	totals(c, total);
	for (size_t first = 0, end; first < c->rows; first = end) {
		double run[2] = { 0, 0 };
		for (end = first; end == first || !c->last[end - 1]; end++)
			run[c->positive[end]]++;
		double of_positive = ((total[0] - seen[0] - run[0]) + run[0] / 2) / total[0], of_negative = (seen[1] + run[1] / 2) / total[1];
		for (size_t i = first; i < end; i++)
			influence[c->unit[i]] += times * (c->positive[i] ? (of_positive - area) / total[1] : (of_negative - area) / total[0]);
		seen[0] += run[0];
		seen[1] += run[1];
	}
}

/* AP = sum over runs of r TP / (P (TP + FP)): a row's weight changes the precision of its own run and of all later ones. */
void curve_average_precision_influence(const curve *c, double times, double *influence)
{
	double total[2], later[2] = { 0, 0 }, run = 0, average = curve_average_precision(c, NULL).value;
	totals(c, total);
	double hits = total[1], misses = total[0];
	double *gain = xcalloc(c->rows + 1, sizeof *gain); /* by row, from its run's end to the curve's end */
	for (size_t end = c->rows; end > 0;) { /* from the last run to the first: hits and misses count all up to the run's end */
		size_t first = end - 1;
		for (run = c->positive[first]; first > 0 && !c->last[first - 1]; run += c->positive[first])
			first--;
		double all = hits + misses;
		later[1] += run * misses / (all * all);
		later[0] -= run * hits / (all * all);
		for (size_t i = first; i < end; i++)
			gain[i] = c->positive[i] ? hits / all + later[1] - average : later[0];
		hits -= run;
		misses -= (double)(end - first) - run;
		end = first;
	}
	for (size_t i = 0; i < c->rows; i++)
		influence[c->unit[i]] += times * gain[i] / total[1];
	free(gain);
}
