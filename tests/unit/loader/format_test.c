#include "rows.h"

static void the_separator_is_told_by_the_header(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u;i\na;1,5\n", "", "a|1,5\n");
	assert_text_rows("b.csv", "u\ti\na\t1\n", "", "a|1\n");
	assert_text_rows("c.csv", "u,i\na,1;2;3\n", "", "a|1;2;3\n");
}

static void a_text_file_with_tabs_is_tsv(void **state)
{
	(void)state;
	assert_text_rows("a.txt", "u\ti\na, b\t1\n", "", "a, b|1\n");
}

static void tsv_is_quoted_escaped_or_plain_as_its_cells_show(void **state)
{
	(void)state;
	assert_text_rows("a.tsv", "u\ti\n\"a\tb\"\t1\n", "", "a\tb|1\n");
	assert_text_rows("b.tsv", "u\ti\na\\tb\t1\n", "", "a\tb|1\n");
	assert_text_rows("c.tsv", "u\ti\na\"b\t1\n", "", "a\"b|1\n");
}

static void atomic_headers_lose_their_types(void **state)
{
	(void)state;
	log_write("a.inter", "user_id:token\titem_id:token\ttimestamp:float\n1\t5\t100\n");
	store *s = store_of("\"events\": [{\"path\": \"a.inter\", \"type\": \"x\"}]");
	assert_int_equal(s->events, 1);
	assert_string_equal(value_of(s->item_ids, 1), "5");
	store_close(s);
}

static void atomic_files_are_known_by_their_header(void **state)
{
	(void)state;
	assert_text_rows("plain.txt", "user_id:token\tages:float_seq\n1\t5 6\n", "", "1|5 6\n");
}

static void an_object_at_the_start_is_json_lines(void **state)
{
	(void)state;
	assert_text_rows("a.log", "{\"u\": 1, \"i\": \"x\"}\n", "", "1|x\n");
}

static void columns_without_names_are_numbered(void **state)
{
	(void)state;
	log_write("a.csv", "7,8,100\n9,8,101\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\", \"header\": false, \"columns\": {\"user\": \"1\", \"item\": \"2\", \"time\": \"3\"}, \"time_format\": \"epoch_s\"}]");
	assert_int_equal(s->events, 2);
	assert_int_equal(s->users, 2);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(the_separator_is_told_by_the_header),
		LOADER_TEST(a_text_file_with_tabs_is_tsv),
		LOADER_TEST(tsv_is_quoted_escaped_or_plain_as_its_cells_show),
		LOADER_TEST(atomic_headers_lose_their_types),
		LOADER_TEST(atomic_files_are_known_by_their_header),
		LOADER_TEST(an_object_at_the_start_is_json_lines),
		LOADER_TEST(columns_without_names_are_numbered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
