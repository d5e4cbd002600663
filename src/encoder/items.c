/* items.c - next_item: the vectors that are told. An item's is its row of the table, tied to the events' or not, plus the embeddings of its fields where
 * asked; user and item may be compared at length 1, the product divided by a temperature. */
#include "encoder.h"

static const double shortest = 1e-6; /* length below which a vector is not scaled up to 1 */

void told_items_new(told_items *t, params *list, const model_settings *settings, const input_shape *shape, const event_embedding *event)
{
	*t = (told_items){ .event = event, .table = event->table[shape->item], .cosine = settings->output == OUTPUT_COSINE };
	t->temperature = settings->temperature > 0 ? settings->temperature : t->cosine ? 0.05 : 1;
	for (size_t i = 0; settings->output_fields && i < shape->event_count; i++)
		t->fields = t->fields || shape->event[i].of_item;
	if (!settings->tied)
		t->table = param_new(list, PARAM_TABLE, t->table->rows, t->table->cols, INIT_NORMAL, 0.02, "items");
}

bool told_items_made(const told_items *t)
{
	return t->fields || t->cosine;
}

static tensor *add_fields(const told_items *t, runtime *rt, const item_block *b, tensor *v)
{
	const event_embedding *e = t->event;
	bool numbers = false;
	for (size_t i = 0; i < e->shape->event_count; i++) {
		const feature_shape *feature = &e->shape->event[i];
		if (feature->of_item && e->table[i])
			v = t_add(v, table_rows(rt, e->table[i], feature, &b->field[i], b->count, true));
		numbers = numbers || (feature->of_item && !e->table[i]);
	}
	return numbers ? t_add(v, t_linear(runtime_input(rt, b->number, b->count, e->shape->event_columns), e->numbers, NULL)) : v;
}

tensor *told_items_rows(const told_items *t, runtime *rt, const item_block *b)
{
	scope_open(rt, "items");
	tensor *v = t_embedding(rt, t->table, runtime_index(rt, b->row, b->count), 1);
	if (t->fields)
		v = add_fields(t, rt, b, v);
	return scope_return(t->cosine ? t_normalise(v, shortest) : v);
}

tensor *told_items_query(const told_items *t, tensor *x)
{
	x = t->cosine ? t_normalise(x, shortest) : x;
	return t->temperature == 1 ? x : t_scale(x, 1 / t->temperature);
}
