/* buffers_test.c - memory of a pack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tensor/native/buffers.h"

static void a_buffer_handed_back_is_the_next_of_its_size(void **state)
{
	(void)state;
	buffers b = { 0 };
	void *one = buffers_take(&b, 1000), *two = buffers_take(&b, 1000);
	assert_ptr_not_equal(one, two);
	buffers_give(&b, one, 1000);
	assert_ptr_not_equal(buffers_take(&b, 3000), one);
	assert_ptr_equal(buffers_take(&b, 1000), one);
	buffers_give(&b, NULL, 1000);
	buffers_free(&b);
}

static void buffers_of_all_sizes_are_aligned_and_apart(void **state)
{
	(void)state;
	buffers b = { 0 };
	unsigned char *taken[300];
	for (size_t i = 0; i < 300; i++) {
		taken[i] = buffers_take(&b, i * 37);
		assert_int_equal((uintptr_t)taken[i] % 64, 0);
		memset(taken[i], (int)(i & 255), i * 37);
	}
	for (size_t i = 1; i < 300; i++)
		assert_true(taken[i][0] == (i & 255) && taken[i][i * 37 - 1] == (i & 255));
	buffers_free(&b);
}

static void a_reset_makes_one_block_that_the_next_pack_fits(void **state)
{
	(void)state;
	buffers b = { 0 };
	size_t held = 0;
	for (int pack = 0; pack < 5; pack++) {
		for (size_t i = 0; i < 100; i++)
			buffers_take(&b, 50000 + i);
		assert_true(pack < 2 || b.held == held);
		held = b.held;
		buffers_reset(&b);
	}
	assert_true(held < 100 * 65536 * 5 / 4);
	buffers_free(&b);
	assert_int_equal(b.held, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_buffer_handed_back_is_the_next_of_its_size),
		cmocka_unit_test(buffers_of_all_sizes_are_aligned_and_apart),
		cmocka_unit_test(a_reset_makes_one_block_that_the_next_pack_fits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
