/* item_totals.c - how often anybody did something with an item before a given instant: popularity and conversion as they were known then. */
#include "item_totals.h"

#include "seqrec/memory.h"
#include "seqrec/order.h"

#include <stdlib.h>

struct item_totals {
	size_t types;
	uint64_t *start; /* (items * types + 1) where the times of an item and type begin */
	int64_t *time;   /* ascending within each */
};

item_totals *item_totals_new(const store *s, size_t types)
{
	item_totals *t = xcalloc(1, sizeof *t);
	size_t groups = (size_t)s->items * types;
	t->types = types;
	t->start = xcalloc(groups + 2, sizeof *t->start);
	uint64_t *next = t->start + 1; /* counting sort: next[g] first counts group g - 1, then is where its next time goes */
	for (uint64_t e = 0; e < s->events; e++)
		if (s->item[e] && s->type[e] <= types)
			next[(s->item[e] - 1) * types + s->type[e]]++;
	for (size_t g = 1; g <= groups; g++)
		next[g] += next[g - 1];
	t->time = xcalloc(next[groups], sizeof *t->time);
	for (uint64_t e = 0; e < s->events; e++)
		if (s->item[e] && s->type[e] <= types)
			t->time[next[(s->item[e] - 1) * types + s->type[e] - 1]++] = s->time[e];
	for (size_t g = 0; g < groups; g++)
		qsort(t->time + t->start[g], t->start[g + 1] - t->start[g], sizeof *t->time, order_i64);
	return t;
}

/* How many of the group's times lie before `time`. */
static uint64_t count_before(const item_totals *t, size_t group, int64_t time)
{
	uint64_t low = t->start[group], high = t->start[group + 1];
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (t->time[middle] < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low - t->start[group];
}

uint64_t item_totals_count(const item_totals *t, uint32_t item, size_t type, int64_t from, int64_t to)
{
	size_t group = ((size_t)item - 1) * t->types + type;
	return count_before(t, group, to) - (from == INT64_MIN ? 0 : count_before(t, group, from));
}

void item_totals_free(item_totals *t)
{
	if (!t)
		return;
	free(t->start);
	free(t->time);
	free(t);
}
