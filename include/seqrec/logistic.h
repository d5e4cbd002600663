#ifndef SEQREC_LOGISTIC_H
#define SEQREC_LOGISTIC_H
/* logistic.h - multinomial logistic regression on counted aggregates and attributes: the floor that a neural model must beat. In double precision,
 * deterministic. Minimises  sum_i weight_i * -log p(label_i | row_i) + l2 / 2 * |W|^2,  the intercepts unpenalised, numbers standardised first. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is known of each row. Category column j holds code[row * categories + j] < size[j], used one-hot. */
typedef struct {
	size_t rows, numbers, categories;
	const float *number;   /* (rows, numbers), finite; NULL when numbers is 0 */
	const uint32_t *code;  /* (rows, categories); NULL when categories is 0 */
	const uint32_t *size;  /* (categories) */
} design;

typedef struct logistic logistic;

/* NULL with an error when the design is not usable (a number that is not finite, a code or label out of range, no rows). weight: (rows) or NULL. */
logistic *logistic_fit(const design *x, const uint32_t *label, const float *weight, size_t classes, double l2, sr_error *err);

/* probability: (rows, classes). The design must have the same columns as the one fitted; a code that is out of range counts as none. */
void logistic_predict(const logistic *l, const design *x, double *probability);
void logistic_free(logistic *l); /* NULL ok */

/* For tests and reports: the loss reached, the largest absolute gradient, the steps taken. */
double logistic_objective(const logistic *l);
double logistic_gradient(const logistic *l);
size_t logistic_steps(const logistic *l);

#ifdef __cplusplus
}
#endif
#endif
