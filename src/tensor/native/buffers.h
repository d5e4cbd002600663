#ifndef SEQREC_TENSOR_BUFFERS_H
#define SEQREC_TENSOR_BUFFERS_H
/* buffers.h - memory for the matrices of a pack. What is handed back is given out next, while it is still in the cache; a reset takes everything back.
 * After the first packs all of it is one block, as large as the largest pack needed. */

#include <stddef.h>

enum { BUFFER_CLASSES = 256 /* sizes: four to a doubling, from 64 bytes */ };

typedef struct buffer_block buffer_block;

/* Starts as all zeros. */
typedef struct {
	void *spare[BUFFER_CLASSES]; /* handed back, by class; each holds the pointer to the next */
	buffer_block *blocks;        /* the one in use first */
	size_t held;                 /* bytes of all blocks */
} buffers;

void *buffers_take(buffers *b, size_t bytes); /* 64-byte aligned, not zeroed */
void buffers_give(buffers *b, void *buffer, size_t bytes); /* `bytes` as at taking; NULL ok */
void buffers_reset(buffers *b);
void buffers_free(buffers *b);

#endif
