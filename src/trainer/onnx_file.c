/* onnx_file.c - ONNX's protocol buffers (onnx.proto: ModelProto, GraphProto, NodeProto, TensorProto), opset 17. */
#include "onnx_file.h"

#include "seqrec/file.h"
#include "seqrec/version.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES = 2, FIXED32 = 5, IR_VERSION = 8, OPSET = 17, ELEMENT_F32 = 1, ELEMENT_I64 = 7, ATTRIBUTE_FLOAT = 1, ATTRIBUTE_INT = 2, ATTRIBUTE_INTS = 7 };

static void put_varint(text *out, uint64_t value)
{
	do {
		char byte = (char)((value & 127) | (value > 127 ? 128 : 0));
		text_add_bytes(out, &byte, 1);
		value >>= 7;
	} while (value);
}

static void put_int(text *out, unsigned field, int64_t value)
{
	put_varint(out, field << 3);
	put_varint(out, (uint64_t)value);
}

static void put_bytes(text *out, unsigned field, const void *bytes, size_t length)
{
	put_varint(out, field << 3 | BYTES);
	put_varint(out, length);
	text_add_bytes(out, bytes, length);
}

static void put_string(text *out, unsigned field, const char *string)
{
	put_bytes(out, field, string, strlen(string));
}

static void put_message(text *out, unsigned field, text *message)
{
	put_bytes(out, field, message->data ? message->data : "", message->length);
	text_free(message);
}

void onnx_open(onnx_graph *g)
{
	*g = (onnx_graph){ .names = arena_new() };
}

void onnx_close(onnx_graph *g)
{
	text_free(&g->nodes);
	text_free(&g->weights);
	text_free(&g->inputs);
	text_free(&g->outputs);
	free(g->names_of_weights.item);
	arena_free(g->names);
}

bool onnx_save(const onnx_graph *g, const char *path, sr_error *err)
{
	text graph = { 0 }, opset = { 0 }, model = { 0 };
	text_add_bytes(&graph, g->nodes.data, g->nodes.length);
	put_string(&graph, 2, "seqrec");
	text_add_bytes(&graph, g->weights.data, g->weights.length);
	text_add_bytes(&graph, g->inputs.data, g->inputs.length);
	text_add_bytes(&graph, g->outputs.data, g->outputs.length);
	put_string(&opset, 1, "");
	put_int(&opset, 2, OPSET);
	put_int(&model, 1, IR_VERSION);
	put_string(&model, 2, "seqrec");
	put_string(&model, 3, seqrec_version());
	put_message(&model, 7, &graph);
	put_message(&model, 8, &opset);
	bool done = file_write(path, model.data, model.length, err);
	text_free(&model);
	return done;
}

static onnx_value own(onnx_graph *g, const char *name)
{
	return arena_string(g->names, name, strlen(name));
}

static onnx_value fresh(onnx_graph *g)
{
	char *name = text_format("v%zu", g->values++);
	onnx_value value = own(g, name);
	free(name);
	return value;
}

/* ValueInfoProto { name, type { tensor_type { elem_type, shape { dim { dim_value | dim_param } } } } } */
static void put_value(text *out, unsigned field, const char *name, bool whole, const int64_t *dimension, size_t dimensions, const char *free_dimension)
{
	text value = { 0 }, type = { 0 }, tensor_type = { 0 }, shape = { 0 };
	for (size_t i = 0; i < dimensions; i++) {
		text one = { 0 };
		if (dimension[i] < 0)
			put_string(&one, 2, i ? "values" : free_dimension);
		else
			put_int(&one, 1, dimension[i]);
		put_message(&shape, 1, &one);
	}
	put_int(&tensor_type, 1, whole ? ELEMENT_I64 : ELEMENT_F32);
	put_message(&tensor_type, 2, &shape);
	put_message(&type, 1, &tensor_type);
	put_string(&value, 1, name);
	put_message(&value, 2, &type);
	put_message(out, field, &value);
}

onnx_value onnx_input(onnx_graph *g, const char *name, bool whole, const int64_t *dimension, size_t dimensions, const char *free_dimension)
{
	put_value(&g->inputs, 11, name, whole, dimension, dimensions, free_dimension);
	return own(g, name);
}

void onnx_output(onnx_graph *g, onnx_value value, const char *name, const int64_t *dimension, size_t dimensions)
{
	put_value(&g->outputs, 12, onnx_rename(g, value, name), false, dimension, dimensions, "");
}

static void put_weight(onnx_graph *g, const char *name, int64_t element, const void *bytes, size_t size, const int64_t *dimension, size_t dimensions)
{
	text weight = { 0 };
	size_t count = 1;
	for (size_t i = 0; i < dimensions; i++) {
		put_int(&weight, 1, dimension[i]);
		count *= (size_t)dimension[i];
	}
	put_int(&weight, 2, element);
	put_string(&weight, 8, name);
	put_bytes(&weight, 9, bytes, count * size);
	put_message(&g->weights, 5, &weight);
}

onnx_value onnx_floats(onnx_graph *g, const char *name, const float *value, const int64_t *dimension, size_t dimensions)
{
	for (size_t i = 0; i < g->names_of_weights.count; i++)
		if (strcmp(g->names_of_weights.item[i], name) == 0)
			return g->names_of_weights.item[i];
	g->names_of_weights.item = xrealloc(g->names_of_weights.item, g->names_of_weights.count + 1, sizeof *g->names_of_weights.item);
	char *kept = arena_string(g->names, name, strlen(name));
	g->names_of_weights.item[g->names_of_weights.count++] = kept;
	put_weight(g, kept, ELEMENT_F32, value, sizeof *value, dimension, dimensions);
	return kept;
}

onnx_value onnx_whole(onnx_graph *g, const int64_t *value, size_t count)
{
	const int64_t dimension = (int64_t)count;
	onnx_value name = fresh(g);
	put_weight(g, name, ELEMENT_I64, value, sizeof *value, &dimension, count ? 1 : 0);
	return name;
}

onnx_value onnx_number(onnx_graph *g, float value)
{
	onnx_value name = fresh(g);
	put_weight(g, name, ELEMENT_F32, &value, sizeof value, NULL, 0);
	return name;
}

onnx_value onnx_param(onnx_graph *g, const param *p)
{
	const int64_t dimension[] = { (int64_t)p->rows, (int64_t)p->cols };
	bool row = p->rows == 1 && p->kind != PARAM_TABLE && p->kind != PARAM_WEIGHT;
	return onnx_floats(g, p->name, (const float *)p->value, dimension + row, row ? 1 : 2);
}

static void put_attribute(text *node, const onnx_attribute *a)
{
	text out = { 0 };
	put_string(&out, 1, a->name);
	if (!a->count) {
		put_varint(&out, 2 << 3 | FIXED32);
		text_add_bytes(&out, (const char *)&a->real, sizeof a->real);
	} else if (a->count == 1 && !a->list) {
		put_int(&out, 3, a->whole[0]);
	}
	for (size_t i = 0; i < a->count && (a->count > 1 || a->list); i++)
		put_int(&out, 8, a->whole[i]);
	put_int(&out, 20, !a->count ? ATTRIBUTE_FLOAT : a->count == 1 && !a->list ? ATTRIBUTE_INT : ATTRIBUTE_INTS);
	put_message(node, 5, &out);
}

static void put_node(onnx_graph *g, const char *op, const onnx_value *input, size_t inputs, const onnx_value *output, size_t outputs, const onnx_attribute *attribute)
{
	text node = { 0 };
	for (size_t i = 0; i < inputs; i++)
		put_string(&node, 1, input[i]);
	for (size_t i = 0; i < outputs; i++)
		put_string(&node, 2, output[i]);
	put_string(&node, 4, op);
	for (; attribute && attribute->name; attribute++)
		put_attribute(&node, attribute);
	put_message(&g->nodes, 1, &node);
}

onnx_value onnx_node(onnx_graph *g, const char *op, const onnx_value *input, size_t inputs, const onnx_attribute *attribute)
{
	onnx_value out = fresh(g);
	put_node(g, op, input, inputs, &out, 1, attribute);
	return out;
}

void onnx_split(onnx_graph *g, onnx_value x, size_t parts, onnx_value *out)
{
	const onnx_attribute axis[] = { { .name = "axis", .whole = { -1 }, .count = 1 }, { .name = NULL } };
	for (size_t i = 0; i < parts; i++)
		out[i] = fresh(g);
	put_node(g, "Split", &x, 1, out, parts, axis);
}

onnx_value onnx_1(onnx_graph *g, const char *op, onnx_value a)
{
	return onnx_node(g, op, &a, 1, NULL);
}

onnx_value onnx_2(onnx_graph *g, const char *op, onnx_value a, onnx_value b)
{
	return onnx_node(g, op, (const onnx_value[]){ a, b }, 2, NULL);
}

onnx_value onnx_reshape(onnx_graph *g, onnx_value x, int64_t a, int64_t b, int64_t c)
{
	return onnx_2(g, "Reshape", x, onnx_whole(g, (const int64_t[]){ a, b, c }, c ? 3 : 2));
}

onnx_value onnx_transpose(onnx_graph *g, onnx_value x, int64_t a, int64_t b, int64_t c)
{
	const onnx_attribute perm[] = { { .name = "perm", .whole = { a, b, c }, .count = 3 }, { .name = NULL } };
	return onnx_node(g, "Transpose", &x, 1, perm);
}

onnx_value onnx_rename(onnx_graph *g, onnx_value x, const char *name)
{
	onnx_value out = own(g, name);
	put_node(g, "Identity", &x, 1, &out, 1, NULL);
	return out;
}
