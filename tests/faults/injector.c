/* injector.c - preloaded into the program under test: the n-th call of a kind fails with an errno, once or from then on, or the process dies there.
 *   FAULT_KIND    a name of the list below, or "change" (any call that changes a file)
 *   FAULT_AT      which call, from 1; 0 or unset: none
 *   FAULT_WITH    an errno as a number, "short" (half of the bytes are written) or "kill" (SIGKILL in place of the call)
 *   FAULT_STICKY  1: all later calls of the kind fail too
 *   FAULT_COUNTS  a file of KINDS + 1 64-bit numbers, mapped: how many calls of each kind there were; the last one counts the faults
 * Standard input, output and error are never touched: what a program says is how it is judged. */
#define _GNU_SOURCE
#include "faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
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
	return hit_open(flags) ? -1 : real_open(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	OPEN_MODE(flags);
	REAL(open64);
	return hit_open(flags) ? -1 : real_open64(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
	OPEN_MODE(flags);
	REAL(openat);
	return hit_open(flags) ? -1 : real_openat(folder, path, flags, mode);
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
	return real_close(file);
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
	return real_write(file, bytes, length);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset)
{
	REAL(pwrite);
	if (hit_change(KIND_WRITE)) {
		if (with != SHORT)
			return -1;
		length = length > 1 ? length / 2 : length;
	}
	return real_pwrite(file, bytes, length, offset);
}

int fsync(int file)
{
	REAL(fsync);
	return hit_change(KIND_FSYNC) ? -1 : real_fsync(file);
}

int ftruncate(int file, off_t length)
{
	REAL(ftruncate);
	return hit_change(KIND_TRUNCATE) ? -1 : real_ftruncate(file, length);
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
	return hit_change(KIND_RENAME) ? -1 : real_rename(from, to);
}

int unlink(const char *path)
{
	REAL(unlink);
	return hit_change(KIND_UNLINK) ? -1 : real_unlink(path);
}

int rmdir(const char *path)
{
	REAL(rmdir);
	return hit_change(KIND_UNLINK) ? -1 : real_rmdir(path);
}

int mkdir(const char *path, mode_t mode)
{
	REAL(mkdir);
	return hit_change(KIND_MKDIR) ? -1 : real_mkdir(path, mode);
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
