#ifndef SEQREC_REPORT_H
#define SEQREC_REPORT_H
/* report.h - a run's evaluation written for people and programs: report.txt, report.json, report.md, report.html. Plain arrays in, files out; the numbers come from metrics.h. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/error.h"
#include "seqrec/report_page.h"
#include "seqrec/thread.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Scored rows of one split: row i has class probabilities score[i*classes ...] and true class label[i]. */
typedef struct {
	const char *name;        /* "validation", "test" */
	size_t rows, classes;
	const double *score;     /* (rows, classes), each row sums to 1 */
	const uint32_t *label;   /* (rows) */
	const uint32_t *group;   /* (rows) or NULL: rows of one user are resampled together in intervals */
} scored;

/* A model and its floors on the same rows. */
typedef struct {
	const char *name;        /* "model", "majority", "logistic" */
	const scored *split;     /* (split_count), the same names and rows in every entry */
	size_t split_count;
	double threshold;        /* two classes: class 1 is predicted when its probability is >= threshold */
} report_entry;

typedef struct {
	const char *title;
	const char *task;              /* in words, for the header */
	const char *const *class_name; /* (classes) */
	size_t classes;
	const report_entry *entry;     /* entry[0] is the model */
	size_t entry_count;
	const char *threshold_rule;    /* "f1 on validation" */
	const char *data_json;         /* a JSON object: conservation and split */
	const char *data_text;         /* the same for people */
	const char *run_json;          /* a JSON object: config hash, seed, times, ... */
	const char *const *note;       /* sentences a reader must know (censored samples, unknown items, ...) */
	size_t note_count;
	int digits;
	size_t resamples;              /* of the bootstrap intervals; 0 = none */
	uint64_t seed;
	const report_page *page;       /* or NULL */
	int interval;                  /* interval_kind of metrics.h */
	thread_pool *pool;             /* NULL: one thread; the numbers are the same */
} report;

/* Writes report.txt, report.json, report.md and report.html into `folder`, each durably. */
bool report_write(const report *r, const char *folder, sr_error *err);
/* The text of report.txt. New; the caller frees. */
char *report_text(const report *r);
/* The text of report.json. New; the caller frees. */
char *report_json(const report *r);
char *report_markdown(const report *r);
char *report_html(const report *r);

/* ---- rankings ---- */

/* Rows of one split: each has one target. */
typedef struct {
	const char *name;       /* "validation", "test" */
	size_t rows;
	const uint32_t *group;  /* (rows): rows of one user are resampled together */
	size_t unknown;         /* targets that the model cannot name: no hit for anybody, counted in every denominator */
} ranked_split;

typedef struct {
	const char *name;             /* "model", "popularity", "Markov chain", ... */
	const uint32_t *const *rank;  /* (split_count) of (rows): the target's place, from 1 */
} ranked_entry;

typedef struct {
	const char *title, *task;     /* task: in words */
	const char *protocol;         /* what is ranked, ties, seen items */
	const ranked_split *split;
	size_t split_count;
	const ranked_entry *entry;    /* entry[0] is the model */
	size_t entry_count;
	size_t items;
	const char *data_json, *data_text, *run_json;
	const char *const *note;
	size_t note_count;
	size_t resamples;
	uint64_t seed;
	const report_page *page;      /* or NULL */
	int interval;                 /* interval_kind */
	thread_pool *pool;            /* or NULL */
	/* What the model recommends for the rows of the test split, best first, for coverage and novelty; NULL: they are left out. */
	const uint32_t *list;         /* (rows, list_most) rows of `sold`; below list_first: no more */
	size_t list_most;
	uint32_t list_first;
	const uint32_t *sold;         /* (list_first + items) how often training has each item */
} ranked_report;

/* report.txt, report.json, report.md and report.html of a ranking. */
bool ranked_report_write(const ranked_report *r, const char *folder, sr_error *err);
char *ranked_report_text(const ranked_report *r); /* new */
char *ranked_report_json(const ranked_report *r); /* new */
char *ranked_report_markdown(const ranked_report *r); /* new */
char *ranked_report_html(const ranked_report *r); /* new */

#ifdef __cplusplus
}
#endif
#endif
