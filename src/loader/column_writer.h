#ifndef LOADER_COLUMN_WRITER_H
#define LOADER_COLUMN_WRITER_H
/* column_writer.h - one .npy column of a store, element by element, and its entry in the manifest. */

#include <string.h>

#include "loader/builder.h"
#include "seqrec/file.h"
#include "seqrec/npy.h"

enum { COLUMN_BUFFER = 32 * 1024 };

typedef struct {
	npy_writer *file;
	char *name;        /* in the store's folder */
	npy_type type;
	size_t size, used; /* bytes of an element, and in the buffer */
	_Alignas(uint64_t) char buffer[COLUMN_BUFFER];
} column_writer;

column_writer *column_open(const builder *b, const char *name, npy_type type, size_t width /* 0 = one-dimensional */, sr_error *err);
void column_flush(column_writer *c);
/* Ends the file, to be committed with the others; frees c. NULL ok (false). */
bool column_close(builder *b, column_writer *c, sr_error *err);
void column_abandon(column_writer *c); /* NULL ok */

static inline void column_put(column_writer *c, const void *element)
{
	if (c->used + c->size > COLUMN_BUFFER)
		column_flush(c);
	memcpy(c->buffer + c->used, element, c->size);
	c->used += c->size;
}

/* Room for `count` more elements, at most COLUMN_BUFFER bytes, to be filled by the caller. */
static inline void *column_room(column_writer *c, size_t count)
{
	if (c->used + count * c->size > COLUMN_BUFFER)
		column_flush(c);
	void *room = c->buffer + c->used;
	c->used += count * c->size;
	return room;
}

static inline void column_put_code(column_writer *c, uint32_t code)
{
	column_put(c, &code);
}

/* ---- stored.c: a column or a text is a file of the store from now on; committed by stored_commit, or now when many wait. ---- */
bool stored_add(builder *b, const char *name, npy_writer *column, durable *lines, sr_error *err);

/* ---- field_writer.c: declared fields ---- */
typedef struct {
	const field_state *field;
	const uint32_t *final;   /* final codes of its values */
	column_writer *main, *start; /* start: of lists */
	uint64_t position;
} field_writer;

/* Writers of the fields of a level; NULL with an error. `count` says how many. */
field_writer *field_writers_open(builder *b, field_level level, size_t *count, sr_error *err);
void field_writers_put(field_writer *w, size_t count, const uint32_t *words /* NULL: no values */);
bool field_writers_close(builder *b, field_writer *w, size_t count, sr_error *err); /* frees w */
void field_writers_abandon(field_writer *w, size_t count);                           /* NULL ok */

#endif
