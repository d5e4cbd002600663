/* Numbers of fixed digits. */

#include "report/print.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_exact_value_is_rounded_half_to_even(void **state)
{
	(void)state;
	char out[PRINT_TEXT];
	print_fixed(.125, 2, out);
	assert_string_equal(out, "0.12");
	print_fixed(.375, 2, out);
	assert_string_equal(out, "0.38");
	print_fixed(1.005, 2, out); /* a little below 1.005 in binary */
	assert_string_equal(out, "1.00");
}

static void no_digits_means_no_point(void **state)
{
	(void)state;
	char out[PRINT_TEXT];
	assert_int_equal(print_fixed(3.7, 0, out), 1);
	assert_string_equal(out, "4");
}

static void the_point_stays_a_point_under_any_locale(void **state)
{
	(void)state;
	char out[PRINT_TEXT];
	if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "fr_FR.UTF-8"))
		skip();
	print_fixed(-.5, 3, out);
	setlocale(LC_NUMERIC, "C");
	assert_string_equal(out, "-0.500");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_exact_value_is_rounded_half_to_even),
		cmocka_unit_test(no_digits_means_no_point),
		cmocka_unit_test(the_point_stays_a_point_under_any_locale),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
