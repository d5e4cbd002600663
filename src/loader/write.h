#ifndef LOADER_WRITE_H
#define LOADER_WRITE_H
/* write.h - the store's files from the finished build. */

#include "loader/builder.h"

bool events_write(builder *b, sr_error *err);                        /* also first_time, last_time */
bool entities_write(builder *b, field_level level, sr_error *err);   /* users or items */
bool samples_write(builder *b, sr_error *err);
bool vocabularies_write(builder *b, sr_error *err);
bool stored_commit(builder *b, sr_error *err);                       /* all files so far are on disk, and listed for the manifest */
void stored_abandon(builder *b);
bool manifest_write(builder *b, sr_error *err);                      /* last: without it a folder is no store */

#endif
