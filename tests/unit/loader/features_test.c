/* Inputs are fitted on training rows alone, and mean the same on every later store. */
#include "made.h"

#include "loader/feature.h"

#include <math.h>

/* Every kind of input: item, type, position, times, query, event, item and user fields, aggregates. */
#define FULL                                                                                                                                                               \
	EVENTS ", \"users\": [{\"path\": \"u.csv\"}], \"items\": [{\"path\": \"i.csv\"}], \"min_count\": 1, \"query_buckets\": 64, \"fields\": ["                             \
	"{\"name\": \"age\", \"on\": \"user\", \"kind\": \"number\"}, {\"name\": \"city\", \"on\": \"user\"}, {\"name\": \"brand\", \"on\": \"item\"},"                     \
	"{\"name\": \"cost\", \"on\": \"item\", \"kind\": \"number\", \"transform\": \"buckets\", \"buckets\": 4}, {\"name\": \"tags\", \"on\": \"item\", \"kind\": \"categories\"},"  \
	"{\"name\": \"amount\", \"kind\": \"number\", \"transform\": \"log1p\"}, {\"name\": \"title\", \"on\": \"item\", \"kind\": \"text\", \"buckets\": 32}]"
#define TASK "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-10\"], \"aggregates\": true}, \"model\": {\"window\": 4}"

static void write_shop(void)
{
	log_write("e.csv", "user,item,type,time,query,amount\n"
		"a,x,browse,2018-01-05T00:00:00Z,,1\na,,search,2018-01-06T00:00:00Z,Red shoes,\na,y,browse,2018-01-06T01:00:00Z,,3\na,x,purchase,2018-01-11T00:00:00Z,,100\n"
		"b,y,browse,2018-01-04T00:00:00Z,,2\nb,z,browse,2018-01-05T00:00:00Z,,7\nb,w,browse,2018-01-06T00:00:00Z,,\nb,x,browse,2018-01-07T00:00:00Z,,2\nb,y,browse,2018-01-08T00:00:00Z,,2\n"
		"c,v,browse,2018-01-08T00:00:00Z,,5000\nc,x,purchase,2018-01-16T00:00:00Z,,1\n");
	log_write("u.csv", "user,age,city\na,20,rome\nb,40,oslo\nc,900,cairo\n");
	log_write("i.csv", "item,brand,cost,tags,title\nx,acme,1,red big,red shoe\ny,acme,2,red,blue shoe\nz,nice,3,,hat\nv,other,9,green,green hat\nw,,,,\n");
}

/* Fitted on the first two samples (users a and b); c is a test row. */
static features *fit(const made *m)
{
	sr_error err = { 0 };
	features *f = features_fit(m->c, m->s, m->all, (uint32_t[]){ 0, 1 }, 2, &err);
	if (!f)
		print_error("%s\n", err.text);
	assert_non_null(f);
	return f;
}

static const feature *find(const features *f, const char *name)
{
	for (size_t i = 0; i < f->event_count + f->sample_count; i++) {
		const feature *one = i < f->event_count ? &f->event[i] : &f->sample[i - f->event_count];
		if (strcmp(one->name, name) == 0)
			return one;
	}
	fail_msg("there is no input \"%s\"", name);
	return NULL;
}

static uint32_t model_code(const features *f, const char *name, const vocabulary *values, const char *value)
{
	uint32_t code = vocabulary_find(values, value, strlen(value));
	assert_int_not_equal(code, 0);
	return f->vocabulary[find(f, name)->vocabulary].map[code];
}

static bool has(const features *f, const char *part)
{
	bool found = false;
	for (size_t i = 0; i < f->event_count + f->sample_count; i++)
		found = found || strncmp(i < f->event_count ? f->event[i].name : f->sample[i - f->event_count].name, part, strlen(part)) == 0;
	return found;
}

static void each_kind_of_side_information_can_be_switched_off_alone(void **state)
{
	(void)state;
	static const struct { const char *key, *input; } switches[] = { { "use_type", "type" }, { "use_gap", "gap" }, { "use_query", "query" }, { "use_fields", "amount" },
		{ "use_item_fields", "item " }, { "use_user_fields", "user " }, { "use_position", "position" } };
	write_shop();
	for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
		char *task = text_format("\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-10\"]}, \"model\": {\"window\": 4, \"%s\": false}", switches[i].key);
		made m = make(FULL, task);
		features *f = fit(&m);
		for (size_t k = 0; k < sizeof switches / sizeof *switches; k++)
			assert_int_equal(has(f, switches[k].input), k != i);
		free(task);
		features_free(f);
		made_free(&m);
	}
}

static void a_value_seen_only_in_the_test_part_is_unknown(void **state)
{
	(void)state;
	write_shop();
	made m = make(FULL, TASK);
	features *f = fit(&m);
	assert_int_equal(model_code(f, "item", m.s->item_ids, "v"), CODE_UNKNOWN);
	assert_true(model_code(f, "item", m.s->item_ids, "x") >= CODE_FIRST);
	assert_int_equal(model_code(f, "user city", store_find_field(m.s, LEVEL_USER, "city")->values, "cairo"), CODE_UNKNOWN);
	assert_true(model_code(f, "user city", store_find_field(m.s, LEVEL_USER, "city")->values, "rome") >= CODE_FIRST);
	assert_int_equal(model_code(f, "item brand", store_find_field(m.s, LEVEL_ITEM, "brand")->values, "other"), CODE_UNKNOWN);
	assert_int_equal(model_code(f, "type", m.s->types, "purchase"), CODE_UNKNOWN); /* after every training cut */
	features_free(f);
	made_free(&m);
}

static void scales_are_those_of_the_training_rows(void **state)
{
	(void)state;
	write_shop();
	made m = make(FULL, TASK);
	features *f = fit(&m);
	assert_true(find(f, "user age")->mean == 30 && find(f, "user age")->deviation == 10); /* not of 900 */
	const float amounts[] = { 1, 3, 2, 7, 2, 2 };                                           /* before the cut; of a and b */
	double mean = 0;
	for (size_t i = 0; i < 6; i++)
		mean += log1p((double)amounts[i]) / 6;
	assert_true(fabs(find(f, "amount")->mean - mean) < 1e-6);
	assert_true(find(f, "amount")->flag); /* the search has none */
	features_free(f);
	made_free(&m);
}

static void values_seen_less_often_than_min_count_are_unknown(void **state)
{
	(void)state;
	write_shop();
	made m = make(FULL, TASK);
	m.c->data.min_count = 2;
	features *f = fit(&m);
	static const struct { const char *item; bool known; } seen[] = { { "x", true }, { "y", true }, { "z", false }, { "w", false }, { "v", false } };
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(model_code(f, "item", m.s->item_ids, seen[i].item) >= CODE_FIRST, seen[i].known);
	assert_int_equal(find(f, "item")->rows, 2 + CODE_FIRST);
	features_free(f);
	made_free(&m);
}

static void the_unknown_share_is_of_events_with_an_item(void **state)
{
	(void)state;
	write_shop();
	made m = make(FULL, TASK);
	features *f = fit(&m);
	assert_true(features_unknown_share(f, m.all, (uint32_t[]){ 2 }, 1) == 1);
	assert_true(features_unknown_share(f, m.all, (uint32_t[]){ 0, 1 }, 2) == 0);
	assert_true(fabs(features_unknown_share(f, m.all, (uint32_t[]){ 1, 2 }, 2) - 1.0 / 3) < 1e-12);
	features_free(f);
	made_free(&m);
}

static void assert_same_codes(const pack_codes *a, const pack_codes *b, size_t rows)
{
	assert_int_equal(a->count, b->count);
	if (a->count)
		assert_memory_equal(a->code, b->code, a->count * sizeof *a->code);
	assert_int_equal(a->start != NULL, b->start != NULL);
	if (a->start)
		assert_memory_equal(a->start, b->start, (rows + 1) * sizeof *a->start);
}

static void assert_same_packs(const features *f, const features *g, const samples *all, size_t count)
{
	sr_error err = { 0 };
	pack p = { 0 }, q = { 0 };
	uint32_t order[64];
	const pack_options none = { 0 };
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	assert_true(pack_fill(&p, f, all, order, count, &none, &err) && pack_fill(&q, g, all, order, count, &none, &err));
	assert_int_equal(p.events, q.events);
	for (size_t i = 0; i < f->event_count; i++)
		assert_same_codes(&p.event[i], &q.event[i], p.events);
	for (size_t i = 0; i < f->sample_count; i++)
		assert_same_codes(&p.sample[i], &q.sample[i], count);
	assert_memory_equal(p.event_number, q.event_number, (size_t)p.events * f->shape.event_columns * sizeof(float));
	assert_memory_equal(p.sample_number, q.sample_number, count * f->shape.sample_columns * sizeof(float));
	pack_free(&p, f);
	pack_free(&q, g);
}

static void what_was_saved_and_loaded_gives_the_same_packs(void **state)
{
	(void)state;
	sr_error err = { 0 };
	write_shop();
	made m = make(FULL, TASK);
	features *f = fit(&m);
	char *model = path_join(folder, "model");
	assert_true(folder_make(model, &err) && features_save(f, model, &err));
	features *g = features_load(model, &err);
	if (!g)
		print_error("%s\n", err.text);
	assert_non_null(g);
	assert_true(features_bind(g, m.s, m.all, &err));
	assert_int_equal(features_shape(g)->event_count, features_shape(f)->event_count);
	assert_int_equal(features_window(g), 4);
	for (size_t i = 0; i < f->event_count; i++) {
		assert_string_equal(f->shape.event[i].name, g->shape.event[i].name);
		assert_int_equal(f->shape.event[i].rows, g->shape.event[i].rows);
	}
	assert_same_packs(f, g, m.all, 3);
	features_free(g);
	features_free(f);
	free(model);
	made_free(&m);
}

static void values_of_any_bytes_survive_the_file(void **state)
{
	(void)state;
	sr_error err = { 0 };
	log_write("e.csv", "user,item,type,time\na,\"t\tn\\x\",browse,2018-01-05\na,\xE9\x9E\x8B,browse,2018-01-06\na,\"q\"\"q\",purchase,2018-01-11\nb,\"q\"\"q\",browse,2018-01-05\nb,z,browse,2018-01-17\n");
	made m = make(EVENTS ", \"min_count\": 1", TASK);
	features *f = fit(&m);
	assert_true(features_save(f, folder, &err));
	features *g = features_load(folder, &err);
	assert_true(g && features_bind(g, m.s, m.all, &err));
	assert_same_packs(f, g, m.all, 2);
	assert_true(model_code(g, "item", m.s->item_ids, "t\tn\\x") >= CODE_FIRST);
	features_free(g);
	features_free(f);
	made_free(&m);
}

/* Binds a model of the full shop to other logs. */
static void assert_unbound(const char *data, const char *part)
{
	sr_error err = { 0 };
	write_shop();
	made m = make(FULL, TASK);
	features *f = fit(&m);
	assert_true(features_save(f, folder, &err));
	features_free(f);
	made_free(&m);
	m = make(data, TASK);
	f = features_load(folder, &err);
	assert_non_null(f);
	assert_false(features_bind(f, m.s, m.all, &err));
	assert_int_equal(err.code, SR_DATA);
	if (!strstr(err.text, part))
		fail_msg("%s", err.text);
	features_free(f);
	made_free(&m);
}

static void logs_without_a_field_of_the_model_are_refused(void **state)
{
	(void)state;
	assert_unbound(EVENTS ", \"users\": [{\"path\": \"u.csv\"}], \"fields\": [{\"name\": \"age\", \"on\": \"user\", \"kind\": \"number\"}]", "which these logs do not have");
}

static void a_field_of_another_kind_is_refused(void **state)
{
	(void)state;
	assert_unbound(EVENTS ", \"items\": [{\"path\": \"i.csv\"}], \"users\": [{\"path\": \"u.csv\"}], \"fields\": [{\"name\": \"amount\"}]", "\"amount\"");
}

static void a_damaged_model_is_refused(void **state)
{
	(void)state;
	write_shop();
	made m = make(FULL, TASK);
	features *f = fit(&m);
	sr_error err = { 0 };
	assert_true(features_save(f, folder, &err));
	log_write("vocab/0.tsv", "one\n");
	assert_null(features_load(folder, &err));
	assert_int_equal(err.code, SR_MODEL);
	static const char *const broken[] = { "{}", "[]", "{\"format\": 1}", "{\"format\": 99}", "{\"format\": 1, \"window\": 4, \"classes\": 2, \"history\": 0, \"vocabularies\": [], \"event\": [{}], \"sample\": []}" };
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		sr_error found = { 0 };
		log_write("transforms.json", broken[i]);
		assert_null(features_load(folder, &found));
		assert_int_equal(found.code, SR_MODEL);
	}
	features_free(f);
	features_free(NULL);
	made_free(&m);
}

static void a_model_needs_an_input(void **state)
{
	(void)state;
	sr_error err = { 0 };
	write_shop();
	made m = make(EVENTS, "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-10\"], \"aggregates\": false}, \"model\": {\"encoder\": \"none\"}");
	assert_null(features_fit(m.c, m.s, m.all, (uint32_t[]){ 0, 1 }, 2, &err));
	assert_int_equal(err.code, SR_CONFIG);
	assert_non_null(strstr(err.text, "has no input"));
	made_free(&m);
}

static void the_floors_table_has_numbers_and_small_categories(void **state)
{
	(void)state;
	write_shop();
	made m = make(FULL, TASK);
	features *f = fit(&m);
	feature_table *t = features_table(f, m.all, (uint32_t[]){ 0, 1, 2 }, 3);
	assert_int_equal(t->rows, 3);
	assert_int_equal(t->columns, features_shape(f)->sample_columns);
	assert_int_equal(t->categories, 1); /* the city */
	assert_int_equal(t->code_rows[0], 2 + CODE_FIRST);
	assert_true(t->code[0] >= CODE_FIRST && t->code[0] != t->code[1] && t->code[2] == CODE_UNKNOWN);
	feature_table_free(t);
	feature_table_free(NULL);
	features_free(f);
	made_free(&m);
}

static void times_fall_into_logarithmic_buckets(void **state)
{
	(void)state;
	assert_int_equal(log_bucket(0), 1);
	assert_int_equal(log_bucket(-5), 1);
	assert_int_equal(log_bucket(INT64_C(180000000)), 2);  /* 3 minutes: 1 + log2(4) / 2 */
	assert_int_equal(log_bucket(INT64_C(900000000)), 3);  /* 15 minutes */
	assert_int_equal(log_bucket(INT64_MAX), AGE_BUCKETS - 1);
}

/* A user of several cuts: what is known is the history of the latest training cut, in whatever order the samples come. */
static void events_up_to_the_latest_training_cut_are_known(void **state)
{
	(void)state;
	sr_error err = { 0 };
	log_write("e.csv", "user,item,type,time\na,x,browse,2018-01-05\na,y,browse,2018-01-08\na,x,purchase,2018-01-11\na,z,browse,2018-01-12\nb,x,browse,2018-01-05\nb,x,browse,2018-01-19\n");
	made m = make(EVENTS ", \"min_count\": 1", "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-07\", \"2018-01-10\"]}");
	assert_int_equal(m.all->count, 4);
	static const uint32_t orders[2][4] = { { 0, 1, 2, 3 }, { 3, 2, 1, 0 } };
	for (size_t i = 0; i < 2; i++) {
		features *f = features_fit(m.c, m.s, m.all, orders[i], 4, &err);
		assert_true(model_code(f, "item", m.s->item_ids, "y") >= CODE_FIRST);
		assert_int_equal(model_code(f, "item", m.s->item_ids, "z"), CODE_UNKNOWN);
		features_free(f);
	}
	made_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(each_kind_of_side_information_can_be_switched_off_alone),
		LOADER_TEST(a_value_seen_only_in_the_test_part_is_unknown),
		LOADER_TEST(scales_are_those_of_the_training_rows),
		LOADER_TEST(values_seen_less_often_than_min_count_are_unknown),
		LOADER_TEST(the_unknown_share_is_of_events_with_an_item),
		LOADER_TEST(what_was_saved_and_loaded_gives_the_same_packs),
		LOADER_TEST(values_of_any_bytes_survive_the_file),
		LOADER_TEST(logs_without_a_field_of_the_model_are_refused),
		LOADER_TEST(a_field_of_another_kind_is_refused),
		LOADER_TEST(a_damaged_model_is_refused),
		LOADER_TEST(a_model_needs_an_input),
		LOADER_TEST(the_floors_table_has_numbers_and_small_categories),
		LOADER_TEST(times_fall_into_logarithmic_buckets),
		LOADER_TEST(events_up_to_the_latest_training_cut_are_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
