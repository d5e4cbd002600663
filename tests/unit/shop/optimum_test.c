/* The best reachable area under the ROC curve. */

#include "shop/optimum.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void won_pairs_count_one_and_ties_one_half(void **state)
{
	(void)state;
	optimum *o = optimum_new();
	optimum_add(o, .9, 1);
	optimum_add(o, .5, 0);
	optimum_add(o, .5, 1);
	optimum_add(o, .7, 0);
	optimum_value v = optimum_of(o);
	assert_true(fabs(v.auc - (2 + .5) / 4) < 1e-12);
	assert_int_equal(v.rows, 4);
	assert_int_equal(v.positives, 2);
	optimum_free(o);
}

/* Two samples of chance a and b: the first wins with a(1 - b), loses with b(1 - a); a sample ties with itself. */
static void the_expectation_does_not_depend_on_the_labels(void **state)
{
	(void)state;
	const double a = .8, b = .3, pairs = (a + b) * (2 - a - b);
	double want = (a * (1 - b) + .5 * (a * (1 - a) + b * (1 - b))) / pairs;
	for (int label = 0; label < 2; label++) {
		optimum *o = optimum_new();
		optimum_add(o, a, label);
		optimum_add(o, b, label);
		assert_true(fabs(optimum_of(o).expected - want) < 1e-12);
		optimum_free(o);
	}
}

static void one_class_alone_has_no_area(void **state)
{
	(void)state;
	optimum *o = optimum_new();
	optimum_add(o, 1, 1);
	optimum_add(o, 0, 1);
	assert_true(isnan(optimum_of(o).auc));
	optimum_free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(won_pairs_count_one_and_ties_one_half),
		cmocka_unit_test(the_expectation_does_not_depend_on_the_labels),
		cmocka_unit_test(one_class_alone_has_no_area),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
