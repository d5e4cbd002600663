#include "stores.h"

#include "loader/tally.h"

static void reasons_are_added_up(void **state)
{
	(void)state;
	tally t = { .read = 10, .used = 4 };
	char reason[] = "rule";
	tally_filtered(&t, reason, 2);
	reason[0] = 'x'; /* reasons are copied */
	tally_filtered(&t, "rule", 1);
	tally_filtered(&t, "other", 0);
	tally_bad(&t, "no user");
	tally_bad(&t, "no time");
	tally_bad(&t, "no user");
	assert_int_equal(t.filtered_count, 1);
	assert_int_equal(t.filtered[0].rows, 3);
	assert_int_equal(tally_bad_rows(&t), 3);
	assert_true(tally_check(&t, "events", NULL));
	tally_clear(&t);
}

static void rows_that_do_not_add_up_are_an_internal_error(void **state)
{
	(void)state;
	sr_error err = { 0 };
	tally t = { .read = 10, .used = 9 };
	assert_false(tally_check(&t, "events", &err));
	assert_int_equal(err.code, SR_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reasons_are_added_up),
		cmocka_unit_test(rows_that_do_not_add_up_are_an_internal_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
