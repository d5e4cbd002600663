/* Opens a store: manifest first, then every column by mmap, each checked against the manifest. */
#include <stdlib.h>
#include <string.h>

#include "loader/layout.h"
#include "loader/manifest.h"
#include "loader/vocabulary.h"
#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/npy.h"
#include "seqrec/store.h"
#include "seqrec/text.h"

enum { FIXED_ARRAYS = 13, FIXED_VOCABULARIES = 7 };
#define ANY_ROWS SIZE_MAX

struct store_state {
	char *folder;
	cJSON *manifest;      /* owns the strings that the store shows */
	npy *array;
	size_t array_count;
	vocabulary **values;
	size_t values_count;
	store_field *field;
	store_conservation *conservation;
};

static bool damaged(const store *s, const char *name, const char *what, sr_error *err)
{
	return error_set(err, SR_DATA, "%s/%s: %s; the store is damaged, run `seqrec prepare` again", s->state->folder, name, what);
}

static const cJSON *listed(const store *s, const char *name)
{
	const cJSON *file;
	cJSON_ArrayForEach(file, cJSON_GetObjectItemCaseSensitive(s->state->manifest, "files")) {
		const char *had = json_get_string(file, "name");
		if (had && strcmp(had, name) == 0)
			return file;
	}
	return NULL;
}

/* The file has the size (and with `verify` the bytes) that the manifest says. */
static bool file_check(const store *s, const cJSON *file, bool verify, sr_error *err)
{
	const char *name = json_get_string(file, "name");
	size_t size;
	double crc;
	file_map map;
	if (!name || !json_get_size(file, "size", &size) || !json_get_number(file, "crc32", &crc))
		return damaged(s, MANIFEST, "a file's entry is not whole", err);
	char *path = path_join(s->state->folder, name);
	bool fine = file_exists(path) || damaged(s, name, "the file is missing", err);
	if (fine && (fine = file_map_open(&map, path, err))) {
		if (map.length != size)
			fine = damaged(s, name, "the file has another size than the manifest says", err);
		else if (verify && (double)hash_crc32(0, map.bytes, map.length) != crc)
			fine = damaged(s, name, "the file's checksum is wrong", err);
		file_map_close(&map);
	}
	free(path);
	return fine;
}

static bool files_check(const store *s, bool verify, sr_error *err)
{
	const cJSON *file;
	cJSON_ArrayForEach(file, cJSON_GetObjectItemCaseSensitive(s->state->manifest, "files"))
		if (!file_check(s, file, verify, err))
			return false;
	return true;
}

/* Maps a column of `rows` rows; NULL with an error. */
static const void *column_map(store *s, const char *name, npy_type type, size_t rows, size_t width, sr_error *err)
{
	struct store_state *state = s->state;
	npy *array = &state->array[state->array_count];
	sr_error wrong = { 0 };
	if (!listed(s, name)) {
		damaged(s, name, "the manifest does not list it", err);
		return NULL;
	}
	char *path = path_join(state->folder, name);
	bool fine = npy_map(array, path, type, &wrong);
	free(path);
	if (!fine) {
		error_set(err, wrong.code, "%s%s", wrong.text, wrong.code == SR_DATA ? "; the store is damaged, run `seqrec prepare` again" : "");
		return NULL;
	}
	state->array_count++;
	if (array->columns == width && (rows == ANY_ROWS || array->rows == rows))
		return array->data;
	damaged(s, name, "the column has another shape than the manifest says", err);
	return NULL;
}

/* A column that a store may lack: NULL then, without an error. */
static const void *optional_map(store *s, const char *name, npy_type type, size_t rows, sr_error *err)
{
	return listed(s, name) ? column_map(s, name, type, rows, 0, err) : NULL;
}

static bool number_of(const store *s, const char *key, size_t *value, sr_error *err)
{
	return json_get_size(s->state->manifest, key, value) || damaged(s, MANIFEST, key, err);
}

static bool time_of(const store *s, const char *key, int64_t *value, sr_error *err)
{
	const char *digits = json_get_string(s->state->manifest, key), *p = digits;
	if (!digits)
		return damaged(s, MANIFEST, key, err);
	uint64_t size = 0;
	for (p += *p == '-'; *p >= '0' && *p <= '9'; p++)
		size = size * 10 + (uint64_t)(*p - '0');
	*value = (int64_t)(*digits == '-' ? 0 - size : size);
	return true;
}

/* NULL without an error: the store has no such vocabulary. */
static const vocabulary *values_open(store *s, const char *name, size_t count, sr_error *err)
{
	char *path = path_join(s->state->folder, name);
	vocabulary *v = listed(s, name) ? vocabulary_new(path, (uint32_t)count, err) : NULL;
	free(path);
	if (v)
		s->state->values[s->state->values_count++] = v;
	return v;
}

static bool vocabularies_open(store *s, sr_error *err)
{
	const struct {
		const vocabulary **to;
		const char *name, *key;
	} all[FIXED_VOCABULARIES] = { { &s->user_ids, LAYOUT_USERS, "users" }, { &s->item_ids, LAYOUT_ITEMS, "items" }, { &s->types, LAYOUT_TYPES, "types" },
		{ &s->queries, LAYOUT_QUERIES, "queries" }, { &s->sessions, LAYOUT_SESSIONS, "sessions" }, { &s->labels, LAYOUT_LABELS, "labels" },
		{ &s->splits, LAYOUT_SPLITS, "splits" } };
	for (int i = 0; i < FIXED_VOCABULARIES; i++) {
		size_t count;
		if (!number_of(s, all[i].key, &count, err))
			return false;
		*all[i].to = values_open(s, all[i].name, count, err);
	}
	s->users = s->user_ids ? vocabulary_count(s->user_ids) : 0;
	s->items = s->item_ids ? vocabulary_count(s->item_ids) : 0;
	return (s->user_ids && s->item_ids && s->types && !err->code) || damaged(s, MANIFEST, "a vocabulary is missing", err);
}

static bool events_open(store *s, sr_error *err)
{
	size_t n = (size_t)s->events;
	s->time = column_map(s, LAYOUT_TIME, NPY_I64, n, 0, err);
	s->type = column_map(s, LAYOUT_TYPE, NPY_U8, n, 0, err);
	s->item = column_map(s, LAYOUT_ITEM, NPY_U32, n, 0, err);
	s->query = optional_map(s, LAYOUT_QUERY, NPY_U32, n, err);
	s->session = optional_map(s, LAYOUT_SESSION, NPY_U32, n, err);
	s->position = optional_map(s, LAYOUT_POSITION, NPY_U32, n, err);
	s->user_start = column_map(s, LAYOUT_USER_START, NPY_U64, (size_t)s->users + 1, 0, err);
	return !err->code && ((s->user_start[0] == 0 && s->user_start[s->users] == s->events) || damaged(s, LAYOUT_USER_START, "does not cover all events", err));
}

static bool samples_open(store *s, sr_error *err)
{
	size_t n = (size_t)s->samples;
	s->sample_user = optional_map(s, LAYOUT_SAMPLE_USER, NPY_U32, n, err);
	s->sample_item = optional_map(s, LAYOUT_SAMPLE_ITEM, NPY_U32, n, err);
	s->sample_time = optional_map(s, LAYOUT_SAMPLE_TIME, NPY_I64, n, err);
	s->sample_label = optional_map(s, LAYOUT_SAMPLE_LABEL, NPY_U32, n, err);
	s->sample_split = optional_map(s, LAYOUT_SAMPLE_SPLIT, NPY_U32, n, err);
	s->sample_weight = optional_map(s, LAYOUT_SAMPLE_WEIGHT, NPY_F32, n, err);
	return !err->code;
}

static int choice(const char *word, const char *const *words, int count)
{
	for (int i = 0; word && i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	return -1;
}

static uint64_t level_rows(const store *s, field_level level)
{
	return level == LEVEL_EVENT ? s->events : level == LEVEL_USER ? s->users : level == LEVEL_ITEM ? s->items : s->samples;
}

/* The lists of a field of several values: starts that end with the codes. */
static bool lists_open(store *s, store_field *f, const char *main, const char *start, sr_error *err)
{
	f->code = column_map(s, main, NPY_U32, ANY_ROWS, 0, err);
	size_t codes = s->state->array[s->state->array_count - 1].rows;
	f->start = column_map(s, start, NPY_U64, (size_t)f->rows + 1, 0, err);
	return !err->code && ((f->start[0] == 0 && f->start[f->rows] == codes) || damaged(s, start, "does not cover all values", err));
}

static bool field_open(store *s, const cJSON *entry, size_t number, sr_error *err)
{
	static const char *const levels[] = { "events", "users", "items", "samples" }, *const kinds[] = { "category", "categories", "number", "text", "vector" };
	store_field *f = &s->state->field[number];
	size_t width, count;
	int level = choice(json_get_string(entry, "on"), levels, 4), kind = choice(json_get_string(entry, "kind"), kinds, 5);
	if (!(f->name = json_get_string(entry, "name")) || level < 0 || kind < 0 || !json_get_size(entry, "width", &width) || !json_get_size(entry, "values", &count))
		return damaged(s, MANIFEST, "a field's entry is not whole", err);
	f->on = (field_level)level;
	f->kind = (field_kind)kind;
	f->rows = level_rows(s, f->on);
	f->width = kind == KIND_VECTOR ? width : 0;
	char *main = layout_field(f->on, f->name, number, ".npy"), *start = layout_field(f->on, f->name, number, ".start.npy");
	char *values = layout_vocabulary(f->on, f->name, number);
	bool fine, coded = kind != KIND_NUMBER && kind != KIND_VECTOR;
	if (kind == KIND_CATEGORIES || kind == KIND_TEXT)
		fine = lists_open(s, f, main, start, err);
	else if (kind == KIND_CATEGORY)
		fine = (f->code = column_map(s, main, NPY_U32, (size_t)f->rows, 0, err)) != NULL;
	else
		fine = (f->number = column_map(s, main, NPY_F32, (size_t)f->rows, f->width, err)) != NULL;
	if (fine && coded && !(f->values = values_open(s, values, count, err)))
		fine = damaged(s, values, "the vocabulary is missing", err); /* unless it cannot be read, which is said already */
	free(main);
	free(start);
	free(values);
	return fine;
}

static bool fields_open(store *s, const cJSON *fields, sr_error *err)
{
	size_t number = 0;
	const cJSON *entry;
	s->field = s->state->field;
	cJSON_ArrayForEach(entry, fields) {
		if (!field_open(s, entry, number++, err))
			return false;
		s->field_count = number;
	}
	return true;
}

static const store_count *counts_read(const cJSON *list, size_t *count)
{
	*count = (size_t)cJSON_GetArraySize(list);
	store_count *counts = xcalloc(*count + 1, sizeof *counts);
	const cJSON *entry;
	size_t i = 0;
	cJSON_ArrayForEach(entry, list) {
		size_t rows = 0;
		const char *reason = json_get_string(entry, "reason");
		json_get_size(entry, "rows", &rows);
		counts[i++] = (store_count){ reason ? reason : "", rows };
	}
	return counts;
}

static void conservation_read(store *s, const cJSON *list)
{
	struct store_state *state = s->state;
	state->conservation = xcalloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *state->conservation);
	s->conservation = state->conservation;
	const cJSON *entry;
	cJSON_ArrayForEach(entry, list) {
		store_conservation *c = &state->conservation[s->conservation_count++];
		size_t read = 0, used = 0;
		json_get_size(entry, "read", &read);
		json_get_size(entry, "used", &used);
		const char *what = json_get_string(entry, "what");
		*c = (store_conservation){ .what = what ? what : "", .read = read, .used = used };
		c->filtered = counts_read(cJSON_GetObjectItemCaseSensitive(entry, "filtered"), &c->filtered_count);
		c->bad = counts_read(cJSON_GetObjectItemCaseSensitive(entry, "bad"), &c->bad_count);
	}
}

static bool store_fill(store *s, bool verify, sr_error *err)
{
	const cJSON *manifest = s->state->manifest, *fields = cJSON_GetObjectItemCaseSensitive(manifest, "fields");
	size_t field_count = (size_t)cJSON_GetArraySize(fields), events, samples;
	s->state->array = xcalloc(FIXED_ARRAYS + 2 * field_count, sizeof *s->state->array);
	s->state->values = xcalloc(FIXED_VOCABULARIES + field_count, sizeof *s->state->values);
	s->state->field = xcalloc(field_count + 1, sizeof *s->state->field);
	s->fingerprint = json_get_string(manifest, "fingerprint");
	if (!s->fingerprint)
		return damaged(s, MANIFEST, "fingerprint", err);
	if (!number_of(s, "events", &events, err) || !number_of(s, "samples", &samples, err))
		return false;
	s->events = events;
	s->samples = samples;
	conservation_read(s, cJSON_GetObjectItemCaseSensitive(manifest, "conservation"));
	return time_of(s, "first_time", &s->first_time, err) && time_of(s, "last_time", &s->last_time, err) && files_check(s, verify, err) && vocabularies_open(s, err) &&
		events_open(s, err) && samples_open(s, err) && fields_open(s, fields, err);
}

store *store_open(const char *folder, bool verify, sr_error *err)
{
	cJSON *manifest = manifest_read(folder, err);
	if (!manifest)
		return NULL;
	store *s = xcalloc(1, sizeof *s);
	s->state = xcalloc(1, sizeof *s->state);
	s->state->folder = xstrdup(folder);
	s->state->manifest = manifest;
	sr_error wrong = { 0 };
	if (store_fill(s, verify, &wrong))
		return s;
	error_set(err, wrong.code, "%s", wrong.text);
	store_close(s);
	return NULL;
}

void store_close(store *s)
{
	if (!s)
		return;
	struct store_state *state = s->state;
	for (size_t i = 0; i < state->array_count; i++)
		npy_close(&state->array[i]);
	for (size_t i = 0; i < state->values_count; i++)
		vocabulary_free(state->values[i]);
	for (size_t i = 0; i < s->conservation_count; i++) {
		free((void *)(uintptr_t)s->conservation[i].filtered);
		free((void *)(uintptr_t)s->conservation[i].bad);
	}
	free(state->array);
	free(state->values);
	free(state->field);
	free(state->conservation);
	cJSON_Delete(state->manifest);
	free(state->folder);
	free(state);
	free(s);
}

const store_field *store_find_field(const store *s, field_level on, const char *name)
{
	for (size_t i = 0; i < s->field_count; i++)
		if (s->field[i].on == on && strcmp(s->field[i].name, name) == 0)
			return &s->field[i];
	return NULL;
}
