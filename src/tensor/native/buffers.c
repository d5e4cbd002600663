/* buffers.c - see buffers.h. */
#include "tensor/native/buffers.h"

#include <stdlib.h>
#include <string.h>

#include "seqrec/memory.h"

enum { BLOCK_LEAST = 1 << 18 };

struct buffer_block {
	buffer_block *next;
	unsigned char *bytes;
	size_t size, used;
};

static void block_push(buffers *b, size_t size)
{
	buffer_block *made = xmalloc(sizeof *made);
	*made = (buffer_block){ .next = b->blocks, .bytes = xaligned(size, 1), .size = size };
	b->blocks = made;
	b->held += size;
}

static size_t class_of(size_t bytes, size_t *room)
{
	size_t top = 6;
	while (bytes > (size_t)1 << (top + 1))
		top++;
	size_t step = (size_t)1 << (top - 2), base = (size_t)1 << top, steps = bytes > base ? (bytes - base + step - 1) / step : 0;
	*room = (base + steps * step + 63) / 64 * 64;
	return (top - 6) * 4 + steps;
}

void *buffers_take(buffers *b, size_t bytes)
{
	size_t room, class = class_of(bytes, &room);
	void **spare = b->spare[class];
	if (spare) {
		b->spare[class] = *spare;
		return spare;
	}
	if (!b->blocks || b->blocks->size - b->blocks->used < room) /* the rest of a block is lost until the next reset */
		block_push(b, room > b->held ? room : b->held > BLOCK_LEAST ? b->held : BLOCK_LEAST);
	void *taken = b->blocks->bytes + b->blocks->used;
	b->blocks->used += room;
	return taken;
}

void buffers_give(buffers *b, void *buffer, size_t bytes)
{
	if (!buffer)
		return;
	size_t room, class = class_of(bytes, &room);
	void **spare = buffer;
	*spare = b->spare[class];
	b->spare[class] = spare;
}

void buffers_free(buffers *b)
{
	for (buffer_block *block = b->blocks, *next; block; block = next) {
		next = block->next;
		free(block->bytes);
		free(block);
	}
	*b = (buffers){ 0 };
}

/* Several blocks become one of what was used of them. */
void buffers_reset(buffers *b)
{
	memset(b->spare, 0, sizeof b->spare);
	if (!b->blocks)
		return;
	size_t used = 0;
	for (const buffer_block *block = b->blocks; block; block = block->next)
		used += block->used;
	if (b->blocks->next) {
		buffers_free(b);
		block_push(b, used + used / 16);
	}
	b->blocks->used = 0;
}
