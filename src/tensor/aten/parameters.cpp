// parameters.cpp - parameters as a pack reads them, and what becomes of their gradients.
#include "tensor/aten/aten.h"

#include <algorithm>

static at::Tensor host_value(const param *p)
{
	return at::from_blob(p->value, { static_cast<int64_t>(p->rows), static_cast<int64_t>(p->cols) }, at::kFloat);
}

// The parameter, of which nothing is said to be touched.
static at::Tensor &value_in_pack(runtime *rt, const param *p)
{
	aten_state *state = state_of(rt);
	if (state->resident)
		return state->resident->value[p->number];
	at::Tensor &made = state->leaves[p->number];
	if (!made.defined())
		made = host_value(p).to(state->device).requires_grad_(rt->trains);
	return made;
}

at::Tensor leaf(runtime *rt, const param *p)
{
	if (p->kind == PARAM_TABLE && rt->trains)
		state_of(rt)->whole.push_back(p);
	return value_in_pack(rt, p);
}

at::Tensor rows_of_table(runtime *rt, const param *table, const index_array *ids)
{
	at::Tensor rows;
	{
		c10::AutoGradMode off(false);
		rows = value_in_pack(rt, table).detach().index_select(0, ids_of(ids));
	}
	if (rt->trains) {
		rows.requires_grad_(true);
		state_of(rt)->lookups.push_back({ table, ids, ids_of(ids), rows });
	}
	return rows;
}

void gradient_add(const at::Tensor &made, const at::Tensor &gradient)
{
	c10::AutoGradMode off(false);
	if (made.grad().defined())
		made.mutable_grad().add_(gradient);
	else
		made.mutable_grad() = gradient;
}

// Adds rows to the lane: row i of the gradient to row ids[i], or i.
static void rows_add(runtime *rt, const param *p, const at::Tensor &made, const uint32_t *ids)
{
	at::Tensor gradient = on_host(rt, made).contiguous();
	for (int64_t i = 0; i < gradient.size(0); i++) {
		const float *from = gradient.data_ptr<float>() + i * gradient.size(1);
		real *to = front->lane_touch(rt->gradients, p, ids ? ids[i] : static_cast<size_t>(i));
		for (int64_t k = 0; k < gradient.size(1); k++)
			to[k] += from[k];
	}
}

static void rows_touch(runtime *rt, const param *p)
{
	for (size_t row = 0; row < p->rows; row++)
		front->lane_touch(rt->gradients, p, row);
}

static void into_lane(runtime *rt)
{
	aten_state *state = state_of(rt);
	for (const param *p : state->whole)
		rows_touch(rt, p);
	for (size_t number = 0; number < front->params_count(rt->list); number++) {
		const param *p = front->params_get(rt->list, number);
		const at::Tensor &made = state->resident ? state->resident->value[number] : state->leaves[number];
		if (!made.defined() || !made.grad().defined())
			continue;
		rows_add(rt, p, made.grad(), nullptr);
		if (state->resident)
			made.mutable_grad() = at::Tensor();
	}
	for (const lookup &l : state->lookups)
		if (l.rows.grad().defined())
			rows_add(rt, l.table, l.rows.grad(), l.index->values);
}

void gradients_collect(runtime *rt)
{
	aten_state *state = state_of(rt);
	if (rt->gradients) {
		into_lane(rt);
		return;
	}
	for (const param *p : state->whole)
		state->resident->whole[p->number] = true;
	for (lookup &l : state->lookups)
		if (l.rows.grad().defined())
			state->resident->lookups.push_back({ l.table, nullptr, l.ids, l.rows.grad() });
	state->resident->loss.add_(state->value);
}
