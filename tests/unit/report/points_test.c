/* Curves for pictures: few points, the right ends, counts that add up. */

#include "report/points.h"
#include "golden/holm_golden.h"

#include "report/compare.h"
#include "report/html.h"

#include "seqrec/memory.h"
#include "seqrec/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 5000 };
static double score[ROWS];
static uint32_t label[ROWS];

static binary rows_of(void)
{
	for (uint32_t i = 0; i < ROWS; i++) {
		label[i] = random_uniform(1, 1, 0, i) < .2;
		score[i] = 1 / (1 + exp(1.5 - 2 * label[i] - random_normal(1, 2, 0, i)));
	}
	return (binary){ score, 1, label, 1, NULL, ROWS };
}

static void curves_have_few_points_and_end_where_all_rows_are_taken(void **state)
{
	(void)state;
	binary b = rows_of();
	picture *p = picture_new(&b, .5);
	const points *all[] = { &p->roc, &p->pr, &p->gain, &p->lift };
	for (size_t i = 0; i < 4; i++) {
		assert_in_range(all[i]->count, 50, POINTS_MOST + 2);
		assert_true(all[i]->at[all[i]->count - 1].x == 1);
	}
	assert_true(p->roc.at[0].x == 0 && p->roc.at[0].y == 0 && p->roc.at[p->roc.count - 1].y == 1);
	assert_true(fabs(p->lift.at[p->lift.count - 1].y - 1) < 1e-12);
	free(p);
}

/* The area under the thinned curve is the area under the whole one, but for what the eye cannot see. */
static void the_thinned_roc_curve_has_the_same_area(void **state)
{
	(void)state;
	binary b = rows_of();
	picture *p = picture_new(&b, .5);
	double area = 0;
	for (size_t i = 1; i < p->roc.count; i++)
		area += (p->roc.at[i].x - p->roc.at[i - 1].x) * (p->roc.at[i].y + p->roc.at[i - 1].y) / 2;
	assert_true(fabs(area - metric_roc_auc(&b).value) < .003);
	free(p);
}

static void the_parts_of_the_brier_score_add_up(void **state)
{
	(void)state;
	binary b = rows_of();
	picture *p = picture_new(&b, .5);
	assert_true(fabs(p->reliability - p->resolution + p->uncertainty + p->within - metric_brier(&b).value) < 1e-12);
	assert_true(p->reliability >= 0 && p->resolution > 0 && fabs(p->within) < .01);
	free(p);
}

static void histogram_and_calibration_count_every_row(void **state)
{
	(void)state;
	binary b = rows_of();
	picture *p = picture_new(&b, .5);
	uint64_t rows = 0, bins = 0, hits = 0;
	for (size_t i = 0; i < HISTOGRAM_BINS; i++)
		rows += p->histogram[0][i] + p->histogram[1][i];
	for (size_t i = 0; i < CALIBRATION_BINS; i++) {
		bins += p->bin[i].rows;
		hits += p->bin[i].hits;
	}
	assert_int_equal(rows, ROWS);
	assert_int_equal(bins, ROWS);
	assert_int_equal(hits, p->positives);
	free(p);
}

static void choices_are_what_counting_gives(void **state)
{
	(void)state;
	binary b = rows_of();
	picture *p = picture_new(&b, .37);
	for (size_t c = 0; c < p->choices; c++) {
		uint64_t hits = 0, alarms = 0;
		for (size_t i = 0; i < ROWS; i++) {
			hits += score[i] >= p->choice[c].threshold && label[i];
			alarms += score[i] >= p->choice[c].threshold && !label[i];
		}
		assert_int_equal(p->choice[c].hits, hits);
		assert_int_equal(p->choice[c].alarms, alarms);
	}
	free(p);
}

static void one_class_alone_has_no_curve(void **state)
{
	(void)state;
	static const uint32_t same[3];
	assert_null(picture_new(&(binary){ score, 1, same, 1, NULL, 3 }, .5));
}

static void a_string_cannot_leave_its_place_in_the_page(void **state)
{
	(void)state;
	text t = { 0 };
	html_text(&t, "</script><b a=\"x\" c='y'>&\033\xFF");
	assert_string_equal(t.data, "&lt;/script&gt;&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;\xEF\xBF\xBD\xEF\xBF\xBD");
	text_free(&t);
}

static void holms_correction_is_statsmodels(void **state)
{
	(void)state;
	for (size_t c = 0; c < sizeof golden_holm / sizeof *golden_holm; c++) {
		double p[10], adjusted[10];
		memcpy(p, golden_holm[c].p, sizeof p);
		holm_adjust(p, golden_holm[c].count, adjusted);
		for (size_t i = 0; i < golden_holm[c].count; i++)
			assert_true(fabs(adjusted[i] - golden_holm[c].adjusted[i]) < 1e-12);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(curves_have_few_points_and_end_where_all_rows_are_taken),
		cmocka_unit_test(the_thinned_roc_curve_has_the_same_area),
		cmocka_unit_test(the_parts_of_the_brier_score_add_up),
		cmocka_unit_test(histogram_and_calibration_count_every_row),
		cmocka_unit_test(choices_are_what_counting_gives),
		cmocka_unit_test(one_class_alone_has_no_curve),
		cmocka_unit_test(a_string_cannot_leave_its_place_in_the_page),
		cmocka_unit_test(holms_correction_is_statsmodels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
