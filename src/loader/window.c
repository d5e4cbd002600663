/* The window over a log's text: lines and records of it, and the record being filled. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "loader/reader_state.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

bool window_fill(reader *r, sr_error *err)
{
	if (r->begin)
		memmove(r->buffer, r->buffer + r->begin, r->end - r->begin);
	r->end -= r->begin;
	r->begin = 0;
	r->mark_at = r->mark_count = r->marked_end = 0;
	r->fills++;
	size_t n;
	bool fine = r->ahead ? ahead_read(r->ahead, r->buffer + r->end, r->room - r->end, &n, r->rows, err)
						 : stream_read(r->input, r->buffer + r->end, r->room - r->end, &n, r->rows, err);
	if (!fine)
		return false;
	r->input_over = n == 0;
	r->end += n;
	r->buffer[r->end] = '\n';
	return true;
}

/* Passes over the rest of a line that is longer than the limit; its beginning was copied to the scratch. */
static int line_skip(reader *r, char over, sr_error *err)
{
	size_t kept = LINE_LIMIT;
	memcpy(r->scratch, r->buffer + r->begin, kept);
	const char *end;
	while (!(end = memchr(r->buffer + r->begin, over, r->end - r->begin))) {
		r->begin = r->end;
		if (r->input_over)
			break;
		if (!window_fill(r, err))
			return -1;
	}
	if (end)
		r->begin = (size_t)(end - r->buffer) + 1;
	return row_bad(r, "line longer than 1 MiB", r->scratch, kept);
}

int window_line(reader *r, cell *line, sr_error *err)
{
	char over = r->carriage ? '\r' : '\n';
	const char *end;
	row_begin(r);
	while (!(end = memchr(r->buffer + r->begin, over, r->end - r->begin)) && !r->input_over) {
		if (r->end - r->begin >= LINE_LIMIT) {
			r->row.line = r->line++;
			return line_skip(r, over, err);
		}
		if (!window_fill(r, err))
			return -1;
	}
	if (!end && r->begin == r->end)
		return 0;
	const char *begin = r->buffer + r->begin;
	size_t length = (size_t)((end ? end : r->buffer + r->end) - begin);
	if (length >= LINE_LIMIT) { /* however much of it the window happens to hold */
		r->row.line = r->line++;
		return line_skip(r, over, err);
	}
	r->begin += length + (end ? 1 : 0);
	if (length && begin[length - 1] == '\r')
		length--;
	r->row.line = r->line++;
	*line = (cell){ begin, length };
	return 1;
}

/* Eight bytes at a time: most text is ASCII without NUL, which this settles alone. */
const char *text_fault(const char *bytes, size_t length)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = UINT64_C(0x8080808080808080);
	uint64_t suspect = 0;
	size_t i = 0;
	for (; i + 8 <= length; i += 8) {
		uint64_t eight;
		memcpy(&eight, bytes + i, sizeof eight);
		suspect |= (eight | (eight - ones)) & high;
	}
	for (; i < length; i++)
		suspect |= (unsigned char)bytes[i] - 1u >= 0x7f;
	if (!suspect)
		return NULL;
	if (memchr(bytes, 0, length))
		return "NUL byte";
	return text_is_utf8(bytes, length) ? NULL : "invalid UTF-8";
}

void row_begin(reader *r)
{
	r->row.count = 0;
	r->row.bad = NULL;
	r->row.bad_column = 0;
	r->scratch_used = 0;
}

void row_add(reader *r, const char *bytes, size_t length)
{
	if (r->row.count == r->row.capacity)
		r->row.cell = xgrow(r->row.cell, &r->row.capacity, r->row.count + 1, sizeof *r->row.cell);
	r->row.cell[r->row.count++] = (cell){ bytes, length };
}

int row_bad(reader *r, const char *reason, const char *raw, size_t length)
{
	r->row.bad = reason;
	r->row.bad_column = 0;
	r->row.raw = (cell){ raw, length };
	return 1;
}
