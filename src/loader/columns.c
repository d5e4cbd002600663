/* Roles, fields and filters -> columns of one file. */
#include "loader/columns.h"

#include <stdlib.h>
#include <string.h>

#include "loader/sources.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

enum { LIST_MOST = 1500 };

static const char *const names[ROLE_COUNT] = { "user", "item", "time", "type", "query", "session", "position", "label", "split", "weight" };

const char *field_column(const field_config *field)
{
	return field->column && *field->column ? field->column : field->name;
}

/* The roles that a kind of source has. */
static bool role_fits(column_role which, field_level level)
{
	switch (level) {
	case LEVEL_EVENT: return which <= ROLE_POSITION;
	case LEVEL_USER: return which == ROLE_USER;
	case LEVEL_ITEM: return which == ROLE_ITEM;
	default: return which == ROLE_USER || which == ROLE_ITEM || which == ROLE_TIME || which >= ROLE_LABEL;
	}
}

static bool role_required(column_role which, field_level level, const source_config *source, const reader *r)
{
	switch (level) {
	case LEVEL_EVENT: return which == ROLE_USER || (which == ROLE_TIME && !reader_is_lists(r) && strcmp(source->time_format, "order") != 0);
	case LEVEL_USER: return which == ROLE_USER;
	case LEVEL_ITEM: return which == ROLE_ITEM;
	default: return false; /* rows to predict have no label */
	}
}

/* Rules are for rows of events and samples; rows that describe a user or an item are kept. */
static bool filters_apply(field_level level)
{
	return level == LEVEL_EVENT || level == LEVEL_SAMPLE;
}

void columns_wanted(const data_settings *d, field_level level, const source_config *source, strings *wanted)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		const char *name = string_map_get(&source->columns, names[i]);
		if (name && role_fits((column_role)i, level))
			strings_append(wanted, name);
	}
	for (size_t i = 0; i < d->fields.count; i++)
		if (d->fields.item[i].on == (int)level)
			strings_append(wanted, field_column(&d->fields.item[i]));
	for (size_t i = 0; i < d->filters.count && filters_apply(level); i++)
		strings_append(wanted, d->filters.item[i].field);
}

static bool bind_name(binding *b, const char *name, const reader *r, const string_map *keys)
{
	for (size_t i = 0; i < reader_columns(r); i++)
		if (strcmp(reader_column(r, i), name) == 0) {
			*b = (binding){ .there = true, .column = i };
			return true;
		}
	const char *value = string_map_get(keys, name);
	if (value)
		*b = (binding){ .there = true, .constant = true, .value = { value, strlen(value) } };
	return value != NULL;
}

static void bind_implicit(binding *b, column_role which, const reader *r, const string_map *keys)
{
	char id[32];
	size_t length = strlen(names[which]);
	memcpy(id, names[which], length);
	memcpy(id + length, "_id", sizeof "_id");
	if (!bind_name(b, names[which], r, keys) && !bind_name(b, id, r, keys) && which == ROLE_TIME)
		bind_name(b, "timestamp", r, keys);
}

/* The names of the columns that `r` has seen; new. *nearest: the one that `name` may mean, or NULL. */
static char *names_seen(const reader *r, const char *name, const char **nearest)
{
	text list = { 0 };
	size_t count = 0;
	const char **column = xcalloc(reader_columns(r) + 1, sizeof *column), *longer = NULL;
	for (size_t i = 0; i < reader_columns(r); i++) {
		if (!reader_column_seen(r, i))
			continue;
		column[count++] = reader_column(r, i);
		if (list.length < LIST_MOST)
			text_addf(&list, "%s%s", count > 1 ? ", " : "", column[count - 1]);
		if (!longer && strstr(column[count - 1], name)) /* action_time for time */
			longer = column[count - 1];
	}
	*nearest = longer ? longer : text_nearest(name, column, count);
	free(column);
	return list.data ? list.data : xstrdup("(none)");
}

char *columns_list(const reader *r, const char *name)
{
	const char *near;
	char *list = names_seen(r, name, &near);
	char *sentence = text_format("The columns are: %s.%s%s%s", list, near ? " Did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	free(list);
	return sentence;
}

static bool absent(const reader *r, const char *path, const char *label, const char *what, const char *name, sr_error *err)
{
	char *list = columns_list(r, name);
	error_set(err, SR_CONFIG, "%s: there is no column \"%s\" (%s.%s). %s", path, name, label, what, list);
	free(list);
	return false;
}

static bool bind_role(columns *b, column_role which, field_level level, const source_config *source, const char *label, const reader *r, const char *path,
	const string_map *keys, sr_error *err)
{
	const char *name = string_map_get(&source->columns, names[which]);
	binding *to = &b->role[which];
	char what[32] = "columns.";
	strcat(what, names[which]);
	if (which == ROLE_TYPE && *source->type)
		return true;
	if (reader_is_lists(r))
		name = NULL;
	if (name)
		return bind_name(to, name, r, keys) || absent(r, path, label, what, name, err);
	bind_implicit(to, which, r, keys);
	return to->there || !role_required(which, level, source, r) || absent(r, path, label, what, names[which], err);
}

bool columns_bind(columns *b, const data_settings *d, field_level level, const source_config *source, const char *label, const reader *r, const char *path,
	const string_map *keys, sr_error *err)
{
	b->field = xcalloc(d->fields.count + 1, sizeof *b->field);
	b->filter = xcalloc(d->filters.count + 1, sizeof *b->filter);
	for (int i = 0; i < ROLE_COUNT; i++)
		if (role_fits((column_role)i, level) && !bind_role(b, (column_role)i, level, source, label, r, path, keys, err))
			return false;
	for (size_t i = 0; i < d->fields.count; i++)
		if (d->fields.item[i].on == (int)level)
			bind_name(&b->field[i], field_column(&d->fields.item[i]), r, keys);
	for (size_t i = 0; i < d->filters.count && filters_apply(level); i++)
		bind_name(&b->filter[i], d->filters.item[i].field, r, keys);
	return true;
}

bool columns_seen(const columns *b, const source_config *source, const char *label, const reader *r, const char *path, sr_error *err)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		const char *name = string_map_get(&source->columns, names[i]);
		char what[32] = "columns.";
		strcat(what, names[i]);
		if (name && b->role[i].there && !b->role[i].constant && !reader_column_seen(r, b->role[i].column))
			return absent(r, path, label, what, name, err);
	}
	return true;
}

void columns_clear(columns *b)
{
	free(b->field);
	free(b->filter);
	*b = (columns){ 0 };
}
