/* report_fill.c - what a report's data page shows: conservation, events and labels over time, sequence lengths, missing values, learning curves. */
#include "report_fill.h"

#include "seqrec/file.h"
#include "seqrec/instant.h"
#include "seqrec/json.h"
#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS_MOST = 200, LEARNING_MOST = 64 << 20 };

static char *print_reason(const char *kind, const char *reason)
{
	return text_format("%s: %s", kind, reason);
}

static uint64_t fill_reasons(page_counts *to, const char *kind, const store_count *from, size_t count)
{
	uint64_t sum = 0;
	to->item = xrealloc(to->item, to->count + count + 1, sizeof *to->item);
	for (size_t i = 0; i < count; i++) {
		sum += from[i].rows;
		if (from[i].rows)
			to->item[to->count++] = (page_count){ print_reason(kind, from[i].reason), from[i].rows };
	}
	return sum;
}

static void fill_sources(report_page *page, const store *s)
{
	page->sources = s->conservation_count;
	page->source = xcalloc(page->sources + 1, sizeof *page->source);
	for (size_t i = 0; i < page->sources; i++) {
		const store_conservation *from = &s->conservation[i];
		page_source *to = &page->source[i];
		*to = (page_source){ .what = xstrdup(from->what), .read = from->read, .used = from->used };
		to->filtered = fill_reasons(&to->reason, "filtered", from->filtered, from->filtered_count);
		to->bad = fill_reasons(&to->reason, "bad", from->bad, from->bad_count);
	}
}

/* Buckets of an hour, a day, a week or more days, few enough to draw. */
static void times_span(page_times *t, int64_t first, int64_t last)
{
	static const int64_t hours[] = { 1, 24, 168, 720, 2160, 8760 };
	size_t i = last - first > 4 * 24 * 3600 * INSTANT_SECOND ? 1 : 0; /* a day's hours are noise where there are many days */
	for (t->step = hours[i] * 3600 * INSTANT_SECOND; (last - first) / t->step >= BUCKETS_MOST; t->step = i < 5 ? hours[++i] * 3600 * INSTANT_SECOND : 2 * t->step)
		;
	t->first = first - (first % t->step + t->step) % t->step;
	t->buckets = (size_t)((last - t->first) / t->step) + 1;
}

static void fill_events(report_page *page, const store *s)
{
	page_times *t = &page->events;
	if (!s->events)
		return;
	times_span(t, s->first_time, s->last_time);
	t->kinds = vocabulary_count(s->types);
	t->kind = xcalloc(t->kinds + 1, sizeof *t->kind);
	t->count = xcalloc(t->kinds * t->buckets + 1, sizeof *t->count);
	for (size_t k = 0; k < t->kinds; k++)
		t->kind[k] = xstrdup(vocabulary_text(s->types, (uint32_t)k + 1, NULL));
	for (uint64_t e = 0; e < s->events; e++)
		if (s->type[e])
			t->count[(size_t)(s->type[e] - 1) * t->buckets + (size_t)((s->time[e] - t->first) / t->step)]++;
}

static bool has_time(const sample *one)
{
	return one->cut != INT64_MAX && one->cut != INT64_MIN && one->label != SAMPLE_UNLABELLED;
}

static void fill_labels(report_page *page, const samples *all)
{
	int64_t first = INT64_MAX, last = INT64_MIN;
	page_times *t = &page->labels;
	for (size_t i = 0; i < all->count; i++) {
		const sample *one = &all->item[i];
		first = has_time(one) && one->cut < first ? one->cut : first;
		last = has_time(one) && one->cut > last ? one->cut : last;
	}
	if (first > last || all->classes != 2)
		return;
	times_span(t, first, last);
	t->kinds = 2;
	t->kind = xcalloc(t->kinds, sizeof *t->kind);
	t->kind[0] = xstrdup("samples");
	t->kind[1] = xstrdup(all->class_name[1]);
	t->count = xcalloc(t->kinds * t->buckets, sizeof *t->count);
	for (size_t i = 0; i < all->count; i++) {
		const sample *one = &all->item[i];
		size_t bucket = has_time(one) ? (size_t)((one->cut - t->first) / t->step) : 0;
		if (has_time(one)) {
			t->count[bucket]++;
			t->count[t->buckets + bucket] += one->label == 1;
		}
	}
}

/* 0, 1, 2, 3-4, 5-8, ...: doubling. */
static void fill_lengths(report_page *page, const dataset *d)
{
	enum { GROUPS = 20 };
	uint64_t count[GROUPS] = { 0 };
	size_t used = 0;
	if (!d->s->events)
		return;
	for (size_t i = 0; i < d->all->count; i++) {
		uint64_t length = d->all->item[i].end - d->all->item[i].first;
		size_t group = length ? 1 : 0;
		for (uint64_t most = 1; length > most && group < GROUPS - 1; most *= 2)
			group++;
		count[group]++;
		used = group + 1 > used ? group + 1 : used;
	}
	page->lengths.item = xcalloc(used + 1, sizeof *page->lengths.item);
	for (size_t g = 0; g < used; g++) {
		uint64_t top = g < 2 ? g : UINT64_C(1) << (g - 1);
		char *name = g < 3 ? text_format("%llu", (unsigned long long)top) : text_format("\xE2\x89\xA4%llu", (unsigned long long)top);
		page->lengths.item[page->lengths.count++] = (page_count){ name, count[g] };
	}
}

static uint64_t count_missing(const store_field *f)
{
	uint64_t missing = 0;
	for (uint64_t row = 0; row < f->rows; row++) {
		bool none = f->kind == KIND_NUMBER     ? isnan(f->number[row])
		            : f->kind == KIND_VECTOR   ? isnan(f->number[row * f->width])
		            : f->kind == KIND_CATEGORY ? f->code[row] == 0
		                                       : f->start[row] == f->start[row + 1];
		missing += none;
	}
	return missing;
}

static void fill_fields(report_page *page, const store *s)
{
	static const char *const levels[] = { [LEVEL_EVENT] = "events", [LEVEL_USER] = "users", [LEVEL_ITEM] = "items", [LEVEL_SAMPLE] = "samples" };
	page->field = xcalloc(s->field_count + 1, sizeof *page->field);
	for (size_t i = 0; i < s->field_count; i++) {
		const store_field *f = &s->field[i];
		page->field[page->fields++] = (page_field){ xstrdup(f->name), levels[f->on], f->rows, count_missing(f) };
	}
}

/* ---- learning ---- */

static void series_add(report_page *page, const char *what, const cJSON *line, double epoch, double value)
{
	size_t fold = 0, member = 0, i = 0;
	json_get_size(line, "fold", &fold);
	json_get_size(line, "member", &member);
	char *name = fold || member ? text_format("%s, fold %zu member %zu", what, fold, member) : xstrdup(what);
	while (i < page->learnings && strcmp(page->learning[i].name, name) != 0)
		i++;
	if (i == page->learnings) {
		page->learning = xrealloc(page->learning, page->learnings + 1, sizeof *page->learning);
		page->learning[page->learnings++] = (page_series){ .name = xstrdup(name) };
	}
	page_series *s = &page->learning[i];
	s->x = xrealloc(s->x, s->count + 1, sizeof *s->x);
	s->y = xrealloc(s->y, s->count + 1, sizeof *s->y);
	s->x[s->count] = epoch;
	s->y[s->count++] = value;
	free(name);
}

static void line_add(report_page *page, const cJSON *line)
{
	double epoch, value;
	if (!json_get_number(line, "epoch", &epoch))
		return;
	if (json_get_number(line, "train_loss", &value))
		series_add(page, "training loss", line, epoch, value);
	const cJSON *validation = cJSON_GetObjectItemCaseSensitive(line, "validation");
	for (const cJSON *one = validation ? validation->child : NULL; one; one = one->next) {
		char *what = text_format("validation %s", one->string);
		if (cJSON_IsNumber(one))
			series_add(page, what, line, epoch, one->valuedouble);
		free(what);
	}
}

static int by_name(const void *left, const void *right)
{
	const page_series *a = left, *b = right;
	return strcmp(a->name, b->name);
}

/* Without a metrics.jsonl (a model that was copied) there are no learning curves, and the report is whole all the same; one that cannot be read is an error. */
static bool fill_learning(report_page *page, const char *run, sr_error *err)
{
	char *path = path_join(run, "metrics.jsonl");
	size_t length = 0;
	bool there = file_exists(path);
	char *lines = there ? file_read(path, LEARNING_MOST, &length, err) : NULL;
	bool done = !there || lines;
	for (char *at = lines, *end; at && *at; at = end) {
		end = at + strcspn(at, "\n");
		sr_error broken = { 0 };
		cJSON *line = end > at ? json_parse(at, (size_t)(end - at), false, path, SR_DATA, &broken) : NULL;
		if (line)
			line_add(page, line);
		cJSON_Delete(line);
		end += *end == '\n';
	}
	if (page->learnings)
		qsort(page->learning, page->learnings, sizeof *page->learning, by_name);
	free(lines);
	free(path);
	return done;
}

static char *commands_of(const config *c, const char *run)
{
	text out = { 0 };
	text_addf(&out, "seqrec train %s/config.json --run %s-again   # trains the same again\nseqrec evaluate %s   # makes this report again", run, run, run);
	if (c->task.kind != TASK_NEXT_ITEM)
		text_addf(&out, "\nseqrec predict %s --out predictions.jsonl   # scores from the end of the log", run);
	if (c->task.kind == TASK_NEXT_ITEM || c->task.kind == TASK_BOTH)
		text_addf(&out, "\nseqrec recommend %s --out recommended.jsonl   # the best next items of everybody", run);
	return out.data;
}

/* Of RUN/report, and of RUN/report/next_item. */
static char *run_of(const char *folder)
{
	char *above = path_folder(folder), *run = strcmp(path_name(folder), "next_item") == 0 ? path_folder(above) : xstrdup(above);
	free(above);
	return run;
}

bool report_fill(report_page *page, const config *c, const dataset *d, const char *folder, const uint32_t *row, size_t rows, const item_lists *lists, double unknown_share, sr_error *err)
{
	char *run = run_of(folder);
	fill_sources(page, d->s);
	fill_events(page, d->s);
	fill_labels(page, d->all);
	fill_lengths(page, d);
	fill_fields(page, d->s);
	bool done = fill_learning(page, run, err);
	page->unknown_share = unknown_share;
	page->config = config_print(c);
	page->commands = commands_of(c, path_name(run));
	slicings_fill(page, c, d, row, rows, lists);
	free(run);
	return done;
}
