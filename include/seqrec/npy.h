#ifndef SEQREC_NPY_H
#define SEQREC_NPY_H
/* npy.h - numpy's .npy files, version 1.0, C order, little endian. The event store's columns and exported vectors are such files. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/error.h"
#include "seqrec/file.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { NPY_U8, NPY_U32, NPY_U64, NPY_I64, NPY_F32, NPY_F64 } npy_type;
size_t npy_size(npy_type type); /* bytes of one element */

/* Streaming: open, write elements, commit. The row count is patched into the header at the commit. */
typedef struct npy_writer npy_writer;
npy_writer *npy_open(const char *path, npy_type type, size_t columns /* 0 = one-dimensional */, sr_error *err);
bool npy_write(npy_writer *w, const void *elements, size_t count /* elements, not rows */);
bool npy_commit(npy_writer *w, uint32_t *crc32 /* or NULL: CRC-32 of the finished file */, sr_error *err); /* frees w */
void npy_abandon(npy_writer *w);                                                                         /* NULL ok */
bool npy_save(const char *path, npy_type type, const void *data, size_t rows, size_t columns, sr_error *err);

/* Reading by mmap. */
typedef struct {
	file_map map;
	npy_type type;
	size_t rows, columns; /* columns is 0 for a one-dimensional array */
	const void *data;
} npy;
bool npy_map(npy *array, const char *path, npy_type type, sr_error *err); /* another type is an error (SR_DATA) */
void npy_close(npy *array);

#ifdef __cplusplus
}
#endif
#endif
