#include "stores.h"

#include "loader/times.h"
#include "seqrec/instant.h"

static void assert_pattern(const char *pattern, const char *written, const char *wanted)
{
	times_format f;
	sr_error err = { 0 };
	int64_t time, instant;
	bool offset;
	assert_true(times_format_parse(pattern, "", &f, &err));
	assert_true(pattern_read(&f, written, strlen(written), &time, &offset));
	assert_true(instant_parse(wanted, strlen(wanted), &instant));
	assert_int_equal(time, instant);
}

static void assert_unfit(const char *pattern, const char *written)
{
	times_format f;
	sr_error err = { 0 };
	int64_t time;
	bool offset;
	assert_true(times_format_parse(pattern, "", &f, &err));
	assert_false(pattern_read(&f, written, strlen(written), &time, &offset));
}

static void digits_need_no_padding(void **state)
{
	(void)state;
	assert_pattern("strptime:%m-%d@2013", "6-4", "2013-06-04");
	assert_pattern("strptime:%d/%m/%Y %H:%M", "1/12/2010 8:26", "2010-12-01T08:26");
}

static void digits_that_run_together_stop_at_what_can_be(void **state)
{
	(void)state;
	assert_pattern("strptime:%m%d@2015", "625", "2015-06-25");
	assert_pattern("strptime:%m%d@2015", "1016", "2015-10-16");
	assert_pattern("strptime:%Y%m%d %H:%M", "20261120 13:01", "2026-11-20T13:01");
}

static void names_days_of_the_year_and_fractions_are_read(void **state)
{
	(void)state;
	assert_pattern("strptime:%d %b %y", "3 Mar 17", "2017-03-03");
	assert_pattern("strptime:%B %d, %Y", "september 30, 1999", "1999-09-30");
	assert_pattern("strptime:%Y-%j", "2016-366", "2016-12-31");
	assert_pattern("strptime:%H:%M:%S.%f %d.%m.%Y", "23:59:59.25 28.02.2017", "2017-02-28T23:59:59.25");
	assert_pattern("strptime:%m/%d/%y %I:%M %p", "01/02/71 12:05 AM", "1971-01-02T00:05");
	assert_pattern("strptime:%Y-%m-%d %H:%M %z", "2017-03-03 12:00 +0530", "2017-03-03T06:30");
	assert_pattern("strptime:%Y-%m-%dT%H%z", "2017-03-03T12Z", "2017-03-03T12:00");
	assert_pattern("strptime:%Y-%m-%dT%H%z", "2017-03-03T12-01:30", "2017-03-03T13:30");
	assert_pattern("strptime:%d%p%Y", "3pm2017", "2017-01-03T12:00");
	assert_pattern("strptime:100%% %Y", "100% 2017", "2017-01-01");
}

static void what_does_not_fit_is_told(void **state)
{
	(void)state;
	assert_unfit("strptime:%m-%d@2013", "13-4");
	assert_unfit("strptime:%m-%d@2013", "2-29");
	assert_unfit("strptime:%m-%d@2013", "6-4 ");
	assert_unfit("strptime:%m-%d@2013", "6");
	assert_unfit("strptime:%Y-%j", "2017-366");
	assert_unfit("strptime:%H:%M %Y", "24:00 2017");
	assert_unfit("strptime:%d %b %Y", "3 Mrz 2017");
	assert_unfit("strptime:%Y %z", "2017 5");
	assert_unfit("strptime:%Y %z", "2017 +x");
	assert_unfit("strptime:%Y %z", "2017 +05:");
	assert_unfit("strptime:%Y %p", "2017 xm");
	assert_unfit("strptime:%Y.%f", "2017.");
	assert_unfit("strptime:%Y", "x");
	assert_unfit("strptime:%y", "x");
}

static void unknown_directives_are_refused(void **state)
{
	(void)state;
	assert_true(pattern_is_known("%Y-%m-%d %H:%M:%S"));
	assert_false(pattern_is_known("%Y %Q"));
	assert_false(pattern_is_known("%Y %"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_need_no_padding),
		cmocka_unit_test(digits_that_run_together_stop_at_what_can_be),
		cmocka_unit_test(names_days_of_the_year_and_fractions_are_read),
		cmocka_unit_test(what_does_not_fit_is_told),
		cmocka_unit_test(unknown_directives_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
