/* curve.c - the area under the ROC curve and average precision in one pass over rows sorted by score. */

#include "report/curve.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>

const char *const reason_not_finite = "a score is not a finite number";
const char *const reason_no_rows = "no rows";

metric metric_is(double value)
{
	return (metric){ .defined = true, .value = value };
}

metric metric_undefined(const char *reason)
{
	return (metric){ .reason = reason };
}

typedef struct {
	double score;
	uint32_t row;
} scored_row;

static int best_first(const void *left, const void *right)
{
	const scored_row *a = left, *b = right;
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

static bool scores_finite(const binary *b)
{
	for (size_t i = 0; i < b->rows; i++)
		if (!isfinite(b->score[i * b->stride]))
			return false;
	return true;
}

curve *curve_new(const binary *b)
{
	if (!scores_finite(b))
		return NULL;
	scored_row *order = xcalloc(b->rows + 1, sizeof *order);
	for (size_t i = 0; i < b->rows; i++)
		order[i] = (scored_row){ b->score[i * b->stride], (uint32_t)i };
	qsort(order, b->rows, sizeof *order, best_first);

	curve *c = xcalloc(1, sizeof *c);
	c->rows = b->rows;
	c->unit = xcalloc(b->rows + 1, sizeof *c->unit);
	c->positive = xcalloc(b->rows + 1, 1);
	c->last = xcalloc(b->rows + 1, 1);
	c->score = xcalloc(b->rows + 1, sizeof *c->score);
	for (size_t i = 0; i < b->rows; i++) {
		c->unit[i] = order[i].row;
		c->score[i] = order[i].score;
		c->positive[i] = b->label[order[i].row] == b->positive;
		c->last[i] = i + 1 == b->rows || order[i + 1].score != order[i].score;
	}
	free(order);
	return c;
}

void curve_free(curve *c)
{
	if (!c)
		return;
	free(c->unit);
	free(c->positive);
	free(c->last);
	free(c->score);
	free(c);
}

/* The Mann-Whitney statistic. Twice the number of won pairs is summed: whole numbers stay exact, so ties cost nothing in precision. */
metric curve_roc_auc(const curve *c, const double *weight)
{
	double positives = 0, negatives = 0, won = 0, run[2] = { 0, 0 };
	for (size_t i = 0; i < c->rows; i++) {
		run[c->positive[i]] += weight ? weight[c->unit[i]] : 1;
		if (!c->last[i])
			continue;
		won += run[0] * (2 * positives + run[1]);
		positives += run[1];
		negatives += run[0];
		run[0] = run[1] = 0;
	}
	if (!(positives > 0 && negatives > 0))
		return metric_undefined(c->rows ? "one class only" : reason_no_rows);
	return metric_is(won / (2 * positives * negatives));
}

metric curve_average_precision(const curve *c, const double *weight)
{
	double positives = 0, negatives = 0, sum = 0, run[2] = { 0, 0 };
	for (size_t i = 0; i < c->rows; i++) {
		run[c->positive[i]] += weight ? weight[c->unit[i]] : 1;
		if (!c->last[i])
			continue;
		positives += run[1];
		negatives += run[0];
		if (run[1] > 0)
			sum += run[1] * (positives / (positives + negatives));
		run[0] = run[1] = 0;
	}
	if (!(positives > 0))
		return metric_undefined(c->rows ? "no positives" : reason_no_rows);
	return metric_is(sum / positives);
}
