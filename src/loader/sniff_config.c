/* The guesses as a config, with the evidence in comments. */
#include "loader/sniff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "seqrec/file.h"
#include "seqrec/instant.h"
#include "seqrec/memory.h"
#include "seqrec/store.h"

static const char *const role_name[ROLE_COUNT] = { "user", "item", "time", "type", "query", "session", "position", "label", "split", "weight" };

static void add_json(text *out, const char *value)
{
	text_add_json(out, value, strlen(value));
}

/* A comment ends with its line, whatever a value of the log holds. */
static void add_comment(text *out, const char *indent, const char *words, size_t length)
{
	text_addf(out, "%s// ", indent);
	for (size_t i = 0; i < length; i++)
		text_add_bytes(out, (unsigned char)words[i] < 0x20 ? " " : words + i, 1);
	text_add(out, "\n");
}

static void add_comments(text *out, const char *indent, const text *lines)
{
	for (const char *line = lines->data; line && *line;) {
		size_t length = strcspn(line, "\n");
		add_comment(out, indent, line, length);
		line += length + (line[length] == '\n');
	}
}

/* "store_id", "categoryId": its numbers are names. */
static bool is_id(const char *name)
{
	size_t length = strlen(name);
	return length > 2 && (strcmp(name + length - 2, "id") == 0 || strcmp(name + length - 2, "Id") == 0 || strcmp(name + length - 2, "ID") == 0) && (name[length - 3] == '_' || name[length - 2] == 'I');
}

const char *sniff_kind(const sniff_file *f, size_t column)
{
	const sniff_column *c = &f->column[column];
	uint64_t filled = sniff_filled(c);
	if (c->use || c->distinct < 2 || !filled || f->lists)
		return NULL;
	if (c->numbers == filled && c->distinct > 20 && !is_id(c->name))
		return c->whole == filled && c->distinct * 2 > filled ? NULL : "number";
	if (c->spaces * 2 > filled && c->distinct * 20 > filled)
		return "text";
	return c->distinct * 2 > filled || c->distinct > 10000 ? NULL : "category";
}

static void add_columns(const sniff_file *f, text *out)
{
	size_t put = 0;
	for (int i = 0; i < ROLE_COUNT; i++) {
		if (f->role[i] == SIZE_MAX)
			continue;
		text_addf(out, "%s\"%s\": ", put++ ? ", " : "", role_name[i]);
		add_json(out, f->column[f->role[i]].name);
	}
}

static void add_member(text *out, const char *key, const char *value)
{
	text_addf(out, ",\n\t\t\t\t\"%s\": ", key);
	add_json(out, value);
}

/* The values as they are, for people to put event types in their place. */
static void add_types(const sniff_file *f, text *out)
{
	const sniff_column *c = &f->column[f->role[ROLE_TYPE]];
	text_add(out, ",\n\t\t\t\t\"types\": { ");
	for (size_t i = 0; i < c->values; i++) {
		text_add(out, i ? ", " : "");
		add_json(out, c->value[i].text);
		text_add(out, ": ");
		add_json(out, c->value[i].text);
	}
	text_add(out, " }");
}

static void add_source(const sniff_file *f, const char *folder, text *out)
{
	char *path = strcmp(folder, ".") == 0 ? xstrdup(f->path) : path_absolute(f->path);
	for (size_t i = 0; i < f->columns; i++)
		if (f->column[i].use && *f->column[i].use) {
			char *line = text_format("%s = %s: %s", f->column[i].use, f->column[i].name, f->column[i].why);
			add_comment(out, "\t\t\t", line, strlen(line));
			free(line);
		}
	add_comments(out, "\t\t\t", &f->notes);
	text_add(out, "\t\t\t{\n\t\t\t\t\"path\": ");
	add_json(out, path);
	if (*f->source.separator)
		add_member(out, "separator", f->source.separator);
	if (*f->source.records)
		add_member(out, "records", f->source.records);
	if (*f->source.encoding)
		add_member(out, "encoding", f->source.encoding);
	if (!f->source.header)
		text_add(out, ",\n\t\t\t\t\"header\": false");
	if (!f->lists) {
		text_add(out, ",\n\t\t\t\t\"columns\": { ");
		add_columns(f, out);
		text_add(out, " }");
	}
	if (f->level == LEVEL_EVENT && f->type)
		add_member(out, "type", f->type);
	if (f->unnamed_types)
		add_types(f, out);
	if (f->time_format)
		add_member(out, "time_format", f->time_format);
	else if (f->level == LEVEL_EVENT && !f->lists)
		add_member(out, "time_format", "order");
	if (f->local)
		add_member(out, "time_zone", "+00:00");
	text_add(out, f->local ? " // the times have no offset: change it if they are not UTC\n\t\t\t}" : "\n\t\t\t}");
	free(path);
}

static void add_sources(const sniff *s, const char *folder, field_level level, const char *key, text *out)
{
	size_t put = 0;
	for (size_t i = 0; i < s->files; i++) {
		if (s->file[i].level != level)
			continue;
		text_add(out, put++ ? ",\n" : "");
		if (put == 1)
			text_addf(out, "%s\t\t\"%s\": [\n", out->data[out->length - 1] == '\n' ? "" : ",\n", key);
		add_source(&s->file[i], folder, out);
	}
	if (put)
		text_add(out, "\n\t\t]");
}

static bool declared_before(const sniff *s, size_t file, size_t column)
{
	for (size_t i = 0; i < file; i++)
		for (size_t k = 0; k < s->file[i].columns; k++)
			if (s->file[i].level == s->file[file].level && sniff_kind(&s->file[i], k) && strcmp(s->file[i].column[k].name, s->file[file].column[column].name) == 0)
				return true;
	return false;
}

static void add_fields(const sniff *s, text *out)
{
	static const char *const on[] = { [LEVEL_EVENT] = "event", [LEVEL_USER] = "user", [LEVEL_ITEM] = "item", [LEVEL_SAMPLE] = "sample" };
	size_t put = 0;
	for (size_t i = 0; i < s->files; i++)
		for (size_t k = 0; k < s->file[i].columns; k++) {
			const sniff_file *f = &s->file[i];
			const char *kind = sniff_kind(f, k);
			if (!kind || declared_before(s, i, k))
				continue;
			text_add(out, put++ ? ",\n\t\t\t{ \"name\": " : ",\n\t\t\"fields\": [\n\t\t\t{ \"name\": ");
			add_json(out, f->column[k].name);
			text_addf(out, ", \"on\": \"%s\", \"kind\": \"%s\"%s }", on[f->level], kind, strcmp(kind, "number") == 0 && !f->column[k].negative ? ", \"transform\": \"log1p\"" : "");
		}
	text_add(out, put ? "\n\t\t]" : "");
}

static void add_filter(text *out, size_t *put, const char *field, const char *rest)
{
	text_add(out, (*put)++ ? ",\n\t\t\t{ \"field\": " : ",\n\t\t\"filters\": [\n\t\t\t{ \"field\": ");
	add_json(out, field);
	text_addf(out, ", %s }", rest);
}

static void add_filters(const sniff *s, text *out)
{
	size_t put = 0;
	for (size_t i = 0; i < s->files; i++) {
		const sniff_file *f = &s->file[i];
		const sniff_column *user = f->filter_user_missing ? &f->column[f->role[ROLE_USER]] : NULL;
		if (user)
			add_filter(out, &put, user->name, "\"operator\": \"missing\", \"name\": \"no user\"");
		if (f->level == LEVEL_EVENT && f->returns != SIZE_MAX)
			add_filter(out, &put, f->column[f->returns].name, "\"operator\": \"<\", \"value\": \"0\", \"name\": \"returned\"");
	}
	text_add(out, put ? "\n\t\t]" : "");
}

static void add_task(const sniff *s, text *out)
{
	bool order = false, given = false, timed = false;
	for (size_t i = 0; i < s->files; i++) {
		order = order || (s->file[i].level == LEVEL_EVENT && s->file[i].role[ROLE_TIME] == SIZE_MAX);
		given = given || (s->file[i].level == LEVEL_SAMPLE && s->file[i].role[ROLE_SPLIT] != SIZE_MAX);
		timed = timed || (s->file[i].level == LEVEL_SAMPLE && s->file[i].role[ROLE_TIME] != SIZE_MAX);
	}
	add_comments(out, "\t", &s->why);
	if (s->task == TASK_COLUMN) {
		text_addf(out, "\t\"task\": { \"kind\": \"column\" },\n\t\"split\": { \"kind\": \"%s\" }", given ? "given" : timed ? "time" : "random");
	} else if (s->task == TASK_AS_OF) {
		text_add(out, "\t\"task\": { \"kind\": \"as_of\", \"events\": [");
		add_json(out, s->target);
		text_addf(out, "], \"horizon\": \"%s\", \"every\": \"%s\" },\n\t\"split\": { \"kind\": \"time\" }", s->horizon, s->horizon);
	} else {
		text_addf(out, "\t\"task\": { \"kind\": \"next_item\" },\n\t\"split\": { \"kind\": \"%s\" }", order ? "leave_one_out" : "time");
	}
}

char *sniff_config(const sniff *s, const char *folder)
{
	text out = { 0 };
	bool sequences = false;
	for (size_t i = 0; i < s->files; i++)
		sequences = sequences || s->file[i].level == LEVEL_EVENT;
	text_add(&out, "// Guessed by seqrec init from the logs; every setting: seqrec help config. Look at the guesses, then: seqrec check THIS_FILE\n{\n\t\"data\": {\n");
	add_sources(s, folder, LEVEL_EVENT, "events", &out);
	add_sources(s, folder, LEVEL_USER, "users", &out);
	add_sources(s, folder, LEVEL_ITEM, "items", &out);
	add_sources(s, folder, LEVEL_SAMPLE, "samples", &out);
	add_fields(s, &out);
	add_filters(s, &out);
	text_add(&out, "\n\t},\n");
	add_task(s, &out);
	text_add(&out, sequences ? "\n}\n" : ",\n\t\"model\": { \"encoder\": \"none\" } // no events: attributes alone\n}\n");
	return out.data;
}
