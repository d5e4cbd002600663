/* rule_neighbours.c - which items share users: item-kNN by the cosine of users, and EASE (Steck, "Embarrassingly Shallow Autoencoders for Sparse Data",
 * WWW 2019, equation 8). */
#include "item_counts.h"

#include "seqrec/matrix.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double pairs_most = 2e10; /* additions: a minute or so */
enum { KEPT_MOST = 50 << 20, KEPT_LEAST = 100 }; /* pairs in all; of one item */

/* The sum over users of (different items)^2: what counting all pairs takes. */
static double pairs(const item_counts *n)
{
	double sum = 0;
	for (uint32_t user = 1; user <= n->s->users; user++) {
		double items = (double)(n->user_start[user + 1] - n->user_start[user]);
		sum += items * items;
	}
	return sum;
}

static bool affordable(const item_counts *n, char **why)
{
	double cost = pairs(n);
	if (cost <= pairs_most)
		return true;
	*why = text_format("it would take about %.0e additions", cost);
	return false;
}

/* shared[j] += users who have both, for j that share a user with item i. */
static void count_shared(const item_counts *n, uint32_t i, float *shared)
{
	for (size_t u = n->item_start[i]; u < n->item_start[i + 1]; u++) {
		uint32_t user = n->item_user[u];
		for (size_t at = n->user_start[user]; at < n->user_start[user + 1]; at++)
			shared[n->user_item[at]]++;
	}
}

/* ---- item-kNN ---- */

typedef struct {
	uint32_t to;
	float cosine;
} neighbour;

typedef struct {
	const item_counts *n;
	size_t most;
	float **shared;      /* (threads) (V) zeros between calls */
	neighbour **nearest; /* (V) lists */
	uint32_t *found;     /* (V) */
} search;

static int by_cosine(const void *a, const void *b)
{
	const neighbour *x = a, *y = b;
	return x->cosine != y->cosine ? (x->cosine < y->cosine) - (x->cosine > y->cosine) : (x->to > y->to) - (x->to < y->to);
}

static int by_item(const void *a, const void *b)
{
	const neighbour *x = a, *y = b;
	return (x->to > y->to) - (x->to < y->to);
}

static double users_of(const item_counts *n, size_t i)
{
	return (double)(n->item_start[i + 1] - n->item_start[i]);
}

static void find_nearest(void *context, size_t i, unsigned thread)
{
	search *s = context;
	float *shared = s->shared[thread];
	neighbour *list = NULL;
	size_t count = 0, capacity = 0;
	count_shared(s->n, (uint32_t)i, shared);
	for (size_t j = PACK_FIRST_ITEM; j < s->n->items; j++) {
		if (shared[j] > 0) {
			list = xgrow(list, &capacity, count + 1, sizeof *list);
			list[count++] = (neighbour){ (uint32_t)j, (float)((double)shared[j] / sqrt(users_of(s->n, i) * users_of(s->n, j))) };
		}
		shared[j] = 0;
	}
	if (count)
		qsort(list, count, sizeof *list, by_cosine);
	s->found[i] = (uint32_t)(count < s->most ? count : s->most);
	if (count)
		qsort(list, s->found[i], sizeof *list, by_item);
	s->nearest[i] = xrealloc(list, s->found[i] ? s->found[i] : 1, sizeof *list);
}

static void gather(item_rule *r, search *s)
{
	r->start = xcalloc(r->items + 1, sizeof *r->start);
	for (size_t i = 0; i < r->items; i++)
		r->start[i + 1] = r->start[i] + s->found[i];
	r->to = xcalloc((size_t)r->start[r->items] + 1, sizeof *r->to);
	r->weight = xcalloc((size_t)r->start[r->items] + 1, sizeof *r->weight);
	for (size_t i = 0; i < r->items; i++) {
		for (size_t k = 0; k < s->found[i]; k++) {
			r->to[r->start[i] + k] = s->nearest[i][k].to;
			r->weight[r->start[i] + k] = s->nearest[i][k].cosine;
		}
		free(s->nearest[i]);
	}
}

static size_t neighbours_kept(const config *c, size_t items)
{
	size_t fair = KEPT_MOST / items;
	return c->model.neighbours ? (size_t)c->model.neighbours : fair > KEPT_LEAST ? fair : KEPT_LEAST;
}

bool fit_neighbours(item_rule *r, const item_counts *n, const config *c, thread_pool *pool, char **why)
{
	unsigned threads = thread_pool_threads(pool);
	if (!affordable(n, why))
		return false;
	search s = { .n = n, .most = neighbours_kept(c, n->items), .shared = xcalloc(threads, sizeof *s.shared) };
	for (unsigned t = 0; t < threads; t++)
		s.shared[t] = xcalloc(n->items, sizeof **s.shared);
	s.nearest = xcalloc(n->items, sizeof *s.nearest);
	s.found = xcalloc(n->items, sizeof *s.found);
	thread_pool_run(pool, n->items, find_nearest, &s);
	gather(r, &s);
	for (unsigned t = 0; t < threads; t++)
		free(s.shared[t]);
	free(s.shared);
	free(s.nearest);
	free(s.found);
	return true;
}

/* ---- EASE: with P = (X'X + penalty I)^-1, B_ij = -P_ij / P_jj, B_jj = 0; X (users, items) says who had what ---- */

typedef struct {
	const item_counts *n;
	float *matrix, *diagonal; /* (V, V), (V) */
	float penalty;
} shallow;

static void count_row(void *context, size_t i, unsigned thread)
{
	shallow *s = context;
	float *row = s->matrix + i * s->n->items;
	(void)thread;
	count_shared(s->n, (uint32_t)i, row);
	row[i] += s->penalty;
}

static void weigh_row(void *context, size_t i, unsigned thread)
{
	shallow *s = context;
	float *row = s->matrix + i * s->n->items;
	(void)thread;
	for (size_t j = 0; j < s->n->items; j++)
		row[j] = j == i ? 0 : -row[j] / s->diagonal[j];
}

bool fit_ease(item_rule *r, const item_counts *n, const config *c, thread_pool *pool, char **why, sr_error *err)
{
	if (n->items > (size_t)c->model.ease_items) {
		*why = text_format("%zu items are more than model.ease_items = %lld: it inverts a matrix of items by items", n->items - PACK_FIRST_ITEM, (long long)c->model.ease_items);
		return false;
	}
	if (!affordable(n, why))
		return false;
	shallow s = { .n = n, .penalty = (float)c->model.ease_penalty };
	r->dense = s.matrix = xcalloc(n->items * n->items, sizeof *s.matrix);
	thread_pool_run(pool, n->items, count_row, &s);
	if (!matrix_invert(s.matrix, n->items, pool, err))
		return false;
	s.diagonal = xcalloc(n->items, sizeof *s.diagonal);
	for (size_t j = 0; j < n->items; j++)
		s.diagonal[j] = s.matrix[j * n->items + j];
	thread_pool_run(pool, n->items, weigh_row, &s);
	free(s.diagonal);
	return true;
}
