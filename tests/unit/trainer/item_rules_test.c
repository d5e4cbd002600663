/* The rules on a log small enough to count by hand. */
#include "unit/trainer/next_runs.h"

#include "trainer/item_rules.h"

#include <math.h>

/* Training holds a b c of u, a c of v, b of w (whose last two events are held out). */
static int by_hand(void **state)
{
	static const char log[] = "user,item,time\nu,a,1\nu,b,2\nu,c,3\nu,d,4\nu,a,5\nv,a,1\nv,c,2\nv,b,3\nv,d,4\nw,b,1\nw,c,2\nw,a,3\n";
	int failed = scratch_set_up(state);
	if (!failed)
		assert_true(file_write(in_scratch("walks.csv"), log, sizeof log - 1, NULL));
	return failed;
}

static uint32_t row_of(const fitted *t, const char *item)
{
	return features_item_row(t->f, vocabulary_find(t->d.s->item_ids, item, strlen(item)));
}

/* The scores for the test sample of `user`. */
static float *scored(const fitted *t, item_rule *rule, const char *user)
{
	uint32_t code = vocabulary_find(t->d.s->user_ids, user, strlen(user)), number = 0;
	while (t->d.all->item[number].user != code || t->d.all->item[number].part != PART_TEST)
		number++;
	float *score = xcalloc(features_shape(t->f)->event[features_shape(t->f)->item].rows, sizeof *score);
	rule_bind(rule, t->f, t->d.all, t->d.s);
	assert_true(rule_fill(rule, &number, 1, 0, score, NULL));
	return score;
}

static void assert_near(float value, double expected)
{
	if (fabs((double)value - expected) > 1e-6)
		fail_msg("%.9g, not %.9g", (double)value, expected);
}

/* The rule of that kind, counted in the log. */
static item_rule *counted(const fitted *t, rule_kind kind)
{
	char *why = NULL;
	thread_pool *pool = thread_pool_new(2);
	item_counts *counts = item_counts_new(t->f, t->d.all, t->d.s);
	item_rule *rule = rule_fit(kind, counts, t->c, pool, &why, NULL);
	assert_null(why);
	assert_non_null(rule);
	item_counts_free(counts);
	thread_pool_free(pool);
	return rule;
}

/* u a b c, v a c: w has no training target, so nothing of it is training. */
static void counts_are_those_of_training(void **state)
{
	(void)state;
	fitted t = next_fitted(NULL);
	item_rule *popularity = counted(&t, RULE_POPULARITY), *last_item = counted(&t, RULE_LAST);
	float *popular = scored(&t, popularity, "u"), *last = scored(&t, last_item, "v");
	assert_near(popular[row_of(&t, "a")], 2);
	assert_near(popular[row_of(&t, "b")], 1);
	assert_near(popular[row_of(&t, "c")], 2);
	assert_near(last[row_of(&t, "b")], 1);
	assert_near(last[row_of(&t, "c")], 0);
	const uint32_t *order = rule_order(popularity);
	assert_true(order[row_of(&t, "c")] < order[row_of(&t, "b")] && order[row_of(&t, "a")] < order[row_of(&t, "b")]);
	free(popular);
	free(last);
	rule_free(popularity);
	rule_free(last_item);
	fitted_free(&t);
}

/* Training times are 1 2 3 of u and 1 2 of v: the last tenth is the event of time 3, of item c. */
static void recent_popularity_counts_the_last_tenth(void **state)
{
	(void)state;
	fitted t = next_fitted(NULL);
	item_rule *rule = counted(&t, RULE_RECENT);
	float *score = scored(&t, rule, "u");
	assert_near(score[row_of(&t, "a")], 0);
	assert_near(score[row_of(&t, "c")], 1);
	free(score);
	rule_free(rule);
	fitted_free(&t);
}

/* a -> b 1, a -> c 1/2 + 1, b -> c 1; w's test history is b c: c leads nowhere, b (weight 1/2) to c alone. u's is a b c d: weights d 1, c 1/2, b 1/4, a 1/8. */
static void the_chain_counts_by_distance_and_recency(void **state)
{
	(void)state;
	fitted t = next_fitted(NULL);
	item_rule *rule = counted(&t, RULE_MARKOV);
	float *w = scored(&t, rule, "w"), *u = scored(&t, rule, "u");
	assert_near(w[row_of(&t, "c")], 0.5);
	assert_near(w[row_of(&t, "b")], 0);
	assert_near(u[row_of(&t, "b")], 0.125 * 1 / 2.5);
	assert_near(u[row_of(&t, "c")], 0.25 + 0.125 * 1.5 / 2.5);
	free(w);
	free(u);
	rule_free(rule);
	fitted_free(&t);
}

/* Users with a: u, v; b: u; c: u, v. cos(a,c) = 2/2, cos(b,a) = cos(b,c) = 1/sqrt(2). w's history: b c. */
static void neighbours_go_by_the_cosine_of_users(void **state)
{
	(void)state;
	fitted t = next_fitted(NULL);
	item_rule *rule = counted(&t, RULE_NEIGHBOURS);
	float *w = scored(&t, rule, "w");
	assert_near(w[row_of(&t, "a")], 1 / sqrt(2) + 1);
	free(w);
	rule_free(rule);
	fitted_free(&t);
}

/* numpy: P = inv([[2,1,2],[1,1,1],[2,1,2]] + I); B = -P / diag(P), 0 on the diagonal; w's history b c gives a: B[b,a] + B[c,a]. */
static void ease_is_the_closed_form(void **state)
{
	(void)state;
	fitted t = next_fitted("model.ease_penalty=1");
	item_rule *rule = counted(&t, RULE_EASE);
	float *w = scored(&t, rule, "w");
	assert_near(w[row_of(&t, "a")], 0.7999999999999999);
	assert_near(w[row_of(&t, "d")], 0);
	free(w);
	rule_free(rule);
	fitted_free(&t);
}

static void a_catalogue_above_the_limit_gets_no_ease_and_the_reason(void **state)
{
	(void)state;
	char *why = NULL;
	fitted t = next_fitted("model.ease_items=2");
	item_counts *counts = item_counts_new(t.f, t.d.all, t.d.s);
	assert_null(rule_fit(RULE_EASE, counts, t.c, NULL, &why, NULL));
	assert_non_null(strstr(why, "model.ease_items = 2"));
	free(why);
	item_counts_free(counts);
	fitted_free(&t);
}

static void a_rule_scores_the_same_after_it_was_saved_and_loaded(void **state)
{
	(void)state;
	fitted t = next_fitted(NULL);
	for (rule_kind kind = 0; kind < RULES; kind++) {
		item_rule *rule = counted(&t, kind), *again;
		assert_true(rule_save(rule, in_scratch("rule.safetensors"), NULL));
		again = rule_load(kind, in_scratch("rule.safetensors"), t.f, NULL);
		assert_non_null(again);
		float *before = scored(&t, rule, "u"), *after = scored(&t, again, "u");
		assert_memory_equal(before, after, features_shape(t.f)->event[features_shape(t.f)->item].rows * sizeof *before);
		assert_int_equal(rule_size(rule), rule_size(again));
		free(before);
		free(after);
		rule_free(rule);
		rule_free(again);
	}
	fitted_free(&t);
}

static void a_file_of_another_rule_is_refused(void **state)
{
	(void)state;
	sr_error err = { 0 };
	fitted t = next_fitted(NULL);
	item_rule *rule = counted(&t, RULE_POPULARITY);
	assert_true(rule_save(rule, in_scratch("popularity.safetensors"), NULL));
	assert_null(rule_load(RULE_MARKOV, in_scratch("popularity.safetensors"), t.f, &err));
	assert_int_equal(err.code, SR_MODEL);
	rule_free(rule);
	fitted_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_are_those_of_training),
		cmocka_unit_test(the_chain_counts_by_distance_and_recency),
		cmocka_unit_test(recent_popularity_counts_the_last_tenth),
		cmocka_unit_test(neighbours_go_by_the_cosine_of_users),
		cmocka_unit_test(ease_is_the_closed_form),
		cmocka_unit_test(a_catalogue_above_the_limit_gets_no_ease_and_the_reason),
		cmocka_unit_test(a_rule_scores_the_same_after_it_was_saved_and_loaded),
		cmocka_unit_test(a_file_of_another_rule_is_refused),
	};
	return cmocka_run_group_tests(tests, by_hand, scratch_tear_down);
}
