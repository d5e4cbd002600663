#ifndef SEQREC_TEXT_H
#define SEQREC_TEXT_H
/* text.h - growing strings, UTF-8, and the nearest word for "did you mean". */

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A growing string: starts as all zeros; data is NUL-terminated once something was added. */
typedef struct {
	char *data;
	size_t length, capacity;
} text;

void text_add(text *t, const char *string);
void text_add_bytes(text *t, const char *bytes, size_t length);
void text_addf(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_json(text *t, const char *bytes, size_t length); /* quoted and escaped as a JSON string; invalid UTF-8 becomes U+FFFD */
void text_hide_controls(text *t); /* bytes that a terminal would obey (C0 but line ends, DEL, C1 in UTF-8) become '?': names from logs stand in what people read */
void text_free(text *t);                                       /* releases the data and zeroes t */

char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2))); /* a new string: the caller frees */

bool text_is_utf8(const char *bytes, size_t length); /* well-formed UTF-8 (no surrogates, no overlong forms), NUL allowed */
size_t text_code_points(const char *bytes, size_t length);
bool text_starts(const char *string, const char *prefix);
bool text_ends(const char *string, const char *suffix);

/* The candidate closest to `word` by edit distance, or NULL when none is near enough to be meant. */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);

#ifdef __cplusplus
}
#endif
#endif
