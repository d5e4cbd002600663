/* The files of a store that is being built. They are committed many at once, for an fsync is mostly waiting: together they wait for the disk once. */
#include <stdlib.h>
#include <sys/stat.h>

#include "loader/column_writer.h"
#include "loader/write.h"
#include "seqrec/memory.h"
#include "seqrec/thread.h"

enum { WAITING_MOST = 16 };

typedef struct {
	builder *b;
	sr_error failure[WAITING_MOST];
} commits;

static bool file_commit(const builder *b, stored_file *f, sr_error *err)
{
	npy_writer *column = f->column;
	durable *lines = f->lines;
	f->column = NULL;
	f->lines = NULL;
	if (lines)
		f->crc = durable_crc32(lines);
	if (!(lines ? durable_commit(lines, err) : npy_commit(column, &f->crc, err)))
		return false;
	struct stat about;
	char *path = path_join(b->folder, f->name);
	bool fine = stat(path, &about) == 0 || error_set_errno(err, "%s: cannot be looked at", path);
	f->size = fine ? (uint64_t)about.st_size : 0;
	free(path);
	return fine;
}

static void job_commit(void *context, size_t job, unsigned thread)
{
	commits *all = context;
	(void)thread;
	file_commit(all->b, &all->b->stored[all->b->stored_count - all->b->stored_waiting + job], &all->failure[job]);
}

bool stored_commit(builder *b, sr_error *err)
{
	commits all = { .b = b };
	size_t count = b->stored_waiting;
	thread_pool *pool = thread_pool_new((unsigned)count);
	thread_pool_run(pool, count, job_commit, &all);
	thread_pool_free(pool);
	b->stored_waiting = 0;
	for (size_t i = 0; i < count; i++)
		if (all.failure[i].code)
			return error_set(err, all.failure[i].code, "%s", all.failure[i].text);
	return true;
}

bool stored_add(builder *b, const char *name, npy_writer *column, durable *lines, sr_error *err)
{
	b->stored = xrealloc(b->stored, b->stored_count + 1, sizeof *b->stored);
	b->stored[b->stored_count++] = (stored_file){ .name = xstrdup(name), .column = column, .lines = lines };
	return ++b->stored_waiting < WAITING_MOST || stored_commit(b, err);
}

void stored_abandon(builder *b)
{
	for (size_t i = 0; i < b->stored_count; i++) {
		npy_abandon(b->stored[i].column);
		durable_abandon(b->stored[i].lines);
	}
}
