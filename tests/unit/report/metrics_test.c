/* Metrics of scores and probabilities: scikit-learn's values, and what is not defined. */

#include "seqrec/metrics.h"

#include "golden/metrics_golden.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define assert_close(got, want) assert_true(fabs((got) - (want)) <= 1e-12)

static binary golden(const double *weight)
{
	return (binary){ golden_score, 1, golden_label, 1, weight, COUNT(golden_label) };
}

static void ties_count_one_half_in_the_roc_auc_as_in_scikit_learn(void **state)
{
	(void)state;
	binary b = golden(NULL), weighted = golden(golden_weight);
	assert_close(metric_roc_auc(&b).value, golden_roc_auc);
	assert_close(metric_roc_auc(&weighted).value, golden_roc_auc_weighted);
}

static void average_precision_takes_equal_scores_together(void **state)
{
	(void)state;
	binary b = golden(NULL), weighted = golden(golden_weight);
	assert_close(metric_average_precision(&b).value, golden_average_precision);
	assert_close(metric_average_precision(&weighted).value, golden_average_precision_weighted);
}

static void log_loss_of_a_certain_miss_is_clipped_and_finite(void **state)
{
	(void)state;
	double p[2 * COUNT(golden_label)];
	for (size_t i = 0; i < COUNT(golden_label); i++) {
		p[2 * i] = 1 - golden_score[i];
		p[2 * i + 1] = golden_score[i];
	}
	multiclass m = { p, golden_label, NULL, COUNT(golden_label), 2 };
	assert_close(metric_log_loss(&m).value, golden_log_loss);
	m.weight = golden_weight;
	assert_close(metric_log_loss(&m).value, golden_log_loss_weighted);
	multiclass miss = { (double[]){ 1, 0 }, (uint32_t[]){ 1 }, NULL, 1, 2 };
	assert_true(metric_log_loss(&miss).value > 36 && metric_log_loss(&miss).value < 36.1);
}

static void brier_is_the_mean_squared_distance(void **state)
{
	(void)state;
	binary b = golden(NULL), weighted = golden(golden_weight);
	assert_close(metric_brier(&b).value, golden_brier);
	assert_close(metric_brier(&weighted).value, golden_brier_weighted);
}

static void many_classes_are_averaged_one_against_the_rest(void **state)
{
	(void)state;
	multiclass m = { golden_score3, golden_label3, NULL, COUNT(golden_label3), 3 };
	assert_close(metric_roc_auc_macro(&m).value, golden_roc_auc3);
	assert_close(metric_average_precision_macro(&m).value, golden_average_precision3);
	assert_close(metric_log_loss(&m).value, golden_log_loss3);
	assert_close(metric_brier_sum(&m).value, golden_brier3);
}

static void one_column_of_a_matrix_is_read_by_its_stride(void **state)
{
	(void)state;
	binary b = { golden_score3 + 2, 3, golden_label3, 2, NULL, COUNT(golden_label3) };
	double column[COUNT(golden_label3)];
	for (size_t i = 0; i < COUNT(column); i++)
		column[i] = golden_score3[3 * i + 2];
	binary plain = { column, 1, golden_label3, 2, NULL, COUNT(golden_label3) };
	assert_close(metric_roc_auc(&b).value, metric_roc_auc(&plain).value);
}

static void one_class_alone_has_no_roc_auc_and_says_so(void **state)
{
	(void)state;
	binary b = { (double[]){ .1, .9 }, 1, (uint32_t[]){ 1, 1 }, 1, NULL, 2 };
	assert_false(metric_roc_auc(&b).defined);
	assert_string_equal(metric_roc_auc(&b).reason, "one class only");
	assert_true(metric_average_precision(&b).defined);
	b.positive = 0;
	assert_string_equal(metric_average_precision(&b).reason, "no positives");
}

static void a_class_whose_rows_weigh_nothing_is_not_there(void **state)
{
	(void)state;
	binary b = { (double[]){ .1, .9 }, 1, (uint32_t[]){ 0, 1 }, 1, (double[]){ 0, 1 }, 2 };
	assert_false(metric_roc_auc(&b).defined);
}

static void no_rows_leave_every_metric_undefined(void **state)
{
	(void)state;
	binary b = { (double[]){ 0 }, 1, (uint32_t[]){ 0 }, 1, NULL, 0 };
	multiclass m = { (double[]){ 0 }, (uint32_t[]){ 0 }, NULL, 0, 3 };
	assert_string_equal(metric_roc_auc(&b).reason, "no rows");
	assert_string_equal(metric_average_precision(&b).reason, "no rows");
	assert_string_equal(metric_brier(&b).reason, "no rows");
	assert_string_equal(metric_log_loss(&m).reason, "no rows");
	assert_false(metric_brier_sum(&m).defined);
	assert_string_equal(metric_roc_auc_macro(&m).reason, "no rows");
}

static void a_score_that_is_not_a_number_is_reported_not_computed_with(void **state)
{
	(void)state;
	binary b = { (double[]){ (double)NAN, .5 }, 1, (uint32_t[]){ 0, 1 }, 1, NULL, 2 };
	multiclass m = { (double[]){ (double)NAN, .5, .5, .5 }, (uint32_t[]){ 0, 1 }, NULL, 2, 2 };
	assert_false(metric_roc_auc(&b).defined);
	assert_non_null(metric_average_precision(&b).reason);
	assert_false(metric_brier(&b).defined);
	assert_false(metric_log_loss(&m).defined);
	assert_string_equal(metric_roc_auc_macro(&m).reason, metric_roc_auc(&b).reason);
}

static void a_class_without_rows_leaves_the_macro_mean_undefined(void **state)
{
	(void)state;
	multiclass m = { (double[]){ .5, .3, .2, .2, .5, .3 }, (uint32_t[]){ 0, 1 }, NULL, 2, 3 };
	assert_false(metric_roc_auc_macro(&m).defined);
	assert_string_equal(metric_roc_auc_macro(&m).reason, "a class without rows, or without others");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ties_count_one_half_in_the_roc_auc_as_in_scikit_learn),
		cmocka_unit_test(average_precision_takes_equal_scores_together),
		cmocka_unit_test(log_loss_of_a_certain_miss_is_clipped_and_finite),
		cmocka_unit_test(brier_is_the_mean_squared_distance),
		cmocka_unit_test(many_classes_are_averaged_one_against_the_rest),
		cmocka_unit_test(one_column_of_a_matrix_is_read_by_its_stride),
		cmocka_unit_test(one_class_alone_has_no_roc_auc_and_says_so),
		cmocka_unit_test(a_class_whose_rows_weigh_nothing_is_not_there),
		cmocka_unit_test(no_rows_leave_every_metric_undefined),
		cmocka_unit_test(a_score_that_is_not_a_number_is_reported_not_computed_with),
		cmocka_unit_test(a_class_without_rows_leaves_the_macro_mean_undefined),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
