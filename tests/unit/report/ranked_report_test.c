/* A ranking's report on ranks written by hand. */
#include "unit/base/scratch.h"

#include "seqrec/json.h"
#include "seqrec/metrics.h"
#include "seqrec/report.h"

#include <math.h>

static const uint32_t model[4] = { 1, 2, 11, UINT32_MAX }, floor_ranks[4] = { 4, UINT32_MAX, 30, 12 }, users[4] = { 1, 2, 3, 3 };

static ranked_report small(const ranked_split *split, const ranked_entry *entry)
{
	return (ranked_report){ .title = "run", .task = "what next?", .protocol = "all items", .split = split, .split_count = 1, .entry = entry, .entry_count = 2, .items = 40, .resamples = 50, .seed = 1 };
}

static const uint32_t *const model_rank[] = { model }, *const floor_rank[] = { floor_ranks };
static const ranked_split split = { .name = "test", .rows = 4, .group = users, .unknown = 1 };
static const ranked_entry entries[] = { { "model", model_rank }, { "popularity", floor_rank } };

static double number_at(const cJSON *tree, int entry, const char *key)
{
	double value = -1;
	const cJSON *floors = cJSON_GetObjectItemCaseSensitive(tree, "floors"), *parts = entry ? cJSON_GetArrayItem(floors, entry - 1) : cJSON_GetObjectItemCaseSensitive(tree, "splits");
	assert_true(json_get_number(cJSON_GetObjectItemCaseSensitive(parts, "test"), key, &value));
	return value;
}

static void the_numbers_are_those_of_the_ranks(void **state)
{
	(void)state;
	ranked_report r = small(&split, entries);
	char *json = ranked_report_json(&r);
	cJSON *tree = json_parse(json, strlen(json), false, "report", SR_DATA, NULL);
	assert_non_null(tree);
	assert_true(number_at(tree, 0, "hr@10") == 0.5);
	assert_true(number_at(tree, 0, "hr@20") == 0.75);
	assert_true(fabs(number_at(tree, 0, "ndcg@10") - (1 + 1 / log2(3)) / 4) < 1e-15);
	assert_true(fabs(number_at(tree, 0, "mrr") - (1 + 0.5 + 1.0 / 11) / 4) < 1e-15); /* the unknown target counts below the line only */
	assert_true(number_at(tree, 1, "hr@5") == 0.25);
	assert_true(number_at(tree, 0, "unknown_targets") == 1);
	cJSON_Delete(tree);
	free(json);
}

static void a_model_behind_its_floor_says_so(void **state)
{
	(void)state;
	const ranked_entry turned[] = { entries[1], { "Markov chain", model_rank } };
	ranked_report r = small(&split, turned);
	char *text_of = ranked_report_text(&r), *markdown = ranked_report_markdown(&r);
	assert_non_null(strstr(text_of, "THE MODEL DOES NOT BEAT Markov chain: NDCG@10"));
	assert_non_null(strstr(markdown, "THE MODEL DOES NOT BEAT Markov chain: NDCG@10"));
	assert_non_null(strstr(text_of, "1 targets are items that training never saw"));
	free(text_of);
	free(markdown);
}

static void without_rows_nothing_is_defined(void **state)
{
	(void)state;
	const ranked_split none = { .name = "test", .group = users };
	ranked_report r = small(&none, entries);
	char *json = ranked_report_json(&r), *text_of = ranked_report_text(&r);
	assert_non_null(strstr(json, "\"hr@10\":null"));
	assert_non_null(strstr(text_of, "undefined"));
	free(json);
	free(text_of);
}

static void means_are_resampled_by_user(void **state)
{
	(void)state;
	const double value[4] = { 0, 0, 1, 1 };
	const uint32_t one_user[4] = { 5, 5, 5, 5 };
	interval all = interval_of_mean(value, 4, &(bootstrap){ one_user, 100, .95, 1 });
	assert_true(all.defined && all.low == 0.5 && all.high == 0.5); /* one user: every draw is the same */
	interval rows = interval_of_mean(value, 4, &(bootstrap){ NULL, 400, .95, 1 });
	assert_true(rows.low == 0 && rows.high == 1);
	assert_false(interval_of_mean(value, 0, &(bootstrap){ NULL, 400, .95, 1 }).defined);
}

static void three_files_are_written(void **state)
{
	(void)state;
	sr_error err = { 0 };
	ranked_report r = small(&split, entries);
	assert_true(ranked_report_write(&r, in_scratch("report"), &err));
	assert_true(file_exists(in_scratch("report/report.txt")) && file_exists(in_scratch("report/report.json")) && file_exists(in_scratch("report/report.md")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_numbers_are_those_of_the_ranks), cmocka_unit_test(a_model_behind_its_floor_says_so), cmocka_unit_test(without_rows_nothing_is_defined),
		cmocka_unit_test(means_are_resampled_by_user), SCRATCH_TEST(three_files_are_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
