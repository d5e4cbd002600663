/* JSON lines: an object a line is a record; or, with `records`, each object of an array in it, to which the line's own values belong as well. */
#include <stdlib.h>
#include <string.h>

#include "loader/json_scan.h"
#include "loader/reader_state.h"
#include "seqrec/memory.h"

struct json_lines {
	const char *records;   /* path of the array of records, or NULL */
	bool collecting;       /* keys that are not known yet become columns */
	size_t hint;           /* number of the column found last: the next key is mostly its neighbour */
	cell *value;           /* (columns) of the record being scanned */
	cell *parent;          /* (columns) of the line around the nested records */
	size_t value_capacity, parent_capacity, parent_scratch;
	cell line;
	const char *next, *end; /* the rest of the array of records; NULL: take a new line */
};

static size_t column_of(reader *r, const json_scan *s)
{
	json_lines *j = r->json;
	for (size_t i = 0; i < r->name_count; i++) {
		size_t column = (j->hint + 1 + i) % r->name_count;
		if (strncmp(r->name[column], s->path, s->path_length + 1) == 0)
			return j->hint = column;
	}
	if (!j->collecting)
		return r->name_count;
	name_add(r, s->path, s->path_length);
	j->value = xgrow(j->value, &j->value_capacity, r->name_count, sizeof *j->value);
	j->value[r->name_count - 1] = (cell){ NULL, 0 };
	return r->name_count - 1;
}

static void value_found(json_scan *s, cell value)
{
	reader *r = s->context;
	size_t column = column_of(r, s);
	if (column == r->name_count)
		return;
	r->json->value[column] = value;
	r->seen[column] = true;
}

static json_scan scan_of(reader *r, const char *begin, const char *end)
{
	return (json_scan){ .at = begin, .end = end, .scratch = r->scratch, .scratch_used = &r->scratch_used, .found = value_found, .context = r };
}

/* Scans a line's object. The nested records are left for record_scan. */
static const char *line_scan(reader *r, cell line)
{
	json_lines *j = r->json;
	json_scan s = scan_of(r, line.bytes, line.bytes + line.length);
	s.stop_at = j->records;
	for (size_t i = 0; i < r->name_count; i++)
		j->value[i] = (cell){ NULL, 0 };
	if (!json_scan_object(&s))
		return s.fault;
	json_scan_space(&s);
	if (s.at != s.end)
		return "invalid JSON: text behind the object";
	j->next = s.array;
	j->end = s.array_end;
	return j->records && !s.array ? "the array of records is missing" : NULL;
}

/* Scans the next nested record: 1, or 0 when the array is over. */
static int record_scan(reader *r, const char **fault)
{
	json_lines *j = r->json;
	json_scan s = scan_of(r, j->next, j->end);
	json_scan_space(&s);
	if (s.at < s.end && *s.at == ',') {
		s.at++;
		json_scan_space(&s);
	}
	if (s.at == s.end)
		return 0;
	const char *begin = s.at;
	*fault = json_scan_object(&s) ? NULL : s.fault;
	j->next = *fault ? j->end : s.at; /* an element that is no object: the rest of the line goes with it */
	r->row.raw = (cell){ begin, (size_t)(j->next - begin) };
	return 1;
}

bool jsonl_start(reader *r, const strings *wanted, sr_error *err)
{
	json_lines *j = r->json = xcalloc(1, sizeof *j);
	const char *begin = r->buffer + r->begin, *text_end = r->buffer + r->end, *fault;
	(void)err;
	j->records = *r->source->records ? r->source->records : NULL;
	while (begin < text_end && (*begin == '\n' || *begin == '\r'))
		begin++;
	const char *end = memchr(begin, '\n', (size_t)(text_end - begin));
	j->collecting = true;
	if (end || r->input_over)
		if (!line_scan(r, (cell){ begin, (size_t)((end ? end : text_end) - begin) }) && j->next)
			record_scan(r, &fault);
	j->collecting = false;
	j->next = NULL;
	for (size_t i = 0; i < wanted->count; i++) {
		size_t known = 0;
		while (known < r->name_count && strcmp(r->name[known], wanted->item[i]) != 0)
			known++;
		if (known == r->name_count)
			name_add(r, wanted->item[i], strlen(wanted->item[i]));
	}
	j->value = xgrow(j->value, &j->value_capacity, r->name_count + 1, sizeof *j->value);
	j->parent = xgrow(j->parent, &j->parent_capacity, r->name_count + 1, sizeof *j->parent);
	row_begin(r);
	return true;
}

static int row_hand_out(reader *r, const char *fault)
{
	if (fault)
		return row_bad(r, fault, r->row.raw.bytes, r->row.raw.length);
	for (size_t i = 0; i < r->name_count; i++)
		row_add(r, r->json->value[i].bytes, r->json->value[i].length);
	return 1;
}

/* Takes a line that is not blank: 1, 0 at the end, -1 with an error. */
static int line_take(reader *r, const char **fault, sr_error *err)
{
	json_lines *j = r->json;
	int got;
	do
		got = window_line(r, &j->line, err);
	while (got > 0 && !r->row.bad && !j->line.length);
	if (got <= 0 || r->row.bad)
		return got;
	r->row.raw = j->line;
	*fault = text_fault(j->line.bytes, j->line.length);
	if (!*fault)
		*fault = line_scan(r, j->line);
	if (*fault || !j->records)
		j->next = NULL;
	memcpy(j->parent, j->value, r->name_count * sizeof *j->parent);
	j->parent_scratch = r->scratch_used;
	return 1;
}

int jsonl_next(reader *r, sr_error *err)
{
	json_lines *j = r->json;
	const char *fault = NULL;
	for (;;) {
		while (!j->next) {
			int got = line_take(r, &fault, err);
			if (got <= 0 || r->row.bad)
				return got;
			if (fault || !j->records)
				return row_hand_out(r, fault);
		}
		r->row.count = 0;
		r->row.bad = NULL;
		r->scratch_used = j->parent_scratch;
		memcpy(j->value, j->parent, r->name_count * sizeof *j->value);
		if (record_scan(r, &fault))
			return row_hand_out(r, fault);
		j->next = NULL;
	}
}

void jsonl_free(json_lines *j)
{
	if (!j)
		return;
	free(j->value);
	free(j->parent);
	free(j);
}
