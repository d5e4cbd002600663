#ifndef REPORT_SLICES_H
#define REPORT_SLICES_H
/* slices.h - the headline metrics of groups of rows, with intervals; small groups are marked. */

#include "report/curve.h"

#include "seqrec/report.h"
#include "seqrec/text.h"

enum { SLICE_SMALL = 100, SLICE_METRICS = 2 }; /* fewer rows (or ten positives) say little */

typedef struct {
	const page_slicing *of;
	size_t value;            /* of of->value */
	uint64_t rows, positives;
	bool small;
	metric metric[SLICE_METRICS];
	interval interval[SLICE_METRICS];
} slice;

typedef struct {
	slice *item;
	size_t count;
	const char *key[SLICE_METRICS], *title[SLICE_METRICS];
	bool positives;          /* whether they are counted */
} slices;

/* Of the rows of `s` (classes): ROC AUC and average precision. Of ranks: hr@10 and ndcg@10. */
slices slices_of_classes(const report_page *page, const scored *s, const bootstrap *how);
slices slices_of_ranks(const report_page *page, const uint32_t *rank, const uint32_t *group, size_t rows, const bootstrap *how);
void slices_free(slices *s);

void slices_text(const slices *s, text *t);
void slices_markdown(const slices *s, text *t);
void slices_json(const slices *s, text *t); /* "slices":[...] */
void slices_html(const slices *s, text *t);
#endif
