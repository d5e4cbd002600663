/* features_file.c - the fitted inputs on disk: transforms.json and vocab/NN.tsv. */
#include "feature.h"

#include "seqrec/file.h"
#include "seqrec/json.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT = 1, FILE_MOST = 1 << 30 };

/* ---- writing ---- */

static void add_number(text *out, double value)
{
	char number[NUMBER_TEXT];
	number_print(value, number);
	text_add(out, number);
}

static void write_feature(const feature *f, text *out)
{
	text_add(out, "{\"name\":");
	text_add_json(out, f->name, strlen(f->name));
	text_add(out, ",\"field\":");
	text_add_json(out, f->field, strlen(f->field));
	text_addf(out, ",\"source\":%d,\"form\":%d,\"rows\":%u,\"columns\":%u,\"kind\":%d,\"transform\":%d,\"vocabulary\":%d,\"flag\":%s,\"mean\":", f->source, f->form, f->rows, f->columns, f->kind,
	          f->transform, f->vocabulary, f->flag ? "true" : "false");
	add_number(out, f->mean);
	text_add(out, ",\"deviation\":");
	add_number(out, f->deviation);
	text_add(out, ",\"edges\":[");
	for (uint32_t i = 0; i < f->edges; i++) {
		text_add(out, i ? "," : "");
		add_number(out, (double)f->edge[i]);
	}
	text_add(out, "]}");
}

static void write_list(const char *key, const feature *list, size_t count, text *out)
{
	text_addf(out, ",\n\"%s\":[", key);
	for (size_t i = 0; i < count; i++) {
		text_add(out, i ? ",\n" : "\n");
		write_feature(&list[i], out);
	}
	text_add(out, "]");
}

/* Backslash, TAB and line ends are escaped, so that any text is one field of one line. */
static void write_escaped(const char *value, text *out)
{
	for (; *value; value++) {
		const char *escape = *value == '\\' ? "\\\\" : *value == '\t' ? "\\t" : *value == '\n' ? "\\n" : *value == '\r' ? "\\r" : NULL;
		if (escape)
			text_add(out, escape);
		else
			text_add_bytes(out, value, 1);
	}
}

static bool write_vocabulary(const feature_vocabulary *v, size_t number, const char *folder, sr_error *err)
{
	text out = { 0 };
	text_add(&out, "");
	for (uint32_t i = 0; i < v->count; i++) {
		text_addf(&out, "%u\t", i + CODE_FIRST);
		write_escaped(v->value[i], &out);
		text_add(&out, "\n");
	}
	char *path = text_format("%s/vocab/%zu.tsv", folder, number);
	bool done = file_write(path, out.data, out.length, err);
	free(path);
	text_free(&out);
	return done;
}

bool features_save(const features *f, const char *folder, sr_error *err)
{
	char *inner = path_join(folder, "vocab"), *path = path_join(folder, "transforms.json");
	bool done = folder_make(inner, err);
	text out = { 0 };
	char events[NUMBER_TEXT], user_events[NUMBER_TEXT];
	number_print(f->events, events);
	number_print(f->user_events, user_events);
	text_addf(&out, "{\"format\":%d,\"window\":%u,\"history\":%d,\"pairs\":%s,\"classes\":%zu,\"next_item\":%s,\"events\":%s,\"user_events\":%s,\n\"vocabularies\":[", FORMAT, f->window, f->history,
	          f->pairs ? "true" : "false", f->classes, f->next_item ? "true" : "false", events, user_events);
	for (size_t i = 0; done && i < f->vocabulary_count; i++) {
		text_add(&out, i ? "," : "");
		text_add(&out, "{\"name\":");
		text_add_json(&out, f->vocabulary[i].name, strlen(f->vocabulary[i].name));
		text_addf(&out, ",\"values\":%u}", f->vocabulary[i].count);
		done = write_vocabulary(&f->vocabulary[i], i, folder, err);
	}
	text_add(&out, "]");
	write_list("event", f->event, f->event_count, &out);
	write_list("sample", f->sample, f->sample_count, &out);
	text_add(&out, "}\n");
	done = done && file_write(path, out.data, out.length, err);
	text_free(&out);
	free(inner);
	free(path);
	return done;
}

/* ---- reading ---- */

static size_t unescape(char *value, size_t length)
{
	size_t out = 0;
	for (size_t i = 0; i < length; i++) {
		char c = value[i];
		if (c == '\\' && i + 1 < length) {
			c = value[++i];
			c = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
		}
		value[out++] = c;
	}
	return out;
}

static bool read_vocabulary(feature_vocabulary *v, size_t number, size_t expected, const char *folder, sr_error *err)
{
	size_t length;
	char *path = text_format("%s/vocab/%zu.tsv", folder, number), *content = file_read(path, FILE_MOST, &length, err);
	size_t capacity = 0;
	for (char *line = content, *end = content ? content + length : NULL; content && line < end;) {
		char *stop = memchr(line, '\n', (size_t)(end - line)), *tab = memchr(line, '\t', (size_t)(end - line));
		if (!stop || !tab || tab > stop)
			break;
		v->value = xgrow(v->value, &capacity, (size_t)v->count + 1, sizeof *v->value);
		v->value[v->count++] = xstrndup(tab + 1, unescape(tab + 1, (size_t)(stop - tab - 1)));
		line = stop + 1;
	}
	if (content && v->count != expected)
		error_set(err, SR_MODEL, "%s: holds %u values where transforms.json says %zu: the model is damaged", path, v->count, expected);
	bool done = content && v->count == expected;
	free(content);
	free(path);
	return done;
}

static bool get_int(const cJSON *object, const char *key, int least, int most, int *value)
{
	double number;
	if (!json_get_number(object, key, &number) || number < least || number > most)
		return false;
	*value = (int)number;
	return true;
}

static bool read_feature(feature *f, const cJSON *object, size_t vocabularies)
{
	int source, form, kind, transform;
	size_t rows, columns;
	const cJSON *edges = cJSON_GetObjectItemCaseSensitive(object, "edges");
	const char *name = json_get_string(object, "name"), *column = json_get_string(object, "field");
	if (!name || !column || !cJSON_IsArray(edges) || !get_int(object, "source", 0, FROM_START, &source) || !get_int(object, "form", 0, FEATURE_NUMBER, &form) ||
	    !get_int(object, "kind", 0, KIND_VECTOR, &kind) || !get_int(object, "transform", 0, TRANSFORM_NONE, &transform) || !get_int(object, "vocabulary", -1, (int)vocabularies - 1, &f->vocabulary) ||
	    !json_get_size(object, "rows", &rows) || rows > UINT32_MAX || !json_get_size(object, "columns", &columns) || columns > UINT16_MAX || !json_get_number(object, "mean", &f->mean) ||
	    !json_get_number(object, "deviation", &f->deviation))
		return false;
	f->name = xstrdup(name);
	f->field = xstrdup(column);
	f->source = (feature_source)source;
	f->form = (feature_form)form;
	f->kind = (field_kind)kind;
	f->transform = (field_transform)transform;
	f->rows = (uint32_t)rows;
	f->columns = (uint32_t)columns;
	f->flag = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "flag"));
	f->edge = xcalloc((size_t)cJSON_GetArraySize(edges) + 1, sizeof *f->edge);
	for (const cJSON *edge = edges->child; edge; edge = edge->next)
		f->edge[f->edges++] = (float)edge->valuedouble;
	return f->form != FEATURE_NUMBER || f->kind == KIND_VECTOR || number_columns(f) == f->columns;
}

static bool read_list(const cJSON *tree, const char *key, size_t vocabularies, feature **list, size_t *count)
{
	const cJSON *array = cJSON_GetObjectItemCaseSensitive(tree, key);
	*list = xcalloc((size_t)cJSON_GetArraySize(array) + 1, sizeof **list);
	for (const cJSON *entry = array ? array->child : NULL; entry; entry = entry->next) {
		(*list)[*count] = (feature){ .vocabulary = -1, .deviation = 1 };
		if (!read_feature(&(*list)[(*count)++], entry, vocabularies))
			return false;
	}
	return cJSON_IsArray(array);
}

static bool read_all(features *f, const cJSON *tree, const char *folder, const char *path, sr_error *err)
{
	size_t window, classes;
	const cJSON *vocabularies = cJSON_GetObjectItemCaseSensitive(tree, "vocabularies");
	int format;
	if (get_int(tree, "format", FORMAT + 1, 1 << 20, &format))
		return error_set(err, SR_MODEL, "%s: was written by a newer seqrec (format %d; this one reads %d). Update seqrec", path, format, FORMAT);
	f->vocabulary = xcalloc((size_t)cJSON_GetArraySize(vocabularies) + 1, sizeof *f->vocabulary);
	for (const cJSON *entry = vocabularies ? vocabularies->child : NULL; entry; entry = entry->next) {
		size_t values;
		const char *name = json_get_string(entry, "name");
		if (!name || !json_get_size(entry, "values", &values))
			return error_set(err, SR_MODEL, "%s: is damaged (vocabularies)", path);
		feature_vocabulary *v = &f->vocabulary[f->vocabulary_count];
		v->name = xstrdup(name);
		if (!read_vocabulary(v, f->vocabulary_count++, values, folder, err))
			return false;
	}
	bool good = json_get_size(tree, "window", &window) && json_get_size(tree, "classes", &classes) && get_int(tree, "history", 0, 1, &f->history) && window <= UINT16_MAX + 1 &&
	            read_list(tree, "event", f->vocabulary_count, &f->event, &f->event_count) && read_list(tree, "sample", f->vocabulary_count, &f->sample, &f->sample_count);
	if (!good)
		return error_set(err, SR_MODEL, "%s: is damaged", path);
	f->window = (uint32_t)window;
	f->classes = classes;
	f->pairs = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(tree, "pairs"));
	json_get_number(tree, "events", &f->events); /* files of before have none: their models name every setting */
	json_get_number(tree, "user_events", &f->user_events);
	f->next_item = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(tree, "next_item"));
	features_finish(f);
	const feature *item = f->event_count ? &f->event[f->shape.item] : NULL; /* the rows that are told must be those of a vocabulary */
	if (f->next_item && (!item || item->source != FROM_ITEM || item->vocabulary < 0 || item->rows != f->vocabulary[item->vocabulary].count + CODE_FIRST))
		return error_set(err, SR_MODEL, "%s: is damaged (no items to tell)", path);
	return true;
}

features *features_load(const char *folder, sr_error *err)
{
	char *path = path_join(folder, "transforms.json");
	cJSON *tree = json_read(path, FILE_MOST, false, SR_MODEL, err);
	features *f = tree ? xcalloc(1, sizeof *f) : NULL;
	if (f && !read_all(f, tree, folder, path, err)) {
		features_free(f);
		f = NULL;
	}
	cJSON_Delete(tree);
	free(path);
	return f;
}
