#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H
/* faults.h - the kinds of calls that the injector counts and fails, and what a driver of it needs. */

enum { KIND_CHANGE, KIND_WRITE, KIND_FSYNC, KIND_RENAME, KIND_CREATE, KIND_OPEN, KIND_CLOSE, KIND_READ, KIND_MKDIR, KIND_UNLINK, KIND_TRUNCATE, KIND_MMAP, KIND_MALLOC, KINDS };

static const char *const fault_kinds[KINDS] = { "change", "write", "fsync", "rename", "create", "open", "close", "read", "mkdir", "unlink", "truncate", "mmap", "malloc" };

#endif
