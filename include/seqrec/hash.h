#ifndef SEQREC_HASH_H
#define SEQREC_HASH_H
/* hash.h - checksums and hashes. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

uint32_t hash_crc32(uint32_t start, const void *bytes, size_t length); /* CRC-32 (IEEE, as zlib and Python's zlib.crc32); start with 0 */
uint64_t hash_bytes(const void *bytes, size_t length);                 /* fast, for tables; the same on every machine */

#define HASH_K0 UINT64_C(0x9E3779B97F4A7C15)
#define HASH_K1 UINT64_C(0xD1B54A32D192ED03)
#define HASH_K2 UINT64_C(0x8CB92BA72F3D8DD7)

/* Folded 64x64 -> 128-bit product: the mixing step of the wyhash family (Wang Yi). */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* hash_bytes of fewer than 16 bytes, which are given as two little-endian numbers with zeros behind. */
static inline uint64_t hash_short(uint64_t first, uint64_t second, size_t length)
{
	uint64_t h = hash_mix(first ^ HASH_K1, second ^ HASH_K0 ^ length);
	return hash_mix(h ^ HASH_K2, length ^ HASH_K1);
}

typedef struct {
	uint32_t state[8];
	uint64_t length;
	unsigned char block[64];
	bool fast; /* this CPU has instructions for it */
} sha256;

enum { SHA256_TEXT = 65 };
void sha256_start(sha256 *s);
void sha256_add(sha256 *s, const void *bytes, size_t length);
void sha256_text(sha256 *s, char out[SHA256_TEXT]); /* ends the sum: 64 lower-case hexadecimal digits */

#ifdef __cplusplus
}
#endif
#endif
