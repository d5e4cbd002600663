/* compare.c - runs against a first one: paired bootstrap intervals, permutation tests, Holm's correction (Holm 1979). */

#include "report/compare.h"

#include "report/bootstrap.h"

#include "seqrec/file.h"
#include "seqrec/memory.h"

#include <stdlib.h>
#include <string.h>

static int by_p(const void *left, const void *right)
{
	const double *const *a = left, *const *b = right;
	return **a < **b ? -1 : **a > **b ? 1 : *a < *b ? -1 : *a > *b;
}

void holm_adjust(double *p, size_t count, double *adjusted)
{
	const double **order = xcalloc(count + 1, sizeof *order);
	double before = 0;
	for (size_t i = 0; i < count; i++)
		order[i] = &p[i];
	qsort(order, count, sizeof *order, by_p);
	for (size_t i = 0; i < count; i++) {
		double value = *order[i] * (double)(count - i);
		before = value > before ? value : before;
		adjusted[order[i] - p] = before < 1 ? before : 1;
	}
	free(order);
}

/* Over the metrics of all pairs together. */
static void adjust_all(comparison *c)
{
	double *p = xcalloc(c->pairs * COMPARED_METRICS + 1, sizeof *p), *adjusted = xcalloc(c->pairs * COMPARED_METRICS + 1, sizeof *adjusted);
	size_t count = 0;
	for (size_t i = 0; i < c->pairs; i++)
		for (size_t m = 0; m < c->pair[i].rows; m++)
			p[count++] = c->pair[i].row[m].p;
	holm_adjust(p, count, adjusted);
	count = 0;
	for (size_t i = 0; i < c->pairs; i++)
		for (size_t m = 0; m < c->pair[i].rows; m++)
			c->pair[i].row[m].adjusted = adjusted[count++];
	free(p);
	free(adjusted);
}

static int by_value(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;
	return *a < *b ? -1 : *a > *b;
}

/* Users as numbers 0 .. units-1, in ascending order of their hashes. */
static size_t number_users(const uint64_t *user, size_t rows, uint32_t *unit_of)
{
	uint64_t *sorted = xmemdup(user, rows * sizeof *user);
	size_t units = 0;
	qsort(sorted, rows, sizeof *sorted, by_value);
	for (size_t i = 0; i < rows; i++)
		if (!i || sorted[i] != sorted[units - 1])
			sorted[units++] = sorted[i];
	for (size_t i = 0; i < rows; i++)
		unit_of[i] = (uint32_t)((const uint64_t *)bsearch(&user[i], sorted, units, sizeof *sorted, by_value) - sorted);
	free(sorted);
	return units;
}

/* One head of all runs: `second` adds to the pairs that the first has made. */
static bool compare_head(comparison *c, const char *const *folder, size_t count, bool second, const comparison_how *how, sr_error *err)
{
	compared_run a, b;
	const char *report = second ? compared_ranking : compared_report;
	bool done = compared_load(&a, folder[0], report, err);
	uint32_t *unit_of = xcalloc(a.rows + 1, sizeof *unit_of);
	size_t users = done ? number_users(a.user, a.rows, unit_of) : 0;
	*(second ? &c->ranked_rows : &c->rows) = a.rows;
	*(second ? &c->ranked_users : &c->users) = users;
	for (size_t i = 1; done && i < count; i++) {
		done = compared_load(&b, folder[i], report, err) && compared_match(&a, &b, folder[0], folder[i], err);
		if (done)
			compare_metrics(&c->pair[i - 1], &a, &b, second, unit_of, users, how);
		compared_free(&b);
	}
	compared_free(&a);
	free(unit_of);
	return done;
}

comparison *compare_runs(const char *const *folder, size_t count, const comparison_how *how, sr_error *err)
{
	comparison *c = xcalloc(1, sizeof *c);
	*c = (comparison){ .base = xstrdup(path_name(folder[0])), .pair = xcalloc(count, sizeof *c->pair), .pairs = count - 1, .resamples = how->resamples };
	bool second = true;
	for (size_t i = 0; i < count; i++)
		second = second && compared_has(folder[i], compared_ranking);
	for (size_t i = 1; i < count; i++)
		c->pair[i - 1].name = xstrdup(path_name(folder[i]));
	if (compare_head(c, folder, count, false, how, err) && (!second || compare_head(c, folder, count, true, how, err))) {
		adjust_all(c);
		return c;
	}
	comparison_free(c);
	return NULL;
}

void comparison_free(comparison *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->pairs; i++)
		free(c->pair[i].name);
	free(c->pair);
	free(c->base);
	free(c);
}
