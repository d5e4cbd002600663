// learn.cpp - parameters that stay where they are computed with, and AdamW on them. Every number that an update depends on is a tensor on the device, so
// that nothing is waited for: whether a step is skipped is a factor, not a branch.
#include "tensor/aten/aten.h"
#include "tensor/aten/device.h"
#include "tensor/aten/versions.h"

#include <algorithm>
#include <cmath>

// Tables with at most so many rows have a gradient of all rows in an update; larger ones of the touched rows.
static const size_t small_table = 1 << 14;

// Of resident_params.stats.
enum { STAT_LOSS_SUM, STAT_UPDATES, STAT_SKIPPED, STAT_IN_ROW, STAT_BEHIND, STAT_LOSS, STAT_NORM, STATS };

static at::TensorOptions scalars(const aten_state *state)
{
	return at::TensorOptions(at::kDouble).device(state->device);
}

static at::Tensor on_device(const aten_state *state, const param *p, const real *values)
{
	at::Tensor host = at::from_blob(const_cast<real *>(values), { static_cast<int64_t>(p->rows), static_cast<int64_t>(p->cols) }, at::kFloat);
	return host.to(state->device, at::kFloat, false, true);
}

// The lists' values, into tensors that are there already: a captured graph knows their addresses.
static void values_take(runtime *rt)
{
	aten_state *state = state_of(rt);
	resident_params &kept = *state->resident;
	for (size_t i = 0; i < front->params_count(rt->list); i++) {
		const param *p = front->params_get(rt->list, i);
		if (kept.value[i].defined())
			kept.value[i].detach().copy_(on_device(state, p, p->value));
		else
			kept.value[i] = on_device(state, p, p->value).requires_grad_(true);
	}
}

bool aten_reside(runtime *rt, runtime *with)
{
	aten_state *state = state_of(rt);
	return attempted(rt, "reside", [&] {
		if (with) {
			state->resident = state_of(with)->resident;
			return;
		}
		state->resident = std::make_shared<resident_params>();
		state->resident->value.resize(front->params_count(rt->list));
		values_take(rt);
	});
}

static void learning_open(const aten_state *state, resident_params &kept, size_t count)
{
	kept.mean.resize(count);
	kept.square.resize(count);
	kept.step = at::zeros({}, scalars(state));
	kept.steps = at::zeros({}, scalars(state).dtype(at::kFloat));
	kept.rate = at::zeros({}, scalars(state));
	kept.loss = at::zeros({}, scalars(state));
	kept.stats = at::zeros({ STATS }, scalars(state));
}

bool aten_learn(runtime *rt, const adam *from)
{
	return attempted(rt, "learn", [&] {
		aten_state *state = state_of(rt);
		resident_params &kept = *state->resident;
		size_t count = front->params_count(rt->list);
		values_take(rt);
		learning_open(state, kept, count);
		kept.settings = *from;
		kept.settings.mean = kept.settings.square = nullptr;
		kept.lookups.clear();
		kept.whole.assign(count, false);
		for (size_t i = 0; i < count; i++) {
			const param *p = front->params_get(rt->list, i);
			kept.mean[i] = on_device(state, p, from->mean[i]);
			kept.square[i] = on_device(state, p, from->square[i]);
			kept.value[i].mutable_grad() = p->kind == PARAM_TABLE ? at::Tensor() : at::zeros_like(kept.value[i].detach());
		}
		kept.step.fill_(static_cast<double>(from->step));
		kept.stats.select(0, STAT_IN_ROW).fill_(static_cast<double>(from->skipped_in_row));
	});
}

// ---- one update ----

// The gradient of one table in an update.
struct table_gradient {
	size_t number;
	at::Tensor rows;     // (n): which rows; undefined: all
	at::Tensor gradient; // (n,D)
	at::Tensor touched;  // (n,1) in f32: 1 where a row is to be changed; undefined: everywhere
};

// f32 scalars of an update.
struct update_factors {
	at::Tensor good, clip;                // 1, or 0 where the step is skipped; factor of the gradients
	at::Tensor rate, root, first, second; // step size and 1 / sqrt(.) with bias correction; 1 - beta, or 0 where it is skipped
};

static table_gradient small_gradient(const resident_params &kept, size_t number, const std::vector<const lookup *> &found)
{
	const at::Tensor &value = kept.value[number];
	table_gradient out{ number, {}, {}, {} };
	out.gradient = value.grad().defined() ? value.grad() : at::zeros_like(value.detach());
	out.touched = at::zeros({ value.size(0), 1 }, out.gradient.options());
	for (const lookup *l : found) {
		out.gradient.index_add_(0, l->ids, l->rows);
		out.touched.index_fill_(0, l->ids, 1);
	}
	if (kept.whole[number])
		out.touched = at::Tensor();
	return out;
}

// Rows that were read more than once are summed without asking how many there are: after sorting, each row's first place holds its sum; the other places
// stand for the same row, untouched, and are given a copy of it in the end.
static table_gradient large_gradient(const resident_params &, size_t number, const std::vector<const lookup *> &found)
{
	std::vector<at::Tensor> ids, rows;
	for (const lookup *l : found) {
		ids.push_back(l->ids);
		rows.push_back(l->rows);
	}
	auto [sorted, order] = at::cat(ids).sort();
	at::Tensor all = at::cat(rows), first = at::ones({ sorted.size(0) }, sorted.options());
	first.slice(0, 1).copy_(sorted.slice(0, 1).ne(sorted.slice(0, 0, -1)));
	at::Tensor place = first.cumsum(0).sub_(1); // which of the rows read, by number
	table_gradient out{ number, {}, {}, {} };
	out.gradient = at::zeros_like(all).index_add_(0, place, all.index_select(0, order));
	out.rows = sorted.slice(0, 0, 1).expand_as(sorted).clone().index_copy_(0, place, sorted);
	out.touched = at::zeros({ sorted.size(0), 1 }, all.options()).index_fill_(0, place, 1);
	return out;
}

static std::vector<table_gradient> table_gradients(runtime *rt, const resident_params &kept)
{
	std::vector<table_gradient> out;
	for (size_t i = 0; i < kept.value.size(); i++) {
		std::vector<const lookup *> found;
		for (const lookup &l : kept.lookups)
			if (l.table->number == i && l.rows.size(0))
				found.push_back(&l);
		if (front->params_get(rt->list, i)->kind != PARAM_TABLE || (found.empty() && !kept.whole[i]))
			continue;
		bool small = kept.whole[i] || static_cast<size_t>(kept.value[i].size(0)) <= small_table;
		out.push_back((small ? small_gradient : large_gradient)(kept, i, found));
	}
	return out;
}

static at::Tensor square_of(const at::Tensor &gradient)
{
	return at::linalg_vector_norm(gradient, 2, at::OptionalIntArrayRef(), false, at::kDouble).square();
}

static at::Tensor global_norm(const std::vector<at::Tensor> &dense, const std::vector<table_gradient> &tables)
{
	std::vector<at::Tensor> squares;
	for (const at::Tensor &gradient : dense)
		squares.push_back(square_of(gradient));
	for (const table_gradient &t : tables)
		squares.push_back(square_of(t.gradient));
	return at::stack(squares).sum().sqrt();
}

// What the step counts as, and the factors of it; keeps the statistics.
static update_factors factors_of(resident_params &kept, const at::Tensor &norm)
{
	const adam &a = kept.settings;
	at::Tensor stats = kept.stats.clone(), alive = stats[STAT_IN_ROW].lt(static_cast<double>(a.skips_most)).to(at::kDouble);
	at::Tensor good = alive * at::isfinite(norm) * at::isfinite(kept.loss), skipped = alive - good;
	kept.stats.copy_(at::stack({ stats[STAT_LOSS_SUM] + at::where(good.gt(0), kept.loss, 0.0), stats[STAT_UPDATES] + good, stats[STAT_SKIPPED] + skipped,
		at::where(good.gt(0), 0.0, stats[STAT_IN_ROW] + skipped), stats[STAT_BEHIND] + 1 - alive, at::where(alive.gt(0), kept.loss, stats[STAT_LOSS]),
		at::where(alive.gt(0), norm, stats[STAT_NORM]) }));
	kept.step.add_(good);
	kept.steps.copy_(kept.step);
	at::Tensor step = kept.step.clamp_min(1), beta1 = at::full_like(step, a.beta1), beta2 = at::full_like(step, a.beta2);
	update_factors f;
	f.good = good.to(at::kFloat);
	f.clip = (a.clip > 0 ? (a.clip / norm).clamp_max(1) : at::ones_like(norm)).to(at::kFloat);
	f.rate = (kept.rate / (1 - beta1.pow(step))).to(at::kFloat);
	f.root = (1 / (1 - beta2.pow(step)).sqrt()).to(at::kFloat);
	f.first = f.good * (1 - a.beta1);
	f.second = f.good * (1 - a.beta2);
	return f;
}

// The formula of optimizer.c on rows; tables do not decay.
static void rows_update(const update_factors &f, double epsilon, const table_gradient &t, at::Tensor &value, at::Tensor &mean, at::Tensor &square)
{
	at::Tensor on = t.touched.defined() ? f.good * t.touched : f.good;
	at::Tensor gradient = at::where(on.gt(0), t.gradient * f.clip, 0.0);
	at::Tensor share = t.touched.defined() ? t.touched : at::ones_like(f.good);
	mean.add_((gradient - mean) * (f.first * share));
	square.add_((gradient.square() - square) * (f.second * share));
	value.sub_(mean / (square.sqrt() * f.root + epsilon) * (f.rate * on));
}

static void table_update(resident_params &kept, const table_gradient &t, const update_factors &f)
{
	at::Tensor value = kept.value[t.number].detach();
	if (!t.rows.defined()) {
		rows_update(f, kept.settings.epsilon, t, value, kept.mean[t.number], kept.square[t.number]);
		return;
	}
	at::Tensor *const all[] = { &value, &kept.mean[t.number], &kept.square[t.number] };
	at::Tensor some[3], before[3];
	for (int i = 0; i < 3; i++)
		before[i] = (some[i] = all[i]->index_select(0, t.rows)).clone();
	rows_update(f, kept.settings.epsilon, t, some[0], some[1], some[2]);
	for (int i = 0; i < 3; i++) // a change is added once: in untouched places it is zero
		all[i]->index_add_(0, t.rows, (some[i] - before[i]) * t.touched);
}

static void dense_update(runtime *rt, resident_params &kept, const std::vector<size_t> &numbers, const update_factors &f)
{
	adam_group decayed{}, plain{};
	for (adam_group *group : { &decayed, &plain }) {
		group->beta1 = kept.settings.beta1;
		group->beta2 = kept.settings.beta2;
		group->epsilon = kept.settings.epsilon;
	}
	decayed.weight_decay = kept.settings.weight_decay;
	for (size_t i : numbers) {
		adam_group &group = front->params_get(rt->list, i)->kind == PARAM_WEIGHT ? decayed : plain;
		group.value.push_back(kept.value[i].detach());
		group.gradient.push_back(kept.value[i].grad());
		group.mean.push_back(kept.mean[i]);
		group.square.push_back(kept.square[i]);
		group.steps.push_back(kept.steps);
	}
	at::Tensor rate = kept.rate.to(at::kFloat), skip = 1 - f.good;
	for (adam_group *group : { &decayed, &plain }) {
		scale_all(group->gradient, f.clip);
		adam_update(*group, rate, skip);
	}
}

// From the gradients since the last update, by the step size in kept.rate.
static void update_run(runtime *rt, resident_params &kept)
{
	std::vector<size_t> numbers;
	std::vector<at::Tensor> dense;
	for (size_t i = 0; i < kept.value.size(); i++)
		if (front->params_get(rt->list, i)->kind != PARAM_TABLE) {
			numbers.push_back(i);
			dense.push_back(kept.value[i].grad());
		}
	std::vector<table_gradient> tables = table_gradients(rt, kept);
	update_factors f = factors_of(kept, global_norm(dense, tables));
	dense_update(rt, kept, numbers, f);
	for (const table_gradient &t : tables)
		table_update(kept, t, f);
	for (at::Tensor &gradient : dense)
		gradient.zero_();
	for (const table_gradient &t : tables)
		kept.value[t.number].mutable_grad() = at::Tensor();
	kept.lookups.clear();
	kept.whole.assign(kept.whole.size(), false);
	kept.loss.zero_();
}

bool aten_update(runtime *rt, double rate)
{
	return attempted(rt, "update", [&] {
		aten_state *state = state_of(rt);
		resident_params &kept = *state->resident;
		if (state->recording) {
			update_run(rt, kept);
			recording_end(rt);
		}
		kept.rate.fill_(rate);
		if (state->repeating)
			device_services()->replay(state->repeating->graph);
		else
			update_run(rt, kept);
	});
}

// ---- back to the host ----

bool aten_told(runtime *rt, updates_told *out)
{
	return attempted(rt, "told", [&] {
		at::Tensor stats = state_of(rt)->resident->stats, read = on_host(rt, stats).contiguous();
		const double *s = read.data_ptr<double>();
		*out = { s[STAT_LOSS_SUM], static_cast<uint64_t>(s[STAT_UPDATES]), static_cast<uint64_t>(s[STAT_SKIPPED]), static_cast<uint64_t>(s[STAT_IN_ROW]),
			static_cast<uint64_t>(s[STAT_BEHIND]), s[STAT_LOSS], s[STAT_NORM] };
		stats.slice(0, STAT_LOSS_SUM, STAT_IN_ROW).zero_();
		stats.select(0, STAT_BEHIND).zero_();
	});
}

static void fetch_into(runtime *rt, const at::Tensor &from, real *to)
{
	at::Tensor read = on_host(rt, from).contiguous();
	std::copy_n(read.data_ptr<float>(), read.numel(), to);
}

bool aten_fetch(runtime *rt, adam *to)
{
	return attempted(rt, "fetch", [&] {
		const resident_params &kept = *state_of(rt)->resident;
		for (size_t i = 0; i < kept.value.size(); i++) {
			fetch_into(rt, kept.value[i], front->params_get(rt->list, i)->value);
			if (!to)
				continue;
			fetch_into(rt, kept.mean[i], to->mean[i]);
			fetch_into(rt, kept.square[i], to->square[i]);
		}
		if (to)
			to->step = static_cast<uint64_t>(on_host(rt, kept.step).item<double>());
	});
}
