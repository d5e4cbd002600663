/* Calibration error and the choice of decision thresholds. */

#include "seqrec/metrics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define assert_close(got, want) assert_true(fabs((got) - (want)) <= 1e-12)

static void ece_weighs_each_bin_by_its_rows(void **state)
{
	(void)state;
	/* bin [0, .5): mean .2, rate 1/2; bin [.5, 1]: mean .9, rate 1 */
	binary b = { (double[]){ .1, .3, .9 }, 1, (uint32_t[]){ 0, 1, 1 }, 1, NULL, 3 };
	assert_close(metric_ece(&b, 2).value, (2 * .3 + 1 * .1) / 3);
}

static void a_probability_of_one_falls_into_the_last_bin(void **state)
{
	(void)state;
	binary b = { (double[]){ 1, 1 }, 1, (uint32_t[]){ 1, 0 }, 1, NULL, 2 };
	assert_close(metric_ece(&b, 10).value, .5);
}

static void weights_count_in_the_ece(void **state)
{
	(void)state;
	binary b = { (double[]){ .4, .4 }, 1, (uint32_t[]){ 0, 1 }, 1, (double[]){ 3, 1 }, 2 };
	assert_close(metric_ece(&b, 5).value, .15);
}

static void the_top_class_is_judged_by_its_own_probability(void **state)
{
	(void)state;
	multiclass m = { (double[]){ .7, .2, .1, .1, .2, .7 }, (uint32_t[]){ 0, 1 }, NULL, 2, 3 };
	assert_close(metric_ece_top(&m, 10).value, .2);
}

static void ece_without_rows_is_undefined(void **state)
{
	(void)state;
	binary b = { (double[]){ 0 }, 1, (uint32_t[]){ 0 }, 1, NULL, 0 };
	assert_string_equal(metric_ece(&b, 10).reason, "no rows");
}

static void a_score_of_nan_makes_the_ece_undefined(void **state)
{
	(void)state;
	binary b = { (double[]){ (double)NAN }, 1, (uint32_t[]){ 0 }, 1, NULL, 1 };
	assert_false(metric_ece(&b, 10).defined);
}

static void the_best_f1_threshold_is_a_score_that_occurs(void **state)
{
	(void)state;
	binary b = { (double[]){ .9, .8, .7, .6, .1 }, 1, (uint32_t[]){ 1, 0, 1, 0, 0 }, 1, NULL, 5 };
	assert_true(threshold_best_f1(&b).value == .7); /* F1 .8 against 2/3, 1/2, 2/3 */
}

static void of_equally_good_thresholds_the_highest_is_taken(void **state)
{
	(void)state;
	/* .9: tp 1 fp 0 of 2 -> 2/3;  .5: tp 2 fp 2 -> 4/6 */
	binary b = { (double[]){ .9, .7, .6, .5 }, 1, (uint32_t[]){ 1, 0, 0, 1 }, 1, NULL, 4 };
	assert_true(threshold_best_f1(&b).value == .9);
}

static void equal_scores_are_never_split_by_the_threshold(void **state)
{
	(void)state;
	binary b = { (double[]){ .5, .5, .5 }, 1, (uint32_t[]){ 1, 0, 0 }, 1, NULL, 3 };
	assert_true(threshold_best_f1(&b).value == .5);
	assert_true(threshold_best_accuracy(&b).value > .5);
}

static void accuracy_may_want_nothing_to_be_positive(void **state)
{
	(void)state;
	binary b = { (double[]){ .9, .1, .2 }, 1, (uint32_t[]){ 0, 1, 0 }, 1, NULL, 3 };
	assert_true(threshold_best_accuracy(&b).value == nextafter(.9, 2));
}

static void without_positives_there_is_no_best_f1(void **state)
{
	(void)state;
	binary b = { (double[]){ .9, .1 }, 1, (uint32_t[]){ 0, 0 }, 1, NULL, 2 };
	assert_string_equal(threshold_best_f1(&b).reason, "no positives");
	assert_true(threshold_best_accuracy(&b).defined);
	b.rows = 0;
	assert_string_equal(threshold_best_accuracy(&b).reason, "no rows");
}

static void weights_move_the_threshold(void **state)
{
	(void)state;
	binary b = { (double[]){ .9, .6, .3 }, 1, (uint32_t[]){ 1, 0, 1 }, 1, (double[]){ 1, .1, 10 }, 3 };
	assert_true(threshold_best_f1(&b).value == .3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ece_weighs_each_bin_by_its_rows),
		cmocka_unit_test(a_probability_of_one_falls_into_the_last_bin),
		cmocka_unit_test(weights_count_in_the_ece),
		cmocka_unit_test(the_top_class_is_judged_by_its_own_probability),
		cmocka_unit_test(ece_without_rows_is_undefined),
		cmocka_unit_test(a_score_of_nan_makes_the_ece_undefined),
		cmocka_unit_test(the_best_f1_threshold_is_a_score_that_occurs),
		cmocka_unit_test(of_equally_good_thresholds_the_highest_is_taken),
		cmocka_unit_test(equal_scores_are_never_split_by_the_threshold),
		cmocka_unit_test(accuracy_may_want_nothing_to_be_positive),
		cmocka_unit_test(without_positives_there_is_no_best_f1),
		cmocka_unit_test(weights_move_the_threshold),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
