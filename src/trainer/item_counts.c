/* item_counts.c - one pass over the training events: how often each item, and which items each user had. */
#include "item_counts.h"

#include "seqrec/memory.h"

#include <stdlib.h>

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

size_t different_items(const features *f, const store *s, uint64_t first, uint64_t end, uint32_t *out)
{
	size_t count = 0, kept = 0;
	for (uint64_t e = first; e < end; e++) {
		uint32_t row = features_item_row(f, s->item[e]);
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

static void index_users(item_counts *n)
{
	const store *s = n->s;
	n->user_item = xcalloc((size_t)s->events + 1, sizeof *n->user_item);
	n->user_start = xcalloc((size_t)s->users + 2, sizeof *n->user_start);
	n->item_start = xcalloc(n->items + 2, sizeof *n->item_start);
	for (uint32_t user = 1; user <= s->users; user++) {
		size_t at = n->user_start[user], found = different_items(n->f, s, s->user_start[user - 1], n->used[user], n->user_item + at);
		n->user_start[user + 1] = at + found;
		for (size_t k = at; k < at + found; k++)
			n->item_start[n->user_item[k] + 2]++;
	}
}

/* Users are taken in order, so that those of an item stand in order too. */
static void index_items(item_counts *n)
{
	for (size_t row = 0; row < n->items; row++)
		n->item_start[row + 1] += n->item_start[row];
	n->item_user = xcalloc(n->user_start[n->s->users + 1] + 1, sizeof *n->item_user);
	for (uint32_t user = 1; user <= n->s->users; user++)
		for (size_t k = n->user_start[user]; k < n->user_start[user + 1]; k++)
			n->item_user[n->item_start[n->user_item[k] + 1]++] = user;
}

item_counts *item_counts_new(const features *f, const samples *all, const store *s)
{
	item_counts *n = xcalloc(1, sizeof *n);
	*n = (item_counts){ .f = f, .s = s, .items = features_shape(f)->event[features_shape(f)->item].rows };
	n->count = count_items(f, all, s, &n->used);
	index_users(n);
	index_items(n);
	return n;
}

void item_counts_free(item_counts *n)
{
	if (!n)
		return;
	void *const parts[] = { n->count, n->used, n->user_item, n->user_start, n->item_user, n->item_start };
	for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
		free(parts[k]);
	free(n);
}
