#ifndef LOADER_QUARANTINE_H
#define LOADER_QUARANTINE_H
/* quarantine.h - bad rows: the first of each reason are logged, and the bytes of all are kept in quarantine/bad_rows.txt of the store. */

#include "loader/reader.h"
#include "seqrec/error.h"

typedef struct quarantine quarantine;

quarantine *quarantine_new(const char *folder);
bool quarantine_add(quarantine *q, const char *path, const record *row, const char *reason, size_t column, sr_error *err);
/* "path:line:column: reason" of the first bad row, or NULL. */
const char *quarantine_first(const quarantine *q);
bool quarantine_commit(quarantine *q, sr_error *err); /* the file becomes visible; nothing when there are no bad rows */
void quarantine_free(quarantine *q);                  /* NULL ok */

#endif
