/* Reading files, folders, paths. */
#include "unit/base/scratch.h"

#include <sys/stat.h>

static void assert_path(char *path, const char *expected)
{
	assert_string_equal(path, expected);
	free(path);
}

static void a_file_is_read_whole_and_terminated(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("a");
	assert_true(file_write(path, "a\0b", 3, &err));
	size_t length;
	char *content = file_read(path, 3, &length, &err);
	assert_fine(&err);
	assert_int_equal(length, 3);
	assert_memory_equal(content, "a\0b", 4);
	free(content);
	assert_null(file_read(path, 2, &length, &err));
	assert_says(&err, SR_DATA, "longer than the 2 bytes");
}

static void a_missing_file_and_a_folder_are_errors_that_name_the_path(void **state)
{
	(void)state;
	sr_error err = { 0 }, folder = { 0 };
	file_map map;
	assert_null(file_read(in_scratch("none"), 10, NULL, &err));
	assert_says(&err, SR_IO, "/none");
	assert_null(file_read(scratch, 10, NULL, &folder));
	assert_says(&folder, SR_IO, "directory");
	assert_false(file_map_open(&map, in_scratch("none"), NULL));
	assert_null(map.bytes);
}

static void files_are_mapped_and_empty_ones_have_no_bytes(void **state)
{
	(void)state;
	sr_error err = { 0 };
	file_map map;
	const char *path = in_scratch("a");
	file_write(path, "abc", 3, &err);
	assert_true(file_map_open(&map, path, &err));
	assert_int_equal(map.length, 3);
	assert_memory_equal(map.bytes, "abc", 3);
	file_map_close(&map);
	file_write(path, "", 0, &err);
	assert_true(file_map_open(&map, path, &err));
	assert_null(map.bytes);
	assert_int_equal(map.length, 0);
	file_map_close(&map);
}

static void folders_are_made_with_their_parents(void **state)
{
	(void)state;
	sr_error err = { 0 };
	assert_true(folder_make(in_scratch("a/b/c"), &err));
	assert_true(folder_make(in_scratch("a/b/c/"), &err));
	assert_true(file_is_folder(in_scratch("a/b/c")));
	file_write(in_scratch("a/file"), "", 0, &err);
	assert_false(file_is_folder(in_scratch("a/file")));
	assert_false(folder_make(in_scratch("a/file/d"), &err));
	assert_says(&err, SR_IO, "a/file");
}

static void folders_are_removed_with_what_is_in_them(void **state)
{
	(void)state;
	sr_error err = { 0 };
	folder_make(in_scratch("a/b/c"), &err);
	file_write(in_scratch("a/b/file"), "x", 1, &err);
	assert_true(folder_remove(in_scratch("a"), &err));
	assert_false(file_exists(in_scratch("a")));
	assert_true(folder_remove(in_scratch("a"), &err)); /* absent is fine */
	file_write(in_scratch("file"), "x", 1, &err);
	assert_true(folder_remove(in_scratch("file"), &err));
	assert_false(file_exists(in_scratch("file")));
	assert_fine(&err);
}

static void a_link_is_removed_and_not_what_it_points_to(void **state)
{
	(void)state;
	sr_error err = { 0 };
	char target[256], inner[256], link[256];
	strcpy(target, in_scratch("target"));
	strcpy(inner, in_scratch("target/kept"));
	strcpy(link, in_scratch("link"));
	folder_make(target, &err);
	file_write(inner, "x", 1, &err);
	assert_int_equal(symlink(target, link), 0);
	assert_true(folder_remove(link, &err));
	assert_false(file_exists(link));
	assert_true(file_exists(inner));
	folder_make(in_scratch("outer"), &err);
	assert_int_equal(symlink(target, in_scratch("outer/link")), 0);
	assert_true(folder_remove(in_scratch("outer"), &err));
	assert_true(file_exists(inner));
}

static void paths_are_joined_and_split(void **state)
{
	(void)state;
	assert_path(path_join("runs", "a"), "runs/a");
	assert_path(path_join("runs/", "a"), "runs/a");
	assert_path(path_join("runs", "/a"), "/a");
	assert_path(path_join("", "a"), "a");
	assert_path(path_folder("a/b/c"), "a/b");
	assert_path(path_folder("/a"), "/");
	assert_path(path_folder("a"), ".");
	assert_string_equal(path_name("a/b"), "b");
	assert_string_equal(path_name("b"), "b");
}

static void absolute_paths_have_no_dots(void **state)
{
	(void)state;
	static const char *const cases[][2] = { { "/a/./b/../c", "/a/c" }, { "/", "/" }, { "//a///b/", "/a/b" }, { "/../..", "/" }, { "/a/..", "/" }, { "/a/..b", "/a/..b" }, { "/.", "/" } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_path(path_absolute(cases[i][0]), cases[i][1]);
	char here[4096], *joined;
	assert_non_null(getcwd(here, sizeof here));
	joined = path_join(here, "x/y");
	assert_path(path_absolute("./x/z/../y"), joined);
	free(joined);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_file_is_read_whole_and_terminated),
		SCRATCH_TEST(a_missing_file_and_a_folder_are_errors_that_name_the_path),
		SCRATCH_TEST(files_are_mapped_and_empty_ones_have_no_bytes),
		SCRATCH_TEST(folders_are_made_with_their_parents),
		SCRATCH_TEST(folders_are_removed_with_what_is_in_them),
		SCRATCH_TEST(a_link_is_removed_and_not_what_it_points_to),
		cmocka_unit_test(paths_are_joined_and_split),
		cmocka_unit_test(absolute_paths_have_no_dots),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
