/* The model as a whole, in every combination of its settings. */
#include "unit/encoder/packs.h"

#include <math.h>

static const uint32_t everyone[] = { 0, 1, 2, 3, 4, 5 }, without_events[] = { 1, 5 };

/* Logits of a pack in inference, (samples, classes). New. */
static float *logits_of(const model *m, const pack *p, const char *name)
{
	sr_error err = { 0 };
	runtime *rt = runtime_new(TENSOR_NATIVE, model_params(m), &err);
	assert_fine(&err);
	float *logits = calloc((size_t)p->samples * hand_shape.classes, sizeof *logits);
	runtime_begin(rt, NULL, 1, 0, 0);
	model_output out = model_forward(m, rt, p);
	if (!runtime_status(rt, &err))
		fail_msg("%s: %s", name, err.text);
	assert_int_equal(tensor_rows(out.logits), p->samples);
	assert_int_equal(tensor_cols(out.logits), hand_shape.classes);
	assert_true(tensor_read(out.logits, logits));
	runtime_free(rt);
	return logits;
}

/* One training step's loss and gradients; everything must be finite. */
static void train_once(const model *m, const pack *p, const char *name)
{
	sr_error err = { 0 };
	runtime *rt = runtime_new(TENSOR_NATIVE, model_params(m), &err);
	lane *l = lane_new(model_params(m));
	runtime_begin(rt, l, 1, 2, 3);
	model_output out = model_forward(m, rt, p);
	t_loss_classes(out.logits, runtime_index(rt, p->label, p->samples), p->weight, 0.1, 0.25);
	bool done = runtime_backward(rt);
	if (!runtime_status(rt, &err) || !done)
		fail_msg("%s: %s", name, err.text);
	assert_true(isfinite(lane_loss(l)) && lane_loss(l) > 0);
	for (size_t i = 0; i < params_count(model_params(m)); i++) {
		const param *of = params_get(model_params(m), i);
		const real *g = lane_gradient(l, of);
		for (size_t j = 0; j < of->rows * of->cols; j++)
			if (!isfinite((double)g[j]))
				fail_msg("%s: the gradient of %s is not finite", name, of->name);
	}
	lane_free(l);
	runtime_free(rt);
}

static void run_both(const uint32_t *who, uint32_t count)
{
	char name[96];
	for (size_t i = 0; i < COMBINATIONS; i++) {
		model_settings settings = combination(i);
		model *m = model_of(&settings, &hand_shape);
		pack *p = pack_of(who, count);
		float *logits = logits_of(m, p, combination_name(i, name));
		for (size_t v = 0; v < count * hand_shape.classes; v++)
			if (!isfinite(logits[v]))
				fail_msg("%s: a logit is not finite", name);
		train_once(m, p, name);
		free(logits);
		pack_of_free(p);
		model_free(m);
	}
}

static void every_combination_runs_forward_and_backward(void **state)
{
	(void)state;
	run_both(everyone, SEQUENCES);
}

static void a_pack_without_any_event_runs_too(void **state)
{
	(void)state;
	run_both(without_events, 2);
}

static void a_neighbour_in_the_pack_changes_nothing(void **state)
{
	(void)state;
	char name[96];
	for (size_t i = 0; i < COMBINATIONS; i++) {
		model_settings settings = combination(i);
		model *m = model_of(&settings, &hand_shape);
		pack *all = pack_of(everyone, SEQUENCES);
		float *together = logits_of(m, all, combination_name(i, name));
		for (uint32_t who = 0; who < SEQUENCES; who++) {
			pack *one = pack_of(&who, 1);
			float *alone = logits_of(m, one, name);
			for (size_t k = 0; k < hand_shape.classes; k++)
				if (fabsf(alone[k] - together[who * hand_shape.classes + k]) > 1e-6F)
					fail_msg("%s: sequence %u: %.9g alone, %.9g beside others", name, who, (double)alone[k], (double)together[who * hand_shape.classes + k]);
			free(alone);
			pack_of_free(one);
		}
		free(together);
		pack_of_free(all);
		model_free(m);
	}
}

static void every_parameter_has_a_gradient(void **state)
{
	(void)state;
	char name[96];
	for (size_t i = 0; i < COMBINATIONS; i++) {
		model_settings settings = combination(i);
		settings.dropout = settings.attribute_dropout = 0;
		model *m = model_of(&settings, &hand_shape);
		pack *p = pack_of(everyone, SEQUENCES);
		runtime *rt = runtime_new(TENSOR_NATIVE, model_params(m), NULL);
		lane *l = lane_new(model_params(m));
		runtime_begin(rt, l, 1, 2, 3);
		t_loss_classes(model_forward(m, rt, p).logits, runtime_index(rt, p->label, p->samples), NULL, 0, 1);
		assert_true(runtime_backward(rt));
		for (size_t k = 0; k < params_count(model_params(m)); k++) {
			const param *of = params_get(model_params(m), k);
			const real *g = lane_gradient(l, of);
			double most = 0;
			for (size_t j = 0; j < of->rows * of->cols; j++)
				most = fmax(most, fabs((double)g[j]));
			if (!(most > 0))
				fail_msg("%s: %s has no part in the loss", combination_name(i, name), of->name);
		}
		lane_free(l);
		runtime_free(rt);
		pack_of_free(p);
		model_free(m);
	}
}

static void a_model_has_the_vectors_that_its_inputs_allow(void **state)
{
	(void)state;
	model_settings settings = combination(1), none = combination(0);
	input_shape events_only = hand_shape, attributes_only = hand_shape;
	events_only.sample_count = 0;
	events_only.sample_columns = 0;
	attributes_only.event_count = 0;
	const struct { const model_settings *settings; const input_shape *shape; bool h, y; size_t width; } cases[] = { { &settings, &hand_shape, true, true, 8 }, { &settings, &events_only, true, false, 8 },
		{ &none, &hand_shape, false, true, 6 }, { &settings, &attributes_only, false, true, 6 } };
	for (size_t i = 0; i < 4; i++) {
		model *m = model_of(cases[i].settings, cases[i].shape);
		runtime *rt = runtime_new(TENSOR_NATIVE, model_params(m), NULL);
		pack *p = pack_of(everyone, SEQUENCES);
		runtime_begin(rt, NULL, 1, 0, 0);
		model_output out = model_forward(m, rt, p);
		assert_int_equal(out.h != NULL, cases[i].h);
		assert_int_equal(out.y != NULL, cases[i].y);
		assert_int_equal(tensor_cols(out.z), cases[i].width);
		assert_true(runtime_status(rt, NULL));
		pack_of_free(p);
		runtime_free(rt);
		model_free(m);
	}
	model_free(NULL);
}

static void dropout_is_for_training_alone(void **state)
{
	(void)state;
	model_settings settings = combination(1);
	model *m = model_of(&settings, &hand_shape);
	pack *p = pack_of(everyone, SEQUENCES);
	float *once = logits_of(m, p, "once"), *twice = logits_of(m, p, "twice");
	assert_memory_equal(once, twice, SEQUENCES * hand_shape.classes * sizeof *once);
	free(once);
	free(twice);
	pack_of_free(p);
	model_free(m);
}

/* Both heads' outputs of one pack, (targets + samples) rows flattened. */
static size_t both_of(const model *m, const pack *p, float out[512], size_t *told)
{
	runtime *rt = runtime_new(TENSOR_NATIVE, model_params(m), NULL);
	runtime_begin(rt, NULL, 1, 0, 0);
	model_output made = model_forward(m, rt, p);
	*told = tensor_rows(made.told) * tensor_cols(made.told);
	size_t logits = tensor_rows(made.logits) * tensor_cols(made.logits);
	assert_int_equal(tensor_rows(made.told), p->targets);
	assert_int_equal(tensor_rows(made.logits), p->samples);
	assert_true(*told + logits <= 512 && tensor_read(made.told, out) && tensor_read(made.logits, out + *told));
	runtime_free(rt);
	return *told + logits;
}

/* Attributes are known at the cut, behind the events that are told: they may move the classes alone. And no event sees one behind it. */
static void with_two_heads_what_is_told_sees_neither_attributes_nor_later_events(void **state)
{
	(void)state;
	static const uint32_t who[] = { 0, 3 };
	char name[96];
	for (size_t i = 0; i < COMBINATIONS; i++) {
		model_settings settings = combination(i);
		if (settings.encoder == ENCODER_NONE)
			continue;
		model *m = model_of(&settings, &both_shape);
		pack *p = told_pack_of(who, 2);
		float before[512], after[512];
		size_t told, all = both_of(m, p, before, &told);
		for (uint32_t s = 0; s < 2; s++)
			p->sample_number[3 * s] += 1;
		both_of(m, p, after, &told);
		assert_memory_equal(before, after, told * sizeof *before);
		if (memcmp(before + told, after + told, (all - told) * sizeof *before) == 0)
			fail_msg("%s: the classes do not see the attributes", combination_name(i, name));
		uint32_t last = p->events - 1; /* the last event of the second sequence */
		p->event[0].code[last] = (p->event[0].code[last] + 1) % 10;
		both_of(m, p, after, &told);
		assert_memory_equal(before, after, (p->targets - 2) * (told / p->targets) * sizeof *before);
		told_pack_free(p);
		model_free(m);
	}
}

static void with_two_heads_a_pack_without_targets_has_classes_alone(void **state)
{
	(void)state;
	model_settings settings = combination(1);
	model *m = model_of(&settings, &both_shape);
	pack *p = told_pack_of(everyone, SEQUENCES);
	p->targets = 0;
	runtime *rt = runtime_new(TENSOR_NATIVE, model_params(m), NULL);
	runtime_begin(rt, NULL, 1, 0, 0);
	model_output out = model_forward(m, rt, p);
	assert_null(out.told);
	assert_true(out.logits && out.h && out.y && runtime_status(rt, NULL));
	runtime_free(rt);
	told_pack_free(p);
	model_free(m);
}

/* 64 from 50 events a user on, else 128; dropout 0.5 below 500,000 events, else 0.2; what is given is kept. */
static void width_and_dropout_follow_the_training_events(void **state)
{
	(void)state;
	static const struct {
		double events, user_events;
		int64_t width;
		double dropout;
	} cases[] = { { 1e6, 160, 64, 0.2 }, { 499999, 50, 64, 0.5 }, { 500000, 49.9, 128, 0.2 }, { 1000, 5, 128, 0.5 } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		model_settings settings = combination(1);
		input_shape shape = hand_shape;
		shape.events = cases[i].events;
		shape.user_events = cases[i].user_events;
		settings.width = 0;
		settings.dropout = -1;
		model *left = model_new(&settings, &shape);
		assert_int_equal(model_chosen(left)->width, cases[i].width);
		assert_true(model_chosen(left)->dropout == cases[i].dropout);
		settings.width = 8;
		settings.dropout = 0;
		model *given = model_new(&settings, &shape);
		assert_int_equal(model_chosen(given)->width, 8);
		assert_true(model_chosen(given)->dropout == 0);
		model_free(left);
		model_free(given);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(width_and_dropout_follow_the_training_events),
		cmocka_unit_test(every_combination_runs_forward_and_backward),
		cmocka_unit_test(a_pack_without_any_event_runs_too),
		cmocka_unit_test(a_neighbour_in_the_pack_changes_nothing),
		cmocka_unit_test(every_parameter_has_a_gradient),
		cmocka_unit_test(a_model_has_the_vectors_that_its_inputs_allow),
		cmocka_unit_test(dropout_is_for_training_alone),
		cmocka_unit_test(with_two_heads_what_is_told_sees_neither_attributes_nor_later_events),
		cmocka_unit_test(with_two_heads_a_pack_without_targets_has_classes_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
