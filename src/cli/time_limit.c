/* time_limit.c - when a training has to make way: --max-minutes and --deadline. */
#include "cli.h"

#include "seqrec/number.h"
#include "seqrec/thread.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double last_second = INFINITY; /* of clock_seconds() */
static time_t last_instant;           /* of the calendar, so that a machine that slept keeps the appointment; 0: none */

static bool read_two(const char *text, int most, int *value)
{
	int64_t number;
	if (!number_parse_int(text, 2, &number) || number < 0 || number > most)
		return false;
	*value = (int)number;
	return true;
}

/* The next HH:MM of the local clock. */
static bool read_deadline(const char *text, time_t *instant)
{
	time_t now = time(NULL);
	struct tm day;
	int hour, minute;
	if (strlen(text) != 5 || text[2] != ':' || !read_two(text, 23, &hour) || !read_two(text + 3, 59, &minute) || !localtime_r(&now, &day))
		return false;
	for (int later = 0; later < 2; later++) {
		struct tm then = { .tm_year = day.tm_year, .tm_mon = day.tm_mon, .tm_mday = day.tm_mday + later, .tm_hour = hour, .tm_min = minute, .tm_isdst = -1 };
		*instant = mktime(&then);
		if (*instant > now)
			break;
	}
	return *instant > now;
}

bool time_limit_set(const options *opt, sr_error *err)
{
	double minutes;
	if (opt->max_minutes) {
		if (!number_parse(opt->max_minutes, strlen(opt->max_minutes), &minutes) || !(minutes > 0))
			return error_set(err, SR_CONFIG, "--max-minutes %s: must be a number of minutes above 0", opt->max_minutes);
		last_second = clock_seconds() + 60 * minutes;
	}
	if (opt->deadline && !read_deadline(opt->deadline, &last_instant))
		return error_set(err, SR_CONFIG, "--deadline %s: must be a time of the local clock such as 02:00", opt->deadline);
	return true;
}

bool time_limit_reached(void)
{
	return clock_seconds() >= last_second || (last_instant && time(NULL) >= last_instant);
}
