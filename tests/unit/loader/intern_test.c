#include "stores.h"

#include "loader/intern.h"

static void codes_count_up_in_order_of_first_sight(void **state)
{
	(void)state;
	intern *t = intern_new();
	assert_int_equal(intern_add(t, "b", 1), 1);
	assert_int_equal(intern_add(t, "a", 1), 2);
	assert_int_equal(intern_add(t, "b", 1), 1);
	assert_int_equal(intern_count(t), 2);
	assert_int_equal(intern_find(t, "a", 1), 2);
	assert_int_equal(intern_find(t, "c", 1), 0);
	intern_free(t);
}

static void strings_keep_all_their_bytes(void **state)
{
	(void)state;
	intern *t = intern_new();
	size_t length;
	static char large[10000];
	memset(large, 'x', sizeof large);
	assert_int_equal(intern_add(t, "", 0), 1);
	assert_int_equal(intern_add(t, "a\0b", 3), 2);
	assert_int_equal(intern_add(t, "a\0c", 3), 3);
	assert_int_equal(intern_add(t, large, sizeof large), 4);
	assert_memory_equal(intern_text(t, 2, &length), "a\0b", 4);
	assert_int_equal(length, 3);
	assert_memory_equal(intern_text(t, 4, &length), large, sizeof large);
	assert_int_equal(length, sizeof large);
	intern_free(t);
}

static void a_hundred_thousand_strings_are_told_apart(void **state)
{
	(void)state;
	intern *t = intern_new();
	char id[16];
	for (uint32_t i = 0; i < 100000; i++)
		assert_int_equal(intern_add(t, id, (size_t)snprintf(id, sizeof id, "%u", i * 7)), i + 1);
	for (uint32_t i = 0; i < 100000; i++)
		assert_int_equal(intern_find(t, id, (size_t)snprintf(id, sizeof id, "%u", i * 7)), i + 1);
	assert_int_equal(intern_find(t, "3", 1), 0);
	assert_true(intern_bytes(t) < 6000000);
	intern_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_count_up_in_order_of_first_sight),
		cmocka_unit_test(strings_keep_all_their_bytes),
		cmocka_unit_test(a_hundred_thousand_strings_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
