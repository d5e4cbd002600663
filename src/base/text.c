/* text.c - growing strings, JSON quoting, UTF-8, edit distance. */
#include "seqrec/text.h"

#include "seqrec/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_add_bytes(text *t, const char *bytes, size_t length)
{
	t->data = xgrow(t->data, &t->capacity, t->length + length + 1, 1);
	if (length)
		memcpy(t->data + t->length, bytes, length);
	t->length += length;
	t->data[t->length] = '\0';
}

void text_add(text *t, const char *string)
{
	text_add_bytes(t, string, strlen(string));
}

static void text_addv(text *t, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		return;
	t->data = xgrow(t->data, &t->capacity, t->length + (size_t)length + 1, 1);
	vsnprintf(t->data + t->length, (size_t)length + 1, format, args);
	t->length += (size_t)length;
}

void text_addf(text *t, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	text_addv(t, format, args);
	va_end(args);
}

char *text_format(const char *format, ...)
{
	text t = { 0 };
	va_list args;
	va_start(args, format);
	text_addv(&t, format, args);
	va_end(args);
	return t.data ? t.data : xstrdup("");
}

void text_hide_controls(text *t)
{
	unsigned char before = 0;
	for (size_t i = 0; i < t->length; i++) {
		unsigned char byte = (unsigned char)t->data[i];
		bool c0 = byte < 0x20 && byte != '\n', c1 = before == 0xC2 && byte >= 0x80 && byte <= 0x9F;
		if (c0 || c1 || byte == 0x7F)
			t->data[i] = '?';
		if (c1)
			t->data[i - 1] = '?';
		before = byte;
	}
}

void text_free(text *t)
{
	free(t->data);
	*t = (text){ 0 };
}

/* Bytes of the well-formed UTF-8 sequence at s (length bytes left), 0 when it is none. Unicode 15, table 3-7. */
static size_t utf8_sequence(const unsigned char *s, size_t length)
{
	unsigned char c = s[0];
	if (c < 0x80)
		return 1;
	size_t need = c >= 0xC2 && c <= 0xDF ? 2 : (c & 0xF0) == 0xE0 ? 3 : c >= 0xF0 && c <= 0xF4 ? 4 : 0;
	if (!need || need > length)
		return 0;
	unsigned char low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
	unsigned char high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
	if (s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < need; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	return need;
}

bool text_is_utf8(const char *bytes, size_t length)
{
	const unsigned char *s = (const unsigned char *)bytes;
	for (size_t i = 0; i < length;) {
		uint64_t word;
		if (length - i >= 8 && (memcpy(&word, s + i, 8), !(word & UINT64_C(0x8080808080808080)))) {
			i += 8;
			continue;
		}
		size_t step = utf8_sequence(s + i, length - i);
		if (!step)
			return false;
		i += step;
	}
	return true;
}

size_t text_code_points(const char *bytes, size_t length)
{
	size_t count = 0;
	for (size_t i = 0; i < length; i++)
		count += ((unsigned char)bytes[i] & 0xC0) != 0x80;
	return count;
}

void text_add_json(text *t, const char *bytes, size_t length)
{
	static const char *const short_escape[32] = { [8] = "\\b", [9] = "\\t", [10] = "\\n", [12] = "\\f", [13] = "\\r" };
	text_add(t, "\"");
	for (size_t i = 0; i < length;) {
		unsigned char c = (unsigned char)bytes[i];
		size_t step = utf8_sequence((const unsigned char *)bytes + i, length - i);
		if (!step)
			text_add(t, "\xEF\xBF\xBD");
		else if (c == '"' || c == '\\')
			text_add_bytes(t, (char[]){ '\\', (char)c }, 2);
		else if (c < 0x20 && short_escape[c])
			text_add(t, short_escape[c]);
		else if (c < 0x20 || c == 0x7F)
			text_addf(t, "\\u%04x", c);
		else
			text_add_bytes(t, bytes + i, step);
		i += step ? step : 1;
	}
	text_add(t, "\"");
}

bool text_starts(const char *string, const char *prefix)
{
	return strncmp(string, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *string, const char *suffix)
{
	size_t length = strlen(string), tail = strlen(suffix);
	return length >= tail && strcmp(string + length - tail, suffix) == 0;
}

/* Levenshtein distance, with a swap of neighbours counted as one (optimal string alignment). Words longer than 63 bytes are far from everything. */
static size_t edit_distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), row[3][64];
	if (n > 63 || m > 63)
		return SIZE_MAX;
	for (size_t j = 0; j <= m; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *now = row[i % 3], *before = row[(i + 2) % 3], *two = row[(i + 1) % 3];
		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t best = before[j - 1] + (a[i - 1] != b[j - 1]);
			best = before[j] + 1 < best ? before[j] + 1 : best;
			best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && two[j - 2] + 1 < best)
				best = two[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[n % 3][m];
}

const char *text_nearest(const char *word, const char *const *candidates, size_t count)
{
	const char *best = NULL;
	size_t least = strlen(word) / 3 + 2;
	for (size_t i = 0; i < count; i++) {
		size_t distance = edit_distance(word, candidates[i]);
		if (distance < least) {
			least = distance;
			best = candidates[i];
		}
	}
	return best;
}
