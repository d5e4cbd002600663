/* Buffers elements for npy.h. */
#include "loader/column_writer.h"

#include <stdlib.h>

#include "seqrec/file.h"
#include "seqrec/memory.h"

column_writer *column_open(const builder *b, const char *name, npy_type type, size_t width, sr_error *err)
{
	char *path = path_join(b->folder, name);
	npy_writer *file = npy_open(path, type, width, err);
	free(path);
	if (!file)
		return NULL;
	column_writer *c = xmalloc(sizeof *c);
	c->file = file;
	c->name = xstrdup(name);
	c->type = type;
	c->size = npy_size(type);
	c->used = 0;
	return c;
}

void column_flush(column_writer *c)
{
	npy_write(c->file, c->buffer, c->used / c->size);
	c->used = 0;
}

bool column_close(builder *b, column_writer *c, sr_error *err)
{
	if (!c)
		return false;
	column_flush(c);
	bool fine = stored_add(b, c->name, c->file, NULL, err);
	free(c->name);
	free(c);
	return fine;
}

void column_abandon(column_writer *c)
{
	if (!c)
		return;
	npy_abandon(c->file);
	free(c->name);
	free(c);
}
