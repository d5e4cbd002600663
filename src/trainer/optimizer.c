/* optimizer.c - AdamW: Kingma & Ba, ICLR 2015; decoupled decay: Loshchilov & Hutter, ICLR 2019. Moments of table rows change only when a row is touched ("lazy"). */
#include "optimizer.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;

optimizer *optimizer_new(params *list, double weight_decay, double clip)
{
	optimizer *o = xcalloc(1, sizeof *o);
	size_t count = params_count(list);
	*o = (optimizer){ .list = list, .weight_decay = weight_decay, .clip = clip };
	o->mean = xcalloc(count, sizeof *o->mean);
	o->square = xcalloc(count, sizeof *o->square);
	for (size_t i = 0; i < count; i++) {
		const param *p = params_get(list, i);
		o->mean[i] = xcalloc(p->rows * p->cols, sizeof **o->mean);
		o->square[i] = xcalloc(p->rows * p->cols, sizeof **o->square);
	}
	return o;
}

void optimizer_free(optimizer *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < params_count(o->list); i++) {
		free(o->mean[i]);
		free(o->square[i]);
	}
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

/* Calls nothing for rows that were not touched. */
static double gradient_norm(const optimizer *o, lane *sum)
{
	double square = 0;
	for (size_t i = 0; i < params_count(o->list); i++) {
		const param *p = params_get(o->list, i);
		const uint32_t *rows;
		size_t touched = lane_touched(sum, p, &rows);
		for (size_t r = 0; r < touched; r++)
			square += row_square(lane_row(sum, p, rows ? rows[r] : r), p->cols);
	}
	return sqrt(square);
}

typedef struct {
	real rate, decay, scale;          /* step size with bias correction; share of the weight that decays; gradient factor */
	real first, second, root, least;  /* 1 - beta1, 1 - beta2, 1 / sqrt(bias correction of the square), epsilon */
} update;

static void update_row(const update *u, const real *restrict g, real *restrict w, real *restrict m, real *restrict v, size_t cols)
{
	for (size_t j = 0; j < cols; j++) {
		real gradient = g[j] * u->scale;
		m[j] += u->first * (gradient - m[j]);
		v[j] += u->second * (gradient * gradient - v[j]);
		w[j] -= u->decay * w[j] + u->rate * m[j] / (sqrtf(v[j]) * u->root + u->least);
	}
}

double optimizer_step(optimizer *o, lane *sum, double learning_rate)
{
	double norm = gradient_norm(o, sum);
	if (!isfinite(norm))
		return norm;
	double step = (double)++o->step;
	update u = {
		.rate = (real)(learning_rate / (1 - pow(beta1, step))),
		.scale = (real)(o->clip > 0 && norm > o->clip ? o->clip / norm : 1),
		.first = (real)(1 - beta1),
		.second = (real)(1 - beta2),
		.root = (real)(1 / sqrt(1 - pow(beta2, step))),
		.least = (real)epsilon,
	};
	for (size_t i = 0; i < params_count(o->list); i++) {
		const param *p = params_get(o->list, i);
		const uint32_t *rows;
		size_t touched = lane_touched(sum, p, &rows);
		u.decay = p->kind == PARAM_WEIGHT ? (real)(learning_rate * o->weight_decay) : 0;
		for (size_t r = 0; r < touched; r++) {
			size_t row = rows ? rows[r] : r, at = row * p->cols;
			const real *g = lane_row(sum, p, row);
			if (g)
				update_row(&u, g, p->value + at, o->mean[i] + at, o->square[i] + at, p->cols);
		}
	}
	return norm;
}
