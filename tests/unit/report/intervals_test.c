/* Bootstrap intervals: seeded, by group, paired. */

#include "seqrec/metrics.h"

#include "seqrec/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROWS = 300 };
static double good[ROWS * 2], poor[ROWS * 2];
static uint32_t label[ROWS], group[ROWS];

static int make_rows(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ROWS; i++) {
		label[i] = random_uniform(1, 1, i, 0) < .4;
		group[i] = 1000 - i / 3;
		double noise = random_normal(1, 2, i, 0);
		good[2 * i + 1] = 1 / (1 + exp(-(2. * label[i] - 1 + noise)));
		poor[2 * i + 1] = 1 / (1 + exp(-(.3 * label[i] - .1 + noise)));
		good[2 * i] = 1 - good[2 * i + 1];
		poor[2 * i] = 1 - poor[2 * i + 1];
	}
	return 0;
}

static multiclass rows_of(const double *score)
{
	return (multiclass){ score, label, NULL, ROWS, 2 };
}

static void the_interval_holds_the_value_and_narrows_with_the_level(void **state)
{
	(void)state;
	multiclass m = rows_of(good);
	binary b = { good + 1, 2, label, 1, NULL, ROWS };
	bootstrap wide = { .resamples = 400, .level = .95, .seed = 7 }, narrow = { .resamples = 400, .level = .5, .seed = 7 };
	interval outer = interval_of(&m, CURVE_ROC_AUC, &wide), inner = interval_of(&m, CURVE_ROC_AUC, &narrow);
	double auc = metric_roc_auc(&b).value;
	assert_true(outer.defined && outer.low < auc && auc < outer.high);
	assert_true(outer.low < inner.low && inner.high < outer.high);
	assert_int_equal(outer.resamples, 400);
}

static void the_same_seed_gives_the_same_interval_and_another_another(void **state)
{
	(void)state;
	multiclass m = rows_of(good);
	bootstrap seven = { .group = group, .resamples = 100, .level = .95, .seed = 7 }, eight = { .group = group, .resamples = 100, .level = .95, .seed = 8 };
	interval a = interval_of(&m, CURVE_AVERAGE_PRECISION, &seven), b = interval_of(&m, CURVE_AVERAGE_PRECISION, &seven);
	assert_true(a.low == b.low && a.high == b.high);
	assert_true(interval_of(&m, CURVE_AVERAGE_PRECISION, &eight).low != a.low);
}

/* Three equal copies of each row, drawn together, carry no more information than one. */
static void rows_of_one_group_are_drawn_together(void **state)
{
	(void)state;
	static double copies[ROWS * 2];
	static uint32_t labels[ROWS];
	for (uint32_t i = 0; i < ROWS; i++) {
		copies[2 * i] = good[2 * (i / 3)];
		copies[2 * i + 1] = good[2 * (i / 3) + 1];
		labels[i] = label[i / 3];
	}
	multiclass m = { copies, labels, NULL, ROWS, 2 };
	bootstrap grouped = { .group = group, .resamples = 300, .level = .95, .seed = 7 }, alone = { .resamples = 300, .level = .95, .seed = 7 };
	interval a = interval_of(&m, CURVE_ROC_AUC, &grouped), b = interval_of(&m, CURVE_ROC_AUC, &alone);
	assert_true(a.high - a.low > 1.4 * (b.high - b.low));
}

static void a_score_differs_from_itself_by_nothing(void **state)
{
	(void)state;
	multiclass m = rows_of(good);
	bootstrap how = { .group = group, .resamples = 50, .level = .95, .seed = 7 };
	interval i = interval_of_difference(&m, &m, CURVE_ROC_AUC, &how);
	assert_true(i.defined && i.low == 0 && i.high == 0);
}

static void a_clearly_better_score_has_a_difference_above_zero(void **state)
{
	(void)state;
	multiclass a = rows_of(good), b = rows_of(poor);
	bootstrap how = { .group = group, .resamples = 200, .level = .95, .seed = 7 };
	assert_true(interval_of_difference(&a, &b, CURVE_ROC_AUC, &how).low > 0);
	assert_true(interval_of_difference(&b, &a, CURVE_ROC_AUC, &how).high < 0);
}

static void what_most_resamples_do_not_have_is_undefined(void **state)
{
	(void)state;
	/* one row of each of three classes: two draws in nine have them all */
	multiclass m = { (double[]){ .5, .3, .2, .2, .6, .2, .1, .1, .8 }, (uint32_t[]){ 0, 1, 2 }, NULL, 3, 3 };
	bootstrap how = { .resamples = 200, .level = .95, .seed = 7 };
	interval i = interval_of(&m, CURVE_ROC_AUC, &how);
	assert_false(i.defined);
	assert_string_equal(i.reason, "not defined in most resamples");
	m.label = (uint32_t[]){ 0, 0, 0 };
	assert_string_equal(interval_of(&m, CURVE_ROC_AUC, &how).reason, "one class only");
}

static void nothing_asked_and_nothing_there_are_told_apart(void **state)
{
	(void)state;
	multiclass m = rows_of(good);
	bootstrap none = { .resamples = 0, .level = .95, .seed = 7 }, some = { .resamples = 5, .level = .95, .seed = 7 };
	assert_string_equal(interval_of(&m, CURVE_ROC_AUC, &none).reason, "no resamples asked for");
	m.rows = 0;
	assert_string_equal(interval_of(&m, CURVE_ROC_AUC, &some).reason, "no rows");
}

static void many_classes_use_the_macro_mean(void **state)
{
	(void)state;
	static double three[ROWS * 3];
	static uint32_t labels[ROWS];
	for (uint32_t i = 0; i < ROWS; i++) {
		labels[i] = random_below(1, 3, i, 0, 3);
		for (uint32_t k = 0; k < 3; k++)
			three[3 * i + k] = (labels[i] == k) + random_normal(1, 4, i, k);
	}
	multiclass m = { three, labels, NULL, ROWS, 3 };
	bootstrap how = { .resamples = 200, .level = .95, .seed = 7 };
	interval i = interval_of(&m, CURVE_ROC_AUC, &how);
	double auc = metric_roc_auc_macro(&m).value;
	assert_true(i.low < auc && auc < i.high);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_interval_holds_the_value_and_narrows_with_the_level),
		cmocka_unit_test(the_same_seed_gives_the_same_interval_and_another_another),
		cmocka_unit_test(rows_of_one_group_are_drawn_together),
		cmocka_unit_test(a_score_differs_from_itself_by_nothing),
		cmocka_unit_test(a_clearly_better_score_has_a_difference_above_zero),
		cmocka_unit_test(what_most_resamples_do_not_have_is_undefined),
		cmocka_unit_test(nothing_asked_and_nothing_there_are_told_apart),
		cmocka_unit_test(many_classes_use_the_macro_mean),
	};
	return cmocka_run_group_tests(tests, make_rows, NULL);
}
