/* vectors.c - vectors as .npy, word2vec's text, or FAISS' IndexFlatIP ("IxFI", faiss/impl/index_write.cpp). */
#include "vectors.h"

#include "seqrec/file.h"
#include "seqrec/npy.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool write_ids(const vectors *v, const char *out, sr_error *err)
{
	static const char *const endings[] = { ".npy", ".faiss", ".index" };
	size_t stem = strlen(out);
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (text_ends(out, endings[i]))
			stem = strlen(out) - strlen(endings[i]);
	char *path = text_format("%.*s.ids.txt", (int)stem, out);
	durable *file = durable_open(path, err);
	for (size_t i = 0; file && i < v->rows; i++)
		durable_print(file, "%s\n", v->id[i]);
	free(path);
	return durable_commit(file, err);
}

/* A word ends at the first space. */
static void add_word(text *line, const char *id)
{
	for (; *id; id++)
		text_add_bytes(line, (unsigned char)*id <= ' ' ? "_" : id, 1);
}

static bool write_words(const vectors *v, const char *out, sr_error *err)
{
	durable *file = durable_open(out, err);
	text line = { 0 };
	if (file)
		durable_print(file, "%zu %zu\n", v->rows, v->width);
	for (size_t i = 0; file && i < v->rows; i++) {
		char number[NUMBER_TEXT];
		line.length = 0;
		add_word(&line, v->id[i]);
		for (size_t k = 0; k < v->width; k++) {
			number_print_float(v->value[i * v->width + k], number);
			text_addf(&line, " %s", number);
		}
		text_add(&line, "\n");
		durable_write(file, line.data, line.length);
	}
	text_free(&line);
	return durable_commit(file, err);
}

/* Little endian, as all that this program writes. */
static bool write_faiss(const vectors *v, const char *out, sr_error *err)
{
	const int32_t width = (int32_t)v->width, inner_product = 0;
	const int64_t rows = (int64_t)v->rows, unused = 1 << 20;
	const uint64_t floats = (uint64_t)v->rows * v->width;
	const uint8_t trained = 1;
	durable *file = durable_open(out, err);
	if (!file)
		return false;
	durable_write(file, "IxFI", 4);
	durable_write(file, &width, sizeof width);
	durable_write(file, &rows, sizeof rows);
	durable_write(file, &unused, sizeof unused);
	durable_write(file, &unused, sizeof unused);
	durable_write(file, &trained, sizeof trained);
	durable_write(file, &inner_product, sizeof inner_product);
	durable_write(file, &floats, sizeof floats);
	durable_write(file, v->value, (size_t)floats * sizeof *v->value);
	return durable_commit(file, err);
}

bool vectors_write(const vectors *v, vectors_format format, const char *out, sr_error *err)
{
	if (format == VECTORS_WORD2VEC)
		return write_words(v, out, err);
	return (format == VECTORS_FAISS ? write_faiss(v, out, err) : npy_save(out, NPY_F32, v->value, v->rows, v->width, err)) && write_ids(v, out, err);
}
