/* AdamW against torch's formulas, and against the published equations in double. */
#include "unit/base/scratch.h"

#include "golden/optimizer_golden.h"
#include "seqrec/random.h"
#include "tensor/front.h"
#include "trainer/optimizer.h"

#include <math.h>

static void assert_near(double x, double y, double most)
{
	if (!(fabs(x - y) <= most * fmax(1, fabs(y))))
		fail_msg("%.9g is not %.9g", x, y);
}

static void steps_equal_those_of_torchs_formulas(void **state)
{
	(void)state;
	params *list = params_new();
	param *weight = param_new(list, PARAM_WEIGHT, 2, 3, INIT_ZERO, 0, "weight"), *bias = param_new(list, PARAM_BIAS, 1, 3, INIT_ZERO, 0, "bias");
	for (size_t j = 0; j < OPTIMIZER_VALUES; j++)
		(j < 6 ? weight->value + j : bias->value + j - 6)[0] = (real)optimizer_first[j];
	optimizer *o = optimizer_new(list, optimizer_decay, optimizer_clip);
	lane *l = lane_new(list);
	for (size_t step = 0; step < OPTIMIZER_STEPS; step++) {
		double square = 0;
		lane_clear(l);
		for (size_t j = 0; j < OPTIMIZER_VALUES; j++) {
			double g = optimizer_gradient[step * OPTIMIZER_VALUES + j];
			square += g * g;
			(j < 6 ? lane_gradient(l, weight) + j : lane_gradient(l, bias) + j - 6)[0] = (real)g;
		}
		assert_near(optimizer_step(o, l, optimizer_rate), sqrt(square), 1e-5);
		for (size_t j = 0; j < OPTIMIZER_VALUES; j++)
			assert_near((double)(j < 6 ? weight->value[j] : bias->value[j - 6]), optimizer_after[step * OPTIMIZER_VALUES + j], 2e-6);
	}
	assert_int_equal(o->step, OPTIMIZER_STEPS);
	lane_free(l);
	optimizer_free(o);
	params_free(list);
}

/* Kingma & Ba 2015, algorithm 1, in double; moments of a row move only when it is touched, bias correction by the global step. */
static void touched_rows_of_a_table_follow_adam_and_others_stay(void **state)
{
	(void)state;
	enum { ROWS = 6, COLS = 2, STEPS = 8 };
	params *list = params_new();
	param *table = param_new(list, PARAM_TABLE, ROWS, COLS, INIT_NORMAL, 1, "table");
	params_initialise(list, 1);
	double w[ROWS * COLS], m[ROWS * COLS] = { 0 }, v[ROWS * COLS] = { 0 };
	for (size_t i = 0; i < ROWS * COLS; i++)
		w[i] = (double)table->value[i];
	optimizer *o = optimizer_new(list, 0.5 /* must not decay a table */, 0);
	lane *l = lane_new(list);
	for (uint32_t step = 1; step <= STEPS; step++) {
		lane_clear(l);
		for (uint32_t k = 0; k < 2; k++) { /* row 0 never, row 5 once */
			uint32_t row = step == 3 && k == 1 ? 5 : 1 + (step + k) % 4;
			for (size_t j = 0; j < COLS; j++) {
				double g = random_normal(5, 94, step, k * COLS + (uint32_t)j);
				lane_touch(l, table, row)[j] = (real)g;
				size_t i = row * COLS + j;
				m[i] = 0.9 * m[i] + 0.1 * g;
				v[i] = 0.999 * v[i] + 0.001 * g * g;
				w[i] -= 0.01 * (m[i] / (1 - pow(0.9, step))) / (sqrt(v[i] / (1 - pow(0.999, step))) + 1e-8);
			}
		}
		optimizer_step(o, l, 0.01);
	}
	for (size_t i = 0; i < ROWS * COLS; i++)
		assert_near((double)table->value[i], w[i], 1e-5);
	lane_free(l);
	optimizer_free(o);
	params_free(list);
}

enum { EXACT_ROWS = 9, EXACT_COLS = 5, EXACT_STEPS = 700 };

/* Row 0 never, row 1 in the first step alone, row 2 each 300 steps, the others by chance. */
static bool is_touched(uint32_t step, uint32_t row)
{
	return row > 2 ? random_below(4, 21, step, row, 12) == 0 : row == 2 ? step % 300 == 7 : row == 1 && step == 1;
}

static void exact_step(optimizer *o, lane *l, const param *table, uint32_t step, double *g)
{
	lane_clear(l);
	for (uint32_t i = 0; i < EXACT_ROWS * EXACT_COLS; i++) {
		bool touched = is_touched(step, i / EXACT_COLS);
		double drawn = random_normal(4, 22, step, i);
		g[i] = touched ? (double)(real)drawn : 0;
		if (touched)
			lane_touch(l, table, i / EXACT_COLS)[i % EXACT_COLS] = (real)g[i];
	}
	optimizer_step(o, l, step % 2 ? 0.01 : 0.02);
}

/* Adam in double over the whole table, with gradients that are mostly zero. */
static void exact_updates_are_those_of_adam_over_the_whole_table(void **state)
{
	(void)state;
	params *list = params_new();
	param *table = param_new(list, PARAM_TABLE, EXACT_ROWS, EXACT_COLS, INIT_NORMAL, 1, "table");
	params_initialise(list, 1);
	double w[EXACT_ROWS * EXACT_COLS], m[EXACT_ROWS * EXACT_COLS] = { 0 }, v[EXACT_ROWS * EXACT_COLS] = { 0 }, g[EXACT_ROWS * EXACT_COLS];
	for (size_t i = 0; i < EXACT_ROWS * EXACT_COLS; i++)
		w[i] = (double)table->value[i];
	optimizer *o = optimizer_new(list, 0.5, 0);
	optimizer_make_exact(o);
	lane *l = lane_new(list);
	for (uint32_t step = 1; step <= EXACT_STEPS; step++) {
		exact_step(o, l, table, step, g);
		for (size_t i = 0; i < EXACT_ROWS * EXACT_COLS; i++) {
			m[i] = 0.9 * m[i] + 0.1 * g[i];
			v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
			w[i] -= (step % 2 ? 0.01 : 0.02) * m[i] / (1 - pow(0.9, step)) / (sqrt(v[i] / (1 - pow(0.999, step))) + 1e-8);
			assert_near((double)table->value[i], w[i], 2e-5);
		}
	}
	lane_free(l);
	optimizer_free(o);
	params_free(list);
}

/* Ages tell all that the moments leave open. */
static void exact_updates_go_on_by_their_ages_bit_for_bit(void **state)
{
	(void)state;
	enum { HALF = 350 };
	params *list[2] = { params_new(), params_new() };
	param *table[2];
	optimizer *o[2];
	lane *l[2];
	double g[EXACT_ROWS * EXACT_COLS];
	size_t bytes = EXACT_ROWS * EXACT_COLS * sizeof(real);
	for (int k = 0; k < 2; k++) {
		table[k] = param_new(list[k], PARAM_TABLE, EXACT_ROWS, EXACT_COLS, INIT_NORMAL, 1, "table");
		params_initialise(list[k], 1);
		o[k] = optimizer_new(list[k], 0.5, 0);
		optimizer_make_exact(o[k]);
		l[k] = lane_new(list[k]);
	}
	for (uint32_t step = 1; step <= HALF; step++)
		exact_step(o[0], l[0], table[0], step, g);
	real *ages = optimizer_ages(o[0], 0);
	assert_true(ages[0] == -1 && ages[1] == HALF - 1);
	memcpy(table[1]->value, table[0]->value, bytes);
	memcpy(o[1]->mean[0], o[0]->mean[0], bytes);
	memcpy(o[1]->square[0], o[0]->square[0], bytes);
	o[1]->step = HALF;
	optimizer_set_ages(o[1], 0, ages);
	for (uint32_t step = HALF + 1; step <= EXACT_STEPS; step++)
		for (int k = 0; k < 2; k++)
			exact_step(o[k], l[k], table[k], step, g);
	assert_memory_equal(table[0]->value, table[1]->value, bytes);
	free(ages);
	for (int k = 0; k < 2; k++) {
		lane_free(l[k]);
		optimizer_free(o[k]);
		params_free(list[k]);
	}
}

static void only_weights_decay(void **state)
{
	(void)state;
	static const param_kind kinds[] = { PARAM_WEIGHT, PARAM_BIAS, PARAM_NORM, PARAM_TABLE };
	params *list = params_new();
	for (size_t i = 0; i < 4; i++)
		param_new(list, kinds[i], 2, 2, INIT_ONE, 0, "p%zu", i);
	params_initialise(list, 1);
	optimizer *o = optimizer_new(list, 0.5, 0);
	lane *l = lane_new(list);
	lane_clear(l);
	lane_touch(l, params_get(list, 3), 1)[0] = 0; /* touched, with no gradient */
	optimizer_step(o, l, 0.1);
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++)
			assert_near((double)params_get(list, i)->value[j], kinds[i] == PARAM_WEIGHT ? 1 - 0.1 * 0.5 : 1, 1e-6);
	lane_free(l);
	optimizer_free(o);
	params_free(list);
}

static void a_gradient_that_is_not_finite_changes_nothing(void **state)
{
	(void)state;
	params *list = params_new();
	param *weight = param_new(list, PARAM_WEIGHT, 1, 2, INIT_ONE, 0, "w");
	params_initialise(list, 1);
	optimizer *o = optimizer_new(list, 0.1, 1);
	lane *l = lane_new(list);
	lane_clear(l);
	lane_gradient(l, weight)[0] = (real)NAN;
	assert_false(isfinite(optimizer_step(o, l, 0.1)));
	lane_gradient(l, weight)[0] = (real)INFINITY;
	assert_false(isfinite(optimizer_step(o, l, 0.1)));
	assert_int_equal(o->step, 0);
	assert_true(weight->value[0] == 1 && weight->value[1] == 1 && o->mean[0][0] == 0);
	lane_free(l);
	optimizer_free(o);
	optimizer_free(NULL);
	params_free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_equal_those_of_torchs_formulas),
		cmocka_unit_test(touched_rows_of_a_table_follow_adam_and_others_stay),
		cmocka_unit_test(exact_updates_are_those_of_adam_over_the_whole_table),
		cmocka_unit_test(exact_updates_go_on_by_their_ages_bit_for_bit),
		cmocka_unit_test(only_weights_decay),
		cmocka_unit_test(a_gradient_that_is_not_finite_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
