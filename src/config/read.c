/* read.c - a config from its file, the environment and --set. Every error is found in one pass. */
#include "field.h"

#include "seqrec/file.h"
#include "seqrec/json.h"
#include "seqrec/memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { CONFIG_MOST = 1 << 20 };

extern char **environ;

static void note_origin(config *c, const field *f, origin from)
{
	c->origin->of[f - config_fields] = (unsigned char)from;
}

static bool is_section(const char *name)
{
	size_t length = strlen(name);
	for (const field *f = config_fields; f->key; f++)
		if (strncmp(f->key, name, length) == 0 && f->key[length] == '.')
			return true;
	return false;
}

static void unknown(const char *key, const field_source *source)
{
	char place[PLACE_TEXT];
	const char *nearest = config_nearest(key);
	error_add(source->err, SR_CONFIG, "%s is not a setting.%s%s%s", field_place(source, key, place), nearest ? " Did you mean " : " `seqrec help config` lists them all", nearest ? nearest : "",
	          nearest ? "?" : ".");
}

static void unknown_section(const char *name, const field_source *source)
{
	enum { SECTIONS_MOST = 16 };
	char *names[SECTIONS_MOST], place[PLACE_TEXT];
	size_t count = 0;
	for (const field *f = config_fields; f->key && count < SECTIONS_MOST; f++) {
		size_t length = strcspn(f->key, ".");
		if (!count || strlen(names[count - 1]) != length || strncmp(names[count - 1], f->key, length) != 0)
			names[count++] = xstrndup(f->key, length);
	}
	const char *nearest = text_nearest(name, (const char *const *)names, count);
	if (nearest)
		error_add(source->err, SR_CONFIG, "%s is not a setting. Did you mean %s?", field_place(source, name, place), nearest);
	else
		unknown(name, source);
	while (count)
		free(names[--count]);
}

static void set_key(config *c, const char *key, const cJSON *value, origin from, const field_source *source)
{
	const field *f = config_field(key);
	if (!f) {
		unknown(key, source);
		return;
	}
	field_set(f, c, value, key, source);
	note_origin(c, f, from);
}

static void read_section(config *c, const cJSON *section, const field_source *source)
{
	char place[PLACE_TEXT];
	if (strcmp(section->string, "$schema") == 0 && cJSON_IsString(section)) /* for the editor */
		return;
	if (!is_section(section->string)) {
		unknown_section(section->string, source);
		return;
	}
	if (!cJSON_IsObject(section)) {
		error_add(source->err, SR_CONFIG, "%s must be an object: { ... }", field_place(source, section->string, place));
		return;
	}
	for (const cJSON *member = section->child; member; member = member->next) {
		char *key = text_format("%s.%s", section->string, member->string);
		set_key(c, key, member, ORIGIN_FILE, source);
		free(key);
	}
}

/* A value behind "=": JSON where it reads as JSON, else a text. A text field takes it as it stands. */
static cJSON *read_value(const char *key, const char *string)
{
	const field *f = config_field(key);
	cJSON *value = json_value(string);
	bool plain = f && (f->type == FIELD_TEXT || f->type == FIELD_PATH || f->type == FIELD_CHOICE);
	if (value && !(plain && !cJSON_IsString(value)))
		return value;
	cJSON_Delete(value);
	return cJSON_CreateString(string);
}

static void read_sets(config *c, const strings *sets, const field_source *file)
{
	field_source source = { .name = "--set", .folder = ".", .err = file->err };
	for (size_t i = 0; sets && i < sets->count; i++) {
		const char *equals = strchr(sets->item[i], '=');
		if (!equals) {
			error_add(source.err, SR_CONFIG, "--set %s: must be KEY=VALUE", sets->item[i]);
			continue;
		}
		char *key = xstrndup(sets->item[i], (size_t)(equals - sets->item[i]));
		cJSON *value = read_value(key, equals + 1);
		set_key(c, key, value, ORIGIN_SET, &source);
		cJSON_Delete(value);
		free(key);
	}
}

/* SEQREC_TRAIN_LEARNING_RATE=1e-4: the key in capitals, points as underscores. Other SEQREC_ names (SEQREC_CPU, SEQREC_DATA) are not settings. */
static void read_environment(config *c, const field_source *file)
{
	field_source source = { .name = "environment", .folder = ".", .err = file->err };
	for (const field *f = config_fields; f->key; f++) {
		char *name = text_format("SEQREC_%s", f->key);
		for (char *letter = name; *letter; letter++)
			*letter = *letter == '.' ? '_' : (char)toupper((unsigned char)*letter);
		const char *given = getenv(name);
		if (given) {
			cJSON *value = read_value(f->key, given);
			set_key(c, f->key, value, ORIGIN_ENVIRONMENT, &source);
			cJSON_Delete(value);
		}
		free(name);
	}
}

static config *parse(const char *content, size_t length, const char *name, const char *folder, const strings *sets, bool resolved, sr_error *err)
{
	sr_error found = { 0 };
	field_source source = { .name = name, .text = content, .length = length, .folder = folder, .err = &found };
	config *c = xcalloc(1, sizeof *c);
	c->origin = xcalloc(1, sizeof *c->origin);
	c->origin->of = xcalloc(config_field_count(), 1);
	field_set_defaults(config_fields, c);
	cJSON *tree = json_parse(content, length, true, name, SR_CONFIG, &found);
	if (tree && !cJSON_IsObject(tree))
		error_set(&found, SR_CONFIG, "%s: a config must be a JSON object: { ... }", name);
	for (const cJSON *section = cJSON_IsObject(tree) ? tree->child : NULL; section; section = section->next)
		read_section(c, section, &source);
	if (cJSON_IsObject(tree)) {
		read_environment(c, &source);
		read_sets(c, sets, &source);
		if (!resolved)
			config_task_defaults(c);
		config_check_rules(c, &source);
	}
	cJSON_Delete(tree);
	if (found.code == SR_OK)
		return c;
	if (err && err->code == SR_OK)
		*err = found;
	config_free(c);
	return NULL;
}

config *config_parse(const char *content, size_t length, const char *name, const char *folder, const strings *sets, sr_error *err)
{
	return parse(content, length, name, folder, sets, false, err);
}

static config *load(const char *path, const strings *sets, bool resolved, sr_error *err)
{
	size_t length;
	sr_error missing = { 0 };
	char *content = file_read(path, CONFIG_MOST, &length, &missing);
	if (!content) {
		error_set(err, SR_CONFIG, "%s. Name a config file; `seqrec help train` shows a small one", missing.text);
		return NULL;
	}
	char *folder = path_folder(path);
	config *c = parse(content, length, path, folder, sets, resolved, err);
	free(folder);
	free(content);
	return c;
}

config *config_load(const char *path, const strings *sets, sr_error *err)
{
	return load(path, sets, false, err);
}

config *config_load_resolved(const char *path, const strings *sets, sr_error *err)
{
	return load(path, sets, true, err);
}

void config_free(config *c)
{
	if (!c)
		return;
	field_free_values(config_fields, c);
	free(c->origin->of);
	free(c->origin);
	free(c);
}
