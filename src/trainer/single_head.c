/* single_head.c - what a model of two heads is compared with: itself without the second one. */
#include "single_head.h"

#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

bool single_head_wanted(const config *c)
{
	return c->task.kind == TASK_BOTH && c->evaluate.single_head && c->train.next_item_loss_weight > 0;
}

/* Shares all that c holds: not to be freed. A metric of rankings, which no weights would learn, gives way to the one of classes. */
static config config_of(const config *c)
{
	static char usual[] = "auto";
	config single = *c;
	single.train.next_item_loss_weight = 0;
	single.output.tensorboard_histograms = false; /* curves are shown of the model itself */
	if (strchr(c->train.metric, '@'))
		single.train.metric = usual;
	return single;
}

static appender *open_lines(const char *folder, const char *name, sr_error *err)
{
	char *path = path_join(folder, name);
	appender *lines = append_open(path, err);
	free(path);
	return lines;
}

bool single_head_train(evaluation *e, const char *run, const train_watch *watch, sr_error *err)
{
	config c = config_of(e->c);
	fold_model m = { 0 };
	char *folder = path_join(run, "single_head");
	member_job job = { .c = &c, .all = e->d->all, .pool = e->pool, .watch = watch };
	log_info("the %s head alone: trained in %s to compare with", job.all->class_name[1], folder);
	bool done = folder_make(folder, err) && (job.log = open_lines(folder, "log.jsonl", err)) && (job.metrics = open_lines(folder, "metrics.jsonl", err));
	done = done && fold_train(&m, folder, e->d->s, &job, err) && evaluation_add_single(e, &m, &c, err);
	fold_close(&m);
	append_close(job.log);
	append_close(job.metrics);
	free(folder);
	return done;
}

bool single_head_add(evaluation *e, const char *run, sr_error *err)
{
	config c = config_of(e->c);
	fold_model m = { 0 };
	char *folder = path_join(run, "single_head"), *weights = path_join(folder, "model/model.safetensors");
	bool there = file_exists(weights), done = !there || (fold_open(&m, folder, &c, 0, 0, e->d->s, e->d->all, err) && evaluation_add_single(e, &m, &c, err));
	fold_close(&m);
	free(weights);
	free(folder);
	return done;
}
