/* How the step size rises and falls. */
#include "unit/base/scratch.h"

#include "seqrec/config.h"
#include "trainer/optimizer.h"

#include <math.h>

static void assert_rate(int kind, double warmup, uint64_t step, double expected)
{
	double rate = schedule_rate(kind, 2, warmup, step, 100);
	if (fabs(rate - expected) > 1e-12)
		fail_msg("kind %d, step %llu: %.15g is not %.15g", kind, (unsigned long long)step, rate, expected);
}

static void the_warm_up_rises_evenly_to_the_peak(void **state)
{
	(void)state;
	for (int kind = SCHEDULE_CONSTANT; kind <= SCHEDULE_LINEAR; kind++)
		for (uint64_t step = 0; step < 9; step++)
			assert_rate(kind, 0.1, step, 2 * (double)(step + 1) / 10);
	assert_rate(SCHEDULE_COSINE, 0.1, 10, 2);
	assert_rate(SCHEDULE_LINEAR, 0.1, 10, 2);
	assert_rate(SCHEDULE_CONSTANT, 1, 49, 1);
}

static void a_constant_rate_stays(void **state)
{
	(void)state;
	assert_rate(SCHEDULE_CONSTANT, 0, 0, 2);
	assert_rate(SCHEDULE_CONSTANT, 0.1, 99, 2);
}

static void a_linear_rate_falls_to_its_last_step(void **state)
{
	(void)state;
	assert_rate(SCHEDULE_LINEAR, 0, 0, 2);
	assert_rate(SCHEDULE_LINEAR, 0, 50, 1);
	assert_rate(SCHEDULE_LINEAR, 0, 99, 0.02);
	assert_rate(SCHEDULE_LINEAR, 0.1, 55, 1);
	assert_rate(SCHEDULE_LINEAR, 0, 200, 0); /* never below 0 */
}

static void a_cosine_rate_falls_slowly_at_both_ends(void **state)
{
	(void)state;
	assert_rate(SCHEDULE_COSINE, 0, 0, 2);
	assert_rate(SCHEDULE_COSINE, 0, 50, 1);
	assert_rate(SCHEDULE_COSINE, 0, 25, 1 + sqrt(0.5));
	assert_rate(SCHEDULE_COSINE, 0, 99, 1 - cos(3.14159265358979323846 * 0.01));
	for (uint64_t step = 1; step < 100; step++)
		assert_true(schedule_rate(SCHEDULE_COSINE, 2, 0, step, 100) < schedule_rate(SCHEDULE_COSINE, 2, 0, step - 1, 100));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_warm_up_rises_evenly_to_the_peak),
		cmocka_unit_test(a_constant_rate_stays),
		cmocka_unit_test(a_linear_rate_falls_to_its_last_step),
		cmocka_unit_test(a_cosine_rate_falls_slowly_at_both_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
