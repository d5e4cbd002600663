/* Every draw is a pure function of (seed, stream, step, index), and is distributed as it says. */
#include "unit/base/scratch.h"

#include "seqrec/random.h"

#include <math.h>

static void philox_gives_the_published_block(void **state)
{
	(void)state;
	uint32_t out[4];
	random_block(0, 0, 0, 0, out);
	assert_int_equal(out[0], 0x6627e8d5);
	assert_int_equal(out[1], 0xe169c58d);
	assert_int_equal(out[2], 0xbc57ac4c);
	assert_int_equal(out[3], 0x9b00dbd8);
	random_block(UINT64_MAX, UINT32_MAX, UINT64_MAX, UINT32_MAX, out);
	assert_int_equal(out[0], 0x408f276d);
	assert_int_equal(out[1], 0x41c83b0e);
	assert_int_equal(out[2], 0xa20bc7c6);
	assert_int_equal(out[3], 0x6d5451fd);
}

static void each_argument_changes_the_draw(void **state)
{
	(void)state;
	uint64_t draw = random_bits(1, 2, 3, 4);
	assert_true(draw == random_bits(1, 2, 3, 4));
	assert_true(draw != random_bits(UINT64_C(1) << 32 | 1, 2, 3, 4));
	assert_true(draw != random_bits(1, 3, 3, 4));
	assert_true(draw != random_bits(1, 2, UINT64_C(1) << 32 | 3, 4));
	assert_true(draw != random_bits(1, 2, 3, 5));
}

static void uniform_draws_fill_the_unit_interval_evenly(void **state)
{
	(void)state;
	enum { N = 40000 };
	double sum = 0, square = 0, least = 1, most = 0;
	for (uint32_t i = 0; i < N; i++) {
		double u = random_uniform(7, RANDOM_SPLIT, 0, i);
		sum += u;
		square += u * u;
		least = fmin(least, u);
		most = fmax(most, u);
	}
	assert_true(least >= 0 && least < 1e-3 && most < 1 && most > 1 - 1e-3);
	assert_true(fabs(sum / N - 0.5) < 0.01);
	assert_true(fabs(square / N - 1.0 / 3) < 0.01);
}

static void normal_draws_have_the_moments_of_a_normal(void **state)
{
	(void)state;
	enum { N = 40000 };
	double m[5] = { 0 };
	for (uint32_t i = 0; i < N; i++) {
		double x = random_normal(7, RANDOM_INIT, 0, i);
		assert_true(isfinite(x));
		for (int k = 1; k < 5; k++)
			m[k] += pow(x, k) / N;
	}
	assert_true(fabs(m[1]) < 0.02 && fabs(m[2] - 1) < 0.03 && fabs(m[3]) < 0.08 && fabs(m[4] - 3) < 0.2);
}

static void bounded_draws_stay_below_and_reach_every_value(void **state)
{
	(void)state;
	unsigned seen[7] = { 0 };
	for (uint32_t i = 0; i < 7000; i++) {
		uint32_t v = random_below(1, RANDOM_NEGATIVES, 0, i, 7);
		assert_true(v < 7);
		seen[v]++;
	}
	for (int v = 0; v < 7; v++)
		assert_in_range(seen[v], 850, 1150);
}

static void a_shuffle_is_a_permutation_and_pure(void **state)
{
	(void)state;
	enum { N = 500 };
	uint32_t a[N], b[N], c[N];
	unsigned char seen[N] = { 0 };
	for (uint32_t i = 0; i < N; i++)
		a[i] = b[i] = c[i] = i;
	random_shuffle(1, RANDOM_SHUFFLE, 5, a, N);
	random_shuffle(1, RANDOM_SHUFFLE, 5, b, N);
	random_shuffle(1, RANDOM_SHUFFLE, 6, c, N);
	assert_memory_equal(a, b, sizeof a);
	assert_memory_not_equal(a, c, sizeof a);
	size_t fixed = 0;
	for (uint32_t i = 0; i < N; i++) {
		assert_true(a[i] < N && !seen[a[i]]++);
		fixed += a[i] == i;
	}
	assert_true(fixed < 10);
	random_shuffle(1, RANDOM_SHUFFLE, 5, NULL, 0);
}

static void each_order_of_three_is_equally_likely(void **state)
{
	(void)state;
	unsigned seen[27] = { 0 };
	for (uint64_t step = 0; step < 6000; step++) {
		uint32_t order[3] = { 0, 1, 2 };
		random_shuffle(3, RANDOM_SHUFFLE, step, order, 3);
		seen[order[0] * 9 + order[1] * 3 + order[2]]++;
	}
	for (size_t i = 0; i < 27; i++)
		assert_true(seen[i] == 0 || (seen[i] > 850 && seen[i] < 1150));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(philox_gives_the_published_block),
		cmocka_unit_test(each_argument_changes_the_draw),
		cmocka_unit_test(uniform_draws_fill_the_unit_interval_evenly),
		cmocka_unit_test(normal_draws_have_the_moments_of_a_normal),
		cmocka_unit_test(bounded_draws_stay_below_and_reach_every_value),
		cmocka_unit_test(a_shuffle_is_a_permutation_and_pure),
		cmocka_unit_test(each_order_of_three_is_equally_likely),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
