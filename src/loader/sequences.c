/* sequences.c - packs: whole sequences end to end, every feature of every event and sample filled in. */
#include "feature.h"

#include "seqrec/instant.h"
#include "seqrec/memory.h"
#include "seqrec/random.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The history that the encoder sees, oldest first: the last `window` events, of the candidate alone where task.history says so. `rows` has room for window events or is NULL. */
static uint32_t collect(const features *f, const sample *one, uint64_t *rows)
{
	uint32_t length = 0;
	if (f->pairs && f->history == HISTORY_CANDIDATE) {
		for (uint64_t e = one->end; e > one->first && length < f->window; e--)
			if (f->store->item[e - 1] == one->candidate) {
				if (rows)
					rows[length] = e - 1;
				length++;
			}
		for (uint32_t i = 0; rows && i < length / 2; i++) {
			uint64_t kept = rows[i];
			rows[i] = rows[length - 1 - i];
			rows[length - 1 - i] = kept;
		}
		return length;
	}
	length = one->end - one->first < f->window ? (uint32_t)(one->end - one->first) : f->window;
	for (uint32_t i = 0; rows && i < length; i++)
		rows[i] = one->end - length + i;
	return length;
}

uint32_t features_length(const features *f, const sample *one)
{
	return f->window ? collect(f, one, NULL) : 0;
}

/* ---- values ---- */

typedef struct {
	pack *p;
	const features *f;
	const samples *all;
	const uint32_t *order;
	const pack_options *options;
} filling;

/* In training a few known items are shown as unknown, so that the unknown item means something. */
static uint32_t maybe_unknown(const filling *l, uint32_t code, uint64_t row)
{
	const pack_options *o = l->options;
	if (o->unknown_rate > 0 && code >= CODE_FIRST && random_uniform(o->seed, RANDOM_UNKNOWN, o->epoch << 40 ^ row, 0) < o->unknown_rate)
		return CODE_UNKNOWN;
	return code;
}

static const sample *sample_at(const filling *l, uint32_t number)
{
	return &l->all->item[l->order[number]];
}

/* From event t to its sample's cut (to the last event, where the whole history is used). */
static int64_t time_to_cut(const filling *l, uint32_t t)
{
	const store *s = l->f->store;
	const sample *of = sample_at(l, l->p->owner[t]);
	return (of->cut == INT64_MAX ? s->time[of->end - 1] : of->cut) - s->time[l->p->row[t]];
}

/* Both: in training a history's last event tells nothing, and its place in a full window is told from nowhere. Where samples are scored it tells: so it has the
 * place of the event before it. */
static uint32_t place_before(const filling *l, uint32_t place, uint32_t last)
{
	if (!samples_both(l->all))
		return place;
	return last ? (place < last ? place : last - 1) : place ? place - 1 : 0;
}

static uint32_t event_code(const filling *l, const feature *one, uint32_t t)
{
	const store *s = l->f->store;
	uint64_t e = l->p->row[t];
	const sample *of = sample_at(l, l->p->owner[t]);
	switch (one->source) {
	case FROM_ITEM: return maybe_unknown(l, feature_map(l->f, one, s->item[e]), e);
	case FROM_TYPE: return feature_map(l->f, one, s->type[e]);
	case FROM_POSITION: return place_before(l, l->p->start[l->p->owner[t] + 1] - 1 - t, 0);
	case FROM_START: return place_before(l, t - l->p->start[l->p->owner[t]], l->f->window - 1);
	case FROM_AGE: return log_bucket(time_to_cut(l, t));
	case FROM_GAP: return e == of->first ? 0 : log_bucket(s->time[e] - s->time[e - 1]);
	case FROM_SAME: return of->candidate && s->item[e] == of->candidate;
	case FROM_CLICK: return s->position[e] < POSITION_MOST ? s->position[e] : POSITION_MOST - 1;
	case FROM_ITEM_FIELD: return s->item[e] ? feature_code(l->f, one, (uint64_t)s->item[e] - 1) : 0;
	default: return feature_code(l->f, one, e);
	}
}

/* The row of a sample feature's column; false where the sample has none. */
static bool sample_row(const feature *one, const sample *of, uint64_t *row)
{
	switch (one->source) {
	case FROM_USER_FIELD: *row = (uint64_t)of->user - 1; return of->user != 0;
	case FROM_CANDIDATE_FIELD: *row = (uint64_t)of->candidate - 1; return of->candidate != 0;
	default: *row = of->row; return of->row != SAMPLE_NO_ROW;
	}
}

static uint32_t sample_code(const filling *l, const feature *one, uint32_t number)
{
	const sample *of = sample_at(l, number);
	uint64_t row;
	if (one->source == FROM_CANDIDATE)
		return maybe_unknown(l, feature_map(l->f, one, of->candidate), UINT64_MAX - l->order[number]);
	if (!sample_row(one, of, &row))
		return CODE_NONE;
	return feature_code(l->f, one, row);
}

static void add_event_bag(const filling *l, const feature *one, pack_codes *codes, uint32_t t)
{
	const store *s = l->f->store;
	uint64_t e = l->p->row[t];
	if (one->source == FROM_QUERY) {
		uint32_t query = s->query[e];
		for (uint32_t i = query ? one->term_start[query] : 0; query && i < one->term_start[query + 1]; i++)
			feature_bag_put(codes, one->term[i]);
	} else if (one->source == FROM_EVENT_FIELD) {
		feature_bag(l->f, one, codes, e);
	} else if (s->item[e]) {
		feature_bag(l->f, one, codes, (uint64_t)s->item[e] - 1);
	}
}

static void fill_event_feature(const filling *l, const feature *one, pack_codes *codes)
{
	pack *p = l->p;
	codes->count = one->form == FEATURE_CODE ? p->events : 0;
	for (uint32_t t = 0; t < p->events; t++) {
		if (one->form == FEATURE_CODE) {
			codes->code[t] = event_code(l, one, t);
		} else {
			codes->start[t] = (uint32_t)codes->count;
			add_event_bag(l, one, codes, t);
		}
	}
	if (one->form == FEATURE_BAG)
		codes->start[p->events] = (uint32_t)codes->count;
}

static void fill_sample_feature(const filling *l, const feature *one, pack_codes *codes)
{
	pack *p = l->p;
	uint64_t row;
	codes->count = one->form == FEATURE_CODE ? p->samples : 0;
	for (uint32_t i = 0; i < p->samples; i++) {
		if (one->form == FEATURE_CODE) {
			codes->code[i] = sample_code(l, one, i);
			continue;
		}
		codes->start[i] = (uint32_t)codes->count;
		if (sample_row(one, sample_at(l, i), &row))
			feature_bag(l->f, one, codes, row);
	}
	if (one->form == FEATURE_BAG)
		codes->start[p->samples] = (uint32_t)codes->count;
}

static void fill_event_numbers(const filling *l)
{
	const features *f = l->f;
	float *out = l->p->event_number;
	for (uint32_t t = 0; t < l->p->events; t++)
		for (size_t i = 0; i < f->event_count; i++) {
			const feature *one = &f->event[i];
			if (one->form != FEATURE_NUMBER)
				continue;
			uint64_t e = l->p->row[t], item = f->store->item[e];
			if (one->source == FROM_DAYS)
				number_apply(one, (float)((double)time_to_cut(l, t) / (double)INSTANT_DAY), out);
			else
				feature_number(one, one->source == FROM_EVENT_FIELD || item, one->source == FROM_EVENT_FIELD ? e : item - 1, out);
			out += one->columns;
		}
}

static void fill_sample_numbers(const features *f, const samples *all, const uint32_t *order, size_t count, float *out)
{
	for (size_t s = 0; s < count; s++)
		for (size_t i = 0; i < f->sample_count; i++) {
			const feature *one = &f->sample[i];
			if (one->form != FEATURE_NUMBER)
				continue;
			uint64_t row;
			if (one->source == FROM_AGGREGATE) {
				bool recency = one->aggregate == SIZE_MAX && one->flag;
				number_apply(one, one->aggregate == SIZE_MAX ? (recency ? NAN : 0) : all->aggregate[(size_t)order[s] * all->aggregates + one->aggregate], out);
			} else {
				bool there = sample_row(one, &all->item[order[s]], &row);
				feature_number(one, there, row, out);
			}
			out += one->columns;
		}
}

/* At most what 32 bits hold, 136 years. */
static uint32_t seconds_since(const store *s, uint64_t first, uint64_t e)
{
	uint64_t seconds = (uint64_t)(s->time[e] - s->time[first]) / INSTANT_SECOND;
	return seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX - 1;
}

static bool place_sequences(filling *l, size_t count, sr_error *err)
{
	pack *p = l->p;
	p->events = 0;
	for (uint32_t i = 0; i < count; i++) {
		const sample *one = sample_at(l, i);
		p->start[i] = p->events;
		p->label[i] = one->label;
		p->weight[i] = one->weight;
		if (sample_leaks(l->all, one, l->f->store))
			return error_set(err, SR_INTERNAL, "leak: an event at or after the cut of a sample would be its input (sample %u)", l->order[i]);
		uint32_t length = l->f->window ? collect(l->f, one, p->row + p->events) : 0;
		for (uint32_t t = 0; t < length; t++) {
			p->owner[p->events + t] = i;
			p->time[p->events + t] = seconds_since(l->f->store, p->row[p->events], p->row[p->events + t]);
		}
		p->events += length;
	}
	p->start[count] = p->events;
	return true;
}

/* next_item, both: event t of the pack is followed in the store by what is told after it. Both: in training within the history, elsewhere behind its last event. */
static void place_targets(filling *l)
{
	pack *p = l->p;
	const store *s = l->f->store;
	p->targets = 0;
	for (uint32_t t = 0; t < p->events; t++) {
		const sample *of = sample_at(l, p->owner[t]);
		uint64_t e = p->row[t] + 1;
		bool both = samples_both(l->all), training = l->options->training;
		bool open = of->label == SAMPLE_UNLABELLED || (both && !training); /* then event `end` may not be there, or not be the target */
		bool told = open ? e == of->end : e >= of->targets && e < sample_known_end(l->all, of) && s->item[e] && l->all->target_type[s->type[e]];
		if (!told)
			continue;
		uint32_t code = open ? CODE_NONE : features_item_row(l->f, s->item[e]);
		if (training && code < CODE_FIRST)
			continue;
		p->target_event[p->targets] = t;
		p->target[p->targets] = code;
		p->target_weight[p->targets++] = open ? of->weight : of->weight * target_weight(l->all, s, e);
	}
}

bool pack_fill(pack *p, const features *f, const samples *all, const uint32_t *order, size_t count, const pack_options *options, sr_error *err)
{
	filling l = { p, f, all, order, options };
	size_t events = 0;
	for (size_t i = 0; i < count; i++)
		events += features_length(f, &all->item[order[i]]);
	pack_reserve(p, f, count, events + f->window);
	p->samples = (uint32_t)count;
	if (!place_sequences(&l, count, err))
		return false;
	if (f->next_item)
		place_targets(&l);
	for (size_t i = 0; i < f->event_count; i++)
		if (f->event[i].form != FEATURE_NUMBER)
			fill_event_feature(&l, &f->event[i], &p->event[i]);
	for (size_t i = 0; i < f->sample_count; i++)
		if (f->sample[i].form != FEATURE_NUMBER)
			fill_sample_feature(&l, &f->sample[i], &p->sample[i]);
	if (f->shape.event_columns)
		fill_event_numbers(&l);
	fill_sample_numbers(f, all, order, count, p->sample_number);
	return true;
}

size_t *pack_plan(const features *f, const samples *all, const uint32_t *order, size_t count, size_t tokens, size_t most, size_t *packs)
{
	size_t *bounds = NULL, capacity = 0, used = 0;
	*packs = 0;
	for (size_t i = 0; i <= count; i++) {
		size_t length = i < count ? features_length(f, &all->item[order[i]]) : 0;
		bool full = *packs && (used + length > tokens || i - bounds[*packs - 1] >= most);
		if (i < count && *packs && !full) {
			used += length;
			continue;
		}
		bounds = xgrow(bounds, &capacity, *packs + 2, sizeof *bounds);
		bounds[*packs] = i;
		*packs += i < count;
		used = length;
	}
	return bounds;
}

/* ---- the logistic floor's inputs ---- */

enum { SMALL_CATEGORY = 256 };

static bool is_small_category(const feature *one)
{
	return one->form == FEATURE_CODE && one->source != FROM_CANDIDATE && one->rows <= SMALL_CATEGORY;
}

feature_table *features_table(const features *f, const samples *all, const uint32_t *order, size_t count)
{
	feature_table *t = xcalloc(1, sizeof *t);
	const pack_options none = { 0 };
	filling l = { NULL, f, all, order, &none };
	t->rows = count;
	t->columns = f->shape.sample_columns;
	t->number = xcalloc(count * t->columns, sizeof *t->number);
	t->code_rows = xcalloc(f->sample_count, sizeof *t->code_rows);
	for (size_t i = 0; i < f->sample_count; i++)
		if (is_small_category(&f->sample[i]))
			t->code_rows[t->categories++] = f->sample[i].rows;
	fill_sample_numbers(f, all, order, count, t->number);
	t->code = xcalloc(count * t->categories, sizeof *t->code);
	uint32_t *code = t->code;
	for (size_t s = 0; s < count; s++)
		for (size_t i = 0; i < f->sample_count; i++)
			if (is_small_category(&f->sample[i]))
				*code++ = sample_code(&l, &f->sample[i], (uint32_t)s);
	return t;
}

void feature_table_free(feature_table *t)
{
	if (!t)
		return;
	free(t->code);
	free(t->code_rows);
	free(t->number);
	free(t);
}
