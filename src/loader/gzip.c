/* RFC 1952: members follow one another (`cat a.gz b.gz`); zero bytes behind the last one are padding, anything else is an error. */
#include "loader/gzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "seqrec/memory.h"

struct gzip {
	z_stream z;
	bool in_member, padding;
	const char *message;
};

enum { WITH_GZIP_HEADER = 16 + MAX_WBITS, FIRST_MAGIC = 0x1f };

gzip *gzip_new(void)
{
	gzip *g = xcalloc(1, sizeof *g);
	inflateInit2(&g->z, WITH_GZIP_HEADER);
	g->in_member = true;
	return g;
}

/* Before the next member: padding is skipped; false when something else stands there. */
static bool member_begin(gzip *g, const unsigned char **in, size_t *length)
{
	while (*length && **in == 0) {
		(*in)++;
		(*length)--;
		g->padding = true;
	}
	if (!*length)
		return true;
	if (g->padding || **in != FIRST_MAGIC)
		return false;
	inflateReset(&g->z);
	g->in_member = true;
	return true;
}

static unsigned chunk(size_t length)
{
	return length > INT_MAX ? INT_MAX : (unsigned)length;
}

gzip_state gzip_inflate(gzip *g, const unsigned char **in, size_t *length, char *out, size_t capacity, size_t *written)
{
	*written = 0;
	while (*length && *written < capacity) {
		if (!g->in_member && !member_begin(g, in, length))
			return GZIP_TRAILING;
		if (!*length)
			break;
		unsigned given = chunk(*length), room = chunk(capacity - *written);
		g->z.next_in = (unsigned char *)(uintptr_t)*in; /* zlib's interface lacks the const */
		g->z.avail_in = given;
		g->z.next_out = (unsigned char *)out + *written;
		g->z.avail_out = room;
		int result = inflate(&g->z, Z_NO_FLUSH);
		*in += given - g->z.avail_in;
		*length -= given - g->z.avail_in;
		*written += room - g->z.avail_out;
		if (result == Z_STREAM_END)
			g->in_member = false;
		else if (result != Z_OK && result != Z_BUF_ERROR) {
			g->message = g->z.msg ? g->z.msg : "inflate failed";
			return GZIP_DAMAGED;
		}
	}
	return GZIP_OK;
}

bool gzip_at_border(const gzip *g)
{
	return !g->in_member;
}

const char *gzip_message(const gzip *g)
{
	return g->message;
}

void gzip_free(gzip *g)
{
	if (!g)
		return;
	inflateEnd(&g->z);
	free(g);
}
