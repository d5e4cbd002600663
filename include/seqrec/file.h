#ifndef SEQREC_FILE_H
#define SEQREC_FILE_H
/* file.h - the one module that opens, writes, syncs and renames durable files, with direct system calls.
 * A durable file is never half-written: a temporary file in the same folder (O_EXCL, 0600), write loop, fsync, close, rename, fsync of the folder. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- durable output ---- */
typedef struct durable durable;
durable *durable_open(const char *path, sr_error *err);             /* NULL on error; nothing is visible at `path` before the commit */
bool durable_write(durable *d, const void *bytes, size_t length);   /* buffered; the first error is kept until the commit */
bool durable_print(durable *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool durable_patch(durable *d, uint64_t offset, const void *bytes, size_t length); /* overwrites bytes written earlier: headers known only at the end */
uint64_t durable_length(const durable *d);                          /* bytes written so far */
uint32_t durable_crc32(const durable *d);                           /* CRC-32 of the bytes written in order (patches are not included) */
bool durable_commit(durable *d, sr_error *err);                     /* makes the file visible, or removes the temporary file and says why; frees d either way; NULL ok (false) */
void durable_abandon(durable *d);                                   /* removes the temporary file and frees d; NULL ok */
bool file_write(const char *path, const void *bytes, size_t length, sr_error *err); /* one durable file in one call */

/* ---- logs: lines are added at the end with one write each; what a crash leaves is whole lines ---- */
typedef struct appender appender;
appender *append_open(const char *path, sr_error *err); /* cuts off a torn last line */
bool append_print(appender *a, const char *format, ...) __attribute__((format(printf, 2, 3))); /* false when the line could not be written; NULL ok */
bool append_line(appender *a, const char *line, size_t length); /* the same of a line of any length, with its end */
bool append_good(const appender *a, sr_error *err);                  /* false with the error when a line could not be written; NULL ok */
bool append_sync(appender *a, sr_error *err);                        /* the same, and all lines are on the disk; NULL ok */
uint64_t append_length(const appender *a);                           /* bytes of all lines */
bool append_cut(appender *a, uint64_t length, sr_error *err);        /* drops the lines behind `length` bytes: they are going to be written again */
void append_close(appender *a);                                                                  /* NULL ok */

/* ---- reading ---- */
char *file_read(const char *path, size_t limit, size_t *length, sr_error *err); /* a new NUL-terminated copy; more than `limit` bytes is an error */

typedef struct {
	const unsigned char *bytes; /* read-only; NULL for an empty file */
	size_t length;
} file_map;
bool file_map_open(file_map *map, const char *path, sr_error *err);
void file_map_close(file_map *map);

/* ---- paths and folders ---- */
bool file_exists(const char *path);
bool file_is_folder(const char *path);
bool folder_make(const char *path, sr_error *err);   /* with its parents; an existing folder is fine */
bool folder_remove(const char *path, sr_error *err); /* with everything in it; an absent folder is fine */
bool folder_sync(const char *path, sr_error *err);   /* makes the name `path` itself last: an fsync of the folder that it stands in */
void folder_clean(const char *path);                 /* removes temporary files of durable_open whose process is gone */
char *path_join(const char *folder, const char *name); /* new; an absolute name stands alone; an empty folder adds nothing */
char *path_absolute(const char *path);                 /* new; from the current folder, without "." and ".." (by name, as most tools do) */
char *path_folder(const char *path);                   /* new; "." where there is none */
const char *path_name(const char *path);               /* borrowed: the part behind the last slash */

/* ---- one user of a folder at a time: flock, so that the lock dies with its holder ---- */
typedef struct folder_lock folder_lock;
folder_lock *folder_lock_take(const char *path, sr_error *err); /* SR_AGAIN names the holder's process id */
void folder_lock_free(folder_lock *lock);                       /* NULL ok */

#ifdef __cplusplus
}
#endif
#endif
