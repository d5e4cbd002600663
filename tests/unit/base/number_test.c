/* Numbers are read exactly, whatever the digits, and written so that they read back as the same value. */
#include "unit/base/scratch.h"

#include "seqrec/number.h"
#include "seqrec/random.h"

#include <float.h>
#include <locale.h>
#include <math.h>

static double parsed(const char *string)
{
	double value = NAN;
	if (!number_parse(string, strlen(string), &value))
		fail_msg("\"%s\" was not read", string);
	return value;
}

static void assert_exact(const char *string)
{
	double ours = parsed(string), theirs = strtod(string, NULL); /* glibc's is exact */
	if (memcmp(&ours, &theirs, sizeof ours) != 0)
		fail_msg("\"%s\" was read as %a, not %a", string, ours, theirs);
}

static void plain_numbers_are_read(void **state)
{
	(void)state;
	static const char *const good[] = { "0", "-0", "1", "+1", "-1.5", ".5", "1e3", "1E+3", "1e-3", "123456789012345678", "0.1", "3.14159265358979", "1e22", "1e23", "8.5", "00012", "0e99999" };
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_exact(good[i]);
}

static void what_is_no_number_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = { "", " 1", "1 ", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "nan", "inf", "-inf", "0x10", "1,5", "1_000", "--1", "1e5.5" };
	double value;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (number_parse(bad[i], strlen(bad[i]), &value))
			fail_msg("\"%s\" was read as %g", bad[i], value);
}

static void a_number_beyond_the_largest_double_is_refused(void **state)
{
	(void)state;
	double value;
	assert_true(parsed("1.7976931348623157e308") == DBL_MAX);
	assert_true(parsed("1.7976931348623158079e308") == DBL_MAX); /* just below the half-way point to infinity */
	assert_false(number_parse("1.7976931348623159e308", 22, &value));
	assert_false(number_parse("1e309", 5, &value));
	assert_false(number_parse("1e99999999999", 13, &value));
}

static void half_way_cases_go_to_the_even_neighbour(void **state)
{
	(void)state;
	assert_true(parsed("9007199254740993") == 9007199254740992.0);     /* 2^53 + 1 */
	assert_true(parsed("9007199254740995") == 9007199254740996.0);     /* 2^53 + 3 */
	assert_true(parsed("9007199254740993.00000000000000000000000000000000000001") == 9007199254740994.0);
	assert_exact("1.00000000000000011102230246251565404236316680908203125"); /* 1 + 2^-53 */
	assert_exact("1.00000000000000011102230246251565404236316680908203126");
	assert_exact("0.500000000000000166533453693773481063544750213623046875");
	assert_exact("6929495644600919.5");
	assert_exact("2.2250738585072011e-308"); /* the number that hung PHP and Java */
	assert_exact("2.2250738585072012e-308");
}

/* 2^-1075, half of the smallest double, to its last digit; nothing follows, or more digits. */
#define HALF_OF_THE_LEAST \
	"2.4703282292062327208828439643411068618252990130716238221279284125033775363510437593264991818081799618989828234772285886546332835517796989819938739800539093906315035" \
	"659515570226392290858392449105184435931802849936536152500319370457678249219365623669863658480757001585769269903706311928279558551332927834338409351978015531246597263" \
	"579574622766465272827220056374006485499977096599470454020828166226237857393450736339007967761930577506740176324673600968951340535537458516661134223766678604162159680" \
	"461914467291840300530057530849048765391711386591646239524912623653881879636239373280423891018672348497668235089863388587925628302755995657524455507255189313690836254" \
	"779186948667994968324049705821028513185451396213837722826145437693412532098591327667236328125"

static void the_smallest_numbers_are_exact(void **state)
{
	(void)state;
	static const char *const small[] = { "5e-324", "4.9406564584124654e-324", "3e-324", "2.5e-324", "2.4e-324", "1e-323", "2.2250738585072014e-308", "2.225073858507201e-308", "1e-310", "1e-400", "-3e-324" };
	for (size_t i = 0; i < sizeof small / sizeof *small; i++)
		assert_exact(small[i]);
	assert_true(parsed(HALF_OF_THE_LEAST "e-324") == 0);
	assert_true(parsed(HALF_OF_THE_LEAST "0001e-324") == 0x1p-1074);
	assert_exact("2.4703282292062327209e-324"); /* a little more than half */
	assert_exact("2.47032822920623272088284396435e-324");
	assert_exact("2.47032822920623272088284396434e-324");
}

static void very_long_digits_still_break_a_tie(void **state)
{
	(void)state;
	char long_text[2000] = "9007199254740993.";
	memset(long_text + 17, '0', 1500);
	long_text[1517] = '\0';
	assert_true(parsed(long_text) == 9007199254740992.0);
	long_text[1516] = '1';
	assert_true(parsed(long_text) == 9007199254740994.0);
}

/* Random digits and exponents, among them the printed half-way points of random doubles. */
static void random_numbers_are_read_as_by_an_exact_reader(void **state)
{
	(void)state;
	char string[1200];
	for (uint32_t i = 0; i < 4000; i++) {
		uint64_t bits = random_bits(1, 90, 0, i);
		int exponent = (int)random_below(1, 91, 0, i, 700) - 350;
		snprintf(string, sizeof string, "%llu.%llue%d", (unsigned long long)bits, (unsigned long long)random_bits(1, 92, 0, i), exponent - 19);
		if (isfinite(strtod(string, NULL)))
			assert_exact(string);
	}
	for (uint32_t i = 0; i < 400; i++) {
		double x;
		uint64_t bits = random_bits(2, 90, 0, i) >> 1;
		memcpy(&x, &bits, sizeof x);
		if (!isfinite(x) || !isfinite(nextafter(x, INFINITY)))
			continue;
		snprintf(string, sizeof string, "%.1100Lg", ((long double)x + (long double)nextafter(x, INFINITY)) / 2);
		assert_exact(string);
	}
}

static void printing_round_trips_and_is_shortest(void **state)
{
	(void)state;
	char string[NUMBER_TEXT];
	for (uint32_t i = 0; i < 4000; i++) {
		uint64_t bits = random_bits(3, 90, 0, i);
		double x, back;
		memcpy(&x, &bits, sizeof x);
		if (!isfinite(x))
			continue;
		size_t length = number_print(x, string);
		assert_int_equal(length, strlen(string));
		assert_true(number_parse(string, length, &back) && back == x);
	}
	static const struct { double value; const char *shortest; } known[] = { { 0.1, "0.1" }, { 1.0 / 3, "0.3333333333333333" }, { 1e21, "1e+21" }, { 100, "100" }, { 5e-324, "5e-324" }, { 0.30000000000000004, "0.30000000000000004" } };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		number_print(known[i].value, string);
		assert_string_equal(string, known[i].shortest);
	}
}

static void floats_print_as_few_digits_as_a_float_needs(void **state)
{
	(void)state;
	char string[NUMBER_TEXT];
	number_print_float(0.1F, string);
	assert_string_equal(string, "0.1");
	number_print_float(1e-45F, string);
	assert_string_equal(string, "1e-45");
	for (uint32_t i = 0; i < 4000; i++) {
		uint32_t bits = (uint32_t)random_bits(4, 90, 0, i);
		float x;
		double back;
		memcpy(&x, &bits, sizeof x);
		if (!isfinite(x))
			continue;
		size_t length = number_print_float(x, string);
		assert_true(number_parse(string, length, &back) && (float)back == x);
	}
}

static void what_is_not_finite_prints_as_null(void **state)
{
	(void)state;
	char string[NUMBER_TEXT];
	assert_int_equal(number_print(NAN, string), 4);
	assert_string_equal(string, "null");
	number_print_float(-INFINITY, string);
	assert_string_equal(string, "null");
}

static void whole_numbers_end_where_int64_ends(void **state)
{
	(void)state;
	int64_t v;
	assert_true(number_parse_int("9223372036854775807", 19, &v) && v == INT64_MAX);
	assert_true(number_parse_int("-9223372036854775808", 20, &v) && v == INT64_MIN);
	assert_false(number_parse_int("9223372036854775808", 19, &v));
	assert_false(number_parse_int("-9223372036854775809", 20, &v));
	assert_false(number_parse_int("1.0", 3, &v));
	assert_false(number_parse_int("1e3", 3, &v));
	assert_false(number_parse_int("", 0, &v));
	assert_true(number_parse_int("+007", 4, &v) && v == 7);
}

static void fixed_point_times_never_pass_through_a_double(void **state)
{
	(void)state;
	int64_t v;
	assert_true(number_parse_fixed("1396437466.94", 13, 6, &v) && v == INT64_C(1396437466940000));
	assert_true(number_parse_fixed("9007199254740.993", 17, 6, &v) && v == INT64_C(9007199254740993000));
	assert_true(number_parse_fixed("-1.5", 4, 6, &v) && v == -1500000);
	assert_true(number_parse_fixed("0.1234569", 9, 6, &v) && v == 123456); /* further digits are cut */
	assert_false(number_parse_fixed("9223372036854.775808", 20, 6, &v));
	assert_true(number_parse_fixed("9223372036854.775807", 20, 6, &v) && v == INT64_MAX);
	assert_false(number_parse_fixed("1.2.3", 5, 6, &v));
	assert_false(number_parse_fixed(".", 1, 6, &v));
}

static void sizes_have_units(void **state)
{
	(void)state;
	static const struct { const char *string; uint64_t bytes; } good[] = { { "64KiB", 65536 }, { "1.5GiB", 1610612736 }, { "2000000", 2000000 }, { "7B", 7 }, { "2MB", 2000000 }, { "1TiB", UINT64_C(1) << 40 }, { "0", 0 } };
	uint64_t bytes;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(number_parse_bytes(good[i].string, &bytes) && bytes == good[i].bytes);
	static const char *const bad[] = { "", "GiB", "-1", "1 GiB", "1gib", "9999999999TiB", "1.2.3MB" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(number_parse_bytes(bad[i], &bytes));
}

static void durations_have_units(void **state)
{
	(void)state;
	static const struct { const char *string; int64_t seconds; } good[] = { { "30d", 2592000 }, { "12h", 43200 }, { "45m", 2700 }, { "10s", 10 }, { "2w", 1209600 }, { "0d", 0 } };
	int64_t time;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(number_parse_duration(good[i].string, &time) && time == good[i].seconds * 1000000);
	assert_true(number_parse_duration("0.5s", &time) && time == 500000);
	static const char *const bad[] = { "", "d", "30", "-1d", "1 d", "1y", "99999999999w" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(number_parse_duration(bad[i], &time));
}

static void thousands_are_grouped(void **state)
{
	(void)state;
	char string[NUMBER_TEXT];
	static const struct { uint64_t value; const char *string; } known[] = { { 0, "0" }, { 999, "999" }, { 1000, "1,000" }, { 48209, "48,209" }, { UINT64_MAX, "18,446,744,073,709,551,615" } };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		assert_int_equal(number_print_grouped(known[i].value, string), strlen(known[i].string));
		assert_string_equal(string, known[i].string);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_numbers_are_read),
		cmocka_unit_test(what_is_no_number_is_refused),
		cmocka_unit_test(a_number_beyond_the_largest_double_is_refused),
		cmocka_unit_test(half_way_cases_go_to_the_even_neighbour),
		cmocka_unit_test(the_smallest_numbers_are_exact),
		cmocka_unit_test(very_long_digits_still_break_a_tie),
		cmocka_unit_test(random_numbers_are_read_as_by_an_exact_reader),
		cmocka_unit_test(printing_round_trips_and_is_shortest),
		cmocka_unit_test(floats_print_as_few_digits_as_a_float_needs),
		cmocka_unit_test(what_is_not_finite_prints_as_null),
		cmocka_unit_test(whole_numbers_end_where_int64_ends),
		cmocka_unit_test(fixed_point_times_never_pass_through_a_double),
		cmocka_unit_test(sizes_have_units),
		cmocka_unit_test(durations_have_units),
		cmocka_unit_test(thousands_are_grouped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
