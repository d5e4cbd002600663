/* rule_chain.c - what follows what: a first-order Markov chain with decay over distance, and what was popular lately. */
#include "item_counts.h"

#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

enum { REACH = 3, SPANS = 4096 };
static const double recent_share = 0.1; /* of the training events, by time */

/* ---- the chain: count(i -> j) += 1/d for j at distance d = 1..3 behind i, kept as whole sixths ---- */

typedef struct {
	uint32_t from, to, weight;
} step;

static int by_pair(const void *a, const void *b)
{
	const step *x = a, *y = b;
	return x->from != y->from ? (x->from > y->from) - (x->from < y->from) : (x->to > y->to) - (x->to < y->to);
}

static step *count_steps(const item_counts *n, size_t *count)
{
	step *chain = NULL;
	size_t capacity = 0;
	*count = 0;
	for (uint32_t user = 1; user <= n->s->users; user++)
		for (uint64_t e = n->s->user_start[user - 1]; e < n->used[user]; e++)
			for (uint32_t d = 1; d <= REACH && e + d < n->used[user]; d++) {
				chain = xgrow(chain, &capacity, *count + 1, sizeof *chain);
				chain[(*count)++] = (step){ features_item_row(n->f, n->s->item[e]), features_item_row(n->f, n->s->item[e + d]), 6 / d };
			}
	if (*count)
		qsort(chain, *count, sizeof *chain, by_pair);
	return chain;
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

/* Each row's weights are shares of all that follows its item. */
bool fit_markov(item_rule *r, const item_counts *n)
{
	size_t count;
	step *chain = count_steps(n, &count);
	count = merge_steps(chain, count);
	double *sum = xcalloc(n->items, sizeof *sum);
	r->start = xcalloc(n->items + 1, sizeof *r->start);
	r->to = xcalloc(count + 1, sizeof *r->to);
	r->weight = xcalloc(count + 1, sizeof *r->weight);
	for (size_t k = 0; k < count; k++) {
		r->start[chain[k].from + 1]++;
		sum[chain[k].from] += chain[k].weight;
	}
	for (size_t row = 0; row < n->items; row++)
		r->start[row + 1] += r->start[row];
	for (size_t k = 0; k < count; k++) {
		r->to[k] = chain[k].to;
		r->weight[k] = (float)(chain[k].weight / sum[chain[k].from]);
	}
	free(sum);
	free(chain);
	return true;
}

/* ---- recent popularity: the last tenth of the training events ---- */

static void count_spans(const item_counts *n, int64_t first, double width, uint64_t *span, int64_t from, float *base)
{
	for (uint32_t user = 1; user <= n->s->users; user++)
		for (uint64_t e = n->s->user_start[user - 1]; e < n->used[user]; e++) {
			int64_t time = n->s->time[e];
			if (span)
				span[(size_t)((double)(time - first) / width)]++;
			else if (time >= from)
				base[features_item_row(n->f, n->s->item[e])]++;
		}
}

bool fit_recent(item_rule *r, const item_counts *n, const config *c, char **why)
{
	int64_t first = INT64_MAX, last = INT64_MIN;
	for (size_t i = 0; i < c->data.events.count; i++)
		if (strcmp(c->data.events.item[i].time_format, "order") == 0) {
			*why = xstrdup("the log has no times, only an order");
			return false;
		}
	for (uint64_t e = 0; e < n->s->events; e++) {
		first = n->s->time[e] < first ? n->s->time[e] : first;
		last = n->s->time[e] > last ? n->s->time[e] : last;
	}
	double width = ((double)last - (double)first + 1) / SPANS;
	uint64_t *span = xcalloc(SPANS + 1, sizeof *span), later = 0, whole = 0;
	count_spans(n, first, width, span, 0, NULL);
	for (size_t k = 0; k < SPANS; k++)
		whole += span[k];
	size_t from = SPANS;
	while (from && (double)later < recent_share * (double)whole)
		later += span[--from];
	r->base = xcalloc(n->items, sizeof *r->base);
	count_spans(n, first, width, NULL, first + (int64_t)((double)from * width), r->base);
	free(span);
	return true;
}
