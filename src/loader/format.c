/* What the config leaves open is told from the file's name and its first text: format, separator, quoting, CR-only line ends. */
#include <string.h>

#include "loader/reader_state.h"
#include "seqrec/text.h"

static bool name_ends(const char *path, const char *ending)
{
	size_t length = strlen(path), tail = strlen(ending);
	if (length >= 3 && strcmp(path + length - 3, ".gz") == 0)
		length -= 3;
	return length >= tail && memcmp(path + length - tail, ending, tail) == 0;
}

static source_format format_by_name(const char *path)
{
	static const struct {
		const char *ending;
		source_format format;
	} known[] = { { ".csv", FORMAT_CSV }, { ".tsv", FORMAT_TSV }, { ".jsonl", FORMAT_JSONL }, { ".ndjson", FORMAT_JSONL }, { ".json", FORMAT_JSONL },
		{ ".inter", FORMAT_ATOMIC }, { ".user", FORMAT_ATOMIC }, { ".item", FORMAT_ATOMIC } };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (name_ends(path, known[i].ending))
			return known[i].format;
	return FORMAT_AUTO;
}

/* The first line of the window that is not blank. */
static cell first_line(const reader *r)
{
	const char *p = r->buffer + r->begin, *end = r->buffer + r->end;
	while (p < end && (*p == '\n' || *p == '\r'))
		p++;
	const char *begin = p;
	while (p < end && *p != '\n' && *p != '\r')
		p++;
	return (cell){ begin, (size_t)(p - begin) };
}

static size_t count_of(const cell *line, char c)
{
	size_t n = 0;
	for (size_t i = 0; i < line->length; i++)
		n += line->bytes[i] == c;
	return n;
}

/* RecBole's header: every TAB-separated cell is name:type. */
static bool is_atomic(const cell *line)
{
	size_t names = count_of(line, '\t') + 1;
	static const char *const types[] = { ":token", ":float" };
	size_t typed = 0;
	for (size_t i = 0; i + 6 <= line->length; i++)
		typed += memcmp(line->bytes + i, types[0], 6) == 0 || memcmp(line->bytes + i, types[1], 6) == 0;
	return typed == names;
}

static source_format format_by_text(const reader *r)
{
	cell line = first_line(r);
	if (line.length && line.bytes[0] == '{')
		return FORMAT_JSONL;
	if (is_atomic(&line))
		return FORMAT_ATOMIC;
	return memchr(line.bytes, '\t', line.length) && !*r->source->separator ? FORMAT_TSV : FORMAT_CSV;
}

static char separator_by_text(const reader *r)
{
	if (r->format != FORMAT_CSV)
		return '\t';
	cell line = first_line(r);
	char best = ',';
	if (count_of(&line, ','))
		return best;
	for (const char *candidate = "\t;|"; *candidate; candidate++)
		if (count_of(&line, *candidate) > count_of(&line, best))
			best = *candidate;
	return best;
}

/* TAB-separated text is quoted (spreadsheets), escaped (databases) or plain: a cell that begins with a quote, else a backslash escape, tells. */
static quote_style quote_by_text(const reader *r)
{
	if (r->format == FORMAT_ATOMIC || r->separator_length > 1)
		return QUOTE_NONE;
	if (r->separator[0] != '\t')
		return QUOTE_RFC4180;
	bool escapes = false;
	for (size_t i = r->begin; i + 1 < r->end; i++) {
		bool at_start = i == r->begin || r->buffer[i - 1] == '\t' || r->buffer[i - 1] == '\n';
		if (at_start && r->buffer[i] == '"')
			return QUOTE_RFC4180;
		escapes = escapes || (r->buffer[i] == '\\' && strchr("tnr\\N", r->buffer[i + 1]));
	}
	return escapes ? QUOTE_BACKSLASH : QUOTE_NONE;
}

void format_detect(reader *r)
{
	const source_config *c = r->source;
	r->format = (source_format)c->format;
	if (r->format == FORMAT_AUTO)
		r->format = format_by_name(r->path);
	if (r->format == FORMAT_AUTO)
		r->format = format_by_text(r);
	r->carriage = memchr(r->buffer, '\r', r->end) && !memchr(r->buffer, '\n', r->end);
	r->separator[0] = *c->separator ? *c->separator : separator_by_text(r);
	r->separator_length = 1;
	if (c->separator[0] && c->separator[1]) {
		r->separator_length = strlen(c->separator) < sizeof r->separator ? strlen(c->separator) : sizeof r->separator;
		memcpy(r->separator, c->separator, r->separator_length);
	}
	r->quote = c->quote == QUOTE_AUTO ? quote_by_text(r) : (quote_style)c->quote;
	r->stop[(unsigned char)r->separator[0]] = r->stop['\n'] = r->stop['\r'] = true;
	if (r->quote == QUOTE_BACKSLASH)
		r->stop['\\'] = true;
}
