/* Evaluates the rules of data.filters on the cells of a row. */
#include "loader/filters.h"

#include <string.h>

#include "loader/values.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

static const char *const operator_text[] = {
	[FILTER_EQUAL] = "equals", [FILTER_NOT_EQUAL] = "is not", [FILTER_LESS] = "<", [FILTER_LESS_EQUAL] = "<=", [FILTER_GREATER] = ">", [FILTER_GREATER_EQUAL] = ">=",
	[FILTER_STARTS] = "starts with", [FILTER_IN] = "in", [FILTER_MISSING] = "is missing", [FILTER_PRESENT] = "is present",
};

char *filter_title(const filter_config *rule)
{
	if (rule->name && *rule->name)
		return xstrdup(rule->name);
	text title = { 0 };
	text_addf(&title, "%s %s", rule->field, operator_text[rule->compare]);
	for (size_t i = 0; i < rule->value.count; i++)
		text_addf(&title, "%s %s", i ? "," : "", rule->value.item[i]);
	return title.data;
}

static bool equal(cell value, const char *wanted)
{
	return strlen(wanted) == value.length && (!value.length || memcmp(value.bytes, wanted, value.length) == 0);
}

static bool starts(cell value, const char *wanted)
{
	size_t length = strlen(wanted);
	return value.length >= length && (!length || memcmp(value.bytes, wanted, length) == 0);
}

/* Numbers compare as numbers, other texts (dates) by their bytes. False when only one of them is a number, or there is no value. */
static bool compare(cell value, const char *wanted, int *order)
{
	double a, b;
	bool number = number_parse(wanted, strlen(wanted), &b);
	if (!value.length || number != number_parse(value.bytes, value.length, &a))
		return false;
	if (number) {
		*order = (a > b) - (a < b);
		return true;
	}
	size_t length = strlen(wanted), common = length < value.length ? length : value.length;
	*order = memcmp(value.bytes, wanted, common);
	if (!*order)
		*order = (value.length > length) - (value.length < length);
	return true;
}

static bool any(const filter_config *rule, cell value, bool (*test)(cell, const char *))
{
	for (size_t i = 0; i < rule->value.count; i++)
		if (test(value, rule->value.item[i]))
			return true;
	return false;
}

static bool holds(const filter_config *rule, const source_config *source, cell value)
{
	int order = 0;
	switch (rule->compare) {
	case FILTER_MISSING: return cell_missing(source, value);
	case FILTER_PRESENT: return !cell_missing(source, value);
	case FILTER_EQUAL:
	case FILTER_IN: return any(rule, value, equal);
	case FILTER_NOT_EQUAL: return !any(rule, value, equal);
	case FILTER_STARTS: return any(rule, value, starts);
	default: break;
	}
	if (!rule->value.count || !compare(value, rule->value.item[0], &order))
		return false;
	switch (rule->compare) {
	case FILTER_LESS: return order < 0;
	case FILTER_LESS_EQUAL: return order <= 0;
	case FILTER_GREATER: return order > 0;
	default: return order >= 0;
	}
}

int filters_match(const filter_list *filters, const source_config *source, const columns *c, const record *row)
{
	for (size_t i = 0; i < filters->count; i++)
		if (c->filter[i].there && holds(&filters->item[i], source, columns_get(&c->filter[i], row)))
			return (int)i;
	return -1;
}
