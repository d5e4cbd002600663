/* json.c - cJSON with its traps closed: trailing text, duplicate keys, comments, depth, numbers without end, no line numbers. */
#include "seqrec/json.h"

#include "seqrec/file.h"
#include "seqrec/memory.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 32 };

static size_t line_of(const char *text, const char *at)
{
	size_t line = 1;
	for (const char *c = text; c < at; c++)
		line += *c == '\n';
	return line;
}

/* Where a string's closing quote stands (text[i] is its opening one), or length. */
static size_t string_end(const char *text, size_t length, size_t i)
{
	for (i++; i < length && text[i] != '"'; i++)
		i += text[i] == '\\';
	return i < length ? i : length;
}

/* Replaces comments by spaces, so that offsets and lines stay. */
static void blank_comments(char *text, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++) {
		if (text[i] == '"')
			i = string_end(text, length, i);
		else if (text[i] == '/' && text[i + 1] == '/')
			for (; i < length && text[i] != '\n'; i++)
				text[i] = ' ';
	}
}

/* Where a string escapes a NUL, or end: cJSON would cut the string there. */
static size_t find_nul(const char *text, size_t i, size_t end)
{
	for (; i < end; i++)
		if (text[i] == '\\') {
			if (i + 6 <= end && memcmp(text + i, "\\u0000", 6) == 0)
				return i;
			i++;
		}
	return end;
}

static bool check_shape(const char *text, size_t length, const char *name, sr_code code, sr_error *err)
{
	size_t depth = 0;
	const char *nul = memchr(text, '\0', length);
	if (nul)
		return error_set(err, code, "%s:%zu: holds a NUL byte", name, line_of(text, nul));
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '"') {
			size_t end = string_end(text, length, i), hidden = find_nul(text, i, end);
			if (hidden < end)
				return error_set(err, code, "%s:%zu: \\u0000 is not allowed in a string", name, line_of(text, text + hidden));
			i = end;
		} else if (text[i] == '{' || text[i] == '[') {
			if (++depth > DEPTH_MOST)
				return error_set(err, code, "%s:%zu: nested deeper than %d levels", name, line_of(text, text + i), DEPTH_MOST);
		} else if ((text[i] == '}' || text[i] == ']') && depth) {
			depth--;
		}
	}
	return true;
}

/* ---- where a value stands in the text ---- */

typedef struct {
	const char *text;
	size_t length, at;
} scan;

static void skip_space(scan *s)
{
	for (; s->at < s->length; s->at++) {
		if (s->at + 1 < s->length && s->text[s->at] == '/' && s->text[s->at + 1] == '/')
			while (s->at < s->length && s->text[s->at] != '\n')
				s->at++;
		if (s->at >= s->length || !strchr(" \t\r\n,:", s->text[s->at]))
			break;
	}
}

static void skip_value(scan *s)
{
	skip_space(s);
	size_t depth = 0;
	for (; s->at < s->length; s->at++) {
		char c = s->text[s->at];
		if (c == '"')
			s->at = string_end(s->text, s->length, s->at);
		else if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth -= depth > 0;
		else if (depth || !strchr(",]} \t\r\n", c))
			continue;
		if (!depth) {
			s->at += s->at < s->length && strchr("\"}]", c) != NULL;
			return;
		}
	}
}

/* s stands before the value; comments are blank already. */
static bool check_values(const cJSON *value, scan s, const char *name, sr_code code, sr_error *err)
{
	skip_space(&s);
	if (cJSON_IsNumber(value) && !isfinite(value->valuedouble))
		return error_set(err, code, "%s:%zu: %s%s has no finite value", name, line_of(s.text, s.text + s.at), value->string ? value->string : "a number", value->string ? "" : " in a list");
	s.at++;
	for (const cJSON *child = value->child; child; child = child->next) {
		skip_space(&s);
		size_t start = s.at;
		if (cJSON_IsObject(value))
			s.at = string_end(s.text, s.length, s.at) + 1;
		for (const cJSON *other = value->child; cJSON_IsObject(value) && other != child; other = other->next)
			if (strcmp(child->string, other->string) == 0)
				return error_set(err, code, "%s:%zu: %s is given twice", name, line_of(s.text, s.text + start), child->string);
		if (!check_values(child, s, name, code, err))
			return false;
		skip_value(&s);
	}
	return true;
}

static void use_our_memory(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){ .malloc_fn = xmalloc, .free_fn = free }); /* out of memory is not bad JSON */
}

static cJSON *parse(const char *text, const char **end)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, use_our_memory);
	return cJSON_ParseWithOpts(text, end, 1);
}

cJSON *json_value(const char *text)
{
	return parse(text, NULL);
}

cJSON *json_parse(const char *text, size_t length, bool comments, const char *name, sr_code code, sr_error *err)
{
	char *copy = xstrndup(text, length);
	if (comments)
		blank_comments(copy, length);
	cJSON *value = NULL;
	const char *end = copy;
	if (!check_shape(copy, length, name, code, err))
		goto done;
	value = parse(copy, &end);
	if (!value) {
		error_set(err, code, "%s:%zu: is not valid JSON here: \"%.20s\"", name, line_of(copy, end), *end ? end : "(end of text)");
	} else if (!check_values(value, (scan){ copy, length, 0 }, name, code, err)) {
		cJSON_Delete(value);
		value = NULL;
	}
done:
	free(copy);
	return value;
}

cJSON *json_read(const char *path, size_t limit, bool comments, sr_code code, sr_error *err)
{
	size_t length;
	char *text = file_read(path, limit, &length, err);
	if (!text)
		return NULL;
	cJSON *value = json_parse(text, length, comments, path, code, err);
	free(text);
	return value;
}

/* Moves into the member or element that `path` begins with; returns what is left of the path, or NULL when it is not there. */
static const char *enter(scan *s, const char *path)
{
	skip_space(s);
	if (s->at >= s->length)
		return NULL;
	bool list = path[0] == '[';
	size_t name = list ? strcspn(path, "]") + 1 : strcspn(path, ".[");
	if (s->text[s->at] != (list ? '[' : '{') || name > strlen(path))
		return NULL;
	s->at++;
	size_t wanted = list ? strtoul(path + 1, NULL, 10) : 0;
	for (size_t i = 0;; i++) {
		skip_space(s);
		if (s->at >= s->length || strchr("]}", s->text[s->at]))
			return NULL;
		bool found = list && i == wanted;
		if (!list) {
			size_t start = s->at + 1, end = string_end(s->text, s->length, s->at);
			found = end - start == name && memcmp(s->text + start, path, name) == 0;
			s->at = end + 1;
			skip_space(s);
		}
		if (found)
			return path + name + (path[name] == '.');
		skip_value(s);
	}
}

size_t json_line(const char *text, size_t length, const char *path)
{
	scan s = { text, length, 0 };
	while (path && *path)
		path = enter(&s, path);
	skip_space(&s);
	return path ? line_of(text, text + s.at) : 0;
}

bool json_get_number(const cJSON *object, const char *key, double *value)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
	if (!cJSON_IsNumber(member))
		return false;
	*value = member->valuedouble;
	return true;
}

bool json_get_size(const cJSON *object, const char *key, size_t *value)
{
	double number;
	if (!json_get_number(object, key, &number) || number < 0 || number > 0x1p53 || number != floor(number))
		return false;
	*value = (size_t)number;
	return true;
}

const char *json_get_string(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}
