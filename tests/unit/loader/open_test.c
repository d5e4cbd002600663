#include "stores.h"

#include <sys/stat.h>

static void build_small(void)
{
	log_write("a.csv", "user,item,time,price,tags\na,x,1600000000,1,r g\nb,y,1600000001,2,b\n");
	store_close(store_of("\"events\": [{\"path\": \"a.csv\"}], \"fields\": [{\"name\": \"price\", \"kind\": \"number\"}, {\"name\": \"tags\", \"kind\": \"categories\"}]"));
}

/* Opening the store fails as damaged data, and says to prepare again. */
static void assert_damaged(bool verify, const char *part)
{
	sr_error err = { 0 };
	char *path = path_join(folder, "store");
	assert_null(store_open(path, verify, &err));
	if (!strstr(err.text, part))
		print_error("%s\n", err.text);
	assert_int_equal(err.code, SR_DATA);
	assert_non_null(strstr(err.text, part));
	assert_non_null(strstr(err.text, "run `seqrec prepare`"));
	free(path);
}

static void file_change(const char *name, long at, int flip, long cut)
{
	char *path = path_join(folder, name);
	size_t length;
	char *bytes = file_read(path, 1 << 20, &length, NULL);
	FILE *f = fopen(path, "wb");
	bytes[at < 0 ? (long)length + at : at] ^= (char)flip;
	fwrite(bytes, 1, length - (size_t)cut, f);
	fclose(f);
	free(bytes);
	free(path);
}

static void a_folder_without_a_manifest_is_no_store(void **state)
{
	(void)state;
	build_small();
	char *path = path_join(folder, "store/manifest.json");
	assert_int_equal(remove(path), 0);
	free(path);
	assert_damaged(false, "is no event store");
}

static void any_change_of_the_manifest_is_found(void **state)
{
	(void)state;
	static const long places[] = { 0, 5, 60, 200, 400, -6, -8 };
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		build_small();
		file_change("store/manifest.json", places[i], 1, 0);
		assert_damaged(false, "manifest");
	}
}

static void a_file_that_is_too_short_is_found(void **state)
{
	(void)state;
	static const char *const files[] = { "store/time.npy", "store/user_start.npy", "store/events/tags.start.npy", "store/vocab/users.tsv" };
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		build_small();
		file_change(files[i], 0, 0, 1);
		assert_damaged(false, "another size");
	}
}

static void a_flipped_bit_is_found_when_verified(void **state)
{
	(void)state;
	static const char *const files[] = { "store/time.npy", "store/item.npy", "store/events/price.npy", "store/vocab/items.tsv" };
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		build_small();
		file_change(files[i], -1, 4, 0);
		assert_damaged(true, "checksum");
	}
}

static void a_missing_file_is_named(void **state)
{
	(void)state;
	build_small();
	char *path = path_join(folder, "store/item.npy");
	remove(path);
	free(path);
	assert_damaged(false, "item.npy: the file is missing");
}

static void a_header_that_was_changed_is_found(void **state)
{
	(void)state;
	build_small();
	file_change("store/user_start.npy", 1, 1, 0);
	assert_damaged(false, "user_start.npy");
}

static void fields_are_found_by_level_and_name(void **state)
{
	(void)state;
	build_small();
	char *path = path_join(folder, "store");
	store *s = store_open(path, true, NULL);
	assert_int_equal(store_find_field(s, LEVEL_EVENT, "tags")->kind, KIND_CATEGORIES);
	assert_null(store_find_field(s, LEVEL_USER, "tags"));
	assert_null(store_find_field(s, LEVEL_EVENT, "colour"));
	store_close(s);
	store_close(NULL);
	free(path);
}

static void field_names_with_slashes_stay_in_the_store(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time,../x,a/b\na,x,1600000000,1,2\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}], \"fields\": [{\"name\": \"../x\", \"kind\": \"number\"}, {\"name\": \"a/b\", \"kind\": \"category\"}]");
	assert_true(store_find_field(s, LEVEL_EVENT, "../x")->number[0] == 1);
	assert_string_equal(value_of(store_find_field(s, LEVEL_EVENT, "a/b")->values, 1), "2");
	store_close(s);
}

static void the_summary_adds_up(void **state)
{
	(void)state;
	build_small();
	char *path = path_join(folder, "store");
	store *s = store_open(path, true, NULL);
	char *shown = store_summary(s), *json = store_summary_json(s);
	assert_non_null(strstr(shown, "read"));
	assert_non_null(strstr(shown, "events      2020-09-13T12:26:40Z to 2020-09-13T12:26:41Z"));
	assert_non_null(strstr(json, "\"events\": {\"read\": 2, \"used\": 2, \"filtered\": {}, \"bad\": {}}"));
	free(shown);
	free(json);
	free(path);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(a_folder_without_a_manifest_is_no_store),
		LOADER_TEST(any_change_of_the_manifest_is_found),
		LOADER_TEST(a_file_that_is_too_short_is_found),
		LOADER_TEST(a_flipped_bit_is_found_when_verified),
		LOADER_TEST(a_missing_file_is_named),
		LOADER_TEST(a_header_that_was_changed_is_found),
		LOADER_TEST(fields_are_found_by_level_and_name),
		LOADER_TEST(field_names_with_slashes_stay_in_the_store),
		LOADER_TEST(the_summary_adds_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
