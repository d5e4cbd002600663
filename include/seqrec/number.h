#ifndef SEQREC_NUMBER_H
#define SEQREC_NUMBER_H
/* number.h - parsing and printing numbers, the same under every locale. Parsing is exact: the nearest double, ties to even. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The whole of text[0..length) must be the number; surrounding spaces are not accepted. "nan", "inf" and hexadecimal are not numbers. */
bool number_parse(const char *text, size_t length, double *value);
bool number_parse_int(const char *text, size_t length, int64_t *value); /* false on overflow too */

/* A decimal such as "1396437466.94" as an integer count of 10^-digits units (digits <= 9), never through floating point; further digits are cut. */
bool number_parse_fixed(const char *text, size_t length, int digits, int64_t *value);

/* "64KiB", "1.5GiB", "2000000" -> bytes. */
bool number_parse_bytes(const char *text, uint64_t *bytes);

/* "30d", "12h", "45m", "10s", "2w" -> microseconds. */
bool number_parse_duration(const char *text, int64_t *microseconds);

/* The shortest text that reads back as the same value; NUL-terminated; returns its length. NaN and infinities print as "null" (JSON has no word for them). */
enum { NUMBER_TEXT = 32 };
size_t number_print(double value, char text[NUMBER_TEXT]);
size_t number_print_float(float value, char text[NUMBER_TEXT]);
size_t number_print_grouped(uint64_t value, char text[NUMBER_TEXT]); /* 48,209 */

#ifdef __cplusplus
}
#endif
#endif
