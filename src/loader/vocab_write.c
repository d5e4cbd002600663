/* vocab/NAME.tsv: one value a line, in order of its code. */
#include <string.h>

#include "loader/ranks.h"
#include "seqrec/file.h"
#include "seqrec/text.h"

enum { CHUNK = 256 * 1024 };

static void add_number(text *t, uint64_t value)
{
	char digits[24];
	size_t at = sizeof digits;
	do
		digits[--at] = (char)('0' + value % 10);
	while (value /= 10);
	text_add_bytes(t, digits + at, sizeof digits - at);
}

static void add_escaped(text *t, const char *bytes, size_t length)
{
	static const char special[] = "\t\n\r\\", letter[] = "tnr\\";
	const char *plain = bytes, *end = bytes + length;
	for (const char *p = bytes; p < end; p++) {
		const char *which = memchr(special, *p, sizeof special - 1);
		if (!which)
			continue;
		text_add_bytes(t, plain, (size_t)(p - plain));
		text_add_bytes(t, (char[]){ '\\', letter[which - special] }, 2);
		plain = p + 1;
	}
	text_add_bytes(t, plain, (size_t)(end - plain));
}

durable *ranking_write(const ranking *r, const char *path, sr_error *err)
{
	durable *file = durable_open(path, err);
	if (!file)
		return NULL;
	text lines = { 0 };
	for (uint32_t i = 0; i < r->count; i++) {
		size_t length;
		const char *bytes = intern_text(r->values, r->order[i], &length);
		add_number(&lines, (uint64_t)i + 1);
		text_add_bytes(&lines, "\t", 1);
		add_escaped(&lines, bytes, length);
		text_add_bytes(&lines, "\t", 1);
		add_number(&lines, r->rows[r->order[i]]);
		text_add_bytes(&lines, "\n", 1);
		if (lines.length >= CHUNK) {
			durable_write(file, lines.data, lines.length);
			lines.length = 0;
		}
	}
	if (lines.length)
		durable_write(file, lines.data, lines.length);
	text_free(&lines);
	return file;
}
