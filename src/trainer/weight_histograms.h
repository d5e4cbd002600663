#ifndef SEQREC_TRAINER_WEIGHT_HISTOGRAMS_H
#define SEQREC_TRAINER_WEIGHT_HISTOGRAMS_H
/* weight_histograms.h - how the weights of a model are spread after an epoch: kept in metrics.jsonl, so that a stopped training keeps them, and shown by TensorBoard. */

#include "seqrec/json.h"
#include "seqrec/tensor.h"
#include "seqrec/text.h"

/* Adds ,"weights":{"head":{"min":..,"max":..,"num":..,"sum":..,"sum_squares":..,"bucket":[..]},...}: buckets of equal width from min to max. */
void weight_histograms_add(text *line, const params *list);

/* One of them as the fields of TensorBoard's HistogramProto. False: it is none. */
bool weight_histogram_proto(text *proto, const cJSON *histogram);
#endif
