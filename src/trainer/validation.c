/* validation.c - how good the weights of an epoch are on the validation part. */
#include "member.h"
#include "ranking.h"

#include "seqrec/memory.h"
#include "seqrec/metrics.h"
#include "seqrec/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *metric_name(const config *c)
{
	return strcmp(c->train.metric, "auto") == 0 ? (c->task.kind == TASK_NEXT_ITEM ? "ndcg@10" : "log_loss") : c->train.metric;
}

static double accuracy_of(const multiclass *scores)
{
	size_t right = 0;
	for (size_t i = 0; i < scores->rows; i++) {
		size_t best = 0;
		for (size_t k = 1; k < scores->classes; k++)
			if (scores->probability[i * scores->classes + k] > scores->probability[i * scores->classes + best])
				best = k;
		right += best == scores->label[i];
	}
	return (double)right / (double)scores->rows;
}

static double metric_value(const char *name, const multiclass *scores)
{
	metric found = strcmp(name, "roc_auc") == 0             ? metric_roc_auc_macro(scores)
	               : strcmp(name, "average_precision") == 0 ? metric_average_precision_macro(scores)
	               : strcmp(name, "accuracy") == 0          ? (metric){ true, accuracy_of(scores), NULL }
	                                                        : metric_log_loss(scores);
	return found.defined ? found.value : NAN;
}

/* Two classes: the metrics of the positive one, as the report has them. */
static double named_metric(const char *name, const multiclass *scores)
{
	binary positive = { .score = scores->probability + 1, .stride = 2, .label = scores->label, .positive = 1, .rows = scores->rows };
	if (scores->classes != 2 || (strcmp(name, "roc_auc") != 0 && strcmp(name, "average_precision") != 0))
		return metric_value(name, scores);
	metric found = strcmp(name, "roc_auc") == 0 ? metric_roc_auc(&positive) : metric_average_precision(&positive);
	return found.defined ? found.value : NAN;
}

/* ---- next_item ---- */

static double rank_metric(const char *name, const uint32_t *rank, size_t rows)
{
	int64_t k = 10;
	const char *cut = strchr(name, '@');
	if (cut)
		number_parse_int(cut + 1, strlen(cut + 1), &k);
	metric found = name[0] == 'h' ? metric_hit_rate(rank, rows, (uint32_t)k) : name[0] == 'm' ? metric_mrr(rank, rows, (uint32_t)k) : metric_ndcg(rank, rows, (uint32_t)k);
	return found.defined ? found.value : NAN;
}

static bool validate_ranks(const member_job *job, workers *w, const uint32_t *order, uint32_t *rank, size_t count, sr_error *err)
{
	ranking r = { .f = job->f, .all = job->all, .s = job->s, .pool = job->pool, .items = model_items(w->m)->rows, .remove_seen = seen_removed(job->c, job->all, job->s) };
	model_scores *m = model_scores_new(w, order, count, err);
	rank_scores from = m ? model_scores_ranked(m) : (rank_scores){ 0 };
	bool done = m && rank_targets(&r, &from, order, count, rank, err);
	model_scores_free(m);
	return done;
}

/* ---- as members of a JSON object ---- */

static void add_metric(text *line, const char *name, double value)
{
	char number[NUMBER_TEXT];
	number_print(value, number);
	text_addf(line, "%s\"%s\":%s", line->length ? "," : "", name, number);
}

static bool validate_items(const member_job *job, workers *w, const uint32_t *order, size_t rows, double *value, text *line, sr_error *err)
{
	static const char *const names[] = { "hr@10", "ndcg@10", "hr@20", "mrr@20" };
	uint32_t *rank = xcalloc(rows, sizeof *rank);
	bool done = validate_ranks(job, w, order, rank, rows, err);
	*value = done ? rank_metric(metric_name(job->c), rank, rows) : NAN;
	for (size_t i = 0; i < 4; i++)
		add_metric(line, names[i], rank_metric(names[i], rank, rows));
	free(rank);
	return done;
}

static bool validate_classes(const member_job *job, workers *w, const uint32_t *order, size_t rows, double *value, text *line, sr_error *err)
{
	static const char *const names[] = { "log_loss", "roc_auc", "average_precision", "accuracy" };
	double *probability = xcalloc(rows * job->all->classes, sizeof *probability);
	uint32_t *label = xcalloc(rows, sizeof *label);
	for (size_t i = 0; i < rows; i++)
		label[i] = job->all->item[order[i]].label;
	multiclass scores = { .probability = probability, .label = label, .rows = rows, .classes = job->all->classes };
	bool done = workers_score(w, order, rows, job->shift, probability, err);
	*value = done ? named_metric(metric_name(job->c), &scores) : NAN;
	for (size_t i = 0; done && i < 4; i++)
		add_metric(line, names[i], named_metric(names[i], &scores));
	free(probability);
	free(label);
	return done;
}

/* A head that nothing trains is not looked at. The metric that decides may be one of classes: then its value stays. */
static bool validate_both(const member_job *job, workers *w, double *value, text *line, sr_error *err)
{
	size_t rows;
	if (!(w->told_weighs > 0))
		return true;
	double ranked;
	uint32_t *order = samples_select_told(job->all, job->c, job->s, PART_VALIDATION, &rows, NULL);
	bool done = validate_items(job, w, order, rows, &ranked, line, err);
	free(order);
	if (strchr(metric_name(job->c), '@'))
		*value = ranked;
	return done;
}

bool member_validate(const member_job *job, workers *w, const uint32_t *order, size_t count, double *value, char *json, size_t room, sr_error *err)
{
	text line = { 0 };
	bool done = !job->all->classes ? validate_items(job, w, order, count, value, &line, err)
	            : validate_classes(job, w, order, count, value, &line, err) && (!samples_both(job->all) || validate_both(job, w, value, &line, err));
	snprintf(json, room, "%s", line.data ? line.data : "");
	text_free(&line);
	return done;
}
