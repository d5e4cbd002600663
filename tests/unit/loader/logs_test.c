/* Public logs, row for row. They are not part of the project: SEQREC_DATA names the folder that holds them, otherwise these tests are skipped. */
#include "seqrec/instant.h"
#include "stores.h"

static const char *data_folder(void)
{
	const char *path = getenv("SEQREC_DATA");
	if (!path) {
		print_message("SEQREC_DATA is not set: the public logs are not here\n");
		skip();
	}
	return path;
}

static store *store_from(const char *data)
{
	return store_of_in(data_folder(), data);
}

static void tmall_2014_is_read_row_for_row(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"events/tmall_alibaba2014_t_alibaba_data.csv.gz\", \"columns\": {\"user\": \"user_id\", \"item\": \"brand_id\", "
		"\"type\": \"type\", \"time\": \"visit_datetime\"}, \"types\": {\"0\": \"click\", \"1\": \"buy\", \"2\": \"favourite\", \"3\": \"cart\"}, "
		"\"time_format\": \"strptime:%m-%d@2013\"}]");
	assert_int_equal(s->events, 182880);
	assert_int_equal(s->users, 884);
	assert_int_equal(s->items, 9531);
	assert_string_equal(value_of(s->types, 1), "click");
	assert_int_equal(vocabulary_rows(s->types, 1), 174539);
	assert_int_equal(vocabulary_rows(s->types, 2), 6984);
	assert_int_equal(vocabulary_rows(s->types, 3), 1204);
	assert_int_equal(vocabulary_rows(s->types, 4), 153);
	char first[INSTANT_TEXT], last[INSTANT_TEXT];
	instant_print(s->first_time, first);
	instant_print(s->last_time, last);
	assert_string_equal(first, "2013-04-15");
	assert_string_equal(last, "2013-08-15");
	store_close(s);
}

static void jdata_has_sessions_and_seconds(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"events/jdata_demo_train.csv.gz\", \"columns\": {\"user\": \"user_id\", \"item\": \"sku_id\", \"type\": \"type\", "
		"\"time\": \"action_time\", \"session\": \"sessionId\"}}]");
	assert_int_equal(s->events, 27183);
	assert_int_equal(s->users, 3520);
	assert_int_equal(s->items, 12195);
	assert_int_equal(vocabulary_rows(s->types, 1), 24365);
	assert_non_null(s->session);
	store_close(s);
}

static void diginetica_views_and_purchases_are_one_store(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"events/diginetica_sample_train-item-views.csv.gz\", \"type\": \"view\", \"columns\": {\"user\": \"session_id\", "
		"\"item\": \"item_id\", \"time\": \"eventdate\"}}, {\"path\": \"events/diginetica_train-purchases.csv.gz\", \"type\": \"purchase\", \"separator\": \";\", "
		"\"columns\": {\"user\": \"sessionId\", \"item\": \"itemId\", \"time\": \"eventdate\"}}]");
	assert_int_equal(rows_of(s, "events")->read, 12391 + 18025);
	assert_int_equal(s->events, 12391 + 18025);
	assert_string_equal(value_of(s->types, 1), "purchase");
	store_close(s);
}

static void yoochoose_keeps_fractions_of_seconds(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"events/yoochoose-clicks-100k_train_full.txt.gz\", \"type\": \"click\", "
		"\"columns\": {\"user\": \"SessionId\", \"item\": \"ItemId\", \"time\": \"Time\"}}]");
	assert_int_equal(s->events, 70278);
	uint64_t at = user_begin(s, "3");
	assert_int_equal(s->time[at], INT64_C(1396437466940000));
	store_close(s);
}

static void completejourney_joins_households_and_products(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"completejourney/transactions_sample.csv.gz\", \"type\": \"purchase\", \"columns\": {\"user\": \"household_id\", "
		"\"item\": \"product_id\", \"time\": \"transaction_timestamp\", \"session\": \"basket_id\"}}], "
		"\"users\": [{\"path\": \"completejourney/demographics.csv.gz\", \"columns\": {\"user\": \"household_id\"}}], "
		"\"items\": [{\"path\": \"completejourney/products.csv.gz\", \"columns\": {\"item\": \"product_id\"}}], "
		"\"samples\": [{\"path\": \"completejourney/campaigns.csv.gz\", \"columns\": {\"user\": \"household_id\", \"label\": \"campaign_id\"}}], "
		"\"fields\": [{\"name\": \"age\", \"on\": \"user\", \"kind\": \"category\"}, {\"name\": \"department\", \"on\": \"item\", \"kind\": \"category\"}, "
		"{\"name\": \"product_type\", \"on\": \"item\", \"kind\": \"text\"}, {\"name\": \"sales_value\", \"on\": \"event\", \"kind\": \"number\"}]");
	assert_int_equal(s->events, 75000);
	assert_int_equal(rows_of(s, "users")->used, 801);
	assert_int_equal(rows_of(s, "items")->used, 92331);
	assert_int_equal(s->samples, 6589);
	assert_int_equal(vocabulary_count(s->labels), 27);
	const store_field *age = store_find_field(s, LEVEL_USER, "age");
	uint32_t user = vocabulary_find(s->user_ids, "1", 1);
	assert_string_equal(value_of(age->values, age->code[user - 1]), "65+");
	store_close(s);
}

static void online_retail_is_filtered_by_rule(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"uci/online_retail_2010_2011.csv.gz\", \"type\": \"purchase\", \"columns\": {\"user\": \"CustomerID\", "
		"\"item\": \"StockCode\", \"time\": \"InvoiceDate\"}}], \"filters\": [{\"field\": \"CustomerID\", \"operator\": \"missing\", \"name\": \"no customer\"}, "
		"{\"field\": \"InvoiceNo\", \"operator\": \"starts\", \"value\": [\"C\"], \"name\": \"cancelled\"}]");
	assert_int_equal(rows_of(s, "events")->read, 541909);
	assert_int_equal(filtered_rows(s, "no customer"), 135080);
	assert_int_equal(filtered_rows(s, "cancelled"), 8905);
	assert_int_equal(s->events, 541909 - 135080 - 8905);
	store_close(s);
}

static void online_shoppers_are_samples(void **state)
{
	(void)state;
	store *s = store_from("\"samples\": [{\"path\": \"uci/online_shoppers_intention.csv.gz\", \"columns\": {\"label\": \"Revenue\"}}], "
		"\"fields\": [{\"name\": \"PageValues\", \"on\": \"sample\", \"kind\": \"number\"}, {\"name\": \"Month\", \"on\": \"sample\", \"kind\": \"category\"}]");
	assert_int_equal(s->samples, 12330);
	assert_int_equal(s->events, 0);
	assert_int_equal(s->users, 0);
	assert_string_equal(value_of(s->labels, 1), "FALSE");
	assert_int_equal(vocabulary_rows(s->labels, 1), 10422);
	assert_int_equal(vocabulary_rows(s->labels, 2), 1908);
	store_close(s);
}

static void ml_100k_atomic_files_are_joined(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"ml-100k/ml-100k.inter.gz\", \"type\": \"rating\"}], \"users\": [{\"path\": \"ml-100k/ml-100k.user.gz\"}], "
		"\"items\": [{\"path\": \"ml-100k/ml-100k.item.gz\"}], \"fields\": [{\"name\": \"class\", \"on\": \"item\", \"kind\": \"categories\"}, "
		"{\"name\": \"age\", \"on\": \"user\", \"kind\": \"number\"}, {\"name\": \"rating\", \"on\": \"event\", \"kind\": \"number\"}]");
	assert_int_equal(s->events, 100000);
	assert_int_equal(s->users, 943);
	assert_int_equal(s->items, 1682);
	const store_field *genre = store_find_field(s, LEVEL_ITEM, "class");
	uint32_t item = vocabulary_find(s->item_ids, "1", 1);
	assert_int_equal(genre->start[item] - genre->start[item - 1], 3);
	assert_string_equal(value_of(genre->values, genre->code[genre->start[item - 1]]), "Animation");
	store_close(s);
}

static void ml_1m_without_a_header_is_in_row_order(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"ml-1m/ml-1m.txt.gz\", \"separator\": \" \", \"header\": false, \"names\": [\"user\", \"item\"], \"time_format\": \"order\"}], "
		"\"users\": [{\"path\": \"ml-1m/users.dat.gz\", \"separator\": \"::\", \"header\": false, \"names\": [\"user\", \"gender\", \"age\", \"job\", \"zip\"]}], "
		"\"fields\": [{\"name\": \"zip\", \"on\": \"user\", \"kind\": \"category\"}]");
	assert_int_equal(s->events, 999611);
	assert_int_equal(s->users, 6040);
	assert_int_equal(s->items, 3416);
	uint64_t at = user_begin(s, "1");
	assert_string_equal(value_of(s->item_ids, s->item[at + 2]), "3");
	store_close(s);
}

static void beauty_lists_are_sequences(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"s3rec/Beauty.txt.gz\", \"format\": \"lists\", \"columns\": {\"user\": \"user\"}}]");
	assert_int_equal(s->users, 22363);
	assert_int_equal(s->items, 12101);
	assert_int_equal(s->events, 198502);
	uint64_t at = user_begin(s, "2");
	assert_string_equal(value_of(s->item_ids, s->item[at]), "6");
	store_close(s);
}

static void session_lists_take_the_line_as_user(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"session/diginetica_gce/train_sessions.txt.gz\", \"format\": \"lists\"}]");
	assert_int_equal(s->users, 186670);
	assert_int_equal(s->events, 719470 + 186670);
	store_close(s);
}

static void otto_sessions_are_unnested(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"fixtures/otto_train_sample.jsonl.gz\", \"records\": \"events\", "
		"\"columns\": {\"user\": \"session\", \"item\": \"aid\", \"time\": \"ts\", \"type\": \"type\"}}]");
	assert_int_equal(s->users, 20);
	assert_int_equal(s->events, 862);
	assert_string_equal(value_of(s->types, 1), "clicks");
	assert_string_equal(value_of(s->item_ids, s->item[user_begin(s, "0")]), "1517085");
	assert_int_equal(s->time[user_begin(s, "0")], INT64_C(1659304800025000));
	store_close(s);
}

static void carriage_returns_alone_end_lines(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"fixtures/tmall_ijcai15_user_log_sample_CRonly.csv.gz\", \"time_format\": \"strptime:%m%d@2015\", "
		"\"columns\": {\"user\": \"user_id\", \"item\": \"item_id\", \"time\": \"time_stamp\", \"type\": \"action_type\"}}], \"max_bad_rows\": 0.5");
	print_message("CR-only: %llu rows read, %llu used\n", (unsigned long long)rows_of(s, "events")->read, (unsigned long long)rows_of(s, "events")->used);
	assert_true(rows_of(s, "events")->read > 400);
	store_close(s);
}

static void rees46_times_end_in_utc(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"fixtures/rees46_2019-Oct_sample.csv.gz\", \"columns\": {\"user\": \"user_id\", \"item\": \"product_id\", "
		"\"time\": \"event_time\", \"type\": \"event_type\", \"session\": \"user_session\"}}], \"fields\": [{\"name\": \"price\", \"on\": \"event\", \"kind\": \"number\"}]");
	assert_int_equal(s->events, 1000);
	assert_string_equal(said, "");
	store_close(s);
}

static void coveo_queries_are_vectors(void **state)
{
	(void)state;
	store *s = store_from("\"events\": [{\"path\": \"fixtures/coveo_search_train_sample.csv.gz\", \"type\": \"search\", \"columns\": {\"user\": \"session_id_hash\", "
		"\"time\": \"server_timestamp_epoch_ms\"}}], \"fields\": [{\"name\": \"query_vector\", \"on\": \"event\", \"kind\": \"vector\", \"width\": 50}]");
	const store_field *vector = store_find_field(s, LEVEL_EVENT, "query_vector");
	assert_true(s->events >= 9);
	assert_int_equal(vector->width, 50);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(tmall_2014_is_read_row_for_row),
		LOADER_TEST(jdata_has_sessions_and_seconds),
		LOADER_TEST(diginetica_views_and_purchases_are_one_store),
		LOADER_TEST(yoochoose_keeps_fractions_of_seconds),
		LOADER_TEST(completejourney_joins_households_and_products),
		LOADER_TEST(online_retail_is_filtered_by_rule),
		LOADER_TEST(online_shoppers_are_samples),
		LOADER_TEST(ml_100k_atomic_files_are_joined),
		LOADER_TEST(ml_1m_without_a_header_is_in_row_order),
		LOADER_TEST(beauty_lists_are_sequences),
		LOADER_TEST(session_lists_take_the_line_as_user),
		LOADER_TEST(otto_sessions_are_unnested),
		LOADER_TEST(carriage_returns_alone_end_lines),
		LOADER_TEST(rees46_times_end_in_utc),
		LOADER_TEST(coveo_queries_are_vectors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
