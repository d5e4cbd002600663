#include "stores.h"

static void epoch_units_may_not_be_mixed(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\na,1,1600000000\nb,1,1600000001\nc,1,1600000002000\n");
	const char *data = "\"events\": [{\"path\": \"a.csv\"}], \"max_bad_rows\": 1";
	assert_refused(data, SR_DATA, "a.csv:4: time \"1600000002000\" looks like epoch_ms, the rows before like epoch_s: mixed units?");
	assert_refused(data, SR_DATA, "2 rows read, nothing written");
}

static void the_first_rows_decide_by_their_number(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\na,1,1600000000\nb,1,1600000001000\nc,1,1600000002000\n");
	assert_refused("\"events\": [{\"path\": \"a.csv\"}]", SR_DATA, "a.csv:2: time \"1600000000\" looks like epoch_s, the rows before like epoch_ms");
}

static void dates_and_epochs_may_not_be_mixed(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\na,1,2020-01-01\nb,1,2020-01-02\nc,1,1600000002\n");
	assert_refused("\"events\": [{\"path\": \"a.csv\"}], \"max_bad_rows\": 1", SR_DATA, "mixed units?");
}

/* `bad` rows without a user among 1,000. */
static void write_rows(int bad)
{
	text content = { 0 };
	text_add(&content, "user,item,time\n");
	for (int i = 0; i < 1000; i++)
		text_addf(&content, "%s,1,2020-01-01\n", i < bad ? "" : "u");
	log_write("a.csv", content.data);
	text_free(&content);
}

static void bad_rows_within_the_tolerance_are_counted_and_kept(void **state)
{
	(void)state;
	write_rows(1);
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}]");
	assert_int_equal(s->events, 999);
	assert_int_equal(bad_rows(s, "no user"), 1);
	char *path = path_join(folder, "store/quarantine/bad_rows.txt"), *wanted = text_format("%s/a.csv:2:1: no user\n,1,2020-01-01\n", folder);
	char *kept = file_read(path, 1000, NULL, NULL);
	assert_string_equal(kept, wanted);
	assert_non_null(strstr(said, "a.csv:2:1: no user"));
	store_close(s);
	free(path);
	free(wanted);
	free(kept);
}

static void more_bad_rows_end_the_build_and_replace_nothing(void **state)
{
	(void)state;
	write_rows(0);
	store_close(store_of("\"events\": [{\"path\": \"a.csv\"}]"));
	write_rows(2);
	assert_refused("\"events\": [{\"path\": \"a.csv\"}]", SR_DATA, "a.csv:2:1: no user; 2 of 1,000 rows of data.events are bad");
	char path[128];
	snprintf(path, sizeof path, "%s/store", folder);
	store *s = store_open(path, true, NULL);
	assert_int_equal(s->events, 1000);
	store_close(s);
	snprintf(path, sizeof path, "%s/store.building", folder);
	assert_false(file_exists(path));
}

static void rows_that_cannot_be_read_are_counted_by_reason(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\na,1,2020-01-01\na,1\n\"a,1,2020-01-01\nb\xff,1,2020-01-01\n,1,2020-01-01\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}], \"max_bad_rows\": 0.8");
	assert_int_equal(rows_of(s, "events")->read, 5);
	assert_int_equal(s->events, 1);
	assert_int_equal(bad_rows(s, "wrong number of columns"), 1);
	assert_int_equal(bad_rows(s, "a quote is not closed"), 1);
	assert_int_equal(bad_rows(s, "invalid UTF-8"), 1);
	assert_int_equal(bad_rows(s, "no user"), 1);
	char *shown = store_summary(s), *json = store_summary_json(s);
	assert_non_null(strstr(shown, "wrong number of columns"));
	assert_non_null(strstr(json, "\"no user\": 1"));
	free(shown);
	free(json);
	store_close(s);
}

static void a_header_that_cannot_be_read_is_an_error(void **state)
{
	(void)state;
	log_write("a.csv", "user,\xff,time\na,1,2020-01-01\n");
	assert_refused("\"events\": [{\"path\": \"a.csv\"}]", SR_DATA, "a.csv:1: the header cannot be read: invalid UTF-8");
	assert_refused("\"events\": [{\"path\": \"a.csv\", \"header\": false}]", SR_DATA, "the first row cannot be read");
}

static void ten_rows_of_a_reason_are_shown(void **state)
{
	(void)state;
	write_rows(100);
	store_close(store_of("\"events\": [{\"path\": \"a.csv\"}], \"max_bad_rows\": 0.1"));
	assert_non_null(strstr(said, "a.csv:11:"));
	assert_null(strstr(said, "a.csv:12:"));
}

static void an_empty_log_is_refused(void **state)
{
	(void)state;
	log_write("a.csv", "");
	assert_refused("\"events\": [{\"path\": \"a.csv\"}]", SR_DATA, "0 rows");
}

static void a_header_alone_is_refused(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\n");
	assert_refused("\"events\": [{\"path\": \"a.csv\"}]", SR_DATA, "0 rows");
}

static void an_empty_file_beside_others_is_fine(void **state)
{
	(void)state;
	log_write("a1.csv", "");
	log_write("a2.csv", "user,item,time\na,1,2020-01-01\n");
	store *s = store_of("\"events\": [{\"path\": \"a*.csv\", \"time_format\": \"iso8601\"}]");
	assert_int_equal(s->events, 1);
	store_close(s);
}

static void times_without_an_offset_are_utc_with_one_warning(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\na,1,2020-01-01 00:00:00\nb,1,2020-01-01 00:00:01\n");
	store_close(store_of("\"events\": [{\"path\": \"a.csv\"}]"));
	char *first = strstr(said, "taken as UTC");
	assert_non_null(first);
	assert_null(strstr(first + 1, "taken as UTC"));
	said[0] = 0;
	store_close(store_of("\"events\": [{\"path\": \"a.csv\", \"time_zone\": \"+08:00\"}]"));
	assert_string_equal(said, "");
}

static void ids_beyond_the_memory_are_warned_of(void **state)
{
	(void)state;
	text content = { 0 };
	text_add(&content, "user,item,time\n");
	for (int i = 0; i < 70000; i++)
		text_addf(&content, "a rather long user id %d,1,2020-01-01\n", i);
	log_write("a.csv", content.data);
	text_free(&content);
	store *s = store_of("\"events\": [{\"path\": \"a.csv\", \"time_zone\": \"UTC\"}], \"memory\": \"1MiB\"");
	assert_int_equal(s->users, 70000);
	char *warning = strstr(said, "need more than data.memory (1MiB)");
	assert_non_null(warning);
	assert_null(strstr(warning + 1, "need more than data.memory"));
	store_close(s);
}

static void standard_input_is_a_source(void **state)
{
	(void)state;
	const char *path = log_write("a.csv", "user,item,time\na,1,1600000000\nb,2,1600000001\n");
	assert_non_null(freopen(path, "r", stdin));
	store *s = store_of("\"events\": [{\"path\": \"-\"}]");
	assert_int_equal(s->events, 2);
	assert_int_equal(s->first_time, INT64_C(1600000000000000));
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(epoch_units_may_not_be_mixed),
		LOADER_TEST(the_first_rows_decide_by_their_number),
		LOADER_TEST(dates_and_epochs_may_not_be_mixed),
		LOADER_TEST(bad_rows_within_the_tolerance_are_counted_and_kept),
		LOADER_TEST(more_bad_rows_end_the_build_and_replace_nothing),
		LOADER_TEST(rows_that_cannot_be_read_are_counted_by_reason),
		LOADER_TEST(a_header_that_cannot_be_read_is_an_error),
		LOADER_TEST(ten_rows_of_a_reason_are_shown),
		LOADER_TEST(an_empty_log_is_refused),
		LOADER_TEST(a_header_alone_is_refused),
		LOADER_TEST(an_empty_file_beside_others_is_fine),
		LOADER_TEST(times_without_an_offset_are_utc_with_one_warning),
		LOADER_TEST(ids_beyond_the_memory_are_warned_of),
		LOADER_TEST(standard_input_is_a_source),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
