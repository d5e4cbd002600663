/* features_fit.c - chooses the inputs from config and store, and fits their vocabularies and transforms on training rows. */
#include "feature.h"

#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIT_MOST = 1 << 20 }; /* values that a transform is fitted on; more are thinned out evenly */

typedef struct {
	const config *c;
	const store *s;
	const samples *all;
	const uint32_t *order; /* training samples */
	size_t count;
	uint64_t *used; /* (users) end of the user's events that a training history holds; 0 = none */
	features *f;
} fitting;

/* ---- training events, each once ---- */

static void find_used(fitting *t)
{
	t->used = xcalloc((size_t)t->s->users + 1, sizeof *t->used);
	for (size_t i = 0; i < t->count; i++) {
		const sample *one = &t->all->item[t->order[i]];
		uint64_t end = one->end + (one->targets != 0); /* the last target is known in training, too */
		if (one->user && end > t->used[one->user])
			t->used[one->user] = end;
	}
}

/* ---- vocabularies ---- */

static uint32_t *counts_new(const vocabulary *values)
{
	return xcalloc((size_t)vocabulary_count(values) + 1, sizeof(uint32_t));
}

/* Keeps the values seen at least min_count times, in the order of the store. Frees counts. */
static int add_vocabulary(fitting *t, const char *name, const vocabulary *values, uint32_t *counts, int64_t min_count)
{
	features *f = t->f;
	f->vocabulary = xrealloc(f->vocabulary, f->vocabulary_count + 1, sizeof *f->vocabulary);
	feature_vocabulary *v = &f->vocabulary[f->vocabulary_count];
	*v = (feature_vocabulary){ .name = xstrdup(name), .value = xcalloc(vocabulary_count(values), sizeof *v->value) };
	for (uint32_t code = 1; code <= vocabulary_count(values); code++)
		if (counts[code] >= min_count)
			v->value[v->count++] = xstrdup(vocabulary_text(values, code, NULL));
	free(counts);
	return (int)f->vocabulary_count++;
}

static void count_codes(uint32_t *counts, const store_field *column, uint64_t row)
{
	if (!column->start)
		counts[column->code[row]]++;
	else
		for (uint64_t i = column->start[row]; i < column->start[row + 1]; i++)
			counts[column->code[i]]++;
}

/* data.min_count, where 0 means: two; and every item where items are to be told. */
static int64_t least_count(const fitting *t, bool item)
{
	return t->c->data.min_count ? t->c->data.min_count : item && t->all->next_item ? 1 : 2;
}

static uint32_t *count_items(const fitting *t, bool types)
{
	uint32_t *counts = counts_new(types ? t->s->types : t->s->item_ids);
	for (uint32_t user = 1; user <= t->s->users; user++)
		for (uint64_t e = t->s->user_start[user - 1]; e < t->used[user]; e++)
			counts[types ? t->s->type[e] : t->s->item[e]]++;
	return counts;
}

/* ---- which row of its column a training row looks at ---- */

static bool row_of_sample(const sample *one, field_level on, uint64_t *row)
{
	*row = on == LEVEL_USER ? (uint64_t)one->user - 1 : on == LEVEL_ITEM ? (uint64_t)one->candidate - 1 : one->row;
	return on == LEVEL_USER ? one->user != 0 : on == LEVEL_ITEM ? one->candidate != 0 : one->row != SAMPLE_NO_ROW;
}

typedef void row_visit(void *context, uint64_t row);

/* Visits the row of `column` for every training event (event and item fields) or every training sample (the others). */
static void visit_rows(const fitting *t, const store_field *column, bool of_events, row_visit *visit, void *context)
{
	uint64_t row;
	for (size_t i = 0; !of_events && i < t->count; i++)
		if (row_of_sample(&t->all->item[t->order[i]], column->on, &row))
			visit(context, row);
	for (uint32_t user = 1; of_events && user <= t->s->users; user++)
		for (uint64_t e = t->s->user_start[user - 1]; e < t->used[user]; e++) {
			if (column->on == LEVEL_EVENT)
				visit(context, e);
			else if (t->s->item[e])
				visit(context, (uint64_t)t->s->item[e] - 1);
		}
}

typedef struct {
	const store_field *column;
	uint32_t *counts;
	float *values;
	size_t seen, kept, step; /* numbers: every step-th value is kept */
} gathering;

static void count_row(void *context, uint64_t row)
{
	gathering *g = context;
	count_codes(g->counts, g->column, row);
}

static void only_count(void *context, uint64_t row)
{
	gathering *g = context;
	(void)row;
	g->seen++;
}

static void keep_value(void *context, uint64_t row)
{
	gathering *g = context;
	if (g->seen++ % g->step == 0)
		g->values[g->kept++] = g->column->number[row];
}

static void fit_number(fitting *t, feature *f, const store_field *column, bool of_events, int64_t buckets)
{
	gathering g = { .column = column };
	visit_rows(t, column, of_events, only_count, &g);
	g.step = g.seen / FIT_MOST + 1;
	g.values = xcalloc(g.seen / g.step + 1, sizeof *g.values);
	g.seen = 0;
	visit_rows(t, column, of_events, keep_value, &g);
	number_fit(f, g.values, g.kept, buckets);
	free(g.values);
}

/* ---- the lists ---- */

static feature *add_feature(fitting *t, feature_source source, feature_form form, uint32_t rows, const char *name)
{
	features *f = t->f;
	bool of_sample = source >= FROM_CANDIDATE && source != FROM_START;
	feature **list = of_sample ? &f->sample : &f->event;
	size_t *count = of_sample ? &f->sample_count : &f->event_count;
	*list = xrealloc(*list, *count + 1, sizeof **list);
	feature *added = &(*list)[(*count)++];
	*added = (feature){ .name = xstrdup(name), .source = source, .form = form, .rows = rows, .field = xstrdup(""), .vocabulary = -1, .deviation = 1 };
	return added;
}

/* The vocabulary that an earlier feature made for the same column, or -1. */
static int find_vocabulary(const features *f, const char *name)
{
	for (size_t i = 0; i < f->vocabulary_count; i++)
		if (strcmp(f->vocabulary[i].name, name) == 0)
			return (int)i;
	return -1;
}

static void fit_category(fitting *t, feature *f, const store_field *column, bool of_events)
{
	char *name = text_format("%s.%s", column->on == LEVEL_EVENT ? "event" : column->on == LEVEL_USER ? "user" : column->on == LEVEL_ITEM ? "item" : "sample", column->name);
	f->vocabulary = find_vocabulary(t->f, name);
	if (f->vocabulary < 0) {
		gathering g = { .column = column, .counts = counts_new(column->values) };
		visit_rows(t, column, of_events, count_row, &g);
		f->vocabulary = add_vocabulary(t, name, column->values, g.counts, least_count(t, false));
	}
	f->rows = t->f->vocabulary[f->vocabulary].count + CODE_FIRST;
	free(name);
}

static void add_field(fitting *t, const field_config *declared, feature_source source, const char *of)
{
	const store_field *column = store_find_field(t->s, (field_level)declared->on, declared->name);
	if (!column)
		return;
	bool of_events = source < FROM_CANDIDATE;
	bool bag = declared->kind == KIND_CATEGORIES || declared->kind == KIND_TEXT;
	bool code = declared->kind == KIND_CATEGORY || (declared->kind == KIND_NUMBER && declared->transform == TRANSFORM_BUCKETS);
	char *name = text_format("%s%s", of, declared->name);
	feature *f = add_feature(t, source, bag ? FEATURE_BAG : code ? FEATURE_CODE : FEATURE_NUMBER, 0, name);
	free(name);
	free(f->field);
	f->field = xstrdup(declared->name);
	f->kind = (field_kind)declared->kind;
	f->transform = (field_transform)declared->transform;
	if (f->kind == KIND_NUMBER)
		fit_number(t, f, column, of_events, declared->buckets);
	else if (f->kind == KIND_VECTOR)
		f->columns = (uint32_t)declared->width;
	else if (f->kind == KIND_TEXT)
		f->rows = (uint32_t)declared->buckets;
	else
		fit_category(t, f, column, of_events);
}

static void add_fields(fitting *t, field_level on, feature_source source, const char *of)
{
	for (size_t i = 0; i < t->c->data.fields.count; i++)
		if (t->c->data.fields.item[i].on == (int)on)
			add_field(t, &t->c->data.fields.item[i], source, of);
}

static void add_item(fitting *t, feature_source source, const char *name)
{
	int v = find_vocabulary(t->f, "item");
	if (v < 0)
		v = add_vocabulary(t, "item", t->s->item_ids, count_items(t, false), least_count(t, true));
	add_feature(t, source, FEATURE_CODE, t->f->vocabulary[v].count + CODE_FIRST, name)->vocabulary = v;
}

static void add_event_features(fitting *t)
{
	const model_settings *m = &t->c->model;
	const store *s = t->s;
	if ((m->use_item || t->all->next_item) && s->items)
		add_item(t, FROM_ITEM, "item");
	if (m->use_type) {
		int v = add_vocabulary(t, "type", s->types, count_items(t, true), 1);
		add_feature(t, FROM_TYPE, FEATURE_CODE, t->f->vocabulary[v].count + CODE_FIRST, "type")->vocabulary = v;
	}
	if (m->use_position)
		add_feature(t, m->position == POSITION_FROM_START ? FROM_START : FROM_POSITION, FEATURE_CODE, t->f->window, "position");
	if (m->use_gap)
		add_feature(t, FROM_GAP, FEATURE_CODE, AGE_BUCKETS, "gap");
	if (m->use_gap && !t->all->next_item) { /* a window's cut is the last of many targets: its distance would tell the earlier ones when they come */
		add_feature(t, FROM_AGE, FEATURE_CODE, AGE_BUCKETS, "age");
		/* the smooth twin of the buckets, which need many samples; a fixed scale brings a day to a year near to -1 .. 1 */
		feature *days = add_feature(t, FROM_DAYS, FEATURE_NUMBER, 0, "days");
		days->transform = TRANSFORM_LOG1P;
		days->mean = 2;
		days->deviation = 2;
		days->kind = KIND_NUMBER;
		days->columns = 1;
	}
	if (t->f->pairs && t->f->history == HISTORY_USER)
		add_feature(t, FROM_SAME, FEATURE_CODE, 2, "same_as_candidate");
	if (s->position && m->use_fields)
		add_feature(t, FROM_CLICK, FEATURE_CODE, POSITION_MOST, "click_position");
	if (m->use_query && s->queries)
		add_feature(t, FROM_QUERY, FEATURE_BAG, (uint32_t)t->c->data.query_buckets, "query");
	if (m->use_fields)
		add_fields(t, LEVEL_EVENT, FROM_EVENT_FIELD, "");
	if (m->use_item_fields)
		add_fields(t, LEVEL_ITEM, FROM_ITEM_FIELD, "item ");
}

static void add_aggregates(fitting *t)
{
	float *values = xcalloc(t->count, sizeof *values);
	for (size_t a = 0; a < t->all->aggregates; a++) {
		feature *f = add_feature(t, FROM_AGGREGATE, FEATURE_NUMBER, 0, t->all->aggregate_name[a]);
		free(f->field);
		f->field = xstrdup(t->all->aggregate_name[a]);
		f->kind = KIND_NUMBER;
		f->transform = TRANSFORM_LOG1P;
		for (size_t i = 0; i < t->count; i++)
			values[i] = t->all->aggregate[(size_t)t->order[i] * t->all->aggregates + a];
		number_fit(f, values, t->count, 0);
	}
	free(values);
}

static void add_sample_features(fitting *t)
{
	if (t->f->pairs && t->c->model.use_candidate)
		add_item(t, FROM_CANDIDATE, "candidate");
	if (t->c->model.use_user_fields)
		add_fields(t, LEVEL_USER, FROM_USER_FIELD, "user ");
	add_fields(t, LEVEL_SAMPLE, FROM_SAMPLE_FIELD, "");
	if (t->f->pairs)
		add_fields(t, LEVEL_ITEM, FROM_CANDIDATE_FIELD, "candidate ");
	add_aggregates(t);
}

/* How much there is to learn from. */
static void find_size(fitting *t)
{
	uint64_t events = 0, users = 0;
	for (uint32_t user = 1; user <= t->s->users; user++)
		if (t->used[user] > t->s->user_start[user - 1]) {
			events += t->used[user] - t->s->user_start[user - 1];
			users++;
		}
	t->f->events = (double)events;
	t->f->user_events = users ? (double)events / (double)users : 0;
}

features *features_fit(const config *c, const store *s, const samples *all, const uint32_t *order, size_t count, sr_error *err)
{
	fitting t = { .c = c, .s = s, .all = all, .order = order, .count = count, .f = xcalloc(1, sizeof(features)) };
	features *f = t.f;
	f->window = c->model.encoder == ENCODER_NONE && !all->next_item ? 0 : (uint32_t)c->model.window;
	f->history = c->task.history;
	for (size_t i = 0; i < count && !f->pairs; i++)
		f->pairs = all->item[order[i]].candidate != 0;
	f->classes = all->classes;
	f->next_item = all->next_item;
	find_used(&t);
	find_size(&t);
	if (f->window)
		add_event_features(&t);
	add_sample_features(&t);
	free(t.used);
	features_finish(f);
	if (f->event_count + f->sample_count == 0)
		error_set(err, SR_CONFIG, "the model has no input: with model.encoder none it needs fields of users or samples, or aggregates (data.fields, task.aggregates)");
	else if (features_bind(f, s, all, err))
		return f;
	features_free(f);
	return NULL;
}
