#ifndef LOADER_PACKED_H
#define LOADER_PACKED_H
/* packed.h - records of 32-bit words in memory, of which only those words are kept that are not the same in all records. */

#include <stddef.h>
#include <stdint.h>

typedef struct {
	size_t words, stride;  /* of a record as it is given, and as it is kept */
	uint32_t *data;        /* (count, stride) */
	size_t count, capacity; /* capacity: of data, in words */
	size_t *kept;          /* (stride) ascending: which words are kept; the first `key` always */
	size_t *alike;         /* (words - stride) those that are not */
	uint32_t *value;       /* (words) what the words that are not kept hold */
	size_t key;
} packed;

packed *packed_new(size_t words, size_t key);
void packed_free(packed *p); /* NULL ok */
void packed_clear(packed *p);                                /* no records, and no memory held for them */
void packed_room(packed *p, size_t records);                 /* for so many of the present width */
void packed_widen(packed *p, const uint32_t *given);        /* keeps from now on the words in which the record differs from those before as well */
void packed_replace(packed *p, uint32_t *data);              /* (count, stride) takes the place of the present records, which are freed */

static inline void packed_set(packed *p, size_t number, const uint32_t *given)
{
	uint32_t differ = 0;
	for (size_t i = 0, alike = p->words - p->stride; i < alike; i++)
		differ |= given[p->alike[i]] ^ p->value[p->alike[i]];
	if (differ)
		packed_widen(p, given);
	uint32_t *to = p->data + number * p->stride;
	for (size_t i = 0; i < p->stride; i++)
		to[i] = given[p->kept[i]];
}

static inline void packed_add(packed *p, const uint32_t *given)
{
	if (p->capacity < (p->count + 1) * p->words) /* words, not stride: packed_set may widen it */
		packed_room(p, p->count + 1);
	packed_set(p, p->count, given);
	p->count++;
}

void packed_add_all(packed *p, const uint32_t *given, size_t count); /* records side by side */

static inline void packed_get(const packed *p, size_t number, uint32_t *out)
{
	const uint32_t *from = p->data + number * p->stride;
	for (size_t i = 0, alike = p->words - p->stride; i < alike; i++)
		out[p->alike[i]] = p->value[p->alike[i]];
	for (size_t i = 0; i < p->stride; i++)
		out[p->kept[i]] = from[i];
}

/* Records [first, first + count) side by side, of `words` words each. */
static inline void packed_read(const packed *p, size_t first, size_t count, uint32_t *out)
{
	for (size_t i = 0, alike = p->words - p->stride; i < alike; i++)
		for (size_t k = 0, word = p->alike[i]; k < count; k++)
			out[k * p->words + word] = p->value[word];
	for (size_t i = 0; i < p->stride; i++)
		for (size_t k = 0, word = p->kept[i]; k < count; k++)
			out[k * p->words + word] = p->data[(first + k) * p->stride + i];
}

#endif
