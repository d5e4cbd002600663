/* The classification report, byte for byte as scikit-learn 1.2 prints it. */

#include "seqrec/metrics.h"

#include "golden/metrics_golden.h"

#include "seqrec/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Compares text and JSON of a golden case. */
static void check(const uint32_t *truth, const uint32_t *said, size_t rows, const char *const *name, size_t classes, int digits, const char *text,
                  const char *json)
{
	classification *c = classification_new(truth, said, rows, classes);
	char *ours = classification_text(c, name, digits), *ours_json = classification_json(c, name);
	assert_string_equal(ours, text);
	cJSON *got = cJSON_Parse(ours_json), *want = cJSON_Parse(json);
	assert_true(got && want && cJSON_Compare(got, want, true));
	cJSON_Delete(got);
	cJSON_Delete(want);
	free(ours);
	free(ours_json);
	classification_free(c);
}

#define CHECK(which, name, digits) \
	check(golden_##which##_true, golden_##which##_predicted, COUNT(golden_##which##_true), name, COUNT(name), digits, golden_##which##_text, golden_##which##_json)

static void two_classes_print_as_scikit_learn_prints_them(void **state)
{
	(void)state;
	const char *const name[] = { "ignore", "buy" };
	CHECK(two, name, 2);
}

static void names_are_padded_by_characters_not_bytes(void **state)
{
	(void)state;
	const char *const name[] = { "购买", "überlegen, dann kaufen", "não 🛒" };
	CHECK(unicode, name, 4);
}

static void a_class_without_support_has_zeros(void **state)
{
	(void)state;
	const char *const name[] = { "a", "b", "never true" };
	CHECK(support, name, 3);
}

static void many_digits_widen_the_first_column(void **state)
{
	(void)state;
	char text[14][16];
	const char *name[14];
	for (size_t k = 0; k < 14; k++) {
		snprintf(text[k], sizeof text[k], "class %zu", k);
		name[k] = text[k];
	}
	CHECK(many, name, 14);
}

static void counts_have_a_point_when_no_row_is_right_as_in_scikit_learn(void **state)
{
	(void)state;
	const char *const name[] = { "a", "b" };
	CHECK(none_right, name, 2);
}

static void a_name_with_quotes_stays_valid_json(void **state)
{
	(void)state;
	const char *const name[] = { "say \"hi\"", "back\\slash" };
	classification *c = classification_new((uint32_t[]){ 0, 1 }, (uint32_t[]){ 0, 1 }, 2, 2);
	char *json = classification_json(c, name);
	cJSON *tree = cJSON_Parse(json);
	assert_non_null(cJSON_GetObjectItemCaseSensitive(tree, "say \"hi\""));
	cJSON_Delete(tree);
	free(json);
	classification_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_classes_print_as_scikit_learn_prints_them),
		cmocka_unit_test(names_are_padded_by_characters_not_bytes),
		cmocka_unit_test(a_class_without_support_has_zeros),
		cmocka_unit_test(many_digits_widen_the_first_column),
		cmocka_unit_test(counts_have_a_point_when_no_row_is_right_as_in_scikit_learn),
		cmocka_unit_test(a_name_with_quotes_stays_valid_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
