/* prior.c - what class weights and drawn negatives do to the prior of the classes. */
#include "member.h"

#include "seqrec/memory.h"
#include "seqrec/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t member_drawn(const config *c, size_t positives, size_t negatives)
{
	double wanted = c->train.negatives_per_positive * (double)positives;
	wanted = wanted < 1 ? 1 : wanted; /* with none at all the prior could not be put right again */
	return c->train.negatives_per_positive > 0 && wanted < (double)negatives ? (size_t)wanted : negatives;
}

double *member_shift(const config *c, const samples *all, uint32_t fold, float **class_weight, sr_error *err)
{
	*class_weight = NULL;
	if (!all->classes)
		return xcalloc(1, sizeof(double));
	size_t count, *of_class = xcalloc(all->classes, sizeof *of_class);
	uint32_t *train = samples_select(all, c, fold, PART_TRAIN, &count);
	for (size_t i = 0; i < count; i++)
		of_class[all->item[train[i]].label]++;
	free(train);
	const strings *given = &c->train.class_weights;
	bool balanced = given->count == 1 && strcmp(given->item[0], "balanced") == 0, bad = given->count && !balanced && given->count != all->classes;
	double *shift = xcalloc(all->classes, sizeof *shift);
	*class_weight = given->count ? xcalloc(all->classes, sizeof **class_weight) : NULL;
	for (size_t k = 0; k < all->classes; k++) {
		double weight = balanced ? (double)count / ((double)all->classes * (double)(of_class[k] ? of_class[k] : 1)) : 1;
		if (given->count && !balanced && !bad)
			bad = !number_parse(given->item[k], strlen(given->item[k]), &weight) || weight <= 0;
		if (*class_weight)
			(*class_weight)[k] = (float)weight;
		shift[k] = log(weight);
	}
	if (all->classes == 2 && c->train.negatives_per_positive > 0 && of_class[0])
		shift[0] += log((double)member_drawn(c, of_class[1], of_class[0]) / (double)of_class[0]);
	free(of_class);
	if (!bad)
		return shift;
	error_set(err, SR_CONFIG, "train.class_weights: must be \"balanced\" or one positive number for each of the %zu classes", all->classes);
	free(shift);
	free(*class_weight);
	*class_weight = NULL;
	return NULL;
}
