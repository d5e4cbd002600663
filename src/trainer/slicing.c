/* slicing.c - groups of rows for the report: by how much is known of the user, by the item's popularity, by any field of users, items or samples. */
#include "report_fill.h"

#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/order.h"
#include "seqrec/pack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS_MOST = 12, FIELDS_SHOWN = 4, QUARTERS = 4 };

typedef struct {
	const dataset *d;
	const uint32_t *row;
	size_t rows;
	const item_lists *lists; /* or NULL */
} sliced;

static const sample *sample_at(const sliced *s, size_t i)
{
	return &s->d->all->item[s->row[i]];
}

/* The target of a ranking, else the candidate; 0: none. */
static uint32_t item_of(const sliced *s, const sample *one)
{
	uint32_t target = s->lists ? sample_next_item(s->d->all, one, s->d->s) : 0;
	return target ? target : one->candidate;
}

static page_slicing *slicing_new(report_page *page, const char *name, size_t rows, size_t values)
{
	page->slicing = xrealloc(page->slicing, page->slicings + 1, sizeof *page->slicing);
	page_slicing *made = &page->slicing[page->slicings++];
	*made = (page_slicing){ .name = xstrdup(name), .value = xcalloc(values + 1, sizeof *made->value), .of = xcalloc(rows + 1, sizeof *made->of) };
	return made;
}

static char *print_number(double value)
{
	char rounded[64], number[NUMBER_TEXT];
	double unit = fabs(value) >= 100 || value == floor(value) ? 1 : .01;
	number_print(round(value / unit) * unit, number);
	memcpy(rounded, number, sizeof number);
	return strlen(rounded) > 12 ? text_format("%.6g", value) : xstrdup(rounded);
}

/* Quarters of the values: equal ones stay together. NaN: `none`, in a group of its own that comes first. */
static void slice_numbers(report_page *page, const char *name, const double *value, size_t rows, const char *none)
{
	double *sorted = xcalloc(rows + 1, sizeof *sorted), edge[QUARTERS + 1];
	size_t known = 0, groups = 0;
	for (size_t i = 0; i < rows; i++)
		if (!isnan(value[i]))
			sorted[known++] = value[i];
	qsort(sorted, known, sizeof *sorted, order_double);
	page_slicing *s = slicing_new(page, name, rows, QUARTERS + 1);
	s->value[s->values++] = xstrdup(none);
	for (size_t q = 0; known && q < QUARTERS; q++) { /* edge[g]: the first value of group g */
		double at = sorted[known * q / QUARTERS];
		if (!groups || at > edge[groups - 1])
			edge[groups++] = at;
	}
	for (size_t g = 0; g < groups; g++) {
		double top = sorted[known - 1];
		for (size_t i = 0; g + 1 < groups && i < known && sorted[i] < edge[g + 1]; i++)
			top = sorted[i];
		char *low = print_number(edge[g]), *high = print_number(top);
		s->value[s->values++] = strcmp(low, high) == 0 ? xstrdup(low) : text_format("%s to %s", low, high);
		free(low);
		free(high);
	}
	for (size_t i = 0; i < rows; i++)
		for (size_t g = 0; g < groups && !isnan(value[i]) && value[i] >= edge[g]; g++)
			s->of[i] = (uint32_t)g + 1;
	free(sorted);
}

/* ---- the user's history ---- */

static void slice_history(report_page *page, const sliced *s)
{
	double *value = xcalloc(s->rows + 1, sizeof *value);
	for (size_t i = 0; i < s->rows; i++) {
		uint64_t events = sample_at(s, i)->end - sample_at(s, i)->first;
		value[i] = events ? (double)events : (double)NAN;
	}
	slice_numbers(page, "events in the history", value, s->rows, "none (cold user)");
	free(value);
}

/* Of the target of a ranking, or of the candidate of a pair: how often training has it, or the log. */
static void slice_popularity(report_page *page, const sliced *s)
{
	double *value = xcalloc(s->rows + 1, sizeof *value);
	uint32_t *sold = xcalloc((size_t)s->d->s->items + 1, sizeof *sold);
	const item_lists *l = s->lists;
	uint64_t events = 0;
	uint64_t *counted = xcalloc((size_t)s->d->s->users + 1, sizeof *counted); /* (users) so far: windows and histories of a user overlap */
	for (size_t i = 0; l && i < s->d->all->count; i++) {
		const sample *one = &s->d->all->item[i];
		uint64_t e = one->first > counted[one->user] ? one->first : counted[one->user];
		for (; one->part == PART_TRAIN && e < one->end; e++, events++)
			sold[s->d->s->item[e]]++;
		counted[one->user] = e;
	}
	free(counted);
	for (uint64_t e = 0; !events && e < s->d->s->events; e++)
		sold[s->d->s->item[e]]++;
	for (size_t i = 0; i < s->rows; i++) {
		uint32_t item = item_of(s, sample_at(s, i));
		bool known = item && item <= s->d->s->items && sold[item];
		value[i] = known ? (double)sold[item] : (double)NAN;
	}
	slice_numbers(page, l ? "target's events in training" : "item's events in the log", value, s->rows, "none (new item)");
	free(value);
	free(sold);
}

/* ---- fields ---- */

static uint64_t field_row(const sliced *s, const store_field *f, size_t i)
{
	const sample *one = sample_at(s, i);
	uint32_t item = item_of(s, one);
	uint64_t row = f->on == LEVEL_USER ? one->user : f->on == LEVEL_ITEM ? item : one->row == SAMPLE_NO_ROW ? 0 : one->row + 1;
	return row && row <= f->rows ? row - 1 : UINT64_MAX;
}

/* The values of a field by how many of the rows have them; what is rarer than the first dozen is "other". */
static void slice_category(report_page *page, const sliced *s, const store_field *f)
{
	uint32_t codes = vocabulary_count(f->values), shown = codes < GROUPS_MOST ? codes : GROUPS_MOST;
	char *name = text_format("%s (%s)", f->name, f->on == LEVEL_USER ? "user" : f->on == LEVEL_ITEM ? "item" : "sample");
	page_slicing *made = slicing_new(page, name, s->rows, shown + 2);
	made->value[made->values++] = xstrdup("missing");
	for (uint32_t code = 1; code <= shown; code++)
		made->value[made->values++] = xstrdup(vocabulary_text(f->values, code, NULL)); /* by descending count */
	made->value[made->values++] = xstrdup("other");
	for (size_t i = 0; i < s->rows; i++) {
		uint64_t row = field_row(s, f, i);
		uint32_t code = row == UINT64_MAX ? 0 : f->code[row];
		made->of[i] = code > shown ? shown + 1 : code;
	}
	free(name);
}

static void slice_field(report_page *page, const sliced *s, const store_field *f)
{
	if (f->kind == KIND_CATEGORY) {
		slice_category(page, s, f);
	} else if (f->kind == KIND_NUMBER) {
		double *value = xcalloc(s->rows + 1, sizeof *value);
		for (size_t i = 0; i < s->rows; i++) {
			uint64_t row = field_row(s, f, i);
			value[i] = row == UINT64_MAX ? (double)NAN : (double)f->number[row];
		}
		slice_numbers(page, f->name, value, s->rows, "missing");
		free(value);
	}
}

static const store_field *find_field(const store *s, const char *name)
{
	static const field_level levels[] = { LEVEL_SAMPLE, LEVEL_USER, LEVEL_ITEM };
	for (size_t i = 0; i < 3; i++)
		if (store_find_field(s, levels[i], name))
			return store_find_field(s, levels[i], name);
	return NULL;
}

static bool fits_by_itself(const sliced *s, const store_field *f)
{
	bool level = f->on == LEVEL_USER || f->on == LEVEL_SAMPLE || (f->on == LEVEL_ITEM && (s->lists || s->d->all->item[s->row[0]].candidate));
	return level && f->kind == KIND_CATEGORY && vocabulary_count(f->values) > 1 && vocabulary_count(f->values) <= GROUPS_MOST;
}

static void slice_all(report_page *page, const sliced *s)
{
	size_t fields = 0;
	if (s->d->s->events)
		slice_history(page, s);
	if (s->lists || sample_at(s, 0)->candidate)
		slice_popularity(page, s);
	for (size_t i = 0; i < s->d->s->field_count && fields < FIELDS_SHOWN; i++)
		if (fits_by_itself(s, &s->d->s->field[i])) {
			slice_field(page, s, &s->d->s->field[i]);
			fields++;
		}
}

void slicings_fill(report_page *page, const config *c, const dataset *d, const uint32_t *row, size_t rows, const item_lists *lists)
{
	sliced s = { d, row, rows, lists };
	if (!rows)
		return;
	if (!c->evaluate.slices.count)
		slice_all(page, &s);
	for (size_t i = 0; i < c->evaluate.slices.count; i++) {
		const char *name = c->evaluate.slices.item[i];
		const store_field *f = find_field(d->s, name);
		if (f)
			slice_field(page, &s, f);
		else if (strcmp(name, "history") == 0)
			slice_history(page, &s);
		else if (strcmp(name, "item_popularity") == 0)
			slice_popularity(page, &s);
	}
}
