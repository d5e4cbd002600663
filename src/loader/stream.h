#ifndef LOADER_STREAM_H
#define LOADER_STREAM_H
/* stream.h - the bytes of one file as UTF-8 text, whatever it is wrapped in: gzip by its magic bytes (several members too), UTF-16 by its byte order mark,
 * other encodings by name. Constant memory. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/error.h"
#include "seqrec/hash.h"

typedef struct stream stream;

stream *stream_open(const char *path /* "-": standard input */, const char *encoding /* "" = UTF-8 */, sr_error *err);

/* Up to `capacity` bytes (at least 16); *length = 0 at the end. `rows` read so far are named in errors. A byte that the encoding does not allow becomes 0xFF,
 * which no UTF-8 text holds, so that its row is found to be bad. */
bool stream_read(stream *s, char *out, size_t capacity, size_t *length, uint64_t rows, sr_error *err);

/* What was read, for the manifest; the sum covers the file's own bytes and is only complete after the end. */
uint64_t stream_size(const stream *s);
void stream_sum(stream *s, char out[SHA256_TEXT]);
void stream_close(stream *s); /* NULL ok */

#endif
