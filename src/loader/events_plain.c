/* Rows of event logs that need no care, a batch at a time: each step goes over the whole batch, so that the cache misses of its lookups overlap. */
#include <string.h>

#include "loader/filters.h"
#include "loader/plain_batch.h"
#include "seqrec/memory.h"

static inline void cell_find(const plain_rows *rows, const uint32_t *stop, uint32_t begin, size_t column, uint32_t *from, uint32_t *length)
{
	uint32_t to = stop[column];
	*from = column ? stop[column - 1] + 1 : begin;
	if (column + 1 == rows->columns && to > *from && rows->text[to - 1] == '\r')
		to--;
	*length = to - *from;
}

/* The cell of a role; false when it is empty. A role that is not there has no cell. */
static inline bool id_find(const plain_rows *rows, const uint32_t *stop, const binding *from, uint32_t begin, size_t i, plain_ids *to)
{
	if (!from->there)
		return true;
	cell_find(rows, stop, begin, from->column, &to->begin[i], &to->length[i]);
	return to->length[i] > 0;
}

static inline bool is_shaped(const plain_rows *rows, const uint32_t *stop)
{
	bool fine = rows->text[stop[rows->columns - 1]] == '\n';
	for (size_t i = 0; i + 1 < rows->columns; i++)
		fine &= rows->text[stop[i]] == rows->separator;
	return fine;
}

static inline bool time_find(builder *b, scan_state *x, const plain_rows *rows, const uint32_t *stop, uint32_t begin, size_t i, int64_t *time)
{
	uint32_t from, length;
	const char *why;
	if (x->times.unit == TIMES_ORDER) {
		*time = ((int64_t)x->number + (int64_t)i) * 1000000;
	} else {
		cell_find(rows, stop, begin, x->columns.role[ROLE_TIME].column, &from, &length);
		if (!times_read_plain(&x->times, rows->text + from, length, time) && times_read(&x->times, rows->text + from, length, time, &why) != TIMES_GOOD)
			return false;
	}
	return *time >= b->from && *time < b->to;
}

/* Filters and declared fields see the row as a record; false when it is filtered, or bad. */
static bool others_take(builder *b, scan_state *x, const plain_rows *rows, const uint32_t *stop, uint32_t begin, uint32_t *words)
{
	record *row = &b->plain;
	const char *reason;
	size_t column;
	row->cell = xgrow(row->cell, &row->capacity, rows->columns, sizeof *row->cell);
	row->count = rows->columns;
	for (size_t i = 0; i < rows->columns; i++) {
		uint32_t from, length;
		cell_find(rows, stop, begin, i, &from, &length);
		row->cell[i] = (cell){ rows->text + from, length };
	}
	return filters_match(&b->data->filters, x->source, &x->columns, row) < 0 && scan_fields(b, x, row, words, &reason, &column) == ROW_USED;
}

static bool type_find(builder *b, scan_state *x, const plain_rows *rows, const uint32_t *stop, uint32_t begin, size_t i, plain_ids *type, bool shared)
{
	const binding *from = &x->columns.role[ROLE_TYPE];
	const char *reason;
	if (!id_find(rows, stop, from, begin, i, type))
		return false;
	if (!from->there || !x->source->types.count || shared)
		return true;
	type->code[i] = event_type_code(b, x, (cell){ rows->text + type->begin[i], type->length[i] }, &reason);
	return type->code[i] != 0;
}

bool plain_row_take(builder *b, scan_state *x, const plain_rows *rows, const uint32_t *stop, plain_batch *all)
{
	const binding *role = x->columns.role;
	size_t i = all->count;
	uint32_t begin = all->begin, *words = b->batch + i * b->words[LEVEL_EVENT];
	if (!is_shaped(rows, stop) || !id_find(rows, stop, &role[ROLE_USER], begin, i, &all->user) || !id_find(rows, stop, &role[ROLE_ITEM], begin, i, &all->item) ||
		!id_find(rows, stop, &role[ROLE_SESSION], begin, i, &all->session) || !time_find(b, x, rows, stop, begin, i, &all->time[i]))
		return false;
	if (x->whole_record && !others_take(b, x, rows, stop, begin, words))
		return false;
	return type_find(b, x, rows, stop, begin, i, &all->type, all->shared);
}

/* The codes of the batch's cells. A type too many cuts the batch short: the row is refused where its message is made. */
static bool codes_find(builder *b, scan_state *x, const plain_rows *rows, plain_batch *all)
{
	const binding *role = x->columns.role;
	const char *reason;
	uint32_t type = all->count && (x->fixed_type || !role[ROLE_TYPE].there) ? event_type_code(b, x, (cell){ 0 }, &reason) : 0;
	for (size_t i = 0; type && i < all->count; i++)
		all->type.code[i] = type;
	if (!type && all->count && !x->source->types.count)
		intern_add_all(b->types, rows->text, all->type.begin, all->type.length, all->count, all->type.code);
	for (size_t i = 0; i < all->count; i++)
		if (!all->type.code[i] || all->type.code[i] > TYPES_MOST)
			all->count = i;
	return intern_add_all(b->users, rows->text, all->user.begin, all->user.length, all->count, all->user.code) &&
		intern_add_all(b->items, rows->text, all->item.begin, all->item.length, all->count, all->item.code) &&
		(!role[ROLE_SESSION].there || intern_add_all(b->sessions, rows->text, all->session.begin, all->session.length, all->count, all->session.code));
}

static bool records_add(builder *b, const scan_state *x, const plain_batch *all, sr_error *err)
{
	bool session = x->columns.role[ROLE_SESSION].there;
	for (size_t i = 0; i < all->count; i++) {
		uint32_t *event = b->batch + i * b->words[LEVEL_EVENT];
		event[RECORD_USER] = all->user.code[i];
		record_set_time(event, all->time[i]);
		event[EVENT_TYPE] = all->type.code[i];
		event[EVENT_ITEM] = all->item.code[i];
		event[EVENT_QUERY] = event[EVENT_POSITION] = 0;
		event[EVENT_SESSION] = session ? all->session.code[i] : 0;
	}
	b->has_session = b->has_session || (session && all->count);
	return sorter_add_all(b->events, b->batch, all->count, err);
}

static bool is_column(const binding *b)
{
	return b->there && !b->constant;
}

/* Logs with searches or places in result lists are read row by row. */
bool plain_source(const builder *b, scan_state *x)
{
	const binding *role = x->columns.role;
	x->whole_record = b->data->filters.count > 0 || b->words[LEVEL_EVENT] > EVENT_WORDS;
	return is_column(&role[ROLE_USER]) && is_column(&role[ROLE_ITEM]) && (x->times.unit == TIMES_ORDER || (is_column(&role[ROLE_TIME]) && x->times.unit != TIMES_AUTO)) &&
		!role[ROLE_TYPE].constant && !role[ROLE_SESSION].constant && !role[ROLE_QUERY].there && !role[ROLE_POSITION].there;
}

bool events_plain(builder *b, scan_state *x, const plain_rows *rows, size_t *taken, sr_error *err)
{
	*taken = 0;
	if (!plain_source(b, x))
		return true;
	plain_batch all = { .begin = (uint32_t)rows->begin };
	for (bool plain = true; plain && *taken < rows->count;) {
		const uint32_t *stop = rows->stop + *taken * rows->columns;
		size_t most = rows->count - *taken < INTERN_BATCH ? rows->count - *taken : INTERN_BATCH;
		for (all.count = 0; all.count < most && plain_row_take(b, x, rows, stop, &all); stop += rows->columns) {
			all.begin = stop[rows->columns - 1] + 1;
			all.count++;
		}
		plain = all.count == most;
		if (!codes_find(b, x, rows, &all))
			return event_overflow(x, err);
		plain = plain && all.count == most;
		if (!records_add(b, x, &all, err))
			return false;
		*taken += all.count;
		x->number += all.count;
	}
	return true;
}
