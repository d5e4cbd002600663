#ifndef SEQREC_TRAINER_RUN_TENSORBOARD_H
#define SEQREC_TRAINER_RUN_TENSORBOARD_H
/* run_tensorboard.h - a run's curves for TensorBoard. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/error.h"
#include "seqrec/text.h"

/* Makes RUN/tensorboard/ from log.jsonl and metrics.jsonl, in place of what was there. Several folds or members each get a folder. */
bool tensorboard_write(const char *run, sr_error *err);

/* A frame of a TFRecord file, and the frame of one scalar. */
void tensorboard_record(text *out, const char *bytes, size_t length);
void tensorboard_scalar(text *out, double clock, int64_t step, const char *tag, float value);

#endif
