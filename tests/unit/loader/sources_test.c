#include "stores.h"

#include "loader/sources.h"

static void touch(const char *name)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	char *parent = path_folder(path);
	assert_true(folder_make(parent, NULL));
	free(parent);
	log_write(name, "user,item,time\na,1,1600000000\n");
}

static void assert_expands(const char *pattern, const char *wanted)
{
	strings files = { 0 };
	sr_error err = { 0 };
	char *path = path_join(folder, pattern);
	text all = { 0 };
	assert_true(sources_expand(path, &files, &err));
	for (size_t i = 0; i < files.count; i++)
		text_addf(&all, "%s%s", i ? " " : "", files.item[i] + strlen(folder) + 1);
	assert_string_equal(all.data, wanted);
	text_free(&all);
	free(path);
	strings_clear(&files);
}

static void a_glob_is_sorted_by_bytes(void **state)
{
	(void)state;
	touch("b.csv");
	touch("B.csv");
	touch("a10.csv");
	touch("a2.csv");
	touch("c.txt");
	assert_expands("*.csv", "B.csv a10.csv a2.csv b.csv");
}

static void a_folder_is_walked_without_markers(void **state)
{
	(void)state;
	touch("log/dt=2/part-1.csv");
	touch("log/dt=1/part-2.csv");
	touch("log/dt=1/.part-2.csv.crc");
	touch("log/_SUCCESS");
	touch("log/_committed_7");
	touch("log/_temporary/0/x.csv");
	touch("log/dt=1/x.crc");
	assert_expands("log", "log/dt=1/part-2.csv log/dt=2/part-1.csv");
}

static void what_is_not_there_is_an_error(void **state)
{
	(void)state;
	assert_refused("\"events\": [{\"path\": \"none.csv\"}]", SR_IO, "there is no such file");
	assert_refused("\"events\": [{\"path\": \"none-*.csv\"}]", SR_IO, "no match");
}

static void hive_keys_become_columns(void **state)
{
	(void)state;
	touch("log/country=de/dt=2026-11-01/a.csv");
	touch("log/country=fr/dt=2026-11-02/a.csv");
	store *s = store_of("\"events\": [{\"path\": \"log\"}], \"fields\": [{\"name\": \"country\", \"kind\": \"category\"}]");
	const store_field *country = store_find_field(s, LEVEL_EVENT, "country");
	assert_string_equal(value_of(country->values, country->code[0]), "de");
	assert_string_equal(value_of(country->values, country->code[1]), "fr");
	store_close(s);
}

static void hive_keys_may_be_filtered(void **state)
{
	(void)state;
	touch("log/dt=1/a.csv");
	touch("log/dt=2/a.csv");
	store *s = store_of("\"events\": [{\"path\": \"log\"}], \"filters\": [{\"field\": \"dt\", \"value\": [\"1\"]}]");
	assert_int_equal(s->events, 1);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(a_glob_is_sorted_by_bytes),
		LOADER_TEST(a_folder_is_walked_without_markers),
		LOADER_TEST(what_is_not_there_is_an_error),
		LOADER_TEST(hive_keys_become_columns),
		LOADER_TEST(hive_keys_may_be_filtered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
