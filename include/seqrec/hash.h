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
