/* Transforms of numbers against numpy. */
#include "unit/base/scratch.h"

#include "golden/numbers_golden.h"
#include "loader/feature.h"
#include "seqrec/memory.h"

#include <math.h>

/* Fits a feature on the golden column, with one missing value where asked for. */
static feature fitted(field_transform transform, feature_form form, bool missing)
{
	feature f = { .transform = transform, .form = form, .kind = KIND_NUMBER, .vocabulary = -1 };
	float values[NUMBERS_ROWS + 1];
	memcpy(values, numbers_fit, sizeof numbers_fit);
	values[NUMBERS_ROWS] = NAN;
	number_fit(&f, values, NUMBERS_ROWS + missing, NUMBERS_BUCKETS);
	return f;
}

static void assert_near(float x, double y)
{
	if (!(fabs((double)x - y) <= 1e-6 * fmax(1, fabs(y))))
		fail_msg("%.9g is not %.9g", (double)x, y);
}

static void standard_numbers_have_mean_0_and_deviation_1(void **state)
{
	(void)state;
	feature f = fitted(TRANSFORM_STANDARD, FEATURE_NUMBER, false);
	assert_int_equal(f.columns, 1);
	for (size_t i = 0; i < NUMBERS_PROBES; i++) {
		float out;
		number_apply(&f, numbers_probe[i], &out);
		assert_near(out, numbers_standard[i]);
	}
}

static void log1p_comes_before_the_scaling_and_keeps_the_sign(void **state)
{
	(void)state;
	feature f = fitted(TRANSFORM_LOG1P, FEATURE_NUMBER, false);
	for (size_t i = 0; i < NUMBERS_PROBES; i++) {
		float out;
		number_apply(&f, numbers_probe[i], &out);
		assert_near(out, numbers_log1p[i]);
	}
}

static void piecewise_columns_fill_up_interval_by_interval(void **state)
{
	(void)state;
	feature f = fitted(TRANSFORM_PIECEWISE, FEATURE_NUMBER, false);
	assert_int_equal(f.edges, NUMBERS_EDGES);
	assert_memory_equal(f.edge, numbers_edge, sizeof numbers_edge);
	assert_int_equal(f.columns, NUMBERS_EDGES - 1);
	for (size_t i = 0; i < NUMBERS_PROBES; i++) {
		float out[NUMBERS_EDGES];
		number_apply(&f, numbers_probe[i], out);
		for (size_t b = 0; b < NUMBERS_EDGES - 1; b++)
			assert_near(out[b], numbers_piecewise[i * (NUMBERS_EDGES - 1) + b]);
	}
	free(f.edge);
}

static void buckets_are_quantiles_that_coincide_once(void **state)
{
	(void)state;
	feature f = fitted(TRANSFORM_BUCKETS, FEATURE_CODE, false);
	assert_int_equal(f.rows, NUMBERS_EDGES + 1);
	for (size_t i = 0; i < NUMBERS_PROBES; i++)
		assert_int_equal(number_bucket(&f, numbers_probe[i]), numbers_bucket[i]);
	assert_int_equal(number_bucket(&f, NAN), 0);
	free(f.edge);
}

static void a_missing_value_has_a_column_of_its_own(void **state)
{
	(void)state;
	static const field_transform transforms[] = { TRANSFORM_STANDARD, TRANSFORM_LOG1P, TRANSFORM_PIECEWISE, TRANSFORM_NONE };
	for (size_t t = 0; t < 4; t++) {
		feature with = fitted(transforms[t], FEATURE_NUMBER, true), without = fitted(transforms[t], FEATURE_NUMBER, false);
		assert_int_equal(with.columns, without.columns + 1);
		assert_true(with.mean == without.mean && with.deviation == without.deviation); /* NaN is left out of the fit */
		float out[NUMBERS_EDGES + 1];
		number_apply(&with, NAN, out);
		for (uint32_t i = 0; i < with.columns; i++)
			assert_true(out[i] == (i + 1 == with.columns));
		number_apply(&with, 3, out);
		assert_true(out[with.columns - 1] == 0);
		number_apply(&without, NAN, out); /* never seen in training: no value */
		assert_true(out[0] == 0);
		free(with.edge);
		free(without.edge);
	}
}

static void no_transform_leaves_a_number_as_it_is(void **state)
{
	(void)state;
	feature f = fitted(TRANSFORM_NONE, FEATURE_NUMBER, false);
	float out;
	number_apply(&f, 35.5F, &out);
	assert_true(out == 35.5F);
	number_apply(&f, -1e6F, &out);
	assert_true(out == -1e6F);
}

static void a_constant_column_and_an_empty_one_are_harmless(void **state)
{
	(void)state;
	for (field_transform t = TRANSFORM_STANDARD; t <= TRANSFORM_NONE; t++)
		for (size_t count = 0; count < 3; count++) {
			feature f = { .transform = t, .form = t == TRANSFORM_BUCKETS ? FEATURE_CODE : FEATURE_NUMBER, .kind = KIND_NUMBER };
			float values[3] = { 7, 7, 7 }, out[4];
			number_fit(&f, values, count, 4);
			for (float v = 6; v < 9; v++) {
				if (f.form == FEATURE_CODE)
					assert_in_range(number_bucket(&f, v), 1, f.rows - 1);
				else
					number_apply(&f, v, out);
				assert_true(f.form == FEATURE_CODE || isfinite(out[0]));
			}
			free(f.edge);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(standard_numbers_have_mean_0_and_deviation_1),
		cmocka_unit_test(log1p_comes_before_the_scaling_and_keeps_the_sign),
		cmocka_unit_test(piecewise_columns_fill_up_interval_by_interval),
		cmocka_unit_test(buckets_are_quantiles_that_coincide_once),
		cmocka_unit_test(a_missing_value_has_a_column_of_its_own),
		cmocka_unit_test(no_transform_leaves_a_number_as_it_is),
		cmocka_unit_test(a_constant_column_and_an_empty_one_are_harmless),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
