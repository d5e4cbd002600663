/* Each relation between settings, broken once. */
#include "unit/config/configs.h"

static const struct {
	const char *set, *says;
} broken[] = {
	{ "data.events=[]", "data.events names no log" },
	{ "task.kind=column", "data.samples is empty" },
	{ "data.users=[{}]", "data has a source without a path" },
	{ "data.fields=[{}]", "data.fields has a field without a name" },
	{ "data.fields=[{\"name\": \"v\", \"kind\": \"vector\"}]", "data.fields has a vector without a width" },
	{ "task.horizon=0d", "task.horizon must be longer than nothing" },
	{ "task.events=[]", "task.events names no event type" },
	{ "task.classes=[\"only\"]", "task.classes has one class" },
	{ "split.folds=1", "split.folds is 1" },
	{ "split.test_share=0.9", "split.validation_share and split.test_share leave nothing to train on" },
	{ "model.heads=5", "model.heads does not divide model.width" },
	{ "train.metric=precision", "train.metric is not one of auto" },
	{ "evaluate.threshold=1.5", "evaluate.threshold is neither" },
	{ "evaluate.threshold=recall", "evaluate.threshold is neither" },
};

static void each_rule_is_told_when_it_does_not_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
		assert_config_refused(SMALL, broken[i].set, broken[i].says);
}

static void a_sequence_encoder_needs_events(void **state)
{
	(void)state;
	static const char content[] = "{\"data\": {\"samples\": [{\"path\": \"a\"}]}, \"task\": {\"kind\": \"column\"}}";
	sr_error err;
	assert_config_refused(content, NULL, "model.encoder needs data.events");
	config *c = config_try(content, (const char *[]){ "model.encoder=none" }, 1, &err);
	assert_fine(&err);
	config_free(c);
}

static void seen_items_are_excluded_from_drawn_ones_alone(void **state)
{
	(void)state;
	sr_error err;
	assert_null(config_try(SMALL, (const char *[]){ "train.exclude_seen=true", "train.loss=cross_entropy" }, 2, &err));
	assert_non_null(strstr(err.text, "train.exclude_seen is for sampled losses"));
	config_free(config_with("train.exclude_seen=true"));
}

static void exact_updates_are_the_native_backends(void **state)
{
	(void)state;
	sr_error err;
	assert_null(config_try(SMALL, (const char *[]){ "train.table_update=exact", "run.backend=libtorch" }, 2, &err));
	assert_non_null(strstr(err.text, "train.table_update is exact"));
	config_free(config_with("train.table_update=exact"));
}

static void both_heads_need_users_histories_order_and_one_model(void **state)
{
	(void)state;
	static const struct {
		const char *set, *says;
	} wrong[] = {
		{ "task.unit=user_item", "task.unit is user_item" },
		{ "task.eligible_events=0", "task.eligible_events is 0" },
		{ "model.window=1", "model.window is 1" },
		{ "split.folds=3", "split.folds must be 0" },
		{ "split.kind=random", "split.kind would train task.kind both on what comes after" },
		{ "split.kind=given", "split.kind would train" },
		{ "model.members=2", "model.members must be 1" },
		{ "model.encoder=none", "model.encoder is none" },
		{ "model.encoder=markov", "model.encoder counts items" },
		{ "task.horizon=0d", "task.horizon must be longer" },
		{ "task.events=[]", "task.events names no event type" },
		{ "train.metric=precision", "train.metric is not one of auto" },
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		sr_error err;
		assert_null(config_try(SMALL, (const char *[]){ "task.kind=both", wrong[i].set }, 2, &err));
		if (!strstr(err.text, wrong[i].says))
			fail_msg("%s: %s", wrong[i].set, err.text);
	}
	static const char *const fine[] = { "train.metric=ndcg@10", "train.metric=roc_auc", "train.loss=gbce", "evaluate.calibration=platt", "split.kind=user", "train.next_item_loss_weight=0" };
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
		sr_error err;
		config *c = config_try(SMALL, (const char *[]){ "task.kind=both", fine[i] }, 2, &err);
		assert_fine(&err);
		config_free(c);
	}
}

static void a_head_that_nothing_trains_chooses_no_checkpoint(void **state)
{
	(void)state;
	sr_error err;
	assert_null(config_try(SMALL, (const char *[]){ "task.kind=both", "train.metric=ndcg@10", "train.next_item_loss_weight=0" }, 3, &err));
	assert_non_null(strstr(err.text, "train.metric is not one of auto"));
}

static void rules_that_hold_say_nothing(void **state)
{
	(void)state;
	static const char *const fine[] = { "split.folds=2", "model.heads=4", "evaluate.threshold=0", "evaluate.threshold=accuracy", "train.metric=roc_auc", "task.classes=[\"a\", \"b\"]", "data.fields=[{\"name\": \"v\", \"kind\": \"vector\", \"width\": 3}]" };
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
		config_free(config_with(fine[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_is_told_when_it_does_not_hold),
		cmocka_unit_test(a_sequence_encoder_needs_events),
		cmocka_unit_test(seen_items_are_excluded_from_drawn_ones_alone),
		cmocka_unit_test(both_heads_need_users_histories_order_and_one_model),
		cmocka_unit_test(a_head_that_nothing_trains_chooses_no_checkpoint),
		cmocka_unit_test(exact_updates_are_the_native_backends),
		cmocka_unit_test(rules_that_hold_say_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
