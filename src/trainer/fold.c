/* fold.c - fits inputs, trains members, publishes and reopens them. */
#include "fold.h"
#include "memory_plan.h"

#include "seqrec/file.h"
#include "seqrec/json.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

enum { SHIFT_MOST = 1 << 20 };

char *fold_folder(const char *run, uint32_t folds, uint32_t fold)
{
	return folds ? text_format("%s/model/fold_%u", run, fold) : text_format("%s/model", run);
}

static char *member_path(const char *folder, size_t member)
{
	return member ? text_format("%s/model_%zu.safetensors", folder, member) : text_format("%s/model.safetensors", folder);
}

static char *checkpoint_folder(const char *run, const member_job *job)
{
	if (!job->all->folds && job->c->model.members == 1)
		return path_join(run, "checkpoints");
	return text_format("%s/checkpoints/fold_%u_member_%u", run, job->fold, job->member);
}

static bool shift_save(const fold_model *m, const char *folder, size_t classes, sr_error *err)
{
	text out = { 0 };
	char number[NUMBER_TEXT], *path = path_join(folder, "prior.json");
	text_add(&out, "{\"shift\":[");
	for (size_t k = 0; k < classes; k++) {
		number_print(m->shift[k], number);
		text_addf(&out, "%s%s", k ? "," : "", number);
	}
	text_add(&out, "]}\n");
	bool done = file_write(path, out.data, out.length, err);
	text_free(&out);
	free(path);
	return done;
}

static bool shift_load(fold_model *m, const char *folder, size_t classes, sr_error *err)
{
	char *path = path_join(folder, "prior.json");
	cJSON *tree = json_read(path, SHIFT_MOST, false, SR_MODEL, err);
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(tree, "shift");
	m->shift = xcalloc(classes, sizeof *m->shift);
	size_t count = 0;
	for (const cJSON *entry = list ? list->child : NULL; entry && count < classes; entry = entry->next)
		m->shift[count++] = entry->valuedouble;
	if (tree && count != classes)
		error_set(err, SR_MODEL, "%s: is damaged: it holds %zu numbers for %zu classes", path, count, classes);
	bool done = tree && count == classes;
	cJSON_Delete(tree);
	free(path);
	return done;
}

static void say_chosen(const config *c, const model *m)
{
	char dropout[NUMBER_TEXT];
	const model_settings *chosen = model_chosen(m);
	number_print_float((float)chosen->dropout, dropout);
	if (!c->model.width || c->model.dropout < 0)
		log_info("chosen by the training events: model.width %lld, model.dropout %s", (long long)chosen->width, dropout);
}

static bool train_members(fold_model *m, const char *run, const char *folder, member_job *job, sr_error *err)
{
	m->members = (size_t)job->c->model.members;
	m->member = xcalloc(m->members, sizeof *m->member);
	job->f = m->f;
	job->shift = m->shift;
	for (size_t i = 0; i < m->members; i++) {
		training_state state = { 0 };
		job->member = (uint32_t)i;
		char *checkpoints = checkpoint_folder(run, job), *path = member_path(folder, i);
		job->folder = checkpoints;
		m->member[i] = model_new(&job->c->model, features_shape(m->f));
		if (!i)
			say_chosen(job->c, m->member[i]);
		bool done = memory_check(job->c, job->s, job->all, m->f, m->member[i], err) && member_train(job, m->member[i], &state, err) && checkpoint_save(path, model_params(m->member[i]), NULL, &state, err);
		job->log_length = state.log_length;
		job->metrics_length = state.metrics_length;
		free(checkpoints);
		free(path);
		if (!done)
			return false;
	}
	return true;
}

/* A rule is counted in one go: there is nothing to continue. */
static bool train_rule(fold_model *m, const char *folder, const member_job *job, sr_error *err)
{
	char *path = member_path(folder, 0), *why = NULL;
	item_counts *counts = item_counts_new(m->f, job->all, job->s);
	m->rule = rule_fit(rule_of_encoder(job->c->model.encoder), counts, job->c, job->pool, &why, err);
	if (why)
		error_set(err, SR_CONFIG, "model.encoder %s: %s", rule_name(rule_of_encoder(job->c->model.encoder)), why);
	bool done = m->rule && rule_save(m->rule, path, err);
	item_counts_free(counts);
	free(why);
	free(path);
	return done;
}

static bool is_rule(const config *c)
{
	return rule_of_encoder(c->model.encoder) != RULES;
}

bool fold_train(fold_model *m, const char *run, const store *s, member_job *job, sr_error *err)
{
	*m = (fold_model){ 0 };
	size_t count;
	job->s = s;
	uint32_t *train = samples_select(job->all, job->c, job->fold, PART_TRAIN, &count);
	char *folder = fold_folder(run, job->all->folds, job->fold);
	float *class_weight = NULL;
	m->f = features_fit(job->c, s, job->all, train, count, err);
	m->shift = m->f ? member_shift(job->c, job->all, job->fold, &class_weight, err) : NULL;
	free(class_weight);
	bool done = m->shift && folder_make(folder, err) && features_save(m->f, folder, err) && shift_save(m, folder, job->all->classes, err);
	done = done && (is_rule(job->c) ? train_rule(m, folder, job, err) : train_members(m, run, folder, job, err));
	free(train);
	free(folder);
	if (!done)
		fold_close(m);
	return done;
}

static bool load_members(fold_model *m, const char *folder, const config *c, sr_error *err)
{
	m->members = (size_t)c->model.members;
	m->member = xcalloc(m->members, sizeof *m->member);
	for (size_t i = 0; i < m->members; i++) {
		char *path = member_path(folder, i);
		m->member[i] = model_new(&c->model, features_shape(m->f));
		bool done = checkpoint_load(path, model_params(m->member[i]), NULL, NULL, err);
		free(path);
		if (!done)
			return false;
	}
	return true;
}

static bool load_rule(fold_model *m, const char *folder, const config *c, sr_error *err)
{
	char *path = member_path(folder, 0);
	m->rule = rule_load(rule_of_encoder(c->model.encoder), path, m->f, err);
	free(path);
	return m->rule != NULL;
}

bool fold_open(fold_model *m, const char *run, const config *c, uint32_t folds, uint32_t fold, const store *s, const samples *all, sr_error *err)
{
	*m = (fold_model){ 0 };
	char *folder = fold_folder(run, folds, fold);
	m->f = features_load(folder, err);
	bool done = m->f && features_bind(m->f, s, all, err) && shift_load(m, folder, all->classes, err) && (is_rule(c) ? load_rule(m, folder, c, err) : load_members(m, folder, c, err));
	free(folder);
	if (!done)
		fold_close(m);
	return done;
}

void fold_close(fold_model *m)
{
	for (size_t i = 0; m->member && i < m->members; i++)
		model_free(m->member[i]);
	free(m->member);
	free(m->shift);
	rule_free(m->rule);
	features_free(m->f);
	*m = (fold_model){ 0 };
}

size_t fold_parameters(const fold_model *m)
{
	return m->rule ? rule_size(m->rule) : model_parameters(m->member[0]);
}

bool fold_score(const fold_model *m, const config *c, const samples *all, thread_pool *pool, const uint32_t *order, size_t count, double share, double *probability, sr_error *err)
{
	bool done = true;
	size_t values = count * all->classes;
	double *one = xcalloc(values, sizeof *one);
	for (size_t i = 0; done && i < m->members; i++) {
		workers *w = workers_new(c, m->f, all, m->member[i], pool, err);
		done = w && workers_score(w, order, count, m->shift, one, err);
		for (size_t v = 0; done && v < values; v++)
			probability[v] += one[v] * share / (double)m->members;
		workers_free(w);
	}
	free(one);
	return done;
}
