#ifndef TESTS_TRAININGS_H
#define TESTS_TRAININGS_H
/* trainings.h - small logs with fields of every kind, a config for each task, and trainings of a few steps. */

#include "unit/trainer/runs.h"

#include "seqrec/json.h"
#include "seqrec/number.h"
#include "trainer/dataset.h"
#include "trainer/member.h"
#include "trainer/ranking.h"
#include "trainer/resident.h"

#include <math.h>

enum { STEPS = 20, THINGS = 12 };

/* Items have a category, tags and a price; users a city and an age; some days are labelled. */
static inline int trainings_set_up(void **state)
{
	int failed = runs_set_up(state);
	text items = { 0 }, users = { 0 }, rows = { 0 };
	text_add(&items, "item,category,tags,price\n");
	text_add(&users, "user,city,age\n");
	text_add(&rows, "user,time,label,offer\n");
	for (uint32_t i = 0; !failed && i < THINGS; i++)
		text_addf(&items, "i%u,c%u,t%u|t%u,%u\n", i, i % 3, i % 4, i % 5, 5 + i * 3);
	for (uint32_t u = 0; !failed && u < USERS; u++) {
		text_addf(&users, "u%u,c%u,%u\n", u, u % 7, 20 + u % 40);
		for (uint32_t day = 20; day < DAYS; day += 9)
			text_addf(&rows, "u%u,%u,%s,o%u\n", u, 1500000000 + day * 86400, (u + day) % 3 == 0 ? "no" : (u + day) % 3 == 1 ? "maybe" : "yes", (u * day) % 5);
	}
	failed = failed || !file_write(in_scratch("items.csv"), items.data, items.length, NULL) || !file_write(in_scratch("users.csv"), users.data, users.length, NULL) ||
	         !file_write(in_scratch("rows.csv"), rows.data, rows.length, NULL);
	text_free(&items);
	text_free(&users);
	text_free(&rows);
	return failed;
}

static inline config *training_config(const char *task, const char *const *set, size_t count)
{
	static const char form[] = "{\"data\": {\"events\": [{\"path\": \"log.csv\", \"time_format\": \"epoch_s\"}], \"users\": [{\"path\": \"users.csv\"}], \"items\": [{\"path\": \"items.csv\"}],"
		" %s \"store\": \"store_%s\", \"min_count\": 1, \"fields\": [{\"name\": \"category\", \"on\": \"item\"}, {\"name\": \"tags\", \"on\": \"item\", \"kind\": \"categories\"},"
		" {\"name\": \"price\", \"on\": \"item\", \"kind\": \"number\"}, {\"name\": \"city\", \"on\": \"user\"}, {\"name\": \"age\", \"on\": \"user\", \"kind\": \"number\"}%s]},"
		" \"task\": {\"kind\": \"%s\"%s}, \"split\": {\"kind\": \"%s\"}, \"model\": {\"width\": 8, \"window\": 12, \"heads\": 2, \"attribute_width\": 8},"
		" \"train\": {\"epochs\": 20, \"batch\": 32, \"lanes\": 3, \"pack_tokens\": 48, \"patience\": 0, \"learning_rate\": 0.01, \"negatives\": 6},"
		" \"evaluate\": {\"resamples\": 10, \"floors\": false, \"single_head\": false}, \"run\": {\"threads\": 2, \"log_every\": 1, \"checkpoint_minutes\": 0}}";
	bool column = strcmp(task, "column") == 0, cuts = strcmp(task, "as_of") == 0 || strcmp(task, "both") == 0;
	char *content = text_format(form, column ? "\"samples\": [{\"path\": \"rows.csv\", \"time_format\": \"epoch_s\"}]," : "", task, column ? ", {\"name\": \"offer\", \"on\": \"sample\"}" : "", task,
		cuts ? ", \"horizon\": \"7d\", \"every\": \"4d\"" : "", strcmp(task, "next_item") == 0 ? "leave_one_out" : "time");
	strings sets = { (char **)(uintptr_t)set, count };
	sr_error err = { 0 };
	config *c = config_parse(content, strlen(content), task, scratch, &sets, &err);
	free(content);
	assert_fine(&err);
	return c;
}

/* Trains `steps` further steps and stops. losses: (STEPS), the run's first ones; or NULL. */
static inline void train_steps(const config *c, const char *name, uint64_t steps, double *losses)
{
	assert_false(train_some(c, name, steps));
	size_t length, found = 0;
	char *log = run_file(name, "log.jsonl", &length);
	for (char *at = log; losses && (at = strstr(at, "\"loss\":")); found++) {
		at += 7;
		assert_true(found >= STEPS || number_parse(at, strcspn(at, ",}"), &losses[found]));
	}
	assert_true(!losses || found >= STEPS);
	free(log);
}

static inline void run_forget(const char *name)
{
	char path[256];
	assert_true(folder_remove(run_path(name, path), NULL));
}

/* The last validation value of a metric. */
static inline double last_metric(const char *name, const char *metric)
{
	size_t length;
	double value = NAN;
	char *log = run_file(name, "metrics.jsonl", &length), *key = text_format("\"%s\":", metric);
	for (char *at = log; (at = strstr(at, key));) {
		at += strlen(key);
		assert_true(number_parse(at, strcspn(at, ",}"), &value));
	}
	free(log);
	free(key);
	return value;
}

static inline void compare_runs(const config *native, const config *torch, const char *metric)
{
	char path[256], *text_out = NULL, *record;
	size_t length;
	sr_error err = { 0 };
	train_new(native, "native");
	train_new(torch, "torch");
	double a = last_metric("native", metric), b = last_metric("torch", metric);
	if (!(fabs(a - b) <= 1e-3 * fabs(a)))
		fail_msg("%s: %.9g natively, %.9g through libtorch", metric, a, b);
	record = run_file("torch", "run.json", &length);
	assert_non_null(strstr(record, "\"backend\":\"libtorch\""));
	assert_non_null(strstr(record, "\"libtorch\":\"libtorch 2."));
	free(record);
	assert_true(run_evaluate(run_path("torch", path), &(run_data){ 0 }, &text_out, &err) && run_embed(path, &(run_data){ .part = "test" }, "z", in_scratch("z.npy"), VECTORS_NPY, &err));
	if (strcmp(metric, "log_loss") == 0)
		assert_true(run_predict(path, &(run_data){ .part = "test" }, in_scratch("out.jsonl"), PREDICTIONS_JSONL, &err));
	else
		assert_true(run_recommend(path, &(run_data){ .part = "test" }, &(recommend_rules){ 0 }, in_scratch("out.jsonl"), PREDICTIONS_JSONL, &err));
	assert_fine(&err);
	free(text_out);
	run_forget("native");
	run_forget("torch");
}

static inline size_t dense_count(const model *m)
{
	size_t count = 0;
	for (size_t i = 0; i < params_count(model_params(m)); i++)
		count += params_get(model_params(m), i)->kind != PARAM_TABLE;
	return count;
}

/* What a few steps told, and how often they waited for the device. */
typedef struct {
	uint64_t waited;
	double loss_sum, norm;
} steps_outcome;

/* `steps` steps; padded: in packs of constant size. */
static inline steps_outcome take_steps(const config *c, size_t steps, bool padded)
{
	sr_error err = { 0 };
	dataset d;
	size_t count, batch = (size_t)c->train.batch;
	assert_true(dataset_open(&d, c, scratch, NULL, true, &err) && samples_split(d.all, c, d.s, &err));
	uint32_t *train = samples_select(d.all, c, 0, PART_TRAIN, &count);
	features *f = features_fit(c, d.s, d.all, train, count, &err);
	model *m = model_new(&c->model, features_shape(f));
	params_initialise(model_params(m), 1);
	thread_pool *pool = thread_pool_new(1);
	workers *w = workers_new(c, f, d.all, m, pool, &err);
	optimizer *o = optimizer_new(model_params(m), 0.01, 1);
	assert_fine(&err);
	uint32_t *often = model_items(m) ? count_items(f, d.all, d.s, NULL) : NULL;
	item_draws *draws = often ? item_draws_new(often, model_items(m)->rows, 0) : NULL;
	w->told.draws = draws;
	w->padded = padded;
	assert_true(w->resident && resident_start(w, o, 0, &err));
	uint64_t before = runtime_waits(w->runtime[0]);
	uint64_t copies = runtime_about(w->runtime[0]).copies;
	runtime_measure(w->runtime[0], true);
	for (size_t i = 0; i < steps; i++) {
		double loss;
		assert_true(workers_train(w, train + i * batch % (count - batch), batch, 0, i, &loss, &err) && runtime_update(w->runtime[0], 0.001));
	}
	uint64_t waited = runtime_waits(w->runtime[0]) - before;
	runtime_measure(w->runtime[0], false);
	device_about about = runtime_about(w->runtime[0]);
	assert_true(about.operations > 100 * steps);
	uint64_t copied = about.copies - copies;
	bool one_each = padded && copied == steps; /* a pack is one copy; else another says how its sequences are laid out */
	if (padded ? !one_each : c->train.loss == LOSS_SAMPLED_SOFTMAX && (copied < 2 * steps || copied % 2))
		fail_msg("%d copies for %d steps", (int)copied, (int)steps);
	assert_int_equal(about.reads, c->run.device == DEVICE_CUDA ? 0 : (2 + dense_count(m)) * steps); /* fused AdamW on the CPU, and there alone, reads step sizes */
	training_state state = { 0 };
	double loss, norm;
	uint64_t behind;
	assert_true(resident_read(w, &state, &loss, &norm, &behind, &err) && state.loss_count == steps && isfinite(norm)); /* the steps were taken, and reading is a wait */
	assert_true(runtime_waits(w->runtime[0]) == before + waited + 1);
	steps_outcome outcome = { waited, state.loss_sum, norm };
	item_draws_free(draws);
	free(often);
	workers_free(w);
	optimizer_free(o);
	thread_pool_free(pool);
	model_free(m);
	features_free(f);
	dataset_close(&d);
	free(train);
	return outcome;
}

#endif
