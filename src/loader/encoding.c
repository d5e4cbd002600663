/* iconv, with invalid bytes marked instead of ending the conversion. */
#include "loader/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>

#include "seqrec/memory.h"

struct encoding {
	iconv_t converter;
};

enum { INVALID = 0xFF };

encoding *encoding_new(const char *name)
{
	iconv_t converter = iconv_open("UTF-8", name);
	if (converter == (iconv_t)-1)
		return NULL;
	encoding *e = xcalloc(1, sizeof *e);
	e->converter = converter;
	return e;
}

size_t encoding_convert(encoding *e, const char *in, size_t length, bool last, char *out, size_t capacity, size_t *written)
{
	char *from = (char *)(uintptr_t)in, *to = out; /* iconv's interface lacks the const */
	size_t left = length, room = capacity;
	while (left && room && iconv(e->converter, &from, &left, &to, &room) == (size_t)-1) {
		if (errno == E2BIG || (errno == EINVAL && !last))
			break;
		if (!room)
			break;
		*to++ = (char)INVALID;
		room--;
		from++;
		left--;
	}
	*written = capacity - room;
	return length - left;
}

void encoding_free(encoding *e)
{
	if (!e)
		return;
	iconv_close(e->converter);
	free(e);
}
