/* run_train.c - seqrec train: store, samples, split, folds, members, floors, report, predictions. */
#include "compute.h"
#include "evaluation.h"
#include "items.h"
#include "predictions.h"
#include "run.h"
#include "run_card.h"
#include "run_tensorboard.h"
#include "single_head.h"

#include "seqrec/file.h"
#include "seqrec/instant.h"
#include "seqrec/json.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"
#include "seqrec/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RECORD_MOST = 8 << 20 };

typedef struct {
	const config *c;
	const char *folder;
	const train_watch *watch;
	folder_lock *lock;
	dataset d;
	thread_pool *pool;
	evaluation e;
	item_evaluation items; /* next_item, in place of e; both, beside e */
	char *data_before; /* fingerprint of the logs that an unfinished run began with, or NULL */
	double started;
	text compute; /* what computes, as members of the record */
} train_run;

/* ---- the record ---- */

static bool write_record(const train_run *r, const char *status, sr_error *err)
{
	text out = { 0 };
	char *path = path_join(r->folder, "run.json"), *digest = run_digest(r->c), now[INSTANT_TEXT];
	instant_print((int64_t)time(NULL) * INSTANT_SECOND, now);
	text_addf(&out, "{\"seqrec\":\"%s\",\"status\":\"%s\",\"settings\":\"%s\",\"data\":\"%s\",\"threads\":%u%s,\"seconds\":%.3f,\"written\":\"%s\"}\n", seqrec_version(), status, digest,
	          r->d.s ? r->d.s->fingerprint : "", r->pool ? thread_pool_threads(r->pool) : 0, r->compute.data ? r->compute.data : "", clock_seconds() - r->started, now);
	bool done = file_write(path, out.data, out.length, err);
	text_free(&out);
	free(digest);
	free(path);
	return done;
}

typedef enum { STAND_NEW, STAND_UNFINISHED, STAND_FINISHED, STAND_REFUSED } standing;

/* Which settings that decide the result differ from those of the run in the directory: "" when none does (an older seqrec knew fewer settings). New. */
static char *differences(const train_run *r)
{
	static const char *const except[] = { "run.dir", "run.threads", "run.memory", "run.backend", "run.device", "run.precision", "run.log_every", "run.checkpoint_", "output.", NULL };
	config *before = run_config(r->folder, NULL, NULL);
	char *difference = before ? config_difference(r->c, before, except) : xstrdup("its config.json cannot be read");
	config_free(before);
	return difference;
}

static bool same_settings(const train_run *r, const char *settings, sr_error *err)
{
	char *digest = run_digest(r->c);
	bool same = settings && strcmp(settings, digest) == 0;
	free(digest);
	if (same)
		return true;
	char *difference = differences(r);
	same = settings && !*difference;
	if (!same)
		error_set(err, SR_CONFIG, "%s: holds a run with other settings (%s). Use --fresh to replace it, or another directory (--run DIR)", r->folder, difference);
	free(difference);
	return same;
}

/* What the directory holds already. */
static standing look_around(train_run *r, sr_error *err)
{
	char *path = path_join(r->folder, "run.json");
	standing found = STAND_NEW;
	const char *data;
	cJSON *record = file_exists(path) ? json_read(path, RECORD_MOST, false, SR_MODEL, err) : NULL;
	if (file_exists(path) && !record)
		found = STAND_REFUSED;
	const char *settings = record ? json_get_string(record, "settings") : NULL, *status = record ? json_get_string(record, "status") : NULL;
	if (record)
		found = !same_settings(r, settings, err) ? STAND_REFUSED : status && strcmp(status, "finished") == 0 ? STAND_FINISHED : STAND_UNFINISHED;
	if (found == STAND_UNFINISHED && (data = json_get_string(record, "data")) && *data)
		r->data_before = xstrdup(data);
	cJSON_Delete(record);
	free(path);
	return found;
}

static bool clear_folder(const char *folder, sr_error *err)
{
	static const char *const parts[] = { "run.json", "checkpoints", "model", "single_head", "report", "log.jsonl", "metrics.jsonl", "predictions.jsonl", "tensorboard" };
	bool done = true;
	for (size_t i = 0; done && i < sizeof parts / sizeof *parts; i++) {
		char *path = path_join(folder, parts[i]);
		done = folder_remove(path, err);
		free(path);
	}
	return done;
}

static bool write_config(const train_run *r, sr_error *err)
{
	char *path = path_join(r->folder, "config.json"), *resolved = config_print(r->c);
	bool done = file_write(path, resolved, strlen(resolved), err);
	free(path);
	free(resolved);
	return done;
}

/* ---- the run ---- */

static bool publish(const train_run *r, sr_error *err)
{
	const samples *all = r->d.all;
	published p = { .classes = { all->class_name, all->classes }, .threshold = r->e.threshold, .threshold_rule = r->e.threshold_rule, .folds = all->folds, .calibration = r->e.calibration };
	return published_save(&p, r->folder, err);
}

/* Between training and report nothing has to be saved: all of it is in the checkpoints. */
static bool may_go_on(const train_run *r, sr_error *err)
{
	if (!r->watch || !r->watch->stop || !r->watch->stop(r->watch->context))
		return true;
	return error_set(err, SR_AGAIN, "stopped before the report, all steps so far are saved. Run the same command again to continue");
}

static bool train_folds(train_run *r, sr_error *err)
{
	char *log = path_join(r->folder, "log.jsonl"), *metrics = path_join(r->folder, "metrics.jsonl");
	member_job job = { .c = r->c, .all = r->d.all, .pool = r->pool, .watch = r->watch, .log = append_open(log, err), .metrics = append_open(metrics, err) };
	bool done = job.log && job.metrics;
	uint32_t folds = r->d.all->folds ? r->d.all->folds : 1;
	for (uint32_t fold = 0; done && fold < folds; fold++) {
		fold_model m;
		job.fold = fold;
		if (!(done = fold_train(&m, r->folder, r->d.s, &job, err)))
			break;
		done = may_go_on(r, err) && (!r->d.all->next_item || items_evaluate(&r->items, &m, r->c->evaluate.floors, err)) && (!r->d.all->classes || evaluation_add(&r->e, &m, fold, r->c->evaluate.floors, err));
		fold_close(&m);
	}
	append_close(job.log);
	append_close(job.metrics);
	if (r->c->output.tensorboard && (done || err->code == SR_AGAIN)) {
		sr_error other = { 0 };
		done = tensorboard_write(r->folder, done ? err : &other) && done;
	}
	free(log);
	free(metrics);
	return done && (!single_head_wanted(r->c) || single_head_train(&r->e, r->folder, r->watch, err));
}

static bool finish_items(train_run *r, sr_error *err)
{
	char *reports = path_join(r->folder, "report"), *predictions = path_join(r->folder, "predictions.jsonl");
	published p = { .threshold_rule = (char[]){ "" } };
	bool done = published_save(&p, r->folder, err) && items_report(&r->items, path_name(r->folder), reports, NULL, err);
	if (done && r->c->output.predictions)
		done = items_write(&r->items.best, predictions, PREDICTIONS_JSONL, err);
	free(reports);
	free(predictions);
	return done && card_write(r->c, r->folder, r->d.s->fingerprint, err) && write_record(r, "finished", err);
}

static bool finish(train_run *r, sr_error *err)
{
	char *reports = path_join(r->folder, "report"), *ranked = path_join(reports, "next_item"), *predictions = path_join(r->folder, "predictions.jsonl");
	bool done = evaluation_calibrate(&r->e, err);
	evaluation_choose_threshold(&r->e);
	done = done && publish(r, err) && evaluation_report(&r->e, path_name(r->folder), reports, NULL, err);
	done = done && (!samples_both(r->d.all) || items_report(&r->items, path_name(r->folder), ranked, NULL, err));
	if (done && r->c->output.predictions) {
		prediction_rows rows = { .c = r->c, .d = &r->d, .row = r->e.part[1].row, .rows = r->e.part[1].rows, .probability = r->e.part[1].score[0], .threshold = r->e.threshold };
		done = predictions_write(&rows, predictions, PREDICTIONS_JSONL, err);
	}
	free(ranked);
	free(reports);
	free(predictions);
	return done && card_write(r->c, r->folder, r->d.s->fingerprint, err) && write_record(r, "finished", err);
}

static void say_split(const dataset *d, const config *c)
{
	char *summary = samples_summary(d->all, c, d->s);
	for (char *line = summary, *end; *line; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		log_info("%.*s", (int)(end - line), line);
	}
	free(summary);
}

/* Before anything is read: a device that is not there is an error at once. */
static bool say_device(train_run *r, sr_error *err)
{
	char *why;
	compute_backend(r->c, &why);
	if (why)
		log_info("run.device auto: the CPU is used. %s", why);
	free(why);
	return compute_record(r->c, &r->compute, err);
}

static bool train(train_run *r, sr_error *err)
{
	/* the directory is taken for these settings only when the data are fit for them: a run that never began is no run to continue */
	if (!say_device(r, err) || !dataset_open(&r->d, r->c, r->folder, NULL, true, err) || !samples_split(r->d.all, r->c, r->d.s, err))
		return false;
	if (r->data_before && strcmp(r->data_before, r->d.s->fingerprint) != 0)
		return error_set(err, SR_CONFIG, "%s: the logs have changed since this unfinished run began. --fresh trains on them anew; until then the checkpoints are kept", r->folder);
	if (!write_config(r, err))
		return false;
	say_split(&r->d, r->c);
	r->pool = run_pool(r->c);
	r->e = (evaluation){ .c = r->c, .d = &r->d, .pool = r->pool };
	r->items = (item_evaluation){ .c = r->c, .d = &r->d, .pool = r->pool };
	return write_record(r, "unfinished", err) && train_folds(r, err) && may_go_on(r, err) && (r->d.all->classes ? finish : finish_items)(r, err);
}

/* True when the finished run's store is there and no longer what the logs and settings give. */
static bool logs_changed(const config *c, const char *run)
{
	char *store_folder = dataset_folder(c, run), *manifest = path_join(store_folder, "manifest.json");
	bool changed = file_exists(manifest) && !dataset_streamed(c) && !store_is_current(c, store_folder); /* what came through standard input cannot be looked at again */
	free(manifest);
	free(store_folder);
	return changed;
}

bool run_train(const config *c, const char *folder, bool fresh, const train_watch *watch, sr_error *err)
{
	train_run r = { .c = c, .folder = folder, .watch = watch, .started = clock_seconds() };
	if (!folder_make(folder, err) || !(r.lock = folder_lock_take(folder, err)))
		return false;
	folder_clean(folder);
	bool done = !fresh || clear_folder(folder, err);
	standing found = done ? look_around(&r, err) : STAND_REFUSED;
	if (found == STAND_FINISHED && logs_changed(c, folder))
		done = error_set(err, SR_CONFIG, "%s: is finished, but the logs have changed since. --fresh trains on them anew, --run DIR in another directory; nothing was done", folder);
	else if (found == STAND_FINISHED)
		log_info("%s: is finished already; nothing was done. --fresh trains it anew", folder);
	else if (found == STAND_REFUSED)
		done = false;
	else {
		if (found == STAND_UNFINISHED)
			log_info("%s: continuing an unfinished run", folder);
		done = train(&r, err);
	}
	free(r.data_before);
	text_free(&r.compute);
	evaluation_free(&r.e);
	item_evaluation_free(&r.items);
	dataset_close(&r.d);
	thread_pool_free(r.pool);
	folder_lock_free(r.lock);
	return done;
}
