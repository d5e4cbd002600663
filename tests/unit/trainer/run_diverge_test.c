/* Trainings that meet numbers that are none: the step is left out, the run goes back once, and what it leaves is finite. */
#include "unit/trainer/runs.h"

#include "seqrec/safetensors.h"

#include <math.h>

/* An infinite class weight makes every loss infinite. */
static void a_diverging_training_ends_and_keeps_the_last_good_checkpoint(void **state)
{
	(void)state;
	char path[256];
	sr_error err = { 0 };
	config *c = small_config("train.class_weights=[1, 1e300]", NULL);
	stopper s = { 0 };
	train_watch watch = { .stop = stop_now, .context = &s };
	assert_false(run_train(c, run_path("diverged", path), false, &watch, &err));
	assert_says(&err, SR_DIVERGED, "not finite 3 times in a row");
	assert_non_null(strstr(err.text, "also with half the learning rate")); /* it went back once, and said so */
	size_t length;
	const char *dump = strstr(err.text, "diverged_step_");
	char *samples_path = text_format("%s/checkpoints/%.*s", path, (int)(strstr(dump, ".jsonl") + 6 - dump), dump), *samples = file_read(samples_path, 1 << 16, &length, NULL);
	assert_non_null(strstr(samples, "{\"sample\":"));
	free(samples_path);
	free(samples);
	assert_false(file_exists(in_scratch("diverged/run/checkpoints/best.safetensors")));
	assert_false(file_exists(in_scratch("diverged/run/model/model.safetensors")));
	config_free(c);
}

static void assert_finite_file(const char *path)
{
	sr_error err = { 0 };
	safetensors *file = safetensors_open(path, &err);
	assert_fine(&err);
	for (size_t i = 0; i < safetensors_count(file); i++) {
		const safe_tensor *t = safetensors_at(file, i);
		const float *value = t->data;
		for (uint64_t v = 0; v < t->shape[0] * t->shape[1]; v++)
			if (!isfinite(value[v]))
				fail_msg("%s: %s is not finite", path, t->name);
	}
	safetensors_close(file);
}

/* A size whose gradients overflow, in one of `each` rows. */
static config *overflowing(uint32_t each)
{
	sr_error err = { 0 };
	text out = { 0 };
	text_add(&out, "label,size\n");
	for (uint32_t i = 0; i < 200; i++)
		text_addf(&out, "%s,%s\n", i % 2 ? "yes" : "no", random_below(1, 97, i, 0, each) ? "1.5" : "3e38");
	file_write(in_scratch("sizes.csv"), out.data, out.length, &err);
	text_free(&out);
	static const char content[] = "{\"data\": {\"samples\": [{\"path\": \"sizes.csv\"}], \"fields\": [{\"name\": \"size\", \"on\": \"sample\", \"kind\": \"number\", \"transform\": \"none\"}]},"
		" \"task\": {\"kind\": \"column\"}, \"split\": {\"kind\": \"random\"}, \"model\": {\"encoder\": \"none\"}, \"train\": {\"epochs\": 1, \"batch\": 1, \"keep\": 1000, \"learning_rate\": 1, \"clip\": 0},"
		" \"evaluate\": {\"resamples\": 5, \"floors\": false}, \"run\": {\"checkpoint_steps\": 1}}";
	config *c = config_parse(content, sizeof content - 1, "sizes", scratch, NULL, &err);
	assert_fine(&err);
	return c;
}

/* One step with a rate that is no number, as a fault of the memory might make it: the weights are lost by it. */
typedef struct {
	config *c;
	uint64_t steps, fault;
	double rate;
} fault_once;

static bool fault_once_now(void *context)
{
	fault_once *f = context;
	f->steps++;
	f->c->train.learning_rate = f->steps == f->fault ? NAN : f->rate;
	return false;
}

static void a_fault_that_passes_is_trained_through_with_half_the_rate(void **state)
{
	(void)state;
	char path[256];
	sr_error err = { 0 };
	config *c = small_config("train.epochs=2", "run.checkpoint_steps=2", NULL);
	fault_once fault = { .c = c, .fault = 5, .rate = c->train.learning_rate };
	train_watch watch = { .stop = fault_once_now, .context = &fault };
	run_train(c, run_path("passing", path), false, &watch, &err);
	assert_fine(&err);
	size_t length;
	char *log = run_file("passing", "log.jsonl", &length), *report = run_file("passing", "report/report.json", &length);
	assert_true(file_exists(in_scratch("passing/run/model/model.safetensors"))); /* and a file of weights that are not finite is never written */
	assert_non_null(strstr(log, "\"step\":4,") && strstr(log, "\"learning_rate\":0.009491955")); /* as the schedule has it */
	assert_non_null(strstr(log, "\"step\":5,") && strstr(log, "\"learning_rate\":0.0044728513")); /* half of it, after going back to step 4 */
	assert_null(strstr(report, "nan"));
	free(log);
	free(report);
	config_free(c);
}

static void what_a_diverged_training_leaves_is_finite(void **state)
{
	(void)state;
	char path[256];
	sr_error err = { 0 };
	config *c = overflowing(2);
	assert_false(run_train(c, run_path("overflow", path), false, NULL, &err));
	assert_says(&err, SR_DIVERGED, "last checkpoint is kept");
	unsigned steps = 0;
	while (has_step("overflow", steps + 1)) {
		char *checkpoint = text_format("%s/checkpoints/step_%u.safetensors", path, ++steps);
		assert_finite_file(checkpoint);
		free(checkpoint);
	}
	assert_true(steps >= 3);
	size_t length;
	char *latest = run_file("overflow", "checkpoints/latest", &length), *expected = text_format("step_%u.safetensors", steps);
	assert_string_equal(latest, expected);
	free(latest);
	free(expected);
	if (!strstr(err.text, "also with half the learning rate"))
		fail_msg("%s", err.text); /* it went back once, and said so */
	sr_error again = { 0 }; /* it stands where it diverged, also when it is started again */
	assert_false(run_train(c, path, false, NULL, &again));
	assert_int_equal(again.code, SR_DIVERGED);
	config_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_diverging_training_ends_and_keeps_the_last_good_checkpoint),
		cmocka_unit_test(a_fault_that_passes_is_trained_through_with_half_the_rate),
		cmocka_unit_test(what_a_diverged_training_leaves_is_finite),
	};
	return cmocka_run_group_tests(tests, runs_set_up, scratch_tear_down);
}
