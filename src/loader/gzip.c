/* RFC 1952: members follow one another (`cat a.gz b.gz`); zero bytes behind the last one are padding, anything else is an error. */
#include "loader/gzip.h"

#include <stdlib.h>
#include <string.h>

#include "loader/inflate.h"
#include "seqrec/hash.h"
#include "seqrec/memory.h"

enum { FLAG_CRC = 2, FLAG_EXTRA = 4, FLAG_NAME = 8, FLAG_COMMENT = 16, FLAGS_UNKNOWN = 0xe0, FIXED_HEAD = 10, TRAILER = 8 };
/* Where in a member the next byte stands. */
typedef enum { AT_HEAD, AT_EXTRA_LENGTH, AT_EXTRA, AT_NAME, AT_COMMENT, AT_HEAD_CRC, AT_TEXT, AT_TRAILER, AT_BORDER } place;

struct gzip {
	inflater inflate;
	place at;
	unsigned done;         /* bytes of the place that were read */
	unsigned flags, extra;
	uint32_t head_crc, crc, size;
	unsigned char trailer[TRAILER];
	bool padding;
	gzip_state state;
	const char *message;
};

gzip *gzip_new(void)
{
	gzip *g = xcalloc(1, sizeof *g);
	g->at = AT_HEAD;
	return g;
}

static gzip_state damaged(gzip *g, const char *message)
{
	g->message = message;
	return GZIP_DAMAGED;
}

static void go_to(gzip *g, place at)
{
	static const unsigned flag[] = { [AT_EXTRA_LENGTH] = FLAG_EXTRA, [AT_EXTRA] = FLAG_EXTRA, [AT_NAME] = FLAG_NAME, [AT_COMMENT] = FLAG_COMMENT, [AT_HEAD_CRC] = FLAG_CRC };
	while (at > AT_HEAD && at < AT_TEXT && (!(g->flags & flag[at]) || (at == AT_EXTRA && !g->extra)))
		at++;
	g->at = at;
	g->done = 0;
	if (at == AT_TEXT) {
		inflate_start(&g->inflate);
		g->crc = g->size = 0;
	}
}

static gzip_state head_byte(gzip *g, unsigned char byte)
{
	switch (g->done++) {
	case 0: return byte == 0x1f ? GZIP_OK : damaged(g, "incorrect header check");
	case 1: return byte == 0x8b ? GZIP_OK : damaged(g, "incorrect header check");
	case 2: return byte == 8 ? GZIP_OK : damaged(g, "unknown compression method");
	case 3: g->flags = byte; return byte & FLAGS_UNKNOWN ? damaged(g, "unknown header flags set") : GZIP_OK;
	case FIXED_HEAD - 1: go_to(g, AT_EXTRA_LENGTH); return GZIP_OK;
	default: return GZIP_OK;
	}
}

static gzip_state trailer_check(gzip *g)
{
	uint32_t crc = 0, size = 0;
	for (unsigned i = 4; i-- > 0;) {
		crc = crc << 8 | g->trailer[i];
		size = size << 8 | g->trailer[4 + i];
	}
	if (crc != g->crc)
		return damaged(g, "incorrect data check");
	if (size != g->size)
		return damaged(g, "incorrect length check");
	g->padding = false;
	go_to(g, AT_BORDER);
	return GZIP_OK;
}

/* A byte that is not compressed text. */
static gzip_state byte_read(gzip *g, unsigned char byte)
{
	uint32_t head_crc = g->head_crc;
	g->head_crc = hash_crc32(g->at == AT_HEAD && !g->done ? 0 : head_crc, &byte, 1);
	switch (g->at) {
	case AT_HEAD: return head_byte(g, byte);
	case AT_EXTRA_LENGTH:
		g->extra = g->done ? g->extra | (unsigned)byte << 8 : byte;
		if (g->done++)
			go_to(g, AT_EXTRA);
		return GZIP_OK;
	case AT_EXTRA:
		if (++g->done == g->extra)
			go_to(g, AT_NAME);
		return GZIP_OK;
	case AT_NAME:
	case AT_COMMENT:
		if (!byte)
			go_to(g, g->at + 1);
		return GZIP_OK;
	case AT_HEAD_CRC:
		if (byte != (g->done ? g->extra : head_crc & 0xff))
			return damaged(g, "header crc mismatch");
		g->extra = head_crc >> 8 & 0xff;
		if (g->done++)
			go_to(g, AT_TEXT);
		return GZIP_OK;
	case AT_TRAILER:
		g->trailer[g->done++] = byte;
		return g->done == TRAILER ? trailer_check(g) : GZIP_OK;
	default: /* AT_BORDER */
		if (!byte) {
			g->padding = true;
			return GZIP_OK;
		}
		if (g->padding || byte != 0x1f)
			return GZIP_TRAILING;
		g->at = AT_HEAD;
		g->done = 1;
		return GZIP_OK;
	}
}

static void text_decode(gzip *g)
{
	inflater *i = &g->inflate;
	size_t before = i->end;
	inflate_result got = inflate_run(i);
	g->crc = hash_crc32(g->crc, i->window + before, i->end - before);
	g->size += (uint32_t)(i->end - before);
	if (got == INFLATE_BAD)
		g->state = damaged(g, i->message);
	if (got == INFLATE_END) {
		bits_take(&i->bits, i->bits.count % 8);
		go_to(g, AT_TRAILER);
	}
}

/* Goes on until there is text to hand out, or the input is used up, or cannot be read. */
static void decode(gzip *g)
{
	inflater *i = &g->inflate;
	inflate_slide(i);
	while (g->state == GZIP_OK && i->begin == i->end) {
		bool read_ahead = i->bits.count > 0;
		if (g->at == AT_TEXT) {
			text_decode(g);
			if (g->at == AT_TEXT && i->begin == i->end)
				return;
		} else if (read_ahead || i->bits.in < i->bits.end) {
			g->state = byte_read(g, read_ahead ? (unsigned char)bits_take(&i->bits, 8) : *i->bits.in++);
		} else {
			return;
		}
	}
}

gzip_state gzip_inflate(gzip *g, const unsigned char **in, size_t *length, char *out, size_t capacity, size_t *written)
{
	inflater *i = &g->inflate;
	i->bits.in = *in;
	i->bits.end = *in + *length;
	*written = 0;
	while (*written < capacity) {
		if (i->begin == i->end)
			decode(g);
		size_t part = i->end - i->begin < capacity - *written ? i->end - i->begin : capacity - *written;
		if (!part)
			break;
		memcpy(out + *written, i->window + i->begin, part);
		i->begin += part;
		*written += part;
	}
	*length = (size_t)(i->bits.end - i->bits.in);
	*in = i->bits.in;
	return *written ? GZIP_OK : g->state; /* what came before the damage first */
}

bool gzip_pending(const gzip *g)
{
	return g->inflate.begin < g->inflate.end || g->state != GZIP_OK;
}

bool gzip_at_border(const gzip *g)
{
	return g->at == AT_BORDER;
}

const char *gzip_message(const gzip *g)
{
	return g->message;
}

void gzip_free(gzip *g)
{
	free(g);
}
