/* Finds the plain rows in a part of a log's text, with the codes of values that are known already. Rows that need care are passed over. */
#include "loader/piece.h"

#include <stdlib.h>
#include <string.h>

#include "loader/marks.h"
#include "seqrec/memory.h"

void piece_clear(piece *p)
{
	for (int i = 0; i < PIECE_IDS; i++) {
		free(p->miss[i].row);
		free(p->miss[i].begin);
		free(p->miss[i].length);
	}
	free(p->mark);
	free(p->row);
	*p = (piece){ 0 };
}

static void miss_add(piece_misses *m, size_t row, uint32_t begin, uint32_t length)
{
	if (m->count == m->capacity) {
		m->row = xgrow(m->row, &m->capacity, m->count + 1, sizeof *m->row);
		m->begin = xrealloc(m->begin, m->capacity, sizeof *m->begin);
		m->length = xrealloc(m->length, m->capacity, sizeof *m->length);
	}
	m->row[m->count] = (uint32_t)row;
	m->begin[m->count] = begin;
	m->length[m->count++] = length;
}

/* The code that event_type_code would give, where the type has one. */
static uint32_t type_known(const builder *b, const scan_state *x, const char *bytes, size_t length)
{
	const string_map *types = &x->source->types;
	for (size_t i = 0; i < types->count; i++)
		if (strlen(types->key[i]) == length && memcmp(types->key[i], bytes, length) == 0)
			return intern_find(b->types, types->value[i], strlen(types->value[i]));
	return 0;
}

static void ids_put(piece *p, piece_id which, const plain_ids *ids, size_t count)
{
	piece_row *row = p->row + p->count;
	for (size_t i = 0; i < count; i++) {
		row[i].code[which] = ids->code[i];
		if (!ids->code[i])
			miss_add(&p->miss[which], p->count + i, ids->begin[i], ids->length[i]);
	}
}

static void ids_find(piece *p, piece_id which, const intern *known, const char *text, plain_ids *ids, size_t count)
{
	intern_find_all(known, text, ids->begin, ids->length, count, ids->code);
	ids_put(p, which, ids, count);
}

static void types_find(piece *p, const builder *b, const scan_state *x, const char *text, plain_batch *all, uint32_t type)
{
	bool mapped = x->source->types.count > 0;
	if (!type && !mapped) {
		ids_find(p, PIECE_TYPE, b->types, text, &all->type, all->count);
		return;
	}
	for (size_t i = 0; i < all->count; i++)
		all->type.code[i] = type ? type : type_known(b, x, text + all->type.begin[i], all->type.length[i]);
	ids_put(p, PIECE_TYPE, &all->type, all->count);
}

static void batch_put(piece *p, const builder *b, const scan_state *x, const char *text, plain_batch *all, uint32_t type)
{
	piece_row *row = p->row + p->count;
	ids_find(p, PIECE_USER, b->users, text, &all->user, all->count);
	ids_find(p, PIECE_ITEM, b->items, text, &all->item, all->count);
	types_find(p, b, x, text, all, type);
	for (size_t i = 0; i < all->count; i++)
		row[i].time = all->time[i];
	if (x->columns.role[ROLE_SESSION].there)
		ids_find(p, PIECE_SESSION, b->sessions, text, &all->session, all->count);
	p->count += all->count;
}

/* Rows from mark `at` on, until a batch is full or one needs care; returns the mark behind them. */
static size_t batch_fill(piece *p, builder *b, scan_state *x, const plain_rows *rows, size_t at, size_t marks, plain_batch *all)
{
	size_t width = rows->columns;
	piece_row *row = p->row + p->count;
	for (all->count = 0; all->count < INTERN_BATCH && marks - at >= width && plain_row_take(b, x, rows, p->mark + at, all); at += width, row++) {
		uint32_t end = p->mark[at + width - 1] + 1;
		if (end - all->begin > LINE_LIMIT)
			break;
		*row = (piece_row){ .at = all->begin, .end = end };
		all->begin = end;
		all->count++;
	}
	return at;
}

void piece_parse(piece *p, builder *b, const scan_state *x, const plain_text *text, uint32_t type)
{
	scan_state own = *x; /* times are read with a state */
	plain_rows rows = { .text = text->text, .columns = text->columns, .separator = text->separator };
	plain_batch all = { .begin = p->begin, .shared = true };
	p->count = 0;
	for (int i = 0; i < PIECE_IDS; i++)
		p->miss[i].count = p->miss[i].used = 0;
	p->mark = xgrow(p->mark, &p->mark_capacity, p->end - p->begin + MARKS_SLACK, sizeof *p->mark);
	size_t at = 0, marks = marks_find(text->text + p->begin, p->end - p->begin, text->separator, text->special, p->begin, p->mark);
	while (at < marks) {
		p->row = xgrow(p->row, &p->capacity, p->count + INTERN_BATCH, sizeof *p->row);
		at = batch_fill(p, b, &own, &rows, at, marks, &all);
		batch_put(p, b, &own, text->text, &all, type);
		if (all.count == INTERN_BATCH)
			continue;
		while (at < marks && text->text[p->mark[at]] != '\n')
			at++;
		if (at < marks)
			all.begin = p->mark[at++] + 1;
	}
	p->local_seen = own.times.local_seen;
}
