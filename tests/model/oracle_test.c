/* oracle_test.c - whole models, native against libtorch: logits, loss and gradients, dropout on. Skipped where the shared object is not built. */
#include "unit/encoder/packs.h"

#include <math.h>

static const double forward_error = 1e-5, gradient_error = 1e-4;

typedef void run_losses(const model *m, runtime *rt, const pack *p, float *logits);

static void losses_of_classes(const model *m, runtime *rt, const pack *p, float *logits)
{
	model_output out = model_forward(m, rt, p);
	assert_true(tensor_read(out.logits, logits));
	t_loss_classes(out.logits, runtime_index(rt, p->label, p->samples), p->weight, 0.1, 0.25);
}

/* Over all items and over some, made or as they stand. */
static void losses_of_items(const model *m, runtime *rt, const pack *p, float *logits)
{
	static const uint32_t negatives[] = { 2, 5, 5, 9, 3 };
	static item_block *items;
	items = items ? items : told_items_of();
	(void)logits;
	model_output out = model_forward(m, rt, p);
	const index_array *targets = runtime_index(rt, p->target, p->targets);
	const sampled how = { .kind = SAMPLED_SOFTMAX, .negatives = runtime_index(rt, negatives, 5) };
	if (model_items_made(m)) {
		tensor *rows = model_item_rows(m, rt, items);
		t_loss_softmax_rows(out.told, rows, targets, PACK_FIRST_ITEM, p->target_weight, 0.1, 0.25);
		t_loss_sampled_rows(out.told, rows, targets, &how, p->target_weight, 0.25);
		return;
	}
	t_loss_softmax(out.told, model_items(m), NULL, targets, PACK_FIRST_ITEM, p->target_weight, 0.1, 0.25);
	t_loss_sampled(out.told, model_items(m), targets, &how, p->target_weight, 0.25);
}

/* What one backend made of a model and a pack. */
typedef struct {
	float logits[SEQUENCES * 3]; /* of classes */
	double loss;
	lane *gradients;
} outcome;

static outcome run(tensor_backend backend, const model *m, const pack *p, run_losses *losses, const char *name)
{
	sr_error err = { 0 };
	runtime *rt = runtime_new(backend, model_params(m), &err);
	if (!rt)
		fail_msg("%s: %s", name, err.text);
	outcome o = { .gradients = lane_new(model_params(m)) };
	runtime_begin(rt, o.gradients, 5, 9, 2);
	memset(o.logits, 0, sizeof o.logits);
	losses(m, rt, p, o.logits);
	bool done = runtime_backward(rt);
	if (!runtime_status(rt, &err) || !done)
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

/* `least`: see compare; gradients through two blocks and a small vector cancel more. */
static void compare_model(const model *m, const pack *p, run_losses *losses, double least, const char *name)
{
	outcome native = run(TENSOR_NATIVE, m, p, losses, name), torch = run(TENSOR_LIBTORCH, m, p, losses, name);
	compare(name, "logits", native.logits, torch.logits, p->samples * hand_shape.classes, forward_error, 1e-6);
	assert_true(fabs(native.loss - torch.loss) <= forward_error * fabs(torch.loss));
	for (size_t i = 0; i < params_count(model_params(m)); i++) {
		const param *of = params_get(model_params(m), i);
		compare(name, of->name, lane_gradient(native.gradients, of), lane_gradient(torch.gradients, of), of->rows * of->cols, gradient_error, least);
		compare_touched(name, of, native.gradients, torch.gradients);
	}
	lane_free(native.gradients);
	lane_free(torch.gradients);
}

static void compare_on(size_t number, const uint32_t *who, uint32_t count)
{
	char name[96];
	combination_name(number, name);
	model_settings settings = combination(number);
	model *m = model_of(&settings, &hand_shape);
	pack *p = pack_of(who, count);
	compare_model(m, p, losses_of_classes, 1e-4, name);
	pack_of_free(p);
	model_free(m);
}

static void both_backends_agree_on_next_items(void **state)
{
	(void)state;
	static const uint32_t everyone[] = { 0, 1, 2, 3, 4, 5 };
	for (size_t i = 0; i < TOLD_COMBINATIONS; i++) {
		char name[32];
		model_settings settings = told_combination(i);
		model *m = model_of(&settings, &told_shape);
		pack *p = told_pack_of(everyone, SEQUENCES);
		snprintf(name, sizeof name, "next items %zu", i);
		compare_model(m, p, losses_of_items, 1e-3, name);
		told_pack_free(p);
		model_free(m);
	}
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
		cmocka_unit_test(both_backends_agree_on_next_items),
		cmocka_unit_test(both_backends_agree_on_every_combination),
		cmocka_unit_test(both_backends_agree_on_packs_without_events),
	};
	return backend_opens() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
