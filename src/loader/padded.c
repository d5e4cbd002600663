/* padded.c - the padded layout: the same values as in packs, as (samples, window) arrays that any framework reads. */
#include "feature.h"

#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/npy.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 256 };

typedef struct {
	const features *f;
	npy_writer **code, *number, *mask, *length, *label;
	uint32_t *line;
	float *numbers;
	uint8_t *here;
} padded;

static npy_writer *open_column(const char *folder, const char *name, npy_type type, size_t columns, sr_error *err)
{
	char *file = text_format("%s.npy", name), *path = path_join(folder, file);
	for (char *letter = file; *letter; letter++)
		if (*letter == ' ' || *letter == '/')
			path[strlen(path) - strlen(letter)] = '_';
	npy_writer *w = npy_open(path, type, columns, err);
	free(file);
	free(path);
	return w;
}

static void write_sample(padded *o, const pack *p, uint32_t s)
{
	uint32_t window = o->f->window, first = p->start[s], length = p->start[s + 1] - first, columns = o->f->shape.event_columns;
	for (size_t i = 0; i < o->f->event_count; i++) {
		if (o->f->event[i].form != FEATURE_CODE)
			continue;
		memset(o->line, 0, window * sizeof *o->line);
		memcpy(o->line + window - length, p->event[i].code + first, length * sizeof *o->line);
		npy_write(o->code[i], o->line, window);
	}
	memset(o->here, 0, window);
	memset(o->here + window - length, 1, length);
	npy_write(o->mask, o->here, window);
	npy_write(o->length, &length, 1);
	npy_write(o->label, &p->label[s], 1);
	if (!columns)
		return;
	memset(o->numbers, 0, (size_t)window * columns * sizeof *o->numbers);
	memcpy(o->numbers + (size_t)(window - length) * columns, p->event_number + (size_t)first * columns, (size_t)length * columns * sizeof *o->numbers);
	npy_write(o->number, o->numbers, (size_t)window * columns);
}

static void open_all(padded *o, const char *folder, sr_error *err)
{
	uint32_t window = o->f->window;
	for (size_t i = 0; i < o->f->event_count; i++)
		if (o->f->event[i].form == FEATURE_CODE)
			o->code[i] = open_column(folder, o->f->event[i].name, NPY_U32, window, err);
	o->mask = open_column(folder, "mask", NPY_U8, window, err);
	o->length = open_column(folder, "lengths", NPY_U32, 0, err);
	o->label = open_column(folder, "labels", NPY_U32, 0, err);
	if (o->f->shape.event_columns)
		o->number = open_column(folder, "numbers", NPY_F32, (size_t)window * o->f->shape.event_columns, err);
}

static bool close_all(padded *o, sr_error *err)
{
	bool done = npy_commit(o->mask, NULL, err) & npy_commit(o->length, NULL, err) & npy_commit(o->label, NULL, err);
	for (size_t i = 0; i < o->f->event_count; i++)
		if (o->f->event[i].form == FEATURE_CODE)
			done &= npy_commit(o->code[i], NULL, err);
	if (o->f->shape.event_columns)
		done &= npy_commit(o->number, NULL, err);
	return done;
}

bool padded_write(const features *f, const samples *all, const uint32_t *order, size_t count, const char *folder, sr_error *err)
{
	if (!f->window)
		return error_set(err, SR_CONFIG, "model.encoder none sees no events: there is no sequence to write");
	if (!folder_make(folder, err))
		return false;
	padded o = { .f = f, .code = xcalloc(f->event_count, sizeof *o.code), .line = xcalloc(f->window, sizeof *o.line), .here = xcalloc(f->window, 1) };
	o.numbers = xcalloc((size_t)f->window * (f->shape.event_columns + 1), sizeof *o.numbers);
	open_all(&o, folder, err);
	pack p = { 0 };
	const pack_options none = { 0 };
	bool done = true;
	for (size_t i = 0; done && i < count; i += CHUNK) {
		size_t part = count - i < CHUNK ? count - i : CHUNK;
		done = pack_fill(&p, f, all, order + i, part, &none, err);
		for (uint32_t s = 0; done && s < part; s++)
			write_sample(&o, &p, s);
	}
	done = close_all(&o, err) && done;
	pack_free(&p, f);
	free(o.code);
	free(o.line);
	free(o.here);
	free(o.numbers);
	return done;
}
