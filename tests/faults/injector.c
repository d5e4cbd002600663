/* injector.c - preloaded into the program under test: the n-th call of a kind fails with an errno, once or from then on, or the process dies there.
 *   FAULT_KIND    a name of the list below, or "change" (any call that changes a file)
 *   FAULT_AT      which call, from 1; 0 or unset: none
 *   FAULT_WITH    an errno as a number, "short" (half of the bytes are written) or "kill" (SIGKILL in place of the call)
 *   FAULT_STICKY  1: all later calls of the kind fail too
 *   FAULT_LOG     a file to which each call that changed a file is added, with what it wrote (oplog.h)
 *   FAULT_COUNTS  a file of KINDS + 1 64-bit numbers, mapped: how many calls of each kind there were; the last one counts the faults
 * Standard input, output and error are never touched: what a program says is how it is judged. */
#define _GNU_SOURCE
#include "faults.h"
#include "oplog.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* Memory of glibc itself: dlsym may ask for some. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

enum { SHORT = -1, KILL = -2 };

static _Atomic uint64_t own_counts[KINDS + 1], *counts = own_counts;
static int wanted = -1, with;
static uint64_t at;
static bool sticky, ready;
static int log_file = -1;
static atomic_flag log_busy = ATOMIC_FLAG_INIT;

#define REAL(name) \
	static __typeof__(&name) real_##name; \
	if (!real_##name) \
		real_##name = (__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void injector_start(void)
{
	const char *kind = getenv("FAULT_KIND"), *number = getenv("FAULT_AT"), *how = getenv("FAULT_WITH"), *path = getenv("FAULT_COUNTS");
	for (int i = 0; kind && i < KINDS; i++)
		if (strcmp(kind, fault_kinds[i]) == 0)
			wanted = i;
	at = number ? strtoull(number, NULL, 10) : 0;
	with = !how ? EIO : strcmp(how, "short") == 0 ? SHORT : strcmp(how, "kill") == 0 ? KILL : (int)strtol(how, NULL, 10);
	sticky = getenv("FAULT_STICKY") != NULL;
	REAL(open);
	REAL(mmap);
	const char *log = getenv("FAULT_LOG");
	log_file = log ? real_open(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600) : -1;
	int file = path ? real_open(path, O_RDWR) : -1;
	void *mapped = file >= 0 ? real_mmap(NULL, sizeof own_counts, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
	if (mapped != MAP_FAILED)
		counts = mapped;
	unsetenv("LD_PRELOAD");
	ready = true;
}

/* Counts a call; true when it has to fail, errno being set. */
static bool hit(int kind)
{
	if (!ready)
		return false;
	uint64_t now = atomic_fetch_add(&counts[kind], 1) + 1;
	if (kind != wanted || !at || (sticky ? now < at : now != at))
		return false;
	atomic_fetch_add(&counts[KINDS], 1);
	if (with == KILL) {
		kill(getpid(), SIGKILL);
		for (;;)
			pause();
	}
	errno = with;
	return true;
}

/* A call that changes a file: the end of the process may come before any of them. */
static bool hit_change(int kind)
{
	return hit(KIND_CHANGE) || hit(kind);
}

/* ---- the log: a call and its record are one step, so that records stand in the order of the calls ---- */

static void log_begin(void)
{
	while (log_file >= 0 && atomic_flag_test_and_set(&log_busy))
		;
}

static uint32_t absolute(const char *path, char whole[PATH_MAX])
{
	whole[0] = '\0';
	if (path && path[0] != '/' && !getcwd(whole, PATH_MAX - 1))
		abort();
	if (whole[0])
		strcat(whole, "/");
	if (path && strlen(whole) + strlen(path) >= PATH_MAX)
		abort();
	return (uint32_t)strlen(strcat(whole, path ? path : ""));
}

static void log_end(bool done, op_record head, const char *path, const char *other, const void *bytes)
{
	char first[PATH_MAX], second[PATH_MAX];
	int kept = errno;
	if (log_file < 0)
		return;
	head.path = absolute(path, first);
	head.other = absolute(other, second);
	struct iovec part[] = { { &head, sizeof head }, { first, head.path }, { second, head.other }, { (void *)(uintptr_t)bytes, head.length } };
	size_t length = sizeof head + head.path + head.other + head.length;
	if (done && writev(log_file, part, 4) != (ssize_t)length)
		abort();
	atomic_flag_clear(&log_busy);
	errno = kept;
}

/* ---- opening and closing ---- */

static bool hit_open(int flags)
{
	return flags & (O_CREAT | O_TRUNC) ? hit_change(KIND_CREATE) : hit(KIND_OPEN);
}

#define OPEN_MODE(flags) \
	va_list more; \
	va_start(more, flags); \
	mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0; \
	va_end(more)

int open(const char *path, int flags, ...)
{
	OPEN_MODE(flags);
	REAL(open);
	log_begin();
	int file = hit_open(flags) ? -1 : real_open(path, flags, mode);
	log_end(file >= 0, (op_record){ .kind = OP_OPEN, .file = file, .where = flags }, path, NULL, NULL);
	return file;
}

int open64(const char *path, int flags, ...)
{
	OPEN_MODE(flags);
	REAL(open64);
	log_begin();
	int file = hit_open(flags) ? -1 : real_open64(path, flags, mode);
	log_end(file >= 0, (op_record){ .kind = OP_OPEN, .file = file, .where = flags }, path, NULL, NULL);
	return file;
}

int openat(int folder, const char *path, int flags, ...)
{
	OPEN_MODE(flags);
	REAL(openat);
	return hit_open(flags) ? -1 : real_openat(folder, path, flags, mode);
}

DIR *opendir(const char *path)
{
	REAL(opendir);
	return hit(KIND_OPEN) ? NULL : real_opendir(path);
}

/* A failing close has closed all the same, as on Linux. */
int close(int file)
{
	REAL(close);
	if (file > STDERR_FILENO && hit(KIND_CLOSE)) {
		int kept = errno;
		real_close(file);
		errno = kept;
		return -1;
	}
	log_begin();
	int result = real_close(file);
	log_end(true, (op_record){ .kind = OP_CLOSE, .file = file }, NULL, NULL, NULL);
	return result;
}

/* ---- reading and writing ---- */

ssize_t read(int file, void *bytes, size_t length)
{
	REAL(read);
	if (file > STDERR_FILENO && hit(KIND_READ)) {
		if (with != SHORT)
			return -1;
		length = length > 1 ? length / 2 : length;
	}
	return real_read(file, bytes, length);
}

ssize_t pread(int file, void *bytes, size_t length, off_t offset)
{
	REAL(pread);
	if (hit(KIND_READ)) {
		if (with != SHORT)
			return -1;
		length = length > 1 ? length / 2 : length;
	}
	return real_pread(file, bytes, length, offset);
}

ssize_t write(int file, const void *bytes, size_t length)
{
	REAL(write);
	if (file > STDERR_FILENO && hit_change(KIND_WRITE)) {
		if (with != SHORT)
			return -1;
		length = length > 1 ? length / 2 : length;
	}
	log_begin();
	ssize_t written = real_write(file, bytes, length);
	off_t end = log_file >= 0 && written > 0 ? lseek(file, 0, SEEK_CUR) : 0;
	log_end(written > 0, (op_record){ .kind = OP_WRITE, .file = file, .where = end - written, .length = written > 0 ? (uint64_t)written : 0 }, NULL, NULL, bytes);
	return written;
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset)
{
	REAL(pwrite);
	if (hit_change(KIND_WRITE)) {
		if (with != SHORT)
			return -1;
		length = length > 1 ? length / 2 : length;
	}
	log_begin();
	ssize_t written = real_pwrite(file, bytes, length, offset);
	log_end(written > 0, (op_record){ .kind = OP_WRITE, .file = file, .where = offset, .length = written > 0 ? (uint64_t)written : 0 }, NULL, NULL, bytes);
	return written;
}

int fsync(int file)
{
	REAL(fsync);
	log_begin();
	int result = hit_change(KIND_FSYNC) ? -1 : real_fsync(file);
	log_end(result == 0, (op_record){ .kind = OP_SYNC, .file = file }, NULL, NULL, NULL);
	return result;
}

int ftruncate(int file, off_t length)
{
	REAL(ftruncate);
	log_begin();
	int result = hit_change(KIND_TRUNCATE) ? -1 : real_ftruncate(file, length);
	log_end(result == 0, (op_record){ .kind = OP_TRUNCATE, .file = file, .where = length }, NULL, NULL, NULL);
	return result;
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
	REAL(mmap);
	return file >= 0 && hit(KIND_MMAP) ? MAP_FAILED : real_mmap(address, length, protection, flags, file, offset);
}

/* ---- names ---- */

int rename(const char *from, const char *to)
{
	REAL(rename);
	log_begin();
	int result = hit_change(KIND_RENAME) ? -1 : real_rename(from, to);
	log_end(result == 0, (op_record){ .kind = OP_RENAME }, from, to, NULL);
	return result;
}

int unlink(const char *path)
{
	REAL(unlink);
	log_begin();
	int result = hit_change(KIND_UNLINK) ? -1 : real_unlink(path);
	log_end(result == 0, (op_record){ .kind = OP_UNLINK }, path, NULL, NULL);
	return result;
}

int rmdir(const char *path)
{
	REAL(rmdir);
	log_begin();
	int result = hit_change(KIND_UNLINK) ? -1 : real_rmdir(path);
	log_end(result == 0, (op_record){ .kind = OP_UNLINK }, path, NULL, NULL);
	return result;
}

/* As glibc's, whose own calls nobody could see. */
int remove(const char *path)
{
	return unlink(path) == 0 || (errno == EISDIR && rmdir(path) == 0) ? 0 : -1;
}

int mkdir(const char *path, mode_t mode)
{
	REAL(mkdir);
	log_begin();
	int result = hit_change(KIND_MKDIR) ? -1 : real_mkdir(path, mode);
	log_end(result == 0, (op_record){ .kind = OP_MKDIR }, path, NULL, NULL);
	return result;
}

/* ---- memory ---- */

void *malloc(size_t size)
{
	return hit(KIND_MALLOC) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return hit(KIND_MALLOC) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return hit(KIND_MALLOC) ? NULL : __libc_realloc(old, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	if (hit(KIND_MALLOC))
		return ENOMEM;
	*out = __libc_memalign(alignment, size);
	return *out ? 0 : ENOMEM;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return hit(KIND_MALLOC) ? NULL : __libc_memalign(alignment, size);
}
