#ifndef LOADER_VALUES_H
#define LOADER_VALUES_H
/* values.h - declared fields: a cell -> words of a fixed-width record, with provisional codes. */

#include "loader/intern.h"
#include "loader/reader.h"
#include "seqrec/config.h"

typedef struct {
	const field_config *config;
	size_t words;      /* in a record: 1, or the width of a vector */
	size_t offset;     /* of the first one in a record of its level */
	intern *values;    /* category, categories, text; NULL otherwise */
	intern *sets;      /* categories and text: each different list of value codes, as bytes */
	bool found;        /* some source has the column */
	char *instead;     /* what the first file without it has, for the message; or NULL */
	char *unfit;       /* the reason of a bad row */
	uint32_t *list;    /* the list being gathered */
	size_t list_capacity;
} field_state;

/* Places for the fields of all levels; `base[level]` words come before the fields in a record of that level, and becomes the record's words. */
field_state *fields_new(const field_list *fields, size_t base[4]);
void fields_free(field_state *f, size_t count); /* NULL ok */

/* Writes the field's words for a cell; returns why the row is bad, or NULL. */
const char *field_encode(field_state *f, const source_config *source, cell value, uint32_t *word);
void field_missing(const field_state *f, uint32_t *word); /* the words of "no value" */
size_t field_bytes(const field_state *f);                 /* memory held */

bool cell_missing(const source_config *source, cell value); /* empty, absent, or one of the source's texts for "no value" */

static inline uint32_t float_word(float value)
{
	union { float f; uint32_t w; } u = { .f = value };
	return u.w;
}

static inline float word_float(uint32_t word)
{
	union { uint32_t w; float f; } u = { .w = word };
	return u.f;
}

#endif
