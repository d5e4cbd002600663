/* Encodes the cells of declared fields. */
#include "loader/values.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "loader/json_scan.h"
#include "loader/terms.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

static const char too_many[] = "more than 2^32 - 2 different values";

static char *unfit_text(const field_config *f)
{
	if (f->kind == KIND_VECTOR)
		return text_format("%s is not %lld numbers", f->name, (long long)f->width);
	return text_format("%s is not a number", f->name);
}

field_state *fields_new(const field_list *fields, size_t base[4])
{
	field_state *state = xcalloc(fields->count + 1, sizeof *state);
	for (size_t i = 0; i < fields->count; i++) {
		const field_config *c = &fields->item[i];
		field_state *f = &state[i];
		f->config = c;
		f->words = c->kind == KIND_VECTOR ? (size_t)c->width : 1;
		f->offset = base[c->on];
		base[c->on] += f->words;
		f->values = c->kind == KIND_NUMBER || c->kind == KIND_VECTOR ? NULL : intern_new();
		f->sets = c->kind == KIND_CATEGORIES || c->kind == KIND_TEXT ? intern_new() : NULL;
		f->unfit = unfit_text(c);
	}
	return state;
}

void fields_free(field_state *f, size_t count)
{
	for (size_t i = 0; f && i < count; i++) {
		intern_free(f[i].values);
		intern_free(f[i].sets);
		free(f[i].instead);
		free(f[i].unfit);
		free(f[i].list);
	}
	free(f);
}

size_t field_bytes(const field_state *f)
{
	return (f->values ? intern_bytes(f->values) : 0) + (f->sets ? intern_bytes(f->sets) : 0);
}

bool cell_missing(const source_config *source, cell value)
{
	if (!value.length)
		return true;
	for (size_t i = 0; i < source->missing.count; i++) {
		const char *m = source->missing.item[i];
		if (m[0] == value.bytes[0] && strlen(m) == value.length && memcmp(m, value.bytes, value.length) == 0)
			return true;
	}
	return false;
}

void field_missing(const field_state *f, uint32_t *word)
{
	bool number = f->config->kind == KIND_NUMBER || f->config->kind == KIND_VECTOR;
	for (size_t i = 0; i < f->words; i++)
		word[i] = number ? float_word(NAN) : 0;
}

static bool float_parse(const char *bytes, size_t length, uint32_t *word)
{
	double value;
	if (!number_parse(bytes, length, &value) || value > (double)FLT_MAX || value < -(double)FLT_MAX)
		return false;
	*word = float_word((float)value);
	return true;
}

/* Numbers parted by commas, spaces, brackets, or the field's own separator. */
static const char *vector_encode(const field_state *f, cell value, uint32_t *word)
{
	char gap[] = "[](){},; \t|\x1f?"; /* \x1f: JSON_JOIN */
	if (f->config->separator && *f->config->separator)
		gap[sizeof gap - 2] = *f->config->separator;
	else
		gap[sizeof gap - 2] = ' ';
	size_t count = 0;
	const char *p = value.bytes, *end = p + value.length;
	while (p < end) {
		const char *begin = p;
		while (p < end && !strchr(gap, *p))
			p++;
		if (p > begin && (count == f->words || !float_parse(begin, (size_t)(p - begin), &word[count++])))
			return f->unfit;
		p++;
	}
	return count == f->words ? NULL : f->unfit;
}

static bool list_add(field_state *f, size_t *count, const char *bytes, size_t length)
{
	uint32_t code = intern_add(f->values, bytes, length);
	f->list = xgrow(f->list, &f->list_capacity, *count + 1, sizeof *f->list);
	f->list[(*count)++] = code;
	return code != 0;
}

/* Bytes of the separator at p, or 0. Values of a JSON array are parted by a sign of their own. */
static size_t gap_at(const char *p, const char *end, const char *separator, size_t width)
{
	if (*p == JSON_JOIN)
		return 1;
	return (size_t)(end - p) >= width && memcmp(p, separator, width) == 0 ? width : 0;
}

static bool parts_gather(field_state *f, cell value, size_t *count)
{
	const char *separator = f->config->separator && *f->config->separator ? f->config->separator : " ";
	size_t width = strlen(separator);
	const char *p = value.bytes, *end = p + value.length;
	size_t step = 0;
	for (const char *begin = p; begin <= end; begin = p + step) {
		for (p = begin; p < end && !(step = gap_at(p, end, separator, width));)
			p++;
		if (p > begin && !list_add(f, count, begin, (size_t)(p - begin)))
			return false;
		if (p == end)
			break;
	}
	return true;
}

static bool terms_gather(field_state *f, cell value, size_t *count)
{
	terms t = terms_of(value.bytes, value.length);
	for (size_t length; (length = terms_next(&t));)
		if (!list_add(f, count, t.term, length))
			return false;
	return true;
}

static const char *list_encode(field_state *f, cell value, uint32_t *word)
{
	size_t count = 0;
	if (!(f->config->kind == KIND_TEXT ? terms_gather : parts_gather)(f, value, &count))
		return too_many;
	*word = count ? intern_add(f->sets, f->list, count * sizeof *f->list) : 0;
	return count && !*word ? too_many : NULL;
}

const char *field_encode(field_state *f, const source_config *source, cell value, uint32_t *word)
{
	if (cell_missing(source, value)) {
		field_missing(f, word);
		return NULL;
	}
	switch (f->config->kind) {
	case KIND_NUMBER:
		return float_parse(value.bytes, value.length, word) ? NULL : f->unfit;
	case KIND_VECTOR:
		return vector_encode(f, value, word);
	case KIND_CATEGORY:
		*word = intern_add(f->values, value.bytes, value.length);
		return *word ? NULL : too_many;
	default:
		return list_encode(f, value, word);
	}
}
