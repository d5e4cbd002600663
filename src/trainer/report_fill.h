#ifndef SEQREC_TRAINER_REPORT_FILL_H
#define SEQREC_TRAINER_REPORT_FILL_H
/* report_fill.h - a report's data page, learning curves, slices and commands, from store, samples and run directory. */

#include "items.h"

#include "seqrec/report_page.h"

/* row: (rows) the samples of the headline's part; lists: of a ranking, else NULL. `folder`: where the report goes, inside the run directory. */
bool report_fill(report_page *page, const config *c, const dataset *d, const char *folder, const uint32_t *row, size_t rows, const item_lists *lists, double unknown_share, sr_error *err);

/* ---- slicing.c ---- */
void slicings_fill(report_page *page, const config *c, const dataset *d, const uint32_t *row, size_t rows, const item_lists *lists);

#endif
