/* The report's three files: what they say, and what they refuse to say. */

#include "seqrec/report.h"

#include "seqrec/file.h"
#include "seqrec/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 8 };
static const uint32_t label[ROWS] = { 0, 0, 1, 0, 1, 0, 1, 1 }, one_class[ROWS];
static const double model[2 * ROWS] = { .9, .1, .8, .2, .3, .7, .7, .3, .4, .6, .6, .4, .1, .9, .2, .8 };
static const double flat[2 * ROWS] = { .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5 };
static const char *const names[] = { "ignore", "buy|now" };
static const char *const notes[] = { "3 samples were censored." };

/* A model with one floor, on validation and test. */
typedef struct {
	scored of_model[2], of_floor[2];
	report_entry entry[2];
	report report;
} sample;

static void sample_make(sample *s, const double *score, const double *floor, const uint32_t *labels)
{
	const char *split[] = { "validation", "test" };
	for (int i = 0; i < 2; i++) {
		s->of_model[i] = (scored){ split[i], ROWS, 2, score, labels, NULL };
		s->of_floor[i] = (scored){ split[i], ROWS, 2, floor, labels, NULL };
	}
	s->entry[0] = (report_entry){ "model", s->of_model, 2, .5 };
	s->entry[1] = (report_entry){ "logistic", s->of_floor, 2, .5 };
	s->report = (report){ "shop", "buy within 14 days", names, 2, s->entry, 2, "f1 on validation", "{\"rows\":8}", "events: read 9", "{\"seed\":1}", notes, 1, 2, 50, 1 };
}

static cJSON *json_of(const report *r)
{
	sr_error err = { 0 };
	char *text = report_json(r);
	cJSON *tree = json_parse(text, strlen(text), false, "report.json", SR_INTERNAL, &err);
	assert_string_equal(err.text, "");
	free(text);
	return tree;
}

static const cJSON *at(const cJSON *tree, const char *a, const char *b, const char *c, const char *d)
{
	const char *path[] = { a, b, c, d };
	for (int i = 0; i < 4 && path[i]; i++)
		tree = cJSON_GetObjectItemCaseSensitive(tree, path[i]);
	return tree;
}

static void json_has_the_documented_places(void **state)
{
	(void)state;
	sample s;
	sample_make(&s, model, flat, label);
	cJSON *tree = json_of(&s.report);
	assert_string_equal(at(tree, "task", NULL, NULL, NULL)->valuestring, "buy within 14 days");
	assert_true(at(tree, "splits", "test", "roc_auc", NULL)->valuedouble == 1);
	assert_true(at(tree, "splits", "test", "positives", NULL)->valuedouble == 4);
	assert_true(at(tree, "splits", "validation", "threshold", NULL)->valuedouble == .5);
	assert_true(at(tree, "floors", "logistic", "test", "roc_auc")->valuedouble == .5);
	assert_true(at(tree, "splits", "test", "classification_report", "accuracy")->valuedouble == 1);
	assert_true(cJSON_GetArrayItem(cJSON_GetArrayItem(at(tree, "splits", "test", "confusion_matrix", NULL), 1), 1)->valuedouble == 4);
	assert_int_equal(cJSON_GetArraySize(at(tree, "splits", "test", "intervals", "roc_auc")), 2);
	assert_true(at(tree, "data", "rows", NULL, NULL)->valuedouble == 8);
	assert_true(at(tree, "run", "seed", NULL, NULL)->valuedouble == 1);
	assert_string_equal(cJSON_GetArrayItem(at(tree, "notes", NULL, NULL, NULL), 0)->valuestring, notes[0]);
	cJSON_Delete(tree);
}

static void an_undefined_metric_is_null_with_its_reason(void **state)
{
	(void)state;
	sample s;
	sample_make(&s, model, flat, one_class);
	cJSON *tree = json_of(&s.report);
	assert_true(cJSON_IsNull(at(tree, "splits", "test", "roc_auc", NULL)));
	assert_string_equal(at(tree, "splits", "test", "reasons", "roc_auc")->valuestring, "one class only");
	assert_null(at(tree, "splits", "test", "reasons", "brier"));
	cJSON_Delete(tree);
	char *text = report_text(&s.report);
	assert_non_null(strstr(text, "undefined   (one class only)"));
	free(text);
}

static void the_text_says_whether_the_floor_is_beaten(void **state)
{
	(void)state;
	sample s;
	sample_make(&s, model, flat, label);
	char *text = report_text(&s.report);
	assert_non_null(strstr(text, "The model beats the logistic floor: ROC AUC 0.5000 higher, 95 % interval 0.5000 to 0.5000."));
	free(text);
	sample_make(&s, flat, model, label);
	text = report_text(&s.report);
	assert_non_null(strstr(text, "THE MODEL DOES NOT BEAT the logistic floor: ROC AUC 0.5000 lower"));
	free(text);
}

static void a_lead_within_chance_is_not_called_a_victory(void **state)
{
	(void)state;
	double weak[2 * ROWS];
	memcpy(weak, flat, sizeof weak);
	weak[4] = .4, weak[5] = .6; /* one positive a little up: AUC .625 */
	weak[6] = .45, weak[7] = .55;
	sample s;
	sample_make(&s, weak, flat, label);
	char *text = report_text(&s.report);
	assert_non_null(strstr(text, "The model is not shown to beat the logistic floor"));
	assert_non_null(strstr(text, "which holds zero"));
	free(text);
}

static void the_text_holds_table_confusion_report_data_and_notes(void **state)
{
	(void)state;
	sample s;
	sample_make(&s, model, flat, label);
	char *text = report_text(&s.report);
	assert_non_null(strstr(text, "test: 8 rows, 4 buy|now (50.0 %)"));
	assert_non_null(strstr(text, "buy|now is predicted from a probability of 0.5 upwards (f1 on validation)."));
	assert_non_null(strstr(text, "   ignore |        4        0\n"));
	assert_non_null(strstr(text, "weighted avg       1.00      1.00      1.00         8\n"));
	assert_non_null(strstr(text, "events: read 9\n"));
	assert_non_null(strstr(text, "* 3 samples were censored.\n"));
	free(text);
}

static void markdown_escapes_what_would_break_its_tables(void **state)
{
	(void)state;
	sample s;
	sample_make(&s, model, flat, label);
	char *text = report_markdown(&s.report);
	assert_non_null(strstr(text, "| buy\\|now | 0 | 4 |"));
	assert_non_null(strstr(text, "| model | test | 8 | 1.0000 |"));
	free(text);
	sample_make(&s, model, flat, one_class);
	s.report.title = "a <b>\nsecond & line";
	text = report_markdown(&s.report);
	assert_non_null(strstr(text, "# a &lt;b> second &amp; line\n"));
	assert_non_null(strstr(text, "| undefined: one class only |"));
	assert_non_null(strstr(text, "cannot be compared with the logistic floor: one class only."));
	free(text);
}

/* Without resamples the plain difference decides. */
static void no_resamples_leave_no_intervals(void **state)
{
	(void)state;
	sample s;
	sample_make(&s, model, flat, label);
	s.report.resamples = 0;
	char *text = report_text(&s.report);
	assert_null(strstr(text, "interval"));
	assert_non_null(strstr(text, "The model beats the logistic floor: ROC AUC 0.5000 higher."));
	free(text);
	cJSON *tree = json_of(&s.report);
	assert_true(cJSON_IsNull(at(tree, "splits", "test", "intervals", "roc_auc")));
	assert_non_null(cJSON_GetObjectItemCaseSensitive(at(tree, "splits", "test", "intervals", "reasons"), "roc_auc"));
	cJSON_Delete(tree);
}

static void without_a_split_called_test_the_last_one_is_the_headline(void **state)
{
	(void)state;
	sample s;
	sample_make(&s, model, flat, label);
	s.of_model[1].name = s.of_floor[1].name = "holdout";
	char *text = report_text(&s.report);
	assert_non_null(strstr(text, "\nholdout: 8 rows"));
	free(text);
}

static void more_than_two_classes_have_no_threshold(void **state)
{
	(void)state;
	static const double score[] = { .6, .3, .1, .2, .5, .3, .1, .1, .8, .5, .3, .2 };
	static const uint32_t labels[] = { 0, 1, 2, 1 };
	static const char *const three[] = { "a", "b", "c" };
	scored split = { "test", 4, 3, score, labels, NULL };
	report_entry entry = { "model", &split, 1, .5 };
	report r = { "t", "t", three, 3, &entry, 1, NULL, NULL, NULL, NULL, NULL, 0, 2, 0, 1 };
	cJSON *tree = json_of(&r);
	assert_true(cJSON_IsNull(at(tree, "splits", "test", "threshold", NULL)));
	assert_non_null(at(tree, "splits", "test", "reasons", "threshold"));
	assert_true(at(tree, "splits", "test", "classification_report", "accuracy")->valuedouble == .75);
	cJSON_Delete(tree);
	char *text = report_text(&r);
	assert_non_null(strstr(text, "The most probable class is predicted."));
	free(text);
}

static void control_bytes_in_names_do_not_reach_the_terminal(void **state)
{
	(void)state;
	static const char *const evil[] = { "a", "\033[2Jb" };
	sample s;
	sample_make(&s, model, flat, label);
	s.report.class_name = evil;
	char *text = report_text(&s.report);
	assert_null(strchr(text, '\033'));
	free(text);
}

static void three_files_are_written_and_equal_the_texts(void **state)
{
	(void)state;
	char folder[] = "/tmp/seqrec_report_XXXXXX";
	assert_non_null(mkdtemp(folder));
	sample s;
	sample_make(&s, model, flat, label);
	sr_error err = { 0 };
	char *inside = path_join(folder, "report");
	assert_true(report_write(&s.report, inside, &err));
	char *path = path_join(inside, "report.json"), *want = report_json(&s.report), *md = path_join(inside, "report.md"), *txt = path_join(inside, "report.txt");
	char *got = file_read(path, 1 << 20, NULL, &err);
	assert_string_equal(got, want);
	assert_true(file_exists(md) && file_exists(txt));
	assert_true(folder_remove(folder, &err));
	free(inside), free(path), free(want), free(md), free(txt), free(got);
}

static void a_probability_beyond_one_is_a_fault_of_ours_and_nothing_is_written(void **state)
{
	(void)state;
	double wrong[2 * ROWS];
	memcpy(wrong, model, sizeof wrong);
	wrong[1] = 9;
	sample s;
	sample_make(&s, wrong, flat, label);
	sr_error err = { 0 };
	assert_false(report_write(&s.report, "/tmp/seqrec_report_never_made", &err));
	assert_int_equal(err.code, SR_INTERNAL);
	assert_false(file_exists("/tmp/seqrec_report_never_made"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_has_the_documented_places),
		cmocka_unit_test(an_undefined_metric_is_null_with_its_reason),
		cmocka_unit_test(the_text_says_whether_the_floor_is_beaten),
		cmocka_unit_test(a_lead_within_chance_is_not_called_a_victory),
		cmocka_unit_test(the_text_holds_table_confusion_report_data_and_notes),
		cmocka_unit_test(markdown_escapes_what_would_break_its_tables),
		cmocka_unit_test(no_resamples_leave_no_intervals),
		cmocka_unit_test(without_a_split_called_test_the_last_one_is_the_headline),
		cmocka_unit_test(more_than_two_classes_have_no_threshold),
		cmocka_unit_test(control_bytes_in_names_do_not_reach_the_terminal),
		cmocka_unit_test(three_files_are_written_and_equal_the_texts),
		cmocka_unit_test(a_probability_beyond_one_is_a_fault_of_ours_and_nothing_is_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
