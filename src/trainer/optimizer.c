/* optimizer.c - AdamW: Kingma & Ba, ICLR 2015; decoupled decay: Loshchilov & Hutter, ICLR 2019. Moments of table rows change only when a row is touched ("lazy");
 * "exact" has the rows go on by what is left of their moments, beta^age of them, until that is below rounding. */
#include "optimizer.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;

enum {
	FADED = 160, /* steps: beta1^160 is 5e-8, below the rounding of what a step has changed */
	PART_ELEMENTS = 1 << 14, PARTS_SHARED = 4
};

optimizer *optimizer_new(params *list, double weight_decay, double clip)
{
	optimizer *o = xcalloc(1, sizeof *o);
	size_t count = params_count(list);
	*o = (optimizer){ .list = list, .weight_decay = weight_decay, .clip = clip, .adam = adam_choose() };
	o->mean = xcalloc(count, sizeof *o->mean);
	o->square = xcalloc(count, sizeof *o->square);
	for (size_t i = 0; i < count; i++) {
		const param *p = params_get(list, i);
		o->mean[i] = xcalloc(p->rows * p->cols, sizeof **o->mean);
		o->square[i] = xcalloc(p->rows * p->cols, sizeof **o->square);
	}
	return o;
}

void optimizer_make_exact(optimizer *o)
{
	o->table = xcalloc(params_count(o->list) + 1, sizeof *o->table);
	for (size_t i = 0; i < params_count(o->list); i++) {
		size_t rows = params_get(o->list, i)->rows;
		if (params_get(o->list, i)->kind == PARAM_TABLE)
			o->table[i] = (table_rows){ .touched = xcalloc(rows, sizeof(uint32_t)), .active = xcalloc(rows, sizeof(uint32_t)), .listed = xcalloc(rows, sizeof(bool)) };
	}
}

static void row_list(table_rows *t, uint32_t row)
{
	if (!t->listed[row])
		t->active[t->count++] = row;
	t->listed[row] = true;
}

real *optimizer_ages(const optimizer *o, size_t number)
{
	const table_rows *t = o->table ? &o->table[number] : NULL;
	if (!t || !t->touched)
		return NULL;
	size_t rows = params_get(o->list, number)->rows;
	real *ages = xcalloc(rows, sizeof *ages);
	for (size_t row = 0; row < rows; row++)
		ages[row] = t->touched[row] ? (real)(o->step - t->touched[row]) : -1;
	return ages;
}

void optimizer_set_ages(optimizer *o, size_t number, const real *ages)
{
	table_rows *t = &o->table[number];
	t->count = 0;
	for (uint32_t row = 0; t->touched && row < params_get(o->list, number)->rows; row++) {
		t->listed[row] = false;
		t->touched[row] = !ages ? (uint32_t)o->step : ages[row] >= 0 && (double)ages[row] <= (double)o->step ? (uint32_t)(o->step - (uint64_t)ages[row]) : 0;
		if (t->touched[row])
			row_list(t, row);
	}
}

void optimizer_free(optimizer *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < params_count(o->list); i++) {
		if (o->table) {
			free(o->table[i].touched);
			free(o->table[i].active);
			free(o->table[i].listed);
		}
		free(o->mean[i]);
		free(o->square[i]);
	}
	free(o->table);
	free(o->part);
	free(o->row_square);
	free(o->mean);
	free(o->square);
	free(o);
}

adam optimizer_state(const optimizer *o)
{
	return (adam){ .mean = o->mean, .square = o->square, .step = o->step, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon, .weight_decay = o->weight_decay, .clip = o->clip };
}

/* Eight sums side by side, so that an addition need not wait for the one before; the same on every CPU. */
static double row_square(const real *g, size_t cols)
{
	double sum[8] = { 0 };
	size_t even = g ? cols - cols % 8 : 0;
	for (size_t j = 0; j < even; j += 8)
		for (size_t k = 0; k < 8; k++)
			sum[k] += (double)g[j + k] * (double)g[j + k];
	for (size_t j = even; g && j < cols; j++)
		sum[j - even] += (double)g[j] * (double)g[j];
	return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

/* ---- parts: rows are independent, so that each is one thread's ---- */

typedef struct {
	optimizer *o;
	lane *sum;
	adam_step u;
} job;

static void parts_add(optimizer *o, size_t number, const uint32_t *rows, size_t count, size_t cols)
{
	size_t most = PART_ELEMENTS / cols + 1;
	for (size_t first = 0; first < count; first += most) {
		size_t some = count - first < most ? count - first : most;
		o->part = xgrow(o->part, &o->part_capacity, o->part_count + 1, sizeof *o->part);
		o->part[o->part_count++] = (optimizer_part){ .number = number, .first = first, .count = some, .rows = rows, .at = o->rows };
		o->rows += some;
	}
}

static void parts_make(optimizer *o, lane *sum)
{
	o->part_count = o->rows = 0;
	for (size_t i = 0; i < params_count(o->list); i++) {
		const param *p = params_get(o->list, i);
		const uint32_t *rows;
		size_t touched = lane_touched(sum, p, &rows);
		parts_add(o, i, rows, touched, p->cols);
	}
	o->row_square = xgrow(o->row_square, &o->row_capacity, o->rows + 1, sizeof *o->row_square);
}

/* A few parts are done before another thread is awake. */
static void parts_run(job *j, thread_work *work)
{
	optimizer *o = j->o;
	if (o->pool && o->part_count >= PARTS_SHARED)
		thread_pool_run(o->pool, o->part_count, work, j);
	else
		for (size_t i = 0; i < o->part_count; i++)
			work(j, i, 0);
}

static size_t part_row(const optimizer_part *part, size_t k)
{
	return part->rows ? part->rows[part->first + k] : part->first + k;
}

static void part_square(void *context, size_t number, unsigned thread)
{
	const job *j = context;
	const optimizer_part *part = &j->o->part[number];
	const param *p = params_get(j->o->list, part->number);
	(void)thread;
	for (size_t k = 0; k < part->count; k++)
		j->o->row_square[part->at + k] = row_square(lane_row(j->sum, p, part_row(part, k)), p->cols);
}

static double gradient_norm(job *j)
{
	double square = 0;
	parts_run(j, part_square);
	for (size_t i = 0; i < j->o->rows; i++)
		square += j->o->row_square[i];
	return sqrt(square);
}

/* ---- exact ---- */

static void row_fade(real *restrict m, real *restrict v, real first, real second, size_t cols)
{
	for (size_t j = 0; j < cols; j++) {
		m[j] *= first;
		v[j] *= second;
	}
}

/* A step without a gradient; the moments stay as they are kept. first, second: what is left of them, beta^age. */
static void row_coast(const adam_step *u, real *restrict w, const real *restrict m, const real *restrict v, real first, real second, size_t cols)
{
	for (size_t j = 0; j < cols; j++)
		w[j] -= u->decay * w[j] + u->rate * (m[j] * first) / (sqrtf(v[j] * second) * u->root + u->least);
}

/* Before a row's update: its moments come up to the step before. */
static void row_catch_up(const optimizer *o, size_t number, size_t row, size_t cols)
{
	uint32_t touched = o->table[number].touched[row];
	double missed = touched ? (double)(o->step - 1 - touched) : 0;
	if (missed > 0)
		row_fade(o->mean[number] + row * cols, o->square[number] + row * cols, (real)pow(beta1, missed), (real)pow(beta2, missed), cols);
}

static void rows_note(optimizer *o, const optimizer_part *part)
{
	table_rows *t = &o->table[part->number];
	for (size_t k = 0; t->touched && k < part->count; k++) {
		t->touched[part_row(part, k)] = (uint32_t)o->step;
		row_list(t, (uint32_t)part_row(part, k));
	}
}

/* After the updates: rows without a gradient in this step. */
static void rows_coast(optimizer *o, size_t number, const adam_step *u, const real first[FADED + 1], const real second[FADED + 1])
{
	table_rows *t = &o->table[number];
	const param *p = params_get(o->list, number);
	size_t kept = 0;
	for (size_t k = 0; k < t->count; k++) {
		uint32_t row = t->active[k];
		uint64_t age = o->step - t->touched[row];
		size_t at = row * p->cols;
		t->listed[row] = age < FADED;
		if (age && age <= FADED)
			row_coast(u, p->value + at, o->mean[number] + at, o->square[number] + at, first[age], second[age], p->cols);
		if (t->listed[row])
			t->active[kept++] = row;
	}
	t->count = kept;
}

static void tables_coast(optimizer *o, adam_step u)
{
	for (size_t i = 0; i < o->part_count; i++)
		rows_note(o, &o->part[i]);
	real first[FADED + 1], second[FADED + 1];
	for (int age = 0; age <= FADED; age++) {
		first[age] = (real)pow(beta1, age);
		second[age] = (real)pow(beta2, age);
	}
	u.decay = 0;
	for (size_t i = 0; i < params_count(o->list); i++)
		if (o->table[i].touched)
			rows_coast(o, i, &u, first, second);
}

/* ---- the step ---- */

static void part_update(void *context, size_t number, unsigned thread)
{
	const job *j = context;
	const optimizer *o = j->o;
	const optimizer_part *part = &o->part[number];
	const param *p = params_get(o->list, part->number);
	adam_step u = j->u;
	u.decay = p->kind == PARAM_WEIGHT ? j->u.decay : 0;
	(void)thread;
	for (size_t k = 0; k < part->count; k++) {
		size_t row = part_row(part, k), at = row * p->cols;
		const real *g = lane_row(j->sum, p, row);
		if (part->rows && o->table)
			row_catch_up(o, part->number, row, p->cols);
		if (g)
			o->adam(&u, g, p->value + at, o->mean[part->number] + at, o->square[part->number] + at, p->cols);
	}
}

double optimizer_step(optimizer *o, lane *sum, double learning_rate)
{
	job j = { .o = o, .sum = sum };
	parts_make(o, sum);
	double norm = gradient_norm(&j);
	if (!isfinite(norm))
		return norm;
	double step = (double)++o->step;
	j.u = (adam_step){
		.rate = (real)(learning_rate / (1 - pow(beta1, step))),
		.decay = (real)(learning_rate * o->weight_decay),
		.scale = (real)(o->clip > 0 && norm > o->clip ? o->clip / norm : 1),
		.first = (real)(1 - beta1),
		.second = (real)(1 - beta2),
		.root = (real)(1 / sqrt(1 - pow(beta2, step))),
		.least = (real)epsilon,
	};
	parts_run(&j, part_update);
	if (o->table)
		tables_coast(o, j.u);
	return norm;
}
