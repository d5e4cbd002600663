/* How a step is dealt out, and what is taken off the logits. */
#include "unit/trainer/runs.h"

#include "trainer/dataset.h"
#include "trainer/lanes.h"

#include <math.h>

enum { ROWS = 40 };

typedef struct {
	config *c;
	dataset d;
	features *f;
	model *m;
	thread_pool *pool;
	workers *w;
	uint32_t order[ROWS];
} bench;

static bench bench_new(const char *set)
{
	sr_error err = { 0 };
	bench b = { .c = small_config(set, "model.dropout=0", "model.attribute_dropout=0", "train.unknown_rate=0", NULL), .pool = thread_pool_new(2) };
	char path[256];
	assert_true(folder_make(run_path("lanes", path), &err) && dataset_open(&b.d, b.c, path, NULL, true, &err));
	for (uint32_t i = 0; i < ROWS; i++)
		b.order[i] = i;
	b.f = features_fit(b.c, b.d.s, b.d.all, b.order, ROWS, &err);
	b.m = model_new(&b.c->model, features_shape(b.f));
	params_initialise(model_params(b.m), 1);
	b.w = workers_new(b.c, b.f, b.d.all, b.m, b.pool, &err);
	assert_fine(&err);
	return b;
}

static void bench_free(bench *b)
{
	workers_free(b->w);
	model_free(b->m);
	features_free(b->f);
	dataset_close(&b->d);
	thread_pool_free(b->pool);
	config_free(b->c);
}

/* However many lanes and packs there are, a step has one loss and one gradient (up to rounding). */
static void a_step_is_the_same_however_it_is_dealt_out(void **state)
{
	(void)state;
	static const char *const sets[] = { "train.lanes=1", "train.lanes=7", "train.pack_tokens=4096" };
	for (size_t k = 1; k < 3; k++) {
		sr_error err = { 0 };
		double one_loss, other_loss;
		bench one = bench_new(sets[0]), other = bench_new(sets[k]);
		assert_true(workers_train(one.w, one.order, ROWS, 0, 0, &one_loss, &err) && workers_train(other.w, other.order, ROWS, 0, 0, &other_loss, &err));
		assert_true(one_loss > 0 && fabs(one_loss - other_loss) < 1e-6);
		for (size_t i = 0; i < params_count(model_params(one.m)); i++) {
			const param *p = params_get(model_params(one.m), i), *q = params_get(model_params(other.m), i);
			const real *g = lane_gradient(one.w->lane[0], p), *h = lane_gradient(other.w->lane[0], q);
			for (size_t j = 0; j < p->rows * p->cols; j++)
				if (fabs((double)g[j] - (double)h[j]) > 1e-5)
					fail_msg("%s, %s[%zu]: %g is not %g", sets[k], p->name, j, (double)h[j], (double)g[j]);
		}
		bench_free(&one);
		bench_free(&other);
	}
}

static void class_weights_weigh_the_loss_and_its_scale(void **state)
{
	(void)state;
	sr_error err = { 0 };
	static const float even[] = { 3, 3 }, first[] = { 1, 1e-9F };
	double plain, same, of_first;
	bench b = bench_new("train.epochs=1");
	assert_true(workers_train(b.w, b.order, ROWS, 0, 0, &plain, &err));
	b.w->class_weight = even; /* a weighted mean: a common factor cancels */
	assert_true(workers_train(b.w, b.order, ROWS, 0, 0, &same, &err));
	assert_true(fabs(plain - same) < 1e-6);
	b.w->class_weight = first;
	assert_true(workers_train(b.w, b.order, ROWS, 0, 0, &of_first, &err));
	double probability[2 * ROWS], expected = 0, count = 0;
	assert_true(workers_score(b.w, b.order, ROWS, NULL, probability, &err));
	for (size_t i = 0; i < ROWS; i++)
		if (b.d.all->item[i].label == 0) {
			expected -= log(probability[2 * i]);
			count++;
		}
	assert_true(fabs(of_first - expected / count) < 1e-5);
	bench_free(&b);
}

static void a_shift_is_taken_off_the_logits(void **state)
{
	(void)state;
	sr_error err = { 0 };
	static const double shift[] = { 0.25, -1.5 };
	double plain[2 * ROWS], shifted[2 * ROWS];
	bench b = bench_new("train.epochs=1");
	assert_true(workers_score(b.w, b.order, ROWS, NULL, plain, &err) && workers_score(b.w, b.order, ROWS, shift, shifted, &err));
	for (size_t i = 0; i < ROWS; i++) {
		assert_true(fabs(shifted[2 * i] + shifted[2 * i + 1] - 1) < 1e-12);
		double before = log(plain[2 * i + 1] / plain[2 * i]), after = log(shifted[2 * i + 1] / shifted[2 * i]);
		assert_true(fabs(after - (before - (shift[1] - shift[0]))) < 1e-9);
	}
	bench_free(&b);
}

static double loss_of(bench *b, double classes, double told)
{
	sr_error err = { 0 };
	double loss;
	b->w->class_weighs = classes;
	b->w->told_weighs = told;
	assert_true(workers_train(b->w, b->order, ROWS, 0, 0, &loss, &err));
	return loss;
}

static void the_loss_of_two_heads_is_the_weighted_sum_of_their_means(void **state)
{
	(void)state;
	bench b = bench_new("task.kind=both"), classes = bench_new("task.kind=as_of");
	assert_true(b.w->class_weighs == 1 && b.w->told_weighs == 1);
	double first = loss_of(&b, 1, 0), second = loss_of(&b, 0, 1);
	assert_true(first > 0.3 && first < 1.5 && second > 1.5 && second < 5); /* about log 2 and log 12 */
	assert_true(fabs(loss_of(&b, 2, 3) - 2 * first - 3 * second) < 1e-5);
	assert_true(model_items(b.m) && !model_items(classes.m));
	bench_free(&b);
	bench_free(&classes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_is_the_same_however_it_is_dealt_out),
		cmocka_unit_test(class_weights_weigh_the_loss_and_its_scale),
		cmocka_unit_test(a_shift_is_taken_off_the_logits),
		cmocka_unit_test(the_loss_of_two_heads_is_the_weighted_sum_of_their_means),
	};
	return cmocka_run_group_tests(tests, runs_set_up, scratch_tear_down);
}
