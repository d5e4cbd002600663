#ifndef LOADER_INFLATE_H
#define LOADER_INFLATE_H
/* inflate.h - the DEFLATE format (RFC 1951), decoded piece by piece as the input comes. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bits from the lowest on; `hold` has the next `count` ones. */
typedef struct {
	const unsigned char *in, *end;
	uint64_t hold;
	unsigned count;
} bit_reader;

/* LITERAL_BITS, DISTANCE_BITS: of a code looked up at once; longer ones take a second look. */
enum { LITERAL_BITS = 11, DISTANCE_BITS = 8, LITERAL_TABLE = 2048 + 144 * 16, DISTANCE_TABLE = 256 + 16 * 128, CODE_SYMBOLS = 320 };
enum { HISTORY_BYTES = 32 * 1024, FRESH_BYTES = 128 * 1024, INFLATE_SLACK = 512 /* room that a copy may overrun */ };

typedef enum { INFLATE_MORE /* the input is used up */, INFLATE_FULL /* the window is: take what it holds */, INFLATE_END, INFLATE_BAD } inflate_result;

typedef struct {
	bit_reader bits;
	int state;
	bool last;                 /* the block at hand is the last one */
	size_t left;               /* of a stored block, or code lengths that were read */
	unsigned literals, distances, lengths;
	unsigned char length[CODE_SYMBOLS];
	uint32_t literal[LITERAL_TABLE], distance[DISTANCE_TABLE];
	size_t first;              /* where the history of this stream begins */
	size_t begin, end;         /* of the text in the window that nobody has taken */
	const char *message;       /* what is wrong */
	unsigned char window[HISTORY_BYTES + FRESH_BYTES + INFLATE_SLACK];
} inflater;

void inflate_start(inflater *i);            /* a new stream; bits and window stay */
inflate_result inflate_run(inflater *i);
void inflate_slide(inflater *i);            /* makes room, when everything was taken */
bool bits_have(bit_reader *b, unsigned n);  /* at most 32; false when the input is used up */
uint32_t bits_take(bit_reader *b, unsigned n);

/* ---- inflate_table.c ---- */
/* Entries of a table. Low byte: bits to take, of which bits 8..11 tell the code's own, the others being extra bits; from bit 16 on the value. */
enum { ENTRY_OTHER = 1 << 15, ENTRY_SUBTABLE = 1 << 14, ENTRY_END = 1 << 13 };
#define ENTRY_LITERAL (UINT32_C(1) << 31)
typedef enum { CODE_LITERALS, CODE_DISTANCES, CODE_LENGTHS } code_kind;
/* false: the lengths make no code. */
bool inflate_table(uint32_t *table, unsigned bits, code_kind kind, const unsigned char *length, unsigned symbols);

#endif
