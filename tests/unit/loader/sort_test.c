#include "stores.h"

#include "loader/sort.h"

enum { WORDS = RECORD_KEY + 1, RECORDS = 200000 };

/* Sorts random records within `limit` bytes and checks order, stability and that none is lost; returns the number of runs on disk. */
static size_t sort_all(size_t limit)
{
	sr_error err = { 0 };
	sorter *s = sorter_new(folder, WORDS);
	uint64_t sum = 0;
	sorter_limit(s, limit);
	for (uint32_t i = 0, x = 1; i < RECORDS; i++) {
		uint32_t record[WORDS] = { 0 };
		x = x * 1664525 + 1013904223; /* Knuth's linear congruence: enough for a shuffle */
		record[RECORD_USER] = 1 + (x >> 8) % 1000;
		record_set_time(record, (int64_t)((x >> 4) % 100) - 50);
		record[RECORD_KEY] = i;
		assert_true(sorter_add(s, record, &err));
		sum += i;
	}
	assert_true(sorter_finish(s, &err));
	size_t runs = sorter_runs(s);
	uint32_t before[WORDS] = { 0 };
	record_set_time(before, INT64_MIN);
	for (uint32_t i = 0; i < RECORDS; i++) {
		const uint32_t *next = sorter_next(s, &err);
		assert_non_null(next);
		bool same_user = next[RECORD_USER] == before[RECORD_USER], same = same_user && record_time(next) == record_time(before);
		assert_true(next[RECORD_USER] > before[RECORD_USER] || (same_user && record_time(next) >= record_time(before)));
		assert_true(!same || next[RECORD_KEY] > before[RECORD_KEY]);
		memcpy(before, next, sizeof before);
		sum -= next[RECORD_KEY];
	}
	assert_null(sorter_next(s, &err));
	assert_int_equal(sum, 0);
	assert_int_equal(sorter_count(s), RECORDS);
	sorter_free(s);
	return runs;
}

static void in_memory_records_are_in_order(void **state)
{
	(void)state;
	assert_int_equal(sort_all(SIZE_MAX), 0);
}

static void runs_on_disk_give_the_same_order(void **state)
{
	(void)state;
	size_t runs = sort_all(1 << 20);
	assert_true(runs > 3 && runs <= 8);
}

static void many_runs_are_merged_in_between(void **state)
{
	(void)state;
	assert_true(sort_all(1 << 14) <= 64);
}

static void times_before_1970_come_first(void **state)
{
	(void)state;
	uint32_t early[RECORD_KEY], late[RECORD_KEY];
	record_set_time(early, -5);
	record_set_time(late, 5);
	assert_true(early[RECORD_TIME_HIGH] < late[RECORD_TIME_HIGH]);
	assert_int_equal(record_time(early), -5);
	record_set_time(early, INT64_MIN);
	assert_int_equal(record_time(early), INT64_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(in_memory_records_are_in_order),
		LOADER_TEST(runs_on_disk_give_the_same_order),
		LOADER_TEST(many_runs_are_merged_in_between),
		cmocka_unit_test(times_before_1970_come_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
