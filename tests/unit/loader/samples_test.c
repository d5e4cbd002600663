/* Samples against logs small enough to be worked out by hand. */
#include "made.h"

#define AS_OF(more) "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-10\"]" more "}"

static void write_shop(void)
{
	log_write("e.csv",
		"user,item,type,time\n"
		"a,x,browse,2018-01-05T00:00:00Z\n"
		"a,x,purchase,2018-01-10T00:00:00Z\n"        /* exactly at the cut: not history, and a label */
		"b,y,browse,2018-01-09T23:59:59.999999Z\n"
		"b,y,purchase,2018-01-17T00:00:00Z\n"        /* exactly at cut + horizon: no label */
		"c,x,browse,2018-01-01T00:00:00Z\n"
		"c,y,purchase,2018-01-16T23:59:59Z\n"
		"d,x,purchase,2018-01-12T00:00:00Z\n");      /* no history: not eligible */
}

static void the_horizon_begins_at_the_cut_and_ends_before_its_end(void **state)
{
	(void)state;
	write_shop();
	made m = make(EVENTS, AS_OF(""));
	assert_samples(&m, "a 2018-01-10 1 buy\nb 2018-01-10 1 ignore\nc 2018-01-10 1 buy\n");
	assert_int_equal(m.all->ineligible, 1);
	assert_int_equal(m.all->censored, 0);
	made_free(&m);
}

static void pairs_are_the_items_of_the_history(void **state)
{
	(void)state;
	write_shop();
	made m = make(EVENTS, AS_OF(", \"unit\": \"user_item\""));
	assert_samples(&m, "ax 2018-01-10 1 buy\nby 2018-01-10 1 ignore\ncx 2018-01-10 1 ignore\n"); /* c buys another item */
	made_free(&m);
}

static void a_pair_stands_once_and_events_without_an_item_make_none(void **state)
{
	(void)state;
	log_write("e.csv", "user,item,type,time\na,x,browse,2018-01-05\na,,search,2018-01-06\na,y,browse,2018-01-07\na,x,browse,2018-01-08\na,y,purchase,2018-01-11\na,z,browse,2018-01-17\n");
	made m = make(EVENTS, AS_OF(", \"unit\": \"user_item\""));
	assert_samples(&m, "ax 2018-01-10 4 ignore\nay 2018-01-10 4 buy\n");
	made_free(&m);
}

static void a_user_without_history_is_a_sample_when_asked_for(void **state)
{
	(void)state;
	write_shop();
	made m = make(EVENTS, AS_OF(", \"eligible_events\": 0"));
	assert_int_equal(m.all->count, 4);
	assert_int_equal(m.all->no_history, 1);
	assert_int_equal(m.all->item[3].label, 1);
	made_free(&m);
}

static void eligibility_counts_events_within_its_window(void **state)
{
	(void)state;
	log_write("e.csv", "user,item,type,time\n"
		"a,x,browse,2018-01-06\na,x,browse,2018-01-09\n"           /* only one within three days */
		"b,x,browse,2018-01-07\nb,x,browse,2018-01-09\nb,x,purchase,2018-01-11\n" /* exactly three days before: within */
		"c,x,browse,2018-01-08\nc,x,browse,2018-01-09\nc,x,browse,2018-01-17\n");
	made m = make(EVENTS, AS_OF(", \"eligible_events\": 2, \"eligible_window\": \"3d\""));
	assert_samples(&m, "b 2018-01-10 2 buy\nc 2018-01-10 2 ignore\n");
	assert_int_equal(m.all->ineligible, 1);
	made_free(&m);
	m = make(EVENTS, AS_OF(", \"eligible_events\": 2"));
	assert_int_equal(m.all->count, 3);
	made_free(&m);
}

static void a_cut_whose_horizon_ends_after_the_log_is_left_out(void **state)
{
	(void)state;
	write_shop();
	made m = make(EVENTS, "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-12\", \"2018-01-10\"]}");
	assert_int_equal(m.all->censored, 1);
	assert_samples(&m, "a 2018-01-10 1 buy\nb 2018-01-10 1 ignore\nc 2018-01-10 1 buy\n");
	assert_non_null(strstr(said, "1 of 2 cuts left out"));
	made_free(&m);
	assert_no_samples(EVENTS, "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-02-12\"]}", "every cut + task.horizon lies beyond the end of the log");
}

static void one_day_of_grace_covers_logs_by_the_day(void **state)
{
	(void)state;
	write_shop(); /* ends on 17 January at midnight */
	made m = make(EVENTS, "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-11\"]}");
	assert_int_equal(m.all->censored, 0);
	made_free(&m);
}

static void samples_of_one_class_are_an_error(void **state)
{
	(void)state;
	write_shop();
	assert_no_samples(EVENTS, "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-10\"], \"events\": [\"browse\"]}", "have the label \"ignore\"");
	assert_no_samples(EVENTS, AS_OF(", \"eligible_events\": 9"), "no sample is left: 4 were not eligible");
}

static void an_event_type_that_is_not_there_is_an_error_that_lists_what_is(void **state)
{
	(void)state;
	write_shop();
	assert_no_samples(EVENTS, AS_OF(", \"events\": [\"buy\"]"), "no event of type \"buy\" in the logs; there are: purchase, browse");
}

static void distinct_cuts(const made *m, const char *expected)
{
	text out = { 0 };
	text_add(&out, "");
	for (size_t i = 0; i < m->all->count; i++) {
		char cut[INSTANT_TEXT];
		instant_print(m->all->item[i].cut, cut);
		if (!i || m->all->item[i].cut != m->all->item[i - 1].cut)
			text_addf(&out, "%s%s ", cut, m->all->item[i].scored ? "!" : "");
	}
	assert_string_equal(out.data, expected);
	text_free(&out);
}

/* Browses every day of January, buys every fifth. */
static void write_january(void)
{
	text out = { 0 };
	text_add(&out, "user,item,type,time\n");
	for (int day = 1; day <= 31; day++)
		text_addf(&out, "a,x,browse,2018-01-%02d\nb,x,%s,2018-01-%02d\n", day, day % 9 == 0 ? "purchase" : "browse", day);
	log_write("e.csv", out.data);
	text_free(&out);
}

static void a_grid_hangs_on_its_last_cut(void **state)
{
	(void)state;
	write_january();
	made m = make(EVENTS, "\"task\": {\"horizon\": \"5d\", \"every\": \"7d\"}"); /* from 6 to 26 January */
	distinct_cuts(&m, "2018-01-12 2018-01-19 2018-01-26! ");
	made_free(&m);
}

static void a_grid_with_a_beginning_starts_there(void **state)
{
	(void)state;
	write_january();
	made m = make(EVENTS, "\"task\": {\"horizon\": \"5d\", \"every\": \"7d\", \"grid_from\": \"2018-01-08\"}");
	distinct_cuts(&m, "2018-01-08 2018-01-15 2018-01-22! ");
	made_free(&m);
	m = make(EVENTS, "\"task\": {\"horizon\": \"5d\", \"every\": \"7d\", \"grid_from\": \"2018-01-08\", \"grid_to\": \"2018-01-15\"}");
	distinct_cuts(&m, "2018-01-08 2018-01-15! ");
	made_free(&m);
	assert_no_samples(EVENTS, "\"task\": {\"horizon\": \"20d\"}", "leaves no room for task.horizon 20d");
}

static void rows_with_a_label_column_are_samples_as_they_stand(void **state)
{
	(void)state;
	write_shop();
	log_write("s.csv", "user,label,time\na,yes,2018-01-11\nc,no,2018-01-10\nnobody,no,2018-01-10\n");
	made m = make(EVENTS ", \"samples\": [{\"path\": \"s.csv\"}]", "\"task\": {\"kind\": \"column\"}");
	assert_int_equal(m.all->classes, 2);
	assert_string_equal(m.all->class_name[0], "no"); /* sorted */
	assert_samples(&m, "a 2018-01-11 2 yes\nc 2018-01-10 1 no\nnobody 2018-01-10 0 no\n");
	assert_int_equal(m.all->item[1].row, 1);
	made_free(&m);
	assert_no_samples(EVENTS ", \"samples\": [{\"path\": \"s.csv\"}]", "\"task\": {\"kind\": \"column\", \"classes\": [\"yes\", \"maybe\"]}", "row 2: the label \"no\" is not one of task.classes");
}

static void rows_without_a_time_see_the_whole_history(void **state)
{
	(void)state;
	write_shop();
	log_write("s.csv", "user,label\na,yes\nc,no\n");
	made m = make(EVENTS ", \"samples\": [{\"path\": \"s.csv\"}]", "\"task\": {\"kind\": \"column\"}");
	assert_samples(&m, "a ever 2 yes\nc ever 2 no\n");
	made_free(&m);
}

static void rows_to_predict_need_no_label(void **state)
{
	(void)state;
	sr_error err = { 0 };
	write_shop();
	made m = make(EVENTS, "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-10\", \"2018-02-01\"]}");
	samples_free(m.all);
	char *names[] = { (char[]){ "no" }, (char[]){ "yes" } };
	m.all = samples_make(m.c, m.s, &(strings){ names, 2 }, false, &err); /* of the last cut alone, though its horizon is not over */
	assert_samples(&m, "a 2018-02-01 2 ?\nb 2018-02-01 2 ?\nc 2018-02-01 2 ?\nd 2018-02-01 1 ?\n");
	assert_string_equal(m.all->class_name[1], "yes");
	made_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(the_horizon_begins_at_the_cut_and_ends_before_its_end),
		LOADER_TEST(pairs_are_the_items_of_the_history),
		LOADER_TEST(a_pair_stands_once_and_events_without_an_item_make_none),
		LOADER_TEST(a_user_without_history_is_a_sample_when_asked_for),
		LOADER_TEST(eligibility_counts_events_within_its_window),
		LOADER_TEST(a_cut_whose_horizon_ends_after_the_log_is_left_out),
		LOADER_TEST(one_day_of_grace_covers_logs_by_the_day),
		LOADER_TEST(samples_of_one_class_are_an_error),
		LOADER_TEST(an_event_type_that_is_not_there_is_an_error_that_lists_what_is),
		LOADER_TEST(a_grid_hangs_on_its_last_cut),
		LOADER_TEST(a_grid_with_a_beginning_starts_there),
		LOADER_TEST(rows_with_a_label_column_are_samples_as_they_stand),
		LOADER_TEST(rows_without_a_time_see_the_whole_history),
		LOADER_TEST(rows_to_predict_need_no_label),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
