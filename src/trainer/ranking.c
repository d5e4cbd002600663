/* ranking.c - rank counting by blocks of samples: no sorting, ties by a stated rule (never in the target's favour). */
#include "ranking.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCK_SCORES = 8 << 20, BLOCK_LEAST = 16, BLOCK_MOST = 256,
	COUNTED_LEAST = 64, COUNTED_MOST = 512, COUNTED_BLOCKS = 4 /* samples whose scores are not kept: that many blocks a thread, so that all have work to the end */
};

/* Of one thread, for scores that are not kept: arrays of a block, and what is left out of it. */
typedef struct {
	uint32_t *target, *before, *left_out, *mark; /* mark: (items) the stamp of the last sample that left the item out */
	float *own;
	size_t *starts, capacity;
	uint32_t stamp;
} count_room;

typedef struct {
	const ranking *r;
	rank_scores from;
	const uint32_t *order;
	size_t count, block, most;
	uint32_t *rank, *row;
	float *best, **score; /* score: (threads) (block, items), each made at its first use */
	count_room *room;     /* (threads), or NULL */
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
	return features_item_row(r->f, sample_next_item(r->all, one, r->s));
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

static size_t block_of(size_t items)
{
	size_t fits = BLOCK_SCORES / items;
	return fits < BLOCK_LEAST ? BLOCK_LEAST : fits > BLOCK_MOST ? BLOCK_MOST : fits;
}

/* By the scores of samples first .. first + count, at most block_of(items). */
static bool rank_scored(job *j, size_t first, size_t count, unsigned thread, sr_error *err)
{
	const ranking *r = j->r;
	float *score = j->score[thread] ? j->score[thread] : (j->score[thread] = xaligned(block_of(r->items) * r->items, sizeof *score));
	if (!j->from.fill(j->from.context, j->order + first, count, thread, score, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const sample *one = &r->all->item[j->order[first + i]];
		uint32_t target = target_of(r, one);
		hide(r, one, target, score + i * r->items);
		if (j->rank)
			j->rank[first + i] = target < PACK_FIRST_ITEM ? RANK_UNKNOWN : 1 + count_before(r, score + i * r->items, target);
		else
			find_best(r, score + i * r->items, &(best_list){ .row = j->row + (first + i) * j->most, .score = j->best + (first + i) * j->most, .most = j->most });
	}
	return true;
}

/* ---- counting without the scores ---- */

/* The items of a history, each once, but the target. */
static size_t add_left_out(const ranking *r, count_room *room, const sample *one, uint32_t target, size_t count)
{
	room->stamp++;
	for (uint64_t e = one->first; r->remove_seen && e < one->end; e++) {
		uint32_t row = features_item_row(r->f, r->s->item[e]);
		if (row == target || row < PACK_FIRST_ITEM || room->mark[row] == room->stamp)
			continue;
		room->left_out = xgrow(room->left_out, &room->capacity, count + 1, sizeof *room->left_out);
		room->left_out[count++] = row;
		room->mark[row] = room->stamp;
	}
	return count;
}

static bool rank_counted(job *j, size_t first, size_t count, unsigned thread, sr_error *err)
{
	const ranking *r = j->r;
	count_room *room = &j->room[thread];
	for (size_t i = 0; i < count; i++) {
		const sample *one = &r->all->item[j->order[first + i]];
		uint32_t target = target_of(r, one);
		room->target[i] = target < PACK_FIRST_ITEM ? PACK_FIRST_ITEM : target;
		room->starts[i + 1] = add_left_out(r, room, one, room->target[i], room->starts[i]);
		j->rank[first + i] = target < PACK_FIRST_ITEM ? RANK_UNKNOWN : 0;
	}
	const score_counts to = { .skip = PACK_FIRST_ITEM, .targets = room->target, .left_out = room->left_out, .starts = room->starts, .order = r->order, .own = room->own, .before = room->before };
	if (!j->from.count(j->from.context, j->order + first, count, thread, &to, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (j->rank[first + i] != RANK_UNKNOWN)
			j->rank[first + i] = isnan(room->own[i]) ? (uint32_t)r->items : 1 + room->before[i];
	return true;
}

static void rooms_open(job *j, unsigned threads)
{
	j->room = xcalloc(threads, sizeof *j->room);
	for (unsigned t = 0; t < threads; t++)
		j->room[t] = (count_room){ .target = xcalloc(j->block, sizeof(uint32_t)), .before = xcalloc(j->block, sizeof(uint32_t)),
			.mark = xcalloc(j->r->items, sizeof(uint32_t)), .own = xcalloc(j->block, sizeof(float)), .starts = xcalloc(j->block + 1, sizeof(size_t)) };
}

static void rooms_close(job *j, unsigned threads)
{
	for (unsigned t = 0; j->room && t < threads; t++) {
		void *const arrays[] = { j->room[t].target, j->room[t].before, j->room[t].mark, j->room[t].left_out, j->room[t].own, j->room[t].starts };
		for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
			free(arrays[i]);
	}
	free(j->room);
}

/* ---- blocks ---- */

static void run_block(void *context, size_t number, unsigned thread)
{
	job *j = context;
	size_t first = number * j->block, count = j->count - first < j->block ? j->count - first : j->block;
	if (j->room)
		rank_counted(j, first, count, thread, &j->error[number]);
	else
		rank_scored(j, first, count, thread, &j->error[number]);
}

static size_t counted_block(size_t count, unsigned threads)
{
	size_t share = count / (COUNTED_BLOCKS * threads);
	return share < COUNTED_LEAST ? COUNTED_LEAST : share > COUNTED_MOST ? COUNTED_MOST : share;
}

double ranking_block_scores(size_t items)
{
	return (double)block_of(items) * (double)items;
}

static bool run_blocks(job *j, sr_error *err)
{
	const ranking *r = j->r;
	unsigned threads = thread_pool_threads(r->pool);
	bool counted = j->rank && j->from.count && r->items > PACK_FIRST_ITEM;
	j->block = counted ? counted_block(j->count, threads) : block_of(r->items);
	if (counted)
		rooms_open(j, threads);
	size_t blocks = (j->count + j->block - 1) / j->block;
	j->score = xcalloc(threads, sizeof *j->score);
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
	rooms_close(j, threads);
	free(j->score);
	free(j->error);
	return done;
}

bool rank_targets(const ranking *r, const rank_scores *from, const uint32_t *order, size_t count, uint32_t *rank, sr_error *err)
{
	job j = { .r = r, .from = *from, .order = order, .count = count, .rank = rank };
	return run_blocks(&j, err);
}

bool rank_best(const ranking *r, rank_fill *fill, void *context, const uint32_t *order, size_t count, size_t most, uint32_t *row, float *score, sr_error *err)
{
	job j = { .r = r, .from = { .fill = fill, .context = context }, .order = order, .count = count, .most = most, .row = row, .best = score };
	memset(row, 0, count * most * sizeof *row);
	return run_blocks(&j, err);
}
