/* model.c - wires the parts: e -> encoder -> h; attributes -> y; fusion -> z; head -> logits. */
#include "encoder.h"

#include "seqrec/memory.h"
#include "seqrec/model.h"

#include <stdlib.h>

struct model {
	model_settings settings;
	params *list;
	bool sequences, attributes; /* which of h and y there are */
	event_embedding event;
	transformer transformer;
	recurrent recurrent;
	sequence_pooling pooling;
	attribute_encoder attribute;
	fusion fusion;
	const param *head, *head_bias;
	bool next_item;
	told_items items;
	const param *lift; /* next_item: y to the events, (A,D) */
};

static bool is_recurrent(const model *m)
{
	return m->settings.encoder == ENCODER_GRU || m->settings.encoder == ENCODER_LSTM || m->settings.encoder == ENCODER_RNN;
}

/* next_item: every event tells the next item, so the encoder is causal, nothing is pooled, and the attributes go into the events. */
static void told_new(model *m, const input_shape *shape)
{
	size_t width = (size_t)m->settings.width;
	told_items_new(&m->items, m->list, &m->settings, shape, &m->event);
	if (m->attributes)
		m->lift = param_new(m->list, PARAM_WEIGHT, (size_t)m->settings.attribute_width, width, INIT_XAVIER, 0, "lift");
}

/* Settings that are left to the data. */
static void choose_settings(model_settings *s, const input_shape *shape)
{
	static const double many_user_events = 50, few_events = 500000;
	if (!s->width)
		s->width = shape->user_events >= many_user_events ? 64 : 128;
	if (s->dropout < 0)
		s->dropout = shape->events < few_events ? 0.5 : 0.2;
}

model *model_new(const model_settings *settings, const input_shape *shape)
{
	model *m = xcalloc(1, sizeof *m);
	m->settings = *settings;
	choose_settings(&m->settings, shape);
	m->list = params_new();
	m->next_item = shape->next_item;
	m->settings.causal = settings->causal || m->next_item;
	settings = &m->settings;
	m->sequences = (settings->encoder != ENCODER_NONE || m->next_item) && shape->event_count;
	m->attributes = shape->sample_count;
	if (m->sequences) {
		event_new(&m->event, m->list, settings, shape);
		if (settings->encoder == ENCODER_TRANSFORMER)
			transformer_new(&m->transformer, m->list, settings);
		else if (is_recurrent(m))
			recurrent_new(&m->recurrent, m->list, settings);
		if (!m->next_item)
			pooling_new(&m->pooling, m->list, settings);
	}
	if (m->attributes)
		attributes_new(&m->attribute, m->list, settings, shape, m->sequences ? &m->event : NULL);
	if (m->next_item) {
		told_new(m, shape);
		return m;
	}
	if (m->sequences && m->attributes)
		fusion_new(&m->fusion, m->list, settings);
	size_t width = (size_t)(m->sequences ? settings->width : settings->attribute_width);
	m->head = param_new(m->list, PARAM_WEIGHT, width, shape->classes, INIT_XAVIER, 0, "head");
	m->head_bias = param_new(m->list, PARAM_BIAS, 1, shape->classes, INIT_ZERO, 0, "head_bias");
	return m;
}

void model_free(model *m)
{
	if (!m)
		return;
	params_free(m->list);
	free(m->event.table);
	transformer_free(&m->transformer);
	recurrent_free(&m->recurrent);
	attributes_free(&m->attribute);
	free(m);
}

const model_settings *model_chosen(const model *m)
{
	return &m->settings;
}

params *model_params(const model *m)
{
	return m->list;
}

size_t model_parameters(const model *m)
{
	size_t sum = 0;
	for (size_t i = 0; i < params_count(m->list); i++)
		sum += params_get(m->list, i)->rows * params_get(m->list, i)->cols;
	return sum;
}

const param *model_items(const model *m)
{
	return m->items.table;
}

bool model_items_made(const model *m)
{
	return told_items_made(&m->items);
}

tensor *model_item_rows(const model *m, runtime *rt, const item_block *b)
{
	return told_items_rows(&m->items, rt, b);
}

/* When scoring, a sequence is asked for what comes after its last event alone: (S) those events; else NULL. */
static const index_array *last_events(const model *m, runtime *rt, const pack *p)
{
	bool last = m->next_item && !runtime_trains(rt) && m->settings.encoder == ENCODER_TRANSFORMER && transformer_ends_early(&m->transformer) && p->targets == p->samples;
	for (uint32_t i = 0; last && i < p->targets; i++)
		last = p->target_event[i] + 1 == p->start[i + 1];
	return last ? runtime_index(rt, p->target_event, p->targets) : NULL;
}

static tensor *encode(const model *m, runtime *rt, const pack *p, const spans *sequences, tensor *y, const index_array *last)
{
	tensor *e = event_forward(&m->event, rt, p); /* (T,D) */
	if (m->lift)
		e = t_add(e, t_spread(t_linear(y, m->lift, NULL), sequences));
	if (m->settings.encoder == ENCODER_TRANSFORMER)
		return transformer_forward(&m->transformer, rt, e, sequences, m->settings.time_bias ? runtime_index(rt, p->time, p->events) : NULL, last);
	return is_recurrent(m) ? recurrent_forward(&m->recurrent, rt, e, sequences) : e;
}

model_output model_forward(const model *m, runtime *rt, const pack *p)
{
	model_output out = { 0 };
	const spans *sequences = runtime_spans(rt, p->start, p->samples);
	out.y = m->attributes ? attributes_forward(&m->attribute, rt, p) : NULL;
	const index_array *last = last_events(m, rt, p);
	tensor *x = m->sequences ? encode(m, rt, p, sequences, out.y, last) : NULL;
	if (m->next_item) {
		out.told = told_items_query(&m->items, last ? x : t_rows(x, runtime_index(rt, p->target_event, p->targets)));
		return out;
	}
	out.h = m->sequences ? pooling_forward(&m->pooling, rt, x, sequences) : NULL;
	out.z = out.h && out.y ? fusion_forward(&m->fusion, x, out.h, out.y, sequences) : out.h ? out.h : out.y;
	out.logits = t_linear(out.z, m->head, m->head_bias);
	return out;
}
