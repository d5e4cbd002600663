#ifndef SEQREC_CONFIG_FIELD_H
#define SEQREC_CONFIG_FIELD_H
/* field.h - how a setting is described (the table is in fields.c) and how a value of any kind is set, printed and freed. */

#include "seqrec/config.h"
#include "seqrec/text.h"

#include <cjson/cJSON.h>

typedef enum {
	FIELD_BOOL,
	FIELD_INT,
	FIELD_REAL,
	FIELD_TEXT,
	FIELD_PATH,    /* a text; relative to the config's folder */
	FIELD_CHOICE,
	FIELD_STRINGS, /* a list of texts; a single text stands for a list of one */
	FIELD_MAP,     /* an object of texts */
	FIELD_LIST     /* a list of objects, each described by `items` */
} field_type;

typedef enum { CHECK_NONE, CHECK_BYTES, CHECK_DURATION, CHECK_TIME } field_check; /* what a text must read as, unless it is empty */

typedef struct field field;
struct field {
	const char *key;
	field_type type;
	size_t offset;
	const char *def;               /* as it would be written behind --set key= ; NULL: empty. A new field's is what was done before there was one: runs of then name none */
	double min, max;               /* both 0: any */
	const char *const *choices;    /* NULL-terminated, in the order of the enum */
	field_check check;
	const field *items;            /* FIELD_LIST: the table of its objects, ended by a key of NULL */
	size_t item_size;
	const char *example, *help;
};

extern const field config_fields[]; /* ended by a key of NULL */
size_t config_field_count(void);
const field *config_field(const char *key); /* NULL when there is none */
const char *config_field_nearest(const field *table, const char *key);

typedef enum { ORIGIN_DEFAULT, ORIGIN_FILE, ORIGIN_ENVIRONMENT, ORIGIN_SET } origin;

struct config_origin {
	unsigned char *of; /* by place in config_fields: an `origin` */
};

/* Where a value comes from, for messages. */
typedef struct {
	const char *name;         /* "config.json", "--set", "environment" */
	const char *text;         /* the config's text, for line numbers; NULL elsewhere */
	size_t length;
	const char *folder;       /* relative paths are joined to it */
	sr_error *err;
} field_source;

/* "config.json:14" or "--set": where `key` was given. Returns the buffer. */
enum { PLACE_TEXT = 512 };
const char *field_place(const field_source *source, const char *key, char place[PLACE_TEXT]);

/* Sets the field of `object` from a JSON value, checking type, range and choices; errors are added to source->err under the name `key`. */
void field_set(const field *f, void *object, const cJSON *value, const char *key, const field_source *source);
/* Reads one object of a table: members set their fields, unknown ones are errors with the nearest name. */
void field_set_object(const field *table, void *object, const cJSON *value, const char *path, const field_source *source);
void field_set_default(const field *f, void *object, const char *def);
void field_set_defaults(const field *table, void *object);
void field_free_values(const field *table, void *object);
/* The value as JSON, indented by `indent` tabs when it needs several lines. */
void field_print(const field *f, const void *object, text *out, int indent);
/* "0 < x <= 1", "one of a, b", "a duration such as 30d": what values a field takes. */
void field_describe(const field *f, text *out);

/* Fields that nobody set take the defaults of the task, where it has its own (tasks.c). */
void config_task_defaults(config *c);
const char *config_task_default(const field *f); /* of next_item, or NULL: no own one */

/* Adds an error for every rule between fields that does not hold. */
void config_check_rules(const config *c, const field_source *source);

#endif
