/* Recursive descent over RFC 8259 text. */
#include "loader/json_scan.h"

#include <stdint.h>
#include <string.h>

static bool scan_value(json_scan *s, int depth);

static bool fault(json_scan *s, const char *what)
{
	if (!s->fault)
		s->fault = what;
	return false;
}

void json_scan_space(json_scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
		s->at++;
}

static bool take(json_scan *s, char c)
{
	json_scan_space(s);
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static bool hex4(json_scan *s, uint32_t *value)
{
	*value = 0;
	if (s->end - s->at < 4)
		return fault(s, "invalid JSON: a short \\u escape");
	for (int i = 0; i < 4; i++, s->at++) {
		char c = *s->at;
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
			return fault(s, "invalid JSON: a wrong \\u escape");
		*value = *value << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return true;
}

static size_t utf8_write(uint32_t c, char *to)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xC0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xE0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3F));
		to[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	to[0] = (char)(0xF0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3F));
	to[2] = (char)(0x80 | (c >> 6 & 0x3F));
	to[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* A \u escape, or a pair of them for a code point beyond the first plane. */
static bool unicode_escape(json_scan *s, char *to, size_t *length)
{
	uint32_t c, low;
	if (!hex4(s, &c))
		return false;
	if (c >= 0xD800 && c < 0xDC00 && s->end - s->at >= 6 && s->at[0] == '\\' && s->at[1] == 'u') {
		s->at += 2;
		if (!hex4(s, &low))
			return false;
		if (low < 0xDC00 || low > 0xDFFF)
			return fault(s, "invalid JSON: half a surrogate pair");
		c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
	}
	if (c >= 0xD800 && c < 0xE000)
		return fault(s, "invalid JSON: half a surrogate pair");
	if (!c)
		return fault(s, "NUL byte");
	*length += utf8_write(c, to + *length);
	return true;
}

static bool escape(json_scan *s, char *to, size_t *length)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	if (s->at == s->end)
		return fault(s, "invalid JSON: a string is not closed");
	char c = *s->at++;
	if (c == 'u')
		return unicode_escape(s, to, length);
	const char *which = memchr(letters, c, sizeof letters - 1);
	if (!which)
		return fault(s, "invalid JSON: an unknown escape");
	to[(*length)++] = meant[which - letters];
	return true;
}

/* A string, its opening quote taken. Without escapes it is borrowed from the text. */
static bool scan_string(json_scan *s, cell *value)
{
	const char *begin = s->at;
	while (s->at < s->end && *s->at != '"' && *s->at != '\\')
		s->at++;
	if (s->at < s->end && *s->at == '"') {
		*value = (cell){ begin, (size_t)(s->at++ - begin) };
		return true;
	}
	char *to = s->scratch + *s->scratch_used;
	size_t length = (size_t)(s->at - begin);
	memcpy(to, begin, length);
	while (s->at < s->end && *s->at != '"') {
		if (*s->at != '\\')
			to[length++] = *s->at++;
		else if (s->at++, !escape(s, to, &length))
			return false;
	}
	if (s->at == s->end)
		return fault(s, "invalid JSON: a string is not closed");
	s->at++;
	*s->scratch_used += length;
	*value = (cell){ to, length };
	return true;
}

/* A number, true, false or null as its text; null has none. */
static bool scan_word(json_scan *s, cell *value)
{
	const char *begin = s->at;
	while (s->at < s->end && ((*s->at >= '0' && *s->at <= '9') || (*s->at >= 'a' && *s->at <= 'z') || strchr("+-.E", *s->at)))
		s->at++;
	size_t length = (size_t)(s->at - begin);
	*value = (cell){ begin, length };
	if (length == 4 && memcmp(begin, "null", 4) == 0)
		*value = (cell){ NULL, 0 };
	else if (!length || !((begin[0] >= '0' && begin[0] <= '9') || begin[0] == '-' || (length == 4 && memcmp(begin, "true", 4) == 0) ||
		(length == 5 && memcmp(begin, "false", 5) == 0)))
		return fault(s, "invalid JSON: a value is missing or unknown");
	return true;
}

static bool path_add(json_scan *s, cell key)
{
	if (s->path_length + key.length + 2 > JSON_PATH)
		return fault(s, "a JSON key is too long");
	if (s->path_length)
		s->path[s->path_length++] = '.';
	memcpy(s->path + s->path_length, key.bytes, key.length);
	s->path_length += key.length;
	s->path[s->path_length] = 0;
	return true;
}

static bool scan_members(json_scan *s, int depth)
{
	size_t parent = s->path_length;
	if (take(s, '}'))
		return true;
	do {
		cell key;
		if (!take(s, '"'))
			return fault(s, "invalid JSON: a key is missing");
		if (!scan_string(s, &key) || !path_add(s, key))
			return false;
		if (!take(s, ':'))
			return fault(s, "invalid JSON: a colon is missing");
		if (!scan_value(s, depth))
			return false;
		s->path_length = parent;
		s->path[parent] = 0;
	} while (take(s, ','));
	return take(s, '}') || fault(s, "invalid JSON: an object is not closed");
}

/* An array: scalars are joined and handed out as one value; objects and arrays in it are only passed over. */
static bool scan_array(json_scan *s, int depth)
{
	void (*found)(json_scan *, cell) = s->found;
	char *joined = s->scratch + *s->scratch_used;
	size_t length = 0;
	if (take(s, ']')) {
		if (found)
			found(s, (cell){ joined, 0 });
		return true;
	}
	do {
		cell value;
		json_scan_space(s);
		bool nested = s->at < s->end && (*s->at == '{' || *s->at == '[');
		s->found = NULL;
		bool fine = nested ? scan_value(s, depth) : take(s, '"') ? scan_string(s, &value) : scan_word(s, &value);
		s->found = found;
		if (!fine)
			return false;
		if (nested)
			continue;
		if (length)
			joined[length++] = JSON_JOIN;
		if (value.length)
			memmove(joined + length, value.bytes, value.length); /* an unescaped value lies at or behind this place */
		length += value.length;
		*s->scratch_used = (size_t)(joined + length - s->scratch);
	} while (take(s, ','));
	if (!take(s, ']'))
		return fault(s, "invalid JSON: an array is not closed");
	if (found)
		found(s, (cell){ joined, length });
	return true;
}

static bool scan_noted_array(json_scan *s, int depth)
{
	const char *stop_at = s->stop_at;
	void (*found)(json_scan *, cell) = s->found;
	s->array = s->at;
	s->stop_at = NULL;
	s->found = NULL;
	bool fine = scan_array(s, depth);
	s->stop_at = stop_at;
	s->found = found;
	s->array_end = s->at - 1;
	return fine;
}

static bool scan_value(json_scan *s, int depth)
{
	cell value;
	if (depth == JSON_DEPTH)
		return fault(s, "JSON nested deeper than 32");
	if (take(s, '{'))
		return scan_members(s, depth + 1);
	if (take(s, '['))
		return (s->stop_at && strcmp(s->path, s->stop_at) == 0 ? scan_noted_array : scan_array)(s, depth + 1);
	if (!(take(s, '"') ? scan_string(s, &value) : scan_word(s, &value)))
		return false;
	if (s->found)
		s->found(s, value);
	return true;
}

bool json_scan_object(json_scan *s)
{
	s->path_length = 0;
	s->path[0] = 0;
	return take(s, '{') ? scan_members(s, 1) : fault(s, "not a JSON object");
}
