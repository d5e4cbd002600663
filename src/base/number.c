/* number.c - numbers from and to text, the same under every locale.
 * Reading: a close guess, then exact comparison with the two half-way points in whole numbers (Clinger, "How to read floating point numbers accurately", PLDI 1990). */
#include "seqrec/number.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_KEPT = 800, LIMBS = 320 };

/* A decimal as it stands in the text: digits (without the point) times 10^exponent. */
typedef struct {
	bool negative;
	unsigned char digit[DIGITS_KEPT + 1];
	size_t count;
	long exponent;
} decimal;

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void decimal_add(decimal *d, char c, bool behind_point)
{
	if (d->count == 0 && c == '0') {
		d->exponent -= behind_point;
	} else if (d->count < DIGITS_KEPT) {
		d->digit[d->count++] = (unsigned char)(c - '0');
		d->exponent -= behind_point;
	} else {
		if (c != '0')
			d->digit[DIGITS_KEPT - 1] |= 1; /* sticky: what is cut still breaks a tie */
		d->exponent += !behind_point;
	}
}

static bool decimal_exponent(decimal *d, const char *text, size_t length)
{
	size_t i = 0;
	bool negative = i < length && text[i] == '-';
	if (i < length && (text[i] == '-' || text[i] == '+'))
		i++;
	if (i == length)
		return false;
	long value = 0;
	for (; i < length; i++) {
		if (!is_digit(text[i]))
			return false;
		if (value < 100000)
			value = value * 10 + (text[i] - '0');
	}
	d->exponent += negative ? -value : value;
	return true;
}

static bool decimal_scan(decimal *d, const char *text, size_t length)
{
	size_t i = 0, seen = 0;
	bool behind_point = false;
	d->count = 0;
	d->exponent = 0;
	d->negative = length && text[0] == '-';
	if (length && (text[0] == '-' || text[0] == '+'))
		i++;
	for (; i < length; i++) {
		if (is_digit(text[i])) {
			decimal_add(d, text[i], behind_point);
			seen++;
		} else if (text[i] == '.' && !behind_point) {
			behind_point = true;
		} else {
			break;
		}
	}
	if (!seen)
		return false;
	if (i == length)
		return true;
	return (text[i] == 'e' || text[i] == 'E') && decimal_exponent(d, text + i + 1, length - i - 1);
}

/* ---- whole numbers of any size ---- */

typedef struct {
	uint32_t limb[LIMBS]; /* least significant first */
	size_t count;
} whole;

static void whole_multiply(whole *w, uint32_t factor, uint32_t add)
{
	uint64_t carry = add;
	for (size_t i = 0; i < w->count; i++) {
		carry += (uint64_t)w->limb[i] * factor;
		w->limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry && w->count < LIMBS)
		w->limb[w->count++] = (uint32_t)carry;
}

static void whole_power(whole *w, uint32_t base, long exponent)
{
	for (; exponent >= 9; exponent -= 9)
		whole_multiply(w, base == 10 ? 1000000000U : 512U, 0);
	for (; exponent > 0; exponent--)
		whole_multiply(w, base, 0);
}

static int whole_compare(const whole *a, const whole *b)
{
	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	for (size_t i = a->count; i-- > 0;)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	return 0;
}

/* The sign of decimal - mantissa * 2^exponent. */
static int decimal_compare(const decimal *d, uint64_t mantissa, long exponent)
{
	whole a = { .count = 0 }, b = { .limb = { (uint32_t)mantissa, (uint32_t)(mantissa >> 32) }, .count = mantissa >> 32 ? 2 : mantissa ? 1 : 0 };
	for (size_t i = 0; i < d->count; i++)
		whole_multiply(&a, 10, d->digit[i]);
	whole_power(d->exponent >= 0 ? &a : &b, 10, labs(d->exponent));
	whole_power(exponent >= 0 ? &b : &a, 2, labs(exponent));
	return whole_compare(&a, &b);
}

/* Moves the guess by single steps until the decimal lies between its half-way points. */
static double nearest(const decimal *d, double guess)
{
	for (int tries = 0; tries < 64; tries++) {
		int binary;
		double fraction = frexp(guess, &binary);
		long exponent = guess == 0 || binary - 53 < -1074 ? -1074 : binary - 53;
		uint64_t m = (uint64_t)ldexp(fraction, (int)(binary - exponent));
		int above = decimal_compare(d, 2 * m + 1, exponent - 1);
		bool half_gap = m == UINT64_C(1) << 52 && exponent > -1074;
		int below = m == 0 ? 1 : half_gap ? decimal_compare(d, 4 * m - 1, exponent - 2) : decimal_compare(d, 2 * m - 1, exponent - 1);
		if (above > 0 || (above == 0 && m % 2 == 1))
			guess = nextafter(guess, INFINITY);
		else if (below < 0 || (below == 0 && m % 2 == 1))
			guess = nextafter(guess, 0);
		else
			break;
		if (isinf(guess))
			break;
	}
	return guess;
}

static double decimal_value(const decimal *d)
{
	static const double power[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	if (!d->count || d->exponent + (long)d->count < -330)
		return 0;
	if (d->exponent + (long)d->count > 310)
		return INFINITY;
	uint64_t first = 0;
	size_t used = d->count < 19 ? d->count : 19;
	for (size_t i = 0; i < used; i++)
		first = first * 10 + d->digit[i];
	if (d->count <= 19 && first <= UINT64_C(1) << 53 && d->exponent >= -22 && d->exponent <= 22)
		return d->exponent < 0 ? (double)first / power[-d->exponent] : (double)first * power[d->exponent];
	long scale = d->exponent + (long)(d->count - used);
	long double guess = (long double)first, ten = 10;
	for (long left = scale < 0 ? -scale : scale; left; left >>= 1, ten *= ten)
		if (left & 1)
			guess = scale < 0 ? guess / ten : guess * ten;
	double start = guess > (long double)DBL_MAX ? DBL_MAX : (double)guess;
	return nearest(d, start);
}

bool number_parse(const char *text, size_t length, double *value)
{
	decimal d;
	if (!decimal_scan(&d, text, length))
		return false;
	double v = decimal_value(&d);
	if (isinf(v))
		return false;
	*value = d.negative ? -v : v;
	return true;
}

bool number_parse_int(const char *text, size_t length, int64_t *value)
{
	return number_parse_fixed(text, length, 0, value) && !memchr(text, '.', length);
}

bool number_parse_fixed(const char *text, size_t length, int digits, int64_t *value)
{
	size_t i = 0, seen = 0;
	bool negative = length && text[0] == '-';
	if (length && (text[0] == '-' || text[0] == '+'))
		i++;
	int64_t v = 0;
	int left = digits;
	bool point = false;
	for (; i < length; i++) {
		if (text[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (!is_digit(text[i]))
			return false;
		seen++;
		if (point && left-- <= 0)
			continue;
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, text[i] - '0', &v))
			return false;
	}
	if (!seen)
		return false;
	for (; left > 0; left--)
		if (__builtin_mul_overflow(v, 10, &v))
			return false;
	if (!negative && v == INT64_MIN)
		return false;
	*value = negative ? v : -v;
	return true;
}

/* Splits "1.5GiB" into its number and the unit behind it. */
static bool split_unit(const char *text, double *number, const char **unit)
{
	size_t length = strspn(text, "0123456789.");
	*unit = text + length;
	return length && number_parse(text, length, number) && *number >= 0;
}

bool number_parse_bytes(const char *text, uint64_t *bytes)
{
	static const struct { const char *unit; double size; } units[] = { { "", 1 }, { "B", 1 }, { "KiB", 0x1p10 }, { "MiB", 0x1p20 }, { "GiB", 0x1p30 }, { "TiB", 0x1p40 },
		{ "KB", 1e3 }, { "MB", 1e6 }, { "GB", 1e9 }, { "TB", 1e12 } };
	double number;
	const char *unit;
	if (!split_unit(text, &number, &unit))
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(unit, units[i].unit) == 0 && number * units[i].size < 0x1p63) {
			*bytes = (uint64_t)(number * units[i].size);
			return true;
		}
	return false;
}

bool number_parse_duration(const char *text, int64_t *microseconds)
{
	static const struct { const char *unit; double seconds; } units[] = { { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 }, { "w", 604800 } };
	double number;
	const char *unit;
	if (!split_unit(text, &number, &unit))
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(unit, units[i].unit) == 0 && number * units[i].seconds < 1e12) {
			*microseconds = (int64_t)llround(number * units[i].seconds * 1e6);
			return true;
		}
	return false;
}

/* ---- printing ---- */

/* snprintf writes the decimal mark of the locale; ours is always a point. */
static size_t print_digits(double value, int precision, char text[NUMBER_TEXT])
{
	int length = snprintf(text, NUMBER_TEXT, "%.*g", precision, value);
	for (char *c = text; *c; c++)
		if (!is_digit(*c) && *c != '-' && *c != '+' && *c != 'e')
			*c = '.';
	return (size_t)length;
}

size_t number_print(double value, char text[NUMBER_TEXT])
{
	if (!isfinite(value))
		return (size_t)snprintf(text, NUMBER_TEXT, "null");
	for (int precision = fabs(value) < DBL_MIN ? 1 : 15;; precision++) { /* below DBL_MIN doubles have fewer than 15 digits */
		size_t length = print_digits(value, precision, text);
		double back;
		if (precision == 17 || (number_parse(text, length, &back) && back == value))
			return length;
	}
}

size_t number_print_float(float value, char text[NUMBER_TEXT])
{
	if (!isfinite(value))
		return (size_t)snprintf(text, NUMBER_TEXT, "null");
	for (int precision = fabsf(value) < FLT_MIN ? 1 : 6;; precision++) {
		size_t length = print_digits((double)value, precision, text);
		double back;
		if (precision == 9 || (number_parse(text, length, &back) && (float)back == value))
			return length;
	}
}

size_t number_print_grouped(uint64_t value, char text[NUMBER_TEXT])
{
	char plain[NUMBER_TEXT];
	size_t length = (size_t)snprintf(plain, sizeof plain, "%llu", (unsigned long long)value), out = 0;
	for (size_t i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			text[out++] = ',';
		text[out++] = plain[i];
	}
	text[out] = '\0';
	return out;
}
