/* Comparisons sort ascending, at the ends of their types too. */
#include "unit/base/scratch.h"

#include "seqrec/order.h"

static void whole_numbers_are_not_subtracted(void **state)
{
	(void)state;
	int64_t a[] = { 3, INT64_MAX, INT64_MIN, -1, 3 };
	uint32_t b[] = { 7, UINT32_MAX, 0, 2147483648U };
	qsort(a, 5, sizeof *a, order_i64);
	qsort(b, 4, sizeof *b, order_u32);
	assert_memory_equal(a, ((int64_t[]){ INT64_MIN, -1, 3, 3, INT64_MAX }), sizeof a);
	assert_memory_equal(b, ((uint32_t[]){ 0, 7, 2147483648U, UINT32_MAX }), sizeof b);
	assert_int_equal(order_i64(&a[2], &a[3]), 0);
}

static void fractions_are_not_rounded(void **state)
{
	(void)state;
	float a[] = { 0.5F, -0.25F, 0.25F };
	double b[] = { 1e300, 0.1, 0.05, -1e300 };
	qsort(a, 3, sizeof *a, order_float);
	qsort(b, 4, sizeof *b, order_double);
	assert_memory_equal(a, ((float[]){ -0.25F, 0.25F, 0.5F }), sizeof a);
	assert_memory_equal(b, ((double[]){ -1e300, 0.05, 0.1, 1e300 }), sizeof b);
}

static void texts_go_by_their_bytes(void **state)
{
	(void)state;
	const char *a[] = { "b", "\xC3\xA9", "", "B", "ab" };
	qsort(a, 5, sizeof *a, order_text);
	static const char *const expected[] = { "", "B", "ab", "b", "\xC3\xA9" };
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(a[i], expected[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_numbers_are_not_subtracted),
		cmocka_unit_test(fractions_are_not_rounded),
		cmocka_unit_test(texts_go_by_their_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
