#ifndef LOADER_SNIFF_H
#define LOADER_SNIFF_H
/* sniff.h - what was seen in the columns of a log, and the guesses made from it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loader/columns.h"
#include "loader/reader.h"
#include "loader/times.h"
#include "seqrec/config.h"
#include "seqrec/text.h"

enum { SNIFF_ROWS = 1000000, SNIFF_VALUES = 24, SNIFF_DISTINCT = 65536, SNIFF_PATTERNS = 16 };

typedef struct {
	char *text;
	uint64_t count;
} sniff_value;

typedef struct {
	char *name;
	uint64_t rows, empty, missing;     /* empty: no value; missing: NA, NaN, null or \N */
	uint64_t numbers, whole, negative; /* of the other rows: numbers, those without a fraction, those below 0 */
	double most;
	uint64_t spaces;                   /* values with a space inside */
	uint64_t votes[TIMES_UNITS];       /* what times_guess says of them */
	uint32_t patterns;                 /* bit p: sniff_patterns[p] fits all values so far */
	sniff_value value[SNIFF_VALUES];   /* the first different ones, with their counts */
	size_t values;
	uint64_t *seen;                    /* open table of hashes; 0 = free */
	size_t distinct;                   /* SNIFF_DISTINCT: at least so many */
	const char *use;                   /* what it was taken for; NULL: not used */
	char *why;
} sniff_column;

typedef struct {
	const char *path;          /* as it was given */
	char *file;                /* the one that was looked at */
	source_config source;
	sniff_column *column;
	size_t columns;
	uint64_t rows, bad;
	const char *bad_reason;
	bool lists, whole;         /* whole: every row was read */
	field_level level;
	size_t role[ROLE_COUNT];   /* SIZE_MAX: none */
	char *time_format;         /* NULL: auto */
	bool local;                /* times without an offset */
	int64_t first, last;       /* of the times read; first > last: none */
	const char *type, *type_why;
	bool unnamed_types;        /* the type column's values are all known, but none is a purchase by its name */
	bool session_is_user;
	text notes;                /* what could not be told, a line each */
	bool filter_user_missing;  /* rows without a user are dropped: "" or NA */
	size_t returns;            /* a column whose negative values are returned goods; SIZE_MAX: none */
} sniff_file;

typedef struct {
	sniff_file *file;
	size_t files;
	task_kind task;
	const char *target;        /* as_of: the event type */
	const char *horizon;
	text why;                  /* of the task */
} sniff;

extern const char *const sniff_patterns[SNIFF_PATTERNS + 1];

/* sniff_scan.c: separators, header, encoding; then every column of up to SNIFF_ROWS rows. */
bool sniff_scan(sniff_file *f, sr_error *err);
void sniff_clear(sniff_file *f);
uint64_t sniff_filled(const sniff_column *c); /* rows with a value */

/* sniff_roles.c: what each column is, and what kind of log this is. */
void sniff_roles(sniff_file *f);
void sniff_use(sniff_file *f, size_t column, const char *use, const char *why, ...) __attribute__((format(printf, 4, 5)));

/* sniff_times.c: how well a column reads as times (0: it does not), and the format and span of the one that was chosen. */
int sniff_time_fit(const sniff_column *c);
bool sniff_times(sniff_file *f, sr_error *err);

/* sniff_task.c: what kind of events these are, and what can be learned from the logs together. */
bool sniff_task(sniff *s, sr_error *err);

/* sniff_config.c and sniff_words.c */
char *sniff_config(const sniff *s, const char *folder);
char *sniff_words(const sniff *s);
char *sniff_json(const sniff *s);
/* The kind of a column that is no role ("number", "category", "text"), or NULL where it says nothing. */
const char *sniff_kind(const sniff_file *f, size_t column);

#endif
