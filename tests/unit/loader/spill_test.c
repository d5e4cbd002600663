#include "stores.h"

#include <sys/stat.h>

#include "loader/spill.h"

typedef struct {
	uint64_t number, square;
} pair;

static void records_come_back_in_order_and_at_a_place(void **state)
{
	(void)state;
	sr_error err = { 0 };
	spill *s = spill_new(folder, sizeof(pair), &err);
	for (uint64_t i = 0; i < 50000; i++)
		assert_true(spill_add(s, &(pair){ i, i * i }, &err));
	for (int round = 0; round < 2; round++) {
		assert_true(spill_rewind(s, &err));
		for (uint64_t i = 0; i < 50000; i++)
			assert_int_equal(((const pair *)spill_next(s, &err))->square, i * i);
		assert_null(spill_next(s, &err));
	}
	pair some[3];
	assert_true(spill_read(s, 49997, 3, some, &err));
	assert_int_equal(some[2].number, 49999);
	assert_int_equal(spill_count(s), 50000);
	assert_int_equal(err.code, SR_OK);
	spill_free(s);
}

static void the_file_has_no_name(void **state)
{
	(void)state;
	sr_error err = { 0 };
	spill *s = spill_new(folder, 8, &err);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
	spill_free(s);
}

static void an_empty_file_has_no_records(void **state)
{
	(void)state;
	sr_error err = { 0 };
	spill *s = spill_new(folder, 8, &err);
	assert_true(spill_rewind(s, &err));
	assert_null(spill_next(s, &err));
	assert_int_equal(err.code, SR_OK);
	spill_free(s);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
	(void)state;
	sr_error err = { 0 };
	char *path = path_join(folder, "none");
	assert_null(spill_new(path, 8, &err));
	assert_int_equal(err.code, SR_IO);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(records_come_back_in_order_and_at_a_place),
		LOADER_TEST(the_file_has_no_name),
		LOADER_TEST(an_empty_file_has_no_records),
		LOADER_TEST(a_folder_that_is_not_there_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
