/* append.c - log files that grow by whole lines. */
#include "seqrec/file.h"

#include "seqrec/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct appender {
	char *path;
	int file;
	int failed;      /* the first errno, or 0 */
	uint64_t length; /* of the whole lines */
};

/* Cuts off what a crash left behind the last line end. */
static bool cut_torn_line(appender *a)
{
	char byte = '\n';
	off_t end = lseek(a->file, 0, SEEK_END), whole = end;
	while (whole > 0 && pread(a->file, &byte, 1, whole - 1) == 1 && byte != '\n')
		whole--;
	a->length = whole > 0 ? (uint64_t)whole : 0;
	return end >= 0 && (whole == end || ftruncate(a->file, whole) == 0);
}

appender *append_open(const char *path, sr_error *err)
{
	appender *a = xcalloc(1, sizeof *a);
	a->path = xstrdup(path);
	a->file = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	bool fresh = a->file < 0 && errno == ENOENT;
	if (fresh)
		a->file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (a->file >= 0 && cut_torn_line(a) && (!fresh || folder_sync(path, err)))
		return a;
	error_set_errno(err, "%s: cannot be written", path);
	append_close(a);
	return NULL;
}

/* All bytes, or none: what a failing write left of the line is cut off again. */
static void write_line(appender *a, const char *line, size_t length)
{
	for (size_t done = 0; done < length && !a->failed;) {
		ssize_t written = write(a->file, line + done, length - done);
		if (written < 0 && errno != EINTR)
			a->failed = errno;
		done += written > 0 ? (size_t)written : 0;
	}
	if (!a->failed)
		a->length += length;
	else if (ftruncate(a->file, (off_t)a->length) < 0)
		return; /* the next append_open does it */
}

bool append_print(appender *a, const char *format, ...)
{
	char line[4096];
	if (!a)
		return true;
	va_list args;
	va_start(args, format);
	int length = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (length < 0 || (size_t)length >= sizeof line)
		a->failed = a->failed ? a->failed : EMSGSIZE;
	if (!a->failed)
		write_line(a, line, (size_t)length);
	return !a->failed;
}

bool append_line(appender *a, const char *line, size_t length)
{
	if (a && !a->failed)
		write_line(a, line, length);
	return !a || !a->failed;
}

bool append_good(const appender *a, sr_error *err)
{
	if (!a || !a->failed)
		return true;
	errno = a->failed;
	return error_set_errno(err, "%s: a line could not be written; what was there before is kept", a->path);
}

bool append_sync(appender *a, sr_error *err)
{
	if (!append_good(a, err))
		return false;
	if (a && fsync(a->file) < 0) {
		a->failed = errno; /* final: after a failed fsync the pages may be gone */
		return append_good(a, err);
	}
	return true;
}

uint64_t append_length(const appender *a)
{
	return a ? a->length : 0;
}

bool append_cut(appender *a, uint64_t length, sr_error *err)
{
	if (!a || length >= a->length)
		return true;
	if (ftruncate(a->file, (off_t)length) < 0)
		return error_set_errno(err, "%s: cannot be cut back to where the checkpoint stands", a->path);
	a->length = length;
	return true;
}

void append_close(appender *a)
{
	if (!a)
		return;
	if (a->file >= 0)
		close(a->file);
	free(a->path);
	free(a);
}
