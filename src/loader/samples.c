/* samples.c - (user, cut, history, label) from the event store, for each kind of task. */
#include "aggregates.h"
#include "next_item.h"

#include "seqrec/hash.h"
#include "seqrec/instant.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/order.h"
#include "seqrec/samples.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	const config *c;
	const store *s;
	samples *all;
	size_t capacity;
	bool target[256];  /* by event type: makes a sample positive */
	int64_t horizon, window; /* microseconds; window 0 = ever */
	uint64_t *told;    /* both: (users) end of the user's row before, whose targets reach so far; else NULL */
	bool labelled;
} making;

static sample *add_sample(making *m, sample one)
{
	samples *all = m->all;
	all->item = xgrow(all->item, &m->capacity, all->count + 1, sizeof *all->item);
	size_t length = 0;
	char number[NUMBER_TEXT];
	const char *id = one.user ? vocabulary_text(m->s->user_ids, one.user, &length) : number;
	if (!one.user)
		length = (size_t)snprintf(number, sizeof number, "%" PRIu64, one.row);
	one.hash = hash_crc32(0, id, length);
	all->no_history += one.first == one.end;
	all->item[all->count] = one;
	return &all->item[all->count++];
}

/* The first of the user's events at or after `time`. */
static uint64_t find_time(const store *s, uint32_t user, int64_t time)
{
	uint64_t low = s->user_start[user - 1], high = s->user_start[user];
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (s->time[middle] < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ---- classes ---- */

static void set_classes(samples *all, char *const *names, size_t count)
{
	all->classes = count;
	all->class_name = xcalloc(count, sizeof *all->class_name);
	for (size_t i = 0; i < count; i++)
		all->class_name[i] = xstrdup(names[i]);
}

static void choose_classes(making *m, const strings *trained)
{
	char *const usual[] = { (char[]){ "ignore" }, (char[]){ "buy" } };
	const strings *given = trained ? trained : &m->c->task.classes;
	uint32_t labels = m->s->labels ? vocabulary_count(m->s->labels) : 0;
	if (given->count) {
		set_classes(m->all, given->item, given->count);
	} else if (m->c->task.kind == TASK_COLUMN) {
		char **names = xcalloc(labels + 1, sizeof *names);
		for (uint32_t i = 0; i < labels; i++)
			names[i] = (char *)(uintptr_t)vocabulary_text(m->s->labels, i + 1, NULL);
		qsort(names, labels, sizeof *names, order_text);
		set_classes(m->all, names, labels);
		free(names);
	} else {
		set_classes(m->all, usual, 2);
	}
}

static uint32_t class_of(const samples *all, const char *name)
{
	for (size_t i = 0; i < all->classes; i++)
		if (strcmp(all->class_name[i], name) == 0)
			return (uint32_t)i;
	return SAMPLE_UNLABELLED;
}

/* ---- task.kind column ---- */

static bool make_from_rows(making *m, sr_error *err)
{
	const store *s = m->s;
	for (uint64_t row = 0; row < s->samples; row++) {
		sample one = { .row = row, .user = s->sample_user[row], .candidate = s->sample_item[row], .weight = s->sample_weight ? s->sample_weight[row] : 1, .cut = INT64_MAX, .scored = true };
		const char *label = s->labels ? vocabulary_text(s->labels, s->sample_label[row], NULL) : "";
		one.label = class_of(m->all, label);
		if (m->labelled && !s->sample_label[row]) {
			m->all->unlabelled++;
			continue;
		}
		if (m->labelled && one.label == SAMPLE_UNLABELLED)
			return error_set(err, SR_DATA, "data.samples, row %" PRIu64 ": the label \"%.40s\" is not one of task.classes", row + 1, label);
		if (s->sample_time[row] != INT64_MIN)
			one.cut = s->sample_time[row];
		if (one.user) {
			one.first = s->user_start[one.user - 1];
			one.end = one.cut == INT64_MAX ? s->user_start[one.user] : find_time(s, one.user, one.cut);
		}
		add_sample(m, one);
	}
	return m->all->unlabelled < s->samples || !s->samples || error_set(err, SR_DATA, "no row of data.samples has a label. Name its column: data.samples[].columns.label");
}

/* ---- task.kind as_of ---- */

static bool find_targets(making *m, sr_error *err)
{
	const strings *events = &m->c->task.events;
	for (size_t i = 0; i < events->count; i++) {
		uint32_t code = vocabulary_find(m->s->types, events->item[i], strlen(events->item[i]));
		if (code && code < 256) {
			m->target[code] = true;
			continue;
		}
		if (!m->labelled)
			continue;
		text known = { 0 };
		for (uint32_t t = 1; t <= vocabulary_count(m->s->types); t++)
			text_addf(&known, "%s%s", t > 1 ? ", " : "", vocabulary_text(m->s->types, t, NULL));
		error_set(err, SR_DATA, "task.events: no event of type \"%s\" in the logs; there are: %s", events->item[i], known.data ? known.data : "none");
		text_free(&known);
		return false;
	}
	return true;
}

/* True when enough of the user's events (with the candidate, where there is one) lie before the cut and within the window. */
static bool is_eligible(const making *m, const sample *one)
{
	int64_t need = m->c->task.eligible_events;
	for (uint64_t e = one->end; need > 0 && e-- > one->first;) {
		if (m->window && m->s->time[e] < one->cut - m->window)
			break;
		need -= !one->candidate || m->s->item[e] == one->candidate;
	}
	return need <= 0;
}

static uint32_t label_of(const making *m, const sample *one)
{
	uint64_t last = m->s->user_start[one->user];
	for (uint64_t e = one->end; e < last && m->s->time[e] < one->cut + m->horizon; e++)
		if (m->target[m->s->type[e]] && (!one->candidate || m->s->item[e] == one->candidate))
			return 1;
	return 0;
}

/* Both: a row tells what has come since the user's row before, so that no event is told twice; never the first event, before which is nothing, nor one
 * whose past the window does not reach. */
static uint64_t new_targets(making *m, const sample *one)
{
	uint64_t window = (uint64_t)m->c->model.window, told = m->told[one->user], seen = one->end - one->first > window ? one->end - window : one->first;
	m->told[one->user] = one->end;
	return told > seen + 1 ? told : seen + 1;
}

static void add_as_of(making *m, sample one)
{
	if (!is_eligible(m, &one)) {
		m->all->ineligible++;
		return;
	}
	one.label = m->labelled ? label_of(m, &one) : SAMPLE_UNLABELLED;
	if (m->told)
		one.targets = new_targets(m, &one);
	add_sample(m, one);
}

/* A sample for each item of the history, in order of item code. */
static void add_candidates(making *m, sample one)
{
	size_t count = 0;
	uint32_t *items = xcalloc(one.end - one.first + 1, sizeof *items);
	for (uint64_t e = one.first; e < one.end; e++)
		if (m->s->item[e])
			items[count++] = m->s->item[e];
	qsort(items, count, sizeof *items, order_u32);
	for (size_t i = 0; i < count; i++) {
		if (i && items[i] == items[i - 1])
			continue;
		one.candidate = items[i];
		add_as_of(m, one);
	}
	free(items);
}

/* The cuts in ascending order: as listed, or a grid. New array. */
static int64_t *find_cuts(const making *m, size_t *count, sr_error *err)
{
	const task_settings *t = &m->c->task;
	int64_t *cuts = NULL, every = 0, from, to;
	size_t capacity = 0;
	*count = 0;
	for (size_t i = 0; i < t->cuts.count; i++) {
		cuts = xgrow(cuts, &capacity, *count + 1, sizeof *cuts);
		instant_parse(t->cuts.item[i], strlen(t->cuts.item[i]), &cuts[(*count)++]);
	}
	if (t->cuts.count)
		return cuts;
	number_parse_duration(t->every, &every);
	if (!instant_parse(t->grid_from, strlen(t->grid_from), &from))
		from = m->s->first_time + m->horizon;
	if (!instant_parse(t->grid_to, strlen(t->grid_to), &to))
		to = m->s->last_time - m->horizon;
	/* without both ends the grid hangs on its last cut, which is the one that matters */
	bool from_end = !t->grid_from[0];
	int64_t span = to - from;
	if (every <= 0 || span < 0) {
		char first[INSTANT_TEXT], last[INSTANT_TEXT];
		instant_print(m->s->first_time, first);
		instant_print(m->s->last_time, last);
		error_set(err, SR_DATA, "task.every: the grid has no cut: the log runs from %s to %s, which leaves no room for task.horizon %s on both sides; set a shorter task.horizon (and task.every)", first, last, t->horizon);
		return NULL;
	}
	for (int64_t k = span / every; k >= 0; k--) {
		cuts = xgrow(cuts, &capacity, *count + 1, sizeof *cuts);
		cuts[(*count)++] = from_end ? to - k * every : from + (span / every - k) * every;
	}
	return cuts;
}

static void make_cut(making *m, int64_t cut, bool last)
{
	const store *s = m->s;
	for (uint32_t user = 1; user <= s->users; user++) {
		sample one = { .user = user, .row = SAMPLE_NO_ROW, .cut = cut, .weight = 1, .scored = last, .first = s->user_start[user - 1], .end = find_time(s, user, cut) };
		if (m->c->task.unit == UNIT_USER)
			add_as_of(m, one);
		else
			add_candidates(m, one);
	}
}

static bool make_as_of(making *m, sr_error *err)
{
	size_t count;
	if (!find_targets(m, err) || (m->told && !next_item_of_histories(m->all, m->c, m->s, m->labelled, err)))
		return false;
	int64_t *cuts = find_cuts(m, &count, err);
	if (!cuts)
		return false;
	qsort(cuts, count, sizeof *cuts, order_i64);
	/* the log's last event shows that it was still being written then; one day of grace covers logs with day resolution */
	int64_t seen = m->s->last_time + INSTANT_DAY;
	size_t kept = count;
	while (m->labelled && kept && cuts[kept - 1] + m->horizon > seen)
		kept--;
	if (m->labelled)
		m->all->censored = count - kept;
	if (count > kept)
		log_warning("%zu of %zu cuts left out: cut + task.horizon lies beyond the end of the log", count - kept, count);
	for (size_t i = m->labelled || !kept ? 0 : kept - 1; i < kept; i++)
		make_cut(m, cuts[i], i + 1 == kept);
	free(cuts);
	return kept || error_set(err, SR_DATA, "task.cuts: every cut + task.horizon lies beyond the end of the log, so that no label is known");
}

/* ---- all kinds ---- */

static bool check_labels(const samples *all, sr_error *err)
{
	size_t seen = 0;
	for (size_t i = 0; i < all->count; i++)
		if (all->item[i].label != all->item[0].label)
			seen = 1;
	if (!all->count)
		return error_set(err, SR_DATA, "no sample is left: %" PRIu64 " were not eligible (task.eligible_events, task.eligible_window)", all->ineligible);
	return seen || error_set(err, SR_DATA, "all %zu samples have the label \"%s\": there is nothing to tell apart. Check task.events, task.horizon or the label column", all->count,
	                         all->item[0].label < all->classes ? all->class_name[all->item[0].label] : "?");
}

bool sample_leaks(const samples *all, const sample *one, const store *s)
{
	if (one->end == one->first)
		return false;
	if (one->targets && samples_both(all)) /* what is told lies in the history */
		return s->time[one->end - 1] >= one->cut || one->targets > one->end || one->targets <= one->first;
	return one->targets ? one->end > s->user_start[one->user] || one->targets > one->end || one->targets <= one->first : s->time[one->end - 1] >= one->cut;
}

samples *samples_make(const config *c, const store *s, const strings *classes, bool labelled, sr_error *err)
{
	making m = { .c = c, .s = s, .labelled = labelled, .all = xcalloc(1, sizeof(samples)) };
	number_parse_duration(c->task.horizon, &m.horizon);
	if (c->task.eligible_window[0])
		number_parse_duration(c->task.eligible_window, &m.window);
	if (c->task.kind != TASK_NEXT_ITEM)
		choose_classes(&m, classes);
	if (c->task.kind == TASK_BOTH)
		m.told = xcalloc((size_t)s->users + 1, sizeof *m.told);
	bool made = c->task.kind == TASK_COLUMN ? make_from_rows(&m, err) : c->task.kind == TASK_NEXT_ITEM ? next_item_make(m.all, c, s, labelled, err) : make_as_of(&m, err);
	free(m.told);
	if (made && labelled && c->task.kind != TASK_NEXT_ITEM)
		made = check_labels(m.all, err);
	if (made && !m.all->count)
		made = error_set(err, SR_DATA, "there is no row to predict");
	if (made && c->task.aggregates && s->events && c->task.kind != TASK_NEXT_ITEM)
		aggregates_compute(m.all, s);
	if (!made) {
		samples_free(m.all);
		return NULL;
	}
	return m.all;
}

void samples_free(samples *all)
{
	if (!all)
		return;
	for (size_t i = 0; i < all->classes; i++)
		free(all->class_name[i]);
	for (size_t i = 0; i < all->aggregates; i++)
		free(all->aggregate_name[i]);
	free(all->class_name);
	free(all->aggregate_name);
	free(all->aggregate);
	free(all->item);
	free(all);
}
