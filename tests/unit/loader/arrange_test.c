#include "stores.h"

static void duplicates_are_dropped_where_asked(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time,price\na,x,1600000000,1\na,y,1600000000,1\na,x,1600000000,1\na,x,1600000000,2\na,x,1600000001,1\nb,x,1600000000,1\n");
	const char *fields = "\"fields\": [{\"name\": \"price\", \"kind\": \"number\"}]";
	char *drop = text_format("\"events\": [{\"path\": \"a.csv\"}], \"duplicates\": \"drop\", %s", fields), *keep = text_format("\"events\": [{\"path\": \"a.csv\"}], %s", fields);
	store *s = store_of(drop);
	assert_int_equal(s->events, 5);
	assert_int_equal(filtered_rows(s, "duplicate"), 1);
	store_close(s);
	s = store_of(keep);
	assert_int_equal(s->events, 6);
	store_close(s);
	free(drop);
	free(keep);
}

static void duplicates_among_many_at_one_instant_are_found(void **state)
{
	(void)state;
	text content = { 0 };
	text_add(&content, "user,item,time\n");
	for (int i = 0; i < 300; i++)
		text_addf(&content, "a,i%d,1600000000\n", i * 7 % 100);
	log_write("a.csv", content.data);
	text_free(&content);
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}], \"duplicates\": \"drop\"");
	assert_int_equal(s->events, 100);
	assert_int_equal(filtered_rows(s, "duplicate"), 200);
	store_close(s);
}

/* The query that the event at `at` carries. */
static const char *query_at(const store *s, uint64_t at)
{
	return value_of(s->queries, s->query[at]);
}

static void a_click_carries_the_search_before_it(void **state)
{
	(void)state;
	log_write("s.csv", "user,query,time\na,shoes,1000000000\na,hats,1000000100\nb,socks,1000000000\n");
	log_write("c.csv", "user,item,time\na,x,1000000050\na,y,1000000150\na,z,1000000160\nb,x,1000001800\nb,y,1000001801\nc,x,1000000001\n");
	store *s = store_of("\"events\": [{\"path\": \"s.csv\", \"type\": \"search\"}, {\"path\": \"c.csv\", \"type\": \"click\"}]");
	uint64_t a = user_begin(s, "a"), b = user_begin(s, "b"), c = user_begin(s, "c");
	assert_string_equal(query_at(s, a + 1), "shoes");
	assert_string_equal(query_at(s, a + 3), "hats");
	assert_string_equal(query_at(s, a + 4), "hats");
	assert_string_equal(query_at(s, b + 1), "socks");
	assert_string_equal(query_at(s, b + 2), "");
	assert_string_equal(query_at(s, c), "");
	assert_int_equal(vocabulary_rows(s->queries, vocabulary_find(s->queries, "hats", 4)), 3);
	store_close(s);
}

static void a_click_of_another_session_is_not_linked(void **state)
{
	(void)state;
	log_write("s.csv", "user,query,session,item,time\na,shoes,1,,1000000000\na,,2,x,1000000001\na,,1,y,1000000002\n");
	store *s = store_of("\"events\": [{\"path\": \"s.csv\"}]");
	assert_string_equal(query_at(s, 1), "");
	assert_string_equal(query_at(s, 2), "shoes");
	store_close(s);
}

static void linking_may_be_switched_off(void **state)
{
	(void)state;
	log_write("s.csv", "user,query,item,time\na,shoes,,1000000000\na,,x,1000000001\n");
	store *s = store_of("\"events\": [{\"path\": \"s.csv\"}], \"link_search\": false");
	assert_string_equal(query_at(s, 1), "");
	store_close(s);
}

static void rare_items_go_before_rare_users(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\na,x,1600000000\na,x,1600000001\nb,x,1600000002\nb,rare,1600000003\nc,y,1600000000\nc,y,1600000001\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}], \"min_item_events\": 2, \"min_user_events\": 2");
	assert_int_equal(filtered_rows(s, "item with fewer than 2 events"), 1);
	assert_int_equal(filtered_rows(s, "user with fewer than 2 events"), 1);
	assert_int_equal(s->events, 4);
	assert_int_equal(s->users, 2);
	assert_int_equal(s->items, 2);
	assert_int_equal(user_events(s, "b"), 0);
	store_close(s);
}

static void a_log_that_is_filtered_away_is_refused_with_the_reason(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\na,x,1600000000\nb,x,1600000001\n");
	assert_refused("\"events\": [{\"path\": \"a.csv\"}], \"min_user_events\": 5", SR_DATA, "none of the 2 rows of data.events is left after cleaning (mostly: user with fewer than 5 events, 2 rows)");
}

/* One MiB of memory forces runs on disk; the store must not differ. */
static void little_memory_changes_nothing(void **state)
{
	(void)state;
	text content = { 0 };
	text_add(&content, "user,item,time\n");
	for (int i = 0; i < 60000; i++)
		text_addf(&content, "u%d,i%d,%d\n", i % 997 * 7919 % 997, i % 499 * 104 % 499, 1600000000 + i % 1000 * 31 % 1000);
	log_write("a.csv", content.data);
	text_free(&content);
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}]");
	size_t events = (size_t)s->events;
	int64_t *time = xmemdup(s->time, events * sizeof *time);
	uint32_t *item = xmemdup(s->item, events * sizeof *item);
	store_close(s);
	s = store_of("\"events\": [{\"path\": \"a.csv\"}], \"memory\": \"1MiB\"");
	assert_memory_equal(time, s->time, events * sizeof *time);
	assert_memory_equal(item, s->item, events * sizeof *item);
	store_close(s);
	free(time);
	free(item);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(duplicates_are_dropped_where_asked),
		LOADER_TEST(duplicates_among_many_at_one_instant_are_found),
		LOADER_TEST(a_click_carries_the_search_before_it),
		LOADER_TEST(a_click_of_another_session_is_not_linked),
		LOADER_TEST(linking_may_be_switched_off),
		LOADER_TEST(rare_items_go_before_rare_users),
		LOADER_TEST(a_log_that_is_filtered_away_is_refused_with_the_reason),
		LOADER_TEST(little_memory_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
