/* lane.c - sums of gradients. Weights are dense; a table keeps the rows that were touched, so that its cost does not grow with the catalogue. */
#include <stdlib.h>
#include <string.h>

#include "seqrec/memory.h"
#include "tensor/front.h"

enum { DENSE_LIMIT = 1 << 20 }; /* elements: larger tables keep room for touched rows only */

/* The gradient of one parameter. `slot` is there for tables only. */
typedef struct {
	real *values;      /* dense: (rows, cols); else (capacity / cols, cols) by slot */
	bool dense;
	uint32_t *slot;    /* (rows): 0 = untouched, else its place in `values` + 1 */
	uint32_t *touched; /* the touched rows */
	bool sorted;
	size_t count, touched_capacity, capacity;
} gradient;

struct lane {
	const params *list;
	size_t count;
	gradient *gradients;
	double loss;
};

static void gradient_open(gradient *g, const param *p)
{
	size_t elements = p->rows * p->cols;
	bool table = p->kind == PARAM_TABLE;
	g->dense = !table || elements <= DENSE_LIMIT;
	g->slot = table ? xcalloc(p->rows, sizeof *g->slot) : NULL;
	if (!g->dense)
		return;
	g->capacity = elements;
	g->values = xaligned(elements, sizeof *g->values);
	memset(g->values, 0, elements * sizeof *g->values);
}

lane *lane_new(const params *list)
{
	lane *l = xcalloc(1, sizeof *l);
	l->list = list;
	l->count = params_count(list);
	l->gradients = xcalloc(l->count ? l->count : 1, sizeof *l->gradients);
	for (size_t i = 0; i < l->count; i++)
		gradient_open(&l->gradients[i], params_get(list, i));
	return l;
}

void lane_free(lane *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->count; i++) {
		free(l->gradients[i].values);
		free(l->gradients[i].slot);
		free(l->gradients[i].touched);
	}
	free(l->gradients);
	free(l);
}

static real *gradient_row(const gradient *g, const param *p, size_t row)
{
	return g->values + (g->dense ? row : g->slot[row] - 1) * p->cols;
}

void lane_clear(lane *l)
{
	for (size_t i = 0; i < l->count; i++) {
		gradient *g = &l->gradients[i];
		const param *p = params_get(l->list, i);
		if (!g->slot)
			memset(g->values, 0, p->rows * p->cols * sizeof *g->values);
		for (size_t k = 0; k < g->count; k++) {
			memset(gradient_row(g, p, g->touched[k]), 0, p->cols * sizeof *g->values);
			g->slot[g->touched[k]] = 0;
		}
		g->count = 0;
		g->sorted = true;
	}
	l->loss = 0;
}

/* Room for one more row behind the touched ones, zeroed. */
static void gradient_grow(gradient *g, const param *p)
{
	size_t had = g->capacity, need = (g->count + 1) * p->cols;
	if (g->dense || need <= had)
		return;
	g->values = xgrow(g->values, &g->capacity, need, sizeof *g->values);
	memset(g->values + had, 0, (g->capacity - had) * sizeof *g->values);
}

real *lane_touch(lane *l, const param *p, size_t row)
{
	gradient *g = &l->gradients[p->number];
	if (g->slot && !g->slot[row]) {
		gradient_grow(g, p);
		g->touched = xgrow(g->touched, &g->touched_capacity, g->count + 1, sizeof *g->touched);
		g->sorted = g->count == 0 || (g->sorted && g->touched[g->count - 1] < row);
		g->touched[g->count++] = (uint32_t)row;
		g->slot[row] = (uint32_t)g->count;
	}
	return gradient_row(g, p, row);
}

static void floats_add(real *restrict to, const real *restrict from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		to[i] += from[i];
}

void lane_add(lane *into, const lane *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const gradient *g = &from->gradients[i];
		const param *p = params_get(from->list, i);
		if (!g->slot)
			floats_add(into->gradients[i].values, g->values, p->rows * p->cols);
		for (size_t k = 0; k < g->count; k++)
			floats_add(lane_touch(into, p, g->touched[k]), gradient_row(g, p, g->touched[k]), p->cols);
	}
	into->loss += from->loss;
}

/* A table that is asked for as a whole becomes dense for the rest of the lane's life. */
static void gradient_spread(gradient *g, const param *p)
{
	real *values = xaligned(p->rows * p->cols, sizeof *values);
	memset(values, 0, p->rows * p->cols * sizeof *values);
	for (size_t k = 0; k < g->count; k++)
		memcpy(values + g->touched[k] * p->cols, gradient_row(g, p, g->touched[k]), p->cols * sizeof *values);
	free(g->values);
	g->values = values;
	g->capacity = p->rows * p->cols;
	g->dense = true;
}

real *lane_gradient(lane *l, const param *p)
{
	gradient *g = &l->gradients[p->number];
	if (!g->dense)
		gradient_spread(g, p);
	return g->values;
}

real *lane_whole(lane *l, const param *p)
{
	real *values = lane_gradient(l, p);
	for (size_t row = 0; l->gradients[p->number].slot && row < p->rows; row++)
		lane_touch(l, p, row);
	return values;
}

real *lane_row(lane *l, const param *p, size_t row)
{
	gradient *g = &l->gradients[p->number];
	return g->slot && !g->slot[row] ? NULL : gradient_row(g, p, row);
}

static int row_order(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* Many of a table's rows are found faster than sorted. */
static void touched_sort(gradient *g, const param *p)
{
	enum { FEW = 64 };
	size_t count = 0;
	if (g->count < p->rows / FEW)
		qsort(g->touched, g->count, sizeof *g->touched, row_order);
	else
		for (size_t row = 0; row < p->rows; row++)
			if (g->slot[row])
				g->touched[count++] = (uint32_t)row;
}

size_t lane_touched(lane *l, const param *p, const uint32_t **rows)
{
	gradient *g = &l->gradients[p->number];
	*rows = g->touched;
	if (!g->slot)
		return p->rows;
	if (!g->sorted)
		touched_sort(g, p);
	g->sorted = true;
	return g->count;
}

double lane_loss(const lane *l)
{
	return l->loss;
}

void lane_loss_add(lane *l, double loss)
{
	l->loss += loss;
}
