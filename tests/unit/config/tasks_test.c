/* Defaults by task. */
#include "unit/base/scratch.h"

#include "config/field.h"

static config *parsed(const char *content, const char *set)
{
	sr_error err = { 0 };
	char *item[] = { (char *)(uintptr_t)set };
	config *c = config_parse(content, strlen(content), "test", "/", &(strings){ item, set != NULL }, &err);
	assert_fine(&err);
	return c;
}

#define EVENTS "\"data\": {\"events\": [{\"path\": \"e.csv\"}]}"

static void next_item_has_its_own_defaults_where_nobody_chose(void **state)
{
	(void)state;
	config *next = parsed("{" EVENTS ", \"task\": {\"kind\": \"next_item\"}, \"model\": {\"blocks\": 1}}", "train.batch=256"), *other = parsed("{" EVENTS "}", NULL);
	assert_int_equal(next->split.kind, SPLIT_LEAVE_ONE_OUT);
	assert_int_equal(next->task.events.count, 0);
	assert_int_equal(next->model.window, 200);
	assert_int_equal(next->model.blocks, 1);   /* the file's, though it equals the other tasks' default */
	assert_int_equal(next->train.batch, 256);  /* --set's */
	assert_int_equal(other->split.kind, SPLIT_TIME);
	assert_int_equal(other->task.events.count, 1);
	config_free(next);
	config_free(other);
}

static void help_tells_both_defaults(void **state)
{
	(void)state;
	char *help = config_help("model.window");
	assert_non_null(strstr(help, "next_item: 200"));
	free(help);
}

static void what_next_item_cannot_do_is_refused(void **state)
{
	(void)state;
	static const char *const sets[][2] = { { "model.encoder=none", "learn from sequences" }, { "model.members=2", "must be 1" }, { "train.metric=roc_auc", "ndcg@K" }, { "train.metric=hr@0", "ndcg@K" } };
	for (size_t i = 0; i < 4; i++) {
		sr_error err = { 0 };
		char *item[] = { (char *)(uintptr_t)sets[i][0] };
		static const char content[] = "{" EVENTS ", \"task\": {\"kind\": \"next_item\"}}";
		assert_null(config_parse(content, sizeof content - 1, "test", "/", &(strings){ item, 1 }, &err));
		assert_says(&err, SR_CONFIG, sets[i][1]);
	}
	sr_error err = { 0 };
	char *item[] = { (char[]){ "train.loss=gbce" } };
	assert_null(config_parse("{" EVENTS "}", sizeof "{" EVENTS "}" - 1, "test", "/", &(strings){ item, 1 }, &err));
	assert_says(&err, SR_CONFIG, "for task.kind next_item");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(next_item_has_its_own_defaults_where_nobody_chose), cmocka_unit_test(help_tells_both_defaults), cmocka_unit_test(what_next_item_cannot_do_is_refused) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
