/* oracle_test.c - whole models, native against libtorch: logits, loss and gradients, dropout on. Skipped where the shared object is not built. */
#include "unit/encoder/packs.h"

#include <math.h>

static const double forward_error = 1e-5, gradient_error = 1e-4;

/* What one backend made of a model and a pack. */
typedef struct {
	float logits[SEQUENCES * 3];
	double loss;
	lane *gradients;
} outcome;

static outcome run(tensor_backend backend, const model *m, const pack *p, const char *name)
{
	sr_error err = { 0 };
	runtime *rt = runtime_new(backend, model_params(m), &err);
	if (!rt)
		fail_msg("%s: %s", name, err.text);
	outcome o = { .gradients = lane_new(model_params(m)) };
	runtime_begin(rt, o.gradients, 5, 9, 2);
	model_output out = model_forward(m, rt, p);
	bool read = tensor_read(out.logits, o.logits);
	t_loss_classes(out.logits, runtime_index(rt, p->label, p->samples), p->weight, 0.1, 0.25);
	bool done = runtime_backward(rt);
	if (!runtime_status(rt, &err) || !done || !read)
		fail_msg("%s on backend %d: %s", name, (int)backend, err.text);
	o.loss = lane_loss(o.gradients);
	runtime_free(rt);
	return o;
}

/* Errors are relative to the largest element; below `least` an element is the rounding of sums that cancel. */
static void compare(const char *name, const char *what, const float *x, const float *y, size_t count, double most, double least)
{
	double largest = least, error = 0;
	for (size_t i = 0; i < count; i++) {
		largest = fmax(largest, fabs((double)y[i]));
		error = fmax(error, isfinite(x[i]) ? fabs((double)x[i] - (double)y[i]) : INFINITY);
	}
	if (!(error <= most * largest))
		fail_msg("%s: %s: error %g of %g", name, what, error, largest);
}

static void compare_touched(const char *name, const param *p, lane *x, lane *y)
{
	const uint32_t *a, *b;
	size_t count = lane_touched(x, p, &a);
	if (count != lane_touched(y, p, &b) || (a && count && memcmp(a, b, count * sizeof *a) != 0))
		fail_msg("%s: other rows of %s are touched", name, p->name);
}

static void compare_on(size_t number, const uint32_t *who, uint32_t count)
{
	char name[96];
	combination_name(number, name);
	model_settings settings = combination(number);
	model *m = model_of(&settings, &hand_shape);
	pack *p = pack_of(who, count);
	outcome native = run(TENSOR_NATIVE, m, p, name), torch = run(TENSOR_LIBTORCH, m, p, name);
	compare(name, "logits", native.logits, torch.logits, count * hand_shape.classes, forward_error, 1e-6);
	assert_true(fabs(native.loss - torch.loss) <= forward_error * fabs(torch.loss));
	for (size_t i = 0; i < params_count(model_params(m)); i++) {
		const param *of = params_get(model_params(m), i);
		compare(name, of->name, lane_gradient(native.gradients, of), lane_gradient(torch.gradients, of), of->rows * of->cols, gradient_error, 1e-4);
		compare_touched(name, of, native.gradients, torch.gradients);
	}
	lane_free(native.gradients);
	lane_free(torch.gradients);
	pack_of_free(p);
	model_free(m);
}

static void both_backends_agree_on_every_combination(void **state)
{
	(void)state;
	static const uint32_t everyone[] = { 0, 1, 2, 3, 4, 5 };
	for (size_t i = 0; i < COMBINATIONS; i++)
		compare_on(i, everyone, SEQUENCES);
}

static void both_backends_agree_on_packs_without_events(void **state)
{
	(void)state;
	static const uint32_t without_events[] = { 1, 5 };
	for (size_t i = 0; i < COMBINATIONS; i++)
		compare_on(i, without_events, 2);
}

/* False, and the reason printed, where the backend is not built. */
static bool backend_opens(void)
{
	sr_error err = { 0 };
	params *none = params_new();
	runtime *rt = runtime_new(TENSOR_LIBTORCH, none, &err);
	runtime_free(rt);
	params_free(none);
	if (!rt)
		printf("skipped: %s\n", err.text);
	return rt != NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_backends_agree_on_every_combination),
		cmocka_unit_test(both_backends_agree_on_packs_without_events),
	};
	return backend_opens() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
