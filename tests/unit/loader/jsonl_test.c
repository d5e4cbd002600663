#include "rows.h"

static void an_object_a_line_is_a_row(void **state)
{
	(void)state;
	assert_text_rows("a.jsonl", "{\"u\":\"a\",\"i\":1}\n{\"i\":2,\"u\":\"b\"}\n", "", "a|1\nb|2\n");
}

static void an_absent_key_and_null_are_no_values(void **state)
{
	(void)state;
	assert_text_rows("a.jsonl", "{\"u\":\"a\",\"i\":1}\n{\"u\":\"b\"}\n{\"u\":\"c\",\"i\":null}\n", "", "a|1\nb|-\nc|-\n");
}

static void nested_keys_are_dotted(void **state)
{
	(void)state;
	assert_text_rows("a.jsonl", "{\"user\":{\"id\":7,\"geo\":{\"city\":\"x\"}},\"ok\":true}\n", "", "7|x|true\n");
}

static void escapes_are_undone(void **state)
{
	(void)state;
	assert_text_rows("a.jsonl", "{\"u\":\"a\\\"b\\\\\\/\\n\\u00e9\\ud83d\\ude00\"}\n", "", "a\"b\\/\n\xc3\xa9\xf0\x9f\x98\x80\n");
}

static void numbers_keep_their_text(void **state)
{
	(void)state;
	assert_text_rows("a.jsonl", "{\"u\":9007199254740993,\"p\":-1.50e3}\n", "", "9007199254740993|-1.50e3\n");
}

static void nested_records_carry_the_values_around_them(void **state)
{
	(void)state;
	assert_text_rows("a.jsonl", "{\"events\":[{\"aid\":1,\"ts\":5},{\"aid\":2,\"ts\":6}],\"session\":\"s\\u0031\"}\n{\"session\":8,\"events\":[{\"ts\":7,\"aid\":3}]}\n{\"session\":9,\"events\":[]}\n",
		"\"records\": \"events\"", "s1|1|5\ns1|2|6\n8|3|7\n");
}

static void records_may_lie_deeper(void **state)
{
	(void)state;
	assert_text_rows("a.jsonl", "{\"id\":1,\"body\":{\"list\":[{\"a\":2},{\"a\":3}]}}\n", "\"records\": \"body.list\"", "1|2\n1|3\n");
}

static void lines_that_are_not_json_are_bad_rows(void **state)
{
	(void)state;
	assert_text_rows("a.jsonl", "{\"u\":1}\n{\"u\":\n{\"u\":2} x\n[1]\n{\"u\":tru}\n{\"u\":\"\\ud800\"}\n{\"u\":\"\\u0000\"}\n{\"u\":\"a\n{\"u\":3}\n", "",
		"1\n!invalid JSON: a value is missing or unknown\n!invalid JSON: text behind the object\n!not a JSON object\n!invalid JSON: a value is missing or unknown\n"
		"!invalid JSON: half a surrogate pair\n!NUL byte\n!invalid JSON: a string is not closed\n3\n");
}

static void every_kind_of_damage_has_its_reason(void **state)
{
	(void)state;
	static const char *const lines[][2] = {
		{ "{\"u\":\"\\u12\"}", "invalid JSON: a wrong \\u escape" }, { "{\"u\":\"\\u1", "invalid JSON: a short \\u escape" },
		{ "{\"u\":\"\\ud83d\\u0041\"}", "invalid JSON: half a surrogate pair" }, { "{\"u\":\"\\ud83d\\uzzzz\"}", "invalid JSON: a wrong \\u escape" },
		{ "{\"u\":\"a\\", "invalid JSON: a string is not closed" }, { "{\"u\":\"\\q\"}", "invalid JSON: an unknown escape" },
		{ "{\"u\" 1}", "invalid JSON: a colon is missing" }, { "{u:1}", "invalid JSON: a key is missing" }, { "{\"u\":1", "invalid JSON: an object is not closed" },
		{ "{\"u\":[1,2}", "invalid JSON: an array is not closed" }, { "{\"u\":falsy}", "invalid JSON: a value is missing or unknown" },
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char *content = text_format("{\"u\":false}\n%s\n", lines[i][0]), *wanted = text_format("false\n!%s\n", lines[i][1]);
		assert_text_rows("a.jsonl", content, "", wanted);
		free(content);
		free(wanted);
	}
}

static void keys_may_be_long_but_not_endless(void **state)
{
	(void)state;
	char key[700];
	memset(key, 'k', sizeof key - 1);
	key[sizeof key - 1] = 0;
	char *content = text_format("{\"u\":1}\n{\"u\":2,\"%s\":1}\n", key);
	assert_text_rows("a.jsonl", content, "", "1\n!a JSON key is too long\n");
	free(content);
}

static void what_no_column_asks_for_is_passed_over(void **state)
{
	(void)state;
	assert_text_rows("a.jsonl", "\n{\"u\":\"\\u4e2d\",\"e\":{},\"a\":[]}\n{\"u\":2,\"new\":{\"x\":1},\"list\":[{\"a\":1},[2]]}\n", "", "\xe4\xb8\xad|\n2|-\n");
}

static void depth_has_a_limit(void **state)
{
	(void)state;
	text deep = { 0 };
	text_add(&deep, "{\"u\":1}\n{\"u\":");
	for (int i = 0; i < 100000; i++)
		text_add(&deep, "[");
	log_write("a.jsonl", deep.data);
	text_free(&deep);
	assert_rows("a.jsonl", "", "1\n!JSON nested deeper than 32\n");
}

static void a_line_without_its_records_is_bad(void **state)
{
	(void)state;
	assert_text_rows("a.jsonl", "{\"s\":1,\"events\":[{\"a\":1}]}\n{\"s\":2}\n{\"s\":3,\"events\":[{\"a\":2}, 7]}\n", "\"records\": \"events\"",
		"1|1\n!the array of records is missing\n3|2\n!not a JSON object\n");
}

static void arrays_of_values_are_categories_and_vectors(void **state)
{
	(void)state;
	log_write("a.jsonl", "{\"user\":1,\"item\":2,\"time\":1600000000,\"tags\":[\"a b\",\"c\"],\"v\":[0.5,1]}\n");
	store *s = store_of("\"events\": [{\"path\": \"a.jsonl\"}], \"fields\": [{\"name\": \"tags\", \"kind\": \"categories\", \"separator\": \"|\"}, {\"name\": \"v\", \"kind\": \"vector\", \"width\": 2}]");
	const store_field *tags = store_find_field(s, LEVEL_EVENT, "tags"), *v = store_find_field(s, LEVEL_EVENT, "v");
	assert_int_equal(tags->start[1], 2);
	assert_string_equal(value_of(tags->values, tags->code[0]), "a b");
	assert_true(v->number[0] == 0.5f && v->number[1] == 1.0f);
	store_close(s);
}

static void a_key_that_no_line_has_is_an_error(void **state)
{
	(void)state;
	log_write("a.jsonl", "{\"user\":1,\"item\":2,\"time\":1600000000}\n");
	assert_refused("\"events\": [{\"path\": \"a.jsonl\", \"columns\": {\"item\": \"itm\"}}]", SR_CONFIG, "no column \"itm\"");
	assert_refused("\"events\": [{\"path\": \"a.jsonl\", \"columns\": {\"item\": \"itm\"}}]", SR_CONFIG, "Did you mean \"item\"?");
}

static void a_key_that_only_later_lines_have_is_found(void **state)
{
	(void)state;
	log_write("a.jsonl", "{\"user\":1,\"item\":2,\"time\":1600000000}\n{\"user\":1,\"q\":\"shoes\",\"time\":1600000001}\n");
	store *s = store_of("\"events\": [{\"path\": \"a.jsonl\", \"columns\": {\"query\": \"q\"}}]");
	assert_string_equal(value_of(s->queries, s->query[1]), "shoes");
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(an_object_a_line_is_a_row),
		LOADER_TEST(an_absent_key_and_null_are_no_values),
		LOADER_TEST(nested_keys_are_dotted),
		LOADER_TEST(escapes_are_undone),
		LOADER_TEST(numbers_keep_their_text),
		LOADER_TEST(nested_records_carry_the_values_around_them),
		LOADER_TEST(records_may_lie_deeper),
		LOADER_TEST(lines_that_are_not_json_are_bad_rows),
		LOADER_TEST(every_kind_of_damage_has_its_reason),
		LOADER_TEST(keys_may_be_long_but_not_endless),
		LOADER_TEST(what_no_column_asks_for_is_passed_over),
		LOADER_TEST(depth_has_a_limit),
		LOADER_TEST(a_line_without_its_records_is_bad),
		LOADER_TEST(arrays_of_values_are_categories_and_vectors),
		LOADER_TEST(a_key_that_no_line_has_is_an_error),
		LOADER_TEST(a_key_that_only_later_lines_have_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
