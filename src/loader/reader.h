#ifndef LOADER_READER_H
#define LOADER_READER_H
/* reader.h - one log file as records of cells, whatever its format. A record's cells are borrowed until the next call. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loader/stream.h"
#include "seqrec/config.h"
#include "seqrec/error.h"

enum { LINE_LIMIT = 1024 * 1024 }; /* a longer record is bad */

typedef struct {
	const char *bytes; /* NULL: there is no such value in this record */
	size_t length;
} cell;

typedef struct {
	cell *cell;
	size_t count, capacity;
	uint64_t line;      /* where it begins; 1 is the first */
	cell raw;           /* its own bytes, without the line end */
	const char *bad;    /* why it cannot be read, or NULL */
	size_t bad_column;  /* number of the cell in which that was found, from 1; 0 = the whole line */
} record;

typedef struct reader reader;

/* Opens and reads what names the columns. `wanted` are columns that JSON lines shall have even when the first line lacks them. */
reader *reader_open(const source_config *source, const char *path, const strings *wanted, sr_error *err);
/* 1 = a record, 0 = the end, -1 = an error. Blank lines are passed over. */
int reader_next(reader *r, record **out, sr_error *err);

/* From now on the file is read by a thread of its own, where there is one to be had, and the window has work for so many threads. The records are the same. */
void reader_ahead(reader *r, unsigned threads);
/* The next rows as they stand in the window, where nothing but separators and line ends has to be looked at: ASCII without quotes, escapes and NULs. */
typedef struct {
	const char *text;     /* at least MARKS_SLACK bytes behind a row may be read */
	size_t begin;         /* of the first row */
	const uint32_t *stop; /* (count, columns): where each cell ends; the next one begins behind it, and a carriage return may stand before the last one's */
	size_t count, columns;
	char separator;       /* a row is as described when text[stop] is this, and a line feed for the last cell: the caller looks */
} plain_rows;

/* false: there are none at this place, take a record. Then reader_took says how many were used. */
bool reader_rows(reader *r, plain_rows *out);
void reader_took(reader *r, size_t rows);

/* The text of the window, where rows of reader_rows' kind may stand; more is read first when it is less than half full. false: there is no such text. */
typedef struct {
	const char *text;
	size_t begin, end; /* of the part that was not used yet */
	size_t columns;
	char separator, special; /* as marks_find wants them */
	uint64_t fills;    /* another number: the text stands elsewhere now, or is another */
} plain_text;
bool reader_text(reader *r, plain_text *out);
void reader_text_see(const reader *r, plain_text *out);       /* as it is, without reading */
void reader_go(reader *r, size_t end, size_t rows);           /* the text up to `end` was used: so many plain rows */

size_t reader_columns(const reader *r);
const char *reader_column(const reader *r, size_t column); /* its name */
bool reader_column_seen(const reader *r, size_t column);   /* false: JSON lines without this key so far */
bool reader_is_lists(const reader *r);                     /* rows have no time */
stream *reader_stream(reader *r);                          /* borrowed: size and sum of what was read */
void reader_close(reader *r);                              /* NULL ok */

#endif
