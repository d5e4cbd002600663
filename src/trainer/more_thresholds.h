#ifndef SEQREC_TRAINER_MORE_THRESHOLDS_H
#define SEQREC_TRAINER_MORE_THRESHOLDS_H
/* more_thresholds.h - further thresholds that predictions are decided by. */

#include "seqrec/error.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct {
	char *name; /* as it was asked for: "0.2", "cost:1:5" */
	double value;
} named_threshold;

typedef struct {
	named_threshold *item;
	size_t count;
} more_thresholds;

/* list: words with commas between, or NULL. Rules are applied to the validation rows of `run`. */
bool more_thresholds_read(more_thresholds *m, const char *list, const char *run, size_t classes, sr_error *err);
void more_thresholds_free(more_thresholds *m);

#endif
