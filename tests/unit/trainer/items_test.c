/* Whole trainings of next items: what they learn, that they repeat, and what is recommended. */
#include "unit/trainer/next_runs.h"

#include "seqrec/json.h"

#include <math.h>
#include <stdio.h>

static void next_train(const config *c, const char *name)
{
	char path[256];
	sr_error err = { 0 };
	run_train(c, run_path(name, path), false, NULL, &err);
	assert_fine(&err);
}

/* A metric of an entry on the test part. */
static double reported(const char *name, size_t entry, const char *key)
{
	size_t length;
	char *content = run_file(name, "report/report.json", &length);
	cJSON *tree = json_parse(content, length, false, name, SR_DATA, NULL);
	const cJSON *floors = cJSON_GetObjectItemCaseSensitive(tree, "floors"), *splits = entry ? cJSON_GetArrayItem(floors, (int)entry - 1) : cJSON_GetObjectItemCaseSensitive(tree, "splits");
	double value = -1;
	assert_true(json_get_number(cJSON_GetObjectItemCaseSensitive(splits, "test"), key, &value));
	cJSON_Delete(tree);
	free(content);
	return value;
}

static void rings_are_learned_by_every_loss(void **state)
{
	(void)state;
	static const char *const losses[] = { "train.loss=cross_entropy", "train.loss=sampled_softmax", "train.loss=gbce", "train.loss=bce", "train.loss=bpr" };
	for (size_t i = 0; i < 5; i++) {
		config *c = next_config(losses[i], "train.popularity=0.5", i < 2 ? "train.epochs=8" : "train.epochs=80", NULL);
		next_train(c, losses[i]);
		assert_true(reported(losses[i], 0, "hr@1") > 0.5 && reported(losses[i], 0, "hr@1") > 3 * reported(losses[i], 1, "hr@1"));
		config_free(c);
	}
}

static void encoders_of_every_kind_learn(void **state)
{
	(void)state;
	static const char *const encoders[] = { "model.encoder=gru", "model.encoder=lstm", "model.encoder=rnn", "model.norm=pre", "model.norm=gated", "model.position=from_start" };
	for (size_t i = 0; i < 6; i++) {
		config *c = next_config(encoders[i], "model.tied=false", "evaluate.floors=false", NULL);
		next_train(c, encoders[i]);
		assert_true(reported(encoders[i], 0, "hr@5") > 0.7);
		config_free(c);
	}
}

static void vectors_of_length_one_and_other_negatives_learn_too(void **state)
{
	(void)state;
	static const char *const sets[][3] = { { "model.output=cosine", "train.loss=cross_entropy", "model.temperature=0.1" }, { "model.output=cosine", "train.loss=sampled_softmax", "model.temperature=0" },
		{ "model.output=cosine", "train.loss=sampled_softmax", "train.negatives_from=batch" }, { "train.exclude_seen=true", "train.loss=sampled_softmax", "model.output=dot" },
		{ "train.exclude_seen=true", "train.loss=bpr", "train.negatives_from=batch" } };
	for (size_t i = 0; i < 5; i++) {
		char name[32];
		snprintf(name, sizeof name, "output %zu", i);
		config *c = next_config(sets[i][0], sets[i][1], sets[i][2], i == 4 ? "train.epochs=40" : "train.epochs=20", NULL);
		next_train(c, name);
		if (!(reported(name, 0, "hr@5") > 0.7))
			fail_msg("%s %s %s: HR@5 %g", sets[i][0], sets[i][1], sets[i][2], reported(name, 0, "hr@5"));
		config_free(c);
	}
}

static void the_same_bits_at_any_number_of_threads_and_stops(void **state)
{
	(void)state;
	config *two = next_config("train.loss=sampled_softmax", "train.epochs=3", NULL), *three = next_config("train.loss=sampled_softmax", "train.epochs=3", "run.threads=3", NULL);
	next_train(two, "two");
	while (!train_some(three, "three", 5))
		;
	assert_same_file("two", "three", "model/model.safetensors");
	assert_same_file("two", "three", "report/report.json");
	assert_same_file("two", "three", "predictions.jsonl");
	config_free(two);
	config_free(three);
}

static void evaluate_repeats_the_report(void **state)
{
	(void)state;
	config *c = next_config("train.epochs=2", NULL);
	char path[256], *report;
	sr_error err = { 0 };
	next_train(c, "again");
	size_t length;
	char *before = run_file("again", "report/report.json", &length);
	assert_true(run_evaluate(run_path("again", path), &(run_data){ 0 }, &report, &err));
	char *after = run_file("again", "report/report.json", &length);
	assert_string_equal(before, after);
	free(before);
	free(after);
	free(report);
	config_free(c);
}

/* HR and MRR from the TREC files, as an outside tool would compute them. */
static void trec_files_give_the_metrics_of_the_report(void **state)
{
	(void)state;
	config *c = next_config("train.epochs=2", "output.top=20", NULL);
	char path[256], out[300];
	sr_error err = { 0 };
	next_train(c, "trec");
	snprintf(out, sizeof out, "%s/run.trec", scratch);
	assert_true(run_recommend(run_path("trec", path), &(run_data){ .part = "test" }, &(recommend_rules){ 0 }, out, PREDICTIONS_TREC, &err));
	size_t queries = 0, length;
	double hits = 0, reciprocal = 0;
	char *run = file_read(out, 1 << 20, &length, &err), line[128];
	strcat(out, ".qrels");
	char *qrels = file_read(out, 1 << 20, &length, &err);
	for (const char *at = qrels; *at; at = strchr(at, '\n') + 1, queries++) {
		char user[32], item[32];
		assert_int_equal(sscanf(at, "%31s 0 %31s 1", user, item), 2);
		for (int place = 1; place <= 20; place++) {
			snprintf(line, sizeof line, "%s Q0 %s %d ", user, item, place);
			if (strstr(run, line)) {
				hits += place <= 10;
				reciprocal += 1.0 / place;
			}
		}
	}
	assert_int_equal(queries, WALKERS);
	assert_true(fabs(hits / (double)queries - reported("trec", 0, "hr@10")) < 1e-9);
	assert_true(fabs(reciprocal / (double)queries - reported("trec", 0, "mrr@20")) < 1e-9);
	free(run);
	free(qrels);
	config_free(c);
}

static void recommended_items_of_new_users_were_not_seen(void **state)
{
	(void)state;
	static const char log[] = "user,item,time\nnew,i0,1\nnew,i1,2\nnew,i2,3\nlost,nothing,1\n", data[] = "{\"data\": {\"events\": [{\"path\": \"new.csv\"}]}, \"task\": {\"kind\": \"next_item\"}}";
	config *c = next_config(NULL, NULL);
	char path[256], where[256], out[256];
	sr_error err = { 0 };
	next_train(c, "fresh");
	assert_true(file_write(in_scratch("new.csv"), log, sizeof log - 1, &err) && file_write(in_scratch("new.json"), data, sizeof data - 1, &err));
	snprintf(where, sizeof where, "%s/new.json", scratch);
	snprintf(out, sizeof out, "%s/new.jsonl", scratch);
	char *set[] = { (char[]){ "evaluate.seen=remove" }, (char[]){ "output.top=3" } };
	run_data from = { .data = where, .sets = { set, 2 } };
	if (!run_recommend(run_path("fresh", path), &from, &(recommend_rules){ 0 }, out, PREDICTIONS_JSONL, &err))
		fail_msg("%s", err.text);
	size_t length;
	char *lines = file_read(out, 1 << 20, &length, &err);
	assert_non_null(strstr(lines, "{\"user\":\"new\",\"top\":[["));
	assert_null(strstr(lines, "[[\"i0\""));
	assert_non_null(strstr(lines, "\"lost\"")); /* a user whose items are all unknown has recommendations, too */
	free(lines);
	config_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rings_are_learned_by_every_loss),
		cmocka_unit_test(encoders_of_every_kind_learn),
		cmocka_unit_test(vectors_of_length_one_and_other_negatives_learn_too),
		cmocka_unit_test(the_same_bits_at_any_number_of_threads_and_stops),
		cmocka_unit_test(evaluate_repeats_the_report),
		cmocka_unit_test(trec_files_give_the_metrics_of_the_report),
		cmocka_unit_test(recommended_items_of_new_users_were_not_seen),
	};
	return cmocka_run_group_tests(tests, next_set_up, scratch_tear_down);
}
