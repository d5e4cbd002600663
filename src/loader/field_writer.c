/* Columns of declared fields: codes and numbers as they are, lists of values end to end with their starts. */
#include <stdlib.h>

#include "loader/column_writer.h"
#include "loader/layout.h"
#include "loader/ranks.h"
#include "seqrec/memory.h"

static column_writer *part_open(builder *b, size_t number, const char *ending, npy_type type, size_t width, sr_error *err)
{
	const field_config *c = b->field[number].config;
	char *name = layout_field((field_level)c->on, c->name, number, ending);
	column_writer *w = column_open(b, name, type, width, err);
	free(name);
	return w;
}

static bool writer_open(builder *b, size_t number, field_writer *w, sr_error *err)
{
	const field_state *f = &b->field[number];
	bool codes = f->values != NULL;
	*w = (field_writer){ .field = f, .final = codes ? b->ranks->field[number].final : NULL };
	w->main = part_open(b, number, ".npy", codes ? NPY_U32 : NPY_F32, f->config->kind == KIND_VECTOR ? f->words : 0, err);
	if (f->sets)
		w->start = part_open(b, number, ".start.npy", NPY_U64, 0, err);
	if (w->start)
		column_put(w->start, &w->position);
	return w->main && (w->start || !f->sets);
}

field_writer *field_writers_open(builder *b, field_level level, size_t *count, sr_error *err)
{
	field_writer *w = xcalloc(b->field_count + 1, sizeof *w);
	*count = 0;
	for (size_t i = 0; i < b->field_count; i++)
		if (b->field[i].config->on == (int)level && !writer_open(b, i, &w[(*count)++], err)) {
			field_writers_abandon(w, *count);
			return NULL;
		}
	return w;
}

static void list_put(field_writer *w, uint32_t set)
{
	size_t bytes = 0;
	const char *list = set ? intern_text(w->field->sets, set, &bytes) : NULL;
	for (size_t at = 0; at < bytes; at += sizeof(uint32_t)) {
		uint32_t code;
		memcpy(&code, list + at, sizeof code);
		column_put_code(w->main, w->final[code]);
	}
	w->position += bytes / sizeof(uint32_t);
	column_put(w->start, &w->position);
}

static void words_put(field_writer *w, const uint32_t *words)
{
	if (w->field->sets)
		list_put(w, words[0]);
	else if (w->final)
		column_put_code(w->main, w->final[words[0]]);
	else
		for (size_t i = 0; i < w->field->words; i++)
			column_put_code(w->main, words[i]); /* a float's bits */
}

void field_writers_put(field_writer *w, size_t count, const uint32_t *words)
{
	for (size_t i = 0; i < count; i++) {
		const field_state *f = w[i].field;
		if (words) {
			words_put(&w[i], words + f->offset);
			continue;
		}
		uint32_t one, *none = f->words == 1 ? &one : xcalloc(f->words, sizeof *none);
		field_missing(f, none);
		words_put(&w[i], none);
		if (none != &one)
			free(none);
	}
}

bool field_writers_close(builder *b, field_writer *w, size_t count, sr_error *err)
{
	bool fine = true;
	for (size_t i = 0; i < count; i++) {
		if (w[i].start)
			fine = column_close(b, w[i].start, err) && fine;
		fine = column_close(b, w[i].main, err) && fine;
	}
	free(w);
	return fine;
}

void field_writers_abandon(field_writer *w, size_t count)
{
	for (size_t i = 0; w && i < count; i++) {
		column_abandon(w[i].main);
		column_abandon(w[i].start);
	}
	free(w);
}
