/* Epochs of plain digits, and ISO 8601 with seconds: eight characters at a time. Whatever else a time may be is left to times.c. */
#include <string.h>

#include "loader/times.h"
#include "seqrec/instant.h"

#define ZEROS UINT64_C(0x3030303030303030)

/* Whether all eight bytes are digits: neither the byte nor the byte + 6 leaves 0x30..0x3f. */
static bool are_digits(uint64_t eight)
{
	const uint64_t high = UINT64_C(0xf0f0f0f0f0f0f0f0);
	return ((eight & high) == ZEROS) & (((eight + UINT64_C(0x0606060606060606)) & high) == ZEROS);
}

/* Eight digits, the first in the lowest byte, as a number: neighbours are joined three times. */
static uint64_t digits_value(uint64_t eight)
{
	eight -= ZEROS;
	eight = eight * 10 + (eight >> 8);
	eight = ((eight & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064) + ((eight >> 16) & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001)) >> 32;
	return eight;
}

static uint64_t eight_at(const char *p)
{
	uint64_t eight;
	memcpy(&eight, p, sizeof eight);
	return eight;
}

/* 9 to 16 digits: the last eight, and zeros before the others. */
static bool epoch_plain(const times_format *f, const char *written, size_t length, int64_t *time)
{
	static const int64_t scale[] = { [TIMES_SECONDS] = 1000000, [TIMES_MILLISECONDS] = 1000, [TIMES_MICROSECONDS] = 1 };
	times_unit looks = length < 12 ? TIMES_SECONDS : length < 15 ? TIMES_MILLISECONDS : TIMES_MICROSECONDS;
	if (length < 9 || length > 16 || f->seen != looks || written[0] == '0')
		return false;
	uint64_t last = eight_at(written + length - 8), first = eight_at(written);
	if (length < 16)
		first = first << (8 * (16 - length)) | ZEROS >> (8 * (length - 8));
	if (!are_digits(first) || !are_digits(last))
		return false;
	uint64_t value = digits_value(first) * 100000000 + digits_value(last);
	if (value > UINT64_C(99999999999) * 1000000 / (uint64_t)scale[f->unit])
		return false;
	*time = (int64_t)value * scale[f->unit];
	return true;
}

/* Ten digits, a point, and up to six more. */
static bool seconds_plain(const times_format *f, const char *written, size_t length, int64_t *time)
{
	int64_t part = 0, scale = 100000;
	if (length < 12 || length > 17 || written[10] != '.' || f->unit != TIMES_SECONDS || !epoch_plain(f, written, 10, time))
		return false;
	for (size_t i = 11; i < length; i++, scale /= 10) {
		if (written[i] < '0' || written[i] > '9')
			return false;
		part += (written[i] - '0') * scale;
	}
	*time += part;
	return true;
}

static bool pair_read(const char *p, int most, int *value)
{
	unsigned ten = (unsigned)(unsigned char)p[0] - '0', one = (unsigned)(unsigned char)p[1] - '0';
	*value = (int)(ten * 10 + one);
	return ten < 10 && one < 10 && *value <= most;
}

/* YYYY-MM-DD HH:MM:SS, perhaps with .mmm, perhaps with Z. Logs stay at a date for long. */
static bool iso_plain(times_format *f, const char *p, size_t length, int64_t *time)
{
	bool zulu = length > 19 && p[length - 1] == 'Z';
	size_t local = length - zulu;
	int hour, minute, second, tenth = 0, rest = 0;
	if ((local != 19 && local != 23) || (p[10] != 'T' && p[10] != ' ') || p[13] != ':' || p[16] != ':')
		return false;
	if (memcmp(p, f->day, sizeof f->day) != 0) {
		if (!instant_parse(p, sizeof f->day, &f->day_begin))
			return false;
		memcpy(f->day, p, sizeof f->day);
	}
	if (!pair_read(p + 11, 23, &hour) || !pair_read(p + 14, 59, &minute) || !pair_read(p + 17, 59, &second))
		return false;
	if (local == 23 && (p[19] != '.' || !pair_read(p + 20, 99, &tenth) || !(rest = p[22] - '0', rest >= 0 && rest <= 9)))
		return false;
	*time = f->day_begin + (((int64_t)hour * 60 + minute) * 60 + second) * INSTANT_SECOND + (tenth * 10 + rest) * 1000;
	if (!zulu) {
		*time -= f->zone;
		f->local_seen = true;
	}
	return true;
}

bool times_read_plain(times_format *f, const char *written, size_t length, int64_t *time)
{
	switch (f->unit) {
	case TIMES_SECONDS:
	case TIMES_MILLISECONDS:
	case TIMES_MICROSECONDS: return epoch_plain(f, written, length, time) || seconds_plain(f, written, length, time);
	case TIMES_ISO8601: return iso_plain(f, written, length, time) && *time > 0;
	default: return false;
	}
}
