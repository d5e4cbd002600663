/* lock.c - one user of a folder at a time. flock(2) dies with its holder, so that no stale lock is ever in the way. */
#define _DEFAULT_SOURCE /* flock */
#include "seqrec/file.h"

#include "seqrec/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct folder_lock {
	int file;
};

folder_lock *folder_lock_take(const char *path, sr_error *err)
{
	char *name = path_join(path, ".lock");
	int file = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file < 0) {
		error_set_errno(err, "%s: the run directory cannot be written", path);
		free(name);
		return NULL;
	}
	free(name);
	char holder[32] = "";
	if (flock(file, LOCK_EX | LOCK_NB) < 0) {
		ssize_t got = pread(file, holder, sizeof holder - 1, 0);
		holder[got > 0 ? strcspn(holder, "\n") : 0] = '\0';
		error_set(err, SR_AGAIN, "%s: is in use by process %s. Wait for it to end, or use another run directory (--run DIR)", path, holder[0] ? holder : "(unknown)");
		close(file);
		return NULL;
	}
	int length = snprintf(holder, sizeof holder, "%ld\n", (long)getpid());
	if (ftruncate(file, 0) < 0 || pwrite(file, holder, (size_t)length, 0) != length) {
		error_set_errno(err, "%s: the lock cannot be written", path);
		close(file);
		return NULL;
	}
	folder_lock *lock = xmalloc(sizeof *lock);
	lock->file = file;
	return lock;
}

void folder_lock_free(folder_lock *lock)
{
	if (!lock)
		return;
	close(lock->file);
	free(lock);
}
