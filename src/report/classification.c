/* classification.c - confusion matrix, precision, recall and F1 as scikit-learn 1.2 computes them, to the last bit. */

#include "seqrec/metrics.h"

#include "seqrec/memory.h"

#include <assert.h>
#include <stdlib.h>

static double ratio(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

/* The operations in this order: rounding at a printed half must fall the same way. */
static double f1_of(double precision, double recall)
{
	double sum = precision + recall;
	return 2 * precision * recall / (sum > 0 ? sum : 1);
}

/* numpy's pairwise summation: macro averages of many classes must have the same last bit. */
static double pairwise_sum(const double *x, size_t n)
{
	if (n < 8) {
		double sum = 0;
		for (size_t i = 0; i < n; i++)
			sum += x[i];
		return sum;
	}
	if (n > 128) {
		size_t half = n / 2 - n / 2 % 8;
		return pairwise_sum(x, half) + pairwise_sum(x + half, n - half);
	}
	double r[8];
	size_t i = 8;
	for (size_t k = 0; k < 8; k++)
		r[k] = x[k];
	for (; i < n - n % 8; i += 8)
		for (size_t k = 0; k < 8; k++)
			r[k] += x[i + k];
	double sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
	for (; i < n; i++)
		sum += x[i];
	return sum;
}

static class_scores scores_of_class(const classification *c, size_t k)
{
	uint64_t support = 0, predicted = 0, hit = c->confusion[k * c->classes + k];
	for (size_t j = 0; j < c->classes; j++) {
		support += c->confusion[k * c->classes + j];
		predicted += c->confusion[j * c->classes + k];
	}
	double precision = ratio((double)hit, (double)predicted), recall = ratio((double)hit, (double)support);
	return (class_scores){ precision, recall, f1_of(precision, recall), support };
}

typedef double score_part(const class_scores *s);
static double part_precision(const class_scores *s) { return s->precision; }
static double part_recall(const class_scores *s) { return s->recall; }
static double part_f1(const class_scores *s) { return s->f1; }

static double average(const classification *c, score_part *part, bool weighted)
{
	double *term = xcalloc(c->classes + 1, sizeof *term);
	for (size_t k = 0; k < c->classes; k++)
		term[k] = part(&c->of_class[k]) * (weighted ? (double)c->of_class[k].support : 1);
	double sum = ratio(pairwise_sum(term, c->classes), weighted ? (double)c->rows : (double)c->classes);
	free(term);
	return sum;
}

static class_scores averages(const classification *c, bool weighted)
{
	return (class_scores){ average(c, part_precision, weighted), average(c, part_recall, weighted), average(c, part_f1, weighted), c->rows };
}

classification *classification_new(const uint32_t *label, const uint32_t *predicted, size_t rows, size_t classes)
{
	classification *c = xcalloc(1, sizeof *c);
	c->classes = classes;
	c->rows = rows;
	c->confusion = xcalloc(classes * classes + 1, sizeof *c->confusion);
	c->of_class = xcalloc(classes + 1, sizeof *c->of_class);
	uint64_t hits = 0;
	for (size_t i = 0; i < rows; i++) {
		assert(label[i] < classes && predicted[i] < classes);
		c->confusion[label[i] * classes + predicted[i]]++;
		hits += label[i] == predicted[i];
	}
	for (size_t k = 0; k < classes; k++)
		c->of_class[k] = scores_of_class(c, k);
	c->macro = averages(c, false);
	c->weighted = averages(c, true);
	c->accuracy = ratio((double)hits, (double)rows);
	return c;
}

void classification_free(classification *c)
{
	if (!c)
		return;
	free(c->confusion);
	free(c->of_class);
	free(c);
}
