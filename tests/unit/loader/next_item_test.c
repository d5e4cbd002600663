/* Targets of every split, and the windows that training sees them in. */
#include "made.h"

#include "seqrec/features.h"

#define NEXT(more) "\"task\": {\"kind\": \"next_item\"}" more

/* "a train x,y": the targets of each sample, in order. */
static void assert_targets(const made *m, const char *expected)
{
	static const char *const parts[] = { "none", "train", "validation", "test" };
	text out = { 0 };
	text_add(&out, "");
	for (size_t i = 0; i < m->all->count; i++) {
		const sample *one = &m->all->item[i];
		text_addf(&out, "%s %s ", value_of(m->s->user_ids, one->user), parts[one->part]);
		size_t count = 0;
		for (uint64_t e = one->targets; e <= one->end; e++)
			if (m->s->item[e] && m->all->target_type[m->s->type[e]])
				text_addf(&out, "%s%s", count++ ? "," : "", value_of(m->s->item_ids, m->s->item[e]));
		text_add(&out, "\n");
		assert_int_equal(sample_targets(m->all, one, m->s), count);
		assert_false(sample_leaks(m->all, one, m->s));
	}
	assert_string_equal(out.data, expected);
	text_free(&out);
}

static void the_last_target_tests_and_the_one_before_validates(void **state)
{
	(void)state;
	log_write("e.csv", "user,item,time\na,p,1600000000\na,q,1600000001\na,r,1600000002\na,s,1600000003\nb,p,1600000000\nb,q,1600000001\nc,q,1600000000\n");
	made m = make(EVENTS, NEXT(""));
	assert_targets(&m, "a train q\na validation r\na test s\nb train q\n"); /* one target is for training alone */
	assert_int_equal(m.all->item[2].end - m.all->item[2].first, 3);        /* the test sees the validation event */
	made_free(&m);
}

static void equal_times_keep_the_order_of_the_source(void **state)
{
	(void)state;
	log_write("e.csv", "user,item,time\na,p,1600000000\na,r,1600000001\na,q,1600000001\na,s,1600000001\n");
	made m = make(EVENTS, NEXT(""));
	assert_targets(&m, "a train r\na validation q\na test s\n");
	made_free(&m);
}

static void a_time_split_cuts_all_users_at_one_instant(void **state)
{
	(void)state;
	log_write("e.csv", "user,item,time\na,p,2020-01-01\na,q,2020-01-02\na,r,2020-01-05\na,s,2020-01-08\na,t,2020-01-09\nb,p,2020-01-07\nb,q,2020-01-08\n");
	made m = make(EVENTS, NEXT(", \"split\": {\"kind\": \"time\", \"validation\": \"2020-01-04\", \"test\": \"2020-01-08\"}"));
	assert_targets(&m, "a train q\na validation r\na test s\na test t\nb test q\n");
	made_free(&m);
}

static void a_session_goes_by_its_first_event(void **state)
{
	(void)state;
	log_write("e.csv", "user,item,session,time\na,p,1,2020-01-01\na,q,1,2020-01-09\na,r,2,2020-01-10\nb,p,3,2020-01-05\nb,q,3,2020-01-06\nc,p,4,2020-01-09\nc,q,4,2020-01-09\n");
	const char *rest = NEXT(", \"split\": {\"kind\": \"session\", \"validation\": \"2020-01-04\", \"test\": \"2020-01-08\"}");
	made m = make(EVENTS, rest);
	assert_targets(&m, "a train q\na test r\nb validation q\nc test q\n");
	made_free(&m);
	log_write("e.csv", "user,item,time\na,x,1600000000\na,y,1600000001\na,x,1600000002\n");
	assert_no_samples(EVENTS, rest, "no session column");
}

static void a_user_split_keeps_users_whole(void **state)
{
	(void)state;
	text out = { 0 };
	text_add(&out, "user,item,time\n");
	for (int u = 0; u < 60; u++)
		for (int e = 0; e < 4; e++)
			text_addf(&out, "u%d,i%d,%d\n", u, e, 1600000000 + e);
	log_write("e.csv", out.data);
	text_free(&out);
	made m = make(EVENTS, NEXT(", \"split\": {\"kind\": \"user\", \"validation_share\": 0.2, \"test_share\": 0.2}"));
	size_t seen[4] = { 0 };
	for (size_t i = 0; i < m.all->count; i++) {
		const sample *one = &m.all->item[i];
		seen[one->part]++;
		assert_int_equal(sample_targets(m.all, one, m.s), one->part == PART_TRAIN ? 3 : 1);
		if (i && m.all->item[i - 1].user == one->user)
			assert_int_equal(m.all->item[i - 1].part, one->part);
	}
	assert_true(seen[PART_TRAIN] > 20 && seen[PART_VALIDATION] > 6 && seen[PART_TEST] > 6);
	made_free(&m);
}

static void logs_can_be_given_apart(void **state)
{
	(void)state;
	log_write("train.txt", "t1 p q r\nt2 q r\n");
	log_write("test.txt", "s1 p q r\ns2 q p\n");
	made m = make("\"events\": [{\"path\": \"train.txt\", \"format\": \"lists\", \"columns\": {\"user\": \"user\"}, \"type\": \"train\", \"time_format\": \"order\"},"
	              " {\"path\": \"test.txt\", \"format\": \"lists\", \"columns\": {\"user\": \"user\"}, \"type\": \"test\", \"time_format\": \"order\"}]",
	              NEXT(", \"split\": {\"kind\": \"given\", \"validation_share\": 0}"));
	size_t train = 0, test = 0;
	for (size_t i = 0; i < m.all->count; i++) {
		const sample *one = &m.all->item[i];
		const char *user = value_of(m.s->user_ids, one->user);
		train += one->part == PART_TRAIN ? sample_targets(m.all, one, m.s) : 0;
		test += one->part == PART_TEST;
		assert_int_equal(one->part, user[0] == 't' ? PART_TRAIN : PART_TEST);
		if (one->part == PART_TEST) /* the last alone */
			assert_int_equal(one->end + 1, m.s->user_start[one->user]);
	}
	assert_int_equal(train, 3);
	assert_int_equal(test, 2);
	made_free(&m);
}

static void only_events_of_the_asked_types_are_targets(void **state)
{
	(void)state;
	log_write("e.csv", "user,item,type,time\na,p,browse,1600000000\na,q,buy,1600000001\na,r,browse,1600000002\na,s,buy,1600000003\na,,buy,1600000004\na,t,buy,1600000005\na,u,browse,1600000006\n");
	made m = make(EVENTS, "\"task\": {\"kind\": \"next_item\", \"events\": [\"buy\"]}");
	assert_targets(&m, "a train q\na validation s\na test t\n");
	made_free(&m);
	assert_no_samples(EVENTS, "\"task\": {\"kind\": \"next_item\", \"events\": [\"bye\"]}", "there are: buy, browse");
	log_write("e.csv", "user,item,time\na,p,1600000000\n");
	assert_no_samples(EVENTS, NEXT(""), "no next item to learn");
}

/* Histories shorter than, as long as, and longer than windows of every size. */
static void windows_hold_each_target_once(void **state)
{
	(void)state;
	text out = { 0 };
	text_add(&out, "user,item,time\n");
	for (int u = 3; u < 40; u++)
		for (int e = 0; e < u; e++)
			text_addf(&out, "u%d,i%d,%d\n", u, e, 1600000000 + e);
	log_write("e.csv", out.data);
	text_free(&out);
	for (uint32_t window = 1; window < 12; window++) {
		char rest[128];
		snprintf(rest, sizeof rest, NEXT(", \"model\": {\"window\": %u}"), window);
		made m = make(EVENTS, rest);
		unsigned char *seen = xcalloc(m.s->events, 1);
		size_t targets = 0;
		for (size_t i = 0; i < m.all->count; i++) {
			const sample *one = &m.all->item[i];
			for (uint64_t e = one->targets; one->part == PART_TRAIN && e <= one->end; e++, targets++) {
				assert_false(seen[e]++);
				assert_true(e >= m.s->user_start[one->user - 1] + 1 && e + window > one->end); /* the event before it is in the window */
				assert_true(e + 2 < m.s->user_start[one->user]);                              /* neither validation nor test */
			}
		}
		assert_int_equal(targets, m.s->events - 3 * (size_t)m.s->users);
		free(seen);
		made_free(&m);
	}
}

static void a_pack_tells_what_follows_each_event(void **state)
{
	(void)state;
	log_write("e.csv", "user,item,time\na,p,1600000000\na,q,1600000001\na,r,1600000002\na,s,1600000003\na,z,1600000004\n");
	made m = make(EVENTS, NEXT(", \"model\": {\"window\": 8}"));
	sr_error err = { 0 };
	size_t count;
	uint32_t *train = samples_select(m.all, m.c, 0, PART_TRAIN, &count), every[] = { 0, 1, 2 };
	features *f = features_fit(m.c, m.s, m.all, train, count, &err);
	assert_non_null(f);
	pack p = { 0 };
	assert_true(pack_fill(&p, f, m.all, every, 3, &(pack_options){ 0 }, &err));
	const char *const told[] = { "q", "r", "", "" };
	const uint32_t after[] = { 0, 1, 2 + 2, 2 + 3 + 3 };
	assert_int_equal(p.targets, 4);
	for (uint32_t i = 0; i < p.targets; i++) {
		assert_int_equal(p.target_event[i], after[i]);
		if (told[i][0])
			assert_string_equal(features_item_id(f, p.target[i]), told[i]);
		else
			assert_int_equal(p.target[i], 1); /* s and z: training never saw them */
	}
	assert_true(pack_fill(&p, f, m.all, every, 3, &(pack_options){ .training = true }, &err));
	assert_int_equal(p.targets, 2);
	const input_shape *shape = features_shape(f);
	assert_true(shape->next_item);
	assert_int_equal(shape->event[shape->item].rows, 2 + 3); /* p, q, and r, which is a target alone */
	for (size_t i = 0; i < shape->event_count; i++)
		assert_true(strcmp(shape->event[i].name, "age") != 0); /* would tell when the last of many targets comes */
	pack_free(&p, f);
	features_free(f);
	free(train);
	made_free(&m);
}

/* Weights of all targets of a pack of the training samples, in order. */
static void assert_weights(const char *task, const float *expected, size_t targets)
{
	sr_error err = { 0 };
	made m = make(EVENTS, task);
	size_t count;
	uint32_t *train = samples_select(m.all, m.c, 0, PART_TRAIN, &count);
	features *f = features_fit(m.c, m.s, m.all, train, count, &err);
	pack p = { 0 };
	double sum = 0, wanted = 0;
	assert_true(pack_fill(&p, f, m.all, train, count, &(pack_options){ .training = true }, &err));
	assert_int_equal(p.targets, targets);
	for (uint32_t i = 0; i < p.targets; i++) {
		assert_true(p.target_weight[i] == expected[i]);
		wanted += (double)expected[i];
	}
	for (size_t i = 0; i < count; i++)
		sum += features_target_weight(f, m.all, &m.all->item[train[i]]);
	assert_true(sum == wanted);
	pack_free(&p, f);
	features_free(f);
	free(train);
	made_free(&m);
}

static void targets_weigh_by_type_and_age(void **state)
{
	(void)state;
	log_write("e.csv", "user,item,type,time\na,p,view,2020-01-01\na,q,view,2020-01-02\na,r,buy,2020-01-04\na,s,view,2020-01-06\na,t,buy,2020-01-08\na,u,buy,2020-01-09\n");
	assert_weights(NEXT(""), (const float[]){ 1, 1, 1 }, 3); /* t validates, u tests */
	assert_weights("\"task\": {\"kind\": \"next_item\", \"target_weights\": {\"buy\": 3}}", (const float[]){ 1, 3, 1 }, 3);
	assert_weights("\"task\": {\"kind\": \"next_item\", \"target_weights\": {\"buy\": \"3\", \"view\": 0.5}, \"target_half_life\": \"2d\"}", (const float[]){ 0.125F, 1.5F, 0.5F }, 3);
}

static void a_weight_that_is_no_number_is_refused_and_an_unknown_type_is_said(void **state)
{
	(void)state;
	sr_error err = { 0 };
	log_write("e.csv", "user,item,type,time\na,p,view,2020-01-01\na,q,view,2020-01-02\n");
	made m = make_try(EVENTS, "\"task\": {\"kind\": \"next_item\", \"target_weights\": {\"view\": \"much\"}}", &err);
	assert_null(m.all);
	assert_int_equal(err.code, SR_CONFIG);
	made_free(&m);
	m = make(EVENTS, "\"task\": {\"kind\": \"next_item\", \"target_weights\": {\"by\": 3}}");
	assert_non_null(strstr(said, "no event of type \"by\""));
	made_free(&m);
}

static void without_labels_every_user_is_one_sample(void **state)
{
	(void)state;
	log_write("e.csv", "user,item,time\na,p,1600000000\na,q,1600000001\nb,p,1600000000\n");
	made m = { .c = made_config(EVENTS, NEXT("")) };
	sr_error err = { 0 };
	char path[256];
	snprintf(path, sizeof path, "%s/store", folder);
	assert_true(store_build(m.c, path, 1, &err));
	m.s = store_open(path, true, &err);
	m.all = samples_make(m.c, m.s, NULL, false, &err);
	assert_non_null(m.all);
	assert_samples(&m, "a ever 2 ?\nb ever 1 ?\n");
	made_free(&m);
}

static void what_would_see_the_future_is_refused(void **state)
{
	(void)state;
	sr_error err = { 0 };
	log_write("e.csv", "user,item,time\na,p,1600000000\na,q,1600000001\na,r,1600000002\n");
	made m = make_try(EVENTS, NEXT(", \"split\": {\"kind\": \"random\"}"), &err);
	assert_null(m.all);
	assert_int_equal(err.code, SR_CONFIG);
	made_free(&m);
	m = make(EVENTS, NEXT(""));
	sample bad = m.all->item[0];
	bad.targets = bad.end + 1;
	assert_true(sample_leaks(m.all, &bad, m.s));
	made_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(the_last_target_tests_and_the_one_before_validates),
		LOADER_TEST(equal_times_keep_the_order_of_the_source),
		LOADER_TEST(a_time_split_cuts_all_users_at_one_instant),
		LOADER_TEST(a_session_goes_by_its_first_event),
		LOADER_TEST(a_user_split_keeps_users_whole),
		LOADER_TEST(logs_can_be_given_apart),
		LOADER_TEST(only_events_of_the_asked_types_are_targets),
		LOADER_TEST(windows_hold_each_target_once),
		LOADER_TEST(a_pack_tells_what_follows_each_event),
		LOADER_TEST(targets_weigh_by_type_and_age),
		LOADER_TEST(a_weight_that_is_no_number_is_refused_and_an_unknown_type_is_said),
		LOADER_TEST(without_labels_every_user_is_one_sample),
		LOADER_TEST(what_would_see_the_future_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
