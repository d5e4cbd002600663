#ifndef LOADER_MARKS_H
#define LOADER_MARKS_H
/* marks.h - where the bytes stand that decide how separated values are read: separators, line ends, and whatever makes a row one that needs care. */

#include <stddef.h>
#include <stdint.h>

enum { MARKS_SLACK = 64 }; /* so many bytes behind a text may be read (and are ignored) */

/* Writes base + i for every byte i of the text that is the separator, a line feed, `special`, a NUL, a carriage return without a line feed behind it, or not
 * ASCII; ascending. `out` has room for length + 64. Returns how many there are. */
size_t marks_find(const char *text, size_t length, char separator, char special, uint32_t base, uint32_t *out);

#endif
