/* aggregates.c - counts and recency by event type over several windows, per user and per candidate. */
#include "aggregates.h"

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
	size_t width = block_size(types) * (candidates ? 2 : 1);
	all->aggregate_name = xcalloc(width, sizeof *all->aggregate_name);
	name_block(all, s, types, "");
	if (candidates)
		name_block(all, s, types, "candidate ");
	all->aggregate = xcalloc(all->count * width, sizeof *all->aggregate);
	for (size_t i = 0; i < all->count; i++)
		compute(all->aggregate + i * width, s, types, &all->item[i], candidates);
}
