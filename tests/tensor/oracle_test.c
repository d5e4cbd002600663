/* oracle_test.c - the native backend against libtorch: results, losses and gradients of every operation. Skipped where the shared object is not built. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"

static const double forward_error = 1e-5, gradient_error = 1e-4;

/* What one backend made of a case. */
typedef struct {
	size_t count;
	float *values;
	double loss;
	lane *gradients;
} outcome;

static outcome run(tensor_backend backend, const params *list, const tensor_case *c)
{
	sr_error err = { 0 };
	runtime *rt = runtime_new(backend, list, &err);
	if (!rt)
		fail_msg("%s: %s", c->name, err.text);
	outcome o = { .gradients = lane_new(list) };
	runtime_begin(rt, o.gradients, 5, 9, 2);
	tensor *y = c->forward(rt, list);
	o.count = tensor_rows(y) * tensor_cols(y);
	o.values = calloc(o.count + 1, sizeof *o.values);
	bool read = !y || tensor_read(y, o.values);
	bool done = runtime_backward(rt);
	if (!runtime_status(rt, &err) || !done || !read)
		fail_msg("%s on backend %d: %s", c->name, (int)backend, err.text);
	o.loss = lane_loss(o.gradients);
	runtime_free(rt);
	return o;
}

/* Error relative to the largest element. */
static void compare(const char *name, const char *what, const float *x, const float *y, size_t count, double most)
{
	double largest = 1e-30, error = 0;
	for (size_t i = 0; i < count; i++) {
		largest = fmax(largest, fabs((double)y[i]));
		error = fmax(error, isfinite(x[i]) ? fabs((double)x[i] - (double)y[i]) : INFINITY);
	}
	if (!(error <= most * fmax(largest, 1e-6)))
		fail_msg("%s: %s: error %g of %g", name, what, error, largest);
}

static void compare_touched(const char *name, const param *p, lane *x, lane *y)
{
	const uint32_t *a, *b;
	size_t count = lane_touched(x, p, &a);
	if (count != lane_touched(y, p, &b) || (a && count && memcmp(a, b, count * sizeof *a) != 0))
		fail_msg("%s: other rows of %s are touched", name, p->name);
}

static void both_backends_agree(void **state)
{
	const tensor_case *c = *state;
	params *list = case_parameters(c);
	outcome native = run(TENSOR_NATIVE, list, c), torch = run(TENSOR_LIBTORCH, list, c);
	assert_int_equal(native.count, torch.count);
	compare(c->name, "result", native.values, torch.values, native.count, forward_error);
	assert_true(fabs(native.loss - torch.loss) <= forward_error * fabs(torch.loss));
	for (size_t i = 0; i < params_count(list); i++) {
		const param *p = params_get(list, i);
		compare(c->name, p->name, lane_gradient(native.gradients, p), lane_gradient(torch.gradients, p), p->rows * p->cols, gradient_error);
		compare_touched(c->name, p, native.gradients, torch.gradients);
	}
	lane_free(native.gradients);
	lane_free(torch.gradients);
	free(native.values);
	free(torch.values);
	params_free(list);
}

/* False, and the reason printed, where a backend is not built or this CPU lacks the variant that SEQREC_CPU names. */
static bool backend_opens(tensor_backend backend)
{
	sr_error err = { 0 };
	params *none = params_new();
	runtime *rt = runtime_new(backend, none, &err);
	runtime_free(rt);
	params_free(none);
	if (!rt)
		printf("skipped: %s\n", err.text);
	return rt != NULL;
}

int main(void)
{
	if (!backend_opens(TENSOR_LIBTORCH) || !backend_opens(TENSOR_NATIVE))
		return 77;
	struct CMUnitTest *tests = calloc(tensor_case_count, sizeof *tests);
	for (size_t i = 0; i < tensor_case_count; i++)
		tests[i] = (struct CMUnitTest){ .name = tensor_cases[i].name, .test_func = both_backends_agree, .initial_state = (void *)(uintptr_t)&tensor_cases[i] };
	int failed = _cmocka_run_group_tests("both backends agree", tests, tensor_case_count, NULL, NULL);
	free(tests);
	return failed;
}
