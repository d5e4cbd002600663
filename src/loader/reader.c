/* Opens a log file, names its columns, and hands out its records. */
#include "loader/reader.h"

#include <stdlib.h>
#include <string.h>

#include "loader/marks.h"
#include "loader/reader_state.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

void name_add(reader *r, const char *name, size_t length)
{
	size_t need = r->name_count + 1;
	if (need > r->name_capacity) {
		r->name = xgrow(r->name, &r->name_capacity, need, sizeof *r->name);
		r->seen = xrealloc(r->seen, r->name_capacity, sizeof *r->seen);
	}
	r->seen[r->name_count] = false;
	r->name[r->name_count++] = xstrndup(name, length);
}

/* The part before ":token" or ":float_seq" in a header of RecBole's atomic files. */
static size_t atomic_name(const cell *name)
{
	const char *colon = memchr(name->bytes, ':', name->length);
	return colon ? (size_t)(colon - name->bytes) : name->length;
}

static bool header_read(reader *r, sr_error *err)
{
	record *header;
	int got = reader_next(r, &header, err);
	if (got < 0)
		return false;
	if (got == 0)
		return true;
	if (header->bad)
		return error_set(err, SR_DATA, "%s:%llu: the header cannot be read: %s", r->path, (unsigned long long)header->line, header->bad);
	for (size_t i = 0; i < header->count; i++)
		name_add(r, header->cell[i].bytes, r->format == FORMAT_ATOMIC ? atomic_name(&header->cell[i]) : header->cell[i].length);
	r->rows = 0;
	return true;
}

/* Columns of a file without a header: the config's names, else numbers from 1. The first row is only looked at. */
static bool names_make(reader *r, sr_error *err)
{
	for (size_t i = 0; i < r->source->names.count; i++)
		name_add(r, r->source->names.item[i], strlen(r->source->names.item[i]));
	if (r->name_count)
		return true;
	record *first;
	int got = reader_next(r, &first, err);
	if (got <= 0)
		return got == 0;
	if (first->bad)
		return error_set(err, SR_DATA, "%s:%llu: the first row cannot be read: %s. Name the columns in the config, then it counts as a bad row", r->path,
			(unsigned long long)first->line, first->bad);
	for (size_t i = 1; i <= first->count; i++) {
		char *name = text_format("%zu", i);
		name_add(r, name, strlen(name));
		free(name);
	}
	r->begin = 0; /* the first window begins with the file's text */
	r->mark_at = r->mark_count = r->marked_end = 0;
	r->line = 1;
	r->rows = 0;
	return true;
}

static bool columns_read(reader *r, const strings *wanted, sr_error *err)
{
	if (r->format == FORMAT_JSONL)
		return jsonl_start(r, wanted, err);
	if (r->format == FORMAT_LISTS) {
		name_add(r, "user", 4);
		name_add(r, "item", 4);
		return true;
	}
	return r->source->header || r->format == FORMAT_ATOMIC ? header_read(r, err) : names_make(r, err);
}

/* The window for so much text; what it holds stays. */
static void window_make(reader *r, size_t room)
{
	r->room = room;
	r->buffer = xrealloc(r->buffer, room + MARKS_SLACK + 1, 1);
	memset(r->buffer + r->end, 0, room + MARKS_SLACK + 1 - r->end);
	r->buffer[r->end] = '\n';
	r->scratch = xrealloc(r->scratch, room + 1, 1);
}

/* Text to detect the format from: a fixed amount, so that it does not depend on how a pipe was cut. Where the file is damaged before that, the rows in front
 * of the damage come first: reading on meets it again, and then says how many there were. */
static bool window_first(reader *r, sr_error *err)
{
	sr_error damage = { 0 };
	while (r->end < LINE_LIMIT && !r->input_over && damage.code == SR_OK)
		if (!window_fill(r, &damage) && !r->end)
			return error_set(err, damage.code, "%s", damage.text);
	return true;
}

reader *reader_open(const source_config *source, const char *path, const strings *wanted, sr_error *err)
{
	stream *input = stream_open(path, source->encoding, err);
	if (!input)
		return NULL;
	reader *r = xcalloc(1, sizeof *r);
	r->source = source;
	r->path = strcmp(path, "-") == 0 ? "standard input" : path;
	r->input = input;
	window_make(r, WINDOW_BYTES);
	r->line = 1;
	if (!window_first(r, err))
		goto fail;
	format_detect(r);
	if (!columns_read(r, wanted, err))
		goto fail;
	return r;
fail:
	reader_close(r);
	return NULL;
}

static int format_next(reader *r, sr_error *err)
{
	switch (r->format) {
	case FORMAT_JSONL: return jsonl_next(r, err);
	case FORMAT_LISTS: return lists_next(r, err);
	default: return csv_next(r, err);
	}
}

static bool is_blank(const record *row)
{
	return !row->bad && row->raw.length == 0;
}

int reader_next(reader *r, record **out, sr_error *err)
{
	*out = &r->row;
	int got;
	do
		got = format_next(r, err);
	while (got > 0 && is_blank(&r->row));
	if (got > 0) {
		r->rows++;
		if (!r->row.bad && r->name_count && r->row.count != r->name_count) {
			r->row.bad = "wrong number of columns";
			r->row.bad_column = r->row.count;
		}
	}
	return got;
}

void reader_ahead(reader *r, unsigned threads)
{
	if (r->ahead || r->input_over)
		return;
	r->ahead = ahead_new(r->input);
	window_make(r, LINE_LIMIT + SHARE_BYTES * (size_t)(threads < SHARES_MOST ? threads : SHARES_MOST));
}

size_t reader_columns(const reader *r)
{
	return r->name_count;
}

const char *reader_column(const reader *r, size_t column)
{
	return r->name[column];
}

bool reader_column_seen(const reader *r, size_t column)
{
	return r->format != FORMAT_JSONL || r->seen[column];
}

bool reader_is_lists(const reader *r)
{
	return r->format == FORMAT_LISTS;
}

stream *reader_stream(reader *r)
{
	return r->input;
}

void reader_close(reader *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->name_count; i++)
		free(r->name[i]);
	free(r->name);
	free(r->seen);
	free(r->row.cell);
	free(r->buffer);
	free(r->mark);
	free(r->scratch);
	jsonl_free(r->json);
	ahead_free(r->ahead);
	stream_close(r->input);
	free(r);
}
