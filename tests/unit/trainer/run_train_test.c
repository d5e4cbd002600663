/* A training as a whole: the same bits at any number of threads, and wherever its checkpoints are. How it is stopped: run_resume_test.c; how it diverges: run_diverge_test.c. */
#include "unit/trainer/runs.h"

static void results_do_not_depend_on_the_number_of_threads(void **state)
{
	(void)state;
	static const char *const sets[] = { "run.threads=1", "run.threads=2", "run.threads=4" }, *const names[] = { "one", "two", "four" };
	for (size_t i = 0; i < 3; i++) {
		config *c = small_config(sets[i], NULL);
		train_new(c, names[i]);
		config_free(c);
		assert_same_file("one", names[i], "model/model.safetensors");
		assert_same_file("one", names[i], "predictions.jsonl");
		assert_same_file("one", names[i], "metrics.jsonl");
	}
}

static void another_seed_gives_another_model(void **state)
{
	(void)state;
	config *a = small_config(NULL), *b = small_config("run.seed=2", NULL);
	train_new(a, "seed1");
	train_new(b, "seed2");
	size_t a_length, b_length;
	char *x = run_file("seed1", "model/model.safetensors", &a_length), *y = run_file("seed2", "model/model.safetensors", &b_length);
	assert_true(a_length != b_length || memcmp(x, y, a_length) != 0);
	free(x);
	free(y);
	config_free(a);
	config_free(b);
}

static void checkpoints_within_an_epoch_change_nothing(void **state)
{
	(void)state;
	config *none = small_config("train.keep=1000", "run.checkpoint_minutes=0", NULL), *steps = small_config("train.keep=1000", "run.checkpoint_steps=2", NULL),
	       *minutes = small_config("train.keep=1000", "run.checkpoint_minutes=1e-9", NULL);
	train_new(none, "whole");
	train_new(steps, "steps");
	train_new(minutes, "minutes");
	assert_false(has_step("whole", 2) || has_step("whole", 1));
	assert_true(has_step("steps", 2) && !has_step("steps", 1));
	assert_true(has_step("minutes", 2) && has_step("minutes", 1));
	static const char *const names[] = { "steps", "minutes" };
	for (size_t i = 0; i < 2; i++) {
		assert_same_file("whole", names[i], "model/model.safetensors");
		assert_same_file("whole", names[i], "report/report.json");
	}
	train_new(steps, "whole"); /* no other settings: the finished run is left alone */
	config *const all[] = { none, steps, minutes };
	static const char *const runs[] = { "whole", "steps", "minutes" };
	for (size_t i = 0; i < 3; i++) {
		char path[256];
		folder_remove(run_path(runs[i], path), NULL);
		config_free(all[i]);
	}
}

static bool save_now(void *context)
{
	unsigned *steps = context;
	return ++*steps == 3;
}

static void a_checkpoint_is_saved_when_asked_and_training_goes_on(void **state)
{
	(void)state;
	unsigned steps = 0;
	char path[256];
	sr_error err = { 0 };
	config *c = small_config("train.keep=1000", NULL);
	train_watch watch = { .save = save_now, .context = &steps };
	assert_true(run_train(c, run_path("asked", path), false, &watch, &err));
	assert_true(steps > 3 && has_step("asked", 3) && !has_step("asked", 4));
	config_free(c);
}

static void a_damaged_checkpoint_costs_steps_but_changes_nothing(void **state)
{
	(void)state;
	config *c = small_config(NULL);
	train_new(c, "whole");
	assert_false(train_some(c, "damaged", 4));
	assert_false(train_some(c, "damaged", 2));
	size_t length;
	char path[256], *newest = path_join(run_path("damaged", path), "checkpoints/step_6.safetensors");
	char *content = run_file("damaged", "checkpoints/step_6.safetensors", &length);
	content[length / 2] ^= 4;
	file_write(newest, content, length, NULL);
	free(content);
	free(newest);
	assert_true(train_some(c, "damaged", 0));
	assert_same_file("whole", "damaged", "model/model.safetensors");
	assert_same_file("whole", "damaged", "report/report.json");
	config_free(c);
}

static void other_settings_in_the_same_folder_are_refused(void **state)
{
	(void)state;
	char path[256];
	sr_error err = { 0 };
	config *c = small_config("train.epochs=1", NULL), *other = small_config("train.epochs=2", NULL), *threads = small_config("train.epochs=1", "run.threads=1", NULL);
	train_new(c, "kept");
	assert_false(run_train(other, run_path("kept", path), false, NULL, &err));
	assert_says(&err, SR_CONFIG, "other settings");
	train_new(threads, "kept"); /* what does not decide the result may change */
	config_free(c);
	config_free(other);
	config_free(threads);
}

static void a_finished_run_is_left_alone_and_fresh_replaces_it(void **state)
{
	(void)state;
	char path[256];
	sr_error err = { 0 };
	config *c = small_config("train.epochs=1", NULL), *other = small_config("train.epochs=1", "run.seed=9", NULL);
	train_new(c, "finished");
	size_t length, again_length, fresh_length;
	char *record = run_file("finished", "run.json", &length);
	stopper s = { 0 };
	train_watch watch = { .stop = stop_now, .context = &s };
	assert_true(run_train(c, run_path("finished", path), false, &watch, &err));
	assert_int_equal(s.steps, 0);
	char *again = run_file("finished", "run.json", &again_length);
	assert_string_equal(record, again);
	assert_non_null(strstr(record, "\"status\":\"finished\""));
	char *before = run_file("finished", "model/model.safetensors", &length);
	assert_true(run_train(other, path, true, &watch, &err));
	assert_true(s.steps > 0);
	char *after = run_file("finished", "model/model.safetensors", &fresh_length);
	assert_true(length != fresh_length || memcmp(before, after, length) != 0);
	char *const texts[] = { record, again, before, after };
	for (size_t i = 0; i < 4; i++)
		free(texts[i]);
	config_free(c);
	config_free(other);
}

static void a_run_directory_in_use_is_refused_at_once(void **state)
{
	(void)state;
	char path[256];
	sr_error err = { 0 };
	config *c = small_config(NULL);
	assert_true(folder_make(run_path("locked", path), &err));
	folder_lock *lock = folder_lock_take(path, &err);
	assert_false(run_train(c, path, false, NULL, &err));
	assert_says(&err, SR_AGAIN, "in use by process");
	folder_lock_free(lock);
	config_free(c);
}

typedef struct {
	uint64_t steps, epochs, last_epoch;
	bool best;
} told;

static void count_progress(void *context, const train_progress *now)
{
	told *t = context;
	t->steps += !now->validated;
	t->epochs += now->validated;
	t->best |= now->best;
	t->last_epoch = now->epoch;
	assert_string_equal(now->metric, "log_loss");
	assert_true(now->batch <= now->batches && now->epoch <= now->epochs);
}

static void progress_is_told_after_every_step_and_epoch(void **state)
{
	(void)state;
	char path[256];
	sr_error err = { 0 };
	told t = { 0 };
	train_watch watch = { .progress = count_progress, .context = &t };
	config *c = small_config(NULL);
	assert_true(run_train(c, run_path("told", path), false, &watch, &err));
	assert_int_equal(t.epochs, 3);
	assert_int_equal(t.last_epoch, 3);
	assert_true(t.best && t.steps % 3 == 0 && t.steps > 6);
	size_t length, lines = 0;
	char *log = run_file("told", "log.jsonl", &length);
	for (size_t i = 0; i < length; i++)
		lines += log[i] == '\n';
	assert_int_equal(lines, t.steps);
	free(log);
	config_free(c);
}

static void training_stops_early_when_nothing_gets_better(void **state)
{
	(void)state;
	char path[256];
	sr_error err = { 0 };
	told t = { 0 };
	train_watch watch = { .progress = count_progress, .context = &t };
	config *c = small_config("train.epochs=40", "train.patience=2", "train.learning_rate=0.1", NULL);
	assert_true(run_train(c, run_path("early", path), false, &watch, &err));
	assert_in_range(t.epochs, 3, 39);
	config_free(c);
}

/* The deciding metric of each epoch, and whether it was the best. */
typedef struct {
	double value[64];
	bool best[64];
	size_t epochs;
} course;

static void note_epoch(void *context, const train_progress *now)
{
	course *seen = context;
	if (now->validated && seen->epochs < 64) {
		seen->value[seen->epochs] = now->value;
		seen->best[seen->epochs++] = now->best;
	}
}

static void patience_starts_anew_whenever_the_metric_gets_better(void **state)
{
	(void)state;
	char path[256];
	sr_error err = { 0 };
	course seen = { .epochs = 0 };
	train_watch watch = { .progress = note_epoch, .context = &seen };
	config *c = small_config("train.epochs=60", "train.patience=4", "train.learning_rate=0.03", "train.batch=8", "evaluate.floors=false", NULL);
	assert_true(run_train(c, run_path("course", path), false, &watch, &err));
	double best = seen.value[0];
	size_t stale = 0, worse = 0, recovered = 0;
	for (size_t i = 0; i < seen.epochs; i++) {
		bool better = i == 0 || seen.value[i] < best; /* a loss */
		assert_int_equal(seen.best[i], better);
		assert_true(stale < 4); /* it would have stopped before this epoch */
		recovered += better && stale > 0;
		worse += !better;
		stale = better ? 0 : stale + 1;
		best = better ? seen.value[i] : best;
	}
	assert_int_equal(stale, 4);
	assert_true(recovered > 0 && worse > 4); /* worse, better, worse again: what was counted before was forgotten */
	config_free(c);
}

static void what_cannot_be_trained_is_said(void **state)
{
	(void)state;
	char path[256];
	sr_error weights = { 0 };
	config *three = small_config("train.class_weights=[1, 2, 3]", NULL);
	assert_false(run_train(three, run_path("weights", path), false, NULL, &weights));
	assert_says(&weights, SR_CONFIG, "train.class_weights");
	config_free(three);
}

/* Rows with a label column, three classes, no events: categories, bags, vectors and numbers alone. */
static void rows_without_any_event_are_learned_too(void **state)
{
	(void)state;
	char path[256];
	sr_error err = { 0 };
	text out = { 0 };
	text_add(&out, "label,colour,tags,place,size\n");
	for (uint32_t i = 0; i < 120; i++)
		text_addf(&out, "%s,c%u,%s,%u;%u,%u\n", i % 3 == 0 ? "bad" : i % 3 == 1 ? "fair" : "good", i % 3, i % 2 ? "old big" : "new", i % 5, i % 7, i % 11);
	file_write(in_scratch("rows.csv"), out.data, out.length, &err);
	text_free(&out);
	static const char content[] = "{\"data\": {\"samples\": [{\"path\": \"rows.csv\"}], \"fields\": [{\"name\": \"colour\", \"on\": \"sample\"}, {\"name\": \"tags\", \"on\": \"sample\", \"kind\": \"categories\"},"
		" {\"name\": \"place\", \"on\": \"sample\", \"kind\": \"vector\", \"width\": 2, \"separator\": \";\"}, {\"name\": \"size\", \"on\": \"sample\", \"kind\": \"number\", \"transform\": \"buckets\", \"buckets\": 4}]},"
		" \"task\": {\"kind\": \"column\"}, \"split\": {\"kind\": \"random\"}, \"model\": {\"encoder\": \"none\"}, \"train\": {\"epochs\": 20, \"batch\": 32, \"learning_rate\": 0.05,"
		" \"class_weights\": \"balanced\"}, \"evaluate\": {\"resamples\": 5}}";
	config *c = config_parse(content, sizeof content - 1, "rows", scratch, NULL, &err);
	assert_fine(&err);
	run_train(c, run_path("rows", path), false, NULL, &err);
	assert_fine(&err);
	size_t length;
	char *report = run_file("rows", "report/report.json", &length), *predictions = run_file("rows", "predictions.jsonl", &length);
	assert_non_null(strstr(report, "\"bad\",\"fair\",\"good\""));
	assert_true(text_starts(predictions, "{\"row\":"));
	size_t lines = 0, right = 0;
	for (char *line = predictions; *line; line = strchr(line, '\n') + 1, lines++) { /* the colour says it all */
		static const char *const classes[] = { "bad", "fair", "good" };
		unsigned long row = strtoul(line + 7, NULL, 10);
		right += strncmp(strstr(line, "\"label\":\"") + 9, classes[row % 3], 3) == 0;
	}
	assert_int_equal(lines, 24);
	assert_true(right >= 22);
	free(report);
	free(predictions);
	sr_error none = { 0 };
	assert_false(run_embed(path, &(run_data){ .part = "all" }, "h", in_scratch("h.npy"), VECTORS_NPY, &none));
	assert_says(&none, SR_CONFIG, "no vector h");
	config_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results_do_not_depend_on_the_number_of_threads),
		cmocka_unit_test(another_seed_gives_another_model),
		cmocka_unit_test(checkpoints_within_an_epoch_change_nothing),
		cmocka_unit_test(a_checkpoint_is_saved_when_asked_and_training_goes_on),
		cmocka_unit_test(a_damaged_checkpoint_costs_steps_but_changes_nothing),
		cmocka_unit_test(other_settings_in_the_same_folder_are_refused),
		cmocka_unit_test(a_finished_run_is_left_alone_and_fresh_replaces_it),
		cmocka_unit_test(a_run_directory_in_use_is_refused_at_once),
		cmocka_unit_test(progress_is_told_after_every_step_and_epoch),
		cmocka_unit_test(training_stops_early_when_nothing_gets_better),
		cmocka_unit_test(patience_starts_anew_whenever_the_metric_gets_better),
		cmocka_unit_test(what_cannot_be_trained_is_said),
		cmocka_unit_test(rows_without_any_event_are_learned_too),
	};
	return cmocka_run_group_tests(tests, runs_set_up, scratch_tear_down);
}
