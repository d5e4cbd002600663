#ifndef LOADER_PIECE_H
#define LOADER_PIECE_H
/* piece.h - the plain rows of a part of the window, as one thread finds them. */

#include "loader/plain_batch.h"

typedef enum { PIECE_USER, PIECE_ITEM, PIECE_SESSION, PIECE_TYPE, PIECE_IDS } piece_id;

typedef struct {
	uint32_t at, end;          /* in the text: where it begins, and the place behind its line end */
	uint32_t code[PIECE_IDS];  /* 0: none, or of a value that had none yet */
	int64_t time;
} piece_row;

/* Cells of values that had no code yet, in order of rows. */
typedef struct {
	uint32_t *row, *begin, *length;
	size_t count, capacity, used;
} piece_misses;

typedef struct {
	uint32_t begin, end;       /* of its text */
	uint32_t *mark;
	size_t mark_capacity;
	piece_row *row;
	size_t count, capacity;
	piece_misses miss[PIECE_IDS];
	bool local_seen;           /* a time without an offset was read */
} piece;

/* Reads the builder and the source, and changes neither. `type`: the code of all rows, or 0. */
void piece_parse(piece *p, builder *b, const scan_state *x, const plain_text *text, uint32_t type);
void piece_clear(piece *p);

#endif
