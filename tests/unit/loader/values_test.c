#include "stores.h"

/* A store of one event whose column x holds `value`, as a field of this kind. */
static store *store_with(const char *value, const char *kind)
{
	char *content = text_format("user;item;time;x\na;1;1600000000;%s\n", value);
	char *data = text_format("\"events\": [{\"path\": \"a.csv\"}], \"fields\": [{\"name\": \"x\", %s}], \"max_bad_rows\": 1", kind);
	log_write("a.csv", content);
	store *s = store_of(data);
	free(content);
	free(data);
	return s;
}

/* The row is bad for this reason, so that nothing is left of the log. */
static void assert_bad_value(const char *value, const char *kind, const char *reason)
{
	char *content = text_format("user;item;time;x\na;1;1600000000;%s\nb;1;1600000000;\n", value);
	char *data = text_format("\"events\": [{\"path\": \"a.csv\"}], \"fields\": [{\"name\": \"x\", %s}], \"max_bad_rows\": 1", kind);
	log_write("a.csv", content);
	store *s = store_of(data);
	assert_int_equal(bad_rows(s, reason), 1);
	assert_int_equal(s->events, 1);
	store_close(s);
	free(content);
	free(data);
}

static void numbers_are_kept_as_floats(void **state)
{
	(void)state;
	store *s = store_with("-3.25e2", "\"kind\": \"number\"");
	assert_true(store_find_field(s, LEVEL_EVENT, "x")->number[0] == -325.0f);
	store_close(s);
}

static void texts_that_mean_no_value_are_missing(void **state)
{
	(void)state;
	static const char *const missing[] = { "", "NA", "NaN", "null", "\\N" };
	for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
		store *s = store_with(missing[i], "\"kind\": \"number\"");
		float x = store_find_field(s, LEVEL_EVENT, "x")->number[0];
		assert_true(x != x);
		store_close(s);
	}
	store *s = store_with("NA", "\"kind\": \"category\"");
	assert_int_equal(store_find_field(s, LEVEL_EVENT, "x")->code[0], 0);
	store_close(s);
}

static void what_is_no_finite_number_makes_a_bad_row(void **state)
{
	(void)state;
	static const char *const wrong[] = { "nan", "inf", "-Infinity", "1e39", "12abc", "0x10", "TRUE" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_bad_value(wrong[i], "\"kind\": \"number\"", "x is not a number");
}

static void categories_are_split_at_their_separator(void **state)
{
	(void)state;
	store *s = store_with("Drama||Sci Fi|Drama", "\"kind\": \"categories\", \"separator\": \"|\"");
	const store_field *x = store_find_field(s, LEVEL_EVENT, "x");
	assert_int_equal(x->start[1], 3);
	assert_string_equal(value_of(x->values, x->code[0]), "Drama");
	assert_string_equal(value_of(x->values, x->code[1]), "Sci Fi");
	assert_int_equal(x->code[2], x->code[0]);
	assert_int_equal(vocabulary_rows(x->values, x->code[0]), 2);
	store_close(s);
}

static void text_is_kept_as_terms(void **state)
{
	(void)state;
	store *s = store_with("Red shoes, RED", "\"kind\": \"text\"");
	const store_field *x = store_find_field(s, LEVEL_EVENT, "x");
	assert_int_equal(x->start[1], 3);
	assert_int_equal(vocabulary_count(x->values), 2);
	assert_string_equal(value_of(x->values, 1), "red");
	store_close(s);
}

static void vectors_may_be_written_in_brackets(void **state)
{
	(void)state;
	store *s = store_with("[1, 2.5,-3]", "\"kind\": \"vector\", \"width\": 3");
	const store_field *x = store_find_field(s, LEVEL_EVENT, "x");
	assert_int_equal(x->width, 3);
	assert_true(x->number[0] == 1.0f && x->number[1] == 2.5f && x->number[2] == -3.0f);
	store_close(s);
}

static void a_vector_of_another_width_is_bad(void **state)
{
	(void)state;
	assert_bad_value("1 2", "\"kind\": \"vector\", \"width\": 3", "x is not 3 numbers");
	assert_bad_value("1 2 3 4", "\"kind\": \"vector\", \"width\": 3", "x is not 3 numbers");
	assert_bad_value("1 2 x", "\"kind\": \"vector\", \"width\": 3", "x is not 3 numbers");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(numbers_are_kept_as_floats),
		LOADER_TEST(texts_that_mean_no_value_are_missing),
		LOADER_TEST(what_is_no_finite_number_makes_a_bad_row),
		LOADER_TEST(categories_are_split_at_their_separator),
		LOADER_TEST(text_is_kept_as_terms),
		LOADER_TEST(vectors_may_be_written_in_brackets),
		LOADER_TEST(a_vector_of_another_width_is_bad),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
