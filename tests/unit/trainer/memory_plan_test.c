/* What a training needs, and when it is refused. */
#include "unit/trainer/next_runs.h"

#include "trainer/memory_plan.h"

static double needed(const char *set)
{
	fitted t = next_fitted(set);
	model *m = model_new(&t.c->model, features_shape(t.f));
	double bytes = memory_needed(t.c, t.d.s, t.d.all, t.f, m);
	model_free(m);
	fitted_free(&t);
	return bytes;
}

static void a_wider_model_and_more_threads_need_more(void **state)
{
	(void)state;
	double usual = needed(NULL);
	assert_true(usual > 5e6 && usual < 50e6);
	assert_true(needed("model.width=512") > usual + 2e6);
	assert_true(needed("run.threads=64") > usual + 5e6);
}

static void a_training_that_would_not_fit_is_refused_with_the_setting_to_lower(void **state)
{
	(void)state;
	fitted t = next_fitted("run.memory=1MiB");
	model *m = model_new(&t.c->model, features_shape(t.f));
	sr_error err = { 0 };
	assert_false(memory_check(t.c, t.d.s, t.d.all, t.f, m, &err));
	assert_int_equal(err.code, SR_MEMORY);
	assert_non_null(strstr(err.text, "run.memory"));
	assert_non_null(strstr(err.text, "Lower run.threads"));
	model_free(m);
	fitted_free(&t);
}

static void without_a_limit_it_is_the_machines(void **state)
{
	(void)state;
	fitted t = next_fitted(NULL);
	assert_true(memory_limit(t.c) > 100e6);
	fitted_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wider_model_and_more_threads_need_more),
		cmocka_unit_test(a_training_that_would_not_fit_is_refused_with_the_setting_to_lower),
		cmocka_unit_test(without_a_limit_it_is_the_machines),
	};
	return cmocka_run_group_tests(tests, next_set_up, scratch_tear_down);
}
