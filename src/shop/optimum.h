#ifndef SHOP_OPTIMUM_H
#define SHOP_OPTIMUM_H
/* optimum.h - the best reachable ROC AUC of samples whose true probabilities are known, in constant memory. */

#include <stddef.h>
#include <stdint.h>

typedef struct optimum optimum;
optimum *optimum_new(void);
void optimum_free(optimum *o); /* NULL ok */
void optimum_add(optimum *o, double probability, int bought);

typedef struct {
	uint64_t rows, positives;
	double auc;      /* of the probabilities against the labels drawn; NaN when one class is missing */
	double expected; /* of the probabilities against all labels that could have been drawn */
} optimum_value;
optimum_value optimum_of(const optimum *o);
#endif
