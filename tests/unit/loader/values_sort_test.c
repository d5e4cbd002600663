#include "stores.h"

#include "loader/values_sort.h"

static const uint64_t *rows_of_code;
static const intern *values_of_code;

/* The order in plain words: an oracle for qsort. */
static int compare(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	if (rows_of_code[a] != rows_of_code[b])
		return rows_of_code[a] > rows_of_code[b] ? -1 : 1;
	return strcmp(intern_text(values_of_code, a, NULL), intern_text(values_of_code, b, NULL));
}

/* Sorts `count` values with up to `most` rows each, whose texts share a beginning. */
static void assert_sorted(uint32_t count, uint32_t most, const char *beginning)
{
	intern *t = intern_new();
	uint64_t *rows = xcalloc(count + 1, sizeof *rows);
	uint32_t *codes = xcalloc(count + 1, sizeof *codes), *wanted = xcalloc(count + 1, sizeof *wanted);
	for (uint32_t i = 0, x = 7; i < count; i++) {
		char id[64];
		x = x * 1664525 + 1013904223;
		codes[i] = wanted[i] = intern_add(t, id, (size_t)snprintf(id, sizeof id, "%s%x%s", beginning, i * 2654435761u, x & 1 ? "\xc3\xa9" : ""));
		rows[codes[i]] = (x >> 8) % (most + 1);
	}
	values_sort(t, rows, codes, count);
	rows_of_code = rows;
	values_of_code = t;
	qsort(wanted, count, sizeof *wanted, compare);
	assert_memory_equal(codes, wanted, count * sizeof *codes);
	free(rows);
	free(codes);
	free(wanted);
	intern_free(t);
}

static void any_number_of_values_is_sorted(void **state)
{
	(void)state;
	for (uint32_t count = 0; count < 70; count++)
		assert_sorted(count, 3, "");
	assert_sorted(20000, 5, "");
}

static void large_counts_are_told_apart(void **state)
{
	(void)state;
	assert_sorted(3000, 1000, "");
	assert_sorted(3000, 256, "id");
}

static void long_common_beginnings_are_compared_to_their_end(void **state)
{
	(void)state;
	assert_sorted(3000, 1, "https://shop.example/item/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_number_of_values_is_sorted),
		cmocka_unit_test(large_counts_are_told_apart),
		cmocka_unit_test(long_common_beginnings_are_compared_to_their_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
