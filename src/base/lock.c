/* lock.c - one user of a folder at a time. flock(2) dies with its holder, so that no stale lock is ever in the way. */
#define _DEFAULT_SOURCE /* flock */
#include "seqrec/file.h"

#include "seqrec/memory.h"
#include "seqrec/number.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { WAITS = 50 };

struct folder_lock {
	int file;
};

/* The process that holds the lock, as it stands in the file: 0 while a holder has taken the lock and not yet written. */
static long read_holder(int file)
{
	char text[32] = "";
	int64_t holder;
	ssize_t got = pread(file, text, sizeof text - 1, 0);
	size_t length = got > 0 ? strcspn(text, "\n") : 0;
	return length && number_parse_int(text, length, &holder) && holder > 0 && (kill((pid_t)holder, 0) == 0 || errno == EPERM) ? (long)holder : 0;
}

/* 0, or the errno with the holder; waits some milliseconds for the name of one that has just taken it. */
static int take(int file, long *holder)
{
	const struct timespec pause = { 0, 1000000 };
	for (int i = 0;; i++) {
		if (flock(file, LOCK_EX | LOCK_NB) == 0)
			return 0;
		int failed = errno;
		if (failed == EINTR)
			continue;
		if (failed != EWOULDBLOCK || (*holder = read_holder(file)) || i == WAITS)
			return failed;
		nanosleep(&pause, NULL);
	}
}

static bool write_holder(int file)
{
	char text[32];
	int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());
	if (ftruncate(file, 0) < 0)
		return false;
	ssize_t written = pwrite(file, text, (size_t)length, 0);
	errno = written >= 0 && written < length ? ENOSPC : errno;
	return written == length;
}

folder_lock *folder_lock_take(const char *path, sr_error *err)
{
	long holder = 0;
	char *name = path_join(path, ".lock");
	int file = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600), failed = file < 0 ? 0 : take(file, &holder);
	free(name);
	if (file < 0)
		error_set_errno(err, "%s: the run directory cannot be written", path);
	else if (failed == EWOULDBLOCK && holder)
		error_set(err, SR_AGAIN, "%s: is in use by process %ld. Wait for it to end, or use another run directory (--run DIR)", path, holder);
	else if (failed == EWOULDBLOCK)
		error_set(err, SR_AGAIN, "%s: is in use by another process, on another machine perhaps. Wait for it to end, or use another run directory (--run DIR)", path);
	else if ((errno = failed) || !write_holder(file))
		error_set_errno(err, "%s: the lock cannot be written", path);
	else {
		folder_lock *lock = xmalloc(sizeof *lock);
		lock->file = file;
		return lock;
	}
	if (file >= 0)
		close(file);
	return NULL;
}

void folder_lock_free(folder_lock *lock)
{
	if (!lock)
		return;
	close(lock->file);
	free(lock);
}
