/* split.c - which samples train, validate and test, and what to say about it. */
#include "next_item.h"

#include "seqrec/instant.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/order.h"
#include "seqrec/random.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In [0, 1), the same for all samples of a user. `salt` keeps the two draws of one user apart. */
static double user_draw(const sample *one, const config *c, uint32_t salt)
{
	return random_uniform((uint64_t)c->split.seed, RANDOM_SPLIT, one->hash, salt);
}

/* ---- by time ---- */

/* The largest of the sorted times t such that at least `share` of them are >= t; never the very first. */
static int64_t boundary(const int64_t *time, size_t count, double share, int64_t below)
{
	size_t end = count;
	while (end && time[end - 1] >= below)
		end--;
	size_t want = (size_t)(share * (double)count + 0.5);
	size_t at = end > want ? end - (want ? want : 1) : 0;
	return end ? time[at] : below;
}

bool split_instants(const config *c, const int64_t *key, size_t count, int64_t *validation, int64_t *test, sr_error *err)
{
	int64_t *sorted = xmemdup(key, count * sizeof *key);
	qsort(sorted, count, sizeof *sorted, order_i64);
	if (!instant_parse(c->split.test, strlen(c->split.test), test))
		*test = boundary(sorted, count, c->split.test_share, INT64_MAX);
	bool wanted = c->split.validation[0] || c->split.validation_share > 0;
	if (!instant_parse(c->split.validation, strlen(c->split.validation), validation))
		*validation = wanted ? boundary(sorted, count, c->split.validation_share, *test) : *test;
	bool enough = sorted[0] < *validation && (*validation < *test || !wanted);
	free(sorted);
	return enough || error_set(err, SR_DATA, "split.kind time needs samples at three or more times, for training, validation and test. Give more cuts (task.cuts, task.every), set split.validation and split.test, or use split.kind user");
}

static bool split_by(samples *all, const config *c, const int64_t *key, sr_error *err)
{
	int64_t test, validation;
	if (!split_instants(c, key, all->count, &validation, &test, err))
		return false;
	for (size_t i = 0; i < all->count; i++)
		all->item[i].part = key[i] >= test ? PART_TEST : key[i] >= validation ? PART_VALIDATION : PART_TRAIN;
	return true;
}

static bool split_time(samples *all, const config *c, sr_error *err)
{
	int64_t *key = xcalloc(all->count, sizeof *key);
	bool timed = true;
	for (size_t i = 0; i < all->count; i++) {
		key[i] = all->item[i].cut;
		timed &= key[i] != INT64_MAX;
	}
	bool done = timed ? split_by(all, c, key, err) : error_set(err, SR_DATA, "split.kind time: samples have no time. Name the time column in data.samples, or use split.kind user or random");
	free(key);
	return done;
}

/* All samples of a session go by the time of the session's first event. */
static bool split_session(samples *all, const config *c, const store *s, sr_error *err)
{
	if (!s->session)
		return error_set(err, SR_DATA, "split.kind session: the logs have no session column (data.events[].columns.session)");
	int64_t *key = xcalloc(all->count, sizeof *key);
	for (size_t i = 0; i < all->count; i++) {
		const sample *one = &all->item[i];
		uint64_t e = one->end;
		while (e > one->first + 1 && s->session[e - 2] == s->session[one->end - 1])
			e--;
		key[i] = e > one->first ? s->time[e - 1] : one->cut;
	}
	bool done = split_by(all, c, key, err);
	free(key);
	return done;
}

/* ---- the other kinds ---- */

/* Samples stand in order of user and cut, or of rows: a user's last one by cut tests, the one before validates. */
static void split_leave_one_out(samples *all, const store *s)
{
	uint32_t *last = xcalloc((size_t)s->users + 1, sizeof *last), *second = xcalloc((size_t)s->users + 1, sizeof *second);
	for (size_t i = 0; i < all->count; i++) {
		uint32_t user = all->item[i].user;
		all->item[i].part = PART_TRAIN;
		if (!last[user] || all->item[i].cut >= all->item[last[user] - 1].cut) {
			second[user] = last[user];
			last[user] = (uint32_t)i + 1;
		} else if (!second[user] || all->item[i].cut >= all->item[second[user] - 1].cut) {
			second[user] = (uint32_t)i + 1;
		}
	}
	for (uint32_t user = 1; user <= s->users; user++) {
		if (last[user])
			all->item[last[user] - 1].part = PART_TEST;
		if (second[user])
			all->item[second[user] - 1].part = PART_VALIDATION;
	}
	free(last);
	free(second);
}

static void split_user(samples *all, const config *c)
{
	for (size_t i = 0; i < all->count; i++) {
		sample *one = &all->item[i];
		double draw = user_draw(one, c, 0);
		bool test = draw < c->split.test_share, validation = !test && draw < c->split.test_share + c->split.validation_share;
		one->part = !test && !validation ? PART_TRAIN : !one->scored ? PART_NONE : test ? PART_TEST : PART_VALIDATION;
	}
}

/* The same shares of each class (stratified). */
static void split_random(samples *all, const config *c)
{
	uint32_t *order = xcalloc(all->count, sizeof *order);
	for (size_t class = 0; class < all->classes; class++) {
		size_t count = 0;
		for (size_t i = 0; i < all->count; i++)
			if (all->item[i].label == class)
				order[count++] = (uint32_t)i;
		random_shuffle((uint64_t)c->split.seed, RANDOM_SPLIT, class, order, count);
		size_t test = (size_t)(c->split.test_share * (double)count + 0.5), validation = (size_t)(c->split.validation_share * (double)count + 0.5);
		for (size_t i = 0; i < count; i++)
			all->item[order[i]].part = i < test ? PART_TEST : i < test + validation ? PART_VALIDATION : PART_TRAIN;
	}
	free(order);
}

static bool split_given(samples *all, const store *s, sr_error *err)
{
	if (!s->sample_split)
		return error_set(err, SR_DATA, "split.kind given: data.samples has no split column (data.samples[].columns.split)");
	for (size_t i = 0; i < all->count; i++) {
		const char *name = vocabulary_text(s->splits, s->sample_split[all->item[i].row], NULL);
		all->item[i].part = strcmp(name, "train") == 0 ? PART_TRAIN : text_starts(name, "val") ? PART_VALIDATION : strcmp(name, "test") == 0 ? PART_TEST : PART_NONE;
		if (all->item[i].part == PART_NONE)
			return error_set(err, SR_DATA, "data.samples, row %" PRIu64 ": split is \"%.40s\"; it must be train, validation or test", all->item[i].row + 1, name);
	}
	return true;
}

static bool check_parts(const samples *all, const config *c, sr_error *err)
{
	for (uint32_t fold = 0; fold < (all->folds ? all->folds : 1); fold++) {
		static const struct { sample_part part; const char *name; } needed[] = { { PART_TRAIN, "training" }, { PART_TEST, "test" } };
		for (size_t p = 0; p < 2; p++) {
			size_t count;
			free(samples_select(all, c, fold, needed[p].part, &count));
			if (!count)
				return error_set(err, SR_DATA, "the %s part of the split is empty (%zu samples in all). Change split.kind or its shares", needed[p].name, all->count);
		}
	}
	return true;
}

bool samples_split(samples *all, const config *c, const store *s, sr_error *err)
{
	bool done = true;
	if (all->next_item && !samples_both(all)) /* parts were given with the windows */
		return check_parts(all, c, err);
	all->folds = (uint32_t)c->split.folds;
	if (!all->folds)
		switch ((split_kind)c->split.kind) {
		case SPLIT_TIME: done = split_time(all, c, err); break;
		case SPLIT_SESSION: done = split_session(all, c, s, err); break;
		case SPLIT_LEAVE_ONE_OUT: split_leave_one_out(all, s); break;
		case SPLIT_USER: split_user(all, c); break;
		case SPLIT_RANDOM: split_random(all, c); break;
		case SPLIT_GIVEN: done = split_given(all, s, err); break;
		}
	return done && check_parts(all, c, err);
}

sample_part sample_part_of(const samples *all, const config *c, const sample *one, uint32_t fold)
{
	if (!all->folds)
		return (sample_part)one->part;
	if (one->hash % all->folds == fold)
		return one->scored ? PART_TEST : PART_NONE;
	if (user_draw(one, c, 1) < c->split.validation_share)
		return one->scored ? PART_VALIDATION : PART_NONE;
	return PART_TRAIN;
}

uint32_t *samples_select(const samples *all, const config *c, uint32_t fold, sample_part part, size_t *count)
{
	uint32_t *chosen = xcalloc(all->count, sizeof *chosen);
	*count = 0;
	for (size_t i = 0; i < all->count; i++)
		if (sample_part_of(all, c, &all->item[i], fold) == part)
			chosen[(*count)++] = (uint32_t)i;
	return chosen;
}
