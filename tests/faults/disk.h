#ifndef TESTS_DISK_H
#define TESTS_DISK_H
/* disk.h - what may stand on a disk after the power went: a log of calls is replayed, and of those that no fsync had made safe any may be missing.
 * Bytes are safe after an fsync of their file, names (creation, rename, removal) after an fsync of their folder, and not before. */

#include "tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct disk_log disk_log;

/* The calls of a log file below `folder` (absolute), which had the content of `base` before them. */
disk_log *disk_log_read(const char *file, const char *folder, const tree *base);
size_t disk_log_count(const disk_log *log);
void disk_log_free(disk_log *log);

/* What became of the calls that were not yet safe. */
typedef enum { POWER_LOST /* none of them came */, POWER_CAME /* all */, POWER_NAMES /* names came, bytes did not */, POWER_BYTES /* the other way round */, POWER_TORN /* names, and half of each write */,
	POWER_MIXED /* each by a coin */ } power_way;

/* The folder's content after the first `calls` calls and a loss of power; `seed` is for the coins. Empty folders are not in it. */
tree disk_after(const disk_log *log, size_t calls, power_way way, uint64_t seed);

#endif
