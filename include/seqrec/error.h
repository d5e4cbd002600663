#ifndef SEQREC_ERROR_H
#define SEQREC_ERROR_H
/* error.h - how a function says what went wrong. The codes are the program's exit codes (one list, in error.c). */

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
	SR_OK = 0,
	SR_UNEXPECTED = 1, /* what no other code describes */
	SR_CONFIG = 2,     /* usage or configuration */
	SR_DATA = 3,       /* data beyond tolerance */
	SR_IO = 4,         /* input or output: disk full, no permission, no such file */
	SR_MODEL = 5,      /* a damaged or unfitting checkpoint or model */
	SR_DIVERGED = 6,   /* non-finite loss */
	SR_MEMORY = 7,     /* out of memory, on the host or on a device */
	SR_GATE = 10,      /* quality gate not met */
	SR_INTERNAL = 70,  /* an invariant of ours is broken */
	SR_AGAIN = 75      /* run directory locked, or stopped early: run again to continue */
} sr_code;

/* Starts as all zeros. The first error is kept: later calls of error_set on it do nothing. */
typedef struct {
	sr_code code;
	char text[4096]; /* one sentence a line: what, where, what was kept, what to do; no line end at the end */
} sr_error;

/* Records an error unless one is there already. Always returns false, so that `return error_set(...)` reads well. err may be NULL. */
bool error_set(sr_error *err, sr_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Adds one more line to an error (or starts it): for readers that report everything they find at once. Returns false. */
bool error_add(sr_error *err, sr_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* error_set with ": strerror(errno)" behind the text. The code is SR_MEMORY for ENOMEM, else SR_IO. Returns false. */
bool error_set_errno(sr_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The meaning of an exit code in words ("usage or configuration"), for help and documentation. */
const char *error_meaning(sr_code code);

#ifdef __cplusplus
}
#endif
#endif
