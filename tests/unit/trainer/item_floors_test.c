/* The floors on a log small enough to count by hand. */
#include "unit/trainer/next_runs.h"

#include "trainer/item_floors.h"

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
static float *scored(const fitted *t, item_floors *floors, rank_fill *fill, const char *user)
{
	uint32_t code = vocabulary_find(t->d.s->user_ids, user, strlen(user)), number = 0;
	while (t->d.all->item[number].user != code || t->d.all->item[number].part != PART_TEST)
		number++;
	float *score = xcalloc(features_shape(t->f)->event[features_shape(t->f)->item].rows, sizeof *score);
	assert_true(fill(floors, &number, 1, 0, score, NULL));
	return score;
}

static void assert_near(float value, double expected)
{
	if (fabs((double)value - expected) > 1e-6)
		fail_msg("%.9g, not %.9g", (double)value, expected);
}

static void counts_are_those_of_training(void **state)
{
	(void)state;
	fitted t = next_fitted(NULL);
	item_floors *floors = item_floors_new(t.f, t.d.all, t.d.s);
	float *popular = scored(&t, floors, floor_popularity, "u"), *last = scored(&t, floors, floor_last_item, "v");
	assert_near(popular[row_of(&t, "a")], 2); /* u a b c, v a c: w has no training target, so nothing of it is training */
	assert_near(popular[row_of(&t, "b")], 1);
	assert_near(popular[row_of(&t, "c")], 2);
	assert_near(last[row_of(&t, "b")], 1);
	assert_near(last[row_of(&t, "c")], 0);
	const uint32_t *order = item_floors_order(floors);
	assert_true(order[row_of(&t, "c")] < order[row_of(&t, "b")] && order[row_of(&t, "a")] < order[row_of(&t, "b")]);
	free(popular);
	free(last);
	item_floors_free(floors);
	fitted_free(&t);
}

/* a -> b 1, a -> c 1/2 + 1, b -> c 1; w's test history is b c: c leads nowhere, b (weight 1/2) to c alone. u's is a b c d: weights d 1, c 1/2, b 1/4, a 1/8. */
static void the_chain_counts_by_distance_and_recency(void **state)
{
	(void)state;
	fitted t = next_fitted(NULL);
	item_floors *floors = item_floors_new(t.f, t.d.all, t.d.s);
	float *w = scored(&t, floors, floor_markov, "w"), *u = scored(&t, floors, floor_markov, "u");
	assert_near(w[row_of(&t, "c")], 0.5);
	assert_near(w[row_of(&t, "b")], 0);
	assert_near(u[row_of(&t, "b")], 0.125 * 1 / 2.5);
	assert_near(u[row_of(&t, "c")], 0.25 + 0.125 * 1.5 / 2.5);
	free(w);
	free(u);
	item_floors_free(floors);
	fitted_free(&t);
}

/* Users with a: u, v; b: u; c: u, v. cos(a,c) = 2/2, cos(b,a) = cos(b,c) = 1/sqrt(2). w's history: b c. */
static void neighbours_go_by_the_cosine_of_users(void **state)
{
	(void)state;
	fitted t = next_fitted(NULL);
	item_floors *floors = item_floors_new(t.f, t.d.all, t.d.s);
	float *w = scored(&t, floors, floor_neighbours, "w");
	assert_near(w[row_of(&t, "a")], 1 / sqrt(2) + 1);
	free(w);
	item_floors_free(floors);
	fitted_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_are_those_of_training),
		cmocka_unit_test(the_chain_counts_by_distance_and_recency),
		cmocka_unit_test(neighbours_go_by_the_cosine_of_users),
	};
	return cmocka_run_group_tests(tests, by_hand, scratch_tear_down);
}
