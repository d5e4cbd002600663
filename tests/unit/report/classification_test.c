/* Confusion matrix, precision, recall, F1. */

#include "seqrec/metrics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint32_t truth[] = { 0, 0, 0, 1, 1 }, said[] = { 0, 0, 1, 1, 0 };

static void rows_are_true_classes_and_columns_predicted_ones(void **state)
{
	(void)state;
	classification *c = classification_new(truth, said, 5, 2);
	assert_int_equal(c->confusion[0], 2);
	assert_int_equal(c->confusion[1], 1); /* true 0, predicted 1 */
	assert_int_equal(c->confusion[2], 1);
	assert_int_equal(c->confusion[3], 1);
	classification_free(c);
}

static void precision_and_recall_divide_by_predicted_and_true_rows(void **state)
{
	(void)state;
	classification *c = classification_new(truth, said, 5, 2);
	assert_true(c->of_class[0].precision == 2. / 3);
	assert_true(c->of_class[1].recall == .5);
	assert_int_equal(c->of_class[0].support, 3);
	assert_true(fabs(c->accuracy - .6) < 1e-15);
	classification_free(c);
}

static void macro_f1_is_the_mean_of_the_classes_f1_and_weighted_by_support(void **state)
{
	(void)state;
	classification *c = classification_new(truth, said, 5, 2);
	double a = c->of_class[0].f1, b = c->of_class[1].f1;
	assert_true(fabs(c->macro.f1 - (a + b) / 2) < 1e-15);
	assert_true(fabs(c->weighted.f1 - (3 * a + 2 * b) / 5) < 1e-15);
	classification_free(c);
}

static void a_class_never_predicted_or_never_true_scores_zero(void **state)
{
	(void)state;
	classification *c = classification_new((uint32_t[]){ 0, 0 }, (uint32_t[]){ 0, 1 }, 2, 3);
	assert_true(c->of_class[1].precision == 0 && c->of_class[1].recall == 0 && c->of_class[1].f1 == 0);
	assert_true(c->of_class[2].f1 == 0);
	classification_free(c);
}

/* A sum of many classes goes through every branch of the pairwise summation. */
static void hundreds_of_classes_are_averaged_like_a_few(void **state)
{
	(void)state;
	enum { CLASSES = 300 };
	static uint32_t row[2 * CLASSES], guess[2 * CLASSES];
	for (uint32_t i = 0; i < 2 * CLASSES; i++) {
		row[i] = i / 2;
		guess[i] = i % 2 ? i / 2 : (i / 2 + 1) % CLASSES; /* one right, one wrong each */
	}
	classification *c = classification_new(row, guess, 2 * CLASSES, CLASSES);
	assert_true(fabs(c->macro.precision - .5) < 1e-15 && fabs(c->weighted.f1 - .5) < 1e-15);
	classification_free(c);
}

static void no_rows_give_zeros_not_nan(void **state)
{
	(void)state;
	classification *c = classification_new(truth, said, 0, 2);
	assert_true(c->accuracy == 0 && c->weighted.f1 == 0);
	classification_free(c);
	classification_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_true_classes_and_columns_predicted_ones),
		cmocka_unit_test(precision_and_recall_divide_by_predicted_and_true_rows),
		cmocka_unit_test(macro_f1_is_the_mean_of_the_classes_f1_and_weighted_by_support),
		cmocka_unit_test(a_class_never_predicted_or_never_true_scores_zero),
		cmocka_unit_test(hundreds_of_classes_are_averaged_like_a_few),
		cmocka_unit_test(no_rows_give_zeros_not_nan),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
