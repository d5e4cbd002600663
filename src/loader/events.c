/* Rows of behaviour logs -> event records, handed to the sorter. */
#include <string.h>

#include "loader/pieces.h"
#include "seqrec/number.h"

uint32_t event_type_code(builder *b, const scan_state *x, cell value, const char **reason)
{
	static const char standard[] = "event"; /* a log that says nothing about types */
	if (x->fixed_type)
		return x->fixed_type;
	if (!x->columns.role[ROLE_TYPE].there)
		return intern_add(b->types, standard, sizeof standard - 1);
	const string_map *types = &x->source->types;
	*reason = "no event type";
	if (!value.length)
		return 0;
	if (!types->count)
		return intern_add(b->types, value.bytes, value.length);
	for (size_t i = 0; i < types->count; i++)
		if (strlen(types->key[i]) == value.length && memcmp(types->key[i], value.bytes, value.length) == 0)
			return intern_add(b->types, types->value[i], strlen(types->value[i]));
	*reason = "event type not named in \"types\"";
	return 0;
}

/* A place in a result list -> place + 1. */
static bool position_parse(const scan_state *x, cell value, uint32_t *word)
{
	double place;
	*word = 0;
	if (cell_missing(x->source, value))
		return true;
	if (!number_parse(value.bytes, value.length, &place) || !(place >= 0 && place < UINT32_MAX) || place != (double)(uint32_t)place)
		return false;
	*word = (uint32_t)place + 1;
	return true;
}

static row_verdict bad(const char **reason, const char *why, size_t *column, const binding *where)
{
	*reason = why;
	*column = where->there && !where->constant ? where->column + 1 : 0;
	return ROW_BAD;
}

bool event_overflow(const scan_state *x, sr_error *err)
{
	return error_set(err, SR_DATA, "%s: more than 2^32 - 2 different values of users, items, queries or sessions; nothing was written", x->source->path);
}

/* The lookups that miss the cache most are begun before the row's other cells are read. */
typedef struct {
	uint64_t user, item, session;
} ahead;

static ahead lookups_begin(const builder *b, const scan_state *x, const record *row)
{
	const binding *from = x->columns.role;
	cell user = columns_get(&from[ROLE_USER], row), item = columns_get(&from[ROLE_ITEM], row), session = columns_get(&from[ROLE_SESSION], row);
	return (ahead){ user.length ? intern_touch(b->users, user.bytes, user.length) : 0, item.length ? intern_touch(b->items, item.bytes, item.length) : 0,
		session.length ? intern_touch(b->sessions, session.bytes, session.length) : 0 };
}

static void lookups_go_on(const builder *b, ahead a)
{
	intern_touch_entry(b->users, a.user);
	intern_touch_entry(b->items, a.item);
	intern_touch_entry(b->sessions, a.session);
}

static uint32_t code_of(intern *t, uint64_t hash, cell value)
{
	return value.length ? intern_add_hashed(t, hash, value.bytes, value.length) : 0;
}

static row_verdict codes_take(builder *b, scan_state *x, const record *row, ahead a, uint32_t *event, const char **reason, size_t *column, sr_error *err)
{
	const binding *from = x->columns.role;
	cell user = columns_get(&from[ROLE_USER], row), item = columns_get(&from[ROLE_ITEM], row);
	cell query = columns_get(&from[ROLE_QUERY], row), session = columns_get(&from[ROLE_SESSION], row);
	if (!user.length)
		return bad(reason, "no user", column, &from[ROLE_USER]);
	if (!position_parse(x, columns_get(&from[ROLE_POSITION], row), &event[EVENT_POSITION]))
		return bad(reason, "position is not a whole number", column, &from[ROLE_POSITION]);
	event[EVENT_TYPE] = event_type_code(b, x, columns_get(&from[ROLE_TYPE], row), reason);
	if (!event[EVENT_TYPE])
		return bad(reason, *reason, column, &from[ROLE_TYPE]);
	if (event[EVENT_TYPE] > TYPES_MOST) {
		error_set(err, SR_DATA, "%s:%llu: more than 255 event types (%s.columns.type is %s); nothing was written. Map them with %s.types", x->source->path,
			(unsigned long long)row->line, x->label, string_map_get(&x->source->columns, "type"), x->label);
		return ROW_FAILED;
	}
	if (cell_missing(x->source, query))
		query = (cell){ 0 };
	event[RECORD_USER] = code_of(b->users, a.user, user);
	event[EVENT_ITEM] = code_of(b->items, a.item, item);
	event[EVENT_QUERY] = scan_code(b->queries, query);
	event[EVENT_SESSION] = code_of(b->sessions, a.session, session);
	if (!event[RECORD_USER] || (item.length && !event[EVENT_ITEM]) || (query.length && !event[EVENT_QUERY]) || (session.length && !event[EVENT_SESSION]))
		return event_overflow(x, err), ROW_FAILED;
	return ROW_USED;
}

static row_verdict event_take(builder *b, scan_state *x, const record *row, const char **reason, size_t *column, sr_error *err)
{
	int64_t time;
	uint32_t *event = b->record;
	ahead a = lookups_begin(b, x, row);
	row_verdict verdict = scan_time(x, row, &time, reason, column);
	if (verdict != ROW_USED)
		return verdict;
	*reason = time < b->from ? "before data.from" : time >= b->to ? "at or after data.to" : NULL;
	if (*reason)
		return ROW_FILTERED;
	lookups_go_on(b, a);
	verdict = scan_fields(b, x, row, event, reason, column);
	if (verdict == ROW_USED)
		verdict = codes_take(b, x, row, a, event, reason, column, err);
	if (verdict != ROW_USED)
		return verdict;
	record_set_time(event, time);
	*reason = NULL;
	b->has_query = b->has_query || event[EVENT_QUERY];
	b->has_session = b->has_session || event[EVENT_SESSION];
	b->has_position = b->has_position || event[EVENT_POSITION];
	return sorter_add(b->events, event, err) ? ROW_USED : ROW_FAILED;
}

bool events_read(builder *b, sr_error *err)
{
	b->events = sorter_new(b->folder, b->words[LEVEL_EVENT]);
	sorter_limit(b->events, (size_t)b->budget);
	b->pieces = b->threads > 1 ? pieces_new(b, b->threads) : NULL;
	bool fine = scan_level(b, LEVEL_EVENT, event_take, events_plain, err);
	pieces_free(b->pieces);
	b->pieces = NULL;
	return fine;
}
