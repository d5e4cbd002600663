/* Times by a pattern such as "%d/%m/%Y %H:%M", as strptime(3) but without locale, time zone tables or fixed widths. */
#include <string.h>

#include "loader/times.h"
#include "seqrec/instant.h"

typedef struct {
	int64_t year, offset; /* offset: microseconds ahead of UTC */
	unsigned month, day, hour, minute, second, day_of_year, fraction;
	bool afternoon, half_day, has_offset;
} parts;

bool pattern_is_known(const char *pattern)
{
	for (; *pattern; pattern++)
		if (*pattern == '%' && (!*++pattern || !strchr("YymdHIpMSfbBjz%", *pattern)))
			return false;
	return true;
}

/* Digits as long as the value stays within `limit`: "625" under %m%d is 25 June. */
static bool digits(const char **at, const char *end, int most, unsigned limit, unsigned *value)
{
	const char *begin = *at;
	*value = 0;
	while (*at < end && *at - begin < most && **at >= '0' && **at <= '9' && *value * 10 + (unsigned)(**at - '0') <= limit)
		*value = *value * 10 + (unsigned)(*(*at)++ - '0');
	return *at > begin;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* English month names, three letters or whole. */
static bool month_name(const char **at, const char *end, unsigned *month)
{
	static const char *const names[] = { "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december" };
	for (unsigned i = 0; i < 12; i++) {
		size_t same = 0;
		while (*at + same < end && names[i][same] && lower((*at)[same]) == names[i][same])
			same++;
		if (same < 3)
			continue;
		*at += names[i][same] ? 3 : same;
		*month = i + 1;
		return true;
	}
	return false;
}

/* Digits of a second's fraction -> microseconds; further digits are cut. */
static bool fraction(const char **at, const char *end, unsigned *micro)
{
	const char *begin = *at;
	*micro = 0;
	for (; *at < end && **at >= '0' && **at <= '9'; ++*at)
		if (*at - begin < 6)
			*micro = *micro * 10 + (unsigned)(**at - '0');
	if (*at == begin)
		return false;
	for (long i = *at - begin; i < 6; i++)
		*micro *= 10;
	return true;
}

/* Z, +08:00, +0800. */
static bool offset(const char **at, const char *end, parts *p)
{
	p->has_offset = true;
	if (*at < end && **at == 'Z') {
		++*at;
		return true;
	}
	unsigned hours, minutes;
	if (*at >= end || (**at != '+' && **at != '-'))
		return false;
	int64_t sign = *(*at)++ == '-' ? -1 : 1;
	if (!digits(at, end, 2, 23, &hours))
		return false;
	*at += *at < end && **at == ':';
	if (!digits(at, end, 2, 59, &minutes))
		return false;
	p->offset = sign * (int64_t)(hours * 60 + minutes) * 60 * INSTANT_SECOND;
	return true;
}

static bool half_day(const char **at, const char *end, parts *p)
{
	if (end - *at < 2 || lower((*at)[1]) != 'm' || !strchr("ap", lower(**at)))
		return false;
	p->half_day = true;
	p->afternoon = lower(**at) == 'p';
	*at += 2;
	return true;
}

static bool directive(char c, const char **at, const char *end, parts *p)
{
	unsigned value;
	switch (c) {
	case 'Y':
		if (!digits(at, end, 4, 9999, &value))
			return false;
		p->year = value;
		return true;
	case 'y':
		if (!digits(at, end, 2, 99, &value))
			return false;
		p->year = value + (value < 69 ? 2000 : 1900);
		return true;
	case 'm': return digits(at, end, 2, 12, &p->month);
	case 'd': return digits(at, end, 2, 31, &p->day);
	case 'H': return digits(at, end, 2, 23, &p->hour);
	case 'I': return digits(at, end, 2, 12, &p->hour) && p->hour >= 1;
	case 'M': return digits(at, end, 2, 59, &p->minute);
	case 'S': return digits(at, end, 2, 60, &p->second);
	case 'j': return digits(at, end, 3, 366, &p->day_of_year) && p->day_of_year >= 1;
	case 'f': return fraction(at, end, &p->fraction);
	case 'b':
	case 'B': return month_name(at, end, &p->month);
	case 'p': return half_day(at, end, p);
	case 'z': return offset(at, end, p);
	default: return *at < end && *(*at)++ == '%';
	}
}

static bool parts_time(const parts *p, int64_t zone, int64_t *time)
{
	unsigned hour = p->half_day ? p->hour % 12 + (p->afternoon ? 12 : 0) : p->hour;
	int64_t days;
	if (p->day_of_year) {
		days = instant_days(p->year, 1, 1) + p->day_of_year - 1;
		if (days >= instant_days(p->year + 1, 1, 1))
			return false;
	} else if (instant_is_date(p->year, p->month, p->day))
		days = instant_days(p->year, p->month, p->day);
	else
		return false;
	int64_t seconds = days * 86400 + (int64_t)hour * 3600 + (int64_t)p->minute * 60 + p->second;
	*time = seconds * INSTANT_SECOND + p->fraction - (p->has_offset ? p->offset : zone);
	return true;
}

bool pattern_read(const times_format *f, const char *text, size_t length, int64_t *time, bool *has_offset)
{
	parts p = { .year = f->year, .month = 1, .day = 1 };
	const char *at = text, *end = text + length;
	for (const char *c = f->pattern; *c; c++) {
		if (*c == '%') {
			if (!directive(*++c, &at, end, &p))
				return false;
		} else if (at >= end || *at++ != *c)
			return false;
	}
	*has_offset = p.has_offset;
	return at == end && parts_time(&p, f->zone, time);
}
