/* Growing strings, UTF-8, JSON quoting, and "did you mean". */
#include "unit/base/scratch.h"

#include "seqrec/text.h"

static void texts_grow_and_stay_terminated(void **state)
{
	(void)state;
	text t = { 0 };
	for (int i = 0; i < 1000; i++)
		text_addf(&t, "%d,", i % 10);
	text_add(&t, "end");
	text_add_bytes(&t, "", 0);
	assert_int_equal(t.length, 2003);
	assert_int_equal(t.data[t.length], 0);
	assert_memory_equal(t.data + 1998, "9,end", 5);
	text_free(&t);
	assert_null(t.data);
	assert_int_equal(t.capacity, 0);
}

static void a_format_of_nothing_is_an_empty_string(void **state)
{
	(void)state;
	char *empty = text_format("%s", "");
	assert_string_equal(empty, "");
	free(empty);
}

static void well_formed_utf8_is_told_from_bytes(void **state)
{
	(void)state;
	static const char *const good[] = { "", "plain ASCII of more than eight bytes", "\xC3\xA9", "\xE6\x9D\xB1", "\xF0\x9F\x9B\x92", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80", "12345678\xC3\xA9" };
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(text_is_utf8(good[i], strlen(good[i])));
	static const char *const bad[] = { "\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xE6\x9D", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3\x28", "\xE6\x9D\x28", "12345678\xFF" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(text_is_utf8(bad[i], strlen(bad[i])));
	assert_true(text_is_utf8("a\0b", 3));
}

static void code_points_are_counted_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(text_code_points("a\xC3\xA9\xE6\x9D\xB1\xF0\x9F\x9B\x92", 10), 4);
}

static void json_strings_are_escaped(void **state)
{
	(void)state;
	text t = { 0 };
	text_add_json(&t, "a\"b\\c\n\t\r\b\f\x01\x7F/\xE6\x9D\xB1", 16);
	assert_string_equal(t.data, "\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u0001\\u007f/\xE6\x9D\xB1\"");
	text_free(&t);
}

static void bytes_that_are_not_utf8_become_the_replacement_character(void **state)
{
	(void)state;
	text t = { 0 };
	text_add_json(&t, "a\xFFz\0", 4);
	assert_string_equal(t.data, "\"a\xEF\xBF\xBDz\\u0000\"");
	text_free(&t);
}

static void beginnings_and_ends_are_found(void **state)
{
	(void)state;
	assert_true(text_starts("step_12", "step_"));
	assert_false(text_starts("ste", "step_"));
	assert_true(text_ends("a.csv.gz", ".gz"));
	assert_false(text_ends("gz", ".gz"));
}

static void the_nearest_word_is_meant(void **state)
{
	(void)state;
	static const char *const words[] = { "train.learning_rate", "train.epochs", "model.width" };
	assert_string_equal(text_nearest("train.learning_rte", words, 3), "train.learning_rate");
	assert_string_equal(text_nearest("train.epcohs", words, 3), "train.epochs"); /* a swap counts once */
	assert_string_equal(text_nearest("mdel.width", words, 3), "model.width");
	assert_null(text_nearest("zzzzzzzz", words, 3));
	char endless[200];
	memset(endless, 'a', sizeof endless - 1);
	endless[sizeof endless - 1] = '\0';
	assert_null(text_nearest(endless, words, 3));
}

static void what_a_terminal_would_obey_is_hidden(void **state)
{
	(void)state;
	text t = { 0 };
	text_add(&t, "a\x1b[31mb\tc\n\x7f \xC3\xA4 \xC2\x9B" "1m \xC2\xA9");
	text_hide_controls(&t);
	assert_string_equal(t.data, "a?[31mb?c\n? \xC3\xA4 ??1m \xC2\xA9");
	text_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_grow_and_stay_terminated),
		cmocka_unit_test(a_format_of_nothing_is_an_empty_string),
		cmocka_unit_test(well_formed_utf8_is_told_from_bytes),
		cmocka_unit_test(code_points_are_counted_not_bytes),
		cmocka_unit_test(json_strings_are_escaped),
		cmocka_unit_test(bytes_that_are_not_utf8_become_the_replacement_character),
		cmocka_unit_test(beginnings_and_ends_are_found),
		cmocka_unit_test(what_a_terminal_would_obey_is_hidden),
		cmocka_unit_test(the_nearest_word_is_meant),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
