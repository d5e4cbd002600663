#include "rows.h"

static void a_line_is_a_user_and_its_items(void **state)
{
	(void)state;
	assert_text_rows("a.txt", "u1 5 6\nu2 7\n\nu3  8\t9 \n", "\"format\": \"lists\", \"columns\": {\"user\": \"user\"}", "u1|5\nu1|6\nu2|7\nu3|8\nu3|9\n");
}

static void without_a_user_the_line_is_the_user(void **state)
{
	(void)state;
	assert_text_rows("a.txt", "5 6\n7\n", "\"format\": \"lists\"", "1|5\n1|6\n2|7\n");
}

static void lines_of_logs_with_types_are_different_users(void **state)
{
	(void)state;
	assert_text_rows("a.txt", "5 6\n7\n", "\"format\": \"lists\", \"type\": \"test\"", "test:1|5\ntest:1|6\ntest:2|7\n");
}

static void a_line_with_invalid_text_is_one_bad_row(void **state)
{
	(void)state;
	assert_text_rows("a.txt", "u1 5 \xff\nu2 7\n", "\"format\": \"lists\", \"columns\": {\"user\": \"user\"}", "!invalid UTF-8\nu2|7\n");
}

static void the_order_of_items_is_their_time(void **state)
{
	(void)state;
	log_write("a.txt", "u1 9 5 7\n");
	store *s = store_of("\"events\": [{\"path\": \"a.txt\", \"format\": \"lists\", \"columns\": {\"user\": \"user\"}}]");
	assert_string_equal(value_of(s->item_ids, s->item[0]), "9");
	assert_string_equal(value_of(s->item_ids, s->item[2]), "7");
	assert_int_equal(s->time[2] - s->time[0], 2000000);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(a_line_is_a_user_and_its_items),
		LOADER_TEST(without_a_user_the_line_is_the_user),
		LOADER_TEST(lines_of_logs_with_types_are_different_users),
		LOADER_TEST(a_line_with_invalid_text_is_one_bad_row),
		LOADER_TEST(the_order_of_items_is_their_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
