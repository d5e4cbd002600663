/* attributes.c - y: category embeddings and transformed numbers, summed and put through an MLP. Depth 0 is linear, so that logistic regression is a config. */
#include "encoder.h"

#include "seqrec/memory.h"

#include <stdlib.h>
#include <string.h>

/* The table of the event feature whose vocabulary this one shares, or NULL. */
static const param *shared_table(const feature_shape *feature, const event_embedding *events)
{
	for (size_t i = 0; feature->share && i < events->shape->event_count; i++)
		if (events->table[i] && strcmp(events->shape->event[i].name, feature->share) == 0 && events->table[i]->rows == feature->rows)
			return events->table[i];
	return NULL;
}

void attributes_new(attribute_encoder *a, params *list, const model_settings *settings, const input_shape *shape, const event_embedding *events)
{
	size_t width = (size_t)settings->attribute_width;
	*a = (attribute_encoder){ .shape = shape, .depth = (size_t)settings->attribute_depth, .dropout = settings->attribute_dropout };
	a->table = xcalloc(shape->sample_count, sizeof *a->table);
	a->widen = xcalloc(shape->sample_count, sizeof *a->widen);
	for (size_t i = 0; i < shape->sample_count; i++) {
		const feature_shape *feature = &shape->sample[i];
		if (feature->form == FEATURE_NUMBER)
			continue;
		a->table[i] = events ? shared_table(feature, events) : NULL;
		if (a->table[i])
			a->widen[i] = param_new(list, PARAM_WEIGHT, a->table[i]->cols, width, INIT_XAVIER, 0, "attributes.widen%zu", i);
		else
			a->table[i] = table_new(list, feature, width, "attributes");
	}
	if (shape->sample_columns)
		a->numbers = param_new(list, PARAM_WEIGHT, shape->sample_columns, width, INIT_XAVIER, 0, "attributes.numbers");
	a->bias = param_new(list, PARAM_BIAS, 1, width, INIT_ZERO, 0, "attributes.bias");
	a->layer = xcalloc(2 * a->depth, sizeof *a->layer);
	a->layer_bias = a->layer + a->depth;
	for (size_t i = 1; i < a->depth; i++) {
		a->layer[i] = param_new(list, PARAM_WEIGHT, width, width, INIT_XAVIER, 0, "attributes.layer%zu", i);
		a->layer_bias[i] = param_new(list, PARAM_BIAS, 1, width, INIT_ZERO, 0, "attributes.layer%zu_bias", i);
	}
}

void attributes_free(attribute_encoder *a)
{
	free(a->table);
	free(a->widen);
	free(a->layer);
}

tensor *attributes_forward(const attribute_encoder *a, runtime *rt, const pack *p)
{
	scope_open(rt, "attributes");
	tensor *y = NULL; /* (S,A) */
	for (size_t i = 0; i < a->shape->sample_count; i++) {
		if (!a->table[i])
			continue;
		tensor *part = table_rows(rt, a->table[i], &a->shape->sample[i], &p->sample[i], p->samples, false);
		if (a->widen[i])
			part = t_linear(part, a->widen[i], NULL);
		y = y ? t_add(y, part) : part;
	}
	if (a->numbers) {
		tensor *part = t_linear(runtime_input(rt, p->sample_number, p->samples, a->shape->sample_columns), a->numbers, NULL);
		y = y ? t_add(y, part) : part;
	}
	y = t_add_row(y, a->bias);
	if (a->depth)
		y = t_dropout(t_activate(y, ACT_RELU), a->dropout);
	for (size_t i = 1; i < a->depth; i++)
		y = t_dense(y, a->layer[i], a->layer_bias[i], ACT_RELU, a->dropout);
	return scope_return(y);
}
