#ifndef SEQREC_COMPARE_H
#define SEQREC_COMPARE_H
/* compare.h - is one run better than another on the same rows? From what runs keep of their evaluated rows (report/rows), without their models. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/config.h"
#include "seqrec/error.h"
#include "seqrec/metrics.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { COMPARED_METRICS = 10 }; /* of two heads five each */

typedef struct {
	const char *key, *title;
	bool lower_is_better;
	metric a, b;
	double difference;  /* b - a */
	interval between;   /* of the difference, paired bootstrap over users */
	double p, adjusted; /* two-sided; after Holm's correction over all metrics and runs */
	bool normal;        /* p: of the normal distribution with the jackknife's standard error; else of a permutation test */
} comparison_row;

/* Run A against one other run. */
typedef struct {
	char *name;
	comparison_row row[COMPARED_METRICS];
	size_t rows;
} comparison_pair;

typedef struct {
	char *base; /* A's name */
	comparison_pair *pair;
	size_t pairs, rows, users, resamples;
	size_t ranked_rows, ranked_users; /* of the second head of runs of task.kind both; 0: not compared */
} comparison;

typedef struct {
	size_t resamples; /* and permutations */
	uint64_t seed;
	thread_pool *pool;
} comparison_how;

/* folder[0] is A. Of runs of task.kind both the next items are compared too, under keys such as "next_item.ndcg@10". SR_DATA when test rows or labels differ: says how many and in which. NULL on error. */
comparison *compare_runs(const char *const *folder, size_t count, const comparison_how *how, sr_error *err);
void comparison_free(comparison *c); /* NULL ok */
char *comparison_text(const comparison *c); /* new, as all three */
char *comparison_json(const comparison *c);
char *comparison_html(const comparison *c);

/* "roc_auc>=-0.005, log_loss.high<=0": of B minus A (every B), or of a run's report.json. Each part is METRIC (task.kind both: next_item.METRIC of the second head) or METRIC.low or METRIC.high (the interval's ends),
 * then >=, <=, > or <, then a number. SR_GATE with what was found when one does not hold, SR_CONFIG when it cannot be read. */
bool gate_comparison(const comparison *c, const char *requirements, sr_error *err);
bool gate_report(const char *report_json_path, const char *requirements, sr_error *err);

#ifdef __cplusplus
}
#endif
#endif
