#include "stores.h"

static const char *const sources = "\"events\": [{\"path\": \"e.csv\"}], \"users\": [{\"path\": \"u.csv\"}], \"items\": [{\"path\": \"i.csv\"}], "
	"\"fields\": [{\"name\": \"age\", \"on\": \"user\", \"kind\": \"number\"}, {\"name\": \"brand\", \"on\": \"item\", \"kind\": \"category\"}, "
	"{\"name\": \"tags\", \"on\": \"item\", \"kind\": \"categories\"}], \"max_bad_rows\": 1";

static void write_events(void)
{
	log_write("e.csv", "user,item,time\na,x,1600000000\na,x,1600000001\nb,y,1600000000\n");
}

static void rows_join_by_id(void **state)
{
	(void)state;
	write_events();
	log_write("u.csv", "user,age\nb,30\na,40\n");
	log_write("i.csv", "item,brand,tags\nx,acme,red big\ny,,\n");
	store *s = store_of(sources);
	const store_field *age = store_find_field(s, LEVEL_USER, "age"), *brand = store_find_field(s, LEVEL_ITEM, "brand"), *tags = store_find_field(s, LEVEL_ITEM, "tags");
	assert_int_equal(age->rows, 2);
	assert_true(age->number[0] == 40 && age->number[1] == 30);
	assert_string_equal(value_of(brand->values, brand->code[0]), "acme");
	assert_int_equal(brand->code[1], 0);
	assert_int_equal(tags->start[1], 2);
	assert_int_equal(tags->start[2], 2);
	store_close(s);
}

static void ids_without_events_have_codes_and_ids_without_rows_no_values(void **state)
{
	(void)state;
	write_events();
	log_write("u.csv", "user,age\nc,50\n");
	log_write("i.csv", "item,brand,tags\nz,acme,\n");
	store *s = store_of(sources);
	assert_int_equal(s->users, 3);
	assert_int_equal(s->items, 3);
	uint32_t c = vocabulary_find(s->user_ids, "c", 1);
	const store_field *age = store_find_field(s, LEVEL_USER, "age");
	assert_int_equal(c, 3);
	assert_int_equal(user_events(s, "c"), 0);
	assert_true(age->number[c - 1] == 50);
	assert_true(age->number[0] != age->number[0]);
	store_close(s);
}

static void the_last_row_of_an_id_counts(void **state)
{
	(void)state;
	write_events();
	log_write("u.csv", "user,age\na,1\na,2\n");
	log_write("i.csv", "item,brand,tags\nx,old,\nx,new,\n");
	store *s = store_of(sources);
	const store_conservation *users = rows_of(s, "users");
	assert_int_equal(users->used, 1);
	assert_int_equal(reason_rows(users->filtered, users->filtered_count, "repeated id, the last row counts"), 1);
	assert_true(store_find_field(s, LEVEL_USER, "age")->number[0] == 2);
	const store_field *brand = store_find_field(s, LEVEL_ITEM, "brand");
	assert_int_equal(vocabulary_count(brand->values), 1);
	assert_string_equal(value_of(brand->values, 1), "new");
	store_close(s);
}

static void a_row_without_an_id_is_bad(void **state)
{
	(void)state;
	write_events();
	log_write("u.csv", "user,age\n,1\na,x\nb,2\n");
	log_write("i.csv", "item,brand,tags\nx,old,\n");
	store *s = store_of(sources);
	const store_conservation *users = rows_of(s, "users");
	assert_int_equal(reason_rows(users->bad, users->bad_count, "no user"), 1);
	assert_int_equal(reason_rows(users->bad, users->bad_count, "age is not a number"), 1);
	store_close(s);
}

static void vectors_of_ids_without_a_row_are_missing(void **state)
{
	(void)state;
	write_events();
	log_write("i.csv", "item,v\ny,1;2;3\n");
	store *s = store_of("\"events\": [{\"path\": \"e.csv\"}], \"items\": [{\"path\": \"i.csv\", \"separator\": \",\"}], \"fields\": [{\"name\": \"v\", \"on\": \"item\", \"kind\": \"vector\", \"width\": 3}]");
	const float *v = store_find_field(s, LEVEL_ITEM, "v")->number;
	assert_true(v[0] != v[0]);
	assert_true(v[3] == 1 && v[4] == 2 && v[5] == 3);
	store_close(s);
}

static void rows_without_declared_fields_still_give_codes(void **state)
{
	(void)state;
	write_events();
	log_write("u.csv", "user\nq\na\n");
	store *s = store_of("\"events\": [{\"path\": \"e.csv\"}], \"users\": [{\"path\": \"u.csv\"}]");
	assert_int_equal(s->users, 3);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(rows_join_by_id),
		LOADER_TEST(ids_without_events_have_codes_and_ids_without_rows_no_values),
		LOADER_TEST(the_last_row_of_an_id_counts),
		LOADER_TEST(a_row_without_an_id_is_bad),
		LOADER_TEST(vectors_of_ids_without_a_row_are_missing),
		LOADER_TEST(rows_without_declared_fields_still_give_codes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
