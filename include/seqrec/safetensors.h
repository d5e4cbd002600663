#ifndef SEQREC_SAFETENSORS_H
#define SEQREC_SAFETENSORS_H
/* safetensors.h - named arrays in one file, readable by the safetensors packages of other languages, with checksums that those ignore:
 * __metadata__ holds "format": "pt", a CRC-32 of each tensor's bytes ("crc32.NAME") and one of the header ("crc32.header", taken over the
 * header's N bytes with its own eight digits as zeros). Every changed byte of such a file is noticed. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { SAFE_F32, SAFE_F64, SAFE_I64, SAFE_U32, SAFE_U8 } safe_type;
size_t safe_size(safe_type type); /* bytes of one element */

enum { SAFE_DIMENSIONS = 4, SAFE_TENSORS = 10000, SAFE_HEADER = 8 << 20 };

typedef struct {
	const char *name; /* of A-Z a-z 0-9 _ . */
	safe_type type;
	size_t dimensions; /* 0 = one number */
	uint64_t shape[SAFE_DIMENSIONS];
	const void *data; /* little endian, C order */
} safe_tensor;

typedef struct {
	const char *key, *value;
} safe_note;

/* Writes durably. Tensors are stored by descending element size, then by name. Notes go into __metadata__; their keys must not begin with "crc32.". */
bool safetensors_write(const char *path, const safe_tensor *tensor, size_t count, const safe_note *note, size_t notes, sr_error *err);

/* Opens by mmap and checks everything: layout, names, shapes, checksums. NULL with SR_MODEL (or SR_IO) naming file and tensor. */
typedef struct safetensors safetensors;
safetensors *safetensors_open(const char *path, sr_error *err);
void safetensors_close(safetensors *s); /* NULL ok */

size_t safetensors_count(const safetensors *s);
const safe_tensor *safetensors_at(const safetensors *s, size_t i);              /* borrowed; in the order of the file */
const safe_tensor *safetensors_find(const safetensors *s, const char *name);    /* borrowed; NULL when absent */
const char *safetensors_note(const safetensors *s, const char *key);            /* borrowed; NULL when absent */

/* The tensor of exactly this type and shape; NULL with SR_MODEL that says what was found instead. */
const safe_tensor *safetensors_need(const safetensors *s, const char *name, safe_type type, size_t dimensions, const uint64_t *shape, sr_error *err);

#ifdef __cplusplus
}
#endif
#endif
