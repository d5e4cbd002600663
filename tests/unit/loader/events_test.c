#include "stores.h"

static void separate_logs_are_one_ordered_store(void **state)
{
	(void)state;
	log_write("browse.csv", "user,item,time\na,x,1600000003\nb,x,1600000001\na,y,1600000001\n");
	log_write("search.csv", "user,query,time\na,red shoes,1600000002\n");
	log_write("buy.csv", "user,item,time\na,y,1600000004\n");
	store *s = store_of("\"events\": [{\"path\": \"browse.csv\", \"type\": \"browse\"}, {\"path\": \"search.csv\", \"type\": \"search\"}, {\"path\": \"buy.csv\", \"type\": \"purchase\"}]");
	assert_int_equal(s->events, 5);
	assert_string_equal(value_of(s->user_ids, 1), "a");
	assert_int_equal(s->user_start[1], 4);
	static const char *const types[] = { "browse", "search", "browse", "purchase", "browse" };
	for (int i = 0; i < 5; i++)
		assert_string_equal(value_of(s->types, s->type[i]), types[i]);
	assert_int_equal(s->item[1], 0);
	assert_string_equal(value_of(s->queries, s->query[1]), "red shoes");
	assert_int_equal(s->first_time, INT64_C(1600000001000000));
	assert_int_equal(s->last_time, INT64_C(1600000004000000));
	store_close(s);
}

static void types_are_mapped_and_unknown_ones_are_bad(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time,type\na,x,1600000003,1\na,x,1600000003,2\na,x,1600000003,9\na,x,1600000003,\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\", \"types\": {\"1\": \"browse\", \"2\": \"purchase\"}}], \"max_bad_rows\": 1");
	assert_int_equal(bad_rows(s, "event type not named in \"types\""), 1);
	assert_int_equal(bad_rows(s, "no event type"), 1);
	assert_int_equal(vocabulary_count(s->types), 2);
	store_close(s);
}

static void more_than_255_types_are_an_error(void **state)
{
	(void)state;
	text content = { 0 };
	text_add(&content, "user,item,time,type\n");
	for (int i = 0; i < 256; i++)
		text_addf(&content, "a,x,1600000003,t%d\n", i);
	log_write("a.csv", content.data);
	text_free(&content);
	assert_refused("\"events\": [{\"path\": \"a.csv\"}]", SR_DATA, "more than 255 event types");
}

static void ids_are_strings(void **state)
{
	(void)state;
	char large[10001];
	memset(large, 'z', 10000);
	large[10000] = 0;
	text content = { 0 };
	text_addf(&content, "user,item,time\n007,nan,1600000000\n7,NA,1600000000\n\"a,\"\"b\"\"\",\xf0\x9f\x98\x80,1600000000\n%s,null,1600000000\n", large);
	log_write("a.csv", content.data);
	text_free(&content);
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}]");
	assert_int_equal(s->users, 4);
	assert_int_equal(s->items, 4);
	assert_int_equal(user_events(s, "007"), 1);
	assert_int_equal(user_events(s, "7"), 1);
	assert_int_equal(user_events(s, "a,\"b\""), 1);
	assert_int_equal(user_events(s, large), 1);
	assert_int_not_equal(vocabulary_find(s->item_ids, "NA", 2), 0);
	assert_int_not_equal(vocabulary_find(s->item_ids, "\xf0\x9f\x98\x80", 4), 0);
	store_close(s);
}

static void the_order_of_the_files_changes_no_code(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\nu2,i1,1600000000\nu1,i9,1600000000\nu1,i5,1600000001\n");
	log_write("b.csv", "user,item,time\nu3,i9,1600000000\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}, {\"path\": \"b.csv\"}]");
	static const char *const users[] = { "u1", "u2", "u3" }, *const items[] = { "i9", "i1", "i5" };
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 3; i++) {
			assert_string_equal(value_of(s->user_ids, i + 1), users[i]);
			assert_string_equal(value_of(s->item_ids, i + 1), items[i]);
		}
		assert_int_equal(vocabulary_rows(s->item_ids, 1), 2);
		store_close(s);
		if (!round)
			s = store_of("\"events\": [{\"path\": \"b.csv\"}, {\"path\": \"a.csv\"}]");
	}
}

static void equal_times_keep_the_order_of_the_log(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\na,3,1600000000\na,1,1600000000\na,2,1600000000\na,0,1500000000\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}]");
	static const char *const items[] = { "0", "3", "1", "2" };
	for (int i = 0; i < 4; i++)
		assert_string_equal(value_of(s->item_ids, s->item[i]), items[i]);
	store_close(s);
}

static void positions_are_kept_plus_one(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time,position\na,1,1600000000,0\na,2,1600000001,7\na,3,1600000002,\na,4,1600000003,1.5\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}], \"max_bad_rows\": 1");
	assert_int_equal(s->position[0], 1);
	assert_int_equal(s->position[1], 8);
	assert_int_equal(s->position[2], 0);
	assert_int_equal(bad_rows(s, "position is not a whole number"), 1);
	assert_null(s->query);
	assert_null(s->session);
	store_close(s);
}

static void rows_outside_the_time_range_are_filtered(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\na,1,2019-12-31\na,2,2020-01-01\na,3,2020-01-31T23:59:59\na,4,2020-02-01\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}], \"from\": \"2020-01-01\", \"to\": \"2020-02-01\"");
	assert_int_equal(s->events, 2);
	assert_int_equal(s->items, 2);
	assert_int_equal(filtered_rows(s, "before data.from"), 1);
	assert_int_equal(filtered_rows(s, "at or after data.to"), 1);
	store_close(s);
}

static void bad_times_are_counted_by_reason(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\na,1,1600000000\na,1,\na,1,-5\na,1,soon\na,1,0\na,1,99999999999999999999999\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\", \"time_format\": \"epoch_s\"}], \"max_bad_rows\": 1");
	assert_int_equal(s->events, 2);
	assert_int_equal(bad_rows(s, "no time"), 1);
	assert_int_equal(bad_rows(s, "negative time"), 1);
	assert_int_equal(bad_rows(s, "time is not a number"), 1);
	assert_int_equal(bad_rows(s, "time out of range"), 1);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(separate_logs_are_one_ordered_store),
		LOADER_TEST(types_are_mapped_and_unknown_ones_are_bad),
		LOADER_TEST(more_than_255_types_are_an_error),
		LOADER_TEST(ids_are_strings),
		LOADER_TEST(the_order_of_the_files_changes_no_code),
		LOADER_TEST(equal_times_keep_the_order_of_the_log),
		LOADER_TEST(positions_are_kept_plus_one),
		LOADER_TEST(rows_outside_the_time_range_are_filtered),
		LOADER_TEST(bad_times_are_counted_by_reason),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
