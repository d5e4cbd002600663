/* Epochs by unit, ISO 8601 and patterns -> microseconds UTC; guards against mixed units. */
#include "loader/times.h"

#include <string.h>

#include "seqrec/instant.h"
#include "seqrec/number.h"
#include "seqrec/store.h"
#include "seqrec/text.h"

/* Years 0001 to 9999. */
#define EARLIEST (INT64_C(-62135596800) * INSTANT_SECOND)
#define LATEST (INT64_C(253402300799) * INSTANT_SECOND)

static const char *const unit_name[TIMES_UNITS] = { "auto", "epoch_s", "epoch_ms", "epoch_us", "epoch_ns", "iso8601", "strptime", "order" };

const char *times_unit_name(times_unit unit)
{
	return unit_name[unit];
}

/* "+08:00" -> microseconds; "", "UTC" and "Z" are 0. */
static bool zone_parse(const char *written, int64_t *zone)
{
	*zone = 0;
	if (!*written || strcmp(written, "UTC") == 0 || strcmp(written, "Z") == 0)
		return true;
	char instant[64] = "1970-01-01T00:00:00";
	if (strlen(written) > 6 || (*written != '+' && *written != '-'))
		return false;
	strcat(instant, written);
	int64_t at;
	if (!instant_parse(instant, strlen(instant), &at))
		return false;
	*zone = -at;
	return true;
}

static bool pattern_parse(const char *written, times_format *out, sr_error *err)
{
	size_t length = strlen(written);
	out->unit = TIMES_PATTERN;
	out->year = 1970;
	if (length >= 5 && written[length - 5] == '@' && number_parse_int(written + length - 4, 4, &out->year))
		length -= 5;
	else if (!strstr(written, "%Y") && !strstr(written, "%y"))
		return error_set(err, SR_CONFIG, "the time format \"strptime:%s\" has no year; add one behind an @, e.g. \"strptime:%s@2013\"", written, written);
	if (!length || length >= sizeof out->pattern)
		return error_set(err, SR_CONFIG, "the time format \"strptime:%s\" is %s", written, length ? "too long" : "empty");
	memcpy(out->pattern, written, length);
	out->pattern[length] = 0;
	return pattern_is_known(out->pattern) ||
		error_set(err, SR_CONFIG, "the time format \"strptime:%s\" may use %%Y %%y %%m %%d %%H %%I %%p %%M %%S %%f %%b %%j %%z and %%%%", written);
}

bool times_format_parse(const char *written, const char *zone, times_format *out, sr_error *err)
{
	*out = (times_format){ .name = written, .zone_given = *zone != 0 };
	if (!zone_parse(zone, &out->zone))
		return error_set(err, SR_CONFIG, "the time zone \"%s\" is not an offset such as \"+08:00\"", zone);
	if (text_starts(written, "strptime:"))
		return pattern_parse(written + strlen("strptime:"), out, err);
	for (int i = 0; i < TIMES_UNITS; i++)
		if (strcmp(written, unit_name[i]) == 0 && i != TIMES_PATTERN) {
			out->unit = (times_unit)i;
			return true;
		}
	const char *near = text_nearest(written, unit_name, TIMES_UNITS);
	return error_set(err, SR_CONFIG, "\"%s\" is not a time format%s%s%s; use auto, epoch_s, epoch_ms, epoch_us, epoch_ns, iso8601, strptime:FORMAT or order", written,
		near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}

/* Digits before the point: 9 or 10 for seconds since 1973, three more for each finer unit. */
static times_unit unit_of_magnitude(const char *written, size_t length)
{
	size_t digits = 0;
	while (digits < length && written[digits] >= '0' && written[digits] <= '9')
		digits++;
	if (digits < 9 || digits > 20 || written[0] == '0')
		return TIMES_AUTO;
	return digits < 12 ? TIMES_SECONDS : digits < 15 ? TIMES_MILLISECONDS : digits < 18 ? TIMES_MICROSECONDS : TIMES_NANOSECONDS;
}

static bool is_number(const char *written, size_t length)
{
	bool digit = false;
	for (size_t i = 0; i < length; i++) {
		digit = digit || (written[i] >= '0' && written[i] <= '9');
		if (!((written[i] >= '0' && written[i] <= '9') || written[i] == '.' || (i == 0 && written[i] == '-')))
			return false;
	}
	return digit;
}

static bool iso_read(times_format *f, const char *written, size_t length, int64_t *time)
{
	static const char utc[] = " UTC";
	bool offset = length > 4 && memcmp(written + length - 4, utc, 4) == 0;
	if (offset)
		length -= 4;
	if (!instant_parse(written, length, time))
		return false;
	for (size_t i = 10; i < length && !offset; i++)
		offset = written[i] == 'Z' || written[i] == '+' || written[i] == '-';
	if (!offset) {
		*time -= f->zone;
		f->local_seen = true;
	}
	return true;
}

times_unit times_guess(const char *written, size_t length)
{
	times_format utc = { .unit = TIMES_ISO8601 };
	int64_t time;
	if (is_number(written, length))
		return unit_of_magnitude(written, length);
	return iso_read(&utc, written, length, &time) ? TIMES_ISO8601 : TIMES_AUTO;
}

void times_settle(times_format *f, const uint64_t votes[TIMES_UNITS])
{
	times_unit best = votes[TIMES_AUTO] ? TIMES_SECONDS : TIMES_AUTO; /* small numbers are seconds */
	for (int i = TIMES_SECONDS; i < TIMES_UNITS; i++)
		if (votes[i] > votes[best])
			best = (times_unit)i;
	f->unit = best;
	f->guessed = true;
}

static times_verdict bad(const char **why, const char *reason)
{
	*why = reason;
	return TIMES_BAD;
}

static bool epoch_scale(times_unit unit, const char *written, size_t length, int64_t *time)
{
	static const int digits[] = { [TIMES_SECONDS] = 6, [TIMES_MILLISECONDS] = 3, [TIMES_MICROSECONDS] = 0, [TIMES_NANOSECONDS] = 0 };
	if (!number_parse_fixed(written, length, digits[unit], time))
		return false;
	if (unit == TIMES_NANOSECONDS)
		*time /= 1000;
	return true;
}

static times_verdict epoch_read(times_format *f, const char *written, size_t length, int64_t *time, const char **why)
{
	if (!is_number(written, length))
		return f->guessed && times_guess(written, length) == TIMES_ISO8601 ? TIMES_MIXED : bad(why, f->guessed ? "time has no format that auto knows (time_format can name one)" : "time is not a number");
	if (written[0] == '-')
		return bad(why, "negative time");
	times_unit unit = unit_of_magnitude(written, length);
	if (unit != TIMES_AUTO) {
		if (f->seen == TIMES_AUTO)
			f->seen = f->guessed ? f->unit : unit;
		if (f->seen != unit)
			return TIMES_MIXED;
	}
	return epoch_scale(f->unit, written, length, time) && *time <= LATEST ? TIMES_GOOD : bad(why, "time out of range");
}

times_verdict times_read(times_format *f, const char *written, size_t length, int64_t *time, const char **why)
{
	bool offset = false;
	if (!length)
		return bad(why, "no time");
	switch (f->unit) {
	case TIMES_ISO8601:
		if (iso_read(f, written, length, time))
			break;
		return f->guessed && is_number(written, length) ? TIMES_MIXED : bad(why, "time does not fit iso8601");
	case TIMES_PATTERN:
		if (!pattern_read(f, written, length, time, &offset))
			return bad(why, "time does not fit its format");
		f->local_seen = f->local_seen || !offset;
		break;
	default:
		return epoch_read(f, written, length, time, why);
	}
	return *time >= EARLIEST && *time <= LATEST ? TIMES_GOOD : bad(why, "time out of range");
}
