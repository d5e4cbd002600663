/* inverse_test.c - the inverse of positive definite matrices, over sizes that do and do not fill its blocks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "seqrec/matrix.h"
#include "seqrec/memory.h"
#include "seqrec/random.h"

/* R R' / n + I with R random: symmetric, positive definite, well conditioned. */
static float *positive_definite(size_t n)
{
	float *r = xaligned(n * n, sizeof *r), *a = xaligned(n * n, sizeof *a);
	for (size_t i = 0; i < n * n; i++)
		r[i] = (float)(2 * random_uniform(3, RANDOM_SHOP, (uint32_t)n, (uint32_t)i) - 1);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			double sum = i == j;
			for (size_t k = 0; k < n; k++)
				sum += (double)r[i * n + k] * (double)r[j * n + k] / (double)n;
			a[i * n + j] = (float)sum;
		}
	free(r);
	return a;
}

static float *inverted(const float *a, size_t n, unsigned threads)
{
	float *inverse = xaligned(n * n, sizeof *inverse);
	memcpy(inverse, a, n * n * sizeof *a);
	thread_pool *pool = thread_pool_new(threads);
	assert_true(matrix_invert(inverse, n, pool, NULL));
	thread_pool_free(pool);
	return inverse;
}

static void the_product_with_the_inverse_is_the_identity(void **state)
{
	(void)state;
	static const size_t sizes[] = { 1, 2, 17, 127, 128, 129, 300 };
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		size_t n = sizes[s];
		float *a = positive_definite(n), *inverse = inverted(a, n, 1);
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < n; j++) {
				double sum = -(double)(i == j);
				for (size_t k = 0; k < n; k++)
					sum += (double)a[i * n + k] * (double)inverse[k * n + j];
				if (fabs(sum) > 1e-5)
					fail_msg("n %zu, row %zu, column %zu is off by %g", n, i, j, sum);
			}
		free(a);
		free(inverse);
	}
}

static void threads_do_not_change_a_bit(void **state)
{
	(void)state;
	enum { N = 333 };
	float *a = positive_definite(N), *one = inverted(a, N, 1), *three = inverted(a, N, 3);
	assert_memory_equal(one, three, sizeof *one * N * N);
	free(a);
	free(one);
	free(three);
}

static void a_matrix_that_is_not_positive_definite_is_refused(void **state)
{
	(void)state;
	float a[] = { 1, 2, 2, 1 };
	sr_error err = { 0 };
	thread_pool *pool = thread_pool_new(1);
	assert_false(matrix_invert(a, 2, pool, &err));
	assert_int_equal(err.code, SR_INTERNAL);
	thread_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_product_with_the_inverse_is_the_identity),
		cmocka_unit_test(threads_do_not_change_a_bit),
		cmocka_unit_test(a_matrix_that_is_not_positive_definite_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
