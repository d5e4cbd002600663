/* Uses what parse_piece found, piece by piece: codes for values that were new, then records for the sorter. */
#include "loader/pieces.h"

#include <stdlib.h>
#include <string.h>

#include "loader/piece.h"
#include "seqrec/memory.h"
#include "seqrec/thread.h"

enum { PIECE_BYTES = 128 * 1024, PIECES_MOST = 64, TEXT_LEAST = 64 * 1024 };

struct pieces {
	builder *b;
	thread_pool *pool;
	const scan_state *x;
	plain_text text;
	piece piece[PIECES_MOST];
	size_t count, at;  /* at: the piece whose rows are used now */
	size_t row;        /* the next one of it */
	size_t end;        /* of the text that was parsed */
	uint32_t type;     /* of all rows, or 0 */
};

pieces *pieces_new(builder *b, unsigned threads)
{
	pieces *p = xcalloc(1, sizeof *p);
	p->b = b;
	p->pool = thread_pool_new(threads);
	return p;
}

void pieces_free(pieces *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < PIECES_MOST; i++)
		piece_clear(&p->piece[i]);
	thread_pool_free(p->pool);
	free(p);
}

void pieces_start(pieces *p)
{
	p->count = p->at = p->row = p->end = 0;
}

bool pieces_fit(const builder *b, scan_state *x)
{
	times_unit unit = x->times.unit;
	bool epoch = unit >= TIMES_SECONDS && unit <= TIMES_NANOSECONDS;
	return plain_source(b, x) && !x->whole_record && unit != TIMES_ORDER && (!epoch || x->times.seen != TIMES_AUTO);
}

static void job_parse(void *context, size_t job, unsigned thread)
{
	pieces *p = context;
	(void)thread;
	piece_parse(&p->piece[job], p->b, p->x, &p->text, p->type);
}

/* Cuts the text behind the first line end after each PIECE_BYTES; what stands behind the last line end is left. */
static void text_cut(pieces *p)
{
	size_t at = p->text.begin, end = p->text.end;
	for (p->count = 0; at < end && p->count < PIECES_MOST; p->count++) {
		size_t to = end - at < PIECE_BYTES ? end - 1 : at + PIECE_BYTES - 1;
		const char *line_end = memchr(p->text.text + to, '\n', end - to);
		for (; !line_end && to > at; to--)
			line_end = p->text.text[to - 1] == '\n' ? p->text.text + to - 1 : NULL;
		if (!line_end)
			break;
		p->piece[p->count].begin = (uint32_t)at;
		p->piece[p->count].end = (uint32_t)(line_end - p->text.text) + 1;
		at = p->piece[p->count].end;
	}
}

/* Parses what the window holds. false: too little for several threads. */
static bool round_begin(pieces *p, scan_state *x, reader *r)
{
	const char *why;
	pieces_start(p);
	if (!reader_text(r, &p->text) || p->text.end - p->text.begin < TEXT_LEAST)
		return false;
	p->x = x;
	p->type = x->fixed_type || !x->columns.role[ROLE_TYPE].there ? event_type_code(p->b, x, (cell){ 0 }, &why) : 0;
	text_cut(p);
	p->end = p->count ? p->piece[p->count - 1].end : 0;
	thread_pool_run(p->pool, p->count, job_parse, p);
	for (size_t i = 0; i < p->count; i++)
		x->times.local_seen = x->times.local_seen || p->piece[i].local_seen;
	return p->count > 0;
}

/* Goes to the first row that begins at or behind the reader's place. false: none is left, or the text is another one now. */
static bool row_find(pieces *p, const reader *r, plain_text *now)
{
	reader_text_see(r, now);
	if (now->fills != p->text.fills)
		p->at = p->count = 0;
	for (; p->at < p->count; p->at++, p->row = 0) {
		const piece *some = &p->piece[p->at];
		while (some->end > now->begin && p->row < some->count && some->row[p->row].at < now->begin)
			p->row++;
		if (some->end > now->begin && p->row < some->count)
			return true;
	}
	return false;
}

/* Codes for the types that were new when the rows [first, end) were parsed. Returns the first row whose type is refused where its message is made, or end. */
static size_t types_add(builder *b, const scan_state *x, const char *text, piece *some, size_t first, size_t end)
{
	piece_misses *m = &some->miss[PIECE_TYPE];
	const char *reason;
	for (; m->used < m->count && m->row[m->used] < end; m->used++) {
		size_t at = m->used;
		if (m->row[at] < first)
			continue;
		uint32_t code = event_type_code(b, x, (cell){ text + m->begin[at], m->length[at] }, &reason);
		if (!code || code > TYPES_MOST)
			return m->row[at];
		some->row[m->row[at]].code[PIECE_TYPE] = code;
	}
	return end;
}

/* The same for ids. */
static bool ids_add(intern *ids, const char *text, piece *some, piece_id which, size_t first, size_t end)
{
	piece_misses *m = &some->miss[which];
	while (m->used < m->count && m->row[m->used] < first)
		m->used++;
	for (size_t count; m->used < m->count && m->row[m->used] < end; m->used += count) {
		uint32_t code[INTERN_BATCH];
		for (count = 0; count < INTERN_BATCH && m->used + count < m->count && m->row[m->used + count] < end; count++)
			;
		if (!intern_add_all(ids, text, m->begin + m->used, m->length + m->used, count, code))
			return false;
		for (size_t i = 0; i < count; i++)
			some->row[m->row[m->used + i]].code[which] = code[i];
	}
	return true;
}

static bool records_add(builder *b, const piece_row *row, size_t count, sr_error *err)
{
	size_t words = b->words[LEVEL_EVENT];
	for (size_t done = 0, some; done < count; done += some) {
		some = count - done < INTERN_BATCH ? count - done : INTERN_BATCH;
		for (size_t i = 0; i < some; i++) {
			uint32_t *event = b->batch + i * words;
			event[RECORD_USER] = row[done + i].code[PIECE_USER];
			record_set_time(event, row[done + i].time);
			event[EVENT_TYPE] = row[done + i].code[PIECE_TYPE];
			event[EVENT_ITEM] = row[done + i].code[PIECE_ITEM];
			event[EVENT_SESSION] = row[done + i].code[PIECE_SESSION];
			event[EVENT_QUERY] = event[EVENT_POSITION] = 0;
		}
		if (!sorter_add_all(b->events, b->batch, some, err))
			return false;
	}
	return true;
}

/* Uses the rows [p->row, end) of a piece, which follow one another, or fewer. */
static bool rows_use(pieces *p, scan_state *x, reader *r, size_t end, uint64_t *rows, sr_error *err)
{
	builder *b = p->b;
	piece *some = &p->piece[p->at];
	size_t first = p->row;
	const char *text = p->text.text;
	end = types_add(b, x, text, some, first, end);
	if (end == first)
		return true;
	if (!ids_add(b->users, text, some, PIECE_USER, first, end) || !ids_add(b->items, text, some, PIECE_ITEM, first, end) ||
		!ids_add(b->sessions, text, some, PIECE_SESSION, first, end))
		return event_overflow(x, err);
	b->has_session = b->has_session || x->columns.role[ROLE_SESSION].there;
	if (!records_add(b, some->row + first, end - first, err))
		return false;
	reader_go(r, some->row[end - 1].end, end - first);
	p->row = end;
	b->tally[x->level].read += end - first;
	b->tally[x->level].used += end - first;
	x->number += end - first;
	*rows += end - first;
	return true;
}

bool pieces_take(pieces *p, scan_state *x, reader *r, uint64_t *rows, bool *more, sr_error *err)
{
	plain_text now;
	*more = row_find(p, r, &now) || (now.fills == p->text.fills && now.begin < p->end); /* without a row, all that is left of that text needs care */
	if (!*more && !round_begin(p, x, r))
		return true;
	while (row_find(p, r, &now)) {
		const piece *some = &p->piece[p->at];
		size_t end = p->row;
		*more = true;
		if (some->row[end].at != now.begin)
			return true;
		for (end++; end < some->count && some->row[end].at == some->row[end - 1].end; end++)
			;
		uint64_t before = *rows;
		if (!rows_use(p, x, r, end, rows, err))
			return false;
		if (*rows == before)
			return true;
	}
	*more = *more && now.begin < p->end;
	return true;
}
