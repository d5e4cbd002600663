/* Opens a log as it seems to be written, and counts what stands in its columns. */
#include "loader/sniff.h"

#include <stdlib.h>
#include <string.h>

#include "loader/reader_state.h"
#include "loader/sources.h"
#include "seqrec/hash.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"

uint64_t sniff_filled(const sniff_column *c)
{
	return c->rows - c->empty - c->missing;
}

static bool is_missing(const cell *value)
{
	static const char *const words[] = { "\\N", "NA", "NaN", "nan", "null", "NULL" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == value->length && memcmp(words[i], value->bytes, value->length) == 0)
			return true;
	return false;
}

static void count_value(sniff_column *c, const cell *value)
{
	for (size_t i = 0; i < c->values; i++)
		if (strlen(c->value[i].text) == value->length && memcmp(c->value[i].text, value->bytes, value->length) == 0) {
			c->value[i].count++;
			return;
		}
	if (c->values < SNIFF_VALUES)
		c->value[c->values++] = (sniff_value){ xstrndup(value->bytes, value->length), 1 };
}

static void count_distinct(sniff_column *c, const cell *value)
{
	enum { SLOTS = SNIFF_DISTINCT * 2 };
	uint64_t hash = hash_bytes(value->bytes, value->length);
	hash += !hash;
	if (c->distinct == SNIFF_DISTINCT)
		return;
	for (size_t at = hash % SLOTS;; at = (at + 1) % SLOTS) {
		if (c->seen[at] == hash)
			return;
		if (!c->seen[at]) {
			c->seen[at] = hash;
			c->distinct++;
			return;
		}
	}
}

static void try_patterns(sniff_column *c, const cell *value)
{
	for (size_t p = 0; sniff_patterns[p]; p++) {
		times_format format = { .unit = TIMES_PATTERN, .year = 2020 };
		int64_t time;
		bool offset;
		if (!(c->patterns >> p & 1))
			continue;
		memcpy(format.pattern, sniff_patterns[p], strlen(sniff_patterns[p]) + 1);
		if (!pattern_read(&format, value->bytes, value->length, &time, &offset))
			c->patterns &= ~(UINT32_C(1) << p);
	}
}

static void column_add(sniff_column *c, const cell *value)
{
	double number;
	c->rows++;
	if (!value->length) {
		c->empty++;
		return;
	}
	if (is_missing(value)) {
		c->missing++;
		return;
	}
	if (number_parse(value->bytes, value->length, &number)) {
		c->most = !c->numbers || number > c->most ? number : c->most;
		c->numbers++;
		c->negative += number < 0;
		c->whole += number < 9e15 && number > -9e15 && number == (double)(int64_t)number;
	}
	c->spaces += memchr(value->bytes, ' ', value->length) != NULL;
	c->votes[times_guess(value->bytes, value->length)]++;
	if (c->patterns)
		try_patterns(c, value);
	count_value(c, value);
	count_distinct(c, value);
}

/* A first row of numbers and times only is no header. */
static bool looks_like_header(const reader *r)
{
	double number;
	for (size_t i = 0; i < reader_columns(r); i++) {
		const char *name = reader_column(r, i);
		if (*name && !number_parse(name, strlen(name), &number) && times_guess(name, strlen(name)) == TIMES_AUTO)
			return true;
	}
	return false;
}

/* The member of a JSON line that holds a list of objects; new, or NULL. */
static char *nested_records(const reader *r)
{
	const char *begin = r->buffer + r->begin, *end = r->buffer + r->end;
	const char *line = memchr(begin, '\n', (size_t)(end - begin));
	end = line ? line : end;
	for (const char *at = begin; at < end; at++) {
		const char *next = at + 1;
		if (*at != '[')
			continue;
		next += strspn(next, " \t");
		const char *close = at;
		while (close > begin && (close[-1] == ':' || close[-1] == ' '))
			close--;
		if (next >= end || *next != '{' || close == at || close[-1] != '"')
			continue;
		const char *open = close - 1;
		while (open > begin && open[-1] != '"')
			open--;
		return xstrndup(open, (size_t)(close - 1 - open));
	}
	return NULL;
}

static void set_text(char **member, const char *value)
{
	free(*member);
	*member = xstrdup(value);
}

/* Settles what the reader does not find out alone; true: open it again. */
static bool adjust(sniff_file *f, const reader *r)
{
	const char *first = reader_columns(r) ? reader_column(r, 0) : "";
	if (r->format == FORMAT_JSONL) {
		char *records = *f->source.records ? NULL : nested_records(r);
		if (records)
			set_text(&f->source.records, records);
		free(records);
		return records != NULL;
	}
	if (reader_columns(r) == 1 && !*f->source.separator && r->format == FORMAT_CSV && (strstr(first, "::") || strchr(first, ' ') || !f->source.header)) {
		set_text(&f->source.separator, strstr(first, "::") ? "::" : " ");
		return true;
	}
	if (f->source.header && r->format != FORMAT_ATOMIC && !looks_like_header(r)) {
		f->source.header = false;
		return true;
	}
	return false;
}

static reader *open_adjusted(sniff_file *f, sr_error *err)
{
	const strings none = { 0 };
	for (int tries = 0;; tries++) {
		reader *r = reader_open(&f->source, f->file, &none, err);
		if (!r || tries == 4 || !adjust(f, r))
			return r;
		reader_close(r);
	}
}

static void columns_start(sniff_file *f, const reader *r)
{
	f->columns = reader_columns(r);
	f->column = xcalloc(f->columns + 1, sizeof *f->column);
	for (size_t i = 0; i < f->columns; i++)
		f->column[i] = (sniff_column){ .name = xstrdup(reader_column(r, i)), .patterns = UINT32_MAX >> (32 - SNIFF_PATTERNS), .seen = xcalloc(SNIFF_DISTINCT * 2, sizeof(uint64_t)) };
}

static void columns_stop(sniff_file *f)
{
	for (size_t i = 0; i < f->columns; i++) {
		free(f->column[i].name);
		free(f->column[i].why);
		free(f->column[i].seen);
		for (size_t k = 0; k < f->column[i].values; k++)
			free(f->column[i].value[k].text);
	}
	free(f->column);
	f->column = NULL;
	f->columns = 0;
}

static bool read_rows(sniff_file *f, sr_error *err)
{
	record *row;
	reader *r = open_adjusted(f, err);
	if (!r)
		return false;
	int got = 1;
	f->rows = f->bad = 0;
	f->lists = reader_is_lists(r);
	columns_start(f, r);
	while (f->rows < SNIFF_ROWS && (got = reader_next(r, &row, err)) > 0) {
		f->rows++;
		if (row->bad) {
			f->bad_reason = row->bad;
			f->bad++;
			continue;
		}
		for (size_t i = 0; i < row->count && i < f->columns; i++)
			column_add(&f->column[i], &row->cell[i]);
	}
	f->whole = got == 0;
	reader_close(r);
	return got >= 0;
}

bool sniff_scan(sniff_file *f, sr_error *err)
{
	static const char *const encodings[] = { "GB18030", "ISO-8859-1" };
	if (!read_rows(f, err))
		return false;
	for (size_t i = 0; f->bad && f->bad_reason && strstr(f->bad_reason, "UTF-8") && i < sizeof encodings / sizeof *encodings; i++) {
		columns_stop(f);
		f->bad_reason = NULL;
		set_text(&f->source.encoding, encodings[i]);
		if (!read_rows(f, err))
			return false;
	}
	if (f->rows > f->bad)
		return true;
	return error_set(err, SR_DATA, "%s: none of its %llu rows could be read%s%s", f->file, (unsigned long long)f->rows, f->bad_reason ? ": " : "", f->bad_reason ? f->bad_reason : "");
}

void sniff_clear(sniff_file *f)
{
	columns_stop(f);
	free(f->file);
	free(f->time_format);
	free(f->source.separator);
	free(f->source.records);
	free(f->source.encoding);
	text_free(&f->notes);
}
