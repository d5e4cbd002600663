/* event.c - e = LN(sum of the embeddings of an event's parts): item, type, position, age, gap, query terms, declared fields. */
#include "encoder.h"

#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <string.h>

enum { NAME_MOST = 160 };

/* Names of parameters are letters, digits, underscore and point; a field's name may be anything. */
static void add_name(text *out, const char *name)
{
	for (; *name && out->length < NAME_MOST; name++) {
		bool plain = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') || (*name >= '0' && *name <= '9') || *name == '_' || *name == ' ';
		if (plain)
			text_add_bytes(out, *name == ' ' ? "_" : name, 1);
		else
			text_addf(out, "x%02x", (unsigned char)*name);
	}
}

/* Names that event.c and attributes.c give to parameters of their own. */
static bool is_reserved(const char *name)
{
	static const char *const own[] = { "norm", "norm_bias", "numbers", "bias" };
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(name, own[i]) == 0)
			return true;
	return text_starts(name, "layer") || text_starts(name, "widen");
}

const param *table_new(params *list, const feature_shape *feature, size_t width, const char *of)
{
	text name = { 0 };
	text_addf(&name, "%s.", of);
	add_name(&name, feature->name);
	size_t length = name.length;
	bool taken = params_find(list, name.data) || is_reserved(name.data + strlen(of) + 1);
	for (unsigned n = 2; taken; n++) { /* "a b" and "a_b" are two fields */
		name.length = length;
		text_addf(&name, "_%u", n);
		taken = params_find(list, name.data);
	}
	const param *table = param_new(list, PARAM_TABLE, feature->rows, width, INIT_NORMAL, 0.01, "%s", name.data);
	text_free(&name);
	return table;
}

tensor *table_rows(runtime *rt, const param *table, const feature_shape *feature, const pack_codes *codes, size_t rows, bool mean)
{
	const index_array *ids = runtime_index(rt, codes->code, codes->count);
	if (feature->form != FEATURE_BAG)
		return t_embedding(rt, table, ids, 1);
	return (mean ? t_embedding_mean : t_embedding_bag)(rt, table, ids, runtime_spans(rt, codes->start, rows));
}

void event_new(event_embedding *e, params *list, const model_settings *settings, const input_shape *shape)
{
	size_t width = (size_t)settings->width;
	*e = (event_embedding){ .shape = shape, .dropout = settings->dropout, .mean = settings->output_fields };
	e->table = xcalloc(shape->event_count, sizeof *e->table);
	for (size_t i = 0; i < shape->event_count; i++)
		if (shape->event[i].form != FEATURE_NUMBER)
			e->table[i] = table_new(list, &shape->event[i], width, "event");
	if (shape->event_columns)
		e->numbers = param_new(list, PARAM_WEIGHT, shape->event_columns, width, INIT_XAVIER, 0, "event.numbers");
	e->gain = param_new(list, PARAM_NORM, 1, width, INIT_ONE, 0, "event.norm");
	e->bias = param_new(list, PARAM_NORM, 1, width, INIT_ZERO, 0, "event.norm_bias");
}

tensor *event_forward(const event_embedding *e, runtime *rt, const pack *p)
{
	tensor *sum = NULL; /* (T,D) */
	scope_open(rt, "event");
	for (size_t i = 0; i < e->shape->event_count; i++) {
		if (!e->table[i])
			continue;
		tensor *part = table_rows(rt, e->table[i], &e->shape->event[i], &p->event[i], p->events, e->mean && e->shape->event[i].of_item);
		sum = sum ? t_add(sum, part) : part;
	}
	if (e->numbers) {
		tensor *part = t_linear(runtime_input(rt, p->event_number, p->events, e->shape->event_columns), e->numbers, NULL);
		sum = sum ? t_add(sum, part) : part;
	}
	return scope_return(t_dropout(t_norm(sum, e->gain, e->bias), e->dropout));
}
