/* Intervals, calibration and thresholds against scipy and scikit-learn (tests/golden/make_statistics.py). */

#include "seqrec/calibration.h"

#include "golden/statistics_golden.h"

#include "seqrec/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof array / sizeof *array)
enum { ROWS = COUNT(golden_calibration_label) };

static double two[2 * ROWS];

static int make_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		two[2 * i + 1] = golden_calibration_score[i];
		two[2 * i] = 1 - two[2 * i + 1];
	}
	return 0;
}

static multiclass rows_of(void)
{
	return (multiclass){ two, golden_calibration_label, NULL, ROWS, 2 };
}

static void assert_near(double a, double b, double off)
{
	if (!(fabs(a - b) <= off))
		fail_msg("%.17g is not %.17g", a, b);
}

static void exact_and_wilson_intervals_are_scipys(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden_shares) / 2; i++) {
		interval exact = interval_exact(golden_shares[2 * i], golden_shares[2 * i + 1], .95), wilson = interval_wilson(golden_shares[2 * i], golden_shares[2 * i + 1], .95);
		assert_near(exact.low, golden_exact[2 * i], 1e-9);
		assert_near(exact.high, golden_exact[2 * i + 1], 1e-9);
		assert_near(wilson.low, golden_wilson[2 * i], 1e-12);
		assert_near(wilson.high, golden_wilson[2 * i + 1], 1e-12);
	}
	assert_false(interval_exact(0, 0, .95).defined);
}

static void normal_quantiles_are_scipys(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden_quantile); i++)
		assert_near(normal_quantile(golden_quantile_at[i]), golden_quantile[i], 1e-11);
}

static void bootstrap_intervals_are_scipys_within_monte_carlo_error(void **state)
{
	(void)state;
	const struct {
		interval_kind kind;
		const double *mean, *auc;
	} kinds[] = { { INTERVAL_PERCENTILE, golden_mean_percentile, golden_auc_percentile }, { INTERVAL_BCA, golden_mean_bca, golden_auc_bca } };
	for (size_t i = 0; i < 2; i++) {
		bootstrap how = { NULL, 20000, .95, 3, kinds[i].kind, 0, NULL };
		interval mean = interval_of_mean(golden_mean_value, COUNT(golden_mean_value), &how);
		assert_near(mean.low, kinds[i].mean[0], .01);
		assert_near(mean.high, kinds[i].mean[1], .01);
		how.resamples = 4000;
		multiclass rows = rows_of();
		interval auc = interval_of(&rows, CURVE_ROC_AUC, &how);
		assert_near(auc.low, kinds[i].auc[0], .006);
		assert_near(auc.high, kinds[i].auc[1], .006);
	}
}

static void threads_change_no_bit_of_an_interval(void **state)
{
	(void)state;
	multiclass rows = rows_of();
	bootstrap how = { NULL, 333, .95, 3, INTERVAL_BCA, 0, NULL };
	interval alone = interval_of(&rows, CURVE_AVERAGE_PRECISION, &how);
	how.pool = thread_pool_new(3);
	interval many = interval_of(&rows, CURVE_AVERAGE_PRECISION, &how);
	assert_true(alone.low == many.low && alone.high == many.high);
	thread_pool_free(how.pool);
}

/* Where resampling would take minutes, the derivatives give nearly the same interval. */
static void the_infinitesimal_jackknife_is_near_the_bootstrap(void **state)
{
	(void)state;
	multiclass rows = rows_of();
	bootstrap draws = { NULL, 4000, .95, 3, INTERVAL_PERCENTILE, 0, NULL }, derivatives = { NULL, 4000, .95, 3, INTERVAL_PERCENTILE, 1, NULL };
	for (int what = CURVE_ROC_AUC; what <= CURVE_AVERAGE_PRECISION; what++) {
		interval a = interval_of(&rows, (curve_metric)what, &draws), b = interval_of(&rows, (curve_metric)what, &derivatives);
		assert_int_equal(b.resamples, 0);
		assert_near((b.high - b.low) / (a.high - a.low), 1, .08);
	}
}

static void calibrate(int kind, double *probability)
{
	multiclass rows = rows_of();
	sr_error err = { 0 };
	calibrator *c = calibrator_fit(kind, &rows, &err);
	assert_non_null(c);
	text stored = { 0 };
	calibrator_json(c, &stored);
	calibrator_free(c);
	cJSON *tree = cJSON_Parse(stored.data);
	c = calibrator_read(tree); /* what was stored is what is applied */
	assert_non_null(c);
	calibrator_apply(c, probability, kind == CALIBRATE_ISOTONIC ? COUNT(golden_isotonic_at) : ROWS);
	calibrator_free(c);
	cJSON_Delete(tree);
	text_free(&stored);
}

static void platt_is_scikit_learns(void **state)
{
	(void)state;
	double probability[2 * ROWS];
	memcpy(probability, two, sizeof two);
	calibrate(CALIBRATE_PLATT, probability);
	for (size_t i = 0; i < ROWS; i++)
		assert_near(probability[2 * i + 1], golden_platt[i], 1e-4); /* its optimizer stops early */
}

static void isotonic_is_scikit_learns(void **state)
{
	(void)state;
	double probability[2 * COUNT(golden_isotonic_at)];
	for (size_t i = 0; i < COUNT(golden_isotonic_at); i++)
		probability[2 * i + 1] = golden_isotonic_at[i];
	calibrate(CALIBRATE_ISOTONIC, probability);
	for (size_t i = 0; i < COUNT(golden_isotonic_at); i++)
		assert_near(probability[2 * i + 1], golden_isotonic[i], 1e-12);
}

static void temperature_is_scipys_minimum(void **state)
{
	(void)state;
	double probability[2 * ROWS], t = golden_temperature[0];
	memcpy(probability, two, sizeof two);
	calibrate(CALIBRATE_TEMPERATURE, probability);
	for (size_t i = 0; i < ROWS; i++) {
		double odds = log(two[2 * i + 1]) - log1p(-two[2 * i + 1]);
		assert_near(probability[2 * i + 1], 1 / (1 + exp(-odds / t)), 1e-6);
		assert_near(probability[2 * i] + probability[2 * i + 1], 1, 1e-12);
	}
}

static metric threshold(const char *word)
{
	static const double score[] = { .9, .8, .7, .6, .5, .4, .3, .2, .1, .05 };
	static const uint32_t label[] = { 1, 1, 0, 1, 0, 0, 1, 0, 0, 0 };
	binary b = { score, 1, label, 1, NULL, COUNT(score) };
	threshold_rule rule;
	assert_true(threshold_rule_read(word, &rule));
	return threshold_by(&b, &rule);
}

static void thresholds_follow_their_rule(void **state)
{
	(void)state;
	assert_true(threshold("0.25").value == .25);
	assert_true(threshold("precision:0.75").value == .6);
	assert_true(threshold("precision:1").value == .8);
	assert_true(threshold("top:0.3").value == .7);
	assert_true(threshold("top:1").value == .05);
	assert_true(threshold("cost:1:1").value == .8);
	assert_true(threshold("cost:1:10").value == .3);
	assert_true(threshold("cost:10:1").value == .8);
	assert_true(threshold("f1").value == .6);
}

static void a_rule_that_is_none_is_refused(void **state)
{
	(void)state;
	threshold_rule rule;
	for (const char *const *word = (const char *const[]){ "", "f2", "cost:1", "cost:-1:2", "cost:0:0", "precision:0", "precision:2", "top:", "1.5", NULL }; *word; word++)
		assert_false(threshold_rule_read(*word, &rule));
}

static void a_precision_that_nothing_reaches_is_undefined(void **state)
{
	(void)state;
	binary b = { (double[]){ .9, .8 }, 1, (uint32_t[]){ 0, 1 }, 1, NULL, 2 };
	metric found = threshold_by(&b, &(threshold_rule){ THRESHOLD_PRECISION, .9, 0 });
	assert_false(found.defined);
	assert_non_null(found.reason);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_and_wilson_intervals_are_scipys),
		cmocka_unit_test(normal_quantiles_are_scipys),
		cmocka_unit_test(bootstrap_intervals_are_scipys_within_monte_carlo_error),
		cmocka_unit_test(threads_change_no_bit_of_an_interval),
		cmocka_unit_test(the_infinitesimal_jackknife_is_near_the_bootstrap),
		cmocka_unit_test(platt_is_scikit_learns),
		cmocka_unit_test(isotonic_is_scikit_learns),
		cmocka_unit_test(temperature_is_scipys_minimum),
		cmocka_unit_test(thresholds_follow_their_rule),
		cmocka_unit_test(a_rule_that_is_none_is_refused),
		cmocka_unit_test(a_precision_that_nothing_reaches_is_undefined),
	};
	return cmocka_run_group_tests(tests, make_rows, NULL);
}
