/* Drawn items: how often, and what the correction says of it. */
#include "unit/base/scratch.h"

#include "trainer/negatives.h"

#include <math.h>

enum { ROWS = 6, DRAWS = 40000 };

static void assert_shares(double power, const double *expected)
{
	const uint32_t count[ROWS] = { 9, 9, 0, 1, 4, 16 };
	static uint32_t row[DRAWS];
	static float shift[DRAWS];
	size_t seen[ROWS] = { 0 };
	item_draws *draws = item_draws_new(count, ROWS, power);
	negatives_draw(draws, 5, 7, 1, DRAWS, row, shift);
	for (size_t k = 0; k < DRAWS; k++) {
		seen[row[k]]++;
		assert_true(fabs((double)shift[k] - log(DRAWS * expected[row[k]])) < 1e-5);
	}
	for (size_t i = 0; i < ROWS; i++)
		assert_true(fabs((double)seen[i] / DRAWS - expected[i]) < 0.01);
	item_draws_free(draws);
}

static void items_are_drawn_by_a_power_of_their_count(void **state)
{
	(void)state;
	assert_shares(0, (const double[]){ 0, 0, 0.25, 0.25, 0.25, 0.25 });
	assert_shares(1, (const double[]){ 0, 0, 1 / 22.0, 1 / 22.0, 4 / 22.0, 16 / 22.0 }); /* an item never seen counts as once */
	assert_shares(0.5, (const double[]){ 0, 0, 1 / 8.0, 1 / 8.0, 2 / 8.0, 4 / 8.0 });
}

static void draws_are_a_function_of_seed_step_and_stream(void **state)
{
	(void)state;
	const uint32_t count[ROWS] = { 0 };
	uint32_t a[20], b[20];
	float shift[20];
	item_draws *draws = item_draws_new(count, ROWS, 0);
	negatives_draw(draws, 5, 7, 1, 20, a, shift);
	negatives_draw(draws, 5, 7, 1, 20, b, shift);
	assert_memory_equal(a, b, sizeof a);
	negatives_draw(draws, 5, 8, 1, 20, b, shift);
	assert_memory_not_equal(a, b, sizeof a);
	negatives_draw(draws, 5, 7, 2, 20, b, shift);
	assert_memory_not_equal(a, b, sizeof a);
	item_draws_free(draws);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(items_are_drawn_by_a_power_of_their_count), cmocka_unit_test(draws_are_a_function_of_seed_step_and_stream) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
