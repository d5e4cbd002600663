#ifndef LOADER_AHEAD_H
#define LOADER_AHEAD_H
/* ahead.h - a stream read by a thread of its own: reading, inflating and summing go on while the text before is parsed. The text is the same. */

#include "loader/stream.h"

typedef struct ahead_reader ahead_reader;

ahead_reader *ahead_new(stream *s); /* NULL when there is no thread to be had: then the stream is read as before */
/* As stream_read. What goes wrong is said when the text before it has been handed out. */
bool ahead_read(ahead_reader *a, char *out, size_t capacity, size_t *length, uint64_t rows, sr_error *err);
void ahead_free(ahead_reader *a); /* before the stream is closed; NULL ok */

#endif
