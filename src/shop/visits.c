/* visits.c - how customers move through the shop: visits that stay with one category, begun by a search or not, sometimes ended by a purchase. */

#include "shop/visits.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VISITS_MOST = 60, BROWSES_MOST = 12, DWELL_MOST = 1800, RESULTS = 40 };

void history_add(history *h, event e)
{
	size_t at = h->count;
	h->event = xgrow(h->event, &h->capacity, h->count + 1, sizeof *h->event);
	while (at > 0 && h->event[at - 1].second > e.second)
		at--;
	memmove(h->event + at + 1, h->event + at, (h->count - at) * sizeof *h->event);
	h->event[at] = e;
	h->count++;
	for (size_t i = at; i < h->count; i++)
		if (i && h->event[i].second <= h->event[i - 1].second)
			h->event[i].second = h->event[i - 1].second + 1;
}

void history_free(history *h)
{
	free(h->event);
	*h = (history){ 0 };
}

/* Few items of a category draw most of the looks. */
static uint32_t item_choose(const world *w, dice *d, unsigned k)
{
	double u = dice_uniform(d);
	uint32_t count = w->start[k + 1] - w->start[k];
	return w->of_category[w->start[k] + (uint32_t)(u * u * count)];
}

static void browse(history *h, const world *w, dice *d, unsigned k, int64_t second, bool clicked)
{
	event e = { .second = second, .kind = EVENT_BROWSE };
	e.item = item_choose(w, d, dice_uniform(d) < .85 ? k : dice_below(d, CATEGORIES));
	e.category = w->item[e.item].category;
	e.brand = w->item[e.item].brand;
	double dwell = exp(3.3 + .9 * dice_normal(d));
	e.dwell = dwell > DWELL_MOST ? DWELL_MOST : 1 + (uint32_t)dwell;
	double place = -5 * log(1 - dice_uniform(d));
	e.position = clicked ? 1 + (uint32_t)(place < RESULTS - 1 ? place : RESULTS - 1) : 0;
	history_add(h, e);
}

static void search(history *h, dice *d, unsigned k, int64_t second)
{
	event e = { .second = second, .kind = EVENT_SEARCH, .category = (uint8_t)k, .word = (uint8_t)dice_below(d, WORDS) };
	e.brand = (uint8_t)(dice_uniform(d) < .35 ? dice_below(d, BRANDS) : BRANDS);
	history_add(h, e);
}

static void buy(history *h, int64_t second)
{
	event e = h->event[h->count - 1];
	e.kind = EVENT_PURCHASE;
	e.second = second;
	history_add(h, e);
}

/* One visit to category k. A search may be given up: nothing is looked at after it. */
static void visit(history *h, const world *w, dice *d, unsigned k, int64_t second, bool may_buy)
{
	bool searched = dice_uniform(d) < .45, given_up = searched && dice_uniform(d) < .3;
	if (searched)
		search(h, d, k, second);
	unsigned looks = 0;
	for (bool more = !given_up; more && looks < BROWSES_MOST; looks++, more = dice_uniform(d) < .72) {
		second += 15 + dice_below(d, 200);
		browse(h, w, d, k, second, searched && dice_uniform(d) < .7);
	}
	bool bought = dice_uniform(d) < .13;
	if (looks && bought && may_buy)
		buy(h, second + 60 + dice_below(d, 300));
}

static int compare_seconds(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;
	return *a < *b ? -1 : *a > *b;
}

/* A geometric number of visits with the customer's own mean, at times drawn evenly. */
static unsigned visit_times(const customer *c, dice *d, double mean, int64_t from, int64_t to, int64_t *at)
{
	double expected = mean * c->activity * (double)(to - from) / (60. * 86400);
	unsigned count = 0;
	for (double product = dice_uniform(d), least = exp(-expected); product > least && count < VISITS_MOST; product *= dice_uniform(d))
		at[count++] = from + (int64_t)(dice_uniform(d) * (double)(to - from - 7200));
	qsort(at, count, sizeof *at, compare_seconds);
	return count;
}

void visits_make(history *h, const world *w, const customer *c, int64_t from, int64_t to, visit_quiet *quiet, const void *context)
{
	dice d = { w->settings->seed, 2 * c->id + 1, 0 };
	int64_t at[VISITS_MOST];
	unsigned count = visit_times(c, &d, w->settings->visits, from, to, at), k = dice_choose(&d, c->taste, CATEGORIES);
	h->count = 0;
	for (unsigned i = 0; i < count; i++) {
		if (dice_uniform(&d) < .5) /* else the last visit's interest goes on */
			k = dice_choose(&d, c->taste, CATEGORIES);
		visit(h, w, &d, k, at[i], !quiet(context, at[i] + 7200) && !quiet(context, at[i]));
	}
}
