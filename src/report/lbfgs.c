/* lbfgs.c - limited-memory BFGS with backtracking: Nocedal & Wright, "Numerical Optimization", 2nd ed., algorithms 7.4, 7.5 and 3.1. */

#include "report/lbfgs.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 20 };

typedef struct {
	const lbfgs_problem *problem;
	double *x, *gradient, *direction, *next_x, *next_gradient;
	double *s, *y;             /* (MEMORY, size) rings: steps and changes of the gradient */
	double rho[MEMORY];        /* 1 / (s . y) */
	size_t kept, steps;
	double value;
} search;

static double dot(const double *a, const double *b, size_t n)
{
	double part[4] = { 0, 0, 0, 0 };
	size_t i = 0;
	for (; i + 4 <= n; i += 4)
		for (size_t k = 0; k < 4; k++)
			part[k] += a[i + k] * b[i + k];
	for (; i < n; i++)
		part[0] += a[i] * b[i];
	return (part[0] + part[1]) + (part[2] + part[3]);
}

static void add_scaled(double *to, double factor, const double *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] += factor * from[i];
}

static double largest(const double *x, size_t n)
{
	double most = 0;
	for (size_t i = 0; i < n; i++)
		most = fabs(x[i]) > most ? fabs(x[i]) : most;
	return most;
}

/* The j-th newest pair's place in the ring. */
static size_t ring(const search *s, size_t j)
{
	return (s->kept - 1 - j) % MEMORY;
}

/* The initial inverse Hessian: the inverse of the curvature given, scaled to fit the newest pair. */
static void apply_curvature(search *s, double *q)
{
	const lbfgs_problem *p = s->problem;
	double scale = 1;
	if (s->kept) {
		const double *y = s->y + ring(s, 0) * p->size;
		double yy = 0;
		for (size_t i = 0; i < p->size; i++)
			yy += y[i] * y[i] / p->curvature[i];
		scale = 1 / (s->rho[ring(s, 0)] * yy);
	}
	for (size_t i = 0; i < p->size; i++)
		q[i] *= scale / p->curvature[i];
}

/* Algorithm 7.4: the two loops. direction = -H gradient */
static void direction_set(search *s)
{
	size_t n = s->problem->size, pairs = s->kept < MEMORY ? s->kept : MEMORY;
	double alpha[MEMORY] = { 0 };
	for (size_t i = 0; i < n; i++)
		s->direction[i] = -s->gradient[i];
	for (size_t j = 0; j < pairs; j++) {
		size_t r = ring(s, j);
		alpha[j] = s->rho[r] * dot(s->s + r * n, s->direction, n);
		add_scaled(s->direction, -alpha[j], s->y + r * n, n);
	}
	apply_curvature(s, s->direction);
	for (size_t j = pairs; j-- > 0;) {
		size_t r = ring(s, j);
		double beta = s->rho[r] * dot(s->y + r * n, s->direction, n);
		add_scaled(s->direction, alpha[j] - beta, s->s + r * n, n);
	}
}

/* Keeps the pair when the curvature along it is positive, as it is for a convex function but for rounding. */
static void pair_keep(search *s)
{
	size_t n = s->problem->size, r = s->kept % MEMORY;
	double *step = s->s + r * n, *change = s->y + r * n;
	for (size_t i = 0; i < n; i++) {
		step[i] = s->next_x[i] - s->x[i];
		change[i] = s->next_gradient[i] - s->gradient[i];
	}
	double sy = dot(step, change, n);
	if (!(sy > 1e-14 * sqrt(dot(step, step, n) * dot(change, change, n))))
		return;
	s->rho[r] = 1 / sy;
	s->kept++;
}

/* Halves the step until the value falls enough (Armijo). False when it cannot fall any more: the minimum, as far as doubles can tell. */
static bool step_take(search *s)
{
	size_t n = s->problem->size;
	double slope = dot(s->direction, s->gradient, n), step = 1;
	if (!(slope < 0))
		return false;
	for (int tries = 0; tries < 40; tries++, step /= 2) {
		memcpy(s->next_x, s->x, n * sizeof *s->x);
		add_scaled(s->next_x, step, s->direction, n);
		double value = s->problem->function(s->problem->context, s->next_x, s->next_gradient);
		if (!(value <= s->value + 1e-4 * step * slope))
			continue;
		pair_keep(s);
		memcpy(s->x, s->next_x, n * sizeof *s->x);
		memcpy(s->gradient, s->next_gradient, n * sizeof *s->gradient);
		s->value = value;
		s->steps++;
		return true;
	}
	return false;
}

lbfgs_result lbfgs_minimise(const lbfgs_problem *problem, double *x)
{
	size_t n = problem->size;
	double *room = xcalloc(n * (4 + 2 * MEMORY) + 1, sizeof *room);
	search s = { .problem = problem, .x = x, .gradient = room, .direction = room + n, .next_x = room + 2 * n, .next_gradient = room + 3 * n };
	s.s = room + 4 * n;
	s.y = s.s + MEMORY * n;
	s.value = problem->function(problem->context, x, s.gradient);
	while (largest(s.gradient, n) > problem->tolerance && s.steps < problem->most_steps) {
		direction_set(&s);
		if (step_take(&s))
			continue;
		if (!s.kept)
			break;
		s.kept = 0; /* once more from the plain gradient */
	}
	lbfgs_result result = { s.value, largest(s.gradient, n), s.steps };
	free(room);
	return result;
}
