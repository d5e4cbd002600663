#ifndef SEQREC_TRAINER_ONNX_GRAPH_H
#define SEQREC_TRAINER_ONNX_GRAPH_H
/* onnx_graph.h - a trained model as an ONNX graph over one sequence of at least one event. */

#include "onnx_file.h"

#include "seqrec/config.h"
#include "seqrec/pack.h"

/* Why the model has no graph, or NULL. */
const char *onnx_refusal(const model_settings *settings, const input_shape *shape);

/* Adds inputs, nodes and the output: "probability" (1, classes), logits lowered by shift; of next items, (rows, width), "score"
 * (1, rows); of task.kind both these two, the score first. */
void onnx_model(onnx_graph *g, const model_settings *settings, const input_shape *shape, const params *list, const double *shift, const float *items, size_t rows);

/* Names of inputs: "event:item", "sample:user city". New. */
char *onnx_input_name(const char *level, const char *feature);

/* ---- onnx_encoder.c ---- */
const param *onnx_find(const params *list, const char *format, size_t number);
onnx_value onnx_linear(onnx_graph *g, onnx_value x, const param *w, const param *bias /* or NULL */);
onnx_value onnx_norm(onnx_graph *g, onnx_value x, const param *gain, const param *bias);
/* (queries, D), (T, D), (T, D) -> (queries, D), by heads. */
onnx_value onnx_attend(onnx_graph *g, onnx_value query, onnx_value key, onnx_value value, size_t width, size_t heads, bool causal);
onnx_value onnx_encode(onnx_graph *g, const model_settings *settings, const params *list, onnx_value x, bool causal); /* (T, D) -> (T, D) */

#endif
