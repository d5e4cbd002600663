#ifndef SEQREC_TRAINER_SCORED_ROWS_H
#define SEQREC_TRAINER_SCORED_ROWS_H
/* scored_rows.h - what a run keeps of each evaluated row, so that runs can be compared and thresholds chosen later: report/rows/PART.*.npy. */

#include "dataset.h"

/* Into FOLDER/rows: PART.key.npy (u64: hash of user, item, time and row), PART.user.npy (u64), PART.label.npy (u64: the class, or the hash of the target's id),
 * and PART.score.npy (f64, rows by classes) or PART.rank.npy (u32). Exactly one of score and rank is given. */
bool scored_rows_write(const dataset *d, const char *folder, const char *part, const uint32_t *row, size_t rows, const double *score, const uint32_t *rank, sr_error *err);

#endif
