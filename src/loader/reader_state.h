#ifndef LOADER_READER_STATE_H
#define LOADER_READER_STATE_H
/* reader_state.h - what the formats' parsers (csv.c, jsonl.c, lists.c) share: the window over the text and the record being filled. */

#include "loader/ahead.h"
#include "loader/reader.h"

typedef struct json_lines json_lines;

struct reader {
	const source_config *source;
	const char *path;      /* for messages */
	stream *input;
	ahead_reader *ahead;   /* NULL: the stream is read when text is needed */
	source_format format;
	quote_style quote;
	char separator[16];
	size_t separator_length;
	bool stop[256];        /* bytes at which the scan of an unquoted cell stops */
	bool carriage;         /* lines end in CR alone */

	char *buffer;          /* the window [begin, end); buffer[end] is a line end, so that scans stop there */
	size_t begin, end, room; /* room: for text in the buffer */
	uint64_t fills;        /* how often the text moved */
	bool input_over;
	uint64_t line;         /* number of the line at begin */
	uint64_t rows;         /* records handed out */

	uint32_t *mark;        /* places in the window that marks.h finds, for [marked, marked_end) */
	size_t mark_at, mark_count, marked_end; /* mark_at: the first one that was not used */

	char **name;
	bool *seen;
	size_t name_count, name_capacity;
	record row;
	char *scratch;         /* unescaped cells of the current record, never longer than the record */
	size_t scratch_used;

	json_lines *json;      /* state between the nested records of a line */
	bool list_open;        /* format lists: the current line may hold more items */
	size_t list_at;        /* where the next one begins */
	char list_user[64];
};

enum { WINDOW_BYTES = LINE_LIMIT + 256 * 1024, SHARE_BYTES = 512 * 1024 /* more for each thread */, SHARES_MOST = 8 };

/* Reads more text behind the window; false with an error. input_over tells that there is no more. */
bool window_fill(reader *r, sr_error *err);
/* The next line without its end: 1, or 0 at the end, -1 with an error. A line above the limit comes as a bad record. */
int window_line(reader *r, cell *line, sr_error *err);
/* The reason why the bytes cannot be text (NUL, invalid UTF-8), or NULL. */
const char *text_fault(const char *bytes, size_t length);

void row_begin(reader *r);
void row_add(reader *r, const char *bytes, size_t length);
/* A record that cannot be read; `raw` is what is kept of it. Returns 1. */
int row_bad(reader *r, const char *reason, const char *raw, size_t length);
void name_add(reader *r, const char *name, size_t length);

int csv_next(reader *r, sr_error *err);

bool jsonl_start(reader *r, const strings *wanted, sr_error *err);
int jsonl_next(reader *r, sr_error *err);
void jsonl_free(json_lines *j); /* NULL ok */

int lists_next(reader *r, sr_error *err);

/* Names for what the config leaves to the loader: format, separator, quoting, line ends, from the first text of the file. */
void format_detect(reader *r);

#endif
