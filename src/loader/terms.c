/* A small tokeniser: what search queries and titles need, without a dictionary. */
#include "loader/terms.h"

#include <stdint.h>
#include <string.h>

terms terms_of(const char *bytes, size_t length)
{
	return (terms){ .at = bytes, .end = bytes + length };
}

/* Decodes one code point of valid UTF-8; returns its length. */
static size_t code_point(const char *p, const char *end, uint32_t *code)
{
	unsigned char first = (unsigned char)*p;
	size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
	if ((size_t)(end - p) < length)
		length = (size_t)(end - p);
	*code = length == 1 ? first : first & (0x7Fu >> length);
	for (size_t i = 1; i < length; i++)
		*code = *code << 6 | ((unsigned char)p[i] & 0x3F);
	return length;
}

/* Han and kana: written without spaces. */
static bool is_cjk(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x3041 && c <= 0x30FF) ||
		(c >= 0x20000 && c <= 0x3FFFF);
}

static bool is_gap(uint32_t c)
{
	if (c < 0x80)
		return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
	return (c >= 0x80 && c <= 0xBF && c != 0xAA && c != 0xB5 && c != 0xBA) || (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F) ||
		(c >= 0xFF00 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) || (c >= 0xFE30 && c <= 0xFE4F) || c == 0xFEFF;
}

/* After a CJK character was given alone: its pair with the next one, if that follows directly. */
static size_t pair_next(terms *t)
{
	size_t had = t->pending_length;
	t->pending_length = 0;
	uint32_t c;
	if (t->at == t->end)
		return 0;
	size_t length = code_point(t->at, t->end, &c);
	if (!is_cjk(c))
		return 0;
	memcpy(t->term, t->pending, had);
	memcpy(t->term + had, t->at, length);
	return had + length;
}

static size_t word_next(terms *t)
{
	size_t length = 0, step;
	uint32_t c;
	for (; t->at < t->end; t->at += step) {
		step = code_point(t->at, t->end, &c);
		if (is_gap(c) || is_cjk(c))
			break;
		if (length + step > TERM_BYTES)
			continue;
		memcpy(t->term + length, t->at, step);
		if (c >= 'A' && c <= 'Z')
			t->term[length] = (char)(c + 32);
		length += step;
	}
	return length;
}

size_t terms_next(terms *t)
{
	size_t pair = t->pending_length ? pair_next(t) : 0;
	if (pair)
		return pair;
	uint32_t c = 0;
	size_t step = 0;
	while (t->at < t->end && is_gap((step = code_point(t->at, t->end, &c), c)))
		t->at += step;
	if (t->at == t->end)
		return 0;
	if (!is_cjk(c))
		return word_next(t);
	memcpy(t->term, t->at, step);
	memcpy(t->pending, t->at, step);
	t->pending_length = step;
	t->at += step;
	return step;
}
