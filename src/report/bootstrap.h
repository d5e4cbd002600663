#ifndef REPORT_BOOTSTRAP_H
#define REPORT_BOOTSTRAP_H
/* bootstrap.h - resamples of units (rows, or the rows of one user together) and the intervals made of them. */

#include "seqrec/metrics.h"

/* A metric when unit u counts weight[u] times; weight NULL: once each. Called by several threads at once. */
typedef metric resampled(const void *context, const double *weight);

/* Numbers the groups 0..n-1 in ascending order of group, a unit for each row into unit_of; returns n. */
size_t units_make(const uint32_t *group, size_t rows, uint32_t *unit_of);

/* One value for each of how->resamples draws of `units` units with replacement: draw r is a function of (seed, r) alone. NaN where not defined. New. */
double *bootstrap_values(const void *context, resampled *of, size_t units, const bootstrap *how);

/* influence: (units) how fast the metric grows with a unit's weight at 1 each; BCa's acceleration and the infinitesimal jackknife come from it. */
interval bootstrap_interval(const void *context, resampled *of, const double *influence, size_t units, size_t rows, const bootstrap *how);
#endif
