/* Canonical Huffman codes (RFC 1951, 3.2.2) as tables that are indexed by the next bits of the input. */
#include <string.h>

#include "loader/inflate.h"

enum { LONGEST = 15 };

static uint32_t literal_entry(unsigned symbol)
{
	static const uint16_t base[] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
	static const uint8_t extra[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
	if (symbol < 256)
		return ENTRY_LITERAL | symbol << 16;
	if (symbol == 256)
		return ENTRY_OTHER | ENTRY_END;
	return symbol < 286 ? (uint32_t)base[symbol - 257] << 16 | extra[symbol - 257] : ENTRY_OTHER;
}

static uint32_t distance_entry(unsigned symbol)
{
	if (symbol >= 30)
		return ENTRY_OTHER;
	unsigned extra = symbol < 4 ? 0 : symbol / 2 - 1;
	uint32_t base = symbol < 4 ? symbol + 1 : ((2 + symbol % 2) << extra) + 1;
	return base << 16 | extra;
}

static uint32_t entry_of(code_kind kind, unsigned symbol)
{
	return kind == CODE_LITERALS ? literal_entry(symbol) : kind == CODE_DISTANCES ? distance_entry(symbol) : symbol << 16;
}

static unsigned reversed(unsigned code, unsigned length)
{
	unsigned r = 0;
	for (unsigned i = 0; i < length; i++)
		r |= (code >> i & 1) << (length - 1 - i);
	return r;
}

/* Writes the entry wherever the index begins with these bits. `length`: bits of the code that this table sees. */
static void entry_spread(uint32_t *table, unsigned bits, unsigned code, unsigned length, uint32_t entry)
{
	entry += length | length << 8;
	for (unsigned at = code; at < 1U << bits; at += 1U << length)
		table[at] = entry;
}

bool inflate_table(uint32_t *table, unsigned bits, code_kind kind, const unsigned char *length, unsigned symbols)
{
	unsigned count[LONGEST + 1] = { 0 }, next[LONGEST + 2] = { 0 }, longest = 0;
	for (unsigned s = 0; s < symbols; s++) {
		count[length[s]]++;
		longest = length[s] > longest ? length[s] : longest;
	}
	count[0] = 0;
	int left = 1;
	for (unsigned l = 1; l <= LONGEST; l++) {
		left = left * 2 - (int)count[l];
		next[l + 1] = (next[l] + count[l]) << 1;
		if (left < 0)
			return false;
	}
	if (left > 0 && (kind == CODE_LENGTHS || longest > 1))
		return false;
	for (unsigned at = 0; at < 1U << bits; at++)
		table[at] = ENTRY_OTHER; /* no code begins so, where the code is not complete */
	unsigned used = 1U << bits, sub_bits = longest > bits ? longest - bits : 0;
	for (unsigned s = 0; s < symbols; s++) {
		unsigned l = length[s], code = l ? reversed(next[l]++, l) : 0, low = code & ((1U << bits) - 1);
		if (!l)
			continue;
		if (l <= bits) {
			entry_spread(table, bits, code, l, entry_of(kind, s));
			continue;
		}
		if (!(table[low] & ENTRY_SUBTABLE)) {
			table[low] = ENTRY_OTHER | ENTRY_SUBTABLE | used << 16 | sub_bits << 8 | bits;
			used += 1U << sub_bits;
		}
		entry_spread(table + (table[low] >> 16), sub_bits, code >> bits, l - bits, entry_of(kind, s));
	}
	return true;
}
