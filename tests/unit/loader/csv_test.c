#include "rows.h"

static void a_quoted_field_may_hold_the_separator(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\n\"a,b\",2\n", "", "a,b|2\n");
}

static void a_quoted_field_may_hold_a_line_end(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\n\"a\nb\",2\nc,3\n", "", "a\nb|2\nc|3\n");
}

static void two_quotes_inside_are_one(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\n\"say \"\"hi\"\"\",\"\"\"\"\n", "", "say \"hi\"|\"\n");
}

static void a_quote_inside_an_unquoted_field_is_text(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\n5\" screen,2\n", "", "5\" screen|2\n");
}

static void spaces_belong_to_the_field(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\n a , 2\n", "", " a | 2\n");
}

static void the_last_line_may_lack_its_end(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\na,1\nb,2", "", "a|1\nb|2\n");
	assert_text_rows("b.csv", "u,i\na,1\nb,", "", "a|1\nb|\n");
	assert_text_rows("c.csv", "u,i\na,1\nb,\"2\"", "", "a|1\nb|2\n");
}

static void carriage_return_and_line_feed_end_a_line(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\r\na,1\r\n\"b\",\"2\"\r\n", "", "a|1\nb|2\n");
}

static void carriage_returns_alone_are_detected(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\ra,1\r\"b\",2\r", "", "a|1\nb|2\n");
}

static void a_lone_carriage_return_makes_a_bad_row(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\na\rb,1\nc,2\n", "", "!carriage return inside a line\nc|2\n");
}

static void blank_lines_are_passed_over(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\n\na,1\n\r\n\nb,2\n\n", "", "a|1\nb|2\n");
}

static void a_row_of_another_width_is_bad(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\na\nb,2\nc,3,4\n", "", "!wrong number of columns\nb|2\n!wrong number of columns\n");
}

static void a_quote_that_stays_open_costs_one_line(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\na,1\nb,\"2\nc,3\nd,4\n", "", "a|1\n!a quote is not closed\nc|3\nd|4\n");
}

static void text_behind_a_closing_quote_is_bad(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\n\"a\"x,1\nb,2\n", "", "!text behind a closing quote\nb|2\n");
}

static void a_nul_byte_makes_a_bad_row(void **state)
{
	(void)state;
	log_write_bytes("a.csv", "u,i\na\0b,1\nc,2\n", 14);
	assert_rows("a.csv", "", "!NUL byte\nc|2\n");
}

static void invalid_utf8_makes_a_bad_row(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\na\xff,1\nb\xc3\xa9,2\n\xed\xa0\x80,3\n", "", "!invalid UTF-8\nb\xc3\xa9|2\n!invalid UTF-8\n");
}

static void a_line_above_one_mebibyte_is_one_bad_row(void **state)
{
	(void)state;
	size_t length = 3 * 1024 * 1024;
	char *content = malloc(length + 32);
	memcpy(content, "u,i\n", 4);
	memset(content + 4, 'x', length);
	strcpy(content + 4 + length, ",1\nb,2\n");
	log_write("a.csv", content);
	free(content);
	assert_rows("a.csv", "", "!line longer than 1 MiB\nb|2\n");
}

static void an_open_quote_is_given_up_after_one_mebibyte(void **state)
{
	(void)state;
	text content = { 0 };
	text_add(&content, "u,i\na,\"1\n");
	for (int i = 0; i < 300000; i++)
		text_add(&content, "b,22\n");
	log_write("a.csv", content.data);
	text_free(&content);
	sr_error err = { 0 };
	char *rows = rows_read("a.csv", "", &err);
	assert_true(text_starts(rows, "!a quote is not closed within 1 MiB\nb|22\nb|22\n"));
	assert_int_equal(strlen(rows), strlen("!a quote is not closed within 1 MiB\n") + 5 * 300000);
	free(rows);
}

static void a_million_columns_are_one_bad_row(void **state)
{
	(void)state;
	text content = { 0 };
	text_add(&content, "u,i\n");
	for (int i = 0; i < 1000000; i++)
		text_add(&content, ",");
	text_add(&content, "\na,1\n");
	log_write("a.csv", content.data);
	text_free(&content);
	assert_rows("a.csv", "", "!wrong number of columns\na|1\n");
}

static void backslash_escapes_are_undone(void **state)
{
	(void)state;
	assert_text_rows("a.tsv", "u\ti\na\\tb\\n\\\\\t\\N\n", "\"quote\": \"backslash\"", "a\tb\n\\|\\N\n");
}

static void all_backslash_letters_are_known(void **state)
{
	(void)state;
	assert_text_rows("a.tsv", "u\ti\na\\rb\\fc\\bd\t\\x\\", "\"quote\": \"backslash\"", "a\rb\fc\bd|x\\\n");
}

static void without_quoting_a_quote_is_text(void **state)
{
	(void)state;
	assert_text_rows("a.csv", "u,i\n\"a,1\n", "\"quote\": \"none\"", "\"a|1\n");
}

static void a_separator_may_be_two_bytes(void **state)
{
	(void)state;
	assert_text_rows("a.dat", "1::a:b::x\n2::::y\n", "\"separator\": \"::\", \"header\": false, \"names\": [\"a\", \"b\", \"c\"]", "1|a:b|x\n2||y\n");
}

static void records_across_the_window_are_whole(void **state)
{
	(void)state;
	text content = { 0 };
	text_add(&content, "u,i\n");
	for (int i = 0; i < 200000; i++)
		text_addf(&content, "\"user %d\",item\"%d\r\n", i, i);
	log_write("a.csv", content.data);
	text_free(&content);
	sr_error err = { 0 };
	char *rows = rows_read("a.csv", "", &err), *p = rows;
	for (int i = 0; i < 200000; i++) {
		char wanted[64];
		size_t length = (size_t)snprintf(wanted, sizeof wanted, "user %d|item\"%d\n", i, i);
		assert_memory_equal(p, wanted, length);
		p += length;
	}
	free(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(a_quoted_field_may_hold_the_separator),
		LOADER_TEST(a_quoted_field_may_hold_a_line_end),
		LOADER_TEST(two_quotes_inside_are_one),
		LOADER_TEST(a_quote_inside_an_unquoted_field_is_text),
		LOADER_TEST(spaces_belong_to_the_field),
		LOADER_TEST(the_last_line_may_lack_its_end),
		LOADER_TEST(carriage_return_and_line_feed_end_a_line),
		LOADER_TEST(carriage_returns_alone_are_detected),
		LOADER_TEST(a_lone_carriage_return_makes_a_bad_row),
		LOADER_TEST(blank_lines_are_passed_over),
		LOADER_TEST(a_row_of_another_width_is_bad),
		LOADER_TEST(a_quote_that_stays_open_costs_one_line),
		LOADER_TEST(text_behind_a_closing_quote_is_bad),
		LOADER_TEST(a_nul_byte_makes_a_bad_row),
		LOADER_TEST(invalid_utf8_makes_a_bad_row),
		LOADER_TEST(a_line_above_one_mebibyte_is_one_bad_row),
		LOADER_TEST(an_open_quote_is_given_up_after_one_mebibyte),
		LOADER_TEST(a_million_columns_are_one_bad_row),
		LOADER_TEST(backslash_escapes_are_undone),
		LOADER_TEST(all_backslash_letters_are_known),
		LOADER_TEST(without_quoting_a_quote_is_text),
		LOADER_TEST(a_separator_may_be_two_bytes),
		LOADER_TEST(records_across_the_window_are_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
