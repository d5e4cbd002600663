#ifndef LOADER_COLUMNS_H
#define LOADER_COLUMNS_H
/* columns.h - which column of a file plays which role, holds which declared field, and is asked by which filter. */

#include "loader/reader.h"
#include "seqrec/config.h"

typedef enum {
	ROLE_USER, ROLE_ITEM, ROLE_TIME, ROLE_TYPE, ROLE_QUERY, ROLE_SESSION, ROLE_POSITION, /* of events */
	ROLE_LABEL, ROLE_SPLIT, ROLE_WEIGHT,                                                 /* of samples, beside user, item and time */
	ROLE_COUNT
} column_role;

/* Where a value comes from: a column, or the path of the file (Hive keys). */
typedef struct {
	bool there, constant;
	size_t column;
	cell value; /* of a constant */
} binding;

typedef struct {
	binding role[ROLE_COUNT];
	binding *field;  /* by number in data.fields; those of other levels are not there */
	binding *filter; /* by number in data.filters */
} columns;

/* The columns that this source must have: named for a role, a field of its level, or a filter. JSON lines are read for them. The caller clears the list. */
void columns_wanted(const data_settings *d, field_level level, const source_config *source, strings *wanted);

/* A role that the config does not name is looked for by its own name, then as NAME_id (time: also timestamp). A named column that is not there is an error
 * which lists those that are. `label` is the source's place in the config. */
bool columns_bind(columns *b, const data_settings *d, field_level level, const source_config *source, const char *label, const reader *r, const char *path,
	const string_map *keys, sr_error *err);
/* After the last record: a column that a role names and no JSON line had is an error as well. */
bool columns_seen(const columns *b, const source_config *source, const char *label, const reader *r, const char *path, sr_error *err);
void columns_clear(columns *b);
/* "The columns are: a, b. Did you mean "a"?", for messages about the missing column `name`. New. */
char *columns_list(const reader *r, const char *name);

static inline cell columns_get(const binding *b, const record *row)
{
	return b->constant ? b->value : b->there ? row->cell[b->column] : (cell){ NULL, 0 };
}

const char *field_column(const field_config *field);

#endif
