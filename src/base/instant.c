/* instant.c - the Gregorian calendar as day numbers (Hinnant, "chrono-compatible low-level date algorithms") and ISO 8601. */
#include "seqrec/instant.h"

#include "seqrec/number.h"

#include <stdio.h>
#include <string.h>

/* Years begin in March here, so that the leap day is the last of its year. */
int64_t instant_days(int64_t year, unsigned month, unsigned day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + (int64_t)day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

bool instant_is_date(int64_t year, unsigned month, unsigned day)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (unsigned)(leap && month == 2);
}

/* Reads exactly `digits` digits, moving *at. */
static bool read_digits(const char **at, const char *end, int digits, unsigned *value)
{
	if (end - *at < digits)
		return false;
	*value = 0;
	for (int i = 0; i < digits; i++, ++*at) {
		if (**at < '0' || **at > '9')
			return false;
		*value = *value * 10 + (unsigned)(**at - '0');
	}
	return true;
}

static bool read_char(const char **at, const char *end, const char *allowed)
{
	if (*at >= end || !strchr(allowed, **at) || !**at)
		return false;
	++*at;
	return true;
}

static bool read_offset(const char **at, const char *end, int64_t *seconds)
{
	unsigned hours = 0, minutes = 0;
	*seconds = 0;
	if (*at == end || (read_char(at, end, "Z") && *at == end))
		return true;
	bool west = **at == '-';
	if (!read_char(at, end, "+-") || !read_digits(at, end, 2, &hours))
		return false;
	bool colon = read_char(at, end, ":");
	if ((colon || *at < end) && !read_digits(at, end, 2, &minutes))
		return false;
	*seconds = ((int64_t)hours * 3600 + (int64_t)minutes * 60) * (west ? -1 : 1);
	return *at == end && hours < 24 && minutes < 60;
}

bool instant_parse(const char *text, size_t length, int64_t *instant)
{
	const char *at = text, *end = text + length;
	unsigned year, month, day, hour = 0, minute = 0, second = 0;
	int64_t offset = 0, fraction = 0;
	if (!read_digits(&at, end, 4, &year) || !read_char(&at, end, "-") || !read_digits(&at, end, 2, &month) || !read_char(&at, end, "-") || !read_digits(&at, end, 2, &day) ||
	    !instant_is_date(year, month, day))
		return false;
	if (at < end && read_char(&at, end, "T ")) {
		if (!read_digits(&at, end, 2, &hour) || !read_char(&at, end, ":") || !read_digits(&at, end, 2, &minute))
			return false;
		if (read_char(&at, end, ":") && !read_digits(&at, end, 2, &second))
			return false;
		const char *point = at;
		if (read_char(&at, end, ".")) {
			while (at < end && *at >= '0' && *at <= '9')
				at++;
			if (!number_parse_fixed(point, (size_t)(at - point), 6, &fraction))
				return false;
		}
	}
	if (!read_offset(&at, end, &offset) || hour > 23 || minute > 59 || second > 60)
		return false;
	int64_t seconds = instant_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
	*instant = seconds * INSTANT_SECOND + fraction;
	return true;
}

/* The inverse of instant_days. */
static void civil(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t day_of_era = days - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted = (5 * day_of_year + 2) / 153;
	*day = (unsigned)(day_of_year - (153 * shifted + 2) / 5 + 1);
	*month = (unsigned)(shifted < 10 ? shifted + 3 : shifted - 9);
	*year = year_of_era + era * 400 + (*month <= 2);
}

size_t instant_print(int64_t instant, char text[INSTANT_TEXT])
{
	int64_t days = instant / INSTANT_DAY, rest = instant % INSTANT_DAY, year;
	if (rest < 0) {
		rest += INSTANT_DAY;
		days--;
	}
	unsigned month, day;
	civil(days, &year, &month, &day);
	int length = snprintf(text, INSTANT_TEXT, "%04lld-%02u-%02u", (long long)year, month, day);
	unsigned seconds = (unsigned)(rest / INSTANT_SECOND), fraction = (unsigned)(rest % INSTANT_SECOND);
	if (rest)
		length += snprintf(text + length, INSTANT_TEXT - (size_t)length, "T%02u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
	if (fraction) {
		length += snprintf(text + length, INSTANT_TEXT - (size_t)length, ".%06u", fraction);
		while (text[length - 1] == '0')
			text[--length] = '\0';
	}
	if (rest)
		length += snprintf(text + length, INSTANT_TEXT - (size_t)length, "Z");
	return (size_t)length;
}
