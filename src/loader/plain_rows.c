/* Rows that need no care, many at a time: the window's text is searched for marks in pieces that stay in the cache. */
#include "loader/marks.h"
#include "loader/reader_state.h"
#include "seqrec/memory.h"

enum { PIECE_BYTES = 32 * 1024 };

/* The byte beside separators and line ends that a plain row must not hold. */
static char special_of(const reader *r)
{
	return r->quote == QUOTE_RFC4180 ? '"' : r->quote == QUOTE_BACKSLASH ? '\\' : r->separator[0];
}

static bool is_plain(const reader *r)
{
	return r->format != FORMAT_JSONL && r->format != FORMAT_LISTS && !r->carriage && r->separator_length == 1 && r->name_count >= 2;
}

static void piece_mark(reader *r)
{
	size_t length = r->end - r->begin < PIECE_BYTES ? r->end - r->begin : PIECE_BYTES;
	if (!r->mark)
		r->mark = xcalloc(PIECE_BYTES + MARKS_SLACK, sizeof *r->mark);
	r->mark_count = marks_find(r->buffer + r->begin, length, r->separator[0], special_of(r), (uint32_t)r->begin, r->mark);
	r->marked_end = r->begin + length;
	r->mark_at = 0;
}

bool reader_rows(reader *r, plain_rows *out)
{
	size_t columns = r->name_count;
	if (!is_plain(r))
		return false;
	while (r->mark_at < r->mark_count && r->mark[r->mark_at] < r->begin)
		r->mark_at++;
	bool all = r->marked_end == r->end && r->marked_end > r->begin;
	if (r->mark_count - r->mark_at < columns && !all)
		piece_mark(r);
	*out = (plain_rows){ .text = r->buffer, .begin = r->begin, .stop = r->mark + r->mark_at, .count = (r->mark_count - r->mark_at) / columns, .columns = columns,
		.separator = r->separator[0] };
	return out->count > 0;
}

void reader_took(reader *r, size_t rows)
{
	if (!rows)
		return;
	r->mark_at += rows * r->name_count;
	r->begin = (size_t)r->mark[r->mark_at - 1] + 1;
	r->line += rows;
	r->rows += rows;
}

void reader_text_see(const reader *r, plain_text *out)
{
	*out = (plain_text){ .text = r->buffer, .begin = r->begin, .end = r->end, .columns = r->name_count, .separator = r->separator[0], .special = special_of(r),
		.fills = r->fills };
}

bool reader_text(reader *r, plain_text *out)
{
	if (!is_plain(r))
		return false;
	if (r->end - r->begin < r->room / 2) {
		sr_error damage = { 0 }; /* the rows before it come first: reading on meets it again */
		while (!r->input_over && r->end - r->begin < r->room && damage.code == SR_OK)
			window_fill(r, &damage);
	}
	reader_text_see(r, out);
	return out->end > out->begin;
}

void reader_go(reader *r, size_t end, size_t rows)
{
	r->begin = end;
	r->line += rows;
	r->rows += rows;
}
