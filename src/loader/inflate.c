/* DEFLATE (RFC 1951). Where there is input enough, several symbols are decoded from 56 bits at a time and matches are copied by words; near the end of a piece
 * of input each symbol is taken back when its bits have not come yet. */
#include "loader/inflate.h"

#include <string.h>

enum { BLOCK_HEAD, STORED_HEAD, STORED, CODES_HEAD, CODES_LENGTHS, CODES, SYMBOLS, OVER };
enum { LONGEST_MATCH = 258, FAST_INPUT = 16, FAST_LITERALS = 3 };

bool bits_have(bit_reader *b, unsigned n)
{
	while (b->count < n && b->in < b->end) {
		b->hold |= (uint64_t)*b->in++ << b->count;
		b->count += 8;
	}
	return b->count >= n;
}

uint32_t bits_take(bit_reader *b, unsigned n)
{
	uint32_t value = (uint32_t)(b->hold & ((UINT64_C(1) << n) - 1));
	b->hold >>= n;
	b->count -= n;
	return value;
}

void inflate_start(inflater *i)
{
	i->state = BLOCK_HEAD;
	i->last = false;
	i->first = i->end;
}

void inflate_slide(inflater *i)
{
	if (i->end < HISTORY_BYTES + FRESH_BYTES - LONGEST_MATCH - FAST_LITERALS)
		return;
	size_t by = i->end - HISTORY_BYTES;
	memmove(i->window, i->window + by, HISTORY_BYTES);
	i->first = i->first > by ? i->first - by : 0;
	i->begin = i->end = HISTORY_BYTES;
}

static bool is_full(const inflater *i)
{
	return i->end >= HISTORY_BYTES + FRESH_BYTES - LONGEST_MATCH - FAST_LITERALS;
}

static inflate_result bad(inflater *i, const char *message)
{
	i->message = message;
	return INFLATE_BAD;
}

/* The steps return INFLATE_END when the next one follows. */
static inflate_result block_head(inflater *i)
{
	if (!bits_have(&i->bits, 3))
		return INFLATE_MORE;
	i->last = bits_take(&i->bits, 1);
	switch (bits_take(&i->bits, 2)) {
	case 0:
		bits_take(&i->bits, i->bits.count % 8);
		i->state = STORED_HEAD;
		return INFLATE_END;
	case 1:
		for (unsigned s = 0; s < 288; s++)
			i->length[s] = s < 144 ? 8 : s < 256 ? 9 : s < 280 ? 7 : 8;
		inflate_table(i->literal, LITERAL_BITS, CODE_LITERALS, i->length, 288);
		memset(i->length, 5, 32);
		inflate_table(i->distance, DISTANCE_BITS, CODE_DISTANCES, i->length, 32);
		i->state = SYMBOLS;
		return INFLATE_END;
	case 2:
		i->state = CODES_HEAD;
		return INFLATE_END;
	default:
		return bad(i, "invalid block type");
	}
}

static inflate_result stored_head(inflater *i)
{
	if (!bits_have(&i->bits, 32))
		return INFLATE_MORE;
	uint32_t length = bits_take(&i->bits, 16), inverse = bits_take(&i->bits, 16);
	if (length != (inverse ^ 0xffff))
		return bad(i, "invalid stored block lengths");
	i->left = length;
	i->state = STORED;
	return INFLATE_END;
}

static inflate_result stored(inflater *i)
{
	bit_reader *b = &i->bits;
	while (i->left) {
		if (is_full(i))
			return INFLATE_FULL;
		if (b->count) { /* whole bytes that were read ahead */
			i->window[i->end++] = (unsigned char)bits_take(b, 8);
			i->left--;
			continue;
		}
		size_t part = (size_t)(b->end - b->in), room = HISTORY_BYTES + FRESH_BYTES - i->end;
		part = part < i->left ? part : i->left;
		part = part < room ? part : room;
		if (!part)
			return INFLATE_MORE;
		memcpy(i->window + i->end, b->in, part);
		b->in += part;
		i->end += part;
		i->left -= part;
	}
	i->state = i->last ? OVER : BLOCK_HEAD;
	return INFLATE_END;
}

static inflate_result codes_head(inflater *i)
{
	if (!bits_have(&i->bits, 14))
		return INFLATE_MORE;
	i->literals = bits_take(&i->bits, 5) + 257;
	i->distances = bits_take(&i->bits, 5) + 1;
	i->lengths = bits_take(&i->bits, 4) + 4;
	if (i->literals > 286 || i->distances > 30)
		return bad(i, "too many length or distance symbols");
	memset(i->length, 0, sizeof i->length);
	i->left = 0;
	i->state = CODES_LENGTHS;
	return INFLATE_END;
}

static inflate_result codes_lengths(inflater *i)
{
	static const unsigned char order[] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
	for (; i->left < i->lengths; i->left++) {
		if (!bits_have(&i->bits, 3))
			return INFLATE_MORE;
		i->length[order[i->left]] = (unsigned char)bits_take(&i->bits, 3);
	}
	if (!inflate_table(i->literal, LITERAL_BITS, CODE_LENGTHS, i->length, sizeof order))
		return bad(i, "invalid code lengths set");
	memset(i->length, 0, sizeof i->length);
	i->left = 0;
	i->state = CODES;
	return INFLATE_END;
}

/* Lengths of one code length symbol; INFLATE_MORE leaves its bits where they are. */
static inflate_result length_take(inflater *i)
{
	static const struct {
		unsigned extra, least;
	} repeat[] = { { 2, 3 }, { 3, 3 }, { 7, 11 } };
	bits_have(&i->bits, 14);
	uint32_t entry = i->literal[i->bits.hold & ((1U << LITERAL_BITS) - 1)];
	unsigned symbol = entry >> 16, width = entry & 0xff, extra = symbol < 16 ? 0 : repeat[symbol - 16].extra, times = 1;
	if (i->bits.count < width + extra)
		return INFLATE_MORE;
	bits_take(&i->bits, width);
	if (symbol == 16 && !i->left)
		return bad(i, "invalid bit length repeat");
	unsigned char value = symbol < 16 ? (unsigned char)symbol : symbol == 16 ? i->length[i->left - 1] : 0;
	if (symbol >= 16)
		times = repeat[symbol - 16].least + bits_take(&i->bits, extra);
	if (i->left + times > i->literals + i->distances)
		return bad(i, "invalid bit length repeat");
	memset(i->length + i->left, value, times);
	i->left += times;
	return INFLATE_END;
}

static inflate_result codes(inflater *i)
{
	while (i->left < i->literals + i->distances) {
		inflate_result got = length_take(i);
		if (got != INFLATE_END)
			return got;
	}
	if (!i->length[256])
		return bad(i, "invalid code -- missing end-of-block");
	unsigned char distances[32];
	memcpy(distances, i->length + i->literals, i->distances);
	if (!inflate_table(i->literal, LITERAL_BITS, CODE_LITERALS, i->length, i->literals))
		return bad(i, "invalid literal/lengths set");
	if (!inflate_table(i->distance, DISTANCE_BITS, CODE_DISTANCES, distances, i->distances))
		return bad(i, "invalid distances set");
	i->state = SYMBOLS;
	return INFLATE_END;
}

/* Eight bytes at a time where the match does not overlap itself within them; up to seven bytes behind it are overwritten. */
static inline void match_copy(unsigned char *to, size_t distance, size_t length)
{
	const unsigned char *from = to - distance;
	unsigned char *end = to + length;
	if (distance >= 8) {
		do {
			memcpy(to, from, 8);
			to += 8;
			from += 8;
		} while (to < end);
		return;
	}
	while (to < end)
		*to++ = *from++;
}

static inline uint32_t value_of(uint32_t entry, uint64_t hold)
{
	return (entry >> 16) + (uint32_t)((hold & ((UINT64_C(1) << (entry & 0xff)) - 1)) >> (entry >> 8 & 15));
}

static inline void refill(bit_reader *b)
{
	uint64_t word;
	memcpy(&word, b->in, sizeof word);
	b->hold |= word << b->count;
	b->in += (63 - b->count) >> 3;
	b->count |= 56;
}

static inline void drop(bit_reader *b, uint32_t entry)
{
	b->hold >>= entry & 0xff;
	b->count -= entry & 0xff;
}

/* An entry's second look. */
static inline uint32_t sub_entry(bit_reader *b, const uint32_t *table, uint32_t entry)
{
	drop(b, entry);
	return table[(entry >> 16) + (b->hold & ((1U << (entry >> 8 & 15)) - 1))];
}

static inflate_result block_end(inflater *i)
{
	i->state = i->last ? OVER : BLOCK_HEAD;
	return INFLATE_END;
}

/* Symbols as long as 16 bytes of input and room for a match are left: INFLATE_MORE when they are not. After a refill there are 56 bits: three literals of the
 * first table take 33, a length 20. */
static inflate_result symbols_fast(inflater *i)
{
	bit_reader b = i->bits;
	unsigned char *out = i->window + i->end;
	const unsigned char *full = i->window + HISTORY_BYTES + FRESH_BYTES - LONGEST_MATCH - FAST_LITERALS, *first = i->window + i->first;
	const uint64_t mask = (1U << LITERAL_BITS) - 1;
	inflate_result result = INFLATE_MORE;
	while (b.end - b.in >= FAST_INPUT && out < full) {
		refill(&b);
		uint32_t e = i->literal[b.hold & mask];
		int literals = 0;
		for (; (e & ENTRY_LITERAL) && literals < FAST_LITERALS; literals++) {
			*out++ = (unsigned char)(e >> 16);
			drop(&b, e);
			e = i->literal[b.hold & mask];
		}
		if (literals == FAST_LITERALS)
			continue;
		if (e & ENTRY_SUBTABLE)
			e = sub_entry(&b, i->literal, e);
		if (e & ENTRY_LITERAL) {
			*out++ = (unsigned char)(e >> 16);
			drop(&b, e);
			continue;
		}
		if (e & ENTRY_OTHER) {
			drop(&b, e & ENTRY_END ? e : 0);
			result = e & ENTRY_END ? block_end(i) : bad(i, "invalid literal/length code");
			break;
		}
		size_t length = value_of(e, b.hold);
		drop(&b, e);
		refill(&b);
		e = i->distance[b.hold & ((1U << DISTANCE_BITS) - 1)];
		if (e & ENTRY_SUBTABLE)
			e = sub_entry(&b, i->distance, e);
		size_t distance = value_of(e, b.hold);
		if ((e & ENTRY_OTHER) || distance > (size_t)(out - first)) {
			result = bad(i, e & ENTRY_OTHER ? "invalid distance code" : "invalid distance too far back");
			break;
		}
		drop(&b, e);
		match_copy(out, distance, length);
		out += length;
	}
	b.hold &= b.count < 64 ? (UINT64_C(1) << b.count) - 1 : UINT64_MAX;
	i->bits = b;
	i->end = (size_t)(out - i->window);
	return result;
}

/* Looks up the code at hand in `b`; false when its bits have not come. */
static bool symbol_look(bit_reader *b, const uint32_t *table, unsigned bits, uint32_t *entry)
{
	*entry = table[b->hold & ((UINT64_C(1) << bits) - 1)];
	if (*entry & ENTRY_SUBTABLE) {
		if (b->count < bits)
			return false;
		*entry = sub_entry(b, table, *entry);
	}
	return b->count >= (*entry & 0xff);
}

/* One symbol, or a match; INFLATE_MORE leaves its bits where they are. */
static inflate_result symbol_take(inflater *i)
{
	uint32_t e;
	bits_have(&i->bits, 56);
	bit_reader b = i->bits;
	if (!symbol_look(&b, i->literal, LITERAL_BITS, &e))
		return INFLATE_MORE;
	if ((e & ENTRY_OTHER) && !(e & ENTRY_END))
		return b.count >= 15 ? bad(i, "invalid literal/length code") : INFLATE_MORE;
	size_t length = value_of(e, b.hold);
	drop(&b, e);
	if (e & ENTRY_LITERAL) {
		i->window[i->end++] = (unsigned char)(e >> 16);
	} else if (!(e & ENTRY_OTHER)) {
		if (!symbol_look(&b, i->distance, DISTANCE_BITS, &e))
			return INFLATE_MORE;
		size_t distance = value_of(e, b.hold);
		if (e & ENTRY_OTHER)
			return b.count >= 15 ? bad(i, "invalid distance code") : INFLATE_MORE;
		if (distance > i->end - i->first)
			return bad(i, "invalid distance too far back");
		drop(&b, e);
		match_copy(i->window + i->end, distance, length);
		i->end += length;
	}
	i->bits = b;
	return e & ENTRY_END ? block_end(i) : INFLATE_END;
}

static inflate_result symbols(inflater *i)
{
	while (i->state == SYMBOLS) {
		if (is_full(i))
			return INFLATE_FULL;
		inflate_result got = symbols_fast(i);
		if (got == INFLATE_MORE && !is_full(i))
			got = symbol_take(i);
		if (got == INFLATE_BAD || (got == INFLATE_MORE && !is_full(i)))
			return got;
	}
	return INFLATE_END;
}

inflate_result inflate_run(inflater *i)
{
	static inflate_result (*const step[])(inflater *) = { block_head, stored_head, stored, codes_head, codes_lengths, codes, symbols };
	while (i->state != OVER) {
		inflate_result got = step[i->state](i);
		if (got != INFLATE_END)
			return got;
	}
	return INFLATE_END;
}
