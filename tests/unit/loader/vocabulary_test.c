#include "stores.h"

#include "loader/ranks.h"
#include "loader/vocabulary.h"

static void values_are_ordered_by_count_then_by_bytes(void **state)
{
	(void)state;
	intern *t = intern_new();
	static const char *const values[] = { "few", "b", "a", "many", "never", "abcdefghi2", "abcdefghi1" };
	static const uint64_t rows[] = { 2, 3, 3, 9, 0, 3, 3 };
	for (size_t i = 0; i < 7; i++)
		intern_add(t, values[i], strlen(values[i]));
	ranking r;
	ranking_start(&r, t);
	memcpy(r.rows + 1, rows, sizeof rows);
	ranking_finish(&r);
	static const char *const wanted[] = { "many", "a", "abcdefghi1", "abcdefghi2", "b", "few" };
	assert_int_equal(r.count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(intern_text(t, r.order[i], NULL), wanted[i]);
	assert_int_equal(r.final[4], 1);
	assert_int_equal(r.final[5], 0);
	ranking_clear(&r);
	intern_free(t);
}

static void values_with_any_byte_survive_the_file(void **state)
{
	(void)state;
	static const char *const values[] = { "tab\there", "line\nend", "back\\slash", "return\r", "\\t", "\xf0\x9f\x98\x80", "", "a,\"b\"" };
	enum { VALUES = sizeof values / sizeof *values };
	intern *t = intern_new();
	ranking r;
	for (size_t i = 0; i < VALUES; i++)
		intern_add(t, values[i], strlen(values[i]));
	ranking_start(&r, t);
	for (uint32_t i = 1; i <= VALUES; i++)
		r.rows[i] = 100 - i;
	ranking_finish(&r);
	char *path = path_join(folder, "v.tsv");
	assert_true(durable_commit(ranking_write(&r, path, NULL), NULL));
	vocabulary *v = vocabulary_new(path, VALUES, NULL);
	for (uint32_t i = 0; i < VALUES; i++) {
		size_t length;
		assert_string_equal(vocabulary_text(v, i + 1, &length), values[i]);
		assert_int_equal(length, strlen(values[i]));
		assert_int_equal(vocabulary_rows(v, i + 1), 99 - i);
		assert_int_equal(vocabulary_find(v, values[i], strlen(values[i])), i + 1);
	}
	assert_string_equal(vocabulary_text(v, 0, NULL), "");
	assert_string_equal(vocabulary_text(v, VALUES + 1, NULL), "");
	assert_int_equal(vocabulary_find(v, "absent", 6), 0);
	vocabulary_free(v);
	ranking_clear(&r);
	intern_free(t);
	free(path);
}

static void a_damaged_file_gives_empty_values_and_an_error_line(void **state)
{
	(void)state;
	vocabulary *v = vocabulary_new(log_write("v.tsv", "1\ta\t5\n3\tb\t4\n"), 2, NULL);
	assert_string_equal(vocabulary_text(v, 1, NULL), "");
	assert_string_equal(vocabulary_text(v, 2, NULL), "");
	assert_non_null(strstr(said, "damaged"));
	assert_int_equal(vocabulary_find(v, "a", 1), 0);
	vocabulary_free(v);
}

static void a_file_that_cannot_be_read_is_an_error_at_once(void **state)
{
	(void)state;
	sr_error err = { 0 };
	char *path = path_join(folder, "none.tsv");
	assert_null(vocabulary_new(path, 2, &err));
	assert_int_equal(err.code, SR_IO);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_ordered_by_count_then_by_bytes),
		LOADER_TEST(values_with_any_byte_survive_the_file),
		LOADER_TEST(a_damaged_file_gives_empty_values_and_an_error_line),
		LOADER_TEST(a_file_that_cannot_be_read_is_an_error_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
