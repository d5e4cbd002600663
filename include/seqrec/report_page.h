#ifndef SEQREC_REPORT_PAGE_H
#define SEQREC_REPORT_PAGE_H
/* report_page.h - what a report tells besides its metrics: what became of the data, how training went, groups of rows to look at apart, how to repeat the run. */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	char *name;
	uint64_t rows;
} page_count;

typedef struct {
	page_count *item;
	size_t count;
} page_counts;

/* read = used + filtered + bad. */
typedef struct {
	char *what; /* "events" */
	uint64_t read, used, filtered, bad;
	page_counts reason; /* "bad: no time" */
} page_source;

/* Counts by time: bucket b begins at first + b * step (microseconds UTC). */
typedef struct {
	int64_t first, step;
	size_t buckets;
	char **kind;     /* (kinds) */
	size_t kinds;
	uint64_t *count; /* (kinds, buckets) */
} page_times;

typedef struct {
	char *name;
	const char *of; /* "user" */
	uint64_t rows, missing;
} page_field;

/* One line of the learning curves: y after epoch x. */
typedef struct {
	char *name; /* "training loss" */
	double *x, *y;
	size_t count;
} page_series;

#define SLICE_NONE UINT32_MAX

/* Groups of the headline split's rows by one attribute. */
typedef struct {
	char *name;    /* "history length" */
	char **value;  /* (values) */
	size_t values;
	uint32_t *of;  /* (rows) the row's group, or SLICE_NONE */
} page_slicing;

typedef struct {
	page_source *source;
	size_t sources;
	page_times events;   /* by type */
	page_times labels;   /* kinds 0: rows, 1: positives, by their cut */
	page_counts lengths; /* histories by their number of events */
	page_field *field;
	size_t fields;
	double unknown_share; /* of the items in test histories */
	page_series *learning;
	size_t learnings;
	page_slicing *slicing;
	size_t slicings;
	char *config;   /* resolved, as JSON */
	char *commands; /* how to repeat the run, a line each */
} report_page;

void report_page_free(report_page *page); /* what it owns, not the page itself */

#ifdef __cplusplus
}
#endif
#endif
