#include "seqrec/tensor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* One training step of a dense layer, a norm and a loss; returns the loss. */
static double step(runtime *rt, params *list, lane *l)
{
	static const uint32_t labels[3] = { 0, 1, 1 };
	static const float values[12] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
	lane_clear(l);
	runtime_begin(rt, l, 1, 1, 1);
	tensor *x = t_norm(runtime_input(rt, values, 3, 4), params_get(list, 1), params_get(list, 2));
	t_loss_classes(t_linear(x, params_get(list, 0), NULL), runtime_index(rt, labels, 3), NULL, 0, 1);
	assert_true(runtime_backward(rt));
	assert_true(runtime_status(rt, NULL));
	return runtime_loss(rt);
}

static void a_profile_counts_and_times_what_runs_and_changes_no_result(void **state)
{
	(void)state;
	params *list = params_new();
	param_new(list, PARAM_WEIGHT, 4, 2, INIT_XAVIER, 0, "w");
	param_new(list, PARAM_NORM, 1, 4, INIT_ONE, 0, "gain");
	param_new(list, PARAM_NORM, 1, 4, INIT_ZERO, 0, "bias");
	params_initialise(list, 1);
	runtime *rt = runtime_new(TENSOR_NATIVE, list, NULL);
	lane *l = lane_new(list);
	profile taken = { 0 };
	double plain = step(rt, list, l), gradient = (double)lane_gradient(l, params_get(list, 0))[3];
	runtime_profile(rt, &taken);
	assert_true(step(rt, list, l) == plain);
	assert_true((double)lane_gradient(l, params_get(list, 0))[3] == gradient);
	assert_true(taken.operations[PROFILE_PRODUCT] == 3 * 2 * 3 * 4 * 2); /* forward and two backward products of (3,4) and (4,2) */
	assert_true(taken.seconds[PROFILE_PRODUCT] > 0 && taken.seconds[PROFILE_NORM] > 0 && taken.seconds[PROFILE_LOSS] > 0);
	assert_true(taken.seconds[PROFILE_ATTENTION] == 0);
	profile before = taken;
	runtime_profile(rt, NULL);
	step(rt, list, l);
	assert_true(taken.operations[PROFILE_PRODUCT] == before.operations[PROFILE_PRODUCT] && taken.seconds[PROFILE_LOSS] == before.seconds[PROFILE_LOSS]);
	lane_free(l);
	runtime_free(rt);
	params_free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_profile_counts_and_times_what_runs_and_changes_no_result) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
