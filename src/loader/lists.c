/* One sequence a line: "user item item ...", or "item item ..." where the line is the user. Values are parted by spaces or TABs. */
#include <stdio.h>

#include "loader/reader_state.h"

static bool is_gap(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The next value of the line at or behind `at`; an empty cell when there is none. */
static cell value_at(const cell *line, size_t at)
{
	while (at < line->length && is_gap(line->bytes[at]))
		at++;
	size_t end = at;
	while (end < line->length && !is_gap(line->bytes[end]))
		end++;
	return (cell){ line->bytes + at, end - at };
}

static size_t behind(const cell *line, const cell *value)
{
	return (size_t)(value->bytes - line->bytes) + value->length;
}

/* The line's number; behind the log's type where it has one, so that the lines of two logs are different users. */
static cell line_user(reader *r)
{
	const char *type = r->source->type ? r->source->type : "";
	int length = snprintf(r->list_user, sizeof r->list_user, "%.40s%s%llu", type, type[0] ? ":" : "", (unsigned long long)r->row.line);
	return (cell){ r->list_user, (size_t)length };
}

/* Takes a new line: its user becomes the first cell. */
static int line_take(reader *r, sr_error *err)
{
	cell line;
	int got = window_line(r, &line, err);
	if (got <= 0 || r->row.bad)
		return got;
	const char *fault = text_fault(line.bytes, line.length);
	if (fault)
		return row_bad(r, fault, line.bytes, line.length);
	r->row.raw = line;
	cell user = value_at(&line, 0);
	r->list_at = 0;
	if (string_map_get(&r->source->columns, "user"))
		r->list_at = behind(&line, &user);
	else
		user = line_user(r);
	row_add(r, user.bytes, user.length);
	r->list_open = true;
	return 1;
}

int lists_next(reader *r, sr_error *err)
{
	for (;;) {
		if (!r->list_open) {
			int got = line_take(r, err);
			if (got <= 0 || r->row.bad)
				return got;
		}
		cell item = value_at(&r->row.raw, r->list_at);
		if (item.length) {
			r->row.count = 1;
			row_add(r, item.bytes, item.length);
			r->list_at = behind(&r->row.raw, &item);
			return 1;
		}
		r->list_open = false;
	}
}
