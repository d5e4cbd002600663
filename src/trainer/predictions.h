#ifndef SEQREC_TRAINER_PREDICTIONS_H
#define SEQREC_TRAINER_PREDICTIONS_H
/* predictions.h - scored samples as lines of text, with the ids as they came. */

#include "dataset.h"
#include "more_thresholds.h"
#include "redis.h"

#include "seqrec/file.h"
#include "seqrec/text.h"
#include "seqrec/trainer.h"

typedef struct {
	const config *c;
	const dataset *d;
	const uint32_t *row;       /* (rows) samples */
	size_t rows;
	const double *probability; /* (rows, C) */
	double threshold;
	more_thresholds more;      /* two classes: a further decision by each */
	const redis_keys *redis;   /* PREDICTIONS_REDIS */
} prediction_rows;

/* path "-": standard output. */
bool predictions_write(const prediction_rows *p, const char *path, predictions_format format, sr_error *err);

/* A CSV cell, quoted where it has to be; and a line to a file or (NULL) to standard output. */
void predictions_cell(text *out, const char *value);
/* A TSV value: TAB, line ends and backslashes as \t, \n, \r and \\. */
void predictions_plain(text *out, const char *value);
bool predictions_put(durable *file, const text *line, sr_error *err);

/* The sample's id: its user, and the item behind a TAB where there is one; the row's number where there is no user. New. */
char *sample_id(const dataset *d, const sample *one);

#endif
