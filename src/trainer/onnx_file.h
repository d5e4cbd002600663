#ifndef SEQREC_TRAINER_ONNX_FILE_H
#define SEQREC_TRAINER_ONNX_FILE_H
/* onnx_file.h - an ONNX graph being built: nodes are added in order, values are called by names that the graph owns. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/config.h"
#include "seqrec/error.h"
#include "seqrec/memory.h"
#include "seqrec/tensor.h"
#include "seqrec/text.h"

typedef struct {
	text nodes, weights, inputs, outputs; /* serialized fields of GraphProto */
	strings names_of_weights;             /* those that are there */
	arena *names;
	size_t values;                        /* numbered names given out */
} onnx_graph;

typedef const char *onnx_value;

void onnx_open(onnx_graph *g);
void onnx_close(onnx_graph *g);
bool onnx_save(const onnx_graph *g, const char *path, sr_error *err);

/* A graph's input or output; a dimension below 0 is dynamic and called `free_dimension`. */
onnx_value onnx_input(onnx_graph *g, const char *name, bool whole /* int64, else f32 */, const int64_t *dimension, size_t dimensions, const char *free_dimension);
void onnx_output(onnx_graph *g, onnx_value value, const char *name, const int64_t *dimension, size_t dimensions);

/* Constants; the second of one name is the first. */
onnx_value onnx_floats(onnx_graph *g, const char *name, const float *value, const int64_t *dimension, size_t dimensions);
onnx_value onnx_whole(onnx_graph *g, const int64_t *value, size_t count /* 0: a scalar */);
onnx_value onnx_number(onnx_graph *g, float value);
onnx_value onnx_param(onnx_graph *g, const param *p); /* (rows, cols); one row: (cols) */

/* Attributes of a node, as a list that ends with a name of NULL. */
typedef struct {
	const char *name;
	int64_t whole[3];
	size_t count;      /* of whole: 0 = `real`, 1 = an integer, more = a list */
	float real;
	bool list;         /* a list of one */
} onnx_attribute;

/* A node of one output. */
onnx_value onnx_node(onnx_graph *g, const char *op, const onnx_value *input, size_t inputs, const onnx_attribute *attribute);
/* One of several equal parts along the last axis, and the sugar of one and two inputs. */
void onnx_split(onnx_graph *g, onnx_value x, size_t parts, onnx_value *out);
onnx_value onnx_1(onnx_graph *g, const char *op, onnx_value a);
onnx_value onnx_2(onnx_graph *g, const char *op, onnx_value a, onnx_value b);
onnx_value onnx_reshape(onnx_graph *g, onnx_value x, int64_t a, int64_t b, int64_t c /* 0: two dimensions */);
onnx_value onnx_transpose(onnx_graph *g, onnx_value x, int64_t a, int64_t b, int64_t c);
onnx_value onnx_rename(onnx_graph *g, onnx_value x, const char *name);

#endif
