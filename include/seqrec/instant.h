#ifndef SEQREC_INSTANT_H
#define SEQREC_INSTANT_H
/* instant.h - points in time as int64 microseconds UTC, and ISO 8601. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define INSTANT_SECOND INT64_C(1000000)
#define INSTANT_DAY (INT64_C(86400) * INSTANT_SECOND)

/* Days since 1970-01-01 of a date of the Gregorian calendar; month 1..12, day 1..31. */
int64_t instant_days(int64_t year, unsigned month, unsigned day);
bool instant_is_date(int64_t year, unsigned month, unsigned day);

/* "2017-03-03", "2017-03-03T12:00:00.5", with "Z" or "+08:00" behind it; UTC without. The whole text must be the instant. */
bool instant_parse(const char *text, size_t length, int64_t *instant);

/* "2017-03-03T12:00:00Z", the date alone at midnight, a fraction only where there is one. Returns the length. */
enum { INSTANT_TEXT = 48 };
size_t instant_print(int64_t instant, char text[INSTANT_TEXT]);

#ifdef __cplusplus
}
#endif
#endif
