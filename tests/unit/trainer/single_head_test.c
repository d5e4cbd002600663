/* Two heads in one run, and the class head alone beside them. */
#include "unit/trainer/runs.h"

#include "trainer/single_head.h"

#include "seqrec/json.h"

#include <math.h>

#define TWO_HEADS "task.kind=both", "evaluate.floors=false"

static cJSON *tree_of(const char *name, const char *file)
{
	size_t length;
	char *content = run_file(name, file, &length);
	if (text_ends(file, ".jsonl")) /* the first line */
		length = strcspn(content, "\n");
	cJSON *tree = json_parse(content, length, false, file, SR_DATA, NULL);
	assert_non_null(tree);
	free(content);
	return tree;
}

static bool there(const char *name, const char *file)
{
	char path[256], *whole = path_join(run_path(name, path), file);
	bool found = file_exists(whole);
	free(whole);
	return found;
}

static void the_same_bits_at_any_number_of_threads_and_stops(void **state)
{
	(void)state;
	static const char *const files[] = { "model/model.safetensors", "single_head/model/model.safetensors", "report/report.json", "report/next_item/report.json",
		"predictions.jsonl", "metrics.jsonl", "single_head/metrics.jsonl", "report/rows/test.score.npy", "report/next_item/rows/test.rank.npy" };
	config *two = small_config(TWO_HEADS, "train.loss=sampled_softmax", NULL), *three = small_config(TWO_HEADS, "train.loss=sampled_softmax", "run.threads=3", NULL);
	train_new(two, "two");
	while (!train_some(three, "three", 5))
		;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		assert_same_file("two", "three", files[i]);
	config_free(two);
	config_free(three);
}

/* What stands beside the model is what a run without the second loss would be. */
static void the_head_alone_is_the_run_without_the_other_loss(void **state)
{
	(void)state;
	config *both = small_config(TWO_HEADS, NULL), *alone = small_config(TWO_HEADS, "train.next_item_loss_weight=0", NULL);
	train_new(both, "both");
	train_new(alone, "alone");
	size_t a_length, b_length;
	char *a = run_file("both", "single_head/model/model.safetensors", &a_length), *b = run_file("alone", "model/model.safetensors", &b_length), *model = run_file("both", "model/model.safetensors", &a_length);
	assert_memory_equal(a, b, b_length);
	assert_memory_not_equal(a, model, b_length);
	assert_true(there("both", "single_head/checkpoints/best.safetensors") && !there("alone", "single_head"));
	free(a);
	free(b);
	free(model);
	config_free(both);
	config_free(alone);
}

static void the_report_says_whether_the_second_head_helps(void **state)
{
	(void)state;
	config *c = small_config(TWO_HEADS, NULL), *without = small_config(TWO_HEADS, "evaluate.single_head=false", NULL);
	train_new(c, "said");
	cJSON *tree = tree_of("said", "report/report.json");
	const cJSON *floors = cJSON_GetObjectItemCaseSensitive(tree, "floors");
	assert_int_equal(cJSON_GetArraySize(floors), 1);
	assert_non_null(cJSON_GetObjectItemCaseSensitive(floors, "buy head alone"));
	cJSON_Delete(tree);
	size_t length;
	char *text = run_file("said", "report/report.txt", &length);
	assert_non_null(strstr(text, "buy head alone floor: ROC AUC"));
	free(text);
	train_new(without, "unsaid");
	assert_false(there("unsaid", "single_head"));
	tree = tree_of("unsaid", "report/report.json");
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(tree, "floors")), 0);
	cJSON_Delete(tree);
	config_free(c);
	config_free(without);
}

/* Both heads are looked at each epoch; either may decide, and the head alone goes by its own metric. */
static void either_head_may_choose_the_checkpoint(void **state)
{
	(void)state;
	config *c = small_config(TWO_HEADS, "train.metric=ndcg@5", NULL);
	train_new(c, "chosen");
	cJSON *line = tree_of("chosen", "metrics.jsonl");
	const cJSON *validation = cJSON_GetObjectItemCaseSensitive(line, "validation");
	double value;
	assert_true(json_get_number(validation, "log_loss", &value) && json_get_number(validation, "ndcg@10", &value));
	cJSON_Delete(line);
	line = tree_of("chosen", "single_head/metrics.jsonl");
	validation = cJSON_GetObjectItemCaseSensitive(line, "validation");
	assert_true(json_get_number(validation, "log_loss", &value) && !json_get_number(validation, "ndcg@10", &value));
	cJSON_Delete(line);
	config_free(c);
}

static void evaluate_repeats_both_reports(void **state)
{
	(void)state;
	static const char *const files[] = { "report/report.json", "report/next_item/report.json", "report/next_item/report.txt" };
	config *c = small_config("task.kind=both", NULL);
	char path[256], *report, *before[3];
	sr_error err = { 0 };
	size_t length;
	train_new(c, "again");
	for (size_t i = 0; i < 3; i++)
		before[i] = run_file("again", files[i], &length);
	assert_true(run_evaluate(run_path("again", path), &(run_data){ 0 }, &report, &err));
	assert_true(strstr(report, "buy head alone") && strstr(report, "which item comes first from the cut on?"));
	for (size_t i = 0; i < 3; i++) {
		char *after = run_file("again", files[i], &length);
		assert_string_equal(before[i], after);
		free(after);
		free(before[i]);
	}
	free(report);
	config_free(c);
}

static void such_a_run_predicts_recommends_and_embeds(void **state)
{
	(void)state;
	config *c = small_config(TWO_HEADS, "output.top=3", NULL);
	char path[256], out[300];
	sr_error err = { 0 };
	size_t length;
	train_new(c, "use");
	run_path("use", path);
	snprintf(out, sizeof out, "%s/use.out", scratch);
	assert_true(run_predict(path, &(run_data){ .part = "test" }, out, PREDICTIONS_JSONL, &err));
	char *predictions = file_read(out, 1 << 20, &length, &err), *written = run_file("use", "predictions.jsonl", &length);
	assert_string_equal(predictions, written);
	assert_true(run_recommend(path, &(run_data){ .part = "test" }, &(recommend_rules){ 0 }, out, PREDICTIONS_JSONL, &err));
	char *lines = file_read(out, 1 << 20, &length, &err);
	assert_true(strstr(lines, "\"target\":") && strstr(lines, "\"rank\":") && strstr(lines, "\"top\":[["));
	free(lines);
	assert_true(run_recommend(path, &(run_data){ 0 }, &(recommend_rules){ 0 }, out, PREDICTIONS_CSV, &err));
	assert_true(run_predict(path, &(run_data){ 0 }, out, PREDICTIONS_CSV, &err));
	static const char *const vectors[] = { "h", "y", "z" };
	for (size_t i = 0; i < 3; i++)
		assert_true(run_embed(path, &(run_data){ 0 }, vectors[i], out, VECTORS_NPY, &err));
	free(predictions);
	free(written);
	config_free(c);
}

/* Rows after whose cut nothing comes are told, not ranked. */
static void the_ranking_counts_the_rows_with_a_next_item(void **state)
{
	(void)state;
	config *c = small_config(TWO_HEADS, "task.target_events=purchase", NULL);
	train_new(c, "counted");
	cJSON *classes = tree_of("counted", "report/report.json"), *ranked = tree_of("counted", "report/next_item/report.json");
	double rows, targets;
	assert_true(json_get_number(cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(classes, "splits"), "test"), "rows", &rows));
	assert_true(json_get_number(cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(ranked, "splits"), "test"), "rows", &targets));
	assert_true(targets > 0 && targets < rows);
	size_t length;
	char *text = run_file("counted", "report/next_item/report.txt", &length);
	assert_non_null(strstr(text, "they are not ranked"));
	free(text);
	cJSON_Delete(classes);
	cJSON_Delete(ranked);
	config_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_bits_at_any_number_of_threads_and_stops),
		cmocka_unit_test(the_head_alone_is_the_run_without_the_other_loss),
		cmocka_unit_test(the_report_says_whether_the_second_head_helps),
		cmocka_unit_test(either_head_may_choose_the_checkpoint),
		cmocka_unit_test(evaluate_repeats_both_reports),
		cmocka_unit_test(such_a_run_predicts_recommends_and_embeds),
		cmocka_unit_test(the_ranking_counts_the_rows_with_a_next_item),
	};
	return cmocka_run_group_tests(tests, runs_set_up, scratch_tear_down);
}
