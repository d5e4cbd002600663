/* Places counted without scores against places counted over the scores of the same product, bit for bit. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "seqrec/memory.h"
#include "seqrec/random.h"
#include "seqrec/tensor.h"

enum { SKIP = 2, LEFT_OUT = 3 };

static void fill(float *to, size_t count, uint64_t key)
{
	for (size_t i = 0; i < count; i++)
		to[i] = (float)random_normal(5, 77, key, (uint64_t)i);
}

static uint32_t counted(const float *score, size_t items, size_t target, const uint32_t *left_out, const uint32_t *order)
{
	uint32_t before = 0;
	for (size_t i = SKIP; i < items; i++) {
		bool out = false;
		for (size_t k = 0; left_out && k < LEFT_OUT; k++)
			out = out || left_out[k] == i;
		bool first = order ? order[i] < order[target] : i < target;
		before += !out && (score[i] > score[target] || (score[i] == score[target] && first));
	}
	return before;
}

/* Every fourth item is like the one before: ties. */
static void assert_places(runtime *rt, size_t rows, size_t items, size_t width, bool leave, bool ordered)
{
	float *x = xcalloc(rows * width, sizeof *x), *e = xaligned(items * width, sizeof *e), *score = xcalloc(rows * items, sizeof *score), *own = xcalloc(rows, sizeof *own);
	uint32_t *target = xcalloc(rows, sizeof *target), *left = xcalloc(rows * LEFT_OUT, sizeof *left), *before = xcalloc(rows, sizeof *before), *order = xcalloc(items, sizeof *order);
	size_t *starts = xcalloc(rows + 1, sizeof *starts);
	fill(x, rows * width, 1);
	fill(e, items * width, 2);
	for (size_t i = 3; i < items; i += 4)
		memcpy(e + i * width, e + (i - 1) * width, width * sizeof *e);
	for (size_t i = 0; i < items; i++)
		order[i] = (uint32_t)(items - i);
	for (size_t i = 0; i < rows; i++) {
		target[i] = (uint32_t)(SKIP + i * 7 % (items - SKIP));
		starts[i + 1] = (i + 1) * LEFT_OUT;
		for (size_t k = 0; k < LEFT_OUT; k++)
			left[i * LEFT_OUT + k] = (uint32_t)(SKIP + (target[i] - SKIP + 1 + k) % (items - SKIP));
	}
	const score_counts to = { .skip = SKIP, .targets = target, .left_out = leave ? left : NULL, .starts = leave ? starts : NULL, .order = ordered ? order : NULL, .own = own, .before = before };
	runtime_begin(rt, NULL, 1, 0, 0);
	tensor *input = runtime_input(rt, x, rows, width);
	assert_true(t_count(input, e, items, &to));
	assert_true(tensor_read(t_scores_rows(input, runtime_input(rt, e, items, width)), score));
	for (size_t i = 0; i < rows; i++) {
		assert_true(own[i] == score[i * items + target[i]]);
		assert_int_equal(before[i], counted(score + i * items, items, target[i], leave ? left + i * LEFT_OUT : NULL, ordered ? order : NULL));
	}
	void *const all[] = { x, e, score, own, target, left, before, order, starts };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		free(all[i]);
}

static void places_counted_without_scores_are_those_of_the_scores(void **state)
{
	static const char *const cpu[] = { "portable", "avx2", "avx512" };
	static const size_t shape[][3] = { { 1, 10, 5 }, { 9, 37, 16 }, { 20, 700, 64 }, { 7, 100, 300 }, { 11, 65, 600 } };
	(void)state;
	for (size_t c = 0; c < sizeof cpu / sizeof *cpu; c++) {
		setenv("SEQREC_CPU", cpu[c], 1);
		params *none = params_new();
		runtime *rt = runtime_new(TENSOR_NATIVE, none, NULL);
		for (size_t i = 0; rt && i < sizeof shape / sizeof *shape; i++)
			for (int how = 0; how < 4; how++)
				assert_places(rt, shape[i][0], shape[i][1], shape[i][2], how & 1, how & 2);
		runtime_free(rt);
		params_free(none);
		unsetenv("SEQREC_CPU");
	}
}

static void a_score_that_is_no_number_comes_before_nothing(void **state)
{
	(void)state;
	const float x[2] = { 1, 1 }, e[8] = { 0, 0, NAN, 0, 1, 1, 3, 3 };
	const uint32_t target[1] = { 2 };
	float own[1];
	uint32_t before[1];
	params *none = params_new();
	runtime *rt = runtime_new(TENSOR_NATIVE, none, NULL);
	runtime_begin(rt, NULL, 1, 0, 0);
	const score_counts to = { .targets = target, .own = own, .before = before };
	assert_true(t_count(runtime_input(rt, x, 1, 2), e, 4, &to));
	assert_int_equal(before[0], 1);
	runtime_free(rt);
	params_free(none);
}

static void a_target_that_is_left_out_is_refused(void **state)
{
	(void)state;
	const float x[1] = { 1 }, e[3] = { 0, 1, 2 };
	const uint32_t target[1] = { 1 };
	float own[1];
	uint32_t before[1];
	sr_error err = { 0 };
	params *none = params_new();
	runtime *rt = runtime_new(TENSOR_NATIVE, none, NULL);
	runtime_begin(rt, NULL, 1, 0, 0);
	const score_counts to = { .skip = 2, .targets = target, .own = own, .before = before };
	assert_false(t_count(runtime_input(rt, x, 1, 1), e, 3, &to));
	assert_false(runtime_status(rt, &err));
	assert_non_null(strstr(err.text, "target 0 is row 1"));
	runtime_free(rt);
	params_free(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_counted_without_scores_are_those_of_the_scores),
		cmocka_unit_test(a_score_that_is_no_number_comes_before_nothing),
		cmocka_unit_test(a_target_that_is_left_out_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
