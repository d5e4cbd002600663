/* Reads vocab/NAME.tsv into one block of NUL-terminated values. Any thread may ask first. */
#include "loader/vocabulary.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "loader/intern.h"
#include "seqrec/file.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"

struct vocabulary {
	char *path;
	file_map map;
	uint32_t count;
	pthread_mutex_t lock;
	atomic_bool loaded, indexed;
	char *bytes;      /* values end to end, each with a NUL */
	uint64_t *start;  /* (count + 2): of each code; code 0 is "" */
	uint64_t *rows;   /* (count + 1) */
	intern *index;
};

vocabulary *vocabulary_new(const char *path, uint32_t count, sr_error *err)
{
	file_map map;
	if (!file_map_open(&map, path, err))
		return NULL;
	vocabulary *v = xcalloc(1, sizeof *v);
	v->map = map;
	v->path = xstrdup(path);
	v->count = count;
	pthread_mutex_init(&v->lock, NULL);
	return v;
}

void vocabulary_free(vocabulary *v)
{
	if (!v)
		return;
	pthread_mutex_destroy(&v->lock);
	file_map_close(&v->map);
	intern_free(v->index);
	free(v->path);
	free(v->bytes);
	free(v->start);
	free(v->rows);
	free(v);
}

static char unescape(char c)
{
	return c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
}

/* One line "index TAB raw TAB count" -> the value of that code; false when it is another line. */
static bool line_take(vocabulary *v, uint32_t code, const char *line, size_t length, uint64_t *used)
{
	int64_t index, rows;
	const char *raw = memchr(line, '\t', length), *count = NULL;
	for (const char *p = line + length; p-- > line && !count;)
		if (*p == '\t')
			count = p;
	if (!raw || count == raw || !number_parse_int(line, (size_t)(raw - line), &index) || index != code ||
		!number_parse_int(count + 1, (size_t)(line + length - count - 1), &rows) || rows < 0)
		return false;
	for (const char *p = raw + 1; p < count; p++)
		v->bytes[(*used)++] = *p == '\\' && p + 1 < count ? unescape(*++p) : *p;
	v->bytes[(*used)++] = 0;
	v->start[code + 1] = *used;
	v->rows[code] = (uint64_t)rows;
	return true;
}

static bool lines_take(vocabulary *v, const file_map *map)
{
	const char *p = map->length ? (const char *)map->bytes : "", *end = p + map->length;
	uint64_t used = 1;
	uint32_t code = 0;
	v->start[1] = 1;
	for (const char *over; code < v->count && p < end && (over = memchr(p, '\n', (size_t)(end - p))); p = over + 1)
		if (!line_take(v, ++code, p, (size_t)(over - p), &used))
			return false;
	return code == v->count && p == end;
}

/* The bytes are checked when a store is opened, so that only a file made wrong from the start is not understood here. */
static void vocabulary_load(vocabulary *v)
{
	size_t codes = (size_t)v->count + 2;
	v->start = xcalloc(codes, sizeof *v->start);
	v->rows = xcalloc(codes, sizeof *v->rows);
	v->bytes = xcalloc(v->map.length + codes, 1);
	if (lines_take(v, &v->map))
		return;
	log_say(LOG_ERROR, "%s: the vocabulary is damaged; its values are shown as empty. Run `seqrec prepare` again", v->path);
	memset(v->bytes, 0, codes);
	for (uint32_t code = 0; code < codes; code++)
		v->start[code] = code;
}

static void once(vocabulary *v, atomic_bool *done, void (*work)(vocabulary *))
{
	if (atomic_load_explicit(done, memory_order_acquire))
		return;
	pthread_mutex_lock(&v->lock);
	if (!atomic_load_explicit(done, memory_order_relaxed)) {
		work(v);
		atomic_store_explicit(done, true, memory_order_release);
	}
	pthread_mutex_unlock(&v->lock);
}

static void vocabulary_index(vocabulary *v)
{
	v->index = intern_new();
	for (uint32_t code = 1; code <= v->count; code++)
		intern_add(v->index, v->bytes + v->start[code], (size_t)(v->start[code + 1] - v->start[code] - 1));
}

/* The lazy parts do not change what the caller sees, hence const in the interface. */
static vocabulary *loaded(const vocabulary *v)
{
	vocabulary *own = (vocabulary *)(uintptr_t)v;
	once(own, &own->loaded, vocabulary_load);
	return own;
}

uint32_t vocabulary_count(const vocabulary *v)
{
	return v->count;
}

const char *vocabulary_text(const vocabulary *v, uint32_t code, size_t *length)
{
	const vocabulary *own = loaded(v);
	bool there = code && code <= v->count && own->start[code + 1] > own->start[code];
	if (length)
		*length = there ? (size_t)(own->start[code + 1] - own->start[code] - 1) : 0;
	return there ? own->bytes + own->start[code] : "";
}

uint64_t vocabulary_rows(const vocabulary *v, uint32_t code)
{
	return code && code <= v->count ? loaded(v)->rows[code] : 0;
}

uint32_t vocabulary_find(const vocabulary *v, const char *bytes, size_t length)
{
	vocabulary *own = loaded(v);
	once(own, &own->indexed, vocabulary_index);
	return intern_find(own->index, bytes, length);
}
