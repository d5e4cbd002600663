/* What must hold for any report: each broken invariant is found and named. */

#include "report/findings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const double score[] = { .9, .1, .2, .8, .7, .3, .4, .6 };
static const uint32_t label[] = { 0, 1, 0, 1 };
static const char *const names[] = { "ignore", "buy" };
static const scored split = { "test", 4, 2, score, label, NULL };
static const report_entry entry = { "model", &split, 1, .5 };
static const report sample = { .title = "t", .task = "t", .class_name = names, .classes = 2, .entry = &entry, .entry_count = 1, .digits = 2, .resamples = 20, .seed = 1 };

/* Breaks one thing in sound findings and expects that the error names it. */
static void assert_found(void (*break_it)(finding *f), const char *what)
{
	findings *f = findings_new(&sample);
	sr_error sound = { 0 }, err = { 0 };
	assert_true(findings_check(f, &sound));
	break_it(findings_at(f, 0, 0));
	assert_false(findings_check(f, &err));
	assert_int_equal(err.code, SR_INTERNAL);
	if (!strstr(err.text, what) || !strstr(err.text, "model on test"))
		fail_msg("%s", err.text);
	findings_free(f);
}

static void break_score(finding *f) { f->score[SCORE_BRIER].value = -.1; }
static void break_nan(finding *f) { f->score[SCORE_ROC_AUC].value = f->score[SCORE_ROC_AUC].value / 0. * 0.; }
static void break_f1(finding *f) { f->decisions->of_class[1].f1 = 1.1; }
static void break_rows(finding *f) { f->decisions->of_class[0].support++; }
static void break_accuracy(finding *f) { f->decisions->accuracy = .3; }
static void break_interval(finding *f) { f->roc_auc.low = 2; }

static void a_metric_outside_its_range_is_found(void **state)
{
	(void)state;
	assert_found(break_score, "Brier");
	assert_found(break_nan, "ROC AUC");
	assert_found(break_f1, "F1");
}

static void a_row_counted_twice_is_found(void **state)
{
	(void)state;
	assert_found(break_rows, "confusion matrix");
}

static void an_accuracy_that_is_not_micro_f1_is_found(void **state)
{
	(void)state;
	assert_found(break_accuracy, "accuracy");
}

static void an_interval_that_is_upside_down_is_found(void **state)
{
	(void)state;
	assert_found(break_interval, "interval");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_metric_outside_its_range_is_found),
		cmocka_unit_test(a_row_counted_twice_is_found),
		cmocka_unit_test(an_accuracy_that_is_not_micro_f1_is_found),
		cmocka_unit_test(an_interval_that_is_upside_down_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
