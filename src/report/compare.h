#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H
/* compare.h - the rows of two runs side by side. */

#include "seqrec/compare.h"

#include "report/curve.h"

#include "seqrec/npy.h"

/* Where a run keeps its report, and (task.kind both) that of its second head. */
extern const char compared_report[], compared_ranking[];

/* A run's evaluated test rows, in ascending order of key. */
typedef struct {
	size_t rows, classes; /* classes 0: a ranking */
	uint64_t *key, *user, *label;
	double *score;        /* (rows, classes), or NULL */
	uint32_t *rank;       /* (rows), or NULL */
	double threshold;
} compared_run;

/* Whether the run has evaluated rows there. */
bool compared_has(const char *folder, const char *report);
bool compared_load(compared_run *r, const char *folder, const char *report, sr_error *err);
void compared_free(compared_run *r);
/* SR_DATA with how they differ. */
bool compared_match(const compared_run *a, const compared_run *b, const char *a_name, const char *b_name, sr_error *err);

/* Adds rows to a pair; unit_of: (rows) users numbered 0 .. units-1; second: of a second head, whose keys begin with "next_item.". */
void compare_metrics(comparison_pair *pair, const compared_run *a, const compared_run *b, bool second, const uint32_t *unit_of, size_t units, const comparison_how *how);

/* Smaller p first is compared with the strictest level: p_(i) times (n - i), never falling (Holm 1979). */
void holm_adjust(double *p, size_t count, double *adjusted);
#endif
