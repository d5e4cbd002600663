/* Rows of user and item files: one record of field words an id; the last row of an id wins. */
#include <string.h>

#include "loader/builder.h"
#include "seqrec/memory.h"

static uint32_t *entity_words(entities *e, uint32_t code, size_t words)
{
	return e->word + (size_t)(code - 1) * words;
}

/* Makes room for `code`; rows in between have no values. */
static void entities_grow(builder *b, field_level level, uint32_t code)
{
	entities *e = &b->rows[level];
	size_t words = b->words[level];
	if (code <= e->rows)
		return;
	size_t had = e->row_capacity;
	e->there = xgrow(e->there, &e->row_capacity, code, sizeof *e->there);
	memset(e->there + had, 0, e->row_capacity - had);
	if (words)
		e->word = xgrow(e->word, &e->word_capacity, (size_t)code * words, sizeof *e->word);
	e->rows = code;
}

static row_verdict entity_take(builder *b, scan_state *x, const record *row, const char **reason, size_t *column, sr_error *err)
{
	bool user = x->level == LEVEL_USER;
	cell id = columns_get(&x->columns.role[user ? ROLE_USER : ROLE_ITEM], row);
	if (!id.length) {
		*reason = user ? "no user" : "no item";
		return ROW_BAD;
	}
	row_verdict verdict = scan_fields(b, x, row, b->record, reason, column);
	if (verdict != ROW_USED)
		return verdict;
	uint32_t code = scan_code(user ? b->users : b->items, id);
	if (!code) {
		error_set(err, SR_DATA, "%s: more than 2^32 - 2 different ids; nothing was written", x->source->path);
		return ROW_FAILED;
	}
	entities_grow(b, x->level, code);
	entities *e = &b->rows[x->level];
	bool repeated = e->there[code - 1];
	e->there[code - 1] = true;
	if (b->words[x->level])
		memcpy(entity_words(e, code, b->words[x->level]), b->record, b->words[x->level] * sizeof *b->record);
	*reason = repeated ? "repeated id, the last row counts" : NULL;
	return repeated ? ROW_FILTERED : ROW_USED;
}

bool entities_read(builder *b, field_level level, sr_error *err)
{
	return scan_level(b, level, entity_take, NULL, err);
}
