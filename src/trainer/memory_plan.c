/* memory_plan.c - the peak of training is weights, moments, gradients of each lane and the activations of each thread's pack; that of ranking the scores of
 * a block of users against all items. The constants were fitted to measured peaks of the configs of configs/. */
#include "memory_plan.h"
#include "ranking.h"
#include "told.h"

#include "seqrec/file.h"
#include "seqrec/number.h"
#include "seqrec/thread.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOMENTS = 2, ACTIVATIONS = 40, ITEM_COPIES = 10, EVENT_BYTES = 40, SAMPLE_BYTES = 40, PAIR_BYTES = 20, SCORED_TOGETHER = 512, LIMIT_TEXT = 64 };
static const double program = 11e6;         /* the program, its libraries and small things */
static const double kept_free = .5;         /* the share of what training or ranking gave back that the C library keeps for itself */
static const double attribute_copies = 1.5; /* what each attribute adds to a pack: its product and, for all but the first, a sum */

typedef struct {
	double all, dense; /* numbers: weights; those that are no tables */
} weights;

static weights count_weights(const params *list)
{
	weights w = { 0 };
	for (size_t i = 0; i < params_count(list); i++) {
		const param *p = params_get(list, i);
		double numbers = (double)p->rows * (double)p->cols;
		w.all += numbers;
		w.dense += p->kind == PARAM_TABLE ? 0 : numbers;
	}
	return w;
}

static double threads_of(const config *c)
{
	return c->run.threads ? (double)c->run.threads : (double)thread_available();
}

/* The larger of item-kNN's pairs and EASE's matrix. */
static double floor_bytes(const config *c, const input_shape *shape)
{
	double items = shape->event[shape->item].rows, all = items * items, met = 2 * shape->events * shape->user_events, most = 50e6;
	double pairs = met < all ? met : all;
	double neighbours = PAIR_BYTES * (pairs < most ? pairs : most), ease = items <= (double)c->model.ease_items ? 4 * all : 0;
	return !c->evaluate.floors ? 0 : neighbours > ease ? neighbours : ease;
}

/* Activations of the attributes where packs hold many samples, because none has a history. */
static double attribute_floats(const config *c, const input_shape *shape)
{
	return shape->event_count ? 0 : attribute_copies * SCORED_TOGETHER * (double)shape->sample_count * (double)c->model.attribute_width;
}

/* The rows of logistic regression, which stands beside a classification: those that it is fitted on, as numbers and codes (measured: half of four bytes an input). */
static double floor_rows(const config *c, const samples *all, const input_shape *shape)
{
	return c->evaluate.floors && !all->next_item ? sizeof(float) / 2 * (double)all->count * (double)shape->sample_count : 0;
}

double memory_needed(const config *c, const store *s, const samples *all, const features *f, const model *m)
{
	weights w = count_weights(model_params(m));
	const input_shape *shape = features_shape(f);
	double threads = threads_of(c), width = (double)model_chosen(m)->width;
	double data = (double)all->count * (sizeof(sample) + SAMPLE_BYTES + (double)all->aggregates * sizeof(float)) + (double)s->events * EVENT_BYTES;
	double train = sizeof(float) * (MOMENTS * w.all + (double)c->train.lanes * w.dense + threads * (double)c->train.pack_tokens * width * ACTIVATIONS + threads * attribute_floats(c, shape));
	if (shape->next_item && told_losses_over_all(c, m)) { /* gradients of every item in each lane, and every item as it is compared on each thread */
		double items = (double)shape->event[shape->item].rows * width;
		train += sizeof(float) * items * ((double)c->train.lanes + (model_items_made(m) ? threads * ITEM_COPIES : 0));
	}
	double rank = shape->next_item ? sizeof(float) * threads * ranking_block_scores(shape->event[shape->item].rows) : 0;
	rank += shape->next_item ? floor_bytes(c, shape) : 0;
	double more = train > rank ? train : rank, less = train > rank ? rank : train;
	return program + data + floor_rows(c, all, shape) + sizeof(float) * w.all * (double)c->model.members + more + kept_free * less;
}

/* A control group's limit in bytes, or 0: none. */
static double group_limit(const char *path)
{
	size_t length = 0;
	int64_t bytes;
	char *content = file_exists(path) ? file_read(path, LIMIT_TEXT, &length, NULL) : NULL;
	size_t digits = content ? strspn(content, "0123456789") : 0;
	double limit = digits && number_parse_int(content, digits, &bytes) ? (double)bytes : 0;
	free(content);
	return limit;
}

double memory_limit(const config *c)
{
	uint64_t given;
	if (c->run.memory[0] && number_parse_bytes(c->run.memory, &given))
		return (double)given;
	double machine = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
	static const char *const groups[] = { "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes" };
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		double limit = group_limit(groups[i]);
		machine = limit > 0 && limit < machine ? limit : machine;
	}
	return machine;
}

bool memory_check(const config *c, const store *s, const samples *all, const features *f, const model *m, sr_error *err)
{
	double needed = memory_needed(c, s, all, f, m), limit = memory_limit(c);
	weights w = count_weights(model_params(m));
	double tables = sizeof(float) * (1 + MOMENTS) * w.all;
	if (needed <= limit)
		return true;
	return error_set(err, SR_MEMORY, "this training needs about %.0f MB and may have %.0f MB (%s); nothing was trained. Lower %s", needed / 1e6, limit / 1e6,
	                 c->run.memory[0] ? "run.memory" : "the machine's or its control group's limit",
	                 tables > needed / 2 ? "model.width (its weights and moments are the larger part), or raise data.min_count" : "run.threads or train.pack_tokens");
}
