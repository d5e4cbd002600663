/* rules.c - relations between settings: a row a rule, each with the message a user reads when it does not hold. */
#include "field.h"

#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

static bool heads_divide_width(const config *c)
{
	return c->model.encoder != ENCODER_TRANSFORMER || (c->model.width ? c->model.width : 64) % c->model.heads == 0;
}

static bool events_or_samples(const config *c)
{
	return c->data.events.count || (c->task.kind == TASK_COLUMN && c->data.samples.count);
}

static bool column_has_samples(const config *c)
{
	return c->task.kind != TASK_COLUMN || c->data.samples.count;
}

static bool shares_leave_training(const config *c)
{
	return c->split.validation_share + c->split.test_share < 1;
}

static bool has_cuts(const config *c)
{
	return c->task.kind == TASK_AS_OF || c->task.kind == TASK_BOTH;
}

static bool tells_items(const config *c)
{
	return c->task.kind == TASK_NEXT_ITEM || c->task.kind == TASK_BOTH;
}

static bool horizon_given(const config *c)
{
	int64_t horizon;
	return !has_cuts(c) || (number_parse_duration(c->task.horizon, &horizon) && horizon > 0);
}

static bool target_given(const config *c)
{
	return !has_cuts(c) || c->task.events.count;
}

static bool encoder_has_events(const config *c)
{
	return c->model.encoder == ENCODER_NONE || c->data.events.count;
}

static bool two_folds(const config *c)
{
	return c->split.folds != 1;
}

static bool ranking_metric(const char *name)
{
	static const char *const heads[] = { "hr@", "ndcg@", "mrr@" };
	int64_t k;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		if (text_starts(name, heads[i]))
			return number_parse_int(name + strlen(heads[i]), strlen(name + strlen(heads[i])), &k) && k > 0 && k < INT32_MAX;
	return false;
}

static bool metric_known(const config *c)
{
	if (tells_items(c) && ranking_metric(c->train.metric))
		return c->task.kind == TASK_NEXT_ITEM || c->train.next_item_loss_weight > 0;
	if (c->task.kind == TASK_NEXT_ITEM)
		return strcmp(c->train.metric, "auto") == 0;
	static const char *const known[] = { "auto", "log_loss", "roc_auc", "average_precision", "accuracy" };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(c->train.metric, known[i]) == 0)
			return true;
	return false;
}

static bool threshold_known(const config *c)
{
	threshold_rule rule;
	return threshold_rule_read(c->evaluate.threshold, &rule);
}

static bool calibration_fits(const config *c)
{
	return c->task.kind != TASK_NEXT_ITEM || c->evaluate.calibration == CALIBRATE_NONE;
}

static bool sources_named(const config *c)
{
	const source_list *lists[] = { &c->data.events, &c->data.users, &c->data.items, &c->data.samples };
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < lists[i]->count; j++)
			if (!lists[i]->item[j].path[0])
				return false;
	return true;
}

static bool fields_named(const config *c)
{
	for (size_t i = 0; i < c->data.fields.count; i++)
		if (!c->data.fields.item[i].name[0])
			return false;
	return true;
}

static bool vectors_have_width(const config *c)
{
	for (size_t i = 0; i < c->data.fields.count; i++)
		if (c->data.fields.item[i].kind == KIND_VECTOR && c->data.fields.item[i].width < 1)
			return false;
	return true;
}

static bool two_classes(const config *c)
{
	return c->task.classes.count != 1;
}

static bool loss_fits(const config *c)
{
	return tells_items(c) || c->train.loss <= LOSS_CROSS_ENTROPY;
}

static bool sampled_excludes(const config *c)
{
	return !c->train.exclude_seen || c->train.loss != LOSS_CROSS_ENTROPY;
}

static bool one_member(const config *c)
{
	return !tells_items(c) || c->model.members == 1;
}

static bool told_by_events(const config *c)
{
	return !tells_items(c) || c->model.encoder != ENCODER_NONE;
}

static bool both_of_users(const config *c)
{
	return c->task.kind != TASK_BOTH || c->task.unit == UNIT_USER;
}

/* What has no event has no event that is told, and none after which something comes. */
static bool both_have_history(const config *c)
{
	return c->task.kind != TASK_BOTH || c->task.eligible_events > 0;
}

static bool both_see_two_events(const config *c)
{
	return c->task.kind != TASK_BOTH || c->model.window > 1;
}

static bool both_without_folds(const config *c)
{
	return c->task.kind != TASK_BOTH || !c->split.folds;
}

/* A user's earlier rows must train and the later ones test: the later ones' histories hold the earlier ones' next items. */
static bool both_in_order(const config *c)
{
	return c->task.kind != TASK_BOTH || (c->split.kind != SPLIT_RANDOM && c->split.kind != SPLIT_GIVEN);
}

static bool histograms_are_shown(const config *c)
{
	return c->output.tensorboard || !c->output.tensorboard_histograms;
}

static bool device_has_backend(const config *c)
{
	return c->run.backend != BACKEND_NATIVE || c->run.device != DEVICE_CUDA;
}

static bool precision_has_backend(const config *c)
{
	return c->run.backend == BACKEND_LIBTORCH || c->run.device == DEVICE_CUDA || c->run.precision == PRECISION_FLOAT32;
}

static bool exact_has_backend(const config *c)
{
	return c->train.table_update != UPDATE_EXACT || (c->run.backend != BACKEND_LIBTORCH && c->run.device != DEVICE_CUDA);
}

static bool rule_for_items(const config *c)
{
	return c->task.kind == TASK_NEXT_ITEM || c->model.encoder < ENCODER_POPULARITY;
}

static bool width_and_dropout(const config *c)
{
	return (c->model.width == 0 || c->model.width >= 4) && (c->model.dropout >= 0 || c->model.dropout == -1);
}

/* What rows can be grouped by: its name among those declared, or why it cannot. */
static const char *slice_refusal(const config *c, const char *name)
{
	if (strcmp(name, "history") == 0 || strcmp(name, "item_popularity") == 0)
		return NULL;
	for (size_t i = 0; i < c->data.fields.count; i++) {
		const field_config *f = &c->data.fields.item[i];
		if (strcmp(f->name, name) == 0 && f->on != LEVEL_EVENT)
			return f->kind == KIND_CATEGORY || f->kind == KIND_NUMBER ? NULL : "is a field of several values, which make no groups of rows; slices take those of kind category or number";
	}
	for (size_t i = 0; i < c->data.fields.count; i++)
		if (strcmp(c->data.fields.item[i].name, name) == 0)
			return "is a field of events; rows have many of them. Slices take fields on user, item or sample";
	return "is neither history, item_popularity nor a field that data.fields declares on user, item or sample.";
}

static void check_slices(const config *c, const field_source *source)
{
	char place[PLACE_TEXT];
	size_t count = 0;
	const char **known = xcalloc(c->data.fields.count + 2, sizeof *known);
	known[count++] = "history";
	known[count++] = "item_popularity";
	for (size_t i = 0; i < c->data.fields.count; i++)
		if (c->data.fields.item[i].on != LEVEL_EVENT)
			known[count++] = c->data.fields.item[i].name;
	for (size_t i = 0; i < c->evaluate.slices.count; i++) {
		const char *name = c->evaluate.slices.item[i], *why = slice_refusal(c, name), *nearest = why ? text_nearest(name, known, count) : NULL;
		char *key = text_format("evaluate.slices[%zu]", i);
		if (why)
			error_add(source->err, SR_CONFIG, "%s: \"%s\" %s%s%s%s", field_place(source, key, place), name, why, nearest ? " Did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
		free(key);
	}
	free(known);
}

static const struct {
	const char *key; /* where the message points */
	const char *message;
	bool (*holds)(const config *);
} rules[] = {
	{ "data.events", "names no log; give data.events a list of { \"path\": ... } (or data.samples, for task.kind column)", events_or_samples },
	{ "data.samples", "is empty, but task.kind column takes its labels from there", column_has_samples },
	{ "data", "has a source without a path", sources_named },
	{ "data.fields", "has a field without a name", fields_named },
	{ "data.fields", "has a vector without a width", vectors_have_width },
	{ "task.horizon", "must be longer than nothing", horizon_given },
	{ "task.events", "names no event type; as_of needs the types that make a sample positive", target_given },
	{ "task.classes", "has one class; a classifier needs two or more", two_classes },
	{ "split.folds", "is 1; cross-fitting needs two folds or more (0: one split)", two_folds },
	{ "split.validation_share", "and split.test_share leave nothing to train on", shares_leave_training },
	{ "model.heads", "does not divide model.width", heads_divide_width },
	{ "model", "has a width from 1 to 3 or a dropout between -1 and 0; automatic are width 0 and dropout -1", width_and_dropout },
	{ "model.encoder", "needs data.events; without a log of events use \"none\"", encoder_has_events },
	{ "train.metric", "is not one of auto, log_loss, roc_auc, average_precision, accuracy (task.kind next_item: auto, hr@K, ndcg@K, mrr@K; both: any of these, the latter where train.next_item_loss_weight is not 0)", metric_known },
	{ "train.loss", "samples items, which is for task.kind next_item and both; use cross_entropy", loss_fits },
	{ "train.exclude_seen", "is for sampled losses; cross_entropy compares with every item", sampled_excludes },
	{ "model.members", "must be 1 for task.kind next_item and both", one_member },
	{ "model.encoder", "is none, but task.kind next_item and both learn from sequences", told_by_events },
	{ "task.unit", "is user_item; task.kind both is about users: use unit user", both_of_users },
	{ "task.eligible_events", "is 0; task.kind both needs histories of at least one event", both_have_history },
	{ "model.window", "is 1; task.kind both tells an event of the history from those before it: 2 or more", both_see_two_events },
	{ "split.folds", "must be 0 for task.kind both", both_without_folds },
	{ "split.kind", "would train task.kind both on what comes after a test row; use time, leave_one_out, session or user", both_in_order },
	{ "model.encoder", "counts items, which is for task.kind next_item; use transformer, gru, lstm, rnn, mean or none", rule_for_items },
	{ "evaluate.threshold", "is neither f1, accuracy, cost:A:B, precision:P, top:S nor a number from 0 to 1", threshold_known },
	{ "run.device", "is cuda, where the native backend cannot compute; use run.backend auto or libtorch", device_has_backend },
	{ "run.precision", "is bfloat16, which is for run.backend libtorch or run.device cuda", precision_has_backend },
	{ "train.table_update", "is exact, which the native backend on the CPU computes; use lazy, or run.backend native", exact_has_backend },
	{ "evaluate.calibration", "is for probabilities of classes; task.kind next_item has none", calibration_fits },
	{ "output.tensorboard_histograms", "are part of the TensorBoard files: set output.tensorboard, too", histograms_are_shown },
};

void config_check_rules(const config *c, const field_source *source)
{
	char place[PLACE_TEXT];
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (!rules[i].holds(c))
			error_add(source->err, SR_CONFIG, "%s %s", field_place(source, rules[i].key, place), rules[i].message);
	check_slices(c, source);
}
