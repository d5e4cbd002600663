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
	int file;
};

appender *append_open(const char *path, sr_error *err)
{
	int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file < 0) {
		error_set_errno(err, "%s: cannot be written", path);
		return NULL;
	}
	appender *a = xmalloc(sizeof *a);
	a->file = file;
	return a;
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
		return false;
	ssize_t written;
	do
		written = write(a->file, line, (size_t)length);
	while (written < 0 && errno == EINTR);
	return written == length;
}

void append_close(appender *a)
{
	if (!a)
		return;
	close(a->file);
	free(a);
}
