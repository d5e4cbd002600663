/* npy.c - numpy's .npy format 1.0 (NEP 1): magic, version, header length, a Python dictionary, data. */
#include "seqrec/npy.h"

#include "seqrec/hash.h"
#include "seqrec/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { HEADER = 128 }; /* a fixed size, so that the row count can be patched in at the end */

static const struct {
	const char *name;
	size_t size;
} types[] = { [NPY_U8] = { "|u1", 1 }, [NPY_U32] = { "<u4", 4 }, [NPY_U64] = { "<u8", 8 }, [NPY_I64] = { "<i8", 8 }, [NPY_F32] = { "<f4", 4 }, [NPY_F64] = { "<f8", 8 } };

struct npy_writer {
	durable *file;
	npy_type type;
	size_t columns;
	uint64_t elements;
};

size_t npy_size(npy_type type)
{
	return types[type].size;
}

static void header_print(char out[HEADER], npy_type type, uint64_t rows, size_t columns)
{
	char shape[64];
	if (columns)
		snprintf(shape, sizeof shape, "%" PRIu64 ", %zu", rows, columns);
	else
		snprintf(shape, sizeof shape, "%" PRIu64 ",", rows);
	memset(out, ' ', HEADER);
	memcpy(out, "\x93NUMPY\x01\x00", 8);
	out[8] = HEADER - 10;
	out[9] = 0;
	char dictionary[HEADER];
	int length = snprintf(dictionary, sizeof dictionary, "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", types[type].name, shape);
	memcpy(out + 10, dictionary, (size_t)length);
	out[HEADER - 1] = '\n';
}

npy_writer *npy_open(const char *path, npy_type type, size_t columns, sr_error *err)
{
	durable *file = durable_open(path, err);
	if (!file)
		return NULL;
	npy_writer *w = xcalloc(1, sizeof *w);
	*w = (npy_writer){ .file = file, .type = type, .columns = columns };
	char header[HEADER];
	header_print(header, type, 0, columns);
	durable_write(file, header, HEADER);
	return w;
}

bool npy_write(npy_writer *w, const void *elements, size_t count)
{
	if (!w)
		return false;
	w->elements += count;
	return durable_write(w->file, elements, count * npy_size(w->type));
}

bool npy_commit(npy_writer *w, uint32_t *crc, sr_error *err)
{
	if (!w)
		return false;
	char header[HEADER], empty[HEADER];
	header_print(empty, w->type, 0, w->columns);
	header_print(header, w->type, w->columns ? w->elements / w->columns : w->elements, w->columns);
	durable_patch(w->file, 0, header, HEADER);
	/* the file's CRC was summed with the empty header: CRCs are linear, so the change of the header is carried through the data's length */
	if (crc)
		*crc = durable_crc32(w->file) ^ (uint32_t)crc32_combine(hash_crc32(0, empty, HEADER) ^ hash_crc32(0, header, HEADER), 0, (z_off_t)(durable_length(w->file) - HEADER));
	bool done = durable_commit(w->file, err);
	free(w);
	return done;
}

void npy_abandon(npy_writer *w)
{
	if (!w)
		return;
	durable_abandon(w->file);
	free(w);
}

bool npy_save(const char *path, npy_type type, const void *data, size_t rows, size_t columns, sr_error *err)
{
	npy_writer *w = npy_open(path, type, columns, err);
	npy_write(w, data, rows * (columns ? columns : 1));
	return npy_commit(w, NULL, err);
}

/* ---- reading ---- */

/* Reads "'shape': (3, 4), " behind the header's start. */
static bool header_parse(const char *header, npy *array)
{
	char descr[8] = "", order[8] = "";
	unsigned long long rows = 0, columns = 0;
	int fields = sscanf(header, "{'descr': '%7[^']', 'fortran_order': %7[A-Za-z], 'shape': (%llu, %llu", descr, order, &rows, &columns);
	if (fields < 3 || strcmp(order, "False") != 0)
		return false;
	array->rows = (size_t)rows;
	array->columns = fields == 4 ? (size_t)columns : 0;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(descr, types[i].name) == 0) {
			array->type = (npy_type)i;
			return true;
		}
	return false;
}

bool npy_map(npy *array, const char *path, npy_type type, sr_error *err)
{
	*array = (npy){ 0 };
	if (!file_map_open(&array->map, path, err))
		return false;
	const unsigned char *bytes = array->map.bytes;
	size_t length = array->map.length, data = 0, need = 0;
	char header[512] = "";
	bool good = length >= 10 && memcmp(bytes, "\x93NUMPY\x01\x00", 8) == 0;
	if (good) {
		data = 10 + (size_t)bytes[8] + 256 * (size_t)bytes[9];
		good = data <= length && data - 10 < sizeof header;
	}
	if (good) {
		memcpy(header, bytes + 10, data - 10);
		good = header_parse(header, array) && !__builtin_mul_overflow(array->rows, npy_size(array->type), &need) &&
		       !__builtin_mul_overflow(need, array->columns ? array->columns : 1, &need) && length - data == need;
	}
	if (good && array->type == type) {
		array->data = bytes + data;
		return true;
	}
	if (good)
		error_set(err, SR_DATA, "%s: holds %s, %s was expected", path, types[array->type].name, types[type].name);
	else
		error_set(err, SR_DATA, "%s: is not a whole .npy file (version 1.0)", path);
	npy_close(array);
	return false;
}

void npy_close(npy *array)
{
	file_map_close(&array->map);
	*array = (npy){ 0 };
}
