/* run_use.c - what is done with a trained run: evaluate, predict, embed. One code path opens it for all three. */
#include "evaluation.h"
#include "items.h"
#include "predictions.h"
#include "redis.h"
#include "run.h"
#include "single_head.h"
#include "user_choice.h"
#include "vectors.h"

#include "seqrec/file.h"
#include "seqrec/instant.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	config *c;
	published p;
	dataset d;
	thread_pool *pool;
	uint32_t *row; /* the samples asked for */
	size_t rows;
} use;

static void use_close(use *u)
{
	free(u->row);
	dataset_close(&u->d);
	thread_pool_free(u->pool);
	published_free(&u->p);
	config_free(u->c);
}

static void set_cut(config *c, const char *cut)
{
	for (size_t i = 0; i < c->task.cuts.count; i++)
		free(c->task.cuts.item[i]);
	c->task.cuts.item = xrealloc(c->task.cuts.item, 1, sizeof *c->task.cuts.item);
	c->task.cuts.item[0] = xstrdup(cut);
	c->task.cuts.count = 1;
}

/* Unlabelled as_of samples are made at `cut`, or when the log ends: at the full second after its last event. */
static bool choose_cut(use *u, const char *run, const char *cut, sr_error *err)
{
	char text_of[INSTANT_TEXT];
	if (u->c->task.kind != TASK_AS_OF && u->c->task.kind != TASK_BOTH)
		return true;
	int64_t instant;
	if (cut && !instant_parse(cut, strlen(cut), &instant))
		return error_set(err, SR_CONFIG, "--cut %s: is not an instant such as 2018-03-20 or 2018-03-20T12:00:00Z", cut);
	if (!cut) {
		u->d.s = dataset_store(u->c, run, err);
		if (!u->d.s)
			return false;
		instant_print((u->d.s->last_time / INSTANT_SECOND + 1) * INSTANT_SECOND, text_of);
		cut = text_of;
	}
	set_cut(u->c, cut);
	return true;
}

/* Where the store of other data goes: beside the run's own, so that both stay. What comes through standard input now is other data, too. */
static void place_store(use *u, const char *run, bool other)
{
	if (!other || u->c->data.store[0])
		return;
	free(u->c->data.store);
	u->c->data.store = path_join(run, "store_other");
}

static bool use_open(use *u, const char *run, const run_data *from, bool labelled, sr_error *err)
{
	*u = (use){ .c = run_config(run, from, err) };
	if (!u->c || !published_load(&u->p, run, err))
		return false;
	bool own = labelled && !from->data;
	place_store(u, run, from->data || (!labelled && dataset_streamed(u->c)));
	if (!labelled && !choose_cut(u, run, from->cut, err))
		return false;
	if (!u->d.s) /* standard input can be read but once: what choose_cut opened stays open */
		u->d.s = (own ? dataset_trained : dataset_store)(u->c, run, err);
	if (!dataset_make(&u->d, u->c, &u->p.classes, labelled, err))
		return false;
	u->pool = run_pool(u->c);
	return true;
}

static void choose_all(use *u)
{
	u->row = xcalloc(u->d.all->count, sizeof *u->row);
	for (size_t i = 0; i < u->d.all->count; i++)
		u->row[u->rows++] = (uint32_t)i;
}

/* All rows, or those of the users who are asked for. */
static bool choose_asked(use *u, const run_data *from, sr_error *err)
{
	choose_all(u);
	return !from->only || users_keep(from->only, &u->d, u->row, &u->rows, err);
}

static bool only_without_part(const run_data *from, bool parted, sr_error *err)
{
	return !from->only || !parted || error_set(err, SR_CONFIG, "--only goes without --part: it asks for users, from the end of the log");
}

/* What the model cannot make use of in these histories. */
static void warn_unknown(const use *u, const features *f)
{
	double share, items = features_unknown_share(f, u->d.all, u->row, u->rows);
	char *types = features_unknown_types(f, u->d.all, u->row, u->rows, &share);
	if (types)
		log_warning("%.1f %% of the events in these histories are of types that the model does not know (%s); map them with data.events[..].types, or retrain", 100 * share, types);
	if (items > 0.2)
		log_warning("%.0f %% of the items in these histories are unknown to the model; retrain on newer logs", 100 * items);
	free(types);
}

/* ---- evaluate ---- */

/* Other data: every row is a test row, for every fold (whose scores then stand one below the other). */
static bool add_all(use *u, evaluation *e, const char *run, sr_error *err)
{
	samples *all = u->d.all;
	uint32_t folds = u->p.folds ? u->p.folds : 1;
	part_scores *test = &e->part[1];
	test->rows = u->rows;
	test->row = xmemdup(u->row, u->rows * sizeof *u->row);
	test->score[0] = xcalloc(u->rows * all->classes, sizeof *test->score[0]);
	for (uint32_t fold = 0; fold < folds; fold++) {
		fold_model m;
		if (!fold_open(&m, run, u->c, u->p.folds, fold, u->d.s, all, err))
			return false;
		double unknown = features_unknown_share(m.f, all, u->row, u->rows);
		e->unknown_share = unknown > e->unknown_share ? unknown : e->unknown_share;
		if (fold == 0)
			warn_unknown(u, m.f);
		bool done = fold_score(&m, u->c, all, u->pool, u->row, u->rows, 1 / (double)folds, test->score[0], err);
		fold_close(&m);
		if (!done)
			return false;
	}
	return true;
}

static bool add_folds(use *u, evaluation *e, const char *run, sr_error *err)
{
	if (!samples_split(u->d.all, u->c, u->d.s, err))
		return false;
	for (uint32_t fold = 0; fold < (u->p.folds ? u->p.folds : 1); fold++) {
		fold_model m;
		if (!fold_open(&m, run, u->c, u->p.folds, fold, u->d.s, u->d.all, err))
			return false;
		bool done = evaluation_add(e, &m, fold, u->c->evaluate.floors, err);
		fold_close(&m);
		if (!done)
			return false;
	}
	return true;
}

/* next_item: the split of the data at hand, also of other data. */
static bool evaluate_items(use *u, const char *run, const char *reports, char **text_out, sr_error *err)
{
	fold_model m = { 0 };
	item_evaluation e = { .c = u->c, .d = &u->d, .pool = u->pool };
	bool done = samples_split(u->d.all, u->c, u->d.s, err) && fold_open(&m, run, u->c, 0, 0, u->d.s, u->d.all, err);
	done = done && items_evaluate(&e, &m, u->c->evaluate.floors, err) && items_report(&e, path_name(run), reports, text_out, err);
	item_evaluation_free(&e);
	fold_close(&m);
	return done;
}

static bool evaluate_classes(use *u, const char *run, bool other, const char *reports, char **text_out, sr_error *err)
{
	evaluation e = { .c = u->c, .d = &u->d, .pool = u->pool, .threshold = u->p.threshold, .threshold_rule = xstrdup(u->p.threshold_rule) };
	if (other)
		choose_all(u);
	bool done = other ? add_all(u, &e, run, err) : add_folds(u, &e, run, err);
	done = done && (!single_head_wanted(u->c) || single_head_add(&e, run, err));
	evaluation_apply(&e, u->p.calibration);
	done = done && evaluation_report(&e, path_name(run), reports, text_out, err);
	evaluation_free(&e);
	return done;
}

/* Two reports, one below the other. Other data may have too few cuts for a split: then their next items are not ranked. */
static bool evaluate_both(use *u, const char *run, bool other, const char *reports, char **text_out, sr_error *err)
{
	char *inside = path_join(reports, "next_item"), *classes = NULL, *items = NULL;
	sr_error unsplit = { 0 };
	bool done = evaluate_classes(u, run, other, reports, &classes, err), ranked = !other || samples_split(u->d.all, u->c, u->d.s, &unsplit);
	if (!ranked)
		log_info("next items are not ranked: %s", unsplit.text);
	done = done && (!ranked || evaluate_items(u, run, inside, &items, err));
	*text_out = done ? text_format("%s%s%s", classes, items ? "\n" : "", items ? items : "") : NULL;
	free(classes);
	free(items);
	free(inside);
	return done;
}

bool run_evaluate(const char *folder, const run_data *from, char **text_out, sr_error *err)
{
	use u;
	bool other = from->data != NULL, done = use_open(&u, folder, from, true, err);
	char *reports = path_join(folder, other ? "report_other" : "report");
	if (done && samples_both(u.d.all))
		done = evaluate_both(&u, folder, other, reports, text_out, err);
	else if (done)
		done = u.d.all->next_item ? evaluate_items(&u, folder, reports, text_out, err) : evaluate_classes(&u, folder, other, reports, text_out, err);
	if (done)
		log_info("report written to %s", reports);
	free(reports);
	use_close(&u);
	return done;
}

/* ---- predict ---- */

bool run_predict(const char *folder, const run_data *from, const char *out, predictions_format format, sr_error *err)
{
	use u;
	evaluation e = { 0 };
	more_thresholds more = { 0 };
	redis_keys keys = { 0 };
	bool parted = from->part && strcmp(from->part, "all") != 0;
	bool done = use_open(&u, folder, from, parted, err) && only_without_part(from, parted, err);
	if (done && !u.d.all->classes)
		done = error_set(err, SR_CONFIG, "predict gives the probabilities of classes; this run tells next items: use seqrec recommend %s", folder);
	done = done && (format != PREDICTIONS_REDIS || redis_open(&keys, folder, from->ttl, err));
	done = done && more_thresholds_read(&more, from->thresholds, folder, u.d.all->classes, err);
	if (done && parted) { /* the rows of a part, each scored by the models that did not see it */
		e = (evaluation){ .c = u.c, .d = &u.d, .pool = u.pool };
		u.c->evaluate.floors = false;
		done = strcmp(from->part, "test") == 0 || strcmp(from->part, "validation") == 0 || error_set(err, SR_CONFIG, "--part %s: is not one of validation, test, all", from->part);
		done = done && add_folds(&u, &e, folder, err);
	} else if (done) {
		e = (evaluation){ .c = u.c, .d = &u.d, .pool = u.pool };
		done = choose_asked(&u, from, err) && add_all(&u, &e, folder, err);
	}
	if (done) {
		evaluation_apply(&e, u.p.calibration);
		const part_scores *part = &e.part[parted && strcmp(from->part, "validation") == 0 ? 0 : 1];
		prediction_rows rows = { .c = u.c, .d = &u.d, .row = part->row, .rows = part->rows, .probability = part->score[0], .threshold = u.p.threshold, .more = more, .redis = &keys };
		done = predictions_write(&rows, out, format, err);
	}
	redis_close(&keys);
	more_thresholds_free(&more);
	evaluation_free(&e);
	use_close(&u);
	return done;
}

/* ---- recommend ---- */

/* The places of the targets, for a part whose targets are known. */
static bool rank_part(const use *u, const fold_model *m, item_lists *l, sr_error *err)
{
	item_evaluation e = { .c = u->c, .d = &u->d, .pool = u->pool };
	bool done = items_evaluate(&e, m, false, err);
	for (int p = 0; done && p < ITEM_PARTS; p++)
		if (e.part[p].rows == l->rows && memcmp(e.part[p].row, l->row, l->rows * sizeof *l->row) == 0)
			l->rank = xmemdup(e.part[p].rank[0], l->rows * sizeof *l->rank);
	item_evaluation_free(&e);
	return done;
}

bool run_recommend(const char *folder, const run_data *from, const recommend_rules *rules, const char *out, predictions_format format, sr_error *err)
{
	use u;
	fold_model m = { 0 };
	item_lists best = { 0 };
	item_choice choice = { 0 };
	redis_keys keys = { 0 };
	bool parted = from->part && strcmp(from->part, "all") != 0;
	bool done = use_open(&u, folder, from, parted, err) && only_without_part(from, parted, err);
	if (done && !u.d.all->next_item)
		done = error_set(err, SR_CONFIG, "recommend needs a run of task.kind next_item or both; this one tells classes: use seqrec predict %s", folder);
	if (done && parted && strcmp(from->part, "test") != 0 && strcmp(from->part, "validation") != 0)
		done = error_set(err, SR_CONFIG, "--part %s: is not one of validation, test, all", from->part);
	done = done && (!parted || samples_split(u.d.all, u.c, u.d.s, err)) && fold_open(&m, folder, u.c, 0, 0, u.d.s, u.d.all, err) && item_choice_open(&choice, rules, m.f, u.d.s, err);
	if (done && parted)
		u.row = samples_select_told(u.d.all, u.c, u.d.s, from->part[0] == 't' ? PART_TEST : PART_VALIDATION, &u.rows, NULL);
	else
		done = done && choose_asked(&u, from, err);
	if (done)
		warn_unknown(&u, m.f);
	done = done && items_best(&best, u.c, &u.d, u.pool, &m, &choice, u.row, u.rows, err) && (!parted || rank_part(&u, &m, &best, err));
	done = done && (format != PREDICTIONS_REDIS || redis_open(&keys, folder, from->ttl, err));
	best.redis = &keys;
	done = done && items_write(&best, out, format, err);
	redis_close(&keys);
	item_lists_free(&best);
	item_choice_close(&choice);
	fold_close(&m);
	use_close(&u);
	return done;
}

/* ---- embed ---- */

/* What was asked for, with its names. */
typedef struct {
	float *value;
	size_t rows, width;
	char **id;
} named_vectors;

static void named_free(named_vectors *v)
{
	for (size_t i = 0; v->id && i < v->rows; i++)
		free(v->id[i]);
	free(v->id);
	free(v->value);
}

static bool embed_samples(use *u, workers *w, vector_kind kind, named_vectors *v, sr_error *err)
{
	choose_all(u);
	v->id = xcalloc(u->rows + 1, sizeof *v->id);
	for (; v->rows < u->rows; v->rows++)
		v->id[v->rows] = sample_id(&u->d, &u->d.all->item[u->row[v->rows]]);
	return workers_embed(w, u->row, u->rows, kind, &v->value, &v->width, err);
}

/* The rows of the table that are items. */
static bool embed_items(const use *u, workers *w, const fold_model *m, const char *folder, named_vectors *v, sr_error *err)
{
	size_t rows = 0;
	if (!u->d.all->next_item)
		return error_set(err, SR_CONFIG, "--vector item: %s tells classes; only runs of task.kind next_item compare users with items", folder);
	v->value = model_scores_items(w, &rows, &v->width, err);
	if (!v->value)
		return false;
	v->id = xcalloc(rows + 1, sizeof *v->id);
	for (size_t row = PACK_FIRST_ITEM; row < rows; row++)
		v->id[v->rows++] = xstrdup(features_item_id(m->f, (uint32_t)row));
	memmove(v->value, v->value + PACK_FIRST_ITEM * v->width, v->rows * v->width * sizeof *v->value);
	return true;
}

bool run_embed(const char *folder, const run_data *from, const char *which, const char *out, vectors_format format, sr_error *err)
{
	use u;
	fold_model m = { 0 };
	workers *w = NULL;
	named_vectors v = { 0 };
	bool items = strcmp(which, "item") == 0;
	vector_kind kind = strcmp(which, "h") == 0 ? VECTOR_H : strcmp(which, "y") == 0 ? VECTOR_Y : VECTOR_Z;
	bool done = use_open(&u, folder, from, false, err) && fold_open(&m, folder, u.c, u.p.folds, 0, u.d.s, u.d.all, err);
	if (done && m.rule)
		done = error_set(err, SR_CONFIG, "%s: counts items (model.encoder %s) and has no vectors", folder, rule_name(rule_of_encoder(u.c->model.encoder)));
	if (done && (u.p.folds || u.c->model.members > 1))
		log_info("vectors of several models do not mix: these are of the first one (fold 0, member 0)");
	w = done ? workers_new(u.c, m.f, u.d.all, m.member[0], u.pool, err) : NULL;
	done = w && (items ? embed_items(&u, w, &m, folder, &v, err) : embed_samples(&u, w, kind, &v, err));
	const vectors asked = { v.value, v.rows, v.width, v.id };
	done = done && vectors_write(&asked, format, out, err);
	if (done)
		log_info("%zu vectors %s of width %zu written to %s", v.rows, which, v.width, out);
	named_free(&v);
	workers_free(w);
	fold_close(&m);
	use_close(&u);
	return done;
}
