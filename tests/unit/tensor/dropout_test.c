/* dropout_test.c - masks are pure functions, and look random. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tensor/dropout.h"

enum { ROWS = 400, COLS = 70, COUNT = ROWS * COLS };

static void mask(float *to, uint64_t key, uint32_t operation, double drop)
{
	dropout d = dropout_new(key, operation, drop);
	for (size_t row = 0; row < ROWS; row++)
		dropout_mask(&d, row, COLS, COLS, to + row * COLS);
}

static void a_mask_is_a_function_of_its_key_and_operation(void **state)
{
	(void)state;
	static float a[COUNT], b[COUNT];
	mask(a, 7, 3, 0.2);
	mask(b, 7, 3, 0.2);
	assert_memory_equal(a, b, sizeof a);
	mask(b, 7, 4, 0.2);
	assert_memory_not_equal(a, b, sizeof a);
	mask(b, 8, 3, 0.2);
	assert_memory_not_equal(a, b, sizeof a);
}

static void the_share_that_is_dropped_is_what_was_asked_for(void **state)
{
	(void)state;
	static float a[COUNT];
	const double drops[] = { 0.01, 0.1, 0.5, 0.9 };
	for (size_t i = 0; i < sizeof drops / sizeof *drops; i++) {
		mask(a, 7, 3, drops[i]);
		double zeros = 0, sum = 0;
		for (size_t k = 0; k < COUNT; k++) {
			zeros += a[k] == 0;
			sum += (double)a[k];
		}
		double deviation = sqrt(drops[i] * (1 - drops[i]) / COUNT);
		assert_true(fabs(zeros / COUNT - drops[i]) < 4 * deviation);
		assert_true(fabs(sum / COUNT - 1) < 5 * deviation / (1 - drops[i]));
	}
}

/* Correlation of kept / dropped between elements a distance apart. */
static double correlation(const float *a, const float *b, size_t count, double drop)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += ((a[i] == 0) - drop) * ((b[i] == 0) - drop);
	return sum / (double)count / (drop * (1 - drop));
}

static void neighbours_rows_and_operations_are_uncorrelated(void **state)
{
	(void)state;
	static float a[COUNT], b[COUNT];
	static const size_t distances[] = { 1, 2, 15, 16, 17, 32, 64, COLS, 2 * COLS, 32 * COLS };
	mask(a, 7, 3, 0.5);
	for (size_t i = 0; i < sizeof distances / sizeof *distances; i++)
		assert_true(fabs(correlation(a, a + distances[i], COUNT - distances[i], 0.5)) < 5 / sqrt(COUNT - (double)distances[i]));
	mask(b, 7, 4, 0.5);
	assert_true(fabs(correlation(a, b, COUNT, 0.5)) < 5 / sqrt(COUNT));
}

static void part_of_a_row_has_the_mask_of_the_whole(void **state)
{
	(void)state;
	float whole[COLS], part[COLS];
	dropout d = dropout_new(1, 1, 0.4);
	dropout_mask(&d, 9, COLS, COLS, whole);
	dropout_mask(&d, 9, COLS, 41, part);
	assert_memory_equal(whole, part, 41 * sizeof *part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mask_is_a_function_of_its_key_and_operation),
		cmocka_unit_test(the_share_that_is_dropped_is_what_was_asked_for),
		cmocka_unit_test(neighbours_rows_and_operations_are_uncorrelated),
		cmocka_unit_test(part_of_a_row_has_the_mask_of_the_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
