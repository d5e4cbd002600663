#ifndef REPORT_RANKED_H
#define REPORT_RANKED_H
/* ranked.h - what the forms of a ranking's report share. */

#include "report/curve.h"
#include "report/slices.h"

#include "seqrec/report.h"
#include "seqrec/text.h"

enum { RANKED_SHOWN = 8, RANKED_HEADLINES = 2, LIST_LENGTH = 10 };

size_t ranked_test(const ranked_report *r);                   /* the headline's split */
metric ranked_at(const ranked_report *r, size_t entry, size_t split, bool ndcg, uint32_t k);
/* The columns of the tables for people: name and value, or false behind the last. */
bool ranked_column(const ranked_report *r, size_t entry, size_t split, size_t column, const char **name, metric *value);
/* hr@10 and ndcg@10 with the model's intervals, and the lead over a floor in words. */
interval ranked_headline(const ranked_report *r, size_t which, const char **name, metric *value);
void ranked_verdict(const ranked_report *r, size_t entry, text *t);
/* "test: 300 targets, each ranked among 1,200 items; 3 targets are items that training never saw (no hits, but counted)" */
void ranked_sizes(const ranked_report *r, text *t);
slices ranked_slices(const ranked_report *r);

/* How the recommended lists, cut at LIST_LENGTH, use the catalogue. Undefined without lists. */
typedef struct {
	metric coverage; /* share of the catalogue that is recommended to somebody */
	metric gini;     /* of how often each item is recommended: 0 all alike, 1 one item only */
	metric novelty;  /* mean of -log2 of the recommended items' share of training events, in bits */
} list_metrics;
list_metrics ranked_lists(const ranked_report *r);

void ranked_json_more(const ranked_report *r, text *t); /* lists, curves, slices, data page */
#endif
