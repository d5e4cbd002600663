#ifndef SEQREC_TENSOR_CASES_H
#define SEQREC_TENSOR_CASES_H
/* cases.h - every operation and loss as a small computation, for whoever compares gradients: finite differences in f64, or the two backends. */

#include "seqrec/tensor.h"

typedef struct {
	const char *name;
	void (*parameters)(params *list);
	tensor *(*forward)(runtime *rt, const params *list); /* adds the case's losses; returns a result to compare, or NULL */
} tensor_case;

extern const tensor_case tensor_cases[];
extern const size_t tensor_case_count;

/* The case's parameters, filled with values a case may differentiate at. */
params *case_parameters(const tensor_case *c);

#endif
