#ifndef LOADER_PIECES_H
#define LOADER_PIECES_H
/* pieces.h - plain rows of event logs, parsed by several threads: the window is cut into pieces at line ends, and what is found in them is used in order. Whether a
 * line end is the end of a row is not asked: rows are used only where the rows before them end, so one that begins inside of quotes is never used. */

#include "loader/builder.h"

typedef struct pieces pieces;

pieces *pieces_new(builder *b, unsigned threads);
void pieces_free(pieces *p); /* NULL ok */

void pieces_start(pieces *p); /* before another reader */

/* Whether the rows of a source can be parsed so: those that other threads need no state for. The unit of epochs must be known. */
bool pieces_fit(const builder *b, scan_state *x);
/* Uses the rows in front of the first one that needs care, from text parsed before or from the next window. *rows counts them; *more: others were parsed behind that row. */
bool pieces_take(pieces *p, scan_state *x, reader *r, uint64_t *rows, bool *more, sr_error *err);

#endif
