/* The calendar and ISO 8601. */
#include "unit/base/scratch.h"

#include "seqrec/instant.h"
#include "seqrec/random.h"

static int64_t at(const char *string)
{
	int64_t instant;
	if (!instant_parse(string, strlen(string), &instant))
		fail_msg("\"%s\" was not read", string);
	return instant;
}

static void known_days_have_known_numbers(void **state)
{
	(void)state;
	assert_int_equal(instant_days(1970, 1, 1), 0);
	assert_int_equal(instant_days(1969, 12, 31), -1);
	assert_int_equal(instant_days(2000, 2, 29), 11016);
	assert_int_equal(instant_days(2000, 3, 1), 11017);
	assert_int_equal(instant_days(1600, 1, 1), -135140);
}

static void leap_days_are_those_of_the_gregorian_calendar(void **state)
{
	(void)state;
	assert_true(instant_is_date(2016, 2, 29));
	assert_true(instant_is_date(2000, 2, 29));
	assert_false(instant_is_date(1900, 2, 29));
	assert_false(instant_is_date(2017, 2, 29));
	assert_false(instant_is_date(2017, 4, 31));
	assert_false(instant_is_date(2017, 13, 1));
	assert_false(instant_is_date(2017, 0, 1));
	assert_false(instant_is_date(2017, 1, 0));
	assert_true(instant_is_date(2017, 12, 31));
}

static void iso_texts_are_read(void **state)
{
	(void)state;
	assert_int_equal(at("1970-01-01"), 0);
	assert_int_equal(at("2017-03-03T12:00:00.5"), INT64_C(1488542400500000));
	assert_int_equal(at("2017-03-03 12:00:00Z"), INT64_C(1488542400000000));
	assert_int_equal(at("2017-03-03T12:00"), INT64_C(1488542400000000));
	assert_int_equal(at("1969-12-31T23:59:59.999999Z"), -1);
}

static void offsets_are_taken_off(void **state)
{
	(void)state;
	assert_int_equal(at("2017-03-03T20:00:00+08:00"), at("2017-03-03T12:00:00Z"));
	assert_int_equal(at("2017-03-03T20:00:00+0800"), at("2017-03-03T12:00:00Z"));
	assert_int_equal(at("2017-03-03T08:30:00-03:30"), at("2017-03-03T12:00:00Z"));
	assert_int_equal(at("2017-03-03T20:00:00+08"), at("2017-03-03T12:00:00Z"));
}

static void what_is_no_instant_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "2017", "2017-3-3", "2017-02-29", "2017-03-03T", "2017-03-03T24:00:00", "2017-03-03T12:60:00", "2017-03-03T12:00:61", "2017-03-03T12:00:00.", "2017-03-03T12:00:00+24:00",
		"2017-03-03T12:00:00+08:60", "2017-03-03x", " 2017-03-03", "2017-03-03 ", "2017-03-03T12:00:00Zx", "2017-03-03T12:00:", "20170303", "2017/03/03", "2017-03-03T12:00:00+08:" };
	int64_t instant;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (instant_parse(bad[i], strlen(bad[i]), &instant))
			fail_msg("\"%s\" was read", bad[i]);
}

static void midnight_prints_as_a_date_and_fractions_only_where_there_are_some(void **state)
{
	(void)state;
	char string[INSTANT_TEXT];
	static const struct { int64_t instant; const char *string; } known[] = { { 0, "1970-01-01" }, { INT64_C(1488542400000000), "2017-03-03T12:00:00Z" }, { INT64_C(1488542400500000), "2017-03-03T12:00:00.5Z" },
		{ -1, "1969-12-31T23:59:59.999999Z" }, { INT64_C(951782400000000), "2000-02-29" } };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		assert_int_equal(instant_print(known[i].instant, string), strlen(known[i].string));
		assert_string_equal(string, known[i].string);
	}
}

static void random_instants_read_back_as_they_were(void **state)
{
	(void)state;
	char string[INSTANT_TEXT];
	for (uint32_t i = 0; i < 5000; i++) { /* from the year 1 to 9999 */
		int64_t instant = (int64_t)(random_bits(1, 93, 0, i) % UINT64_C(315537897600000000)) - INT64_C(62135596800000000);
		size_t length = instant_print(instant, string);
		int64_t back;
		assert_true(instant_parse(string, length, &back));
		assert_int_equal(back, instant);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_days_have_known_numbers),
		cmocka_unit_test(leap_days_are_those_of_the_gregorian_calendar),
		cmocka_unit_test(iso_texts_are_read),
		cmocka_unit_test(offsets_are_taken_off),
		cmocka_unit_test(what_is_no_instant_is_refused),
		cmocka_unit_test(midnight_prints_as_a_date_and_fractions_only_where_there_are_some),
		cmocka_unit_test(random_instants_read_back_as_they_were),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
