/* tasks.c - defaults that depend on the task: what next_item trains best with is not what a classifier does. */
#include "field.h"

#include <string.h>

static const struct {
	const char *key, *value;
} next_item_defaults[] = {
	{ "task.events", "[]" },
	{ "task.aggregates", "false" },
	{ "split.kind", "leave_one_out" },
	{ "model.width", "0" },
	{ "model.blocks", "2" },
	{ "model.window", "200" },
	{ "model.dropout", "-1" },
	{ "model.output", "cosine" },
	{ "train.batch", "128" },
	{ "train.negatives", "2048" },
	{ "train.epochs", "200" },
	{ "train.patience", "10" },
	{ "train.schedule", "constant" },
	{ "train.warmup", "0" },
};

const char *config_task_default(const field *f)
{
	for (size_t i = 0; i < sizeof next_item_defaults / sizeof *next_item_defaults; i++)
		if (strcmp(f->key, next_item_defaults[i].key) == 0)
			return next_item_defaults[i].value;
	return NULL;
}

void config_task_defaults(config *c)
{
	for (const field *f = config_fields; c->task.kind == TASK_NEXT_ITEM && f->key; f++) {
		const char *value = config_task_default(f);
		if (value && c->origin->of[f - config_fields] == ORIGIN_DEFAULT)
			field_set_default(f, c, value);
	}
}
