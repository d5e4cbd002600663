/* task.kind both: what training rows tell of their histories, and what the others should tell. */
#include "made.h"

#include "seqrec/features.h"

#define BOTH(more) "\"task\": {\"kind\": \"both\", \"events\": \"buy\", \"horizon\": \"3d\", \"cuts\": [\"2018-01-04\", \"2018-01-07\", \"2018-01-10\", \"2018-01-13\"]}," \
	"\"split\": {\"validation\": \"2018-01-10\", \"test\": \"2018-01-13\"}" more

static void write_both(void)
{
	log_write("e.csv",
		"user,item,type,time\n"
		"a,p,view,2018-01-01\na,q,view,2018-01-02\na,,search,2018-01-03\n"
		"a,r,view,2018-01-05\n"
		"a,s,view,2018-01-07\na,t,buy,2018-01-09\n"
		"a,,search,2018-01-10\na,u,view,2018-01-11\n"
		"a,v,view,2018-01-14\na,w,view,2018-01-16\n"
		"b,p,view,2018-01-06\nb,q,view,2018-01-08\n");
}

/* What training rows tell of their history, and what comes after the cut of the others: "a train q". Weights and counts must agree. */
static void assert_both(const made *m, const char *expected)
{
	static const char *const parts[] = { "none", "train", "validation", "test" };
	sr_error err = { 0 };
	size_t count;
	uint32_t *train = samples_select(m->all, m->c, 0, PART_TRAIN, &count);
	features *f = features_fit(m->c, m->s, m->all, train, count, &err);
	pack p = { 0 };
	text out = { 0 };
	assert_non_null(f);
	for (uint32_t i = 0; i < m->all->count; i++) {
		const sample *one = &m->all->item[i];
		bool training = one->part == PART_TRAIN;
		uint32_t next = sample_next_item(m->all, one, m->s);
		assert_false(sample_leaks(m->all, one, m->s));
		assert_true(pack_fill(&p, f, m->all, &i, 1, &(pack_options){ .training = training }, &err));
		text_addf(&out, "%s %s %s ", value_of(m->s->user_ids, one->user), parts[one->part], m->all->class_name[one->label]);
		for (uint32_t k = 0; training && k < p.targets; k++)
			text_addf(&out, "%s%s", k ? "," : "", features_item_id(f, p.target[k]));
		if (!training && next)
			text_addf(&out, "%s", value_of(m->s->item_ids, next));
		if (!training)
			assert_true(p.targets == 1 && p.target_event[0] == p.events - 1);
		assert_int_equal(sample_targets(m->all, one, m->s), training ? p.targets : next != 0);
		assert_true(!training || features_target_weight(f, m->all, one) == (double)p.targets);
		text_add(&out, "\n");
	}
	assert_string_equal(out.data, expected);
	text_free(&out);
	pack_free(&p, f);
	features_free(f);
	free(train);
}

static made make_both(const char *rest)
{
	sr_error err = { 0 };
	made m = make(EVENTS, rest);
	assert_true(samples_split(m.all, m.c, m.s, &err));
	return m;
}

static void both_tell_each_event_of_the_training_histories_once_and_nothing_after_a_cut(void **state)
{
	(void)state;
	write_both();
	made m = make_both("\"model\": {\"window\": 9}, " BOTH(""));
	assert_both(&m, "a train ignore q\na train buy r\nb train ignore \na validation ignore u\nb validation ignore \na test ignore v\nb test ignore \n");
	size_t count, untold;
	free(samples_select_told(m.all, m.c, m.s, PART_TEST, &count, &untold));
	assert_true(count == 1 && untold == 1);
	made_free(&m);
}

static void both_tell_only_what_the_window_reaches_and_of_the_types_asked_for(void **state)
{
	(void)state;
	write_both();
	made m = make_both("\"model\": {\"window\": 2}, " BOTH(""));
	assert_both(&m, "a train ignore \na train buy r\nb train ignore \na validation ignore u\nb validation ignore \na test ignore v\nb test ignore \n"); /* q, search: p is out of sight */
	made_free(&m);
	log_write("e.csv", "user,item,type,time\na,p,view,2018-01-01\na,q,buy,2018-01-02\na,r,view,2018-01-03\na,s,view,2018-01-12\na,t,buy,2018-01-13\na,w,view,2018-01-16\nb,p,view,2018-01-01\n");
	m = make_both("\"task\": {\"kind\": \"both\", \"target_events\": \"buy\", \"events\": \"buy\", \"horizon\": \"3d\", \"cuts\": [\"2018-01-04\", \"2018-01-07\", \"2018-01-12\"]}, \"split\": {\"validation\": \"2018-01-07\", \"test\": \"2018-01-12\"}");
	assert_both(&m, "a train ignore q\nb train ignore \na validation ignore t\nb validation ignore \na test buy t\nb test ignore \n");
	made_free(&m);
}

static void both_fit_on_what_lies_before_the_training_cuts(void **state)
{
	(void)state;
	write_both();
	sr_error err = { 0 };
	made m = make_both("\"model\": {\"window\": 9}, " BOTH(""));
	size_t count;
	uint32_t *train = samples_select(m.all, m.c, 0, PART_TRAIN, &count);
	features *f = features_fit(m.c, m.s, m.all, train, count, &err);
	const input_shape *shape = features_shape(f);
	assert_true(shape->next_item && shape->classes == 2 && shape->sample_count > 0);
	assert_int_equal(shape->event[shape->item].rows, 2 + 3); /* p, q and r: s comes at the very cut */
	for (size_t i = 0; i < shape->event_count; i++)
		assert_true(strcmp(shape->event[i].name, "age") != 0 && strcmp(shape->event[i].name, "days") != 0);
	sample bad = m.all->item[0];
	bad.end += 1;
	bad.cut = m.s->time[bad.end - 1];
	assert_true(sample_leaks(m.all, &bad, m.s));
	features_free(f);
	free(train);
	made_free(&m);
}

/* In training the last event tells nothing and the one before it does; where samples are scored the last one tells. */
static void both_give_the_last_event_the_place_of_the_one_before(void **state)
{
	(void)state;
	static const struct {
		const char *rest;
		uint32_t place[4];
	} cases[] = { { "\"model\": {\"window\": 9}, " BOTH(""), { 2, 1, 0, 0 } }, { "\"model\": {\"window\": 4, \"position\": \"from_start\"}, " BOTH(""), { 0, 1, 2, 2 } } };
	write_both();
	for (size_t i = 0; i < 2; i++) {
		sr_error err = { 0 };
		made m = make_both(cases[i].rest);
		const uint32_t second = 1; /* a at the second cut: p, q, a search, r */
		features *f = features_fit(m.c, m.s, m.all, &second, 1, &err);
		pack p = { 0 };
		assert_true(pack_fill(&p, f, m.all, &second, 1, &(pack_options){ 0 }, &err));
		assert_int_equal(p.events, 4);
		for (size_t k = 0; k < features_shape(f)->event_count; k++)
			if (strcmp(features_shape(f)->event[k].name, "position") == 0)
				assert_memory_equal(p.event[k].code, cases[i].place, sizeof cases[i].place);
		pack_free(&p, f);
		features_free(f);
		made_free(&m);
	}
}

static void both_name_the_setting_of_an_unknown_target(void **state)
{
	(void)state;
	sr_error err = { 0 };
	write_both();
	made m = make_try(EVENTS, "\"task\": {\"kind\": \"both\", \"target_events\": \"sale\", \"events\": \"buy\", \"horizon\": \"3d\", \"cuts\": [\"2018-01-04\"]}", &err);
	assert_null(m.all);
	assert_non_null(strstr(err.text, "task.target_events: no event of type \"sale\""));
	made_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(both_tell_each_event_of_the_training_histories_once_and_nothing_after_a_cut),
		LOADER_TEST(both_tell_only_what_the_window_reaches_and_of_the_types_asked_for),
		LOADER_TEST(both_fit_on_what_lies_before_the_training_cuts),
		LOADER_TEST(both_give_the_last_event_the_place_of_the_one_before),
		LOADER_TEST(both_name_the_setting_of_an_unknown_target),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
