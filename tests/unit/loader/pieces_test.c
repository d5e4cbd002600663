#include "stores.h"

#include <zlib.h>

static const unsigned counts[] = { 1, 2, 3, 8 };

/* Rows of a long log: most are plain, some are bad, some are quoted, and some of these hold line ends and what looks like rows. */
static char *rows_make(int first, int rows)
{
	static const char *const kinds[] = { "view", "cart", "buy" };
	text t = { 0 };
	text_addf(&t, "user,session,item,kind,time\n");
	for (int i = first; i < first + rows; i++) {
		uint32_t x = (uint32_t)i * 2654435761U;
		if (i % 5003 == 17)
			text_addf(&t, "\"u1\nu2,s1,inside,view,1500000000\n\",s2,i%u,view,%d\n", x >> 22, 1500000000 + i);
		else if (i % 7001 == 40)
			text_addf(&t, "u\xc3\xbc%u,s1,a \"quoted\" item,buy,%d\n\n\n", x >> 24, 1500000000 + i);
		else if (i % 3001 == 99)
			text_addf(&t, "u1,s1,i1\nu1,s1,i1,unheard of,%d\nu7,s,i,view,yesterday\n,s1,i1,view,%d\n", 1500000000 + i, 1500000000 + i);
		else
			text_addf(&t, "%s%u,s%u,i%u,%s,%d\n", x % 50 == 7 ? "a user of a long name " : "u", x >> 20, x >> 14, x >> 12 & 511, kinds[x % 3], 1500000000 + i / 3);
	}
	return t.data;
}

static void member_add(gzFile file, const char *bytes, size_t length)
{
	assert_int_equal(gzwrite(file, bytes, (unsigned)length), length);
	assert_int_equal(gzclose(file), Z_OK);
}

/* A file of two members, the first of which ends inside of a row. */
static void packed_write(const char *name, const char *rows)
{
	char path[256];
	size_t half = strlen(rows) / 2;
	snprintf(path, sizeof path, "%s/%s", folder, name);
	member_add(gzopen(path, "wb1"), rows, half);
	member_add(gzopen(path, "ab1"), rows + half, strlen(rows) - half);
}

static char *file_of_store(const char *name)
{
	char path[256];
	size_t length;
	snprintf(path, sizeof path, "%s/store/%s", folder, name);
	return file_read(path, 1 << 24, &length, NULL);
}

/* The manifest, which names the sums of all columns, counts and vocabularies, and the bad rows with their places. */
static void store_made_by(unsigned threads, const char *data, char *made[2])
{
	config *c = config_in(folder, data);
	char path[256];
	sr_error err = { 0 };
	snprintf(path, sizeof path, "%s/store", folder);
	if (!store_build(c, path, threads, &err))
		print_error("%s\n", err.text);
	assert_int_equal(err.code, SR_OK);
	config_free(c);
	made[0] = file_of_store("manifest.json");
	made[1] = file_of_store("quarantine/bad_rows.txt");
}

static void assert_same_store(const char *data, bool some_bad)
{
	char *wanted[2], *made[2];
	store_made_by(1, data, wanted);
	assert_int_equal(wanted[1] != NULL, some_bad);
	for (size_t i = 1; i < sizeof counts / sizeof *counts; i++) {
		store_made_by(counts[i], data, made);
		assert_string_equal(made[0], wanted[0]);
		if (some_bad)
			assert_string_equal(made[1], wanted[1]);
		free(made[0]);
		free(made[1]);
	}
	free(wanted[0]);
	free(wanted[1]);
}

static void logs_make(void)
{
	char *rows = rows_make(0, 60000);
	log_write("a.csv", rows);
	free(rows);
	rows = rows_make(60000, 50000);
	packed_write("b.csv.gz", rows);
	free(rows);
}

static const char both[] = "\"events\": [{\"path\": \"*.csv*\", \"columns\": {\"type\": \"kind\"}, \"types\": {\"view\": \"seen\", \"cart\": \"seen\", \"buy\": \"bought\"}}], \"max_bad_rows\": 0.5";

static void the_store_is_the_same_at_any_number_of_threads(void **state)
{
	(void)state;
	logs_make();
	assert_same_store(both, true);
	char *manifest = file_of_store("manifest.json");
	assert_null(strstr(manifest, "inside")); /* what stands within quotes is no row */
	assert_non_null(strstr(manifest, "wrong number of columns"));
	free(manifest);
}

static void the_types_of_a_log_are_found_by_several_threads(void **state)
{
	(void)state;
	logs_make();
	assert_same_store("\"events\": [{\"path\": \"*.csv*\", \"columns\": {\"type\": \"kind\"}}], \"max_bad_rows\": 0.5", true);
}

static void little_memory_makes_the_same_store_with_several_threads(void **state)
{
	(void)state;
	char data[512];
	logs_make();
	snprintf(data, sizeof data, "%s, \"memory\": \"1MiB\"", both);
	assert_same_store(data, true);
}

static void events_before_and_after_the_limits_are_left_to_the_reason_of_their_own(void **state)
{
	(void)state;
	char data[512];
	logs_make();
	snprintf(data, sizeof data, "%s, \"from\": \"2017-07-14T03:20:00Z\", \"to\": \"2017-07-14T09:00:00Z\"", both);
	assert_same_store(data, true);
}

static void a_type_too_many_is_refused_by_several_threads(void **state)
{
	(void)state;
	text t = { 0 };
	text_addf(&t, "user,item,kind,time\n");
	for (int i = 0; i < 9000; i++)
		text_addf(&t, "u%d,i%d,kind %d,%d\n", i % 100, i % 50, i / 20, 1500000000 + i);
	log_write("a.csv", t.data);
	text_free(&t);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		config *c = config_in(folder, "\"events\": [{\"path\": \"a.csv\", \"columns\": {\"type\": \"kind\"}}]");
		char path[256];
		sr_error err = { 0 };
		snprintf(path, sizeof path, "%s/store", folder);
		assert_false(store_build(c, path, counts[i], &err));
		assert_non_null(strstr(err.text, "a.csv:5102: more than 255 event types"));
		config_free(c);
	}
}

static void a_record_above_the_limit_is_bad_however_much_the_window_holds(void **state)
{
	(void)state;
	text t = { 0 };
	char *wide = xmalloc(1100000);
	memset(wide, 'x', 1100000);
	text_addf(&t, "user,item,kind,time\n");
	for (int i = 0; i < 100000; i++) {
		text_addf(&t, "u%d,i%d,view,%d\n", i % 100, i % 50, 1500000000 + i);
		if (i % 30000 == 29999) {
			text_addf(&t, "u1,");
			text_add_bytes(&t, wide, 1100000);
			text_addf(&t, ",view,%d\n", 1500000000 + i);
		}
	}
	free(wide);
	log_write("a.csv", t.data);
	text_free(&t);
	assert_same_store("\"events\": [{\"path\": \"a.csv\", \"columns\": {\"type\": \"kind\"}}], \"max_bad_rows\": 0.5", true);
	char *bad = file_of_store("quarantine/bad_rows.txt");
	assert_non_null(strstr(bad, "line longer than 1 MiB"));
	free(bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(the_store_is_the_same_at_any_number_of_threads),
		LOADER_TEST(the_types_of_a_log_are_found_by_several_threads),
		LOADER_TEST(little_memory_makes_the_same_store_with_several_threads),
		LOADER_TEST(events_before_and_after_the_limits_are_left_to_the_reason_of_their_own),
		LOADER_TEST(a_type_too_many_is_refused_by_several_threads),
		LOADER_TEST(a_record_above_the_limit_is_bad_however_much_the_window_holds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
