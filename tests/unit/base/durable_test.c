/* A durable file is there whole or not at all, and what was there before is kept until then. */
#include "unit/base/scratch.h"

#include "seqrec/hash.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static size_t files_here(void)
{
	size_t count = 0;
	DIR *dir = opendir(scratch);
	for (struct dirent *entry; (entry = readdir(dir));)
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(dir);
	return count;
}

static void assert_holds(const char *path, const char *expected)
{
	sr_error err = { 0 };
	size_t length;
	char *content = file_read(path, 1 << 20, &length, &err);
	assert_fine(&err);
	assert_int_equal(length, strlen(expected));
	assert_string_equal(content, expected);
	free(content);
}

static void nothing_is_visible_before_the_commit(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("report.json");
	assert_true(file_write(path, "old", 3, &err));
	durable *d = durable_open(path, &err);
	assert_true(durable_write(d, "new ", 4));
	assert_true(durable_print(d, "%d%%", 50));
	assert_holds(path, "old");
	assert_true(durable_commit(d, &err));
	assert_holds(path, "new 50%");
	assert_int_equal(files_here(), 1);
	struct stat info;
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
}

static void an_abandoned_file_leaves_nothing(void **state)
{
	(void)state;
	sr_error err = { 0 };
	durable *d = durable_open(in_scratch("a"), &err);
	assert_true(durable_write(d, "bytes", 5));
	durable_abandon(d);
	durable_abandon(NULL);
	assert_int_equal(files_here(), 0);
}

static void headers_are_patched_in_place(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("a");
	durable *d = durable_open(path, &err);
	durable_write(d, "0000 body", 9);
	uint32_t before = durable_crc32(d);
	assert_int_equal(before, hash_crc32(0, "0000 body", 9));
	assert_true(durable_patch(d, 0, "12", 2));
	assert_int_equal(durable_crc32(d), before);
	durable_write(d, "!", 1);
	assert_int_equal(durable_length(d), 10);
	assert_true(durable_commit(d, &err));
	assert_holds(path, "1200 body!");
}

static void long_and_short_writes_keep_their_order(void **state)
{
	(void)state;
	enum { LENGTH = 700 * 1024 };
	sr_error err = { 0 };
	char *block = malloc(LENGTH), *line = malloc(2000);
	memset(block, 'b', LENGTH);
	memset(line, 'l', 1999);
	line[1999] = '\0';
	const char *path = in_scratch("a");
	durable *d = durable_open(path, &err);
	durable_write(d, "first", 5);
	durable_write(d, block, LENGTH); /* longer than any buffer */
	durable_print(d, "%s", line);
	uint32_t crc = durable_crc32(d);
	assert_true(durable_commit(d, &err));
	size_t length;
	char *content = file_read(path, 1 << 20, &length, &err);
	assert_int_equal(length, 5 + LENGTH + 1999);
	assert_memory_equal(content, "firstb", 6);
	assert_int_equal(content[length - 1], 'l');
	assert_int_equal(hash_crc32(0, content, length), crc);
	free(content);
	free(block);
	free(line);
}

static void a_file_in_a_missing_folder_is_an_error_that_names_it(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("missing/a");
	assert_null(durable_open(path, &err));
	assert_says(&err, SR_IO, "missing/a");
	assert_false(durable_write(NULL, "x", 1));
	assert_false(durable_commit(NULL, &err));
}

/* A disk that fills up, as the limit on a file's size. */
static void a_failing_write_keeps_the_old_file_and_removes_its_own(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("report.json");
	assert_true(file_write(path, "old", 3, &err));
	struct rlimit unlimited, small;
	getrlimit(RLIMIT_FSIZE, &unlimited);
	small = (struct rlimit){ 4096, unlimited.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	char block[10000] = { 'x' };
	durable *d = durable_open(path, &err);
	durable_write(d, block, sizeof block);
	bool done = durable_commit(d, &err);
	setrlimit(RLIMIT_FSIZE, &unlimited);
	signal(SIGXFSZ, SIG_DFL);
	assert_false(done);
	assert_says(&err, SR_IO, "what was there before is kept");
	assert_holds(path, "old");
	assert_int_equal(files_here(), 1);
}

static void a_target_that_is_a_folder_is_not_replaced(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("folder");
	assert_true(folder_make(path, &err));
	assert_false(file_write(path, "x", 1, &err));
	assert_says(&err, SR_IO, path);
	assert_int_equal(files_here(), 1);
}

static void stale_temporary_files_are_cleaned_away(void **state)
{
	(void)state;
	sr_error err = { 0 };
	FILE *f = fopen(in_scratch(".report.json.tmp-1-0"), "w");
	fclose(f);
	file_write(in_scratch("report.json"), "x", 1, &err);
	file_write(in_scratch("a.tmp-notes"), "x", 1, &err);
	folder_clean(scratch);
	assert_int_equal(files_here(), 2);
	assert_true(file_exists(in_scratch("report.json")));
	folder_clean("/nowhere/at/all");
}

static void the_temporary_file_of_a_living_process_is_left_alone(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("report.json");
	durable *first = durable_open(path, &err);
	durable_write(first, "first", 5);
	assert_true(file_write(path, "second", 6, &err)); /* the same file, meanwhile */
	folder_clean(scratch);
	assert_true(durable_commit(first, &err));
	assert_fine(&err);
	assert_holds(path, "first");
	assert_int_equal(files_here(), 1);
}

static void writing_a_file_again_removes_what_a_killed_process_left_of_it(void **state)
{
	(void)state;
	static const char *const left[] = { ".report.json.tmp-1-0", ".report.json.tmp-99-3", ".other.json.tmp-1-0" };
	for (size_t i = 0; i < 3; i++)
		fclose(fopen(in_scratch(left[i]), "w"));
	assert_true(file_write(in_scratch("report.json"), "x", 1, NULL));
	assert_int_equal(files_here(), 2);
	assert_true(file_exists(in_scratch(".other.json.tmp-1-0")));
}

static void a_torn_last_line_is_cut_off(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("log.jsonl");
	static const char *const before[] = { "{\"step\":0}\n{\"st", "torn", "" }, *const after[] = { "{\"step\":0}\nx\n", "x\n", "x\n" };
	for (size_t i = 0; i < 3; i++) {
		file_write(path, before[i], strlen(before[i]), &err);
		appender *a = append_open(path, &err);
		assert_true(append_print(a, "x\n"));
		assert_int_equal(append_length(a), strlen(after[i]));
		append_close(a);
		assert_holds(path, after[i]);
	}
}

static void a_line_that_cannot_be_written_leaves_no_part_and_is_an_error(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("log.jsonl");
	struct rlimit unlimited, small;
	getrlimit(RLIMIT_FSIZE, &unlimited);
	small = (struct rlimit){ 8, unlimited.rlim_max };
	appender *a = append_open(path, &err);
	assert_true(append_print(a, "first\n"));
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	bool done = append_print(a, "second\n");
	setrlimit(RLIMIT_FSIZE, &unlimited);
	signal(SIGXFSZ, SIG_DFL);
	assert_false(done);
	assert_false(append_print(a, "third\n")); /* a log without its second line would not be whole */
	assert_false(append_good(a, &err));
	assert_says(&err, SR_IO, "log.jsonl");
	append_close(a);
	assert_holds(path, "first\n");
}

static void lines_behind_a_checkpoint_are_dropped(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("log.jsonl");
	file_write(path, "one\ntwo\n", 8, &err);
	appender *a = append_open(path, &err);
	assert_true(append_cut(a, 100, &err)); /* longer than it is: nothing to drop */
	assert_true(append_cut(a, 4, &err));
	assert_true(append_print(a, "again\n"));
	assert_true(append_good(a, &err) && append_good(NULL, &err));
	append_close(a);
	assert_holds(path, "one\nagain\n");
}

static void logs_grow_by_whole_lines(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("log.jsonl");
	for (int i = 0; i < 2; i++) { /* opened again: added to, not replaced */
		appender *a = append_open(path, &err);
		assert_true(append_print(a, "{\"step\":%d}\n", i));
		append_close(a);
	}
	assert_holds(path, "{\"step\":0}\n{\"step\":1}\n");
	appender *a = append_open(path, &err);
	assert_false(append_print(a, "%*s", 5000, "")); /* no part of a line that is too long */
	append_close(a);
	assert_holds(path, "{\"step\":0}\n{\"step\":1}\n");
	assert_true(append_print(NULL, "x"));
	append_close(NULL);
	assert_null(append_open(in_scratch("missing/log"), &err));
	assert_int_equal(err.code, SR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(nothing_is_visible_before_the_commit),
		SCRATCH_TEST(an_abandoned_file_leaves_nothing),
		SCRATCH_TEST(headers_are_patched_in_place),
		SCRATCH_TEST(long_and_short_writes_keep_their_order),
		SCRATCH_TEST(a_file_in_a_missing_folder_is_an_error_that_names_it),
		SCRATCH_TEST(a_failing_write_keeps_the_old_file_and_removes_its_own),
		SCRATCH_TEST(a_target_that_is_a_folder_is_not_replaced),
		SCRATCH_TEST(stale_temporary_files_are_cleaned_away),
		SCRATCH_TEST(the_temporary_file_of_a_living_process_is_left_alone),
		SCRATCH_TEST(writing_a_file_again_removes_what_a_killed_process_left_of_it),
		SCRATCH_TEST(logs_grow_by_whole_lines),
		SCRATCH_TEST(a_torn_last_line_is_cut_off),
		SCRATCH_TEST(a_line_that_cannot_be_written_leaves_no_part_and_is_an_error),
		SCRATCH_TEST(lines_behind_a_checkpoint_are_dropped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
