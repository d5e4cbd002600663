/* model.c - the public interface: a trained run, opened once, and asked about histories. */
#include "live.h"

#include "seqrec/calibration.h"
#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"
#include "trainer/fold.h"
#include "trainer/items.h"
#include "trainer/run.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct seqrec_model {
	pthread_mutex_t lock; /* of all that a call changes */
	config *c;
	published p;
	live_store live;
	dataset d;            /* the live store */
	thread_pool *pool;
	fold_model *fold;     /* (folds) */
	uint32_t folds;
};

static bool told(seqrec_error *error, const sr_error *err)
{
	if (error) {
		size_t length = strlen(err->text);
		length = length < sizeof error->text ? length : sizeof error->text - 1;
		memcpy(error->text, err->text, length);
		error->text[length] = '\0';
	}
	return false;
}

static bool is_askable(const config *c, sr_error *err)
{
	bool pairs = c->task.kind != TASK_NEXT_ITEM && (c->task.unit == UNIT_USER_ITEM || c->task.history == HISTORY_CANDIDATE);
	return !pairs || error_set(err, SR_CONFIG, "a run of task.unit user_item is asked with seqrec predict only");
}

static bool open_folds(seqrec_model *m, const char *run, sr_error *err)
{
	uint32_t folds = m->p.folds ? m->p.folds : 1;
	m->fold = xcalloc(folds, sizeof *m->fold);
	for (; m->folds < folds; m->folds++)
		if (!fold_open(&m->fold[m->folds], run, m->c, m->p.folds, m->folds, &m->live.s, &m->live.all, err))
			return false;
	return true;
}

static bool open_run(seqrec_model *m, const char *run, sr_error *err)
{
	m->c = run_config(run, NULL, err);
	if (!m->c || !is_askable(m->c, err) || !published_load(&m->p, run, err))
		return false;
	char *folder = dataset_folder(m->c, run);
	store *base = store_open(folder, false, err);
	free(folder);
	if (!base)
		return false;
	bool next_item = m->c->task.kind == TASK_NEXT_ITEM;
	live_open(&m->live, base, &m->p.classes, next_item || m->c->task.kind == TASK_BOTH, m->c->task.aggregates && !next_item);
	m->d = (dataset){ &m->live.s, &m->live.all };
	m->pool = thread_pool_new(1);
	return open_folds(m, run, err);
}

seqrec_model *seqrec_open(const char *run, seqrec_error *error)
{
	sr_error err = { 0 };
	seqrec_model *m = xcalloc(1, sizeof *m);
	pthread_mutex_init(&m->lock, NULL);
	if (open_run(m, run, &err))
		return m;
	told(error, &err);
	seqrec_close(m);
	return NULL;
}

void seqrec_close(seqrec_model *m)
{
	if (!m)
		return;
	for (uint32_t i = 0; i < m->folds; i++)
		fold_close(&m->fold[i]);
	free(m->fold);
	thread_pool_free(m->pool);
	live_close(&m->live);
	published_free(&m->p);
	config_free(m->c);
	pthread_mutex_destroy(&m->lock);
	free(m);
}

size_t seqrec_classes(const seqrec_model *m)
{
	return m->p.classes.count;
}

const char *seqrec_class_name(const seqrec_model *m, size_t number)
{
	return number < m->p.classes.count ? m->p.classes.item[number] : NULL;
}

double seqrec_threshold(const seqrec_model *m)
{
	return m->p.threshold;
}

static bool set_history(seqrec_model *m, const seqrec_history *h, sr_error *err)
{
	const char *why;
	return live_set(&m->live, h, &why) || error_set(err, SR_DATA, "the history cannot be used: %s", why);
}

static bool score(seqrec_model *m, const seqrec_history *h, double *probability, sr_error *err)
{
	const uint32_t row = 0;
	if (!m->live.all.classes)
		return error_set(err, SR_CONFIG, "this run tells next items: use seqrec_recommend");
	if (!set_history(m, h, err))
		return false;
	for (size_t k = 0; k < m->p.classes.count; k++)
		probability[k] = 0;
	for (uint32_t i = 0; i < m->folds; i++)
		if (!fold_score(&m->fold[i], m->c, &m->live.all, m->pool, &row, 1, 1 / (double)m->folds, probability, err))
			return false;
	calibrator_apply(m->p.calibration, probability, 1);
	return true;
}

bool seqrec_score(seqrec_model *m, const seqrec_history *h, double *probability, seqrec_error *error)
{
	sr_error err = { 0 };
	pthread_mutex_lock(&m->lock);
	bool done = score(m, h, probability, &err) || told(error, &err);
	pthread_mutex_unlock(&m->lock);
	return done;
}

static bool vector_of(seqrec_model *m, const seqrec_history *h, float **out, size_t *width, sr_error *err)
{
	const uint32_t row = 0;
	if (m->fold[0].rule)
		return error_set(err, SR_CONFIG, "this run counts items and has no vectors");
	if (!set_history(m, h, err))
		return false;
	workers *w = workers_new(m->c, m->fold[0].f, &m->live.all, m->fold[0].member[0], m->pool, err);
	bool done = w && workers_embed(w, &row, 1, m->live.all.classes ? VECTOR_Z : VECTOR_H, out, width, err);
	workers_free(w);
	return done;
}

bool seqrec_vector(seqrec_model *m, const seqrec_history *h, float *vector, size_t room, size_t *width, seqrec_error *error)
{
	sr_error err = { 0 };
	float *whole = NULL;
	*width = 0;
	pthread_mutex_lock(&m->lock);
	bool done = vector_of(m, h, &whole, width, &err) || told(error, &err);
	pthread_mutex_unlock(&m->lock);
	if (done)
		memcpy(vector, whole, (*width < room ? *width : room) * sizeof *vector);
	free(whole);
	return done;
}

static bool recommend(seqrec_model *m, const seqrec_history *h, const char **item, float *scores, size_t most, size_t *count, sr_error *err)
{
	const uint32_t row = 0;
	item_lists best = { 0 };
	if (!m->live.all.next_item)
		return error_set(err, SR_CONFIG, "this run tells classes: use seqrec_score");
	if (!set_history(m, h, err))
		return false;
	m->c->output.top = (int64_t)most;
	bool done = items_best(&best, m->c, &m->d, m->pool, &m->fold[0], NULL, &row, 1, err);
	for (size_t k = 0; done && k < best.most && best.item[k]; k++) {
		item[k] = features_item_id(m->fold[0].f, best.item[k]);
		scores[k] = best.score[k];
		*count = k + 1;
	}
	item_lists_free(&best);
	return done;
}

bool seqrec_recommend(seqrec_model *m, const seqrec_history *h, const char **item, float *scores, size_t most, size_t *count, seqrec_error *error)
{
	sr_error err = { 0 };
	*count = 0;
	pthread_mutex_lock(&m->lock);
	bool done = !most || recommend(m, h, item, scores, most, count, &err) || told(error, &err);
	pthread_mutex_unlock(&m->lock);
	return done;
}
