/* params.c - the named list of parameters and their initial values. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seqrec/hash.h"
#include "seqrec/memory.h"
#include "seqrec/random.h"
#include "seqrec/text.h"
#include "tensor/front.h"

struct params {
	param **items;
	size_t count, capacity;
};

params *params_new(void)
{
	return xcalloc(1, sizeof(params));
}

void params_free(params *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i]->name);
		free(list->items[i]->value);
		free(list->items[i]);
	}
	free(list->items);
	free(list);
}

param *param_new(params *list, param_kind kind, size_t rows, size_t cols, param_init init, double scale, const char *name, ...)
{
	char written[256];
	va_list arguments;
	va_start(arguments, name);
	vsnprintf(written, sizeof written, name, arguments);
	va_end(arguments);
	param *p = xcalloc(1, sizeof *p);
	*p = (param){ .name = xstrdup(written), .kind = kind, .rows = rows, .cols = cols, .init = init, .scale = scale, .number = list->count };
	p->value = xaligned(rows * cols, sizeof *p->value);
	memset(p->value, 0, rows * cols * sizeof *p->value);
	list->items = xgrow(list->items, &list->capacity, list->count + 1, sizeof *list->items);
	return list->items[list->count++] = p;
}

size_t params_count(const params *list)
{
	return list->count;
}

param *params_get(const params *list, size_t number)
{
	return number < list->count ? list->items[number] : NULL;
}

param *params_find(const params *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i]->name, name) == 0)
			return list->items[i];
	return NULL;
}

static void param_initialise(param *p, uint64_t seed)
{
	uint64_t name = hash_bytes(p->name, strlen(p->name));
	double reach = sqrt(6.0 / (double)(p->rows + p->cols)); /* Glorot & Bengio 2010, equation 16 */
	for (size_t i = 0; i < p->rows * p->cols; i++) {
		switch (p->init) {
		case INIT_ZERO: p->value[i] = 0; break;
		case INIT_ONE: p->value[i] = 1; break;
		case INIT_NORMAL: p->value[i] = (real)(p->scale * random_normal(seed, RANDOM_INIT, name, (uint32_t)i)); break;
		case INIT_XAVIER: p->value[i] = (real)(reach * (2 * random_uniform(seed, RANDOM_INIT, name, (uint32_t)i) - 1)); break;
		}
	}
}

void params_initialise(params *list, uint64_t seed)
{
	for (size_t i = 0; i < list->count; i++)
		param_initialise(list->items[i], seed);
}
