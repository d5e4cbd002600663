/* onnx_graph.c - embeddings, pooling, attributes, fusion and head as ONNX nodes; the formulas are those of src/encoder. */
#include "onnx_graph.h"

#include <stdlib.h>
#include <string.h>

const char *onnx_refusal(const model_settings *s, const input_shape *shape)
{
	if (s->encoder == ENCODER_NONE || !shape->event_count || s->encoder > ENCODER_MEAN)
		return "model.encoder must be transformer, gru, lstm, rnn or mean";
	if (s->time_bias && s->encoder == ENCODER_TRANSFORMER)
		return "model.time_bias has no ONNX form yet";
	for (size_t i = 0; s->output_fields && i < shape->event_count; i++)
		if (shape->event[i].of_item && shape->event[i].form == FEATURE_BAG)
			return "model.output_fields with fields of several values has no ONNX form yet";
	return NULL;
}

char *onnx_input_name(const char *level, const char *feature)
{
	return text_format("%s:%s", level, feature);
}

/* One more row, of zeros, for places of a bag that hold nothing. */
static onnx_value padded_table(onnx_graph *g, const param *table)
{
	const int64_t dimension[] = { (int64_t)table->rows + 1, (int64_t)table->cols };
	float *rows = xcalloc((table->rows + 1) * table->cols, sizeof *rows);
	memcpy(rows, table->value, table->rows * table->cols * sizeof *rows);
	char *name = text_format("%s.padded", table->name);
	onnx_value value = onnx_floats(g, name, rows, dimension, 2);
	free(name);
	free(rows);
	return value;
}

static onnx_value embedded(onnx_graph *g, const param *table, const feature_shape *feature, const char *level, bool sequence)
{
	const int64_t free_length[] = { sequence ? -1 : 1, -1 }, one = 1;
	const onnx_attribute drop[] = { { .name = "keepdims", .whole = { 0 }, .count = 1 }, { .name = NULL } };
	bool bag = feature->form == FEATURE_BAG;
	char *name = onnx_input_name(level, feature->name);
	onnx_value codes = onnx_input(g, name, true, free_length, bag ? 2 : 1, "events"), rows = onnx_2(g, "Gather", bag ? padded_table(g, table) : onnx_param(g, table), codes);
	free(name);
	return bag ? onnx_node(g, "ReduceSum", (const onnx_value[]){ rows, onnx_whole(g, &one, 1) }, 2, drop) : rows;
}

static onnx_value plus(onnx_graph *g, onnx_value sum, onnx_value part)
{
	return sum ? onnx_2(g, "Add", sum, part) : part;
}

/* The tables are the first parameters, in the order of the inputs. */
static const param *event_table(const params *list, const input_shape *shape, size_t feature)
{
	size_t number = 0;
	for (size_t i = 0; i < feature; i++)
		number += shape->event[i].form != FEATURE_NUMBER;
	return params_get(list, number);
}

static onnx_value events(onnx_graph *g, const input_shape *shape, const params *list)
{
	onnx_value sum = NULL;
	for (size_t i = 0; i < shape->event_count; i++)
		if (shape->event[i].form != FEATURE_NUMBER)
			sum = plus(g, sum, embedded(g, event_table(list, shape, i), &shape->event[i], "event", true));
	if (shape->event_columns) {
		const int64_t dimension[] = { -1, shape->event_columns };
		sum = plus(g, sum, onnx_linear(g, onnx_input(g, "event_numbers", false, dimension, 2, "events"), params_find(list, "event.numbers"), NULL));
	}
	return onnx_norm(g, sum, params_find(list, "event.norm"), params_find(list, "event.norm_bias"));
}

/* The table that attributes.c shares with the events: that of the feature it names. */
static const param *shared(const input_shape *shape, const params *list, const feature_shape *feature)
{
	for (size_t i = 0; i < shape->event_count; i++)
		if (shape->event[i].form != FEATURE_NUMBER && strcmp(shape->event[i].name, feature->share) == 0)
			return event_table(list, shape, i);
	return NULL;
}

static size_t first_attribute(const params *list)
{
	size_t number = 0;
	while (number < params_count(list) && !text_starts(params_get(list, number)->name, "attributes."))
		number++;
	return number;
}

static onnx_value attributes(onnx_graph *g, const model_settings *s, const input_shape *shape, const params *list)
{
	onnx_value y = NULL;
	size_t number = first_attribute(list);
	for (size_t i = 0; i < shape->sample_count; i++) {
		if (shape->sample[i].form == FEATURE_NUMBER)
			continue;
		const param *own = params_get(list, number++), *widen = onnx_find(list, "attributes.widen%", i);
		onnx_value part = embedded(g, widen == own ? shared(shape, list, &shape->sample[i]) : own, &shape->sample[i], "sample", false);
		y = plus(g, y, widen == own ? onnx_linear(g, part, widen, NULL) : part);
	}
	if (shape->sample_columns) {
		const int64_t dimension[] = { 1, shape->sample_columns };
		y = plus(g, y, onnx_linear(g, onnx_input(g, "sample_numbers", false, dimension, 2, ""), params_find(list, "attributes.numbers"), NULL));
	}
	y = onnx_2(g, "Add", y, onnx_param(g, params_find(list, "attributes.bias")));
	y = s->attribute_depth ? onnx_1(g, "Relu", y) : y;
	for (size_t i = 1; i < (size_t)s->attribute_depth; i++)
		y = onnx_1(g, "Relu", onnx_linear(g, y, onnx_find(list, "attributes.layer%", i), onnx_find(list, "attributes.layer%_bias", i)));
	return y;
}

static onnx_value last_row(onnx_graph *g, onnx_value x)
{
	const int64_t last = -1;
	return onnx_2(g, "Gather", x, onnx_whole(g, &last, 1));
}

static size_t heads_of(const model_settings *s)
{
	return s->width % s->heads == 0 ? (size_t)s->heads : 1;
}

static onnx_value pooled(onnx_graph *g, const model_settings *s, const params *list, onnx_value x)
{
	const onnx_attribute rows[] = { { .name = "axes", .whole = { 0 }, .count = 1, .list = true }, { .name = NULL } };
	if (s->pooling == POOL_LAST)
		return last_row(g, x);
	onnx_value mean = onnx_node(g, "ReduceMean", &x, 1, rows);
	if (s->pooling == POOL_MEAN)
		return mean;
	onnx_value query = onnx_2(g, "Add", mean, onnx_param(g, params_find(list, "pooling.query")));
	return onnx_attend(g, query, onnx_linear(g, x, params_find(list, "pooling.keys"), NULL), x, (size_t)s->width, heads_of(s), false);
}

static onnx_value fused(onnx_graph *g, const model_settings *s, const params *list, onnx_value x, onnx_value h, onnx_value y)
{
	const onnx_attribute columns[] = { { .name = "axis", .whole = { 1 }, .count = 1 }, { .name = NULL } };
	if (s->fusion == FUSION_WEIGHTED) {
		const param *gate = params_find(list, "fusion.gate");
		onnx_value lifted = onnx_linear(g, y, params_find(list, "fusion.lift"), NULL);
		return onnx_2(g, "Add", onnx_2(g, "Mul", h, onnx_number(g, (float)gate->value[0])), onnx_2(g, "Mul", lifted, onnx_number(g, (float)gate->value[1])));
	}
	if (s->fusion == FUSION_ATTENTION)
		h = onnx_2(g, "Add", h, onnx_attend(g, onnx_linear(g, y, params_find(list, "fusion.query"), NULL), onnx_linear(g, x, params_find(list, "fusion.keys"), NULL),
			onnx_linear(g, x, params_find(list, "fusion.values"), NULL), (size_t)s->width, heads_of(s), false));
	onnx_value both = onnx_node(g, "Concat", (const onnx_value[]){ h, y }, 2, columns);
	return onnx_1(g, "Relu", onnx_linear(g, both, params_find(list, "fusion.mix"), params_find(list, "fusion.mix_bias")));
}

/* x / max(|x|, 1e-6), divided by the temperature; then the product with every item. */
static void told(onnx_graph *g, const model_settings *s, onnx_value x, const float *items, size_t rows)
{
	const int64_t dimension[] = { (int64_t)rows, s->width }, shape[] = { 1, (int64_t)rows };
	const onnx_attribute by_row[] = { { .name = "axes", .whole = { 1 }, .count = 1, .list = true }, { .name = NULL } }, turned[] = { { .name = "transB", .whole = { 1 }, .count = 1 }, { .name = NULL } };
	bool cosine = s->output == OUTPUT_COSINE;
	double temperature = s->temperature > 0 ? s->temperature : cosine ? 0.05 : 1;
	x = last_row(g, x);
	if (cosine)
		x = onnx_2(g, "Div", x, onnx_2(g, "Max", onnx_node(g, "ReduceL2", &x, 1, by_row), onnx_number(g, 1e-6f)));
	x = onnx_2(g, "Mul", x, onnx_number(g, (float)(1 / temperature)));
	onnx_value table = onnx_floats(g, "told items", items, dimension, 2);
	onnx_output(g, onnx_node(g, "Gemm", (const onnx_value[]){ x, table }, 2, turned), "score", shape, 2);
}

static void head(onnx_graph *g, const input_shape *shape, const params *list, const double *shift, onnx_value z)
{
	const int64_t dimension[] = { 1, (int64_t)shape->classes };
	const onnx_attribute last[] = { { .name = "axis", .whole = { -1 }, .count = 1 }, { .name = NULL } };
	float *lower = xcalloc(shape->classes, sizeof *lower);
	for (size_t k = 0; shift && k < shape->classes; k++)
		lower[k] = (float)shift[k];
	onnx_value logits = onnx_linear(g, z, params_find(list, "head"), params_find(list, "head_bias"));
	logits = onnx_2(g, "Sub", logits, onnx_floats(g, "prior shift", lower, dimension + 1, 1));
	onnx_output(g, onnx_node(g, "Softmax", &logits, 1, last), "probability", dimension, 2);
	free(lower);
}

void onnx_model(onnx_graph *g, const model_settings *s, const input_shape *shape, const params *list, const double *shift, const float *items, size_t rows)
{
	onnx_value y = shape->sample_count ? attributes(g, s, shape, list) : NULL, x = events(g, shape, list);
	if (shape->next_item && !shape->classes && y) /* with classes the attributes reach their head alone */
		x = onnx_2(g, "Add", x, onnx_linear(g, y, params_find(list, "lift"), NULL));
	x = onnx_encode(g, s, list, x, s->causal || shape->next_item);
	if (shape->next_item)
		told(g, s, x, items, rows);
	if (shape->next_item && !shape->classes)
		return;
	onnx_value h = pooled(g, s, list, x);
	head(g, shape, list, shift, y ? fused(g, s, list, x, h, y) : h);
}
