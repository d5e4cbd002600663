#ifndef SEQREC_TRAINER_VECTORS_H
#define SEQREC_TRAINER_VECTORS_H
/* vectors.h - vectors and their names in the formats that other tools read. */

#include <stdbool.h>
#include <stddef.h>

#include "seqrec/error.h"
#include "seqrec/trainer.h"

typedef struct {
	const float *value; /* (rows, width) */
	size_t rows, width;
	char **id;          /* (rows) */
} vectors;

/* npy: an array of f32. word2vec: text, "rows width", then a word and its numbers a line. faiss: a flat index by inner product. Where the format has no place for
 * names they go to out's name + .ids.txt, a line a row. */
bool vectors_write(const vectors *v, vectors_format format, const char *out, sr_error *err);

#endif
