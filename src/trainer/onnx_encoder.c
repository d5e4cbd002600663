/* onnx_encoder.c - transformer blocks and recurrent layers as ONNX nodes; the formulas are those of src/encoder/transformer.c and recurrent.c. */
#include "onnx_graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const param *onnx_find(const params *list, const char *format, size_t number)
{
	char *name = strstr(format, "%") ? text_format("%.*s%zu%s", (int)strcspn(format, "%"), format, number, strchr(format, '%') + 1) : xstrdup(format);
	const param *found = params_find(list, name);
	free(name);
	return found;
}

onnx_value onnx_linear(onnx_graph *g, onnx_value x, const param *w, const param *bias)
{
	x = onnx_2(g, "MatMul", x, onnx_param(g, w));
	return bias ? onnx_2(g, "Add", x, onnx_param(g, bias)) : x;
}

onnx_value onnx_norm(onnx_graph *g, onnx_value x, const param *gain, const param *bias)
{
	const onnx_attribute how[] = { { .name = "axis", .whole = { -1 }, .count = 1 }, { .name = "epsilon", .real = 1e-5f }, { .name = NULL } };
	return onnx_node(g, "LayerNormalization", (const onnx_value[]){ x, onnx_param(g, gain), onnx_param(g, bias) }, 3, how);
}

/* Hides from each event what comes behind it. */
static onnx_value hide_future(onnx_graph *g, onnx_value scores, onnx_value x)
{
	const int64_t zero = 0, one = 1;
	const onnx_attribute first[] = { { .name = "start", .whole = { 0 }, .count = 1 }, { .name = "end", .whole = { 1 }, .count = 1 }, { .name = NULL } };
	onnx_value length = onnx_2(g, "Squeeze", onnx_node(g, "Shape", &x, 1, first), onnx_whole(g, &zero, 1));
	onnx_value place = onnx_node(g, "Range", (const onnx_value[]){ onnx_whole(g, &zero, 0), length, onnx_whole(g, &one, 0) }, 3, NULL);
	onnx_value seen = onnx_2(g, "LessOrEqual", onnx_2(g, "Unsqueeze", place, onnx_whole(g, &zero, 1)), onnx_2(g, "Unsqueeze", place, onnx_whole(g, &one, 1)));
	return onnx_node(g, "Where", (const onnx_value[]){ seen, scores, onnx_number(g, -1e30f) }, 3, NULL);
}

onnx_value onnx_attend(onnx_graph *g, onnx_value query, onnx_value key, onnx_value value, size_t width, size_t heads, bool causal)
{
	const int64_t h = (int64_t)heads, each = (int64_t)(width / heads);
	const onnx_attribute last[] = { { .name = "axis", .whole = { -1 }, .count = 1 }, { .name = NULL } };
	onnx_value q = onnx_transpose(g, onnx_reshape(g, query, -1, h, each), 1, 0, 2), k = onnx_transpose(g, onnx_reshape(g, key, -1, h, each), 1, 2, 0);
	onnx_value v = onnx_transpose(g, onnx_reshape(g, value, -1, h, each), 1, 0, 2);
	onnx_value scores = onnx_2(g, "Mul", onnx_2(g, "MatMul", q, k), onnx_number(g, (float)(1 / sqrt((double)each))));
	if (causal)
		scores = hide_future(g, scores, key);
	onnx_value mixed = onnx_2(g, "MatMul", onnx_node(g, "Softmax", &scores, 1, last), v);
	return onnx_reshape(g, onnx_transpose(g, mixed, 1, 0, 2), -1, (int64_t)width, 0);
}

static onnx_value gelu(onnx_graph *g, onnx_value x)
{
	onnx_value erf = onnx_1(g, "Erf", onnx_2(g, "Mul", x, onnx_number(g, (float)sqrt(0.5))));
	return onnx_2(g, "Mul", onnx_2(g, "Mul", x, onnx_number(g, 0.5f)), onnx_2(g, "Add", erf, onnx_number(g, 1)));
}

static onnx_value gated(onnx_graph *g, const params *list, size_t i, onnx_value x, onnx_value f, const char *gate, const char *bias)
{
	onnx_value open = onnx_1(g, "Sigmoid", onnx_linear(g, x, onnx_find(list, gate, i), onnx_find(list, bias, i)));
	return onnx_2(g, "Add", x, onnx_2(g, "Mul", open, f));
}

static onnx_value attention_part(onnx_graph *g, const model_settings *s, const params *list, size_t i, onnx_value x, bool causal)
{
	onnx_value part[3];
	onnx_split(g, onnx_linear(g, x, onnx_find(list, "block%.qkv", i), onnx_find(list, "block%.qkv_bias", i)), 3, part);
	onnx_value mixed = onnx_attend(g, part[0], part[1], part[2], (size_t)s->width, (size_t)s->heads, causal);
	return onnx_linear(g, mixed, onnx_find(list, "block%.out", i), onnx_find(list, "block%.out_bias", i));
}

static onnx_value forward_part(onnx_graph *g, const model_settings *s, const params *list, size_t i, onnx_value x)
{
	onnx_value f = onnx_linear(g, x, onnx_find(list, "block%.up", i), onnx_find(list, "block%.up_bias", i));
	if (s->norm == NORM_POST)
		f = onnx_1(g, "Relu", f);
	else if (s->norm == NORM_PRE)
		f = gelu(g, f);
	else
		f = onnx_2(g, "Mul", onnx_2(g, "Mul", f, onnx_1(g, "Sigmoid", f)), onnx_linear(g, x, onnx_find(list, "block%.side", i), NULL));
	return onnx_linear(g, f, onnx_find(list, "block%.down", i), onnx_find(list, "block%.down_bias", i));
}

static onnx_value block(onnx_graph *g, const model_settings *s, const params *list, size_t i, onnx_value x, bool causal)
{
	const param *gain[] = { onnx_find(list, "block%.norm1", i), onnx_find(list, "block%.norm2", i) }, *bias[] = { onnx_find(list, "block%.norm1_bias", i), onnx_find(list, "block%.norm2_bias", i) };
	if (s->norm == NORM_POST) {
		onnx_value a = onnx_norm(g, onnx_2(g, "Add", x, attention_part(g, s, list, i, x, causal)), gain[0], bias[0]);
		return onnx_norm(g, onnx_2(g, "Add", a, forward_part(g, s, list, i, a)), gain[1], bias[1]);
	}
	onnx_value mixed = attention_part(g, s, list, i, onnx_norm(g, x, gain[0], bias[0]), causal);
	onnx_value a = s->norm == NORM_PRE ? onnx_2(g, "Add", x, mixed) : gated(g, list, i, x, mixed, "block%.gate1", "block%.gate1_bias");
	onnx_value f = forward_part(g, s, list, i, onnx_norm(g, a, gain[1], bias[1]));
	return s->norm == NORM_PRE ? onnx_2(g, "Add", a, f) : gated(g, list, i, a, f, "block%.gate2", "block%.gate2_bias");
}

/* Ours are (I, G*D), in torch's order of gates; ONNX wants (1, G*D, I) in its own. */
static onnx_value gates_weight(onnx_graph *g, const param *p, const size_t *order, size_t gates, size_t width)
{
	const int64_t dimension[] = { 1, (int64_t)(gates * width), (int64_t)p->rows };
	float *turned = xcalloc(gates * width * p->rows, sizeof *turned);
	for (size_t gate = 0; gate < gates; gate++)
		for (size_t d = 0; d < width; d++)
			for (size_t i = 0; i < p->rows; i++)
				turned[(gate * width + d) * p->rows + i] = (float)p->value[i * p->cols + order[gate] * width + d];
	onnx_value value = onnx_floats(g, p->name, turned, dimension, 3);
	free(turned);
	return value;
}

static onnx_value gates_bias(onnx_graph *g, const param *w, const param *u, const size_t *order, size_t gates, size_t width)
{
	const int64_t dimension[] = { 1, (int64_t)(2 * gates * width) };
	float *both = xcalloc(2 * gates * width, sizeof *both);
	for (size_t gate = 0; gate < gates; gate++)
		for (size_t d = 0; d < width; d++) {
			both[gate * width + d] = (float)w->value[order[gate] * width + d];
			both[(gates + gate) * width + d] = (float)u->value[order[gate] * width + d];
		}
	onnx_value value = onnx_floats(g, w->name, both, dimension, 2);
	free(both);
	return value;
}

static onnx_value layer(onnx_graph *g, const model_settings *s, const params *list, size_t i, onnx_value x)
{
	static const struct {
		const char *op;
		size_t gates, order[4]; /* ONNX: GRU z, r, h; LSTM i, o, f, c */
	} cells[] = { [ENCODER_GRU] = { "GRU", 3, { 1, 0, 2 } }, [ENCODER_LSTM] = { "LSTM", 4, { 0, 3, 1, 2 } }, [ENCODER_RNN] = { "RNN", 1, { 0 } } };
	size_t width = (size_t)s->width, gates = cells[s->encoder].gates;
	const size_t *order = cells[s->encoder].order;
	const onnx_attribute how[] = { { .name = "hidden_size", .whole = { (int64_t)width }, .count = 1 }, { .name = s->encoder == ENCODER_GRU ? "linear_before_reset" : NULL, .whole = { 1 }, .count = 1 }, { .name = NULL } };
	const onnx_value input[] = { onnx_reshape(g, x, -1, 1, (int64_t)width), gates_weight(g, onnx_find(list, "layer%.input", i), order, gates, width),
		gates_weight(g, onnx_find(list, "layer%.state", i), order, gates, width), gates_bias(g, onnx_find(list, "layer%.input_bias", i), onnx_find(list, "layer%.state_bias", i), order, gates, width) };
	return onnx_reshape(g, onnx_node(g, cells[s->encoder].op, input, 4, how), -1, (int64_t)width, 0);
}

onnx_value onnx_encode(onnx_graph *g, const model_settings *s, const params *list, onnx_value x, bool causal)
{
	bool attends = s->encoder == ENCODER_TRANSFORMER;
	for (size_t i = 0; s->encoder != ENCODER_MEAN && i < (size_t)s->blocks; i++)
		x = attends ? block(g, s, list, i, x, causal) : layer(g, s, list, i, x);
	return attends && s->norm != NORM_POST ? onnx_norm(g, x, onnx_find(list, "encoder.norm", 0), onnx_find(list, "encoder.norm_bias", 0)) : x;
}
