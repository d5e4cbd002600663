/* How errors are kept and joined. */
#include "unit/base/scratch.h"

#include <errno.h>

static void the_first_error_is_kept(void **state)
{
	(void)state;
	sr_error err = { 0 };
	assert_false(error_set(&err, SR_DATA, "row %d", 3));
	assert_false(error_set(&err, SR_IO, "later"));
	errno = ENOENT;
	assert_false(error_set_errno(&err, "later"));
	assert_int_equal(err.code, SR_DATA);
	assert_string_equal(err.text, "row 3");
}

static void added_errors_are_joined_by_lines(void **state)
{
	(void)state;
	sr_error err = { 0 };
	assert_false(error_add(&err, SR_CONFIG, "one"));
	assert_false(error_add(&err, SR_DATA, "two"));
	assert_int_equal(err.code, SR_CONFIG);
	assert_string_equal(err.text, "one\ntwo");
	for (int i = 0; i < 1000; i++)
		error_add(&err, SR_CONFIG, "a line that fills the room");
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void a_system_error_says_why_and_has_the_code_of_its_kind(void **state)
{
	(void)state;
	sr_error err = { 0 }, memory = { 0 };
	errno = ENOSPC;
	error_set_errno(&err, "%s", "report.json");
	assert_says(&err, SR_IO, "report.json: No space left on device");
	errno = ENOMEM;
	error_set_errno(&memory, "map");
	assert_int_equal(memory.code, SR_MEMORY);
}

static void nobody_needs_to_listen(void **state)
{
	(void)state;
	assert_false(error_set(NULL, SR_IO, "x"));
	assert_false(error_add(NULL, SR_IO, "x"));
	assert_false(error_set_errno(NULL, "x"));
}

static void every_exit_code_has_a_meaning(void **state)
{
	(void)state;
	static const sr_code codes[] = { SR_OK, SR_UNEXPECTED, SR_CONFIG, SR_DATA, SR_IO, SR_MODEL, SR_DIVERGED, SR_MEMORY, SR_GATE, SR_INTERNAL, SR_AGAIN };
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		assert_string_not_equal(error_meaning(codes[i]), "unknown");
	assert_string_equal(error_meaning((sr_code)99), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_error_is_kept),
		cmocka_unit_test(added_errors_are_joined_by_lines),
		cmocka_unit_test(a_system_error_says_why_and_has_the_code_of_its_kind),
		cmocka_unit_test(nobody_needs_to_listen),
		cmocka_unit_test(every_exit_code_has_a_meaning),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
