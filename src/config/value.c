/* value.c - one value of any kind: set from JSON with all checks, printed, freed. */
#include "field.h"

#include "seqrec/file.h"
#include "seqrec/json.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/instant.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	char *bytes; /* the items, end to end */
	size_t count;
} list; /* the layout that source_list, field_list and filter_list share */

static void *at(const field *f, const void *object)
{
	return (char *)(uintptr_t)object + f->offset;
}

const char *field_place(const field_source *source, const char *key, char place[PLACE_TEXT])
{
	size_t line = source->text ? json_line(source->text, source->length, key) : 0;
	if (line)
		snprintf(place, PLACE_TEXT, "%s:%zu: %s", source->name, line, key);
	else
		snprintf(place, PLACE_TEXT, "%s: %s", source->name, key);
	return place;
}

static void complain(const field *f, const char *key, const field_source *source, const cJSON *value)
{
	char place[PLACE_TEXT];
	text wanted = { 0 };
	field_describe(f, &wanted);
	char *given = cJSON_PrintUnformatted(value);
	error_add(source->err, SR_CONFIG, "%s is %.80s; it takes %s", field_place(source, key, place), given ? given : "nothing", wanted.data);
	cJSON_free(given);
	text_free(&wanted);
}

/* The text with ${NAME} replaced from the environment; NULL (with an error) when one is not set. */
static char *expand(const char *string, const char *key, const field_source *source)
{
	text out = { 0 };
	text_add(&out, "");
	for (const char *start; (start = strstr(string, "${")); ) {
		const char *end = strchr(start, '}');
		if (!end)
			break;
		char *name = xstrndup(start + 2, (size_t)(end - start - 2)), place[PLACE_TEXT];
		const char *value = getenv(name);
		text_add_bytes(&out, string, (size_t)(start - string));
		text_add(&out, value ? value : "");
		if (!value)
			error_add(source->err, SR_CONFIG, "%s: the environment variable %s is not set", field_place(source, key, place), name);
		free(name);
		if (!value) {
			text_free(&out);
			return NULL;
		}
		string = end + 1;
	}
	text_add(&out, string);
	return out.data;
}

static bool text_reads(const field *f, const char *string)
{
	uint64_t bytes;
	int64_t time;
	if (!*string)
		return true;
	switch (f->check) {
	case CHECK_BYTES: return number_parse_bytes(string, &bytes);
	case CHECK_DURATION: return number_parse_duration(string, &time);
	case CHECK_TIME: return instant_parse(string, strlen(string), &time);
	default: return true;
	}
}

/* A scalar as text: numbers may stand for texts ("value": 3). New, or NULL with an error. */
static char *read_text(const field *f, const cJSON *value, const char *key, const field_source *source)
{
	char number[NUMBER_TEXT];
	const char *raw = cJSON_GetStringValue(value);
	if (cJSON_IsNumber(value)) {
		number_print(value->valuedouble, number);
		raw = number;
	} else if (cJSON_IsBool(value)) {
		raw = cJSON_IsTrue(value) ? "true" : "false";
	}
	char *string = raw ? expand(raw, key, source) : NULL;
	if (!raw || (string && !text_reads(f, string))) {
		complain(f, key, source, value);
		free(string);
		return NULL;
	}
	return string;
}

static void set_text(const field *f, char **member, const cJSON *value, const char *key, const field_source *source)
{
	char *string = read_text(f, value, key, source);
	if (!string)
		return;
	if (f->type == FIELD_PATH && *string && strcmp(string, "-") != 0 && source->folder) {
		char *joined = path_join(source->folder, string);
		free(string);
		string = path_absolute(joined); /* a run's config.json is read again from another folder */
		free(joined);
	}
	free(*member);
	*member = string;
}

static void set_number(const field *f, void *member, const cJSON *value, const char *key, const field_source *source)
{
	double number = cJSON_IsNumber(value) ? value->valuedouble : NAN;
	bool ranged = f->min < f->max;
	if (isnan(number) || (ranged && (number < f->min || number > f->max)) || (f->type == FIELD_INT && number != floor(number))) {
		complain(f, key, source, value);
		return;
	}
	if (f->type == FIELD_INT)
		*(int64_t *)member = (int64_t)number;
	else
		*(double *)member = number;
}

static void set_choice(const field *f, int *member, const cJSON *value, const char *key, const field_source *source)
{
	const char *name = cJSON_GetStringValue(value);
	for (int i = 0; name && f->choices[i]; i++)
		if (strcmp(name, f->choices[i]) == 0) {
			*member = i;
			return;
		}
	complain(f, key, source, value);
}

static void strings_free(strings *list_of)
{
	for (size_t i = 0; i < list_of->count; i++)
		free(list_of->item[i]);
	free(list_of->item);
	*list_of = (strings){ 0 };
}

static void set_strings(const field *f, strings *member, const cJSON *value, const char *key, const field_source *source)
{
	if (cJSON_IsObject(value) || cJSON_IsNull(value)) {
		complain(f, key, source, value);
		return;
	}
	strings_free(member);
	const cJSON *first = cJSON_IsArray(value) ? value->child : value;
	for (const cJSON *entry = first; entry; entry = cJSON_IsArray(value) ? entry->next : NULL) {
		char *string = read_text(f, entry, key, source);
		if (!string)
			continue;
		member->item = xrealloc(member->item, member->count + 1, sizeof *member->item);
		member->item[member->count++] = string;
	}
}

static void map_free(string_map *map)
{
	for (size_t i = 0; i < map->count; i++) {
		free(map->key[i]);
		free(map->value[i]);
	}
	free(map->key);
	free(map->value);
	*map = (string_map){ 0 };
}

static void set_map(const field *f, string_map *member, const cJSON *value, const char *key, const field_source *source)
{
	if (!cJSON_IsObject(value)) {
		complain(f, key, source, value);
		return;
	}
	map_free(member);
	for (const cJSON *entry = value->child; entry; entry = entry->next) {
		char *string = read_text(f, entry, key, source);
		if (!string)
			continue;
		member->key = xrealloc(member->key, member->count + 1, sizeof *member->key);
		member->value = xrealloc(member->value, member->count + 1, sizeof *member->value);
		member->key[member->count] = xstrdup(entry->string);
		member->value[member->count++] = string;
	}
}

static void list_free(const field *f, list *l)
{
	for (size_t i = 0; i < l->count; i++)
		field_free_values(f->items, l->bytes + i * f->item_size);
	free(l->bytes);
	*l = (list){ 0 };
}

static void set_list(const field *f, list *member, const cJSON *value, const char *key, const field_source *source)
{
	if (!cJSON_IsArray(value) && !cJSON_IsObject(value)) {
		complain(f, key, source, value);
		return;
	}
	list_free(f, member);
	const cJSON *first = cJSON_IsArray(value) ? value->child : value;
	for (const cJSON *entry = first; entry; entry = cJSON_IsArray(value) ? entry->next : NULL) {
		member->bytes = xrealloc(member->bytes, member->count + 1, f->item_size);
		char *object = member->bytes + member->count * f->item_size;
		memset(object, 0, f->item_size);
		field_set_defaults(f->items, object);
		char *path = cJSON_IsArray(value) ? text_format("%s[%zu]", key, member->count) : xstrdup(key);
		member->count++;
		field_set_object(f->items, object, entry, path, source);
		free(path);
	}
}

void field_set(const field *f, void *object, const cJSON *value, const char *key, const field_source *source)
{
	void *member = at(f, object);
	switch (f->type) {
	case FIELD_BOOL:
		if (cJSON_IsBool(value))
			*(bool *)member = cJSON_IsTrue(value);
		else
			complain(f, key, source, value);
		break;
	case FIELD_INT:
	case FIELD_REAL: set_number(f, member, value, key, source); break;
	case FIELD_TEXT:
	case FIELD_PATH: set_text(f, member, value, key, source); break;
	case FIELD_CHOICE: set_choice(f, member, value, key, source); break;
	case FIELD_STRINGS: set_strings(f, member, value, key, source); break;
	case FIELD_MAP: set_map(f, member, value, key, source); break;
	case FIELD_LIST: set_list(f, member, value, key, source); break;
	}
}

void field_set_object(const field *table, void *object, const cJSON *value, const char *path, const field_source *source)
{
	char place[PLACE_TEXT];
	if (!cJSON_IsObject(value)) {
		error_add(source->err, SR_CONFIG, "%s must be an object: { ... }", field_place(source, path, place));
		return;
	}
	for (const cJSON *member = value->child; member; member = member->next) {
		const field *f = table;
		while (f->key && strcmp(f->key, member->string) != 0)
			f++;
		char *key = text_format("%s.%s", path, member->string);
		const char *nearest = f->key ? NULL : config_field_nearest(table, member->string);
		if (f->key)
			field_set(f, object, member, key, source);
		else
			error_add(source->err, SR_CONFIG, "%s is not a setting.%s%s%s", field_place(source, key, place), nearest ? " Did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
		free(key);
	}
}

/* A default is written as behind --set: JSON where it reads as JSON, else a text. */
void field_set_default(const field *f, void *object, const char *def)
{
	sr_error err = { 0 };
	field_source source = { .name = "default", .err = &err };
	cJSON *value = json_value(def);
	if (!value || (cJSON_IsNumber(value) && (f->type == FIELD_TEXT || f->type == FIELD_CHOICE)) || (f->type == FIELD_TEXT && !cJSON_IsString(value))) {
		cJSON_Delete(value);
		value = cJSON_CreateString(def);
	}
	field_set(f, object, value, f->key, &source);
	cJSON_Delete(value);
}

void field_set_defaults(const field *table, void *object)
{
	for (const field *f = table; f->key; f++) {
		if (f->type == FIELD_TEXT || f->type == FIELD_PATH)
			*(char **)at(f, object) = xstrdup("");
		if (f->def)
			field_set_default(f, object, f->def);
	}
}

void field_free_values(const field *table, void *object)
{
	for (const field *f = table; f->key; f++) {
		void *member = at(f, object);
		if (f->type == FIELD_TEXT || f->type == FIELD_PATH)
			free(*(char **)member);
		else if (f->type == FIELD_STRINGS)
			strings_free(member);
		else if (f->type == FIELD_MAP)
			map_free(member);
		else if (f->type == FIELD_LIST)
			list_free(f, member);
	}
}

const char *string_map_get(const string_map *map, const char *key)
{
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->key[i], key) == 0)
			return map->value[i];
	return NULL;
}
