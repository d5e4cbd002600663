/* What a run directory says about itself. */
#include "unit/trainer/runs.h"

#include "trainer/run.h"

static const published sample_model = { .classes = { (char *[]){ (char[]){ "ignore" }, (char[]){ "buy \"now\"" } }, 2 }, .threshold = 0.1 + 0.2, .threshold_rule = (char[]){ "best F1 on validation" }, .folds = 5 };

static int model_set_up(void **state)
{
	return scratch_set_up(state) || !folder_make(in_scratch("model"), NULL);
}

static void what_was_published_is_read_back(void **state)
{
	(void)state;
	sr_error err = { 0 };
	published p;
	assert_true(published_save(&sample_model, scratch, &err) && published_load(&p, scratch, &err));
	assert_fine(&err);
	assert_int_equal(p.classes.count, 2);
	assert_string_equal(p.classes.item[1], "buy \"now\"");
	assert_true(p.threshold == 0.1 + 0.2);
	assert_string_equal(p.threshold_rule, "best F1 on validation");
	assert_int_equal(p.folds, 5);
	published_free(&p);
}

static void no_model_a_damaged_one_and_a_newer_one_are_told_apart(void **state)
{
	(void)state;
	static const struct { const char *content, *says; } cases[] = { { NULL, "there is no trained model" }, { "{", "model.json:1" }, { "{}", "is damaged" },
		{ "{\"format\":1,\"folds\":0,\"threshold\":0.5,\"threshold_rule\":\"\",\"classes\":[\"one\"]}", "is damaged" }, { "{\"format\":3}", "newer seqrec (format 3" } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		sr_error err = { 0 };
		published p;
		if (cases[i].content)
			file_write(in_scratch("model/model.json"), cases[i].content, strlen(cases[i].content), &err);
		assert_false(published_load(&p, scratch, &err));
		assert_says(&err, SR_MODEL, cases[i].says);
		assert_null(p.classes.item);
	}
}

static void a_runs_config_takes_data_and_cuts_of_another(void **state)
{
	(void)state;
	sr_error err = { 0 };
	static const char own[] = "{\"data\": {\"events\": [{\"path\": \"own.csv\"}]}, \"task\": {\"cuts\": [\"2018-01-01\"], \"horizon\": \"9d\"}, \"model\": {\"width\": 16}}";
	static const char other[] = "{\"data\": {\"events\": [{\"path\": \"other.csv\"}]}, \"task\": {\"cuts\": [\"2019-01-01\", \"2019-02-01\"], \"horizon\": \"1d\"}, \"model\": {\"width\": 64}}";
	file_write(in_scratch("config.json"), own, sizeof own - 1, &err);
	file_write(in_scratch("other.json"), other, sizeof other - 1, &err);
	char path[256];
	strcpy(path, in_scratch("other.json"));
	config *c = run_config(scratch, &(run_data){ .data = path, .sets = { (char *[]){ (char[]){ "run.threads=3" } }, 1 } }, &err);
	assert_fine(&err);
	assert_string_equal(c->data.events.item[0].path, in_scratch("other.csv"));
	assert_int_equal(c->task.cuts.count, 2);
	assert_string_equal(c->task.horizon, "9d"); /* the question stays the model's own */
	assert_int_equal(c->model.width, 16);
	assert_int_equal(c->run.threads, 3);
	config_free(c);
	assert_null(run_config(scratch, &(run_data){ .data = in_scratch("none.json") }, &err));
	assert_says(&err, SR_CONFIG, "none.json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_published_is_read_back, model_set_up, scratch_tear_down),
		cmocka_unit_test_setup_teardown(no_model_a_damaged_one_and_a_newer_one_are_told_apart, model_set_up, scratch_tear_down),
		SCRATCH_TEST(a_runs_config_takes_data_and_cuts_of_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
