/* Hit rate, NDCG and reciprocal rank at k. */

#include "seqrec/metrics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint32_t ranks[] = { 1, 3, 11 };

static void a_target_at_place_k_is_a_hit_and_the_next_is_not(void **state)
{
	(void)state;
	assert_true(metric_hit_rate(ranks, 3, 3).value == 2. / 3);
	assert_true(metric_hit_rate(ranks, 3, 2).value == 1. / 3);
}

static void ndcg_discounts_by_the_logarithm_of_the_place(void **state)
{
	(void)state;
	assert_true(fabs(metric_ndcg(ranks, 3, 10).value - (1 + .5) / 3) < 1e-15);
}

static void the_reciprocal_rank_beyond_k_is_nothing(void **state)
{
	(void)state;
	assert_true(fabs(metric_mrr(ranks, 3, 10).value - (1 + 1. / 3) / 3) < 1e-15);
	assert_true(metric_mrr(ranks, 3, 20).value > metric_mrr(ranks, 3, 10).value);
}

static void no_users_means_no_figure(void **state)
{
	(void)state;
	assert_string_equal(metric_hit_rate(ranks, 0, 10).reason, "no users");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_target_at_place_k_is_a_hit_and_the_next_is_not),
		cmocka_unit_test(ndcg_discounts_by_the_logarithm_of_the_place),
		cmocka_unit_test(the_reciprocal_rank_beyond_k_is_nothing),
		cmocka_unit_test(no_users_means_no_figure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
