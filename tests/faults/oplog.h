#ifndef TESTS_OPLOG_H
#define TESTS_OPLOG_H
/* oplog.h - what a program did to its files: one record a call, written by the injector and read back by the replay of lost power. */

#include <stdint.h>

enum { OP_OPEN, OP_CLOSE, OP_WRITE, OP_SYNC, OP_TRUNCATE, OP_RENAME, OP_UNLINK, OP_MKDIR };

/* Followed by `path` bytes of the absolute path, `other` bytes of the second one (OP_RENAME: to), neither ended by NUL, and by `length` bytes written. */
typedef struct {
	int32_t kind, file;    /* file: the descriptor */
	int64_t where;         /* OP_WRITE: offset; OP_TRUNCATE: new length; OP_OPEN: flags */
	uint64_t length;
	uint32_t path, other;
} op_record;

#endif
