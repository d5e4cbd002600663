#include "seqrec/instant.h"
#include "stores.h"

#include "loader/times.h"

static times_format of(const char *name, const char *zone)
{
	times_format f;
	sr_error err = { 0 };
	assert_true(times_format_parse(name, zone, &f, &err));
	return f;
}

static void assert_time(times_format *f, const char *written, int64_t wanted)
{
	int64_t time = 0;
	const char *why = NULL;
	assert_int_equal(times_read(f, written, strlen(written), &time, &why), TIMES_GOOD);
	assert_int_equal(time, wanted);
}

static void assert_bad(times_format *f, const char *written, const char *reason)
{
	int64_t time;
	const char *why = NULL;
	assert_int_equal(times_read(f, written, strlen(written), &time, &why), TIMES_BAD);
	assert_string_equal(why, reason);
}

static void epochs_are_scaled_exactly(void **state)
{
	(void)state;
	times_format s = of("epoch_s", ""), ms = of("epoch_ms", ""), us = of("epoch_us", ""), ns = of("epoch_ns", "");
	assert_time(&s, "1396437466.94", INT64_C(1396437466940000));
	assert_time(&s, "0", 0);
	assert_time(&ms, "1659304800025", INT64_C(1659304800025000));
	assert_time(&us, "1659304800025001", INT64_C(1659304800025001));
	assert_time(&ns, "1659304800025001999", INT64_C(1659304800025001));
}

static void iso_times_may_carry_an_offset(void **state)
{
	(void)state;
	times_format f = of("iso8601", "");
	assert_time(&f, "2019-10-01 00:00:00 UTC", INT64_C(1569888000000000));
	assert_time(&f, "2019-10-01T02:00:00+02:00", INT64_C(1569888000000000));
	assert_false(f.local_seen);
	assert_time(&f, "2019-10-01", INT64_C(1569888000000000));
	assert_true(f.local_seen);
}

static void the_zone_is_for_times_without_an_offset(void **state)
{
	(void)state;
	times_format f = of("iso8601", "+08:00");
	assert_time(&f, "2019-10-01 08:00:00", INT64_C(1569888000000000));
	assert_time(&f, "2019-10-01T00:00:00Z", INT64_C(1569888000000000));
}

static void what_is_no_time_is_bad(void **state)
{
	(void)state;
	times_format s = of("epoch_s", ""), iso = of("iso8601", "");
	assert_bad(&s, "", "no time");
	assert_bad(&s, "yesterday", "time is not a number");
	assert_bad(&s, "-1", "negative time");
	assert_bad(&s, "1e9", "time is not a number");
	assert_bad(&s, "99999999999999999999999", "time out of range");
	assert_bad(&iso, "20261120 13:01", "time does not fit iso8601");
	times_format pattern = of("strptime:%d.%m.%Y", "");
	assert_bad(&pattern, "2019-02-01", "time does not fit its format");
	assert_bad(&iso, "2019-02-30", "time does not fit iso8601");
}

static void units_are_told_by_magnitude(void **state)
{
	(void)state;
	assert_int_equal(times_guess("1600000000", 10), TIMES_SECONDS);
	assert_int_equal(times_guess("1600000000.5", 12), TIMES_SECONDS);
	assert_int_equal(times_guess("1600000000000", 13), TIMES_MILLISECONDS);
	assert_int_equal(times_guess("1600000000000000", 16), TIMES_MICROSECONDS);
	assert_int_equal(times_guess("1600000000000000000", 19), TIMES_NANOSECONDS);
	assert_int_equal(times_guess("2019-10-01", 10), TIMES_ISO8601);
	assert_int_equal(times_guess("17", 2), TIMES_AUTO);
	assert_int_equal(times_guess("soon", 4), TIMES_AUTO);
}

static void another_unit_than_before_is_an_error_even_where_the_unit_was_named(void **state)
{
	(void)state;
	int64_t time;
	const char *why;
	times_format f = of("epoch_s", "");
	assert_time(&f, "1600000000", INT64_C(1600000000000000));
	assert_int_equal(times_read(&f, "1600000000000", 13, &time, &why), TIMES_MIXED);
	f = of("epoch_ms", "");
	assert_time(&f, "1600000000000", INT64_C(1600000000000000));
	assert_int_equal(times_read(&f, "1600000000", 10, &time, &why), TIMES_MIXED);
}

static void small_numbers_are_relative_times(void **state)
{
	(void)state;
	times_format f = of("epoch_ms", "");
	assert_time(&f, "526309", INT64_C(526309000));
	assert_time(&f, "1", INT64_C(1000));
}

static void an_unknown_format_names_the_nearest(void **state)
{
	(void)state;
	times_format f;
	sr_error err = { 0 };
	assert_false(times_format_parse("epoch_sec", "", &f, &err));
	assert_int_equal(err.code, SR_CONFIG);
	assert_non_null(strstr(err.text, "did you mean epoch_s?"));
	err = (sr_error){ 0 };
	assert_false(times_format_parse("iso8601", "Berlin", &f, &err));
	assert_non_null(strstr(err.text, "+08:00"));
}

static void a_pattern_without_a_year_must_be_given_one(void **state)
{
	(void)state;
	times_format f;
	sr_error err = { 0 };
	assert_false(times_format_parse("strptime:%m-%d", "", &f, &err));
	assert_non_null(strstr(err.text, "@2013"));
	err = (sr_error){ 0 };
	assert_false(times_format_parse("strptime:@2013", "", &f, &err));
	assert_non_null(strstr(err.text, "empty"));
	err = (sr_error){ 0 };
	assert_false(times_format_parse("strptime:%Y %Q", "", &f, &err));
	assert_non_null(strstr(err.text, "may use"));
	err = (sr_error){ 0 };
	assert_false(times_format_parse("iso8601", "+99:00", &f, &err));
	assert_int_equal(err.code, SR_CONFIG);
}

static void config_times_and_prints_round_trip(void **state)
{
	(void)state;
	int64_t time;
	char written[INSTANT_TEXT];
	assert_true(instant_parse("2017-03-03T12:00:00.5Z", strlen("2017-03-03T12:00:00.5Z"), &time));
	assert_int_equal(instant_print(time, written), strlen("2017-03-03T12:00:00.5Z"));
	assert_string_equal(written, "2017-03-03T12:00:00.5Z");
	assert_false(instant_parse("03.03.2017", strlen("03.03.2017"), &time));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(epochs_are_scaled_exactly),
		cmocka_unit_test(iso_times_may_carry_an_offset),
		cmocka_unit_test(the_zone_is_for_times_without_an_offset),
		cmocka_unit_test(what_is_no_time_is_bad),
		cmocka_unit_test(units_are_told_by_magnitude),
		cmocka_unit_test(another_unit_than_before_is_an_error_even_where_the_unit_was_named),
		cmocka_unit_test(small_numbers_are_relative_times),
		cmocka_unit_test(an_unknown_format_names_the_nearest),
		cmocka_unit_test(a_pattern_without_a_year_must_be_given_one),
		cmocka_unit_test(config_times_and_prints_round_trip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
