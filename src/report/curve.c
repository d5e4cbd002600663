/* curve.c - the area under the ROC curve and average precision in one pass over rows sorted by score. */

#include "report/curve.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
	uint64_t key; /* ascending: best score first */
	uint32_t row;
} scored_row;

/* A double's bits, turned so that they order as unsigned numbers do, from the highest value down; both zeros alike. */
static uint64_t descending_key(double score)
{
	uint64_t bits;
	score += 0.0; /* -0 becomes 0 */
	memcpy(&bits, &score, sizeof bits);
	return bits >> 63 ? bits : ~bits & ~(UINT64_C(1) << 63);
}

/* Sorts by key, equal keys in their order: a million rows in a tenth of qsort's time. Bytes that all keys share cost no pass. */
static scored_row *radix_sort(scored_row *rows, scored_row *spare, size_t count)
{
	for (int shift = 0; shift < 64; shift += 8) {
		size_t start[257] = { 0 };
		for (size_t i = 0; i < count; i++)
			start[(rows[i].key >> shift & 255) + 1]++;
		if (count && start[(rows[0].key >> shift & 255) + 1] == count)
			continue;
		for (int b = 0; b < 256; b++)
			start[b + 1] += start[b];
		for (size_t i = 0; i < count; i++)
			spare[start[rows[i].key >> shift & 255]++] = rows[i];
		scored_row *sorted = spare;
		spare = rows;
		rows = sorted;
	}
	return rows;
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
	scored_row *one = xcalloc(b->rows + 1, sizeof *one), *other = xcalloc(b->rows + 1, sizeof *other);
	for (size_t i = 0; i < b->rows; i++)
		one[i] = (scored_row){ descending_key(b->score[i * b->stride]), (uint32_t)i };
	const scored_row *order = radix_sort(one, other, b->rows);

	curve *c = xcalloc(1, sizeof *c);
	c->rows = b->rows;
	c->unit = xcalloc(b->rows + 1, sizeof *c->unit);
	c->positive = xcalloc(b->rows + 1, 1);
	c->last = xcalloc(b->rows + 1, 1);
	c->score = xcalloc(b->rows + 1, sizeof *c->score);
	for (size_t i = 0; i < b->rows; i++) {
		c->unit[i] = order[i].row;
		c->score[i] = b->score[(size_t)order[i].row * b->stride];
		c->positive[i] = b->label[order[i].row] == b->positive;
		c->last[i] = i + 1 == b->rows || order[i + 1].key != order[i].key;
	}
	free(one);
	free(other);
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
