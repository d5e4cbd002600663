/* Places and best items against a plain sort, with ties and items that were seen. */
#include "unit/trainer/next_runs.h"

#include <math.h>

/* Few different values: many ties. */
static float score_of(uint32_t sample_number, uint32_t row)
{
	return (float)random_below(3, 93, sample_number, row, 5);
}

static bool fill(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err)
{
	size_t items = *(size_t *)context;
	(void)thread, (void)err;
	for (size_t i = 0; i < count; i++)
		for (uint32_t row = 0; row < items; row++)
			score[i * items + row] = score_of(order[i], row);
	return true;
}

typedef struct {
	float score;
	uint32_t row, place;
} candidate;

static int best_first(const void *a, const void *b)
{
	const candidate *x = a, *y = b;
	return x->score != y->score ? (x->score < y->score) - (x->score > y->score) : (x->place > y->place) - (x->place < y->place);
}

/* The items in order, by sorting what may be ranked. */
static size_t sorted(const ranking *r, uint32_t number, candidate *list)
{
	const sample *one = &r->all->item[number];
	uint32_t target = features_item_row(r->f, one->label);
	size_t count = 0;
	for (uint32_t row = PACK_FIRST_ITEM; row < r->items; row++) {
		bool hidden = false;
		for (uint64_t e = one->first; r->remove_seen && e < one->end; e++)
			hidden |= features_item_row(r->f, r->s->item[e]) == row && row != target;
		if (!hidden)
			list[count++] = (candidate){ score_of(number, row), row, r->order ? r->order[row] : row };
	}
	qsort(list, count, sizeof *list, best_first);
	return count;
}

static void assert_ranked(const fitted *t, bool remove_seen, const uint32_t *order)
{
	size_t items = features_shape(t->f)->event[features_shape(t->f)->item].rows, count;
	uint32_t *test = samples_select(t->d.all, t->c, 0, PART_TEST, &count), *rank = xcalloc(count, sizeof *rank), *row = xcalloc(count * 5, sizeof *row);
	float *score = xcalloc(count * 5, sizeof *score);
	candidate *list = xcalloc(items, sizeof *list);
	const ranking r = { .f = t->f, .all = t->d.all, .s = t->d.s, .pool = t->pool, .items = items, .remove_seen = remove_seen, .order = order };
	sr_error err = { 0 };
	assert_true(rank_targets(&r, &(rank_scores){ .fill = fill, .context = &items }, test, count, rank, &err) && rank_best(&r, fill, &items, test, count, 5, row, score, &err));
	for (size_t i = 0; i < count; i++) {
		size_t found = sorted(&r, test[i], list), place = 0;
		while (list[place].row != features_item_row(t->f, t->d.all->item[test[i]].label))
			place++;
		assert_int_equal(rank[i], place + 1);
		for (size_t k = 0; k < 5 && k < found; k++) {
			assert_int_equal(row[i * 5 + k], list[k].row);
			assert_true(score[i * 5 + k] == list[k].score);
		}
	}
	free(test);
	free(rank);
	free(row);
	free(score);
	free(list);
}

static void places_are_those_of_a_sort(void **state)
{
	(void)state;
	fitted t = next_fitted(NULL);
	uint32_t reversed[64];
	for (uint32_t i = 0; i < 64; i++)
		reversed[i] = 64 - i;
	assert_ranked(&t, false, NULL);
	assert_ranked(&t, true, NULL);
	assert_ranked(&t, false, reversed);
	assert_ranked(&t, true, reversed);
	fitted_free(&t);
}

/* The model's own way against its scores. */
static void places_counted_without_scores_are_the_same(void **state)
{
	(void)state;
	fitted t = next_fitted(NULL);
	size_t count;
	sr_error err = { 0 };
	uint32_t *test = samples_select(t.d.all, t.c, 0, PART_TEST, &count), *rank = xcalloc(count, sizeof *rank), *scored = xcalloc(count, sizeof *scored);
	model *m = model_new(&t.c->model, features_shape(t.f));
	params_initialise(model_params(m), 1);
	workers *w = workers_new(t.c, t.f, t.d.all, m, t.pool, &err);
	model_scores *scores = model_scores_new(w, test, count, &err);
	rank_scores from = model_scores_ranked(scores);
	assert_non_null(from.count);
	for (int seen = 0; seen < 2; seen++) {
		const ranking r = { .f = t.f, .all = t.d.all, .s = t.d.s, .pool = t.pool, .items = model_items(m)->rows, .remove_seen = seen };
		assert_true(rank_targets(&r, &from, test, count, rank, &err));
		assert_true(rank_targets(&r, &(rank_scores){ .fill = from.fill, .context = from.context }, test, count, scored, &err));
		assert_memory_equal(rank, scored, count * sizeof *rank);
	}
	model_scores_free(scores);
	workers_free(w);
	model_free(m);
	free(test);
	free(rank);
	free(scored);
	fitted_free(&t);
}

static bool fill_nothing(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err)
{
	(void)order, (void)thread, (void)err;
	for (size_t i = 0; i < count * *(size_t *)context; i++)
		score[i] = NAN;
	return true;
}

static void scores_that_are_no_numbers_are_no_hit(void **state)
{
	(void)state;
	fitted t = next_fitted(NULL);
	size_t items = features_shape(t.f)->event[features_shape(t.f)->item].rows;
	const ranking r = { .f = t.f, .all = t.d.all, .s = t.d.s, .pool = t.pool, .items = items };
	uint32_t rank, first = 0;
	while (t.d.all->item[first].part != PART_TEST)
		first++;
	assert_true(rank_targets(&r, &(rank_scores){ .fill = fill_nothing, .context = &items }, &first, 1, &rank, NULL));
	assert_int_equal(rank, items);
	fitted_free(&t);
}

static void what_is_repeated_stays_in_the_ranking_by_itself(void **state)
{
	(void)state;
	fitted t = next_fitted("evaluate.seen=auto"); /* rings are walked around */
	assert_false(seen_removed(t.c, t.d.all, t.d.s));
	t.c->evaluate.seen = SEEN_REMOVE;
	assert_true(seen_removed(t.c, t.d.all, t.d.s));
	fitted_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_those_of_a_sort),
		cmocka_unit_test(places_counted_without_scores_are_the_same),
		cmocka_unit_test(scores_that_are_no_numbers_are_no_hit),
		cmocka_unit_test(what_is_repeated_stays_in_the_ranking_by_itself),
	};
	return cmocka_run_group_tests(tests, next_set_up, scratch_tear_down);
}
