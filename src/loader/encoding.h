#ifndef LOADER_ENCODING_H
#define LOADER_ENCODING_H
/* encoding.h - converts text of a named encoding to UTF-8, piece by piece (libc's iconv). */

#include <stdbool.h>
#include <stddef.h>

typedef struct encoding encoding;

encoding *encoding_new(const char *name); /* NULL when libc does not know it */
/* Converts as much of in as fits into out; what is left of an unfinished character stays in the input. An invalid byte becomes 0xFF. With `last` an unfinished
 * character is invalid. Returns the number of input bytes used. */
size_t encoding_convert(encoding *e, const char *in, size_t length, bool last, char *out, size_t capacity, size_t *written);
void encoding_free(encoding *e); /* NULL ok */

#endif
