/* What class weights and drawn negatives do to the prior. */
#include "unit/trainer/runs.h"

#include "trainer/member.h"

#include <math.h>

/* So many training samples of each class. */
static samples *counted(const size_t *of_class, size_t classes)
{
	samples *all = xcalloc(1, sizeof *all);
	all->classes = classes;
	for (size_t k = 0; k < classes; k++)
		for (size_t i = 0; i < of_class[k]; i++) {
			all->item = xrealloc(all->item, all->count + 1, sizeof *all->item);
			all->item[all->count++] = (sample){ .label = (uint32_t)k, .part = PART_TRAIN };
		}
	return all;
}

static void counted_free(samples *all)
{
	free(all->item);
	free(all);
}

static void assert_shift(const char *set, const size_t *of_class, size_t classes, const double *expected)
{
	sr_error err = { 0 };
	config *c = small_config(set, NULL);
	samples *all = counted(of_class, classes);
	float *weight = NULL;
	double *shift = member_shift(c, all, 0, &weight, &err);
	assert_fine(&err);
	for (size_t k = 0; k < classes; k++)
		if (!(fabs(shift[k] - expected[k]) < 1e-12))
			fail_msg("%s: class %zu is shifted by %g, not %g", set, k, shift[k], expected[k]);
	free(shift);
	free(weight);
	counted_free(all);
	config_free(c);
}

static void nothing_is_shifted_without_weights_and_draws(void **state)
{
	(void)state;
	assert_shift("train.epochs=1", (size_t[]){ 90, 10 }, 2, (double[]){ 0, 0 });
}

static void class_weights_shift_by_their_logarithm(void **state)
{
	(void)state;
	assert_shift("train.class_weights=[1, 4]", (size_t[]){ 90, 10 }, 2, (double[]){ 0, log(4) });
	assert_shift("train.class_weights=balanced", (size_t[]){ 90, 10 }, 2, (double[]){ log(100.0 / 180), log(100.0 / 20) });
	assert_shift("train.class_weights=balanced", (size_t[]){ 6, 3, 1 }, 3, (double[]){ log(10.0 / 18), log(10.0 / 9), log(10.0 / 3) });
}

static void drawn_negatives_shift_by_their_share(void **state)
{
	(void)state;
	assert_shift("train.negatives_per_positive=3", (size_t[]){ 90, 10 }, 2, (double[]){ log(30.0 / 90), 0 });
	assert_shift("train.negatives_per_positive=20", (size_t[]){ 90, 10 }, 2, (double[]){ 0, 0 }); /* there are no more */
	assert_shift("train.negatives_per_positive=3", (size_t[]){ 90, 10, 5 }, 3, (double[]){ 0, 0, 0 });
}

/* Less than one negative would be an infinite shift, and no probability at all. */
static void at_least_one_negative_is_drawn(void **state)
{
	(void)state;
	assert_shift("train.negatives_per_positive=0.01", (size_t[]){ 90, 10 }, 2, (double[]){ log(1.0 / 90), 0 });
}

static void weights_must_be_one_positive_number_for_each_class(void **state)
{
	(void)state;
	static const char *const wrong[] = { "train.class_weights=[1]", "train.class_weights=[1, 2, 3]", "train.class_weights=[1, 0]", "train.class_weights=[1, -1]", "train.class_weights=[\"a\", \"b\"]" };
	samples *all = counted((size_t[]){ 2, 2 }, 2);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		sr_error err = { 0 };
		float *weight = NULL;
		config *c = small_config(wrong[i], NULL);
		assert_null(member_shift(c, all, 0, &weight, &err));
		assert_null(weight);
		assert_says(&err, SR_CONFIG, "for each of the 2 classes");
		config_free(c);
	}
	counted_free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(nothing_is_shifted_without_weights_and_draws),
		SCRATCH_TEST(class_weights_shift_by_their_logarithm),
		SCRATCH_TEST(drawn_negatives_shift_by_their_share),
		SCRATCH_TEST(at_least_one_negative_is_drawn),
		SCRATCH_TEST(weights_must_be_one_positive_number_for_each_class),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
