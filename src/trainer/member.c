/* member.c - the training loop. The order of data is a pure function of (seed, epoch), everything else random of (seed, step, index), so that a resumed
 * run equals an uninterrupted one bit for bit. */
#include "member.h"
#include "weight_histograms.h"
#include "ranking.h"
#include "resident.h"

#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	const member_job *job;
	model *m;
	workers *w;
	optimizer *o;
	training_state *state;
	uint32_t *train, *validation, *order; /* order: this epoch's */
	size_t train_count, validation_count, order_count, positives;
	uint64_t steps, epoch_steps;
	double started;        /* clock; and the samples seen since */
	double seen;
	double saved;          /* clock of the last checkpoint */
	double loss, norm;     /* of the last step that was read, where parameters are resident */
} training;

static uint64_t member_seed(const member_job *job)
{
	return (uint64_t)job->c->run.seed + 7919U * (uint64_t)job->member + 104729U * (uint64_t)job->fold;
}

static optimizer *optimizer_of(const member_job *job, params *list)
{
	const train_settings *settings = &job->c->train;
	optimizer *o = optimizer_new(list, settings->weight_decay, settings->clip);
	o->pool = job->pool;
	if (settings->table_update == UPDATE_EXACT)
		optimizer_make_exact(o);
	return o;
}

/* ---- what an epoch sees ---- */

static void order_epoch(training *t)
{
	const member_job *job = t->job;
	uint64_t seed = member_seed(job), epoch = t->state->epoch;
	size_t negatives = t->train_count - t->positives, drawn = member_drawn(job->c, t->positives, negatives), count = 0, kept = 0;
	uint32_t *negative = t->order + t->train_count; /* scratch behind */
	for (size_t i = 0; i < t->train_count; i++) {
		bool spared = drawn == negatives || job->all->item[t->train[i]].label != 0;
		if (spared)
			t->order[count++] = t->train[i];
		else
			negative[kept++] = t->train[i];
	}
	random_shuffle(seed, RANDOM_SUBSAMPLE, epoch, negative, kept);
	for (size_t i = 0; drawn < negatives && i < drawn; i++)
		t->order[count++] = negative[i];
	random_shuffle(seed, RANDOM_SHUFFLE, epoch, t->order, count);
	t->order_count = count;
}

/* ---- progress ---- */

static void tell(const training *t, bool validated, double value, bool best)
{
	const member_job *job = t->job;
	if (!job->watch || !job->watch->progress)
		return;
	double elapsed = clock_seconds() - t->started, rate = elapsed > 0 ? t->seen / elapsed : 0;
	double left = ((double)t->steps - (double)t->state->epoch * (double)t->epoch_steps - (double)t->state->batch) * (double)job->c->train.batch;
	train_progress now = { .fold = job->fold, .folds = job->all->folds, .member = job->member, .members = (uint32_t)job->c->model.members, .epoch = t->state->epoch + 1,
		.epochs = (uint64_t)job->c->train.epochs, .batch = t->state->batch, .batches = t->epoch_steps, .validated = validated, .best = best, .value = value,
		.metric = t->validation_count ? metric_name(job->c) : NULL, .loss = t->state->loss_count ? t->state->loss_sum / (double)t->state->loss_count : NAN, .samples_per_second = rate,
		.seconds_left = rate > 0 ? left / rate : NAN };
	job->watch->progress(job->watch->context, &now);
}

static void log_step(const training *t, double loss, double rate, double norm)
{
	char loss_text[NUMBER_TEXT], rate_text[NUMBER_TEXT], norm_text[NUMBER_TEXT];
	if (t->state->step % (uint64_t)t->job->c->run.log_every)
		return;
	number_print_float((float)loss, loss_text);
	number_print_float((float)rate, rate_text);
	number_print_float((float)norm, norm_text);
	append_print(t->job->log, "{\"fold\":%u,\"member\":%u,\"epoch\":%llu,\"step\":%llu,\"loss\":%s,\"learning_rate\":%s,\"gradient_norm\":%s,\"samples_per_second\":%.0f}\n", t->job->fold, t->job->member,
	             (unsigned long long)t->state->epoch + 1, (unsigned long long)t->state->step, loss_text, rate_text, norm_text, t->seen / (clock_seconds() - t->started + 1e-9));
}

/* ---- the loop ---- */

static bool diverged(const training *t, const uint32_t *order, size_t count, sr_error *err)
{
	unsigned long long step = (unsigned long long)t->state->step;
	return divergence_dump(t->job, t->state->step, order, count, err) &&
	       error_set(err, SR_DIVERGED, "training diverged: the loss or gradient was not finite %d times in a row (step %llu; its samples are listed in %s/diverged_step_%llu.jsonl). The last checkpoint is kept; lower train.learning_rate",
	                 SKIPS_MOST, step, t->job->folder, step);
}

/* Reads how the steps since the last reading went. */
static bool catch_up(training *t, sr_error *err)
{
	uint64_t behind, batch = (uint64_t)t->job->c->train.batch;
	if (!t->w->resident)
		return true;
	if (!resident_read(t->w, t->state, &t->loss, &t->norm, &behind, err))
		return false;
	if (t->state->skipped_in_row < SKIPS_MOST)
		return true;
	t->state->step -= behind;
	t->state->batch -= behind;
	size_t first = (size_t)((t->state->batch - 1) * batch), count = t->order_count - first < batch ? t->order_count - first : (size_t)batch;
	return diverged(t, t->order + first, count, err);
}

/* A step whose loss stays where it was computed, until somebody asks. */
static bool end_resident_step(training *t, size_t count, double rate, sr_error *err)
{
	training_state *state = t->state;
	runtime *rt = t->w->runtime[0];
	if (!runtime_update(rt, rate) && runtime_can_retry(rt)) { /* the step could not be recorded: it is done again, operation by operation */
		size_t first = (size_t)state->batch * (size_t)t->job->c->train.batch;
		double loss;
		if (!workers_train(t->w, t->order + first, count, state->epoch, state->step, &loss, err))
			return false;
		runtime_update(rt, rate);
	}
	if (!runtime_status(rt, err))
		return false;
	state->batch++;
	state->step++;
	t->seen += (double)count;
	if (state->step % (uint64_t)t->job->c->run.log_every && state->batch < t->epoch_steps)
		return true;
	if (!catch_up(t, err))
		return false;
	log_step(t, t->loss, rate, t->norm);
	tell(t, false, NAN, false);
	return true;
}

static bool train_batch(training *t, sr_error *err)
{
	training_state *state = t->state;
	const train_settings *settings = &t->job->c->train;
	size_t batch = (size_t)settings->batch, first = (size_t)state->batch * batch, count = t->order_count - first < batch ? t->order_count - first : batch;
	double peak = state->rollbacks ? settings->learning_rate / 2 : settings->learning_rate;
	double loss, norm = NAN, rate = schedule_rate(settings->schedule, peak, settings->warmup, state->epoch * t->epoch_steps + state->batch, t->steps);
	if (!workers_train(t->w, t->order + first, count, state->epoch, state->step, &loss, err))
		return false;
	if (t->w->resident)
		return end_resident_step(t, count, rate, err);
	if (isfinite(loss))
		norm = optimizer_step(t->o, t->w->lane[0], rate);
	state->batch++;
	state->step++;
	t->seen += (double)count;
	if (isfinite(norm)) {
		state->loss_sum += loss;
		state->loss_count++;
		state->skipped_in_row = 0;
	} else {
		state->skipped++;
		if (++state->skipped_in_row >= SKIPS_MOST)
			return diverged(t, t->order + first, count, err);
	}
	log_step(t, loss, rate, norm);
	tell(t, false, NAN, false);
	return true;
}

static bool stopped(const training *t)
{
	return t->job->watch && t->job->watch->stop && t->job->watch->stop(t->job->watch->context);
}

static bool save(training *t, sr_error *err)
{
	if (!catch_up(t, err) || (t->w->resident && !resident_fetch(t->w, t->o, err)))
		return false;
	t->saved = clock_seconds();
	t->state->log_length = append_length(t->job->log);
	t->state->metrics_length = append_length(t->job->metrics);
	return append_sync(t->job->log, err) && append_sync(t->job->metrics, err) && checkpoint_rotate(t->job->folder, model_params(t->m), t->o, t->state, t->job->c->train.keep, err);
}

/* Within an epoch: after so many steps, so many minutes, or when asked. Whether and when it is saved changes nothing else. */
static bool save_is_due(const training *t)
{
	const run_settings *run = &t->job->c->run;
	const train_watch *watch = t->job->watch;
	return (watch && watch->save && watch->save(watch->context)) || (run->checkpoint_steps && t->state->step % (uint64_t)run->checkpoint_steps == 0) ||
	       (run->checkpoint_minutes > 0 && clock_seconds() - t->saved >= 60 * run->checkpoint_minutes);
}

static bool save_best(const training *t, sr_error *err)
{
	char *path = path_join(t->job->folder, "best.safetensors");
	bool done = (!t->w->resident || resident_fetch(t->w, NULL, err)) && checkpoint_save(path, model_params(t->m), NULL, t->state, err);
	free(path);
	return done;
}

/* The epoch's line of metrics.jsonl. */
static void tell_metrics(const training *t, const char *loss, const char *validation, bool best)
{
	const training_state *state = t->state;
	text line = { 0 };
	text_addf(&line, "{\"fold\":%u,\"member\":%u,\"epoch\":%llu,\"step\":%llu,\"train_loss\":%s,\"validation\":{%s},\"best\":%s", t->job->fold, t->job->member,
	          (unsigned long long)state->epoch + 1, (unsigned long long)state->step, loss, validation, best ? "true" : "false");
	if (t->job->c->output.tensorboard_histograms)
		weight_histograms_add(&line, model_params(t->m));
	text_add(&line, "}\n");
	append_line(t->job->metrics, line.data, line.length);
	text_free(&line);
}

/* Validation, best weights, early stopping: moves the state to the next epoch. */
static bool end_epoch(training *t, sr_error *err)
{
	training_state *state = t->state;
	const train_settings *settings = &t->job->c->train;
	double value = NAN;
	char json[512] = "", loss[NUMBER_TEXT];
	if (t->validation_count && !member_validate(t->job, t->w, t->validation, t->validation_count, &value, json, sizeof json, err))
		return false;
	double higher = strcmp(metric_name(t->job->c), "log_loss") == 0 ? -value : value;
	bool best = !t->validation_count || (isfinite(higher) && (!state->best_epoch || higher > state->best));
	if (best) {
		state->best = higher;
		state->best_epoch = state->epoch + 1;
		state->stale = 0;
		if (!save_best(t, err))
			return false;
	} else {
		state->stale++;
	}
	tell(t, true, value, best);
	number_print_float((float)(state->loss_sum / (double)(state->loss_count ? state->loss_count : 1)), loss);
	tell_metrics(t, loss, json, best);
	state->epoch++;
	state->batch = 0;
	state->loss_sum = 0;
	state->loss_count = 0;
	state->finished = state->epoch >= (uint64_t)settings->epochs || (t->validation_count && settings->patience && state->stale >= (uint64_t)settings->patience);
	return save(t, err);
}

/* Once: back to the last checkpoint, or to the beginning, with half the learning rate. What is logged behind it is written again. */
static bool roll_back(training *t, const sr_error *why, sr_error *err)
{
	training_state *state = t->state;
	params *list = model_params(t->m);
	bool found;
	if (state->rollbacks)
		return error_set(err, SR_DIVERGED, "also with half the learning rate: %s", why->text);
	log_warning("%s. Going back to the last checkpoint with half the learning rate, once", why->text);
	if (!checkpoint_resume(t->job->folder, list, t->o, state, &found, err))
		return false;
	if (!found) {
		params_initialise(list, member_seed(t->job));
		optimizer_free(t->o);
		t->o = optimizer_of(t->job, list);
		*state = (training_state){ .log_length = t->job->log_length, .metrics_length = t->job->metrics_length };
	}
	state->rollbacks = 1;
	state->skipped_in_row = 0;
	if (t->w->resident && !resident_start(t->w, t->o, 0, err))
		return false;
	return append_cut(t->job->log, state->log_length, err) && append_cut(t->job->metrics, state->metrics_length, err) && save(t, err);
}

/* One batch, and a checkpoint where one is due. */
static bool advance(training *t, bool *stop, sr_error *err)
{
	if (!train_batch(t, err))
		return false;
	*stop = stopped(t);
	return !(*stop || save_is_due(t)) || save(t, err);
}

/* *rolled: training stands elsewhere now, and the epoch's order has to be made again. */
static bool advance_or_roll_back(training *t, bool *stop, bool *rolled, sr_error *err)
{
	sr_error failed = { 0 };
	*stop = false;
	if (advance(t, stop, &failed))
		return true;
	*rolled = failed.code == SR_DIVERGED;
	return *rolled ? roll_back(t, &failed, err) : error_set(err, failed.code, "%s", failed.text);
}

static bool run_epochs(training *t, sr_error *err)
{
	training_state *state = t->state;
	while (!state->finished) {
		bool rolled = false;
		order_epoch(t);
		while (state->batch < t->epoch_steps) {
			bool stop;
			if (!advance_or_roll_back(t, &stop, &rolled, err))
				return false;
			if (rolled)
				break;
			if (!stop)
				continue;
			return error_set(err, SR_AGAIN, "stopped at epoch %llu, step %llu; a checkpoint is saved. Run the same command again to continue", (unsigned long long)state->epoch + 1,
			                 (unsigned long long)state->step);
		}
		if (!rolled && !end_epoch(t, err))
			return false;
	}
	char *path = path_join(t->job->folder, "best.safetensors");
	bool done = checkpoint_load(path, model_params(t->m), NULL, NULL, err);
	free(path);
	return done;
}

static void prepare(training *t)
{
	const config *c = t->job->c;
	t->train = samples_select(t->job->all, c, t->job->fold, PART_TRAIN, &t->train_count);
	t->validation = samples_select(t->job->all, c, t->job->fold, PART_VALIDATION, &t->validation_count);
	for (size_t i = 0; i < t->train_count; i++)
		t->positives += t->job->all->item[t->train[i]].label != 0;
	size_t seen = t->positives + member_drawn(c, t->positives, t->train_count - t->positives);
	t->order = xcalloc(2 * t->train_count, sizeof *t->order);
	t->epoch_steps = (seen + (size_t)c->train.batch - 1) / (size_t)c->train.batch;
	t->steps = t->epoch_steps * (uint64_t)c->train.epochs;
	t->started = t->saved = clock_seconds();
}

/* NULL where the loss samples no items. */
static item_draws *draws_new(const member_job *job, const workers *w)
{
	if (w->told.loss == LOSS_CROSS_ENTROPY)
		return NULL;
	uint32_t *count = count_items(job->f, job->all, job->s, NULL);
	item_draws *draws = item_draws_new(count, model_items(w->m)->rows, w->told.of_batch ? 1 : job->c->train.popularity);
	free(count);
	return draws;
}

bool member_train(const member_job *job, model *m, training_state *state, sr_error *err)
{
	training t = { .job = job, .m = m, .state = state };
	float *class_weight = NULL;
	item_draws *draws = NULL;
	bool found = false, done = false;
	double *shift = member_shift(job->c, job->all, job->fold, &class_weight, err);
	prepare(&t);
	params_initialise(model_params(m), member_seed(job));
	t.o = optimizer_of(job, model_params(m));
	t.w = shift ? workers_new(job->c, job->f, job->all, m, job->pool, err) : NULL;
	if (!t.w)
		goto done;
	if (job->all->next_item && job->c->train.loss == LOSS_AUTO)
		log_info("train.loss auto: %s, for %zu items", told_losses_name(&t.w->told), model_items(m)->rows - PACK_FIRST_ITEM);
	t.w->seed = t.w->told.seed = member_seed(job);
	t.w->class_weight = class_weight;
	t.w->told.draws = draws = draws_new(job, t.w);
	if (!folder_make(job->folder, err) || !checkpoint_resume(job->folder, model_params(m), t.o, state, &found, err))
		goto done;
	if (!state->finished && (!append_cut(job->log, found ? state->log_length : job->log_length, err) || !append_cut(job->metrics, found ? state->metrics_length : job->metrics_length, err)))
		goto done;
	if (found && !checkpoint_settle(job->folder, state->step, job->c->train.keep, err))
		goto done;
	if (t.w->resident && !resident_start(t.w, t.o, state->skipped_in_row, err))
		goto done;
	if (found && !state->finished)
		log_info("continuing at epoch %llu, step %llu", (unsigned long long)state->epoch + 1, (unsigned long long)state->step);
	done = run_epochs(&t, err);
done:
	item_draws_free(draws);
	workers_free(t.w);
	optimizer_free(t.o);
	free(t.train);
	free(t.validation);
	free(t.order);
	free(shift);
	free(class_weight);
	return done;
}
