/* hash.c - CRC-32 through zlib, and a fast 64-bit hash for tables. */
#include "seqrec/hash.h"

#include <string.h>
#include <zlib.h>

uint32_t hash_crc32(uint32_t start, const void *bytes, size_t length)
{
	return (uint32_t)crc32_z(start, bytes, length);
}

/* Folded 64x64 -> 128-bit product: the mixing step of the wyhash family (Wang Yi). */
static uint64_t mix(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t hash_bytes(const void *bytes, size_t length)
{
	static const uint64_t k0 = UINT64_C(0x9E3779B97F4A7C15), k1 = UINT64_C(0xD1B54A32D192ED03), k2 = UINT64_C(0x8CB92BA72F3D8DD7);
	const unsigned char *p = bytes;
	uint64_t h = k0 ^ length;
	size_t left = length;
	for (; left >= 16; left -= 16, p += 16) {
		uint64_t a, b;
		memcpy(&a, p, 8);
		memcpy(&b, p + 8, 8);
		h = mix(a ^ k1, b ^ h);
	}
	uint64_t tail[2] = { 0, 0 };
	if (left)
		memcpy(tail, p, left);
	h = mix(tail[0] ^ k1, tail[1] ^ h);
	return mix(h ^ k2, length ^ k1);
}
