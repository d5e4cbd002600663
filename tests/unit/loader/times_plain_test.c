#include "stores.h"

#include "loader/times.h"

/* Whatever the plain reading takes, times_read takes as the same time. Returns whether it was taken. */
static bool agrees(const char *format, const char *zone, const char *written)
{
	sr_error err = { 0 };
	times_format f, g;
	char room[64] = { 0 };
	int64_t time = -1, wanted = -2;
	const char *why;
	assert_true(times_format_parse(format, zone, &f, &err));
	g = f;
	times_read(&f, written, strlen(written), &wanted, &why); /* settles what the first time of a log settles */
	snprintf(room, sizeof room, "%s", written);
	bool taken = times_read_plain(&f, room, strlen(written), &time);
	bool good = times_read(&g, written, strlen(written), &wanted, &why) == TIMES_GOOD;
	assert_true(!taken || good);
	if (taken)
		assert_int_equal(time, wanted);
	return taken;
}

static void plain_epochs_are_taken(void **state)
{
	(void)state;
	assert_true(agrees("epoch_s", "", "1500000000"));
	assert_true(agrees("epoch_s", "", "999999999"));
	assert_true(agrees("epoch_s", "", "1396437466.94"));
	assert_true(agrees("epoch_s", "", "1396437466.999999"));
	assert_true(agrees("epoch_ms", "", "1659304800025"));
	assert_true(agrees("epoch_us", "", "1659304800025001"));
	assert_true(agrees("epoch_us", "", "165930480002500"));
}

static void other_epochs_are_left(void **state)
{
	(void)state;
	static const char *const odd[] = { "", "0", "12345678", "0500000000", "1500000000.", "1500000000.5.", "1500000000.1234567", "150000000.5", "-1500000000", "15000000x0", "150000000:", "/500000000", "16593048000250010", "99999999999999999999" };
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		assert_false(agrees("epoch_s", "", odd[i]));
		assert_false(agrees("epoch_us", "", odd[i]));
	}
	assert_false(agrees("epoch_ns", "", "1659304800025001999"));
}

static void plain_dates_are_taken(void **state)
{
	(void)state;
	assert_true(agrees("iso8601", "", "2014-04-07T10:51:09.277Z"));
	assert_true(agrees("iso8601", "", "2014-04-07 10:51:09"));
	assert_true(agrees("iso8601", "+02:00", "2014-04-07 23:59:59"));
	assert_true(agrees("iso8601", "", "2016-02-29T00:00:00Z"));
}

static void other_dates_are_left(void **state)
{
	(void)state;
	static const char *const odd[] = { "2014-04-07", "2014-04-07T10:51", "2014-04-31T10:51:09", "2014-04-07T24:00:00", "2014-04-07T10:60:00", "2014-04-07T10:51:09+02:00", "2014-04-07T10:51:0x",
		"2014-04-07T10:51:09.27xZ", "2014-04-07x10:51:09", "1500000000", "2014-04-07T10.51:09" };
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		assert_false(agrees("iso8601", "", odd[i]));
}

static void the_last_date_is_not_kept_for_another_one(void **state)
{
	(void)state;
	sr_error err = { 0 };
	times_format f;
	int64_t first, second;
	assert_true(times_format_parse("iso8601", "", &f, &err));
	assert_true(times_read_plain(&f, "2014-04-07T10:51:09Z\0\0\0", 20, &first));
	assert_true(times_read_plain(&f, "2014-04-08T10:51:09Z\0\0\0", 20, &second));
	assert_int_equal(second - first, INT64_C(86400000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_epochs_are_taken),
		cmocka_unit_test(other_epochs_are_left),
		cmocka_unit_test(plain_dates_are_taken),
		cmocka_unit_test(other_dates_are_left),
		cmocka_unit_test(the_last_date_is_not_kept_for_another_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
