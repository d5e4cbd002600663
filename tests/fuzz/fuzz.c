/* fuzz.c - files in memory and a folder for one process. */
#define _GNU_SOURCE /* memfd_create */
#include "fuzz.h"

#include "seqrec/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

_Noreturn void fuzz_fail(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

static void put(int file, const void *data, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t written = write(file, (const char *)data + done, size - done);
		must(written > 0);
		done += (size_t)written;
	}
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
	static char path[64];
	static int file = -1;
	if (file >= 0)
		close(file);
	file = memfd_create("input", MFD_CLOEXEC);
	must(file >= 0);
	put(file, data, size);
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	return path;
}

static char folder[64];

static void remove_folder(void)
{
	folder_remove(folder, NULL);
}

const char *fuzz_folder(void)
{
	if (!folder[0]) {
		snprintf(folder, sizeof folder, "%s/seqrec.fuzz.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"); /* a file each run: not on a disk */
		must(mkdtemp(folder));
		atexit(remove_folder);
	}
	return folder;
}

void fuzz_write(const char *path, const void *data, size_t size)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	must(file >= 0);
	put(file, data, size);
	close(file);
}
