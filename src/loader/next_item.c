/* next_item.c - what comes next: long histories are cut into overlapping windows, so that every training target is learned once an epoch and sees at
 * least a quarter of a window before it. */
#include "next_item.h"

#include "seqrec/hash.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	const config *c;
	const store *s;
	samples *all;
	size_t capacity;
	uint8_t *part; /* (events) sample_part of the event as a target; PART_NONE: it is none */
} making;

static bool is_target(const samples *all, const store *s, uint64_t e)
{
	return (s->item[e] != 0) & all->target_type[s->type[e]]; /* both at once: a loop over events has no jumps */
}

bool samples_both(const samples *all)
{
	return all->next_item && all->classes;
}

uint64_t sample_known_end(const samples *all, const sample *one)
{
	return samples_both(all) ? one->end : one->end + 1;
}

uint32_t sample_next_item(const samples *all, const sample *one, const store *s)
{
	if (one->label == SAMPLE_UNLABELLED)
		return 0;
	if (!samples_both(all))
		return one->label;
	for (uint64_t e = one->end; e < s->user_start[one->user]; e++)
		if (is_target(all, s, e))
			return s->item[e];
	return 0;
}

uint32_t *samples_select_told(const samples *all, const config *c, const store *s, sample_part part, size_t *count, size_t *untold)
{
	size_t rows, kept = 0;
	uint32_t *chosen = samples_select(all, c, 0, part, &rows);
	for (size_t i = 0; i < rows; i++)
		if (sample_next_item(all, &all->item[chosen[i]], s))
			chosen[kept++] = chosen[i];
	*count = kept;
	if (untold)
		*untold = rows - kept;
	return chosen;
}

size_t sample_targets(const samples *all, const sample *one, const store *s)
{
	if (one->label == SAMPLE_UNLABELLED)
		return 1;
	if (samples_both(all) && one->part != PART_TRAIN)
		return sample_next_item(all, one, s) != 0;
	size_t count = 0;
	for (uint64_t e = one->targets, end = sample_known_end(all, one); e < end; e++)
		count += is_target(all, s, e);
	return count;
}

float target_weight(const samples *all, const store *s, uint64_t e)
{
	float weight = all->type_weight[s->type[e]];
	return all->half_life ? weight * (float)exp2(-(double)(all->newest - s->time[e]) / (double)all->half_life) : weight;
}

double sample_target_weight(const samples *all, const sample *one, const store *s)
{
	if (one->label == SAMPLE_UNLABELLED)
		return 1;
	double sum = 0;
	for (uint64_t e = one->targets, end = sample_known_end(all, one); e < end; e++)
		sum += is_target(all, s, e) ? (double)target_weight(all, s, e) : 0;
	return sum;
}

/* ---- which events are targets, and how much they weigh ---- */

static char *known_types(const making *m)
{
	text known = { 0 };
	for (uint32_t t = 1; t <= vocabulary_count(m->s->types); t++)
		text_addf(&known, "%s%s", t > 1 ? ", " : "", vocabulary_text(m->s->types, t, NULL));
	text_add(&known, known.length ? "" : "none");
	return known.data;
}

static const strings *types_of(const making *m)
{
	return m->c->task.kind == TASK_BOTH ? &m->c->task.target_events : &m->c->task.events;
}

static bool unknown_types(const making *m, sr_error *err)
{
	char *known = known_types(m);
	error_set(err, SR_DATA, "%s: no event of type \"%s\" in the logs; there are: %s. An empty list makes every event a target", m->c->task.kind == TASK_BOTH ? "task.target_events" : "task.events",
	          types_of(m)->item[0], known);
	free(known);
	return false;
}

static bool find_target_types(const making *m, sr_error *err)
{
	const strings *events = types_of(m);
	size_t found = 0;
	for (size_t i = 0; i < events->count; i++) {
		uint32_t code = vocabulary_find(m->s->types, events->item[i], strlen(events->item[i]));
		if (code && code < 256) {
			m->all->target_type[code] = true;
			found++;
		}
	}
	if (events->count && !found && vocabulary_count(m->s->types) > 1)
		return unknown_types(m, err);
	if (!found) /* all of them; a log of one type leaves no choice */
		memset(m->all->target_type, true, sizeof m->all->target_type);
	return true;
}

/* Newer logs may lack a type that training had: no reason to stop. */
static void warn_of_type(const making *m, const char *type)
{
	char *known = known_types(m);
	log_warning("task.target_weights: no event of type \"%s\" in the logs; there are: %s", type, known);
	free(known);
}

static bool find_weights(const making *m, sr_error *err)
{
	const string_map *weights = &m->c->task.target_weights;
	for (size_t i = 0; i < 256; i++)
		m->all->type_weight[i] = 1;
	for (size_t i = 0; i < weights->count; i++) {
		const char *type = weights->key[i], *written = weights->value[i];
		double weight;
		uint32_t code = vocabulary_find(m->s->types, type, strlen(type));
		if (!number_parse(written, strlen(written), &weight) || !(weight >= 0) || weight > 1e6)
			return error_set(err, SR_CONFIG, "task.target_weights: the weight of \"%s\" is \"%s\", not a number from 0 to 1e6", type, written);
		if (code && code < 256)
			m->all->type_weight[code] = (float)weight;
		else
			warn_of_type(m, type);
	}
	return !m->c->task.target_half_life[0] || number_parse_duration(m->c->task.target_half_life, &m->all->half_life) || error_set(err, SR_CONFIG, "task.target_half_life: \"%s\" is no duration", m->c->task.target_half_life);
}

/* Ages are counted from the last target that training knows; without a half-life nobody asks. */
static void find_newest(const making *m)
{
	if (!m->all->half_life)
		return;
	m->all->newest = INT64_MIN;
	for (uint64_t e = 0; e < m->s->events; e++)
		if (m->part[e] == PART_TRAIN && m->s->time[e] > m->all->newest)
			m->all->newest = m->s->time[e];
}

/* Marks the targets; the first event of a user has nothing before it. Returns how many there are. */
static size_t mark_targets(const making *m)
{
	const store *s = m->s;
	size_t count = 0;
	for (uint32_t user = 1; user <= s->users; user++)
		for (uint64_t e = s->user_start[user - 1] + 1; e < s->user_start[user]; e++)
			if (is_target(m->all, s, e)) {
				m->part[e] = PART_TRAIN;
				count++;
			}
	return count;
}

/* ---- which part each target belongs to ---- */

static uint32_t user_hash(const store *s, uint32_t user)
{
	size_t length;
	const char *id = vocabulary_text(s->user_ids, user, &length);
	return hash_crc32(0, id, length);
}

/* A user's last two targets, where there are two. */
static void part_leave_one_out(const making *m)
{
	for (uint32_t user = 1; user <= m->s->users; user++) {
		uint64_t last[2] = { 0, 0 };
		size_t found = 0;
		for (uint64_t e = m->s->user_start[user], first = m->s->user_start[user - 1]; e-- > first && found < 2;)
			if (m->part[e])
				last[found++] = e;
		if (found < 2)
			continue;
		m->part[last[0]] = PART_TEST;
		m->part[last[1]] = PART_VALIDATION;
	}
}

/* The time that a target is split by: its own, or that of its session's first event. */
static int64_t key_of(const making *m, uint64_t e, uint64_t first, bool by_session)
{
	while (by_session && e > first && m->s->session[e - 1] == m->s->session[e])
		e--;
	return m->s->time[e];
}

static bool part_by_time(const making *m, size_t count, bool by_session, sr_error *err)
{
	const store *s = m->s;
	if (by_session && !s->session)
		return error_set(err, SR_DATA, "split.kind session: the logs have no session column (data.events[].columns.session)");
	int64_t *key = xcalloc(count, sizeof *key), validation, test;
	size_t i = 0;
	for (uint32_t user = 1; user <= s->users; user++)
		for (uint64_t e = s->user_start[user - 1]; e < s->user_start[user]; e++)
			if (m->part[e])
				key[i++] = key_of(m, e, s->user_start[user - 1], by_session);
	bool done = split_instants(m->c, key, count, &validation, &test, err);
	i = 0;
	for (uint64_t e = 0; done && e < s->events; e++)
		if (m->part[e]) {
			m->part[e] = key[i] >= test ? PART_TEST : key[i] >= validation ? PART_VALIDATION : PART_TRAIN;
			i++;
		}
	free(key);
	return done;
}

static void set_user(const making *m, uint32_t user, sample_part part)
{
	for (uint64_t e = m->s->user_start[user - 1]; e < m->s->user_start[user]; e++)
		if (m->part[e])
			m->part[e] = (uint8_t)part;
}

static double user_draw(const making *m, uint32_t user)
{
	return random_uniform((uint64_t)m->c->split.seed, RANDOM_SPLIT, user_hash(m->s, user), 0);
}

static void part_by_user(const making *m)
{
	const split_settings *split = &m->c->split;
	for (uint32_t user = 1; user <= m->s->users; user++) {
		double draw = user_draw(m, user);
		set_user(m, user, draw < split->test_share ? PART_TEST : draw < split->test_share + split->validation_share ? PART_VALIDATION : PART_TRAIN);
	}
}

/* Logs of type train, validation and test: of the latter two a user's last target alone. Without a validation log a share of the training users validates. */
static bool part_given(const making *m, sr_error *err)
{
	const store *s = m->s;
	uint32_t test = vocabulary_find(s->types, "test", 4), validation = vocabulary_find(s->types, "validation", 10);
	if (!test)
		return error_set(err, SR_DATA, "split.kind given, task.kind next_item: no log has the type \"test\". Give each log the type train, validation or test (data.events[].type)");
	for (uint32_t user = 1; user <= s->users; user++) {
		uint64_t last = s->user_start[user] - 1;
		uint32_t type = s->user_start[user] > s->user_start[user - 1] ? s->type[last] : 0;
		if (!type)
			continue;
		bool held = type == test || (validation && type == validation);
		uint8_t part = m->part[last];
		if (!held && !validation && user_draw(m, user) < m->c->split.validation_share)
			set_user(m, user, PART_VALIDATION);
		if (!held)
			continue;
		set_user(m, user, PART_NONE);
		m->part[last] = part == PART_NONE ? PART_NONE : type == test ? PART_TEST : PART_VALIDATION;
	}
	return true;
}

static bool assign_parts(const making *m, size_t count, sr_error *err)
{
	if (m->c->split.folds)
		return error_set(err, SR_CONFIG, "split.folds: task.kind next_item has no folds; use split.kind leave_one_out, time, session, user or given");
	switch ((split_kind)m->c->split.kind) {
	case SPLIT_TIME: return part_by_time(m, count, false, err);
	case SPLIT_SESSION: return part_by_time(m, count, true, err);
	case SPLIT_LEAVE_ONE_OUT: part_leave_one_out(m); return true;
	case SPLIT_USER: part_by_user(m); return true;
	case SPLIT_GIVEN: return part_given(m, err);
	case SPLIT_RANDOM: break;
	}
	return error_set(err, SR_CONFIG, "split.kind random: would train on what comes after a test target; use leave_one_out, time, session, user or given");
}

/* ---- samples ---- */

static void add_sample(making *m, uint32_t user, uint64_t targets, uint64_t end, sample_part part)
{
	const store *s = m->s;
	bool told = part != PART_NONE;
	m->all->item = xgrow(m->all->item, &m->capacity, m->all->count + 1, sizeof *m->all->item);
	m->all->item[m->all->count++] = (sample){ .user = user, .row = SAMPLE_NO_ROW, .cut = told ? s->time[end] : INT64_MAX, .first = s->user_start[user - 1], .end = end, .targets = targets,
		.label = told ? s->item[end] : SAMPLE_UNLABELLED, .weight = 1, .scored = true, .part = (uint8_t)part, .hash = user_hash(s, user) };
}

/* Windows over the training targets first .. last, which no target of another part interrupts; made from the end, stored from the beginning. */
static void add_windows(making *m, uint32_t user, uint64_t first, uint64_t last)
{
	uint64_t window = (uint64_t)m->c->model.window, stride = window - window / 4, begin = m->s->user_start[user - 1];
	size_t before = m->all->count;
	for (uint64_t end = last;;) {
		uint64_t from = end - begin <= window || end - first < stride ? first : end - stride + 1;
		add_sample(m, user, from, end, PART_TRAIN);
		if (from <= first)
			break;
		for (end = from - 1; m->part[end] != PART_TRAIN;)
			end--;
	}
	for (size_t low = before, high = m->all->count - 1; low < high; low++, high--) {
		sample kept = m->all->item[low];
		m->all->item[low] = m->all->item[high];
		m->all->item[high] = kept;
	}
}

static void add_user(making *m, uint32_t user)
{
	uint64_t first = 0, last = 0; /* of the training targets not yet in a window; 0 = none */
	for (uint64_t e = m->s->user_start[user - 1]; e < m->s->user_start[user]; e++) {
		if (m->part[e] == PART_TRAIN) {
			first = first ? first : e;
			last = e;
			continue;
		}
		if (m->part[e] == PART_NONE)
			continue;
		if (first)
			add_windows(m, user, first, last);
		first = 0;
		add_sample(m, user, e, e, (sample_part)m->part[e]);
	}
	if (first)
		add_windows(m, user, first, last);
}

static bool make_labelled(making *m, sr_error *err)
{
	m->part = xcalloc(m->s->events + 1, sizeof *m->part);
	size_t count = mark_targets(m);
	bool done = count ? assign_parts(m, count, err) : error_set(err, SR_DATA, "no user has two events with an item, so there is no next item to learn");
	if (done)
		find_newest(m);
	for (uint32_t user = 1; done && user <= m->s->users; user++)
		add_user(m, user);
	free(m->part);
	return done;
}

bool next_item_make(samples *all, const config *c, const store *s, bool labelled, sr_error *err)
{
	making m = { .c = c, .s = s, .all = all };
	all->next_item = true;
	if (!find_target_types(&m, err) || (labelled && !find_weights(&m, err)))
		return false;
	if (labelled)
		return make_labelled(&m, err);
	for (uint32_t user = 1; user <= s->users; user++)
		if (s->user_start[user] > s->user_start[user - 1])
			add_sample(&m, user, s->user_start[user], s->user_start[user], PART_NONE);
	return true;
}

bool next_item_of_histories(samples *all, const config *c, const store *s, bool labelled, sr_error *err)
{
	making m = { .c = c, .s = s, .all = all };
	all->next_item = true;
	all->newest = s->last_time; /* of weights that are divided by their sum only the ratios matter */
	return find_target_types(&m, err) && (!labelled || find_weights(&m, err));
}
