#include "stores.h"

static void a_missing_column_lists_those_that_are_there(void **state)
{
	(void)state;
	log_write("a.csv", "user_id,sku,action_time\na,1,1600000000\n");
	const char *data = "\"events\": [{\"path\": \"a.csv\", \"columns\": {\"item\": \"skus\", \"time\": \"action_time\"}}]";
	assert_refused(data, SR_CONFIG, "no column \"skus\" (data.events[0].columns.item)");
	assert_refused(data, SR_CONFIG, "The columns are: user_id, sku, action_time.");
	assert_refused(data, SR_CONFIG, "Did you mean \"sku\"?");
}

static void roles_are_found_under_their_own_names(void **state)
{
	(void)state;
	log_write("a.csv", "user_id,item_id,timestamp\na,1,1600000000\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}]");
	assert_int_equal(s->events, 1);
	assert_string_equal(value_of(s->types, 1), "event");
	store_close(s);
}

static void a_log_without_a_time_column_is_refused(void **state)
{
	(void)state;
	log_write("a.csv", "user,item\na,1\n");
	assert_refused("\"events\": [{\"path\": \"a.csv\"}]", SR_CONFIG, "no column \"time\"");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\", \"time_format\": \"order\"}]");
	assert_int_equal(s->events, 1);
	store_close(s);
}

static void a_field_must_be_in_some_source(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time,price\na,1,1600000000,5\n");
	log_write("b.csv", "user,item,time\na,1,1600000001\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}, {\"path\": \"b.csv\"}], \"fields\": [{\"name\": \"price\", \"kind\": \"number\"}]");
	const store_field *price = store_find_field(s, LEVEL_EVENT, "price");
	assert_true(price->number[0] == 5);
	assert_true(price->number[1] != price->number[1]);
	store_close(s);
	assert_refused("\"events\": [{\"path\": \"b.csv\"}], \"fields\": [{\"name\": \"price\", \"kind\": \"number\"}]", SR_CONFIG, "has a column \"price\"");
}

static void a_column_may_serve_two_fields(void **state)
{
	(void)state;
	log_write("a.csv", "user,item,time,price\na,1,1600000000,5\n");
	store *s = store_of("\"events\": [{\"path\": \"a.csv\"}], \"fields\": [{\"name\": \"price\", \"kind\": \"number\"}, {\"name\": \"price_class\", \"column\": \"price\", \"kind\": \"category\"}]");
	assert_true(store_find_field(s, LEVEL_EVENT, "price")->number[0] == 5);
	assert_int_equal(store_find_field(s, LEVEL_EVENT, "price_class")->code[0], 1);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(a_missing_column_lists_those_that_are_there),
		LOADER_TEST(roles_are_found_under_their_own_names),
		LOADER_TEST(a_log_without_a_time_column_is_refused),
		LOADER_TEST(a_field_must_be_in_some_source),
		LOADER_TEST(a_column_may_serve_two_fields),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
