/* gradient_test.c - every operation's gradient against central differences, in f64. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cases.h"

enum { CHECKED = 160 /* elements of a parameter that are tried: all of a small one */ };
static const double step = 1e-5;

static double loss_at(runtime *rt, const params *list, const tensor_case *c, lane *l)
{
	lane_clear(l);
	runtime_begin(rt, l, 5, 9, 2);
	c->forward(rt, list);
	return runtime_loss(rt);
}

static double slope_at(runtime *rt, const params *list, const tensor_case *c, lane *l, real *x)
{
	real kept = *x;
	*x = kept + step;
	double above = loss_at(rt, list, c, l);
	*x = kept - step;
	double below = loss_at(rt, list, c, l);
	*x = kept;
	return (above - below) / (2 * step);
}

static void param_check(runtime *rt, const params *list, const tensor_case *c, lane *work, param *p, const real *gradient)
{
	size_t count = p->rows * p->cols, stride = count > CHECKED ? count / CHECKED : 1;
	double largest = 0;
	for (size_t i = 0; i < count; i++)
		largest = fmax(largest, fabs(gradient[i]));
	for (size_t i = 0; i < count; i += stride) {
		double slope = slope_at(rt, list, c, work, p->value + i), error = fabs(slope - gradient[i]);
		if (!(error <= 1e-6 * fmax(fabs(slope), 0.01 * largest) + 1e-9))
			fail_msg("%s: %s[%zu]: gradient %.12g, difference quotient %.12g", c->name, p->name, i, gradient[i], slope);
	}
}

static void gradients_equal_difference_quotients(void **state)
{
	const tensor_case *c = *state;
	params *list = case_parameters(c);
	sr_error err = { 0 };
	runtime *rt = runtime_new(TENSOR_NATIVE, list, &err);
	lane *analytic = lane_new(list), *work = lane_new(list);
	double loss = loss_at(rt, list, c, analytic);
	bool done = runtime_backward(rt);
	if (!runtime_status(rt, &err) || !done)
		fail_msg("%s: %s", c->name, err.text);
	assert_true(isfinite(loss) && loss != 0);
	assert_true(lane_loss(analytic) == loss);
	for (size_t i = 0; i < params_count(list); i++)
		param_check(rt, list, c, work, params_get(list, i), lane_gradient(analytic, params_get(list, i)));
	lane_free(work);
	lane_free(analytic);
	runtime_free(rt);
	params_free(list);
}

int main(void)
{
	struct CMUnitTest *tests = calloc(tensor_case_count, sizeof *tests);
	for (size_t i = 0; i < tensor_case_count; i++)
		tests[i] = (struct CMUnitTest){ .name = tensor_cases[i].name, .test_func = gradients_equal_difference_quotients,
			.initial_state = (void *)(uintptr_t)&tensor_cases[i] };
	int failed = _cmocka_run_group_tests("gradients equal difference quotients", tests, tensor_case_count, NULL, NULL);
	free(tests);
	return failed;
}
