/* L-BFGS on functions with known minima. */

#include "report/lbfgs.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* sum of (i + 1)^3 (x_i - i)^2: badly scaled on purpose */
static double bowl(void *context, const double *x, double *gradient)
{
	(void)context;
	double value = 0;
	for (size_t i = 0; i < 30; i++) {
		double steep = pow((double)i + 1, 3), off = x[i] - (double)i;
		value += steep * off * off;
		gradient[i] = 2 * steep * off;
	}
	return value;
}

static double rosenbrock(void *context, const double *x, double *gradient)
{
	(void)context;
	double a = 1 - x[0], b = x[1] - x[0] * x[0];
	gradient[0] = -2 * a - 400 * x[0] * b;
	gradient[1] = 200 * b;
	return a * a + 100 * b * b;
}

static void a_badly_scaled_bowl_is_reached_without_knowing_its_scale(void **state)
{
	(void)state;
	double x[30] = { 0 }, flat[30];
	for (size_t i = 0; i < 30; i++)
		flat[i] = 1;
	lbfgs_result r = lbfgs_minimise(&(lbfgs_problem){ bowl, NULL, 30, flat, 1e-9, 1000 }, x);
	assert_true(r.gradient <= 1e-9);
	assert_true(fabs(x[29] - 29) < 1e-9 && fabs(x[1] - 1) < 1e-9);
}

static void the_right_curvature_makes_it_one_step(void **state)
{
	(void)state;
	double x[30] = { 0 }, curvature[30];
	for (size_t i = 0; i < 30; i++)
		curvature[i] = 2 * pow((double)i + 1, 3);
	assert_true(lbfgs_minimise(&(lbfgs_problem){ bowl, NULL, 30, curvature, 1e-6, 1000 }, x).steps <= 2);
}

static void a_curved_valley_is_followed_to_its_end(void **state)
{
	(void)state;
	double x[2] = { -1.2, 1 }, flat[2] = { 1, 1 };
	lbfgs_minimise(&(lbfgs_problem){ rosenbrock, NULL, 2, flat, 1e-8, 1000 }, x);
	assert_true(fabs(x[0] - 1) < 1e-6 && fabs(x[1] - 1) < 1e-6);
}

static void steps_are_bounded(void **state)
{
	(void)state;
	double x[2] = { -1.2, 1 }, flat[2] = { 1, 1 };
	assert_int_equal(lbfgs_minimise(&(lbfgs_problem){ rosenbrock, NULL, 2, flat, 1e-8, 3 }, x).steps, 3);
}

static void a_start_at_the_minimum_stays(void **state)
{
	(void)state;
	double x[2] = { 1, 1 }, flat[2] = { 1, 1 };
	lbfgs_result r = lbfgs_minimise(&(lbfgs_problem){ rosenbrock, NULL, 2, flat, 1e-8, 9 }, x);
	assert_int_equal(r.steps, 0);
	assert_true(x[0] == 1 && r.value == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_badly_scaled_bowl_is_reached_without_knowing_its_scale),
		cmocka_unit_test(the_right_curvature_makes_it_one_step),
		cmocka_unit_test(a_curved_valley_is_followed_to_its_end),
		cmocka_unit_test(steps_are_bounded),
		cmocka_unit_test(a_start_at_the_minimum_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
