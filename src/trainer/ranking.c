/* ranking.c - rank counting by blocks of samples: no sorting, ties by a stated rule (never in the target's favour). */
#include "ranking.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SCORES = 8 << 20, BLOCK_LEAST = 16, BLOCK_MOST = 256 };

typedef struct {
	const ranking *r;
	rank_fill *fill;
	void *context;
	const uint32_t *order;
	size_t count, block, most;
	uint32_t *rank, *row;
	float *best, **score; /* score: (threads) (block, items) */
	sr_error *error;      /* by block */
} job;

/* Items that are not ranked get -infinity. */
static void hide(const ranking *r, const sample *one, uint32_t target, float *score)
{
	for (uint32_t i = 0; i < PACK_FIRST_ITEM; i++)
		score[i] = -INFINITY;
	for (uint64_t e = one->first; r->remove_seen && e < one->end; e++) {
		uint32_t row = features_item_row(r->f, r->s->item[e]);
		if (row != target)
			score[row] = -INFINITY;
	}
}

static uint32_t target_of(const ranking *r, const sample *one)
{
	return one->label == SAMPLE_UNLABELLED ? 0 : features_item_row(r->f, one->label);
}

static uint32_t count_before(const ranking *r, const float *score, uint32_t target)
{
	uint32_t higher = 0;
	float mine = score[target];
	if (isnan(mine))
		return (uint32_t)r->items - 1;
	if (r->order) {
		for (size_t i = PACK_FIRST_ITEM; i < r->items; i++)
			higher += score[i] > mine || (score[i] == mine && r->order[i] < r->order[target]);
		return higher;
	}
	for (size_t i = PACK_FIRST_ITEM; i < target; i++)
		higher += score[i] >= mine;
	for (size_t i = target; i < r->items; i++)
		higher += score[i] > mine;
	return higher;
}

static bool comes_first(const ranking *r, float a, uint32_t i, float b, uint32_t j)
{
	return a > b || (a == b && (r->order ? r->order[i] < r->order[j] : i < j));
}

/* The best items of one sample so far, in order: most items do not reach the last place, and cost one comparison. */
typedef struct {
	uint32_t *row;
	float *score;
	size_t found, most;
} best_list;

static bool is_hidden(const ranking *r, uint32_t i)
{
	return r->choice && r->choice->hidden && r->choice->hidden[i];
}

/* Where an item goes in at the end, before it moves up to its place: behind the last, in place of the last, or, when its group is full, in place of the
 * group's last. SIZE_MAX: it does not. */
static size_t place_of(const ranking *r, const best_list *list, float score, uint32_t i)
{
	const uint32_t *group = r->choice ? r->choice->group : NULL;
	size_t of_group = 0, last = 0, at = list->found < list->most ? list->found : list->most - 1;
	for (size_t k = 0; group && group[i] && k < list->found; k++)
		if (group[list->row[k]] == group[i]) {
			of_group++;
			last = k;
		}
	if (of_group && of_group >= r->choice->most)
		at = last;
	return at < list->found && !comes_first(r, score, i, list->score[at], list->row[at]) ? SIZE_MAX : at;
}

static void find_best(const ranking *r, const float *score, best_list *list)
{
	for (uint32_t i = PACK_FIRST_ITEM; i < r->items; i++) {
		bool full = list->found == list->most;
		if (!(score[i] > -INFINITY) || is_hidden(r, i) || (full && !comes_first(r, score[i], i, list->score[list->most - 1], list->row[list->most - 1])))
			continue;
		size_t at = place_of(r, list, score[i], i);
		if (at == SIZE_MAX)
			continue;
		list->found += at == list->found;
		for (; at && comes_first(r, score[i], i, list->score[at - 1], list->row[at - 1]); at--) {
			list->row[at] = list->row[at - 1];
			list->score[at] = list->score[at - 1];
		}
		list->row[at] = i;
		list->score[at] = score[i];
	}
}

static void run_block(void *context, size_t number, unsigned thread)
{
	job *j = context;
	const ranking *r = j->r;
	size_t first = number * j->block, count = j->count - first < j->block ? j->count - first : j->block;
	float *score = j->score[thread];
	if (!j->fill(j->context, j->order + first, count, thread, score, &j->error[number]))
		return;
	for (size_t i = 0; i < count; i++) {
		const sample *one = &r->all->item[j->order[first + i]];
		uint32_t target = target_of(r, one);
		hide(r, one, target, score + i * r->items);
		if (j->rank)
			j->rank[first + i] = target < PACK_FIRST_ITEM ? RANK_UNKNOWN : 1 + count_before(r, score + i * r->items, target);
		else
			find_best(r, score + i * r->items, &(best_list){ .row = j->row + (first + i) * j->most, .score = j->best + (first + i) * j->most, .most = j->most });
	}
}

static size_t block_of(size_t items)
{
	size_t fits = BLOCK_SCORES / items;
	return fits < BLOCK_LEAST ? BLOCK_LEAST : fits > BLOCK_MOST ? BLOCK_MOST : fits;
}

double ranking_block_scores(size_t items)
{
	return (double)block_of(items) * (double)items;
}

static bool run_blocks(job *j, sr_error *err)
{
	const ranking *r = j->r;
	unsigned threads = thread_pool_threads(r->pool);
	j->block = block_of(r->items);
	size_t blocks = (j->count + j->block - 1) / j->block;
	j->score = xcalloc(threads, sizeof *j->score);
	for (unsigned t = 0; t < threads; t++)
		j->score[t] = xaligned(j->block * r->items, sizeof **j->score);
	j->error = xcalloc(blocks, sizeof *j->error);
	thread_pool_run(r->pool, blocks, run_block, j);
	bool done = true;
	for (size_t b = 0; done && b < blocks; b++)
		if (j->error[b].code != SR_OK) {
			if (err && err->code == SR_OK)
				*err = j->error[b];
			done = false;
		}
	for (unsigned t = 0; t < threads; t++)
		free(j->score[t]);
	free(j->score);
	free(j->error);
	return done;
}

bool rank_targets(const ranking *r, rank_fill *fill, void *context, const uint32_t *order, size_t count, uint32_t *rank, sr_error *err)
{
	job j = { .r = r, .fill = fill, .context = context, .order = order, .count = count, .rank = rank };
	return run_blocks(&j, err);
}

bool rank_best(const ranking *r, rank_fill *fill, void *context, const uint32_t *order, size_t count, size_t most, uint32_t *row, float *score, sr_error *err)
{
	job j = { .r = r, .fill = fill, .context = context, .order = order, .count = count, .most = most, .row = row, .best = score };
	memset(row, 0, count * most * sizeof *row);
	return run_blocks(&j, err);
}
