/* params_test.c - the list of parameters. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "seqrec/tensor.h"

static void parameters_are_found_by_name_and_number(void **state)
{
	(void)state;
	params *list = params_new();
	param *a = param_new(list, PARAM_WEIGHT, 2, 3, INIT_ZERO, 0, "block%d.%s", 4, "qkv");
	param *b = param_new(list, PARAM_TABLE, 5, 3, INIT_ZERO, 0, "items");
	assert_int_equal(params_count(list), 2);
	assert_string_equal(a->name, "block4.qkv");
	assert_ptr_equal(params_find(list, "items"), b);
	assert_ptr_equal(params_get(list, 0), a);
	assert_int_equal(b->number, 1);
	assert_null(params_find(list, "item"));
	assert_null(params_get(list, 2));
	assert_int_equal((uintptr_t)b->value % 64, 0);
	params_free(list);
}

static void initial_values_follow_the_name_and_not_the_order(void **state)
{
	(void)state;
	params *one = params_new(), *two = params_new();
	param *a = param_new(one, PARAM_WEIGHT, 4, 4, INIT_NORMAL, 1, "a");
	param_new(two, PARAM_WEIGHT, 4, 4, INIT_NORMAL, 1, "b");
	param *again = param_new(two, PARAM_WEIGHT, 4, 4, INIT_NORMAL, 1, "a");
	params_initialise(one, 1);
	params_initialise(two, 1);
	assert_memory_equal(a->value, again->value, 16 * sizeof *a->value);
	assert_memory_not_equal(a->value, params_get(two, 0)->value, 16 * sizeof *a->value);
	params_initialise(two, 2);
	assert_memory_not_equal(a->value, again->value, 16 * sizeof *a->value);
	params_free(one);
	params_free(two);
}

static void initial_values_have_the_asked_spread(void **state)
{
	(void)state;
	params *list = params_new();
	param *normal = param_new(list, PARAM_WEIGHT, 100, 100, INIT_NORMAL, 0.02, "normal");
	param *xavier = param_new(list, PARAM_WEIGHT, 100, 50, INIT_XAVIER, 9, "xavier");
	param *one = param_new(list, PARAM_NORM, 1, 7, INIT_ONE, 0, "one");
	params_initialise(list, 1);
	double square = 0, most = 0;
	for (size_t i = 0; i < 10000; i++)
		square += (double)normal->value[i] * (double)normal->value[i];
	for (size_t i = 0; i < 5000; i++)
		most = fmax(most, fabs((double)xavier->value[i]));
	assert_true(fabs(sqrt(square / 10000) / 0.02 - 1) < 0.05);
	assert_true(most <= 0.2 && most > 0.199); /* sqrt(6 / 150) */
	assert_true(one->value[0] == 1 && one->value[6] == 1);
	params_free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_are_found_by_name_and_number),
		cmocka_unit_test(initial_values_follow_the_name_and_not_the_order),
		cmocka_unit_test(initial_values_have_the_asked_spread),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
