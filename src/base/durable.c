/* durable.c - durable output files: a temporary file in the same folder, write loop, fsync, close, rename, fsync of the folder.
 * A temporary file is locked by flock(2) while its process lives, so that what a killed one left is told from what another writes just now. */
#define _GNU_SOURCE /* flock, sync_file_range */
#include "seqrec/file.h"

#include "seqrec/hash.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER = 256 * 1024 };

struct durable {
	char *path, *temporary;
	int file;
	int failed; /* the first errno, or 0 */
	unsigned char *buffer;
	size_t filled;
	uint64_t length;
	uint32_t crc;
	uint64_t written, started; /* bytes given to the system, and those it was asked to put on disk */
};

static void remove_abandoned(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (file < 0)
		return;
	if (flock(file, LOCK_EX | LOCK_NB) == 0)
		unlink(path);
	close(file);
}

/* Removes the abandoned temporary files of `name`, or of all files. */
static void clean(const char *folder, const char *name)
{
	char *start = text_format(".%s%s", name ? name : "", name ? ".tmp-" : "");
	DIR *list = opendir(folder);
	for (struct dirent *entry; list && (entry = readdir(list));)
		if (text_starts(entry->d_name, start) && strstr(entry->d_name, ".tmp-")) {
			char *path = path_join(folder, entry->d_name);
			remove_abandoned(path);
			free(path);
		}
	if (list)
		closedir(list);
	free(start);
}

void folder_clean(const char *path)
{
	clean(path, NULL);
}

/* False when somebody cleaned it away between its opening and its locking. Where no lock can be had, nobody cleans. */
static bool hold(int file)
{
	struct stat info;
	while (flock(file, LOCK_EX) < 0 && errno == EINTR)
		;
	return fstat(file, &info) < 0 || info.st_nlink > 0;
}

static void temporary_open(durable *d, const char *folder)
{
	static atomic_uint serial;
	for (bool held = false; !held;) {
		free(d->temporary);
		d->temporary = text_format("%s/.%s.tmp-%ld-%u", folder, path_name(d->path), (long)getpid(), atomic_fetch_add(&serial, 1));
		do
			d->file = open(d->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		while (d->file < 0 && errno == EINTR);
		held = d->file < 0 || hold(d->file);
		if (!held)
			close(d->file);
	}
}

durable *durable_open(const char *path, sr_error *err)
{
	durable *d = xcalloc(1, sizeof *d);
	char *folder = path_folder(path);
	d->path = xstrdup(path);
	clean(folder, path_name(path));
	temporary_open(d, folder);
	free(folder);
	if (d->file < 0) {
		error_set_errno(err, "%s: cannot be written; nothing was changed", path);
		free(d->path);
		free(d->temporary);
		free(d);
		return NULL;
	}
	d->buffer = xmalloc(BUFFER);
	return d;
}

/* Lets the disk begin while more is computed, so that the fsync at the end has less to wait for. Only advice: its failure says nothing. */
static void write_back(durable *d)
{
	enum { STEP = 4 * 1024 * 1024 };
	if (d->written - d->started < STEP)
		return;
#ifdef SYNC_FILE_RANGE_WRITE
	sync_file_range(d->file, (off_t)d->started, (off_t)(d->written - d->started), SYNC_FILE_RANGE_WRITE);
#endif
	d->started = d->written;
}

static bool write_all(durable *d, const unsigned char *bytes, size_t length)
{
	while (length && !d->failed) {
		ssize_t written = write(d->file, bytes, length);
		if (written < 0 && errno != EINTR)
			d->failed = errno;
		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
			d->written += (uint64_t)written;
		}
	}
	write_back(d);
	return !d->failed;
}

static bool flush(durable *d)
{
	bool done = write_all(d, d->buffer, d->filled);
	d->filled = 0;
	return done;
}

bool durable_write(durable *d, const void *bytes, size_t length)
{
	if (!d)
		return false;
	d->crc = hash_crc32(d->crc, bytes, length);
	d->length += length;
	if (d->filled + length > BUFFER && !flush(d))
		return false;
	if (length > BUFFER)
		return write_all(d, bytes, length);
	memcpy(d->buffer + d->filled, bytes, length);
	d->filled += length;
	return !d->failed;
}

bool durable_print(durable *d, const char *format, ...)
{
	char fixed[512], *line = fixed;
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(fixed, sizeof fixed, format, args);
	if (length >= (int)sizeof fixed) {
		line = xmalloc((size_t)length + 1);
		vsnprintf(line, (size_t)length + 1, format, again);
	}
	va_end(again);
	va_end(args);
	bool done = length >= 0 && durable_write(d, line, (size_t)length);
	if (line != fixed)
		free(line);
	return done;
}

bool durable_patch(durable *d, uint64_t offset, const void *bytes, size_t length)
{
	if (!d || !flush(d))
		return false;
	if (lseek(d->file, (off_t)offset, SEEK_SET) < 0 || !write_all(d, bytes, length) || lseek(d->file, 0, SEEK_END) < 0)
		d->failed = d->failed ? d->failed : errno;
	return !d->failed;
}

uint64_t durable_length(const durable *d)
{
	return d->length;
}

uint32_t durable_crc32(const durable *d)
{
	return d->crc;
}

static void durable_free(durable *d)
{
	free(d->buffer);
	free(d->path);
	free(d->temporary);
	free(d);
}

bool durable_commit(durable *d, sr_error *err)
{
	if (!d)
		return false;
	flush(d);
	if (!d->failed && fsync(d->file) < 0)
		d->failed = errno; /* final: after a failed fsync the pages may be gone */
	int held = fcntl(d->file, F_DUPFD_CLOEXEC, 0); /* keeps the lock until the file has its name */
	if (close(d->file) < 0 && !d->failed)
		d->failed = errno;
	bool renamed = !d->failed && rename(d->temporary, d->path) == 0;
	if (!renamed) {
		errno = d->failed ? d->failed : errno;
		error_set_errno(err, "%s: was not written; what was there before is kept", d->path);
		unlink(d->temporary);
	} else
		renamed = folder_sync(d->path, err);
	if (held >= 0)
		close(held);
	durable_free(d);
	return renamed;
}

void durable_abandon(durable *d)
{
	if (!d)
		return;
	close(d->file);
	unlink(d->temporary);
	durable_free(d);
}

bool file_write(const char *path, const void *bytes, size_t length, sr_error *err)
{
	durable *d = durable_open(path, err);
	durable_write(d, bytes, length);
	return durable_commit(d, err);
}
