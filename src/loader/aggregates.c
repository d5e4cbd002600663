/* aggregates.c - counts and recency by event type over several windows: of the user, of the user with the candidate, of everybody with the candidate. */
#include "aggregates.h"
#include "item_totals.h"

#include "seqrec/instant.h"
#include "seqrec/memory.h"

#include <math.h>
#include <string.h>

enum { WINDOWS = 5, PER_TYPE = WINDOWS + 1, TYPES_MOST = 16 };
static const int window_days[WINDOWS] = { 1, 3, 7, 30, 0 }; /* 0 = ever */

/* One block: PER_TYPE values for each type, then the days with an event and the days since the last event of any type. */
static size_t block_size(size_t types)
{
	return types * PER_TYPE + 2;
}

static void name_block(samples *all, const store *s, size_t types, const char *of)
{
	for (size_t t = 0; t < types; t++) {
		const char *type = vocabulary_text(s->types, (uint32_t)t + 1, NULL);
		for (int w = 0; w < WINDOWS; w++)
			all->aggregate_name[all->aggregates++] =
				window_days[w] ? text_format("%s%s count %dd", of, type, window_days[w]) : text_format("%s%s count", of, type);
		all->aggregate_name[all->aggregates++] = text_format("%s%s days since", of, type);
	}
	all->aggregate_name[all->aggregates++] = text_format("%sactive days", of);
	all->aggregate_name[all->aggregates++] = text_format("%sdays since", of);
}

/* Adds event e; `day` is the day of the last event added, to count days. */
static void add_event(float *block, const store *s, size_t types, int64_t cut, uint64_t e, int64_t *day)
{
	size_t type = (size_t)s->type[e] - 1;
	double ago = (double)(cut - s->time[e]) / (double)INSTANT_DAY;
	int64_t today = s->time[e] / INSTANT_DAY;
	if (today != *day)
		block[types * PER_TYPE]++;
	block[types * PER_TYPE + 1] = (float)ago;
	*day = today;
	if (type >= types)
		return;
	float *row = block + type * PER_TYPE;
	for (int w = 0; w < WINDOWS; w++)
		row[w] += !window_days[w] || ago <= window_days[w];
	row[WINDOWS] = (float)ago; /* events come in order of time: the last one stays */
}

/* Of everybody: the last 30 days and ever, by type. */
enum { TOTAL_DAYS = 30, PER_TOTAL = 2 };

static void name_totals(samples *all, const store *s, size_t types)
{
	for (size_t t = 0; t < types; t++) {
		const char *type = vocabulary_text(s->types, (uint32_t)t + 1, NULL);
		all->aggregate_name[all->aggregates++] = text_format("everybody's candidate %s count %dd", type, TOTAL_DAYS);
		all->aggregate_name[all->aggregates++] = text_format("everybody's candidate %s count", type);
	}
}

static void compute_totals(float *row, const item_totals *totals, size_t types, const sample *one)
{
	for (size_t t = 0; one->candidate && t < types; t++) {
		int64_t from = one->cut == INT64_MAX ? INT64_MIN : one->cut - TOTAL_DAYS * INSTANT_DAY;
		row[PER_TOTAL * t] = (float)item_totals_count(totals, one->candidate, t, from, one->cut);
		row[PER_TOTAL * t + 1] = (float)item_totals_count(totals, one->candidate, t, INT64_MIN, one->cut);
	}
}

static void clear_block(float *block, size_t types)
{
	memset(block, 0, block_size(types) * sizeof *block);
	for (size_t t = 0; t < types; t++)
		block[t * PER_TYPE + WINDOWS] = NAN;
	block[types * PER_TYPE + 1] = NAN;
}

static void compute(float *row, const store *s, size_t types, const sample *one, bool candidates)
{
	int64_t cut = one->cut == INT64_MAX && one->end > one->first ? s->time[one->end - 1] : one->cut;
	int64_t user_day = INT64_MIN, candidate_day = INT64_MIN;
	float *candidate = row + block_size(types);
	clear_block(row, types);
	if (candidates)
		clear_block(candidate, types);
	for (uint64_t e = one->first; e < one->end; e++) {
		add_event(row, s, types, cut, e, &user_day);
		if (candidates && s->item[e] == one->candidate && one->candidate)
			add_event(candidate, s, types, cut, e, &candidate_day);
	}
}

void aggregates_compute(samples *all, const store *s)
{
	size_t types = vocabulary_count(s->types);
	types = types > TYPES_MOST ? TYPES_MOST : types;
	bool candidates = false;
	for (size_t i = 0; i < all->count && !candidates; i++)
		candidates = all->item[i].candidate != 0;
	size_t width = candidates ? 2 * block_size(types) + PER_TOTAL * types : block_size(types);
	all->aggregate_name = xcalloc(width, sizeof *all->aggregate_name);
	name_block(all, s, types, "");
	all->aggregate = xcalloc(all->count * width, sizeof *all->aggregate);
	for (size_t i = 0; i < all->count; i++)
		compute(all->aggregate + i * width, s, types, &all->item[i], candidates);
	if (!candidates)
		return;
	name_block(all, s, types, "candidate ");
	name_totals(all, s, types);
	item_totals *totals = item_totals_new(s, types);
	for (size_t i = 0; i < all->count; i++)
		compute_totals(all->aggregate + i * width + 2 * block_size(types), totals, types, &all->item[i]);
	item_totals_free(totals);
}
