/* Parameters are named after fields, whose names are anybody's. */
#include "unit/encoder/packs.h"

#include "encoder/encoder.h"

static bool is_legal(const char *name)
{
	return *name && strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.") == strlen(name);
}

/* Names of the parameters of a model with these features as events and as attributes. */
static void assert_names(const char *const *field, size_t count)
{
	feature_shape *events = calloc(count, sizeof *events);
	for (size_t i = 0; i < count; i++)
		events[i] = (feature_shape){ field[i], i % 2 ? FEATURE_BAG : FEATURE_CODE, 5, 0, NULL, false };
	input_shape shape = { events, events, count, count, 1, 1, 2, false, 0, 0, 0 };
	model_settings settings = combination(1);
	model *m = model_new(&settings, &shape);
	const params *list = model_params(m);
	for (size_t i = 0; i < params_count(list); i++) {
		const param *p = params_get(list, i);
		if (!is_legal(p->name))
			fail_msg("\"%s\" is no name for a checkpoint", p->name);
		if (params_find(list, p->name) != p)
			fail_msg("two parameters are called %s", p->name);
	}
	model_free(m);
	free(events);
}

static void any_fields_name_gives_a_legal_parameter_name(void **state)
{
	(void)state;
	static const char *const fields[] = { "item", "item colour", "\xE9\xA2\x9C\xE8\x89\xB2", "price (EUR)", "a-b", "a.b", "\"", "" };
	assert_names(fields, sizeof fields / sizeof *fields);
}

static void fields_whose_names_are_near_have_tables_of_their_own(void **state)
{
	(void)state;
	static const char *const fields[] = { "a b", "a_b", "a.b", "ax2eb", "a_b_2", "\xC3\xA9", "xc3xa9" };
	assert_names(fields, sizeof fields / sizeof *fields);
}

static void a_field_may_be_called_like_a_part_of_the_model(void **state)
{
	(void)state;
	static const char *const fields[] = { "norm", "norm_bias", "numbers", "bias", "layer1", "layer1_bias", "widen0" };
	assert_names(fields, sizeof fields / sizeof *fields);
}

static void long_names_stay_apart(void **state)
{
	(void)state;
	char one[400], two[400];
	memset(one, 0xE9, sizeof one - 1);
	one[sizeof one - 1] = '\0';
	strcpy(two, one);
	two[sizeof two - 2] = 'b';
	assert_names((const char *const[]){ one, two }, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_fields_name_gives_a_legal_parameter_name),
		cmocka_unit_test(fields_whose_names_are_near_have_tables_of_their_own),
		cmocka_unit_test(a_field_may_be_called_like_a_part_of_the_model),
		cmocka_unit_test(long_names_stay_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
