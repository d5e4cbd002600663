/* The logistic floor: scikit-learn's optimum, determinism, refusals. */

#include "seqrec/logistic.h"

#include "golden/logistic_golden.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint32_t sizes[LOGISTIC_CATEGORIES] = { 4, 3 };
static const design golden = { LOGISTIC_ROWS, LOGISTIC_NUMBERS, LOGISTIC_CATEGORIES, logistic_number, logistic_code, sizes };

static void assert_probabilities(const uint32_t *label, const float *weight, size_t classes, const double *want)
{
	sr_error err = { 0 };
	static double probability[LOGISTIC_ROWS * 3];
	logistic *l = logistic_fit(&golden, label, weight, classes, logistic_l2, &err);
	assert_non_null(l);
	assert_true(logistic_gradient(l) <= 1e-6);
	logistic_predict(l, &golden, probability);
	for (size_t i = 0; i < LOGISTIC_SHOWN * classes; i++)
		assert_true(fabs(probability[i] - want[i]) < 1e-4);
	logistic_free(l);
}

static void two_classes_reach_scikit_learns_optimum(void **state)
{
	(void)state;
	assert_probabilities(logistic_label, NULL, 2, logistic_two);
}

static void weights_of_rows_reach_scikit_learns_optimum(void **state)
{
	(void)state;
	assert_probabilities(logistic_label, logistic_weight, 2, logistic_two_weighted);
}

static void three_classes_reach_scikit_learns_optimum(void **state)
{
	(void)state;
	assert_probabilities(logistic_label3, NULL, 3, logistic_three);
}

static void two_fits_are_equal_to_the_last_bit(void **state)
{
	(void)state;
	static double a[LOGISTIC_ROWS * 2], b[LOGISTIC_ROWS * 2];
	for (int turn = 0; turn < 2; turn++) {
		logistic *l = logistic_fit(&golden, logistic_label, NULL, 2, 1, NULL);
		logistic_predict(l, &golden, turn ? b : a);
		logistic_free(l);
	}
	assert_memory_equal(a, b, sizeof a);
}

static void probabilities_sum_to_one_even_far_out(void **state)
{
	(void)state;
	float far[LOGISTIC_NUMBERS] = { 1e6f, -1e6f, 0, 3 };
	design one = { 1, LOGISTIC_NUMBERS, LOGISTIC_CATEGORIES, far, logistic_code, sizes };
	logistic *l = logistic_fit(&golden, logistic_label3, NULL, 3, 1, NULL);
	double p[3];
	logistic_predict(l, &one, p);
	assert_true(fabs(p[0] + p[1] + p[2] - 1) < 1e-12);
	logistic_free(l);
}

static void a_category_not_seen_while_fitting_counts_as_none(void **state)
{
	(void)state;
	uint32_t known[LOGISTIC_CATEGORIES] = { 0, 0 }, unknown[LOGISTIC_CATEGORIES] = { 99, 99 };
	design a = { 1, LOGISTIC_NUMBERS, LOGISTIC_CATEGORIES, logistic_number, known, sizes };
	design b = a;
	b.code = unknown;
	logistic *l = logistic_fit(&golden, logistic_label, NULL, 2, 1, NULL);
	double p[2], q[2];
	logistic_predict(l, &a, p);
	logistic_predict(l, &b, q);
	assert_true(isfinite(q[1]) && p[1] != q[1]);
	logistic_free(l);
}

static void one_class_alone_is_fitted_to_its_certainty(void **state)
{
	(void)state;
	static uint32_t all_one[LOGISTIC_ROWS];
	for (size_t i = 0; i < LOGISTIC_ROWS; i++)
		all_one[i] = 1;
	static double p[LOGISTIC_ROWS * 2];
	logistic *l = logistic_fit(&golden, all_one, NULL, 2, 1, NULL);
	logistic_predict(l, &golden, p);
	assert_true(p[1] > .99);
	logistic_free(l);
}

static void a_number_that_is_not_finite_is_refused_with_its_place(void **state)
{
	(void)state;
	float number[] = { 1, (float)NAN };
	design x = { 2, 1, 0, number, NULL, NULL };
	sr_error err = { 0 };
	assert_null(logistic_fit(&x, (uint32_t[]){ 0, 1 }, NULL, 2, 1, &err));
	assert_int_equal(err.code, SR_DATA);
	assert_non_null(strstr(err.text, "row 1, number 0"));
}

static void labels_and_codes_out_of_range_are_refused(void **state)
{
	(void)state;
	uint32_t code[] = { 2 }, size[] = { 2 };
	design x = { 1, 0, 1, NULL, code, size };
	sr_error err = { 0 };
	assert_null(logistic_fit(&x, (uint32_t[]){ 0 }, NULL, 2, 1, &err));
	assert_null(logistic_fit(&x, (uint32_t[]){ 2 }, NULL, 2, 1, &err));
	assert_int_equal(err.code, SR_INTERNAL);
}

static void no_rows_and_no_weight_are_refused(void **state)
{
	(void)state;
	sr_error err = { 0 }, other = { 0 };
	design none = golden;
	none.rows = 0;
	assert_null(logistic_fit(&none, logistic_label, NULL, 2, 1, &err));
	assert_int_equal(err.code, SR_DATA);
	static const float nothing[LOGISTIC_ROWS];
	assert_null(logistic_fit(&golden, logistic_label, nothing, 2, 1, &other));
	assert_int_equal(other.code, SR_DATA);
	logistic_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_classes_reach_scikit_learns_optimum),
		cmocka_unit_test(weights_of_rows_reach_scikit_learns_optimum),
		cmocka_unit_test(three_classes_reach_scikit_learns_optimum),
		cmocka_unit_test(two_fits_are_equal_to_the_last_bit),
		cmocka_unit_test(probabilities_sum_to_one_even_far_out),
		cmocka_unit_test(a_category_not_seen_while_fitting_counts_as_none),
		cmocka_unit_test(one_class_alone_is_fitted_to_its_certainty),
		cmocka_unit_test(a_number_that_is_not_finite_is_refused_with_its_place),
		cmocka_unit_test(labels_and_codes_out_of_range_are_refused),
		cmocka_unit_test(no_rows_and_no_weight_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
