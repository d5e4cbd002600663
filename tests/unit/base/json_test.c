/* cJSON with its traps closed. */
#include "unit/base/scratch.h"

#include "seqrec/json.h"
#include "seqrec/memory.h"

static cJSON *read_json(const char *string, sr_error *err)
{
	*err = (sr_error){ 0 };
	return json_parse(string, strlen(string), true, "file.json", SR_CONFIG, err);
}

static void assert_refused(const char *string, const char *why)
{
	sr_error err;
	cJSON *tree = read_json(string, &err);
	if (tree)
		fail_msg("accepted: %s", string);
	assert_says(&err, SR_CONFIG, why);
}

static void comments_are_allowed_where_asked_for(void **state)
{
	(void)state;
	static const char string[] = "{ // a comment with \"quotes\" and { braces\n \"path\": \"http://host/\", // another\n \"n\": 2 }";
	sr_error err;
	cJSON *tree = read_json(string, &err);
	assert_fine(&err);
	assert_string_equal(json_get_string(tree, "path"), "http://host/");
	cJSON_Delete(tree);
	assert_null(json_parse(string, sizeof string - 1, false, "file.json", SR_MODEL, &err));
	assert_int_equal(err.code, SR_MODEL);
}

static void a_key_given_twice_is_an_error(void **state)
{
	(void)state;
	assert_refused("{\"a\": 1, \"b\": {\"c\": 1, \"c\": 2}}", "c is given twice");
	assert_refused("{\"a\": [1, {\"x\": \"\\\"}\"}],\n\"b\": {\n\"c\": {},\n\n\"c\": 2}}", ":5: c is given twice");
	sr_error err;
	cJSON *tree = read_json("[{\"a\": 1}, {\"a\": 2}]", &err);
	assert_fine(&err);
	cJSON_Delete(tree);
}

static void nothing_may_follow_the_value(void **state)
{
	(void)state;
	assert_refused("{} {}", "file.json:1");
	assert_refused("{}\n}\n", "file.json:2");
	assert_refused("{\"a\": 1,\n\"b\" 2}", "file.json:2");
	assert_refused("", "file.json:1");
}

static void depth_is_limited(void **state)
{
	(void)state;
	char deep[200];
	memset(deep, '[', 33);
	memset(deep + 33, ']', 33);
	deep[66] = '\0';
	assert_refused(deep, "deeper than 32");
	sr_error err;
	deep[65] = '\0';
	cJSON *tree = read_json(deep + 1, &err);
	assert_fine(&err);
	cJSON_Delete(tree);
}

static void a_string_cannot_hide_a_nul(void **state)
{
	(void)state;
	assert_refused("{\"a\": \"x\\u0000y\"}", "\\u0000");
	assert_refused("{\"a\":\n\"x\\\\\\u0000y\"}", "file.json:2");
	sr_error err;
	cJSON *tree = read_json("{\"a\": \"x\\\\u0000\"}", &err); /* a backslash and five ordinary characters */
	assert_fine(&err);
	assert_string_equal(json_get_string(tree, "a"), "x\\u0000");
	cJSON_Delete(tree);
	assert_null(json_parse("{\"a\": \"\0\"}", 10, true, "file.json", SR_CONFIG, &err));
	assert_says(&err, SR_CONFIG, "NUL");
}

static void a_number_without_end_is_refused(void **state)
{
	(void)state;
	assert_refused("{\"rate\": 1e999}", "rate has no finite value");
	assert_refused("[1, -1e999]", "no finite value");
}

static void the_line_of_a_path_is_found(void **state)
{
	(void)state;
	static const char string[] = "{\n\"data\": { // one\n\"events\": [\n{\"path\": \"a]}\"},\n{\"time\":\n \"x\"}]},\n\"train\": {\"epochs\": 3,\n\"batch\": 4}}";
	static const struct { const char *path; size_t line; } known[] = { { "data", 2 }, { "data.events", 3 }, { "data.events[0]", 4 }, { "data.events[0].path", 4 }, { "data.events[1].time", 6 }, { "train.epochs", 7 },
		{ "train.batch", 8 }, { "train.seed", 0 }, { "data.events[2]", 0 }, { "model.width", 0 }, { "data.events.path", 0 } };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (json_line(string, sizeof string - 1, known[i].path) != known[i].line)
			fail_msg("%s: line %zu", known[i].path, json_line(string, sizeof string - 1, known[i].path));
}

/* Keys of a user's file come here as paths: they may hold anything. */
static void a_path_of_odd_characters_is_only_not_found(void **state)
{
	(void)state;
	static const char string[] = "{\"a\": [1, 2], \"a[\": 3}";
	static const char *const odd[] = { "a[", "[", "a[1", ".", "a..b", "a[99999999999999999999]" };
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		char *path = xstrdup(odd[i]); /* on the heap: the sanitizer sees a step past its end */
		json_line(string, sizeof string - 1, path);
		free(path);
	}
	assert_int_equal(json_line(string, sizeof string - 1, "a[9]"), 0);
}

static void typed_reads_refuse_other_types(void **state)
{
	(void)state;
	sr_error err;
	cJSON *tree = read_json("{\"n\": 1.5, \"size\": 7, \"negative\": -1, \"text\": \"x\", \"huge\": 1e17}", &err);
	double number;
	size_t size;
	assert_true(json_get_number(tree, "n", &number) && number == 1.5);
	assert_false(json_get_number(tree, "text", &number));
	assert_true(json_get_size(tree, "size", &size) && size == 7);
	assert_false(json_get_size(tree, "n", &size));
	assert_false(json_get_size(tree, "negative", &size));
	assert_false(json_get_size(tree, "huge", &size));
	assert_false(json_get_size(tree, "absent", &size));
	assert_null(json_get_string(tree, "n"));
	cJSON_Delete(tree);
}

static void a_file_is_read_up_to_its_limit(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("a.json");
	assert_true(file_write(path, "{\"a\": 1}", 8, &err));
	cJSON *tree = json_read(path, 8, false, SR_MODEL, &err);
	assert_fine(&err);
	cJSON_Delete(tree);
	assert_null(json_read(path, 7, false, SR_MODEL, &err));
	assert_says(&err, SR_DATA, "7 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_are_allowed_where_asked_for),
		cmocka_unit_test(a_key_given_twice_is_an_error),
		cmocka_unit_test(nothing_may_follow_the_value),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(a_string_cannot_hide_a_nul),
		cmocka_unit_test(a_number_without_end_is_refused),
		cmocka_unit_test(the_line_of_a_path_is_found),
		cmocka_unit_test(a_path_of_odd_characters_is_only_not_found),
		cmocka_unit_test(typed_reads_refuse_other_types),
		SCRATCH_TEST(a_file_is_read_up_to_its_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
