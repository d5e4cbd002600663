/* Separated values: RFC 4180 (quotes, "" inside, line ends inside) and its dialects without quotes or with backslash escapes. The scan works on the window
 * itself; only cells that hold escapes are copied. */
#include <string.h>

#include "loader/reader_state.h"

/* What ended a cell. */
typedef enum { END_CELL, END_ROW, NEED_MORE, END_BAD } cell_end;

/* Bytes of the line end at p (0: none there), or -1 when the next byte must be known. */
static int line_end(const reader *r, const char *p, const char *end)
{
	if (*p == '\n')
		return 1;
	if (*p != '\r')
		return 0;
	if (r->carriage)
		return 1;
	if (p + 1 == end)
		return r->input_over ? 1 : -1;
	return p[1] == '\n' ? 2 : 0;
}

/* Bytes of the separator at p (0: none there), or -1 when more bytes must be known. */
static int separator_at(const reader *r, const char *p, const char *end)
{
	if (*p != r->separator[0])
		return 0;
	if (r->separator_length == 1)
		return 1;
	if ((size_t)(end - p) < r->separator_length)
		return r->input_over ? 0 : -1;
	return memcmp(p, r->separator, r->separator_length) == 0 ? (int)r->separator_length : 0;
}

static char unescaped(char c)
{
	switch (c) {
	case 't': return '\t';
	case 'n': return '\n';
	case 'r': return '\r';
	case 'b': return '\b';
	case 'f': return '\f';
	case '0': return '\0';
	default: return c;
	}
}

/* Adds a cell of the backslash dialect. A lone \N stays as it is: it is a text for "no value". */
static void cell_add_escaped(reader *r, const char *bytes, size_t length)
{
	if (length == 2 && bytes[1] == 'N') {
		row_add(r, bytes, length);
		return;
	}
	char *to = r->scratch + r->scratch_used;
	size_t n = 0;
	for (size_t i = 0; i < length; i++)
		to[n++] = bytes[i] == '\\' && i + 1 < length ? unescaped(bytes[++i]) : bytes[i];
	r->scratch_used += n;
	row_add(r, to, n);
}

static cell_end bad_here(reader *r, const char *reason)
{
	r->row.bad = reason;
	r->row.bad_column = r->row.count + 1;
	return END_BAD;
}

/* A cell without quotes. *at goes behind what ended it. A carriage return inside does not stop the scan: the rest of the line is part of the bad row. */
static cell_end cell_plain(reader *r, const char **at, const char *end)
{
	const char *p = *at;
	bool escaped = false;
	for (;; p++) {
		while (!r->stop[(unsigned char)*p])
			p++;
		if (p == end) {
			if (!r->input_over)
				return NEED_MORE;
			break;
		}
		if (*p == '\\' && r->quote == QUOTE_BACKSLASH) {
			if (p + 1 == end && !r->input_over)
				return NEED_MORE;
			escaped = true;
			p += p + 1 < end;
			continue;
		}
		int length = separator_at(r, p, end), over = line_end(r, p, end);
		if (length < 0 || over < 0)
			return NEED_MORE;
		if (!length && !over) {
			if (*p == '\r')
				bad_here(r, "carriage return inside a line");
			continue;
		}
		(escaped ? cell_add_escaped : row_add)(r, *at, (size_t)(p - *at));
		*at = p + (length ? length : over);
		return length ? END_CELL : END_ROW;
	}
	(escaped ? cell_add_escaped : row_add)(r, *at, (size_t)(p - *at));
	*at = p;
	return END_ROW;
}

static void cell_add_doubled(reader *r, const char *bytes, size_t length)
{
	char *to = r->scratch + r->scratch_used;
	size_t n = 0;
	for (size_t i = 0; i < length; i++) {
		to[n++] = bytes[i];
		i += bytes[i] == '"';
	}
	r->scratch_used += n;
	row_add(r, to, n);
}

/* A cell that begins with a quote. */
static cell_end cell_quoted(reader *r, const char **at, const char *end)
{
	const char *begin = *at + 1, *p = begin;
	bool doubled = false;
	for (;; p += 2, doubled = true) {
		p = memchr(p, '"', (size_t)(end - p));
		if (!p)
			return r->input_over ? bad_here(r, "a quote is not closed") : NEED_MORE;
		if (p + 1 == end && !r->input_over)
			return NEED_MORE;
		if (p + 1 == end || p[1] != '"')
			break;
	}
	(doubled ? cell_add_doubled : row_add)(r, begin, (size_t)(p - begin));
	*at = ++p;
	if (p == end)
		return END_ROW;
	int length = separator_at(r, p, end), over = line_end(r, p, end);
	if (length < 0 || over < 0)
		return NEED_MORE;
	*at = p + (length ? length : over);
	return length ? END_CELL : over ? END_ROW : bad_here(r, "text behind a closing quote");
}

static size_t lines_in(const char *p, const char *end)
{
	size_t n = 0;
	for (; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		n++;
	return n;
}

/* After a record that cannot be parsed: the row is its first line, and reading goes on with the next one. */
static int line_drop(reader *r, sr_error *err)
{
	const char *reason = r->row.bad;
	size_t column = r->row.bad_column;
	cell line;
	int got = window_line(r, &line, err);
	if (got <= 0 || r->row.bad) /* bad already: longer than the limit, and `line` was not given */
		return got;
	row_bad(r, reason, line.bytes, line.length);
	r->row.bad_column = column;
	return 1;
}

/* Parses the record at the window's begin: 1 done, 0 more text is needed. A record that cannot be parsed is left in place with its reason. */
static bool record_parse(reader *r, const char **after)
{
	const char *p = r->buffer + r->begin, *end = r->buffer + r->end;
	bool quotes = r->quote == QUOTE_RFC4180;
	row_begin(r);
	cell_end how;
	do
		how = quotes && p < end && *p == '"' ? cell_quoted(r, &p, end) : cell_plain(r, &p, end);
	while (how == END_CELL);
	*after = p;
	return how != NEED_MORE;
}

static void record_finish(reader *r, const char *after)
{
	const char *begin = r->buffer + r->begin;
	size_t length = (size_t)(after - begin);
	r->row.line = r->line;
	r->line += lines_in(begin, after) + (r->carriage ? 1 : 0);
	r->begin += length;
	while (length && (begin[length - 1] == '\n' || begin[length - 1] == '\r'))
		length--;
	r->row.raw = (cell){ begin, length };
	const char *fault = text_fault(begin, length);
	if (fault)
		row_bad(r, fault, begin, length);
}

/* A record above the limit, whether the window holds all of it or not. */
static int record_drop(reader *r, sr_error *err)
{
	bool quoted = r->quote == QUOTE_RFC4180 && memchr(r->buffer + r->begin, '\n', LINE_LIMIT);
	r->row.bad = quoted ? "a quote is not closed within 1 MiB" : "line longer than 1 MiB";
	return line_drop(r, err);
}

int csv_next(reader *r, sr_error *err)
{
	const char *after;
	while (r->begin == r->end || !record_parse(r, &after)) {
		if (r->begin == r->end && r->input_over)
			return 0;
		if (r->end - r->begin >= LINE_LIMIT)
			return record_drop(r, err);
		if (!window_fill(r, err))
			return -1;
	}
	if ((size_t)(after - r->buffer) - r->begin > LINE_LIMIT)
		return record_drop(r, err);
	if (r->row.bad && strcmp(r->row.bad, "carriage return inside a line") != 0)
		return line_drop(r, err);
	record_finish(r, after);
	return 1;
}
