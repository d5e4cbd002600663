#include "stores.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

static bool is_current(const char *data)
{
	config *c = config_in(folder, data);
	char *path = path_join(folder, "store");
	bool current = store_is_current(c, path);
	free(path);
	config_free(c);
	return current;
}

static void write_log(const char *name, char user)
{
	char content[] = "user,item,time\n?,x,1600000000\n";
	content[15] = user;
	log_write(name, content);
}

static void touch(const char *name, long seconds)
{
	char *path = path_join(folder, name);
	struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	free(path);
}

static const char *const data = "\"events\": [{\"path\": \"a*.csv\"}]";

static void a_store_is_current_until_its_logs_change(void **state)
{
	(void)state;
	write_log("a.csv", 'a');
	assert_false(is_current(data));
	store_close(store_of(data));
	assert_true(is_current(data));
	touch("a.csv", 1000);
	assert_true(is_current(data)); /* the same bytes at another time */
	write_log("a.csv", 'b');
	touch("a.csv", 2000);
	assert_false(is_current(data));
}

static void a_new_file_of_the_glob_makes_it_stale(void **state)
{
	(void)state;
	write_log("a.csv", 'a');
	store_close(store_of(data));
	write_log("a2.csv", 'b');
	assert_false(is_current(data));
}

static void other_data_settings_make_it_stale(void **state)
{
	(void)state;
	write_log("a.csv", 'a');
	store_close(store_of(data));
	assert_false(is_current("\"events\": [{\"path\": \"a*.csv\"}], \"duplicates\": \"drop\""));
}

static void a_folder_with_other_files_is_left_alone(void **state)
{
	(void)state;
	write_log("a.csv", 'a');
	char *path = path_join(folder, "store");
	assert_true(folder_make(path, NULL));
	log_write("store/thesis.txt", "years of work");
	assert_refused(data, SR_CONFIG, "is no event store; it was left alone");
	log_write("store2", "");
	free(path);
	path = path_join(folder, "store/thesis.txt");
	assert_true(file_exists(path));
	free(path);
}

static void an_empty_folder_is_taken(void **state)
{
	(void)state;
	write_log("a.csv", 'a');
	char *path = path_join(folder, "store");
	assert_true(folder_make(path, NULL));
	free(path);
	store_close(store_of(data));
}

static void the_fingerprint_follows_the_bytes_of_the_logs(void **state)
{
	(void)state;
	write_log("a.csv", 'a');
	store *s = store_of(data);
	char *first = xstrdup(s->fingerprint);
	store_close(s);
	s = store_of(data);
	assert_string_equal(s->fingerprint, first);
	store_close(s);
	write_log("a.csv", 'b');
	s = store_of(data);
	assert_string_not_equal(s->fingerprint, first);
	store_close(s);
	free(first);
}

static void what_a_killed_build_left_is_removed(void **state)
{
	(void)state;
	write_log("a.csv", 'a');
	char *path = path_join(folder, "store.building/events");
	assert_true(folder_make(path, NULL));
	free(path);
	log_write("store.building/events/old.npy", "x");
	store_close(store_of(data));
	path = path_join(folder, "store/events/old.npy");
	assert_false(file_exists(path));
	free(path);
}

static void a_place_that_cannot_be_written_is_an_io_error(void **state)
{
	(void)state;
	sr_error err = { 0 };
	write_log("a.csv", 'a');
	config *c = config_in(folder, data);
	assert_false(store_build(c, "/proc/nothing/store", 1, &err));
	assert_int_equal(err.code, SR_IO);
	config_free(c);
}

/* Files may not grow beyond `limit` bytes while the store is built: what a full disk looks like. */
static sr_code build_with_limit(rlim_t limit, sr_error *err)
{
	struct rlimit before, little;
	getrlimit(RLIMIT_FSIZE, &before);
	little = before;
	little.rlim_cur = limit;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &little);
	store_try_in(folder, "\"events\": [{\"path\": \"a.csv\"}], \"samples\": [{\"path\": \"a.csv\", \"columns\": {\"label\": \"item\"}}], "
		"\"fields\": [{\"name\": \"tags\", \"kind\": \"categories\"}, {\"name\": \"tags\", \"on\": \"sample\", \"kind\": \"text\"}], \"memory\": \"1MiB\", \"max_bad_rows\": 0.9", err);
	setrlimit(RLIMIT_FSIZE, &before);
	return err->code;
}

static void a_full_disk_is_an_io_error_and_leaves_nothing(void **state)
{
	(void)state;
	text content = { 0 };
	text_add(&content, "user,item,time,tags\n,bad,1600000000,\n");
	for (int i = 0; i < 30000; i++)
		text_addf(&content, "user%d,item%d,1600000000,t%d t%d\n", i % 5000, i % 700, i % 30, i % 50);
	log_write("a.csv", content.data);
	text_free(&content);
	static const rlim_t limits[] = { 20, 50, 100, 200, 1000, 5000, 20000, 60000, 120000, 240000, 500000, 900000 };
	char *place = path_join(folder, "store"), *building = path_join(folder, "store.building");
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		sr_error err = { 0 };
		assert_int_equal(build_with_limit(limits[i], &err), SR_IO);
		assert_false(file_exists(place));
		assert_false(file_exists(building));
	}
	sr_error err = { 0 };
	assert_int_equal(build_with_limit(RLIM_INFINITY, &err), SR_OK);
	free(place);
	free(building);
}

static void limits_that_make_no_sense_are_refused(void **state)
{
	(void)state;
	sr_error err = { 0 };
	write_log("a.csv", 'a');
	config *c = config_in(folder, data);
	char *memory = c->data.memory;
	char *path = path_join(folder, "store/");
	c->data.memory = "4KiB";
	assert_false(store_build(c, path, 1, &err));
	assert_non_null(strstr(err.text, "data.memory"));
	c->data.memory = memory;
	err = (sr_error){ 0 };
	assert_true(store_build(c, path, 1, &err));
	free(path);
	config_free(c);
}

static void a_folder_is_no_log(void **state)
{
	(void)state;
	char *path = path_join(folder, "logs");
	assert_true(folder_make(path, NULL));
	assert_refused("\"events\": [{\"path\": \"logs\"}]", SR_IO, "there is no such file in this folder");
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(a_store_is_current_until_its_logs_change),
		LOADER_TEST(a_new_file_of_the_glob_makes_it_stale),
		LOADER_TEST(other_data_settings_make_it_stale),
		LOADER_TEST(a_folder_with_other_files_is_left_alone),
		LOADER_TEST(an_empty_folder_is_taken),
		LOADER_TEST(the_fingerprint_follows_the_bytes_of_the_logs),
		LOADER_TEST(what_a_killed_build_left_is_removed),
		LOADER_TEST(a_full_disk_is_an_io_error_and_leaves_nothing),
		LOADER_TEST(limits_that_make_no_sense_are_refused),
		LOADER_TEST(a_folder_is_no_log),
		LOADER_TEST(a_place_that_cannot_be_written_is_an_io_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
