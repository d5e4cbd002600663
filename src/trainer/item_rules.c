/* item_rules.c - the rules by name: fitting one, and its scores. */
#include "item_rules.h"
#include "item_counts.h"

#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

enum { CHAIN_RECENT = 4 }; /* items of the history that the chain goes on from */

static const struct {
	const char *name;
	int encoder;
} rules[RULES] = {
	[RULE_POPULARITY] = { "popularity", ENCODER_POPULARITY },
	[RULE_RECENT] = { "recent popularity", ENCODER_RECENT },
	[RULE_LAST] = { "last item", ENCODER_LAST_ITEM },
	[RULE_MARKOV] = { "Markov chain", ENCODER_MARKOV },
	[RULE_NEIGHBOURS] = { "item-kNN", ENCODER_ITEM_KNN },
	[RULE_EASE] = { "EASE", ENCODER_EASE },
};

const char *rule_name(rule_kind kind)
{
	return rules[kind].name;
}

rule_kind rule_of_encoder(int encoder)
{
	rule_kind kind = 0;
	while (kind < RULES && rules[kind].encoder != encoder)
		kind++;
	return kind;
}

/* ---- fitting ---- */

typedef struct {
	uint32_t row;
	float count;
} popular;

static int by_count(const void *a, const void *b)
{
	const popular *x = a, *y = b;
	return x->count != y->count ? (x->count < y->count) - (x->count > y->count) : (x->row > y->row) - (x->row < y->row);
}

void rule_sort(item_rule *r)
{
	popular *list = xcalloc(r->items, sizeof *list);
	for (uint32_t row = 0; row < r->items; row++)
		list[row] = (popular){ row, r->popularity[row] };
	qsort(list, r->items, sizeof *list, by_count);
	r->order = xcalloc(r->items, sizeof *r->order);
	for (uint32_t place = 0; place < r->items; place++)
		r->order[list[place].row] = place;
	free(list);
}

static bool fit(item_rule *r, const item_counts *n, const config *c, thread_pool *pool, char **why, sr_error *err)
{
	switch (r->kind) {
	case RULE_RECENT:
		return fit_recent(r, n, c, why);
	case RULE_MARKOV:
		return fit_markov(r, n);
	case RULE_NEIGHBOURS:
		return fit_neighbours(r, n, c, pool, why);
	case RULE_EASE:
		return fit_ease(r, n, c, pool, why, err);
	default:
		return true;
	}
}

item_rule *rule_fit(rule_kind kind, const item_counts *n, const config *c, thread_pool *pool, char **why, sr_error *err)
{
	item_rule *r = xcalloc(1, sizeof *r);
	*r = (item_rule){ .kind = kind, .items = n->items, .popularity = xcalloc(n->items, sizeof *r->popularity) };
	for (size_t row = 0; row < n->items; row++)
		r->popularity[row] = (float)n->count[row];
	if (kind == RULE_POPULARITY)
		r->base = xmemdup(r->popularity, n->items * sizeof *r->base);
	rule_sort(r);
	if (fit(r, n, c, pool, why, err))
		return r;
	rule_free(r);
	return NULL;
}

void rule_free(item_rule *r)
{
	if (!r)
		return;
	void *const parts[] = { r->popularity, r->order, r->base, r->start, r->to, r->weight, r->dense };
	for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
		free(parts[k]);
	free(r);
}

const uint32_t *rule_order(const item_rule *r)
{
	return r->order;
}

size_t rule_size(const item_rule *r)
{
	return (r->base ? r->items : 0) + (r->start ? (size_t)r->start[r->items] : 0) + (r->dense ? r->items * r->items : 0);
}

/* ---- scores ---- */

void rule_bind(item_rule *r, const features *f, const samples *all, const store *s)
{
	r->f = f;
	r->all = all;
	r->s = s;
}

static void add_row(const item_rule *r, uint32_t row, float weight, float *score)
{
	const float *dense = r->dense ? r->dense + (size_t)row * r->items : NULL;
	for (size_t j = 0; dense && j < r->items; j++)
		score[j] += weight * dense[j];
	for (uint64_t at = dense ? 0 : r->start[row]; !dense && at < r->start[row + 1]; at++)
		score[r->to[at]] += weight * r->weight[at];
}

/* Markov: sum over the last 4 items i of the history of their share of i -> j among all that follow i, weights 1, 1/2, 1/4, 1/8. */
static void score_recent(const item_rule *r, const sample *one, float *score)
{
	for (uint64_t back = 0; back < CHAIN_RECENT && one->first + back < one->end; back++)
		add_row(r, features_item_row(r->f, r->s->item[one->end - 1 - back]), 1 / (float)(1U << back), score);
}

/* item-kNN and EASE: every different item of the history counts once. */
static void score_all(const item_rule *r, const sample *one, float *score)
{
	uint32_t *mine = xcalloc((size_t)(one->end - one->first) + 1, sizeof *mine);
	size_t have = different_items(r->f, r->s, one->first, one->end, mine);
	for (size_t k = 0; k < have; k++)
		add_row(r, mine[k], 1, score);
	free(mine);
}

static void score_sample(const item_rule *r, const sample *one, float *score)
{
	memset(score, 0, r->items * sizeof *score);
	if (r->base)
		memcpy(score, r->base, r->items * sizeof *score);
	else if (r->kind == RULE_LAST && one->end > one->first)
		score[features_item_row(r->f, r->s->item[one->end - 1])] = 1;
	else if (r->kind == RULE_MARKOV)
		score_recent(r, one, score);
	else if (r->start || r->dense)
		score_all(r, one, score);
}

bool rule_fill(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err)
{
	const item_rule *r = context;
	(void)thread, (void)err;
	for (size_t k = 0; k < count; k++)
		score_sample(r, &r->all->item[order[k]], score + k * r->items);
	return true;
}
