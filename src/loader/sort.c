/* External sort. A run is grouped by a counting sort over user codes, then each user's records are put in order of time (mostly they are already); runs are
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
	size_t words, limit; /* limit: in bytes */
	packed *rows;        /* the run being gathered; in order afterwards */
	size_t at;           /* the next one to be handed out */
	run runs[RUNS_AT_ONCE];
	size_t run_count;
	unsigned heap[RUNS_AT_ONCE];
	size_t heap_count;
	uint32_t *current; /* copy of the record handed out */
	uint64_t total;
};

sorter *sorter_new(const char *folder, size_t words)
{
	sorter *s = xcalloc(1, sizeof *s);
	s->folder = xstrdup(folder);
	s->words = words;
	s->rows = packed_new(words, RECORD_KEY);
	s->current = xcalloc(words, sizeof *s->current);
	s->limit = SIZE_MAX;
	return s;
}

void sorter_limit(sorter *s, size_t bytes)
{
	s->limit = bytes;
}

static bool key_less(const uint32_t *a, const uint32_t *b)
{
	for (int i = 0; i < RECORD_KEY; i++)
		if (a[i] != b[i])
			return a[i] < b[i];
	return false;
}

/* Stable merge sort of n packed records by key; scratch has room for half of them. */
static void rows_by_key(uint32_t *row, size_t n, size_t stride, uint32_t *scratch)
{
	if (n < 2)
		return;
	size_t half = n / 2, left = 0, right = half, bytes = stride * sizeof *row;
	rows_by_key(row, half, stride, scratch);
	rows_by_key(row + half * stride, n - half, stride, scratch);
	if (!key_less(row + half * stride, row + (half - 1) * stride))
		return;
	memcpy(scratch, row, half * bytes);
	for (uint32_t *out = row; left < half; out += stride) {
		bool later = right < n && key_less(row + right * stride, scratch + left * stride);
		memcpy(out, later ? row + right++ * stride : scratch + left++ * stride, bytes);
	}
}

/* Places of users in the ordered run: next[u] is where user u's first record goes. NULL when the records stand in order of users already. */
static uint32_t *users_place(const packed *p, uint32_t *users)
{
	uint32_t last = 0, most = 0;
	bool ordered = true;
	for (size_t i = 0; i < p->count; i++) {
		uint32_t user = p->data[i * p->stride];
		ordered = ordered && user >= last;
		last = user;
		most = user > most ? user : most;
	}
	*users = most;
	if (ordered)
		return NULL;
	uint32_t *next = xcalloc((size_t)most + 2, sizeof *next);
	for (size_t i = 0; i < p->count; i++)
		next[p->data[i * p->stride] + 1]++;
	for (size_t u = 0; u <= most; u++)
		next[u + 1] += next[u];
	return next;
}

static void row_copy(uint32_t *to, const uint32_t *from, size_t stride)
{
	if (stride == 4) { /* user, time and item: a log of the plainest kind; its size known when compiled */
		memcpy(to, from, 4 * sizeof *to);
		return;
	}
	for (size_t i = 0; i < stride; i++)
		to[i] = from[i];
}

static void users_group(packed *p)
{
	uint32_t users, *next = users_place(p, &users);
	if (!next)
		return;
	size_t stride = p->stride;
	uint32_t *grouped = xmalloc(p->count * stride * sizeof *grouped);
	memory_large(grouped, p->count * stride * sizeof *grouped);
	for (size_t i = 0; i < p->count; i++) {
		const uint32_t *row = p->data + i * stride;
		row_copy(grouped + (size_t)next[row[RECORD_USER]]++ * stride, row, stride);
	}
	free(next);
	packed_replace(p, grouped);
}

static void run_order(sorter *s)
{
	packed *p = s->rows;
	size_t stride = p->stride;
	users_group(p);
	for (size_t begin = 0, end; begin < p->count; begin = end) {
		uint32_t user = p->data[begin * stride];
		bool ordered = true;
		for (end = begin + 1; end < p->count && p->data[end * stride] == user; end++)
			ordered = ordered && !key_less(p->data + end * stride, p->data + (end - 1) * stride);
		if (ordered)
			continue;
		uint32_t *scratch = xcalloc((end - begin) / 2 + 1, stride * sizeof *scratch);
		rows_by_key(p->data + begin * stride, end - begin, stride, scratch);
		free(scratch);
	}
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
	spill *all = spill_new(s->folder, s->words * sizeof *s->current, err);
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
	spill *file = spill_new(s->folder, s->words * sizeof *s->current, err);
	if (!file)
		return false;
	s->runs[s->run_count++].file = file;
	for (size_t i = 0; i < s->rows->count; i++) {
		packed_get(s->rows, i, s->current);
		if (!spill_add(file, s->current, err))
			return false;
	}
	packed_clear(s->rows); /* the limit may have shrunk: the next run takes only what it needs */
	return true;
}

/* Memory for a record while a run is ordered: itself, its place in the grouped ones, and its share of the counts. */
static bool run_is_full(const sorter *s)
{
	const packed *p = s->rows;
	size_t held = p->count * (2 * p->stride + 1) * sizeof(uint32_t);
	return (held >= s->limit && p->count >= RUN_RECORDS_LEAST) || p->count >= UINT32_MAX - RUN_RECORDS_LEAST;
}

bool sorter_add(sorter *s, const uint32_t *record, sr_error *err)
{
	if (run_is_full(s) && !run_write(s, err))
		return false;
	packed_add(s->rows, record);
	s->total++;
	return true;
}

bool sorter_add_all(sorter *s, const uint32_t *records, size_t count, sr_error *err)
{
	if (run_is_full(s) && !run_write(s, err))
		return false;
	packed_add_all(s->rows, records, count);
	s->total += count;
	return true;
}

bool sorter_finish(sorter *s, sr_error *err)
{
	if (!s->run_count) {
		run_order(s);
		return true;
	}
	if (s->rows->count && !run_write(s, err))
		return false;
	return merge_start(s, err);
}

const uint32_t *sorter_next(sorter *s, sr_error *err)
{
	if (s->run_count)
		return merge_next(s, err);
	if (s->at == s->rows->count)
		return NULL;
	packed_get(s->rows, s->at++, s->current);
	return s->current;
}

packed *sorter_take(sorter *s)
{
	packed *rows = s->run_count ? NULL : s->rows;
	if (rows)
		s->rows = packed_new(s->words, RECORD_KEY);
	return rows;
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
	packed_free(s->rows);
	free(s->current);
	free(s);
}
