#ifndef SEQREC_TRAINER_REPORT_DATA_H
#define SEQREC_TRAINER_REPORT_DATA_H
/* report_data.h - what every report says of its data and its run, whatever the task. */

#include "dataset.h"

typedef struct {
	char *data_text, *data_json; /* conservation and split, for people and as a JSON object */
	char *run_json;              /* version, settings, data, seed, size */
} report_data;

/* `loss`: how the model was trained, or NULL where there is one way only. */
report_data report_data_new(const config *c, const dataset *d, size_t parameters, const char *loss);
void report_data_free(report_data *data);

/* Rows of one user are resampled together: the user of each sample, or the sample itself where it has none. New array. */
uint32_t *report_groups(const samples *all, const uint32_t *row, size_t rows);

#endif
