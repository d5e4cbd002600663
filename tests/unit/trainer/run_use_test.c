/* What is done with a trained run goes the same way as its training did. */
#include "unit/trainer/runs.h"

#include "seqrec/json.h"
#include "seqrec/metrics.h"
#include "seqrec/npy.h"
#include "trainer/dataset.h"

#include <math.h>

static config *settings;
static char run[256];

static int trained_set_up(void **state)
{
	if (runs_set_up(state))
		return -1;
	settings = small_config(NULL);
	train_new(settings, "trained");
	run_path("trained", run);
	return 0;
}

static int trained_tear_down(void **state)
{
	config_free(settings);
	return scratch_tear_down(state);
}

static void evaluating_again_repeats_the_report_byte_for_byte(void **state)
{
	(void)state;
	static const char *const files[] = { "report/report.json", "report/report.txt", "report/report.md" };
	sr_error err = { 0 };
	char *before[3], *text_out = NULL;
	size_t length[3];
	for (size_t i = 0; i < 3; i++)
		before[i] = run_file("trained", files[i], &length[i]);
	assert_true(run_evaluate(run, &(run_data){ 0 }, &text_out, &err));
	assert_string_equal(text_out, before[1]);
	for (size_t i = 0; i < 3; i++) {
		size_t again;
		char *after = run_file("trained", files[i], &again);
		assert_int_equal(again, length[i]);
		assert_memory_equal(after, before[i], again);
		free(after);
		free(before[i]);
	}
	free(text_out);
}

static void predicting_the_test_part_repeats_the_predictions_of_training(void **state)
{
	(void)state;
	sr_error err = { 0 };
	assert_true(run_predict(run, &(run_data){ .part = "test" }, in_scratch("trained/run/again.jsonl"), PREDICTIONS_JSONL, &err));
	assert_fine(&err);
	size_t a_length, b_length;
	char *a = run_file("trained", "predictions.jsonl", &a_length), *b = run_file("trained", "again.jsonl", &b_length);
	assert_int_equal(a_length, b_length);
	assert_memory_equal(a, b, a_length);
	free(a);
	free(b);
}

/* Scores from the lines of a prediction file, in their order. New. */
static double *read_scores(char *lines, size_t *count)
{
	double *score = calloc(strlen(lines) / 10 + 1, sizeof *score);
	*count = 0;
	for (char *line = lines, *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		cJSON *tree = json_parse(line, (size_t)(end - line), false, "line", SR_DATA, NULL);
		assert_true(json_get_number(tree, "p_buy", &score[(*count)++]));
		cJSON_Delete(tree);
	}
	return score;
}

static double reported(const char *split, const char *key)
{
	size_t length;
	double value = NAN;
	char *content = run_file("trained", "report/report.json", &length);
	cJSON *tree = json_parse(content, length, false, "report", SR_DATA, NULL);
	json_get_number(cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(tree, "splits"), split), key, &value);
	cJSON_Delete(tree);
	free(content);
	return value;
}

static void metrics_recomputed_from_the_predictions_are_those_of_the_report(void **state)
{
	(void)state;
	sr_error err = { 0 };
	dataset d;
	size_t length, count, rows;
	char *lines = run_file("trained", "predictions.jsonl", &length);
	double *score = read_scores(lines, &count);
	assert_true(dataset_open(&d, settings, run, NULL, true, &err) && samples_split(d.all, settings, d.s, &err));
	uint32_t *test = samples_select(d.all, settings, 0, PART_TEST, &rows), *label = calloc(rows, sizeof *label);
	assert_int_equal(count, rows);
	for (size_t i = 0; i < rows; i++)
		label[i] = d.all->item[test[i]].label;
	binary b = { .score = score, .stride = 1, .label = label, .positive = 1, .rows = rows };
	assert_true(fabs(metric_roc_auc(&b).value - reported("test", "roc_auc")) < 1e-9);
	assert_true(fabs(metric_average_precision(&b).value - reported("test", "average_precision")) < 1e-9);
	free(test);
	free(label);
	free(score);
	free(lines);
	dataset_close(&d);
}

static void predictions_are_made_for_users_as_of_the_end_of_the_log(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const char *out = in_scratch("trained/run/all.csv");
	assert_true(run_predict(run, &(run_data){ .part = "all" }, out, PREDICTIONS_CSV, &err));
	assert_fine(&err);
	size_t length, lines = 0;
	char *content = run_file("trained", "all.csv", &length);
	assert_true(text_starts(content, "row,user,item,time,p_buy,label\n"));
	for (size_t i = 0; i < length; i++)
		lines += content[i] == '\n';
	assert_int_equal(lines, USERS + 1); /* one cut, whatever the config's were */
	free(content);
}

static void a_cut_can_be_chosen_and_must_be_an_instant(void **state)
{
	(void)state;
	sr_error err = { 0 };
	assert_true(run_predict(run, &(run_data){ .part = "all", .cut = "2017-08-10T00:00:00Z" }, in_scratch("trained/run/cut.jsonl"), PREDICTIONS_JSONL, &err));
	size_t length;
	char *content = run_file("trained", "cut.jsonl", &length);
	assert_non_null(strstr(content, "\"time\":1502323200,"));
	free(content);
	assert_false(run_predict(run, &(run_data){ .cut = "soon" }, in_scratch("x"), PREDICTIONS_JSONL, &err));
	assert_says(&err, SR_CONFIG, "soon");
}

static void an_unknown_part_and_a_folder_without_a_run_are_refused(void **state)
{
	(void)state;
	sr_error part = { 0 }, nothing = { 0 };
	assert_false(run_predict(run, &(run_data){ .part = "train" }, in_scratch("x"), PREDICTIONS_JSONL, &part));
	assert_says(&part, SR_CONFIG, "--part train");
	char *text_out = NULL;
	assert_false(run_evaluate(scratch, &(run_data){ 0 }, &text_out, &nothing));
	assert_says(&nothing, SR_MODEL, "not a run directory");
	assert_null(text_out);
}

static void embeddings_have_a_row_and_an_id_for_each_user(void **state)
{
	(void)state;
	static const char *const which[] = { "h", "y", "z" };
	for (size_t i = 0; i < 3; i++) {
		sr_error err = { 0 };
		npy array;
		const char *out = in_scratch("trained/run/vectors.npy");
		assert_true(run_embed(run, &(run_data){ .part = "all" }, which[i], out, VECTORS_NPY, &err));
		assert_true(npy_map(&array, out, NPY_F32, &err));
		assert_int_equal(array.rows, USERS);
		assert_int_equal(array.columns, 8);
		for (size_t v = 0; v < array.rows * array.columns; v++)
			assert_true(isfinite(((const float *)array.data)[v]));
		npy_close(&array);
	}
	size_t length, lines = 0;
	char *ids = run_file("trained", "vectors.ids.txt", &length);
	for (size_t i = 0; i < length; i++)
		lines += ids[i] == '\n';
	assert_int_equal(lines, USERS);
	free(ids);
}

/* New logs: another folder's config, of users that training never saw. */
static void other_logs_are_scored_by_the_same_model(void **state)
{
	(void)state;
	sr_error err = { 0 };
	static const char log[] = "user,item,type,time\nnew,i1,browse,1503000000\nnew,i2,purchase,1503100000\nnew,i9,browse,1504000000\nbuyer,i1,browse,1503000000\nbuyer,i1,purchase,1503900000\nbuyer,i1,browse,1505000000\n";
	static const char other[] = "{\"data\": {\"events\": [{\"path\": \"other.csv\", \"time_format\": \"epoch_s\"}]}, \"task\": {\"cuts\": [\"2017-08-23\"]}}";
	file_write(in_scratch("other.csv"), log, sizeof log - 1, &err);
	char data[256];
	strcpy(data, in_scratch("other.json"));
	file_write(data, other, sizeof other - 1, &err);
	char *text_out = NULL;
	assert_true(run_evaluate(run, &(run_data){ .data = data }, &text_out, &err));
	assert_fine(&err);
	assert_non_null(text_out);
	free(text_out);
	assert_true(file_exists(in_scratch("trained/run/report_other/report.json")));
	assert_true(file_exists(in_scratch("store"))); /* the run's own store stays */
	evaluating_again_repeats_the_report_byte_for_byte(NULL);
}

static void a_plan_and_an_inspection_say_what_there_is(void **state)
{
	(void)state;
	sr_error err = { 0 };
	char *plan = run_plan(settings, run, false, &err);
	assert_fine(&err);
	assert_non_null(strstr(plan, "train"));
	free(plan);
	static const char *const paths[] = { "trained/run", "trained/run/model", "trained/run/model/model.safetensors", "store" };
	for (size_t i = 0; i < 4; i++)
		for (int json = 0; json < 2; json++) {
			char *words = run_inspect(in_scratch(paths[i]), json, &err);
			assert_fine(&err);
			if (json) {
				cJSON *tree = json_parse(words, strlen(words), false, paths[i], SR_INTERNAL, &err);
				assert_fine(&err);
				cJSON_Delete(tree);
			}
			free(words);
		}
}

static void preparing_writes_the_padded_arrays(void **state)
{
	(void)state;
	sr_error err = { 0 };
	char *summary = NULL, padded[256];
	strcpy(padded, in_scratch("padded"));
	assert_true(run_prepare(settings, run, padded, false, &summary, &err));
	assert_fine(&err);
	assert_non_null(summary);
	free(summary);
	assert_true(file_exists(in_scratch("padded/mask.npy")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evaluating_again_repeats_the_report_byte_for_byte),
		cmocka_unit_test(predicting_the_test_part_repeats_the_predictions_of_training),
		cmocka_unit_test(metrics_recomputed_from_the_predictions_are_those_of_the_report),
		cmocka_unit_test(predictions_are_made_for_users_as_of_the_end_of_the_log),
		cmocka_unit_test(a_cut_can_be_chosen_and_must_be_an_instant),
		cmocka_unit_test(an_unknown_part_and_a_folder_without_a_run_are_refused),
		cmocka_unit_test(embeddings_have_a_row_and_an_id_for_each_user),
		cmocka_unit_test(other_logs_are_scored_by_the_same_model),
		cmocka_unit_test(a_plan_and_an_inspection_say_what_there_is),
		cmocka_unit_test(preparing_writes_the_padded_arrays),
	};
	return cmocka_run_group_tests(tests, trained_set_up, trained_tear_down);
}
