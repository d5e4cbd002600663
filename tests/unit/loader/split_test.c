/* Which part a sample belongs to, by every kind of split. */
#include "made.h"

#include "seqrec/hash.h"

#include <math.h>

static config *split_config(const char *split)
{
	log_write("e.csv", "user,item,time\na,x,1600000000\n");
	char *rest = text_format("\"split\": {%s}", split);
	config *c = made_config(EVENTS, rest);
	free(rest);
	return c;
}

/* `count` samples, each its own user, one microsecond apart in cuts of `each`; every fourth is of class 1. */
static samples *numbered(size_t count, size_t each)
{
	samples *all = xcalloc(1, sizeof *all);
	all->item = xcalloc(count, sizeof *all->item);
	all->count = count;
	all->classes = 2;
	for (size_t i = 0; i < count; i++)
		all->item[i] = (sample){ .user = (uint32_t)i + 1, .cut = (int64_t)(i / each) * 1000000, .hash = hash_crc32(0, &(uint32_t){ (uint32_t)i }, 4), .label = i % 4 == 0, .scored = true, .row = i };
	return all;
}

static void numbered_free(samples *all)
{
	free(all->item);
	free(all);
}

static void split(samples *all, const config *c, const store *s)
{
	sr_error err = { 0 };
	if (!samples_split(all, c, s, &err))
		print_error("%s\n", err.text);
	assert_int_equal(err.code, SR_OK);
}

static void assert_not_split(samples *all, const config *c, const store *s, const char *part)
{
	sr_error err = { 0 };
	assert_false(samples_split(all, c, s, &err));
	assert_int_equal(err.code, SR_DATA);
	if (!strstr(err.text, part))
		fail_msg("%s", err.text);
}

static size_t part_count(const samples *all, const config *c, sample_part part)
{
	size_t count;
	free(samples_select(all, c, 0, part, &count));
	return count;
}

static void times_are_never_torn_between_parts(void **state)
{
	(void)state;
	config *c = split_config("\"validation_share\": 0.1, \"test_share\": 0.15");
	samples *all = numbered(100, 10); /* ten times of ten samples: fifteen of them are two times */
	split(all, c, NULL);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(all->item[i].part, i < 70 ? PART_TRAIN : i < 80 ? PART_VALIDATION : PART_TEST);
	numbered_free(all);
	config_free(c);
}

static void no_validation_share_means_no_validation_part(void **state)
{
	(void)state;
	config *c = split_config("\"validation_share\": 0, \"test_share\": 0.2");
	samples *all = numbered(100, 10);
	split(all, c, NULL);
	assert_int_equal(part_count(all, c, PART_TRAIN), 80);
	assert_int_equal(part_count(all, c, PART_VALIDATION), 0);
	assert_int_equal(part_count(all, c, PART_TEST), 20);
	numbered_free(all);
	config_free(c);
}

static void times_can_be_given(void **state)
{
	(void)state;
	config *c = split_config("\"validation\": \"1970-01-01T00:00:03Z\", \"test\": \"1970-01-01T00:00:09Z\"");
	samples *all = numbered(100, 10);
	split(all, c, NULL);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(all->item[i].part, i < 30 ? PART_TRAIN : i < 90 ? PART_VALIDATION : PART_TEST);
	numbered_free(all);
	config_free(c);
}

static void a_time_split_needs_three_times(void **state)
{
	(void)state;
	config *c = split_config("\"kind\": \"time\"");
	samples *all = numbered(20, 10);
	assert_not_split(all, c, NULL, "three or more times");
	all->item[3].cut = INT64_MAX;
	assert_not_split(all, c, NULL, "samples have no time");
	numbered_free(all);
	config_free(c);
}

static void users_go_by_their_hash_whatever_else_is_there(void **state)
{
	(void)state;
	config *c = split_config("\"kind\": \"user\", \"validation_share\": 0.2, \"test_share\": 0.3"), *other = split_config("\"kind\": \"user\", \"validation_share\": 0.2, \"test_share\": 0.3, \"seed\": 1");
	samples *all = numbered(2000, 10), *fewer = numbered(500, 7), *seeded = numbered(2000, 10);
	split(all, c, NULL);
	split(fewer, c, NULL);
	split(seeded, other, NULL);
	size_t moved = 0;
	for (size_t i = 0; i < 2000; i++) {
		if (i < 500)
			assert_int_equal(all->item[i].part, fewer->item[i].part);
		moved += all->item[i].part != seeded->item[i].part;
	}
	assert_true(moved > 500);
	assert_true(fabs((double)part_count(all, c, PART_TEST) / 2000 - 0.3) < 0.03);
	assert_true(fabs((double)part_count(all, c, PART_VALIDATION) / 2000 - 0.2) < 0.03);
	numbered_free(all);
	numbered_free(fewer);
	numbered_free(seeded);
	config_free(c);
	config_free(other);
}

static void earlier_cuts_of_test_users_are_in_no_part(void **state)
{
	(void)state;
	config *c = split_config("\"kind\": \"user\"");
	samples *all = numbered(300, 10);
	for (size_t i = 0; i < 300; i++)
		all->item[i].scored = i % 2;
	split(all, c, NULL);
	assert_true(part_count(all, c, PART_NONE) > 0);
	for (size_t i = 0; i < 300; i++)
		assert_true(all->item[i].scored ? all->item[i].part != PART_NONE : all->item[i].part == PART_NONE || all->item[i].part == PART_TRAIN);
	numbered_free(all);
	config_free(c);
}

static void the_last_sample_of_a_user_tests_and_the_one_before_validates(void **state)
{
	(void)state;
	config *c = split_config("\"kind\": \"leave_one_out\"");
	samples *all = numbered(7, 1);
	static const struct { uint32_t user; int64_t cut; sample_part part; } rows[] = { { 1, 5, PART_VALIDATION }, { 1, 2, PART_TRAIN }, { 1, 9, PART_TEST }, { 2, 1, PART_TEST }, { 3, 4, PART_VALIDATION },
		{ 3, 4, PART_TEST }, { 1, 3, PART_TRAIN } };
	for (size_t i = 0; i < 7; i++) {
		all->item[i].user = rows[i].user;
		all->item[i].cut = rows[i].cut;
	}
	split(all, c, &(store){ .users = 7 });
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(all->item[i].part, rows[i].part);
	numbered_free(all);
	config_free(c);
}

static void a_random_split_has_its_share_of_each_class(void **state)
{
	(void)state;
	config *c = split_config("\"kind\": \"random\", \"validation_share\": 0.25, \"test_share\": 0.5");
	samples *all = numbered(400, 10);
	split(all, c, NULL);
	size_t count[2][4] = { 0 };
	for (size_t i = 0; i < 400; i++)
		count[all->item[i].label][all->item[i].part]++;
	for (size_t k = 0; k < 2; k++) {
		size_t rows = k ? 100 : 300;
		assert_int_equal(count[k][PART_TEST], rows / 2);
		assert_int_equal(count[k][PART_VALIDATION], rows / 4);
		assert_int_equal(count[k][PART_TRAIN], rows / 4);
	}
	numbered_free(all);
	config_free(c);
}

static void folds_go_by_the_checksum_of_the_id_and_only_the_last_cut_is_scored(void **state)
{
	(void)state;
	config *c = split_config("\"folds\": 5, \"validation_share\": 0.2");
	samples *all = numbered(500, 10);
	for (size_t i = 0; i < 500; i++)
		all->item[i].scored = i % 2;
	split(all, c, NULL);
	for (size_t i = 0; i < 500; i++) {
		const sample *one = &all->item[i];
		for (uint32_t fold = 0; fold < 5; fold++) {
			sample_part part = sample_part_of(all, c, one, fold);
			if (one->hash % 5 == fold)
				assert_int_equal(part, one->scored ? PART_TEST : PART_NONE);
			else
				assert_true(part == PART_TRAIN || part == (one->scored ? PART_VALIDATION : PART_NONE));
		}
	}
	numbered_free(all);
	config_free(c);
}

static void an_empty_part_is_an_error(void **state)
{
	(void)state;
	config *c = split_config("\"kind\": \"random\", \"test_share\": 0");
	samples *all = numbered(40, 10);
	assert_not_split(all, c, NULL, "the test part of the split is empty");
	numbered_free(all);
	config_free(c);
}

static void given_parts_are_taken_and_others_named(void **state)
{
	(void)state;
	log_write("e.csv", "user,item,time\na,x,1600000000\n");
	log_write("s.csv", "user,label,split\na,1,train\nb,0,test\nc,1,val\nd,0,validation\ne,1,train\n");
	made m = make(EVENTS ", \"samples\": [{\"path\": \"s.csv\"}]", "\"task\": {\"kind\": \"column\"}, \"split\": {\"kind\": \"given\"}");
	split(m.all, m.c, m.s);
	static const sample_part expected[] = { PART_TRAIN, PART_TEST, PART_VALIDATION, PART_VALIDATION, PART_TRAIN };
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(m.all->item[i].part, expected[i]);
	made_free(&m);
	log_write("s.csv", "user,label,split\na,1,train\nb,0,other\n");
	m = make(EVENTS ", \"samples\": [{\"path\": \"s.csv\"}]", "\"task\": {\"kind\": \"column\"}, \"split\": {\"kind\": \"given\"}");
	assert_not_split(m.all, m.c, m.s, "row 2: split is \"other\"");
	made_free(&m);
	log_write("s.csv", "user,label\na,1\nb,0\n");
	m = make(EVENTS ", \"samples\": [{\"path\": \"s.csv\"}]", "\"task\": {\"kind\": \"column\"}, \"split\": {\"kind\": \"given\"}");
	assert_not_split(m.all, m.c, m.s, "no split column");
	made_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(times_are_never_torn_between_parts),
		LOADER_TEST(no_validation_share_means_no_validation_part),
		LOADER_TEST(times_can_be_given),
		LOADER_TEST(a_time_split_needs_three_times),
		LOADER_TEST(users_go_by_their_hash_whatever_else_is_there),
		LOADER_TEST(earlier_cuts_of_test_users_are_in_no_part),
		LOADER_TEST(the_last_sample_of_a_user_tests_and_the_one_before_validates),
		LOADER_TEST(a_random_split_has_its_share_of_each_class),
		LOADER_TEST(folds_go_by_the_checksum_of_the_id_and_only_the_last_cut_is_scored),
		LOADER_TEST(an_empty_part_is_an_error),
		LOADER_TEST(given_parts_are_taken_and_others_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
