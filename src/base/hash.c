/* hash.c - a fast 64-bit hash for tables. */
#include "seqrec/hash.h"

#include <string.h>

/* The last 0 to 15 bytes as two numbers, zeros behind: by reads that overlap, because a copy of unknown length is a call. */
static void tail_read(const unsigned char *p, size_t left, uint64_t tail[2])
{
	uint32_t low, high;
	tail[0] = tail[1] = 0;
	if (left >= 8) {
		memcpy(&tail[0], p, 8);
		memcpy(&tail[1], p + left - 8, 8);
		tail[1] = left > 8 ? tail[1] >> (8 * (16 - left)) : 0;
	} else if (left >= 4) {
		memcpy(&low, p, 4);
		memcpy(&high, p + left - 4, 4);
		tail[0] = low | (left > 4 ? (uint64_t)(high >> (8 * (8 - left))) << 32 : 0);
	} else if (left) {
		tail[0] = p[0] | (uint64_t)p[left / 2] << (8 * (left / 2)) | (uint64_t)p[left - 1] << (8 * (left - 1));
	}
}

uint64_t hash_bytes(const void *bytes, size_t length)
{
	const unsigned char *p = bytes;
	uint64_t h = HASH_K0 ^ length;
	size_t left = length;
	for (; left >= 16; left -= 16, p += 16) {
		uint64_t a, b;
		memcpy(&a, p, 8);
		memcpy(&b, p + 8, 8);
		h = hash_mix(a ^ HASH_K1, b ^ h);
	}
	uint64_t tail[2];
	tail_read(p, left, tail);
	h = hash_mix(tail[0] ^ HASH_K1, tail[1] ^ h);
	return hash_mix(h ^ HASH_K2, length ^ HASH_K1);
}
