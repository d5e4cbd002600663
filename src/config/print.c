/* print.c - what the table says to people and programs: the resolved config, origins, help, reference, JSON Schema. */
#include "field.h"

#include "seqrec/memory.h"
#include "seqrec/number.h"

#include <stdlib.h>
#include <string.h>

static void add_string(text *out, const char *string)
{
	text_add_json(out, string, strlen(string));
}

static void add_tabs(text *out, int count)
{
	while (count-- > 0)
		text_add(out, "\t");
}

static void add_number(text *out, double value)
{
	char number[NUMBER_TEXT];
	number_print(value, number);
	text_add(out, number);
}

static void print_object(const field *table, const void *object, text *out, int indent)
{
	text_add(out, "{");
	for (const field *f = table; f->key; f++) {
		text_add(out, f == table ? "\n" : ",\n");
		add_tabs(out, indent + 1);
		add_string(out, f->key);
		text_add(out, ": ");
		field_print(f, object, out, indent + 1);
	}
	text_add(out, "\n");
	add_tabs(out, indent);
	text_add(out, "}");
}

static void print_list(const field *f, const void *member, text *out, int indent)
{
	const struct {
		char *bytes;
		size_t count;
	} *list = member;
	text_add(out, "[");
	for (size_t i = 0; i < list->count; i++) {
		text_add(out, i ? ", " : "");
		print_object(f->items, list->bytes + i * f->item_size, out, indent);
	}
	text_add(out, "]");
}

void field_print(const field *f, const void *object, text *out, int indent)
{
	const void *member = (const char *)object + f->offset;
	const strings *list = member;
	const string_map *map = member;
	switch (f->type) {
	case FIELD_BOOL: text_add(out, *(const bool *)member ? "true" : "false"); break;
	case FIELD_INT: text_addf(out, "%lld", (long long)*(const int64_t *)member); break;
	case FIELD_REAL: add_number(out, *(const double *)member); break;
	case FIELD_TEXT:
	case FIELD_PATH: add_string(out, *(char *const *)member); break;
	case FIELD_CHOICE: add_string(out, f->choices[*(const int *)member]); break;
	case FIELD_STRINGS:
		text_add(out, "[");
		for (size_t i = 0; i < list->count; i++) {
			text_add(out, i ? ", " : "");
			add_string(out, list->item[i]);
		}
		text_add(out, "]");
		break;
	case FIELD_MAP:
		text_add(out, "{");
		for (size_t i = 0; i < map->count; i++) {
			text_add(out, i ? ", " : "");
			add_string(out, map->key[i]);
			text_add(out, ": ");
			add_string(out, map->value[i]);
		}
		text_add(out, "}");
		break;
	case FIELD_LIST: print_list(f, member, out, indent); break;
	}
}

static size_t section_length(const char *key)
{
	return strcspn(key, ".");
}

static bool same_section(const field *a, const field *b)
{
	size_t length = section_length(a->key);
	return length == section_length(b->key) && strncmp(a->key, b->key, length) == 0;
}

static const field *print_section(const config *c, const field *first, text *out)
{
	const field *f = first;
	text_add(out, "{");
	for (; f->key && same_section(f, first); f++) {
		text_add(out, f == first ? "\n\t\t" : ",\n\t\t");
		add_string(out, f->key + section_length(f->key) + 1);
		text_add(out, ": ");
		field_print(f, c, out, 2);
	}
	text_add(out, "\n\t}");
	return f;
}

char *config_print(const config *c)
{
	text out = { 0 };
	text_add(&out, "{");
	for (const field *f = config_fields; f->key;) {
		text_add(&out, f == config_fields ? "\n\t" : ",\n\t");
		text_add_json(&out, f->key, section_length(f->key));
		text_add(&out, ": ");
		f = print_section(c, f, &out);
	}
	text_add(&out, "\n}\n");
	return out.data;
}

char *config_print_section(const config *c, const char *section)
{
	text out = { 0 };
	size_t length = strlen(section);
	for (const field *f = config_fields; f->key; f++)
		if (section_length(f->key) == length && strncmp(f->key, section, length) == 0) {
			print_section(c, f, &out);
			break;
		}
	return out.data ? out.data : xstrdup("");
}

char *config_difference(const config *now, const config *before, const char *const *except)
{
	text out = { 0 };
	text_add(&out, "");
	for (const field *f = config_fields; f->key; f++) {
		text mine = { 0 }, theirs = { 0 };
		bool counts = true;
		for (size_t i = 0; except[i]; i++)
			counts &= !text_starts(f->key, except[i]);
		field_print(f, now, &mine, 0);
		field_print(f, before, &theirs, 0);
		if (counts && strcmp(mine.data, theirs.data) != 0)
			text_addf(&out, "%s%s: %.200s, was %.200s", out.length ? "; " : "", f->key, mine.data, theirs.data);
		text_free(&mine);
		text_free(&theirs);
	}
	return out.data;
}

char *config_print_origins(const config *c)
{
	static const char *const names[] = { [ORIGIN_DEFAULT] = "default", [ORIGIN_FILE] = "file", [ORIGIN_ENVIRONMENT] = "environment", [ORIGIN_SET] = "--set" };
	text out = { 0 };
	for (const field *f = config_fields; f->key; f++) {
		text value = { 0 };
		field_print(f, c, &value, 0);
		for (char *letter = value.data; *letter; letter++)
			if (*letter == '\n' || *letter == '\t')
				*letter = ' ';
		text_addf(&out, "%-12s %s = %s\n", names[c->origin->of[f - config_fields]], f->key, value.data);
		text_free(&value);
	}
	return out.data;
}

/* ---- descriptions ---- */

void field_describe(const field *f, text *out)
{
	static const char *const words[] = { [FIELD_BOOL] = "true or false", [FIELD_INT] = "a whole number", [FIELD_REAL] = "a number", [FIELD_TEXT] = "a text", [FIELD_PATH] = "a path",
		[FIELD_CHOICE] = "one of ", [FIELD_STRINGS] = "a list of texts", [FIELD_MAP] = "an object of texts", [FIELD_LIST] = "a list of objects" };
	static const char *const checks[] = { [CHECK_NONE] = "", [CHECK_BYTES] = " such as 1GiB", [CHECK_DURATION] = " such as 30d or 12h", [CHECK_TIME] = " such as 2018-03-20 or 2018-03-20T12:00:00Z" };
	text_add(out, words[f->type]);
	for (int i = 0; f->type == FIELD_CHOICE && f->choices[i]; i++)
		text_addf(out, "%s%s", i ? ", " : "", f->choices[i]);
	text_add(out, checks[f->check]);
	if (f->min < f->max) {
		text_add(out, " from ");
		add_number(out, f->min);
		text_add(out, " to ");
		add_number(out, f->max);
	}
}

static void help_field(const field *f, const char *prefix, text *out)
{
	text_addf(out, "%s%s  (", prefix, f->key);
	field_describe(f, out);
	const char *next = config_task_default(f);
	text_addf(out, "%s%s%s%s)\n    %s\n", f->def ? "; default " : "", f->def ? f->def : "", next ? "; next_item: " : "", next ? next : "", f->help);
	if (f->example)
		text_addf(out, "    Example: %s\n", f->example);
	for (const field *inner = f->type == FIELD_LIST ? f->items : NULL; inner && inner->key; inner++) {
		char *path = text_format("%s%s[].", prefix, f->key);
		help_field(inner, path, out);
		free(path);
	}
}

char *config_help(const char *key)
{
	text out = { 0 };
	size_t length = strlen(key);
	for (const field *f = config_fields; f->key; f++)
		if (strcmp(f->key, key) == 0 || (strncmp(f->key, key, length) == 0 && (f->key[length] == '.' || !length)))
			help_field(f, "", &out);
	return out.data;
}

static void reference_rows(const field *table, const char *prefix, text *out)
{
	for (const field *f = table; f->key; f++) {
		text_addf(out, "| `%s%s` | ", prefix, f->key);
		field_describe(f, out);
		const char *next = config_task_default(f);
		text_addf(out, " | %s%s%s", f->def ? "`" : "", f->def ? f->def : "", f->def ? "`" : "");
		if (next)
			text_addf(out, "; next_item: `%s`", next);
		text_addf(out, " | %s", f->help);
		text_addf(out, f->example ? " Example: `%s` |\n" : " |\n", f->example);
	}
}

char *config_reference(void)
{
	text out = { 0 };
	text_add(&out, "| setting | takes | default | meaning |\n| --- | --- | --- | --- |\n");
	reference_rows(config_fields, "", &out);
	for (const field *f = config_fields; f->key; f++) {
		bool repeated = false;
		for (const field *before = config_fields; before < f; before++)
			repeated |= before->items == f->items;
		if (f->type != FIELD_LIST || repeated)
			continue;
		text_addf(&out, "\nEach entry of `%s`", f->key);
		for (const field *after = f + 1; after->key; after++)
			if (after->items == f->items)
				text_addf(&out, ", `%s`", after->key);
		text_add(&out, ":\n\n| setting | takes | default | meaning |\n| --- | --- | --- | --- |\n");
		reference_rows(f->items, "", &out);
	}
	return out.data;
}

/* ---- JSON Schema (draft 2020-12) ---- */

static void schema_object(const field *table, size_t skip, const field *end, text *out);

static void schema_field(const field *f, text *out)
{
	static const char *const types[] = { [FIELD_BOOL] = "\"type\":\"boolean\"", [FIELD_INT] = "\"type\":\"integer\"", [FIELD_REAL] = "\"type\":\"number\"", [FIELD_TEXT] = "\"type\":\"string\"",
		[FIELD_PATH] = "\"type\":\"string\"", [FIELD_CHOICE] = "\"enum\":[", [FIELD_STRINGS] = "\"type\":[\"array\",\"string\",\"number\"],\"items\":{\"type\":[\"string\",\"number\",\"boolean\"]}",
		[FIELD_MAP] = "\"type\":\"object\",\"additionalProperties\":{\"type\":[\"string\",\"number\"]}", [FIELD_LIST] = "\"type\":[\"array\",\"object\"],\"items\":" };
	text_add(out, "{\"description\":");
	add_string(out, f->help);
	text_addf(out, ",%s", types[f->type]);
	for (int i = 0; f->type == FIELD_CHOICE && f->choices[i]; i++) {
		text_add(out, i ? "," : "");
		add_string(out, f->choices[i]);
	}
	text_add(out, f->type == FIELD_CHOICE ? "]" : "");
	if (f->type == FIELD_LIST)
		schema_object(f->items, 0, NULL, out);
	if (f->min < f->max) {
		text_add(out, ",\"minimum\":");
		add_number(out, f->min);
		text_add(out, ",\"maximum\":");
		add_number(out, f->max);
	}
	text_add(out, "}");
}

static void schema_object(const field *table, size_t skip, const field *end, text *out)
{
	text_add(out, "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
	for (const field *f = table; f->key && f != end; f++) {
		text_add(out, f == table ? "" : ",");
		add_string(out, f->key + skip);
		text_add(out, ":");
		schema_field(f, out);
	}
	text_add(out, "}}");
}

char *config_schema(void)
{
	text out = { 0 };
	text_add(&out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"seqrec config\",\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
	               "\"$schema\":{\"description\":\"Where the editor finds this schema; seqrec does not look at it.\",\"type\":\"string\"},");
	for (const field *f = config_fields, *next; f->key; f = next) {
		for (next = f; next->key && same_section(next, f); next++)
			;
		text_add(&out, f == config_fields ? "" : ",");
		text_add_json(&out, f->key, section_length(f->key));
		text_add(&out, ":");
		schema_object(f, section_length(f->key) + 1, next, &out);
	}
	text_add(&out, "}}\n");
	return out.data;
}
