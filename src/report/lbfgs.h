#ifndef REPORT_LBFGS_H
#define REPORT_LBFGS_H
/* lbfgs.h - minimising a smooth convex function of many variables. */

#include <stddef.h>

/* The value at x (size variables); writes the gradient. */
typedef double lbfgs_function(void *context, const double *x, double *gradient);

typedef struct {
	lbfgs_function *function;
	void *context;
	size_t size;
	const double *curvature; /* (size), > 0: about the diagonal of the second derivative; scales the variables */
	double tolerance;        /* stop when no |gradient| is larger */
	size_t most_steps;
} lbfgs_problem;

typedef struct {
	double value, gradient; /* reached; gradient: the largest absolute one */
	size_t steps;
} lbfgs_result;

/* Starts at x and leaves the minimum there. Deterministic. */
lbfgs_result lbfgs_minimise(const lbfgs_problem *problem, double *x);
#endif
