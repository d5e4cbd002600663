#ifndef SEQREC_SNIFF_H
#define SEQREC_SNIFF_H
/* sniff.h - guesses from logs what their config says: formats, columns, times, types, labels. */

#include <stdbool.h>
#include <stddef.h>

#include "seqrec/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	char *config; /* JSON with comments */
	char *words;  /* every guess and its evidence, for people */
	char *json;   /* the same as JSON */
} sniffed;

/* Looks at each log (file, glob or folder: its first file; up to a million rows) and fills `out`. `folder` is where the config goes: relative paths of logs
 * are written relative to it when it is "." and as absolute ones elsewhere. False: a log cannot be read, or nothing in it can be learned from. */
bool sniff_logs(char *const *path, size_t count, const char *folder, sniffed *out, sr_error *err);
void sniffed_free(sniffed *s);

#ifdef __cplusplus
}
#endif
#endif
