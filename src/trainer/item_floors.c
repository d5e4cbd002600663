/* item_floors.c - popularity, last item, first-order Markov chain with decay over distance, and item-kNN by the cosine of users. */
#include "item_floors.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REACH = 3, RECENT = 4 }; /* the chain: events that follow, items of the history */

typedef struct {
	uint32_t from, to, weight;
} step;

struct item_floors {
	const features *f;
	const samples *all;
	const store *s;
	size_t items;
	uint32_t *count, *order;
	uint64_t *used;          /* by user: end of the training events */
	step *chain;             /* sorted by from, to; each pair once */
	size_t *chain_start;     /* (items + 1) */
	uint32_t *user_item;     /* the different items of each user in training, end to end */
	size_t *user_start;      /* (users + 1) */
	uint32_t *item_user;     /* the same by item */
	size_t *item_start;      /* (items + 1) */
};

/* ---- popularity ---- */

typedef struct {
	uint32_t row, count;
} popular;

static int by_count(const void *a, const void *b)
{
	const popular *x = a, *y = b;
	return x->count != y->count ? (x->count < y->count) - (x->count > y->count) : (x->row > y->row) - (x->row < y->row);
}

static void order_items(item_floors *i)
{
	popular *list = xcalloc(i->items, sizeof *list);
	for (uint32_t row = 0; row < i->items; row++)
		list[row] = (popular){ row, i->count[row] };
	qsort(list, i->items, sizeof *list, by_count);
	i->order = xcalloc(i->items, sizeof *i->order);
	for (uint32_t place = 0; place < i->items; place++)
		i->order[list[place].row] = place;
	free(list);
}

/* ---- the chain: count(i -> j) += 1/d for j at distance d = 1..3 behind i, kept as whole sixths ---- */

static int by_pair(const void *a, const void *b)
{
	const step *x = a, *y = b;
	return x->from != y->from ? (x->from > y->from) - (x->from < y->from) : (x->to > y->to) - (x->to < y->to);
}

static size_t merge_steps(step *chain, size_t count)
{
	size_t kept = 0;
	for (size_t k = 0; k < count; k++)
		if (kept && by_pair(&chain[kept - 1], &chain[k]) == 0)
			chain[kept - 1].weight += chain[k].weight;
		else
			chain[kept++] = chain[k];
	return kept;
}

static void count_steps(item_floors *i)
{
	size_t count = 0, capacity = 0;
	for (uint32_t user = 1; user <= i->s->users; user++)
		for (uint64_t e = i->s->user_start[user - 1]; e < i->used[user]; e++)
			for (uint32_t d = 1; d <= REACH && e + d < i->used[user]; d++) {
				i->chain = xgrow(i->chain, &capacity, count + 1, sizeof *i->chain);
				i->chain[count++] = (step){ features_item_row(i->f, i->s->item[e]), features_item_row(i->f, i->s->item[e + d]), 6 / d };
			}
	if (count)
		qsort(i->chain, count, sizeof *i->chain, by_pair);
	count = merge_steps(i->chain, count);
	i->chain_start = xcalloc(i->items + 1, sizeof *i->chain_start);
	for (size_t k = 0; k < count; k++)
		i->chain_start[i->chain[k].from + 1]++;
	for (size_t row = 0; row < i->items; row++)
		i->chain_start[row + 1] += i->chain_start[row];
}

/* ---- who had what ---- */

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* The different items of events first .. end-1, ascending, into out; returns how many. */
static size_t different_items(const item_floors *i, uint64_t first, uint64_t end, uint32_t *out)
{
	size_t count = 0, kept = 0;
	for (uint64_t e = first; e < end; e++) {
		uint32_t row = features_item_row(i->f, i->s->item[e]);
		if (row >= PACK_FIRST_ITEM)
			out[count++] = row;
	}
	if (count)
		qsort(out, count, sizeof *out, by_number);
	for (size_t k = 0; k < count; k++)
		if (!k || out[k] != out[k - 1])
			out[kept++] = out[k];
	return kept;
}

static void index_users(item_floors *i)
{
	const store *s = i->s;
	i->user_item = xcalloc((size_t)s->events + 1, sizeof *i->user_item);
	i->user_start = xcalloc((size_t)s->users + 2, sizeof *i->user_start);
	i->item_start = xcalloc(i->items + 2, sizeof *i->item_start);
	for (uint32_t user = 1; user <= s->users; user++) {
		size_t at = i->user_start[user], found = different_items(i, s->user_start[user - 1], i->used[user], i->user_item + at);
		i->user_start[user + 1] = at + found;
		for (size_t k = at; k < at + found; k++)
			i->item_start[i->user_item[k] + 2]++;
	}
	for (size_t row = 0; row < i->items; row++)
		i->item_start[row + 1] += i->item_start[row];
	i->item_user = xcalloc(i->user_start[s->users + 1] + 1, sizeof *i->item_user);
	for (uint32_t user = 1; user <= s->users; user++)
		for (size_t k = i->user_start[user]; k < i->user_start[user + 1]; k++)
			i->item_user[i->item_start[i->user_item[k] + 1]++] = user;
}

item_floors *item_floors_new(const features *f, const samples *all, const store *s)
{
	item_floors *i = xcalloc(1, sizeof *i);
	*i = (item_floors){ .f = f, .all = all, .s = s, .items = features_shape(f)->event[features_shape(f)->item].rows };
	i->count = count_items(f, all, s, &i->used);
	order_items(i);
	count_steps(i);
	index_users(i);
	return i;
}

void item_floors_free(item_floors *i)
{
	if (!i)
		return;
	void *const parts[] = { i->count, i->order, i->used, i->chain, i->chain_start, i->user_item, i->user_start, i->item_user, i->item_start };
	for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
		free(parts[k]);
	free(i);
}

const uint32_t *item_floors_order(const item_floors *i)
{
	return i->order;
}

/* ---- scores ---- */

bool floor_popularity(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err)
{
	const item_floors *i = context;
	(void)order, (void)thread, (void)err;
	for (size_t k = 0; k < count; k++)
		for (size_t row = 0; row < i->items; row++)
			score[k * i->items + row] = (float)i->count[row];
	return true;
}

bool floor_last_item(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err)
{
	const item_floors *i = context;
	(void)thread, (void)err;
	memset(score, 0, count * i->items * sizeof *score);
	for (size_t k = 0; k < count; k++) {
		const sample *one = &i->all->item[order[k]];
		if (one->end > one->first)
			score[k * i->items + features_item_row(i->f, i->s->item[one->end - 1])] = 1;
	}
	return true;
}

/* Sum over the last 4 items i of the history of their share of i -> j among all that follow i, weights 1, 1/2, 1/4, 1/8. */
bool floor_markov(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err)
{
	const item_floors *i = context;
	(void)thread, (void)err;
	memset(score, 0, count * i->items * sizeof *score);
	for (size_t k = 0; k < count; k++) {
		const sample *one = &i->all->item[order[k]];
		for (uint64_t back = 0; back < RECENT && one->first + back < one->end; back++) {
			uint32_t from = features_item_row(i->f, i->s->item[one->end - 1 - back]);
			double all = 0;
			for (size_t at = i->chain_start[from]; at < i->chain_start[from + 1]; at++)
				all += i->chain[at].weight;
			for (size_t at = i->chain_start[from]; at < i->chain_start[from + 1]; at++)
				score[k * i->items + i->chain[at].to] += (float)(i->chain[at].weight / (all * (double)(1U << back)));
		}
	}
	return true;
}

/* score(j) = sum over i of the history of |users(i) and users(j)| / sqrt(|users(i)| |users(j)|), by way of the users: one pass over who shares items. */
static void neighbours_of(const item_floors *i, const sample *one, double *share, uint32_t *mine, double *sum, float *score)
{
	size_t have = different_items(i, one->first, one->end, mine);
	memset(share, 0, ((size_t)i->s->users + 1) * sizeof *share);
	memset(sum, 0, i->items * sizeof *sum);
	for (size_t k = 0; k < have; k++) {
		size_t first = i->item_start[mine[k]], end = i->item_start[mine[k] + 1];
		for (size_t at = first; at < end; at++)
			share[i->item_user[at]] += 1 / sqrt((double)(end - first));
	}
	for (uint32_t user = 1; user <= i->s->users; user++)
		for (size_t at = i->user_start[user]; share[user] > 0 && at < i->user_start[user + 1]; at++)
			sum[i->user_item[at]] += share[user];
	for (size_t row = 0; row < i->items; row++) {
		size_t users = i->item_start[row + 1] - i->item_start[row];
		score[row] = users ? (float)(sum[row] / sqrt((double)users)) : 0;
	}
}

bool floor_neighbours(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err)
{
	const item_floors *i = context;
	(void)thread, (void)err;
	uint64_t longest = 0;
	for (size_t k = 0; k < count; k++) {
		uint64_t length = i->all->item[order[k]].end - i->all->item[order[k]].first;
		longest = length > longest ? length : longest;
	}
	double *share = xcalloc((size_t)i->s->users + 1, sizeof *share), *sum = xcalloc(i->items, sizeof *sum);
	uint32_t *mine = xcalloc((size_t)longest + 1, sizeof *mine);
	for (size_t k = 0; k < count; k++)
		neighbours_of(i, &i->all->item[order[k]], share, mine, sum, score + k * i->items);
	free(share);
	free(sum);
	free(mine);
	return true;
}

double floor_neighbours_cost(const item_floors *i, const uint32_t *order, size_t count)
{
	double cost = 0, whole = (double)i->user_start[i->s->users + 1], mean = i->s->users ? whole / (double)i->s->users : 0;
	for (size_t k = 0; k < count; k++) {
		const sample *one = &i->all->item[order[k]];
		double touched = 0;
		for (uint64_t e = one->first; e < one->end; e++)
			touched += mean * (double)i->count[features_item_row(i->f, i->s->item[e])];
		cost += (touched < whole ? touched : whole) + (double)i->s->users + (double)i->items;
	}
	return cost;
}
