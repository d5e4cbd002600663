/* Walks the rows of all sources of one level: opens files, binds columns, drops filtered rows, sets bad ones aside, counts everything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "loader/builder.h"
#include "loader/filters.h"
#include "loader/pieces.h"
#include "loader/sources.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

enum { ROWS_TO_GUESS = 10000, ROWS_A_CHECK = 32768 };

uint32_t scan_code(intern *t, cell value)
{
	return value.length ? intern_add(t, value.bytes, value.length) : 0;
}

static size_t cell_number(const binding *b)
{
	return b->there && !b->constant ? b->column + 1 : 0;
}

row_verdict scan_time(scan_state *x, const record *row, int64_t *time, const char **reason, size_t *column)
{
	const binding *b = &x->columns.role[ROLE_TIME];
	if (x->times.unit == TIMES_ORDER) {
		*time = (int64_t)x->number * 1000000;
		return ROW_USED;
	}
	cell value = columns_get(b, row);
	if (x->times.unit == TIMES_AUTO && value.length) { /* standard input: there was no look ahead */
		uint64_t votes[TIMES_UNITS] = { 0 };
		votes[times_guess(value.bytes, value.length)]++;
		times_settle(&x->times, votes);
	}
	*column = cell_number(b);
	switch (times_read(&x->times, value.bytes, value.length, time, reason)) {
	case TIMES_GOOD: return ROW_USED;
	case TIMES_BAD: return ROW_BAD;
	default: return ROW_FAILED;
	}
}

row_verdict scan_fields(builder *b, scan_state *x, const record *row, uint32_t *words, const char **reason, size_t *column)
{
	for (size_t i = 0; i < b->field_count; i++) {
		field_state *f = &b->field[i];
		if (f->config->on != (int)x->level)
			continue;
		*reason = field_encode(f, x->source, columns_get(&x->columns.field[i], row), words + f->offset);
		*column = cell_number(&x->columns.field[i]);
		if (*reason)
			return ROW_BAD;
	}
	return ROW_USED;
}

/* Reads ahead in a file for the unit of its times; a file without times settles nothing. */
static bool times_look(builder *b, scan_state *x, const char *path, sr_error *err)
{
	strings wanted = { 0 };
	string_map keys = { 0 };
	columns bound = { 0 };
	uint64_t votes[TIMES_UNITS] = { 0 };
	record *row;
	columns_wanted(b->data, x->level, x->source, &wanted);
	sources_keys(path, &keys);
	reader *r = reader_open(x->source, path, &wanted, err);
	bool empty = r && !reader_columns(r), fine = empty || (r && columns_bind(&bound, b->data, x->level, x->source, x->label, r, path, &keys, err));
	int got = fine && !empty;
	for (int i = 0; got > 0 && i < ROWS_TO_GUESS && (got = reader_next(r, &row, err)) > 0; i++) {
		cell value = row->bad ? (cell){ 0 } : columns_get(&bound.role[ROLE_TIME], row);
		if (value.length)
			votes[times_guess(value.bytes, value.length)]++;
	}
	if (fine && reader_is_lists(r))
		x->times.unit = TIMES_ORDER;
	else
		times_settle(&x->times, votes);
	reader_close(r);
	columns_clear(&bound);
	strings_clear(&wanted);
	map_clear(&keys);
	return got >= 0 && fine;
}

static bool mixed(const builder *b, const scan_state *x, const char *path, const record *row, sr_error *err)
{
	cell value = columns_get(&x->columns.role[ROLE_TIME], row);
	char rows[NUMBER_TEXT];
	number_print_grouped(b->tally[x->level].read - 1, rows);
	times_unit before = x->times.seen != TIMES_AUTO ? x->times.seen : x->times.unit, now = times_guess(value.bytes, value.length);
	return error_set(err, SR_DATA, "%s:%llu: time \"%.*s\" looks like %s, the rows before like %s: mixed units? (%s.time_format is %s); "
		"%s rows read, nothing written. Make the log's times alike, or give each unit a source of its own", path, (unsigned long long)row->line,
		(int)(value.length < 40 ? value.length : 40), value.bytes, now == TIMES_AUTO ? "another unit" : times_unit_name(now), times_unit_name(before),
		x->label, x->times.name, rows);
}

static row_verdict row_judge(builder *b, scan_state *x, const record *row, const char **reason, size_t *column, sr_error *err)
{
	if (row->bad) {
		*reason = row->bad;
		*column = row->bad_column;
		return ROW_BAD;
	}
	int rule = filters_match(&b->data->filters, x->source, &x->columns, row);
	if (rule >= 0) {
		char *title = filter_title(&b->data->filters.item[rule]);
		tally_filtered(&b->tally[x->level], title, 1);
		free(title);
		return ROW_FILTERED;
	}
	return x->take(b, x, row, reason, column, err);
}

static bool row_count(builder *b, scan_state *x, const char *path, const record *row, sr_error *err)
{
	const char *reason = NULL;
	size_t column = 0;
	tally *t = &b->tally[x->level];
	row_verdict verdict = row_judge(b, x, row, &reason, &column, err);
	t->read++;
	x->number++;
	switch (verdict) {
	case ROW_USED:
		t->used++;
		return true;
	case ROW_FILTERED:
		if (reason)
			tally_filtered(t, reason, 1);
		return true;
	case ROW_BAD:
		tally_bad(t, reason);
		return quarantine_add(b->bad, path, row, reason, column, err);
	default:
		return err->code ? false : mixed(b, x, path, row, err);
	}
}

/* What the ids do not take of data.memory is the sorter's. Ids themselves stay in memory, about 50 bytes for each different one. */
static void memory_share(builder *b)
{
	size_t held = builder_bytes(b), least = (size_t)(b->budget / 8);
	if (held > b->budget && !b->budget_exceeded) {
		log_warning("the different ids and values of the logs need more than data.memory (%s) by themselves; memory will exceed it", b->data->memory);
		b->budget_exceeded = true;
	}
	sorter_limit(b->events, held + least < b->budget ? (size_t)b->budget - held : least);
}

static bool several(const builder *b, scan_state *x)
{
	return b->pieces && x->many && pieces_fit(b, x);
}

/* Takes what stands at the front as plain rows, as long as there are any. */
static bool plain_read(builder *b, scan_state *x, reader *r, uint64_t *rows, sr_error *err)
{
	plain_rows some;
	while (x->many && reader_rows(r, &some)) {
		size_t taken;
		if (!x->many(b, x, &some, &taken, err))
			return false;
		reader_took(r, taken);
		b->tally[x->level].read += taken;
		b->tally[x->level].used += taken;
		*rows += taken;
		if (taken < some.count || several(b, x))
			break;
	}
	return true;
}

/* The same by several threads. What is too short for them is taken by one. */
static bool many_read(builder *b, scan_state *x, reader *r, uint64_t *rows, sr_error *err)
{
	uint64_t before = *rows;
	bool more = false;
	if (several(b, x) && !pieces_take(b->pieces, x, r, rows, &more, err))
		return false;
	return more || *rows > before || plain_read(b, x, r, rows, err);
}

static bool rows_read(builder *b, scan_state *x, const char *path, reader *r, sr_error *err)
{
	record *row;
	uint64_t next_check = ROWS_A_CHECK;
	int got;
	if (b->pieces)
		pieces_start(b->pieces);
	for (uint64_t n = 1;; n++) {
		if (!many_read(b, x, r, &n, err))
			return false;
		if ((got = reader_next(r, &row, err)) <= 0)
			return got == 0;
		if (!row_count(b, x, path, row, err))
			return false;
		if (n >= next_check) {
			memory_share(b);
			next_check = n + ROWS_A_CHECK;
		}
	}
}

static void file_note(builder *b, const char *path, reader *r)
{
	b->file = xrealloc(b->file, b->file_count + 1, sizeof *b->file);
	source_file *f = &b->file[b->file_count++];
	struct stat about;
	*f = (source_file){ .path = xstrdup(path), .size = stream_size(reader_stream(r)) };
	if (stat(path, &about) == 0)
		f->modified = (int64_t)about.st_mtim.tv_sec * 1000000000 + about.st_mtim.tv_nsec;
	stream_sum(reader_stream(r), f->sum);
}

static bool binding_seen(const binding *b, const reader *r)
{
	return b->there && (b->constant || reader_column_seen(r, b->column));
}

/* Whether a file has a declared field's column; until one has, what the first file has instead, for the message. */
static void field_look(field_state *f, const binding *at, field_level level, const reader *r)
{
	f->found = f->found || binding_seen(at, r);
	if (!f->found && !f->instead && f->config->on == (int)level)
		f->instead = columns_list(r, field_column(f->config));
}

static bool file_read_rows(builder *b, scan_state *x, const char *path, sr_error *err)
{
	strings wanted = { 0 };
	string_map keys = { 0 };
	columns_wanted(b->data, x->level, x->source, &wanted);
	sources_keys(path, &keys);
	reader *r = reader_open(x->source, path, &wanted, err);
	bool fine = r != NULL;
	if (fine && b->threads > 1)
		reader_ahead(r, b->threads);
	if (fine && reader_columns(r))
		fine = columns_bind(&x->columns, b->data, x->level, x->source, x->label, r, path, &keys, err) && rows_read(b, x, path, r, err) &&
			columns_seen(&x->columns, x->source, x->label, r, path, err);
	for (size_t i = 0; fine && x->columns.field && i < b->field_count; i++)
		field_look(&b->field[i], &x->columns.field[i], x->level, r);
	for (size_t i = 0; fine && x->columns.filter && i < b->data->filters.count; i++)
		b->filter_found[i] = b->filter_found[i] || x->columns.filter[i].there;
	if (fine)
		file_note(b, path, r);
	columns_clear(&x->columns);
	reader_close(r);
	strings_clear(&wanted);
	map_clear(&keys);
	return fine;
}

static bool source_read(builder *b, field_level level, size_t number, row_taker *take, plain_taker *many, sr_error *err)
{
	scan_state x = { .source = &level_sources(b->data, level)->item[number], .level = level, .take = take, .many = many };
	snprintf(x.label, sizeof x.label, "data.%s[%zu]", level_name(level), number);
	bool timed = level == LEVEL_EVENT || level == LEVEL_SAMPLE;
	strings files = { 0 };
	bool fine = sources_expand(x.source->path, &files, err) && (!timed || times_format_parse(x.source->time_format, x.source->time_zone, &x.times, err));
	for (size_t i = 0; fine && timed && i < files.count && x.times.unit == TIMES_AUTO && strcmp(files.item[i], "-") != 0; i++)
		fine = times_look(b, &x, files.item[i], err);
	if (level == LEVEL_EVENT && *x.source->type)
		x.fixed_type = intern_add(b->types, x.source->type, strlen(x.source->type));
	for (size_t i = 0; i < files.count && fine; i++)
		fine = file_read_rows(b, &x, files.item[i], err);
	if (fine && x.times.local_seen && !x.times.zone_given)
		log_warning("%s: times without an offset are taken as UTC; set %s.time_zone if they are not", x.source->path, x.label);
	strings_clear(&files);
	return fine;
}

/* Too many bad rows, or none at all, end the run. */
static bool level_judge(builder *b, field_level level, sr_error *err)
{
	const tally *t = &b->tally[level];
	const char *path = level_sources(b->data, level)->item[0].path;
	uint64_t bad = tally_bad_rows(t);
	char read[NUMBER_TEXT], wrong[NUMBER_TEXT];
	number_print_grouped(t->read, read);
	number_print_grouped(bad, wrong);
	if (!t->read)
		return error_set(err, SR_DATA, "%s: 0 rows in data.%s; nothing was written. Is the log empty, or does it hold a header only?", path, level_name(level));
	if ((double)bad <= b->data->max_bad_rows * (double)t->read)
		return true;
	return error_set(err, SR_DATA, "%s; %s of %s rows of data.%s are bad, more than data.max_bad_rows allows (%g %%), nothing was written. "
		"Correct the log or its settings, or raise data.max_bad_rows",
		quarantine_first(b->bad), wrong, read, level_name(level), 100 * b->data->max_bad_rows);
}

/* A declared field that no source of its level has. */
static bool fields_judge(builder *b, field_level level, sr_error *err)
{
	for (size_t i = 0; i < b->field_count; i++)
		if (b->field[i].config->on == (int)level && !b->field[i].found)
			return error_set(err, SR_CONFIG, "%s: no source of data.%s has a column \"%s\" (data.fields[%zu], %s). %s", level_sources(b->data, level)->item[0].path,
				level_name(level), field_column(b->field[i].config), i, b->field[i].config->name, b->field[i].instead ? b->field[i].instead : "");
	return true;
}

bool scan_level(builder *b, field_level level, row_taker *take, plain_taker *many, sr_error *err)
{
	const source_list *sources = level_sources(b->data, level);
	sr_error local = { 0 };
	sr_error *to = err ? err : &local;
	if (level != LEVEL_EVENT && !sources->count)
		return true;
	for (size_t i = 0; i < sources->count; i++)
		if (!source_read(b, level, i, take, many, to))
			return false;
	return !sources->count || (level_judge(b, level, to) && fields_judge(b, level, to));
}
