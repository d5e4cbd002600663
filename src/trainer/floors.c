/* floors.c - what a model must beat: the majority, and logistic regression on aggregates and attributes. */
#include "evaluation.h"

#include "seqrec/logistic.h"
#include "seqrec/memory.h"

#include <stdlib.h>

static const double ridge = 1; /* scikit-learn's default C = 1 */

bool floor_majority(const samples *all, const uint32_t *train, size_t train_count, size_t count, double *score)
{
	double *share = xcalloc(all->classes, sizeof *share);
	/* with folds, of all rows: constants that differ from fold to fold would rank the folds, and a constant must not rank anything */
	size_t rows = all->folds ? all->count : train_count;
	for (size_t i = 0; i < rows; i++)
		share[all->item[all->folds ? i : train[i]].label] += 1 / (double)rows;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < all->classes; k++)
			score[i * all->classes + k] = share[k];
	free(share);
	return true;
}

static design design_of(const feature_table *t)
{
	return (design){ .rows = t->rows, .numbers = t->columns, .categories = t->categories, .number = t->columns ? t->number : NULL, .code = t->categories ? t->code : NULL, .size = t->code_rows };
}

bool floor_logistic(const features *f, const samples *all, const uint32_t *train, size_t train_count, const uint32_t *const rows[PARTS], const size_t count[PARTS], double *const score[PARTS],
                    sr_error *err)
{
	feature_table *table = features_table(f, all, train, train_count);
	design x = design_of(table);
	uint32_t *label = xcalloc(train_count, sizeof *label);
	float *weight = xcalloc(train_count, sizeof *weight);
	for (size_t i = 0; i < train_count; i++) {
		label[i] = all->item[train[i]].label;
		weight[i] = all->item[train[i]].weight;
	}
	logistic *fitted = logistic_fit(&x, label, weight, all->classes, ridge, err);
	for (size_t p = 0; fitted && p < PARTS; p++) {
		feature_table *part = features_table(f, all, rows[p], count[p]);
		design inputs = design_of(part);
		logistic_predict(fitted, &inputs, score[p]);
		feature_table_free(part);
	}
	bool done = fitted != NULL;
	logistic_free(fitted);
	feature_table_free(table);
	free(label);
	free(weight);
	return done;
}
