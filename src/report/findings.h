#ifndef REPORT_FINDINGS_H
#define REPORT_FINDINGS_H
/* findings.h - everything a report says, computed once; text.c, json.c, markdown.c and html_classes.c only write it down. */

#include "report/points.h"
#include "report/slices.h"

#include "seqrec/metrics.h"
#include "seqrec/report.h"
#include "seqrec/text.h"

/* One score of the table: a metric of an evaluation with its names. */
typedef enum { SCORE_ROC_AUC, SCORE_AVERAGE_PRECISION, SCORE_LOG_LOSS, SCORE_BRIER, SCORE_ECE, SCORES } score_kind;

typedef struct {
	const char *key;   /* in report.json */
	const char *title; /* for people */
	double most;       /* values lie in [0, most] */
} score_name;
extern const score_name score_names[SCORES];

/* An entry on a split. */
typedef struct {
	const report_entry *entry;
	const scored *split;
	metric positives, threshold;
	metric score[SCORES];
	classification *decisions;
	interval roc_auc, average_precision; /* of the model only */
	metric ahead;                        /* floors: ROC AUC of the model minus this entry's */
	interval ahead_interval;
} finding;

typedef struct {
	const report *report;
	finding *of;       /* (entry_count, split_count) */
	size_t splits;
	char **class_name; /* (classes) without control bytes */
	/* Of the headline split. Two classes: by entry, of class 1; more: the model's, by class against the rest. NULL where there is no curve. */
	picture **picture; /* (pictures) */
	const char **picture_name;
	size_t pictures;
	slices slices;
	interval accuracy; /* of the model: exact, where rows are independent */
} findings;

enum { ECE_BINS = 15 };
#define INTERVAL_DRAWS 1e8 /* rows times resamples of an interval; more is left to the infinitesimal jackknife */
#define SLICE_DRAWS 1e7
#define INTERVAL_LEVEL .95

findings *findings_new(const report *r);
void findings_free(findings *f); /* NULL ok */
bool findings_check(const findings *f, sr_error *err); /* every metric's invariants: SR_INTERNAL when one is broken */

finding *findings_at(const findings *f, size_t entry, size_t split);
size_t findings_headline(const findings *f); /* the split named "test", else the last */
bool findings_grouped(const findings *f);    /* intervals are over users, not rows */

/* "The model beats the logistic floor: ROC AUC 0.0213 higher, 95 % interval 0.0101 to 0.0324." */
void findings_verdict(const finding *floor, text *t);

void findings_text(const findings *f, text *t);
void findings_json(const findings *f, text *t);
void findings_markdown(const findings *f, text *t);
void findings_html(const findings *f, text *t);
void html_decisions(const findings *f, const finding *one, text *t);
#endif
