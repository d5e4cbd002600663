#include "stores.h"

static void samples_keep_their_order_and_their_columns(void **state)
{
	(void)state;
	log_write("e.csv", "user,item,time\na,x,2020-01-01\n");
	log_write("s.csv", "who,what,when,y,part,w,size\nb,x,2020-02-01,no,test,2,7\na,,2020-02-02,yes,train,,\n,z,,no,train,.5,8\n");
	store *s = store_of("\"events\": [{\"path\": \"e.csv\"}], \"samples\": [{\"path\": \"s.csv\", \"columns\": {\"user\": \"who\", \"item\": \"what\", \"time\": \"when\", "
		"\"label\": \"y\", \"split\": \"part\", \"weight\": \"w\"}}], \"fields\": [{\"name\": \"size\", \"on\": \"sample\", \"kind\": \"number\"}], \"max_bad_rows\": 1");
	assert_int_equal(s->samples, 2);
	const store_conservation *rows = rows_of(s, "samples");
	assert_int_equal(reason_rows(rows->bad, rows->bad_count, "no time"), 1);
	assert_string_equal(value_of(s->user_ids, s->sample_user[0]), "b");
	assert_string_equal(value_of(s->item_ids, s->sample_item[0]), "x");
	assert_int_equal(s->sample_item[1], 0);
	assert_int_equal(s->sample_time[0], INT64_C(1580515200000000));
	assert_string_equal(value_of(s->labels, s->sample_label[1]), "yes");
	assert_string_equal(value_of(s->splits, s->sample_split[0]), "test");
	assert_true(s->sample_weight[0] == 2 && s->sample_weight[1] == 1);
	const store_field *size = store_find_field(s, LEVEL_SAMPLE, "size");
	assert_int_equal(size->rows, 2);
	assert_true(size->number[0] == 7 && size->number[1] != size->number[1]);
	store_close(s);
}

static void a_label_is_all_that_a_sample_needs(void **state)
{
	(void)state;
	log_write("s.csv", "label,x\n1,5\n0,6\n1,\n");
	store *s = store_of("\"samples\": [{\"path\": \"s.csv\"}], \"fields\": [{\"name\": \"x\", \"on\": \"sample\", \"kind\": \"number\"}]");
	assert_int_equal(s->samples, 3);
	assert_int_equal(s->sample_user[0], 0);
	assert_int_equal(s->sample_time[0], INT64_MIN);
	assert_null(s->sample_split);
	assert_null(s->sample_weight);
	assert_string_equal(value_of(s->labels, 1), "1");
	store_close(s);
}

static void a_sample_without_a_label_is_kept_one_with_a_wrong_weight_is_bad(void **state)
{
	(void)state;
	log_write("s.csv", "label,weight\n1,1\n,1\nNA,1\n1,-1\n1,x\n");
	store *s = store_of("\"samples\": [{\"path\": \"s.csv\"}], \"max_bad_rows\": 1");
	const store_conservation *rows = rows_of(s, "samples");
	assert_int_equal(s->samples, 3);
	assert_int_equal(s->sample_label[0], 1);
	assert_int_equal(s->sample_label[1], 0);
	assert_int_equal(s->sample_label[2], 0);
	assert_int_equal(reason_rows(rows->bad, rows->bad_count, "weight is not a number from 0 on"), 2);
	store_close(s);
}

static void rows_to_predict_need_no_label_column_but_a_named_one_must_be_there(void **state)
{
	(void)state;
	log_write("s.csv", "user,bought\na,1\n");
	store *s = store_of("\"samples\": [{\"path\": \"s.csv\"}]");
	assert_int_equal(s->samples, 1);
	assert_int_equal(s->sample_label[0], 0);
	store_close(s);
	assert_refused("\"samples\": [{\"path\": \"s.csv\", \"columns\": {\"label\": \"sold\"}}]", SR_CONFIG, "no column \"sold\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(samples_keep_their_order_and_their_columns),
		LOADER_TEST(a_label_is_all_that_a_sample_needs),
		LOADER_TEST(a_sample_without_a_label_is_kept_one_with_a_wrong_weight_is_bad),
		LOADER_TEST(rows_to_predict_need_no_label_column_but_a_named_one_must_be_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
