/* y, against its equation, and whose table the candidate uses. */
#include "unit/encoder/bench.h"

static void attributes_of_depth_0_are_linear(void **state)
{
	(void)state;
	const feature_shape age = { "age", FEATURE_NUMBER, 0, 2, NULL, false };
	const input_shape shape = { NULL, &age, 0, 1, 0, 2, 2, false, 0, 0, 0 };
	params *list = params_new();
	model_settings settings = combination(0);
	settings.attribute_depth = 0;
	attribute_encoder a;
	attributes_new(&a, list, &settings, &shape, NULL);
	params_initialise(list, 1);
	params_find(list, "attributes.bias")->value[0] = (real)-7;
	const real *numbers = params_find(list, "attributes.numbers")->value;
	runtime *rt = runtime_new(TENSOR_NATIVE, list, NULL);
	float values[2] = { 3, -2 }, y[A];
	pack p = { .samples = 1, .sample_number = values };
	runtime_begin(rt, NULL, 1, 0, 0);
	assert_true(tensor_read(attributes_forward(&a, rt, &p), y));
	for (size_t j = 0; j < A; j++) /* no relu: -7 stays */
		assert_near(y[j], 3 * (double)numbers[j] - 2 * (double)numbers[A + j] - (j == 0 ? 7 : 0));
	runtime_free(rt);
	attributes_free(&a);
	params_free(list);
}

static void the_candidate_uses_the_table_of_the_events_items(void **state)
{
	(void)state;
	model_settings settings = combination(1);
	model *m = model_of(&settings, &hand_shape);
	assert_null(params_find(model_params(m), "attributes.candidate"));
	assert_non_null(params_find(model_params(m), "attributes.widen0"));
	model_free(m);
	settings = combination(0); /* without a sequence there is no such table */
	m = model_of(&settings, &hand_shape);
	assert_non_null(params_find(model_params(m), "attributes.candidate"));
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attributes_of_depth_0_are_linear),
		cmocka_unit_test(the_candidate_uses_the_table_of_the_events_items),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
