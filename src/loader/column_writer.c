/* Buffers elements for npy.h, and keeps the list of the store's files. */
#include "loader/column_writer.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "seqrec/file.h"
#include "seqrec/memory.h"

void stored_note(builder *b, const char *name, uint64_t size, uint32_t crc)
{
	b->stored = xrealloc(b->stored, b->stored_count + 1, sizeof *b->stored);
	b->stored[b->stored_count++] = (stored_file){ xstrdup(name), size, crc };
}

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
	uint32_t crc;
	struct stat about;
	column_flush(c);
	bool fine = npy_commit(c->file, &crc, err);
	char *path = path_join(b->folder, c->name);
	if (fine && stat(path, &about) != 0)
		fine = error_set_errno(err, "%s: cannot be looked at", path);
	if (fine)
		stored_note(b, c->name, (uint64_t)about.st_size, crc);
	free(path);
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
