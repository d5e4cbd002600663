/* steps_test.c DEVICE - the first steps of trainings through libtorch against the native backend: every task, encoder, norm, pooling, fusion, head and loss.
 * The same data, negatives and dropout give the same losses; a checkpoint of one goes on with the other; no step waits for the device. */
#include "device/trainings.h"

#include <math.h>

static const double most_apart = 1e-4; /* relative */

typedef struct {
	const char *name;
	const char *task; /* of trainings.h */
	const char *set[6];
} training_case;

static const training_case cases[] = {
	{ "as_of", "as_of", { NULL } },
	{ "of pairs", "as_of", { "task.unit=user_item", NULL } },
	{ "of pairs, their own history", "as_of", { "task.unit=user_item", "task.history=candidate", NULL } },
	{ "column of three classes", "column", { NULL } },
	{ "column, balanced", "column", { "train.class_weights=[\"balanced\"]", "train.label_smoothing=0.1", NULL } },
	{ "attributes alone", "as_of", { "model.encoder=none", NULL } },
	{ "attributes alone, linear", "column", { "model.encoder=none", "model.attribute_depth=0", NULL } },
	{ "attributes alone, three layers", "column", { "model.encoder=none", "model.attribute_depth=3", NULL } },
	{ "no attributes", "as_of", { "task.aggregates=false", "model.use_user_fields=false", NULL } },
	{ "mean of events", "as_of", { "model.encoder=mean", NULL } },
	{ "rnn", "as_of", { "model.encoder=rnn", "model.blocks=2", NULL } },
	{ "gru", "as_of", { "model.encoder=gru", "model.blocks=2", NULL } },
	{ "lstm", "as_of", { "model.encoder=lstm", "model.blocks=2", NULL } },
	{ "transformer, pre", "as_of", { "model.norm=pre", "model.blocks=2", NULL } },
	{ "transformer, gated", "as_of", { "model.norm=gated", "model.blocks=2", NULL } },
	{ "transformer, post, causal", "as_of", { "model.causal=true", "model.blocks=2", NULL } },
	{ "transformer, time bias", "as_of", { "model.time_bias=true", NULL } },
	{ "pooling last", "as_of", { "model.pooling=last", NULL } },
	{ "pooling mean", "as_of", { "model.pooling=mean", NULL } },
	{ "pooling attention, gru", "as_of", { "model.pooling=attention", "model.encoder=gru", NULL } },
	{ "fusion weighted", "as_of", { "model.fusion=weighted", NULL } },
	{ "fusion attention", "as_of", { "model.fusion=attention", NULL } },
	{ "fusion attention, lstm", "as_of", { "model.fusion=attention", "model.encoder=lstm", NULL } },
	{ "no dropout, no decay, no clipping", "as_of", { "model.dropout=0", "model.attribute_dropout=0", "train.weight_decay=0", "train.clip=0", NULL } },
	{ "drawn negatives of classes", "as_of", { "train.negatives_per_positive=1", NULL } },
	{ "next items", "next_item", { NULL } },
	{ "next items, smoothed", "next_item", { "train.label_smoothing=0.1", NULL } },
	{ "next items, pre", "next_item", { "model.norm=pre", "model.time_bias=true", NULL } },
	{ "next items, gated", "next_item", { "model.norm=gated", NULL } },
	{ "next items, gru", "next_item", { "model.encoder=gru", NULL } },
	{ "next items, lstm", "next_item", { "model.encoder=lstm", NULL } },
	{ "next items, rnn", "next_item", { "model.encoder=rnn", NULL } },
	{ "next items, untied", "next_item", { "model.tied=false", NULL } },
	{ "next items, fields", "next_item", { "model.output_fields=true", NULL } },
	{ "next items, cosine", "next_item", { "model.output=cosine", NULL } },
	{ "next items, cosine, fields", "next_item", { "model.output=cosine", "model.output_fields=true", "model.tied=false", NULL } },
	{ "next items, weighted by type", "next_item", { "task.target_weights={\"purchase\":3}", NULL } },
	{ "sampled softmax", "next_item", { "train.loss=sampled_softmax", "model.output=dot", NULL } },
	{ "sampled softmax by popularity", "next_item", { "train.loss=sampled_softmax", "train.popularity=0.75", "model.output=dot", NULL } },
	{ "sampled softmax of the batch", "next_item", { "train.loss=sampled_softmax", "train.negatives_from=batch", NULL } },
	{ "sampled softmax, none seen", "next_item", { "train.loss=sampled_softmax", "train.exclude_seen=true", NULL } },
	{ "sampled softmax, cosine, fields", "next_item", { "train.loss=sampled_softmax", "model.output=cosine", "model.output_fields=true", NULL } },
	{ "gbce", "next_item", { "train.loss=gbce", "model.output=dot", NULL } },
	{ "bce", "next_item", { "train.loss=bce", "model.output=dot", NULL } },
	{ "bce of the batch, none seen", "next_item", { "train.loss=bce", "train.negatives_from=batch", "train.exclude_seen=true", NULL } },
	{ "bpr", "next_item", { "train.loss=bpr", "model.output=dot", "train.learning_rate=0.005", NULL } },
	{ "bpr, gru, untied", "next_item", { "train.loss=bpr", "model.encoder=gru", "model.tied=false", NULL } },
	{ "both", "both", { NULL } },
	{ "both, sampled, weighed", "both", { "train.loss=sampled_softmax", "train.next_item_loss_weight=0.3", "train.class_loss_weight=2", NULL } },
	{ "both, gru, fields", "both", { "model.encoder=gru", "model.output_fields=true", NULL } },
	{ "both, the classes alone", "both", { "train.next_item_loss_weight=0", NULL } },
};

static const char *device;

static config *case_config(const training_case *one, const char *backend)
{
	const char *set[12];
	size_t count = 0;
	for (; one->set[count]; count++)
		set[count] = one->set[count];
	set[count++] = backend ? "run.backend=libtorch" : "run.backend=native";
	set[count++] = backend && strcmp(backend, "cuda") == 0 ? "run.device=cuda" : "run.device=cpu";
	set[count++] = "run.device_tokens=48"; /* as train.pack_tokens */
	return training_config(one->task, set, count);
}

static void compare_losses(const char *name, const double *native, const double *torch)
{
	for (size_t i = 0; i < STEPS; i++)
		if (!(fabs(native[i] - torch[i]) <= most_apart * fabs(native[i])))
			fail_msg("%s, step %zu: %.9g natively, %.9g through libtorch", name, i + 1, native[i], torch[i]);
}

static void losses_agree(void **state)
{
	const training_case *one = *state;
	double native[STEPS], torch[STEPS];
	config *c = case_config(one, NULL), *d = case_config(one, device);
	train_steps(c, "native", STEPS, native);
	train_steps(d, "torch", STEPS, torch);
	compare_losses(one->name, native, torch);
	run_forget("native");
	run_forget("torch");
	config_free(c);
	config_free(d);
}

/* Begun by one backend, ended by the other. */
static void goes_on(const training_case *one, bool native_first)
{
	double whole[STEPS], parted[STEPS];
	config *c = case_config(one, NULL), *d = case_config(one, device);
	train_steps(c, "whole", STEPS, whole);
	train_steps(native_first ? c : d, "parted", STEPS / 2, NULL);
	train_steps(native_first ? d : c, "parted", STEPS - STEPS / 2, parted);
	compare_losses(one->name, whole, parted);
	run_forget("whole");
	run_forget("parted");
	config_free(c);
	config_free(d);
}

static void a_native_checkpoint_goes_on_through_libtorch(void **state)
{
	(void)state;
	goes_on(&cases[0], true);
	goes_on(&(training_case){ "bce", "next_item", { "train.loss=bce", NULL } }, true);
}

static void a_checkpoint_of_libtorch_goes_on_natively(void **state)
{
	(void)state;
	goes_on(&cases[0], false);
	goes_on(&(training_case){ "next items", "next_item", { NULL } }, false);
}

/* Trained, evaluated, predicted: what is reported is nearly the same. */
static void whole_runs_end_alike(void **state)
{
	(void)state;
	static const char *const tasks[] = { "as_of", "next_item", "both" };
	for (size_t i = 0; i < 3; i++) {
		const training_case one = { tasks[i], tasks[i], { "train.epochs=2", NULL } };
		config *c = case_config(&one, NULL), *d = case_config(&one, device);
		compare_runs(c, d, strcmp(tasks[i], "as_of") == 0 ? "log_loss" : "ndcg@10");
		config_free(c);
		config_free(d);
	}
}

static void no_step_waits_for_the_device(void **state)
{
	(void)state;
	static const char *const sets[][2] = { { "train.loss=cross_entropy", NULL }, { "train.loss=sampled_softmax", NULL }, { "train.loss=bpr", "train.negatives_from=batch" },
		{ "model.encoder=gru", "model.output_fields=true" }, { "model.time_bias=true", "model.output=cosine" } };
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		const training_case one = { "waits", i == 4 ? "both" : "next_item", { sets[i][0], sets[i][1], NULL } };
		config *c = case_config(&one, device);
		assert_int_equal(take_steps(c, 5, false).waited, 0);
		config_free(c);
	}
}

static void packs_of_constant_size_change_no_loss(void **state)
{
	(void)state;
	static const training_case some[] = { { "as_of", "as_of", { "model.dropout=0", "model.attribute_dropout=0.2", NULL } }, { "next_item", "next_item", { "model.dropout=0", NULL } },
		{ "sampled", "next_item", { "model.dropout=0", "train.loss=sampled_softmax", "model.time_bias=true", "model.output=dot", NULL } }, { "both", "both", { "model.dropout=0", "model.fusion=attention", NULL } } };
	for (size_t i = 0; i < 4; i++) {
		config *c = case_config(&some[i], device);
		c->run.device_tokens = 2048; /* a step is one pack */
		steps_outcome plain = take_steps(c, 5, false), padded = take_steps(c, 5, true);
		if (!(fabs(plain.loss_sum - padded.loss_sum) <= most_apart * plain.loss_sum && fabs(plain.norm - padded.norm) <= 10 * most_apart * plain.norm))
			fail_msg("%s: loss %.9g and norm %.9g, padded %.9g and %.9g", some[i].name, plain.loss_sum, plain.norm, padded.loss_sum, padded.norm);
		config_free(c);
	}
}

static void bfloat16_is_near(void **state)
{
	(void)state;
	config *c = case_config(&cases[0], device);
	steps_outcome plain = take_steps(c, 5, false);
	c->run.precision = PRECISION_BFLOAT16;
	steps_outcome narrow = take_steps(c, 5, false);
	assert_true(plain.loss_sum != narrow.loss_sum && fabs(plain.loss_sum - narrow.loss_sum) < 0.02 * plain.loss_sum);
	config_free(c);
}

enum { LARGE = 20000, READ = 7 };

static params *large_table(const param **table)
{
	params *list = params_new();
	*table = param_new(list, PARAM_TABLE, LARGE, 4, INIT_NORMAL, 0.1, "items");
	param_new(list, PARAM_WEIGHT, 4, 1, INIT_XAVIER, 0, "head");
	params_initialise(list, 3);
	return list;
}

/* The loss of rows that are read more than once. */
static void read_rows(runtime *rt, const param *table, const param *head)
{
	static const uint32_t rows[READ] = { 19999, 5, 17, 5, 0, 5, 19999 };
	static const float targets[READ] = { 1, 0, 1, 0, 1, 1, 0 };
	t_loss_binary(t_linear(t_embedding(rt, table, runtime_index(rt, rows, READ), 1), head, NULL), targets, NULL, 1);
}

static void large_tables_change_in_the_rows_that_were_read(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const param *table, *other_table;
	params *list = large_table(&table), *other = large_table(&other_table);
	runtime *native = runtime_new(TENSOR_NATIVE, list, &err), *torch = runtime_new(strcmp(device, "cuda") == 0 ? TENSOR_CUDA : TENSOR_LIBTORCH, other, &err);
	optimizer *o = optimizer_new(list, 0.1, 0.5), *p = optimizer_new(other, 0.1, 0.5);
	lane *l = lane_new(list);
	adam now = optimizer_state(p);
	now.skips_most = 3;
	assert_true(runtime_reside(torch, NULL) && runtime_learn(torch, &now));
	for (uint64_t step = 0; step < 5; step++) {
		lane_clear(l);
		runtime_begin(native, l, 1, step, 0);
		read_rows(native, table, params_get(list, 1));
		assert_true(runtime_backward(native));
		optimizer_step(o, l, 0.01);
		runtime_begin_resident(torch, 1, step, 0);
		read_rows(torch, other_table, params_get(other, 1));
		assert_true(runtime_backward(torch) && runtime_update(torch, 0.01));
	}
	now = optimizer_state(p);
	assert_true(runtime_fetch(torch, &now) && runtime_status(torch, &err) && now.step == 5);
	for (size_t i = 0; i < LARGE * 4; i++)
		if (fabs((double)table->value[i] - (double)other_table->value[i]) > 1e-6 || fabs((double)o->mean[0][i] - (double)p->mean[0][i]) > 1e-6)
			fail_msg("row %zu: %.9g natively, %.9g through libtorch", i / 4, (double)table->value[i], (double)other_table->value[i]);
	lane_free(l);
	optimizer_free(o);
	optimizer_free(p);
	runtime_free(native);
	runtime_free(torch);
	params_free(list);
	params_free(other);
}

/* Steps whose loss is not finite change nothing, and after skips_most of them in a row nothing is changed any more. */
static void steps_without_a_finite_loss_are_skipped(void **state)
{
	(void)state;
	sr_error err = { 0 };
	const param *table;
	params *list = large_table(&table);
	runtime *rt = runtime_new(strcmp(device, "cuda") == 0 ? TENSOR_CUDA : TENSOR_LIBTORCH, list, &err);
	optimizer *o = optimizer_new(list, 0.1, 0.5);
	adam now = optimizer_state(o);
	now.skips_most = 3;
	real before = table->value[20];
	const bool good[] = { false, false, true, false, false, false, true };
	assert_true(runtime_reside(rt, NULL) && runtime_learn(rt, &now));
	for (uint64_t step = 0; step < 7; step++) {
		float weight[READ] = { 1, 1, 1, 1, 1, 1, good[step] ? 1 : INFINITY }, target[READ] = { 0 };
		static const uint32_t rows[READ] = { 5, 5, 5, 5, 5, 5, 5 };
		runtime_begin_resident(rt, 1, step, 0);
		t_loss_binary(t_linear(t_embedding(rt, table, runtime_index(rt, rows, READ), 1), params_get(list, 1), NULL), target, weight, 1);
		assert_true(runtime_backward(rt) && runtime_update(rt, 0.01));
	}
	updates_told told = { 0 };
	assert_true(runtime_told(rt, &told) && runtime_fetch(rt, &now));
	assert_true(told.updates == 1 && told.skipped == 5 && told.skipped_in_row == 3 && told.behind == 1 && isfinite(told.loss_sum) && now.step == 1);
	assert_true(table->value[20] != before && isfinite(table->value[20]) && isfinite(o->mean[0][20]));
	optimizer_free(o);
	runtime_free(rt);
	params_free(list);
}

static bool device_opens(void)
{
	sr_error err = { 0 };
	params *none = params_new();
	runtime *rt = runtime_new(strcmp(device, "cuda") == 0 ? TENSOR_CUDA : TENSOR_LIBTORCH, none, &err);
	runtime_free(rt);
	params_free(none);
	if (!rt)
		printf("skipped: %s\n", err.text);
	return rt != NULL;
}

int main(int count, char **argument)
{
	enum { CASES = sizeof cases / sizeof *cases, OTHERS = 8 };
	struct CMUnitTest tests[CASES + OTHERS] = { cmocka_unit_test(a_native_checkpoint_goes_on_through_libtorch), cmocka_unit_test(a_checkpoint_of_libtorch_goes_on_natively),
		cmocka_unit_test(whole_runs_end_alike), cmocka_unit_test(no_step_waits_for_the_device), cmocka_unit_test(packs_of_constant_size_change_no_loss), cmocka_unit_test(bfloat16_is_near),
		cmocka_unit_test(large_tables_change_in_the_rows_that_were_read), cmocka_unit_test(steps_without_a_finite_loss_are_skipped) };
	device = count > 1 ? argument[1] : "cpu";
	if (!device_opens())
		return 77;
	for (size_t i = 0; i < CASES; i++)
		tests[OTHERS + i] = (struct CMUnitTest){ .name = cases[i].name, .test_func = losses_agree, .initial_state = (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests(tests, trainings_set_up, scratch_tear_down);
}
