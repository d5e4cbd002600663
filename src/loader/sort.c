/* External sort. A run is grouped by a counting sort over user codes, then each user's rows are put in order of time (mostly they are already); runs are
 * merged by a heap in which equal keys keep the order of the runs, so the whole is stable. */
#include "loader/sort.h"

#include <stdlib.h>
#include <string.h>

#include "loader/spill.h"
#include "seqrec/memory.h"

enum { RUNS_AT_ONCE = 64, RUN_RECORDS_LEAST = 1024 };

typedef struct {
	spill *file;
	const uint32_t *head; /* NULL: used up */
} run;

struct sorter {
	char *folder;
	size_t words;
	uint32_t *record; /* (count, words): the run being gathered */
	size_t count, capacity, limit;
	uint32_t *order;  /* (count) permutation of the gathered run, after ordering */
	size_t at;        /* next place in order */
	run runs[RUNS_AT_ONCE];
	size_t run_count;
	unsigned heap[RUNS_AT_ONCE];
	size_t heap_count;
	uint32_t *current; /* copy of the record handed out while merging */
	uint64_t total;
};

sorter *sorter_new(const char *folder, size_t words)
{
	sorter *s = xcalloc(1, sizeof *s);
	s->folder = xstrdup(folder);
	s->words = words;
	s->current = xcalloc(words, sizeof *s->current);
	s->limit = SIZE_MAX;
	return s;
}

void sorter_limit(sorter *s, size_t bytes)
{
	s->limit = bytes / ((s->words + 2) * sizeof(uint32_t)); /* a record, its place in the order, and its share of the counts */
	if (s->limit < RUN_RECORDS_LEAST)
		s->limit = RUN_RECORDS_LEAST;
}

static const uint32_t *gathered(const sorter *s, uint32_t number)
{
	return s->record + number * s->words;
}

static bool key_less(const uint32_t *a, const uint32_t *b)
{
	for (int i = 0; i < RECORD_KEY; i++)
		if (a[i] != b[i])
			return a[i] < b[i];
	return false;
}

/* Stable merge sort of order[0..n) by key; scratch has room for n. */
static void order_by_key(const sorter *s, uint32_t *order, size_t n, uint32_t *scratch)
{
	if (n < 2)
		return;
	size_t half = n / 2;
	order_by_key(s, order, half, scratch);
	order_by_key(s, order + half, n - half, scratch);
	if (!key_less(gathered(s, order[half]), gathered(s, order[half - 1])))
		return;
	memcpy(scratch, order, half * sizeof *order);
	size_t left = 0, right = half, out = 0;
	while (left < half)
		order[out++] = right < n && key_less(gathered(s, order[right]), gathered(s, scratch[left])) ? order[right++] : scratch[left++];
}

static void run_order(sorter *s)
{
	uint32_t users = 0;
	for (size_t i = 0; i < s->count; i++)
		if (s->record[i * s->words] > users)
			users = s->record[i * s->words];
	size_t *next = xcalloc((size_t)users + 2, sizeof *next);
	for (size_t i = 0; i < s->count; i++)
		next[s->record[i * s->words] + 1]++;
	size_t largest = 0;
	for (size_t u = 0; u <= users; u++) {
		largest = next[u + 1] > largest ? next[u + 1] : largest;
		next[u + 1] += next[u];
	}
	free(s->order);
	s->order = xcalloc(s->count + 1, sizeof *s->order);
	for (size_t i = 0; i < s->count; i++)
		s->order[next[s->record[i * s->words]]++] = (uint32_t)i;
	uint32_t *scratch = xcalloc(largest + 1, sizeof *scratch);
	for (size_t u = 0, begin = 0; u <= users; begin = next[u++]) /* next[u] is now the end of user u */
		order_by_key(s, s->order + begin, next[u] - begin, scratch);
	free(scratch);
	free(next);
	s->at = 0;
}

static void heap_sift(sorter *s, size_t at)
{
	for (;;) {
		size_t least = at;
		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < s->heap_count; child++) {
			const uint32_t *a = s->runs[s->heap[child]].head, *b = s->runs[s->heap[least]].head;
			if (key_less(a, b) || (!key_less(b, a) && s->heap[child] < s->heap[least]))
				least = child;
		}
		if (least == at)
			return;
		unsigned swap = s->heap[at];
		s->heap[at] = s->heap[least];
		s->heap[least] = swap;
		at = least;
	}
}

static bool merge_start(sorter *s, sr_error *err)
{
	s->heap_count = 0;
	for (unsigned i = 0; i < s->run_count; i++) {
		if (!spill_rewind(s->runs[i].file, err))
			return false;
		sr_error failure = { 0 };
		s->runs[i].head = spill_next(s->runs[i].file, &failure);
		if (failure.code)
			return error_set(err, failure.code, "%s", failure.text);
		if (s->runs[i].head)
			s->heap[s->heap_count++] = i;
	}
	for (size_t i = s->heap_count / 2; i-- > 0;)
		heap_sift(s, i);
	return true;
}

static const uint32_t *merge_next(sorter *s, sr_error *err)
{
	if (!s->heap_count)
		return NULL;
	run *least = &s->runs[s->heap[0]];
	memcpy(s->current, least->head, s->words * sizeof *s->current);
	sr_error failure = { 0 };
	least->head = spill_next(least->file, &failure);
	if (failure.code) {
		error_set(err, failure.code, "%s", failure.text);
		return NULL;
	}
	if (!least->head)
		s->heap[0] = s->heap[--s->heap_count];
	heap_sift(s, 0);
	return s->current;
}

/* All runs become one, so that the number of open files stays small. */
static bool runs_merge(sorter *s, sr_error *err)
{
	spill *all = spill_new(s->folder, s->words * sizeof *s->record, err);
	if (!all || !merge_start(s, err)) {
		spill_free(all);
		return false;
	}
	sr_error failure = { 0 };
	const uint32_t *next;
	while ((next = merge_next(s, &failure)) && spill_add(all, next, &failure))
		;
	for (size_t i = 0; i < s->run_count; i++)
		spill_free(s->runs[i].file);
	s->runs[0].file = all;
	s->run_count = 1;
	return failure.code ? error_set(err, failure.code, "%s", failure.text) : true;
}

static bool run_write(sorter *s, sr_error *err)
{
	if (s->run_count == RUNS_AT_ONCE && !runs_merge(s, err))
		return false;
	run_order(s);
	spill *file = spill_new(s->folder, s->words * sizeof *s->record, err);
	if (!file)
		return false;
	s->runs[s->run_count++].file = file;
	for (size_t i = 0; i < s->count; i++)
		if (!spill_add(file, gathered(s, s->order[i]), err))
			return false;
	free(s->record); /* the limit may have shrunk: the next run takes only what it needs */
	free(s->order);
	s->record = s->order = NULL;
	s->count = s->capacity = 0;
	return true;
}

bool sorter_add(sorter *s, const uint32_t *record, sr_error *err)
{
	if ((s->count >= s->limit || s->count == UINT32_MAX) && !run_write(s, err))
		return false;
	s->record = xgrow(s->record, &s->capacity, (s->count + 1) * s->words, sizeof *s->record);
	memcpy(s->record + s->count * s->words, record, s->words * sizeof *record);
	s->count++;
	s->total++;
	return true;
}

bool sorter_finish(sorter *s, sr_error *err)
{
	if (!s->run_count) {
		run_order(s);
		return true;
	}
	if (s->count && !run_write(s, err))
		return false;
	free(s->record);
	s->record = NULL;
	return merge_start(s, err);
}

const uint32_t *sorter_next(sorter *s, sr_error *err)
{
	if (s->run_count)
		return merge_next(s, err);
	return s->at < s->count ? gathered(s, s->order[s->at++]) : NULL;
}

uint64_t sorter_count(const sorter *s)
{
	return s->total;
}

size_t sorter_runs(const sorter *s)
{
	return s->run_count;
}

void sorter_free(sorter *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->run_count; i++)
		spill_free(s->runs[i].file);
	free(s->folder);
	free(s->record);
	free(s->order);
	free(s->current);
	free(s);
}
