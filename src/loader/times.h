#ifndef LOADER_TIMES_H
#define LOADER_TIMES_H
/* times.h - the times of a log, in the format that its config names or its first rows show, as microseconds UTC. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/error.h"

typedef enum { TIMES_AUTO, TIMES_SECONDS, TIMES_MILLISECONDS, TIMES_MICROSECONDS, TIMES_NANOSECONDS, TIMES_ISO8601, TIMES_PATTERN, TIMES_ORDER } times_unit;
enum { TIMES_UNITS = TIMES_ORDER + 1 };

typedef struct {
	times_unit unit;
	const char *name;     /* as the config writes it; borrowed */
	char pattern[128];    /* strptime's */
	int64_t year;         /* of a pattern without one */
	int64_t zone;         /* microseconds that local time is ahead of UTC */
	bool zone_given;
	bool guessed;         /* by `auto` */
	times_unit seen;      /* the unit that the first plausible epoch of the file looks like; TIMES_AUTO = none yet */
	bool local_seen;      /* a time without an offset was read */
	char day[10];         /* the last date that times_read_plain met, and when it begins */
	int64_t day_begin;
} times_format;

/* "auto", "epoch_s", ..., "iso8601", "strptime:%d/%m/%Y %H:%M", "strptime:%m-%d@2013" (the year of a format that has none), "order". */
bool times_format_parse(const char *written, const char *zone, times_format *out, sr_error *err);

typedef enum { TIMES_GOOD, TIMES_BAD, TIMES_MIXED /* another unit than the rows before: an error, never a silent mix */ } times_verdict;
times_verdict times_read(times_format *f, const char *written, size_t length, int64_t *time, const char **why);

/* The same for the plainest texts of a format that is settled, behind which 16 bytes may be read; false: ask times_read. */
bool times_read_plain(times_format *f, const char *written, size_t length, int64_t *time);

/* What a text looks like: an epoch by its magnitude, ISO 8601, or TIMES_AUTO for neither. */
times_unit times_guess(const char *written, size_t length);
void times_settle(times_format *f, const uint64_t votes[TIMES_UNITS]); /* `auto` becomes the unit with most votes; without any it stays */
const char *times_unit_name(times_unit unit);

/* pattern.c: %Y %y %m %d %H %I %p %M %S %f %b %j %z %%, digits padded or not. */
bool pattern_read(const times_format *f, const char *written, size_t length, int64_t *time, bool *has_offset);
bool pattern_is_known(const char *pattern);

#endif
