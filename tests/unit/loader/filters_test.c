#include "stores.h"

/* How many of the five rows a rule drops. */
static uint64_t dropped(const char *rule)
{
	log_write("a.csv", "user,item,time,x\na,1,1600000000,C10\nb,1,1600000001,9\nc,1,1600000002,100\nd,1,1600000003,\ne,1,1600000004,NA\n");
	char *data = text_format("\"events\": [{\"path\": \"a.csv\"}], \"filters\": [{\"field\": \"x\", \"name\": \"rule\", %s}]", rule);
	store *s = store_of(data);
	uint64_t rows = filtered_rows(s, "rule");
	assert_int_equal(rows_of(s, "events")->read, 5);
	assert_int_equal(s->events, 5 - rows);
	store_close(s);
	free(data);
	return rows;
}

static void texts_are_compared_whole(void **state)
{
	(void)state;
	assert_int_equal(dropped("\"operator\": \"==\", \"value\": [\"9\"]"), 1);
	assert_int_equal(dropped("\"operator\": \"==\", \"value\": [\"9.0\"]"), 0);
	assert_int_equal(dropped("\"operator\": \"!=\", \"value\": [\"9\"]"), 4);
	assert_int_equal(dropped("\"operator\": \"in\", \"value\": [\"9\", \"100\", \"7\"]"), 2);
	assert_int_equal(dropped("\"operator\": \"starts\", \"value\": [\"C\"]"), 1);
}

static void numbers_are_compared_as_numbers(void **state)
{
	(void)state;
	assert_int_equal(dropped("\"operator\": \"<\", \"value\": [\"10\"]"), 1);
	assert_int_equal(dropped("\"operator\": \"<=\", \"value\": [\"9\"]"), 1);
	assert_int_equal(dropped("\"operator\": \">\", \"value\": [\"9\"]"), 1);
	assert_int_equal(dropped("\"operator\": \">=\", \"value\": [\"9\"]"), 2);
}

static void missing_values_are_what_the_source_calls_so(void **state)
{
	(void)state;
	assert_int_equal(dropped("\"operator\": \"missing\""), 2);
	assert_int_equal(dropped("\"operator\": \"present\""), 3);
}

static void dates_are_compared_by_their_text(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\na,1,2020-01-01\nb,1,2020-02-01\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}], \"filters\": [{\"field\": \"time\", \"operator\": \"<\", \"value\": [\"2020-01-15\"]}]");
	assert_int_equal(filtered_rows(s, "time < 2020-01-15"), 1);
	store_close(s);
}

static void a_rule_for_a_column_that_is_nowhere_is_an_error(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time\na,1,2020-01-01\n");
	assert_refused("\"events\": [{\"path\": \"a.csv\"}], \"filters\": [{\"field\": \"status\", \"value\": [\"x\"]}]", SR_CONFIG, "data.filters[0]");
}

static void a_filtered_row_may_be_unreadable_otherwise(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time,ok\n,1,2020-01-01,0\nb,1,2020-02-01,1\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}], \"filters\": [{\"field\": \"ok\", \"value\": [\"0\"]}], \"max_bad_rows\": 0");
	assert_int_equal(s->events, 1);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(texts_are_compared_whole),
		LOADER_TEST(numbers_are_compared_as_numbers),
		LOADER_TEST(missing_values_are_what_the_source_calls_so),
		LOADER_TEST(dates_are_compared_by_their_text),
		LOADER_TEST(a_rule_for_a_column_that_is_nowhere_is_an_error),
		LOADER_TEST(a_filtered_row_may_be_unreadable_otherwise),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
