/* File, environment and --set: what overrides what, and how errors are told. */
#include "unit/config/configs.h"

static void an_unknown_key_names_the_nearest_one(void **state)
{
	(void)state;
	assert_config_refused("{\"data\": {\"events\": [{\"path\": \"a\"}]},\n\"train\": {\n\"learning_rte\": 1}}", NULL, "config.json:3: train.learning_rte is not a setting. Did you mean train.learning_rate?");
	assert_config_refused("{\"data\": {\"events\": [{\"pth\": \"a\"}]}}", NULL, "data.events[0].pth is not a setting. Did you mean path?");
	assert_config_refused("{\"data\": {\"events\": [{\"path\": \"a\"}]}, \"trian\": {}}", NULL, "trian is not a setting");
	assert_config_refused(SMALL, "model.hidden_size=3", "--set: model.hidden_size is not a setting");
}

static void all_errors_are_told_at_once_with_their_lines(void **state)
{
	(void)state;
	static const char content[] = "{\n\"data\": {\"events\": [{\"path\": \"a\"}]},\n\"train\": {\n\"epochs\": 0,\n\"batch\": \"many\"\n},\n\"model\": 3}";
	assert_config_refused(content, NULL, "config.json:4: train.epochs is 0; it takes a whole number from 1 to 1000000\n");
	assert_config_refused(content, NULL, "config.json:5: train.batch is \"many\"");
	assert_config_refused(content, NULL, "config.json:7: model must be an object");
	assert_config_refused(content, "train.keep=0", "--set: train.keep is 0");
}

static void a_syntax_error_names_its_line(void **state)
{
	(void)state;
	assert_config_refused("{\n\"data\": {\n\"events\" 3}}", NULL, "config.json:3");
	assert_config_refused("[]", NULL, "must be a JSON object");
}

static void comments_are_allowed(void **state)
{
	(void)state;
	sr_error err;
	config *c = config_try("{ // what a shop needs\n\"data\": {\"events\": [{\"path\": \"a\"}]} // the log\n}", NULL, 0, &err);
	assert_fine(&err);
	config_free(c);
}

static void set_overrides_the_environment_which_overrides_the_file(void **state)
{
	(void)state;
	sr_error err;
	static const char content[] = "{\"data\": {\"events\": [{\"path\": \"a\"}]}, \"train\": {\"epochs\": 3, \"batch\": 4, \"keep\": 5}}";
	const char *sets[] = { "train.keep=7" };
	setenv("SEQREC_TRAIN_BATCH", "6", 1);
	setenv("SEQREC_TRAIN_KEEP", "6", 1);
	config *c = config_try(content, sets, 1, &err);
	char *origins = c ? config_print_origins(c) : NULL;
	unsetenv("SEQREC_TRAIN_BATCH");
	unsetenv("SEQREC_TRAIN_KEEP");
	assert_fine(&err);
	assert_int_equal(c->train.epochs, 3);
	assert_int_equal(c->train.batch, 6);
	assert_int_equal(c->train.keep, 7);
	assert_non_null(strstr(origins, "file         train.epochs = 3\n"));
	assert_non_null(strstr(origins, "environment  train.batch = 6\n"));
	assert_non_null(strstr(origins, "--set        train.keep = 7\n"));
	assert_non_null(strstr(origins, "default      train.patience = "));
	free(origins);
	config_free(c);
}

static void an_error_in_the_environment_says_so(void **state)
{
	(void)state;
	setenv("SEQREC_TRAIN_BATCH", "none", 1);
	assert_config_refused(SMALL, NULL, "environment: train.batch is \"none\"");
	unsetenv("SEQREC_TRAIN_BATCH");
}

static void names_in_braces_come_from_the_environment(void **state)
{
	(void)state;
	sr_error err;
	setenv("SEQREC_TEST_LOGS", "/data/2018", 1);
	config *c = config_try("{\"data\": {\"events\": [{\"path\": \"${SEQREC_TEST_LOGS}/a-${SEQREC_TEST_LOGS}.csv\", \"time_format\": \"strptime:${\"}]}}", NULL, 0, &err);
	unsetenv("SEQREC_TEST_LOGS");
	assert_fine(&err);
	assert_string_equal(c->data.events.item[0].path, "/data/2018/a-/data/2018.csv");
	assert_string_equal(c->data.events.item[0].time_format, "strptime:${");
	config_free(c);
	assert_config_refused("{\"data\": {\"events\": [{\n\"path\": \"${SEQREC_TEST_LOGS}/a\"}]}}", NULL, "config.json:2: data.events[0].path: the environment variable SEQREC_TEST_LOGS is not set");
}

static void relative_paths_are_of_the_configs_folder(void **state)
{
	(void)state;
	sr_error err;
	const char *sets[] = { "run.dir=runs/a" };
	config *c = config_try("{\"data\": {\"events\": [{\"path\": \"../logs/a.csv\"}, {\"path\": \"/abs.csv\"}, {\"path\": \"-\"}], \"store\": \"s\"}}", sets, 1, &err);
	assert_fine(&err);
	assert_string_equal(c->data.events.item[0].path, "/logs/a.csv");
	assert_string_equal(c->data.events.item[1].path, "/abs.csv");
	assert_string_equal(c->data.events.item[2].path, "-");
	assert_string_equal(c->data.store, "/base/s");
	char here[4096], *expected;
	assert_non_null(getcwd(here, sizeof here));
	expected = path_join(here, "runs/a"); /* --set is typed in a shell: of the current folder */
	assert_string_equal(c->run.dir, expected);
	free(expected);
	config_free(c);
}

static void a_value_behind_set_is_json_or_plain_text(void **state)
{
	(void)state;
	sr_error err;
	const char *sets[] = { "task.horizon=7d", "task.classes=[\"no\", \"yes\"]", "train.class_weights=[1, 2.5]", "evaluate.threshold=0.25", "task.cuts=2018-03-20", "data.events={\"path\": \"/b\"}", "model.encoder=\"gru\"",
		"train.learning_rate=1e-4", "model.causal=true" };
	config *c = config_try(SMALL, sets, sizeof sets / sizeof *sets, &err);
	assert_fine(&err);
	assert_string_equal(c->task.horizon, "7d");
	assert_int_equal(c->task.classes.count, 2);
	assert_string_equal(c->train.class_weights.item[1], "2.5");
	assert_string_equal(c->evaluate.threshold, "0.25");
	assert_string_equal(c->task.cuts.item[0], "2018-03-20");
	assert_int_equal(c->data.events.count, 1);
	assert_string_equal(c->data.events.item[0].path, "/b");
	assert_int_equal(c->model.encoder, ENCODER_GRU);
	assert_true(c->train.learning_rate == 1e-4 && c->model.causal);
	config_free(c);
	assert_config_refused(SMALL, "train.epochs", "--set train.epochs: must be KEY=VALUE");
}

static void a_config_file_is_loaded_and_a_missing_one_named(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *path = in_scratch("c.json");
	file_write(path, SMALL, strlen(SMALL), &err);
	config *c = config_load(path, NULL, &err);
	assert_fine(&err);
	assert_string_equal(c->data.events.item[0].path, in_scratch("logs.csv"));
	config_free(c);
	config_free(NULL);
	assert_null(config_load(in_scratch("none.json"), NULL, &err));
	assert_says(&err, SR_CONFIG, "none.json");
}

static void a_map_is_looked_up_by_key(void **state)
{
	(void)state;
	sr_error err;
	config *c = config_try("{\"data\": {\"events\": [{\"path\": \"a\", \"types\": {\"1\": \"browse\", \"2\": \"buy\"}}]}}", NULL, 0, &err);
	assert_fine(&err);
	assert_string_equal(string_map_get(&c->data.events.item[0].types, "2"), "buy");
	assert_null(string_map_get(&c->data.events.item[0].types, "3"));
	config_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_key_names_the_nearest_one),
		cmocka_unit_test(all_errors_are_told_at_once_with_their_lines),
		cmocka_unit_test(a_syntax_error_names_its_line),
		cmocka_unit_test(comments_are_allowed),
		cmocka_unit_test(set_overrides_the_environment_which_overrides_the_file),
		cmocka_unit_test(an_error_in_the_environment_says_so),
		cmocka_unit_test(names_in_braces_come_from_the_environment),
		cmocka_unit_test(relative_paths_are_of_the_configs_folder),
		cmocka_unit_test(a_value_behind_set_is_json_or_plain_text),
		SCRATCH_TEST(a_config_file_is_loaded_and_a_missing_one_named),
		cmocka_unit_test(a_map_is_looked_up_by_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
