/* A training that was stopped and goes on ends with the same bytes as one that never was. */
#include "unit/trainer/runs.h"

#include "seqrec/number.h"

enum { STEPS = 240 };

/* Stops after every `each` steps and goes on, until it ends; then compares with the run "whole". */
static void assert_stopping_changes_nothing(const config *c, const char *name, uint64_t each, const char *model)
{
	size_t starts = 1;
	while (!train_some(c, name, each))
		assert_true(starts++ < 100);
	assert_true(starts > 1);
	assert_same_file("whole", name, model);
	assert_same_file("whole", name, "report/report.json");
	assert_same_file("whole", name, "predictions.jsonl");
	assert_same_file("whole", name, "metrics.jsonl");
	char path[256];
	assert_true(folder_remove(run_path(name, path), NULL));
}

static void a_stopped_and_resumed_run_equals_the_uninterrupted_one(void **state)
{
	(void)state;
	config *c = small_config("train.negatives_per_positive=2", "train.unknown_rate=0.2", NULL);
	train_new(c, "whole");
	static const uint64_t each[] = { 1, 2, 3, 5, 8 };
	for (size_t i = 0; i < sizeof each / sizeof *each; i++)
		assert_stopping_changes_nothing(c, "stopped", each[i], "model/model.safetensors");
	config_free(c);
	char path[256];
	folder_remove(run_path("whole", path), NULL);
}

/* What is left of moments depends on their age, which a checkpoint keeps. */
static void so_does_a_run_with_exact_updates(void **state)
{
	(void)state;
	config *c = small_config("train.table_update=exact", "train.epochs=2", NULL);
	train_new(c, "whole");
	assert_stopping_changes_nothing(c, "stopped", 3, "model/model.safetensors");
	config_free(c);
	char path[256];
	folder_remove(run_path("whole", path), NULL);
}

static void a_stop_between_training_and_report_is_heard(void **state)
{
	(void)state;
	char path[256];
	sr_error err = { 0 };
	stopper s = { 0 };
	train_watch watch = { .stop = stop_now, .context = &s };
	config *c = small_config("train.epochs=1", NULL);
	assert_true(run_train(c, run_path("whole", path), false, &watch, &err));
	s = (stopper){ .stop_after = s.steps }; /* the last time that it is asked */
	assert_false(run_train(c, run_path("stopped", path), false, &watch, &err));
	assert_says(&err, SR_AGAIN, "stopped before the report");
	assert_false(file_exists(in_scratch("stopped/run/report/report.json")));
	train_new(c, "stopped");
	assert_same_file("whole", "stopped", "report/report.json");
	assert_true(folder_remove(path, NULL) && folder_remove(run_path("whole", path), NULL));
	config_free(c);
}

static void so_does_a_run_of_folds_and_members(void **state)
{
	(void)state;
	config *c = small_config("split.folds=2", "model.members=2", "train.epochs=2", "model.encoder=gru", NULL);
	train_new(c, "whole");
	assert_stopping_changes_nothing(c, "stopped", 7, "model/fold_1/model_1.safetensors");
	config_free(c);
	char path[256];
	folder_remove(run_path("whole", path), NULL);
}

/* One stop at that step, and on to the end. */
static void assert_stop_changes_nothing(const config *c, uint64_t step)
{
	char path[256];
	assert_false(train_some(c, "stopped", step) && step > 1);
	train_new(c, "stopped");
	assert_same_file("whole", "stopped", "model/model.safetensors");
	assert_same_file("whole", "stopped", "report/report.json");
	assert_same_file("whole", "stopped", "predictions.jsonl");
	assert_same_file("whole", "stopped", "metrics.jsonl");
	assert_true(folder_remove(run_path("stopped", path), NULL));
}

/* SEQREC_STOP_POINTS: at how many of the 240 steps, evenly (scripts/test --long: at each). Rows of early stopping, dropout and negatives are drawn on the way. */
static void a_run_of_240_steps_may_be_stopped_at_any_of_them(void **state)
{
	(void)state;
	char path[256];
	const char *given = getenv("SEQREC_STOP_POINTS");
	int64_t points = 16;
	assert_true(!given || (number_parse_int(given, strlen(given), &points) && points > 1 && points <= STEPS));
	sr_error err = { 0 };
	stopper s = { 0 };
	train_watch watch = { .stop = stop_now, .context = &s };
	config *c = small_config("train.epochs=60", "train.negatives_per_positive=1", "train.unknown_rate=0.2", "train.patience=59", "evaluate.floors=false", NULL);
	assert_true(run_train(c, run_path("whole", path), false, &watch, &err));
	assert_int_equal(s.steps, STEPS + 2); /* it is asked twice more, before the report */
	for (int64_t i = 0; i < points; i++)
		assert_stop_changes_nothing(c, (uint64_t)(1 + i * (STEPS - 1) / (points - 1)));
	assert_true(folder_remove(path, NULL));
	config_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stopped_and_resumed_run_equals_the_uninterrupted_one),
		cmocka_unit_test(so_does_a_run_with_exact_updates),
		cmocka_unit_test(a_stop_between_training_and_report_is_heard),
		cmocka_unit_test(so_does_a_run_of_folds_and_members),
		cmocka_unit_test(a_run_of_240_steps_may_be_stopped_at_any_of_them),
	};
	return cmocka_run_group_tests(tests, runs_set_up, scratch_tear_down);
}
