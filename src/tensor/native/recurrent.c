/* recurrent.c - RNN, GRU and LSTM layers over the sequences of a pack. The products with W are made for all events at once; those with U step by step,
 * for all sequences that are still running: they are taken from the longest to the shortest, so the running ones come first. */
#include <stdlib.h>
#include <string.h>

#include "tensor/native/native.h"

typedef struct {
	node head;
	cell kind;
	tensor *x;
	const param *w, *u, *w_bias, *u_bias;
	const spans *sequences;
	size_t width, gates;   /* D, G*D */
	const uint32_t **order; /* where the start of each sequence is, longest sequence first */
	size_t running;        /* sequences that are not empty */
	real *activated;       /* (T,G*D) */
	real *kept;            /* (T,D), see cell_step */
	const real *zero;      /* (D) */
} recurrent;

static size_t length_of(const uint32_t *start)
{
	return start[1] - start[0];
}

static int longer_first(const void *a, const void *b)
{
	const uint32_t *x = *(const uint32_t *const *)a, *y = *(const uint32_t *const *)b;
	if (length_of(x) != length_of(y))
		return length_of(x) > length_of(y) ? -1 : 1;
	return (x > y) - (x < y);
}

static void order_sequences(recurrent *r, arena *memory)
{
	const spans *s = r->sequences;
	r->order = arena_alloc(memory, (s->count + 1) * sizeof *r->order);
	for (size_t i = 0; i < s->count; i++)
		r->order[i] = s->starts + i;
	qsort(r->order, s->count, sizeof *r->order, longer_first);
	while (r->running < s->count && length_of(r->order[r->running]) > 0)
		r->running++;
}

/* How many sequences have an event number `time`. */
static size_t running_at(const recurrent *r, size_t time)
{
	size_t count = r->running;
	while (count && length_of(r->order[count - 1]) <= time)
		count--;
	return count;
}

static cell_step step_at(const recurrent *r, size_t place, size_t time, real *pushed)
{
	size_t event = *r->order[place] + time, d = r->width;
	tensor *out = r->head.out;
	return (cell_step){ .kind = r->kind, .width = d, .gates = r->activated + event * r->gates, .recurrent = pushed + place * r->gates,
		.h_before = time ? out->value + (event - 1) * d : r->zero, .c_before = time ? r->kept + (event - 1) * d : r->zero, .kept = r->kept + event * d,
		.h = out->value + event * d };
}

/* ---- forward ---- */

static void steps_forward(native *n, const recurrent *r)
{
	size_t d = r->width, size = packed_size(n, d, r->gates);
	real *u = buffer_take(n, size), *state = buffer_zero(n, r->running * d), *pushed = buffer_take(n, r->running * r->gates);
	n->k->pack(r->u->value, r->gates, false, d, r->gates, u);
	for (size_t time = 0; time < r->sequences->longest; time++) {
		size_t count = running_at(r, time);
		product p = { .m = count, .n = r->gates, .k = d, .a = state, .lda = d, .b = u, .b_rows = d, .c = pushed, .ldc = r->gates, .bias = r->u_bias->value };
		n->k->multiply(&p);
		for (size_t i = 0; i < count; i++) {
			cell_step s = step_at(r, i, time, pushed);
			n->k->cell(&s);
			memcpy(state + i * d, s.h, d * sizeof *state);
		}
	}
	buffer_give(n, u, size);
	buffer_give(n, state, r->running * d);
	buffer_give(n, pushed, r->running * r->gates);
}

/* ---- backward ---- */

/* The gradient of each event's xW + b into `activated`; of its hU + b the same but for GRU's n, which is in `kept`. */
static void steps_backward(native *n, const recurrent *r)
{
	size_t d = r->width, size = packed_size(n, r->gates, d);
	real *u = buffer_take(n, size), *dh = buffer_zero(n, r->running * d), *dc = buffer_zero(n, r->running * d);
	real *pushed = buffer_take(n, r->running * r->gates);
	n->k->pack(r->u->value, r->gates, true, r->gates, d, u);
	for (size_t time = r->sequences->longest; time-- > 0;) {
		size_t count = running_at(r, time);
		for (size_t i = 0; i < count; i++) {
			cell_step s = step_at(r, i, time, pushed);
			s.dh = dh + i * d;
			s.dc = dc + i * d;
			n->k->add(s.dh, r->head.out->gradient + (*r->order[i] + time) * d, d);
			n->k->cell_gradient(&s);
		}
		product p = { .m = count, .n = d, .k = r->gates, .a = pushed, .lda = r->gates, .b = u, .b_rows = r->gates, .c = dh, .ldc = d, .accumulate = true };
		n->k->multiply(&p);
	}
	buffer_give(n, u, size);
	buffer_give(n, dh, r->running * d);
	buffer_give(n, dc, r->running * d);
	buffer_give(n, pushed, r->running * r->gates);
}

/* (T,D): the state before each event. */
static real *states_before(native *n, const recurrent *r)
{
	size_t d = r->width;
	real *before = buffer_zero(n, r->x->rows * d);
	for (size_t s = 0; s < r->sequences->count; s++) {
		size_t start = r->sequences->starts[s], length = r->sequences->starts[s + 1] - start;
		if (length > 1)
			memcpy(before + (start + 1) * d, r->head.out->value + start * d, (length - 1) * d * sizeof *before);
	}
	return before;
}

static void parameters_backward(native *n, const recurrent *r)
{
	lane *l = n->rt->gradients;
	size_t d = r->width, events = r->x->rows, shared = r->kind == CELL_GRU ? 2 * d : r->gates; /* columns where both products have one gradient */
	real *sums = buffer_zero(n, r->gates), *before = states_before(n, r);
	n->k->column_sums(sums, r->activated, events, r->gates);
	n->k->add(lane_whole(l, r->w_bias), sums, r->gates);
	n->k->add(lane_whole(l, r->u_bias), sums, shared);
	product w = { .m = r->x->cols, .n = r->gates, .k = events, .a = r->x->value, .lda = r->x->cols, .a_transposed = true,
		.c = lane_whole(l, r->w), .ldc = r->gates, .accumulate = true };
	native_multiply(n, w, r->activated, r->gates, false);
	product u = { .m = d, .n = shared, .k = events, .a = before, .lda = d, .a_transposed = true, .c = lane_whole(l, r->u), .ldc = r->gates,
		.accumulate = true };
	native_multiply(n, u, r->activated, r->gates, false);
	if (r->kind == CELL_GRU) {
		n->k->column_sums(lane_whole(l, r->u_bias) + shared, r->kept, events, d);
		u.n = d;
		u.c += shared;
		native_multiply(n, u, r->kept, d, false);
	}
	buffer_give(n, sums, r->gates);
	buffer_give(n, before, events * d);
}

static void recurrent_backward(native *n, node *base)
{
	recurrent *r = (recurrent *)base;
	size_t events = r->x->rows;
	steps_backward(n, r);
	parameters_backward(n, r);
	bool accumulate;
	real *to = gradient_target(n, r->x, &accumulate);
	product x = { .m = events, .n = r->x->cols, .k = r->gates, .a = r->activated, .lda = r->gates, .c = to, .ldc = r->x->cols, .accumulate = accumulate };
	if (to)
		native_multiply(n, x, r->w->value, r->gates, true);
	buffer_give(n, r->activated, events * r->gates);
	buffer_give(n, r->kept, events * r->width);
}

tensor *native_recurrent(cell kind, tensor *x, const param *w, const param *u, const param *w_bias, const param *u_bias, const spans *sequences)
{
	native *n = native_of(x);
	bool record = x->rt->gradients != NULL;
	recurrent plain = { 0 }, *r = record ? node_new(n, sizeof *r, recurrent_backward, NULL) : &plain;
	tensor *out = native_result(x->rt, x->rows, u->rows, true);
	*r = (recurrent){ .head = r->head, .kind = kind, .x = x, .w = w, .u = u, .w_bias = w_bias, .u_bias = u_bias, .sequences = sequences,
		.width = u->rows, .gates = u->cols };
	r->head.out = out;
	order_sequences(r, x->rt->memory);
	r->activated = buffer_take(n, x->rows * r->gates);
	r->kept = buffer_take(n, x->rows * r->width);
	r->zero = buffer_zero(n, r->width);
	product p = { .m = x->rows, .n = r->gates, .k = x->cols, .a = x->value, .lda = x->cols, .c = r->activated, .ldc = r->gates, .bias = w_bias->value };
	native_multiply(n, p, w->value, r->gates, false);
	steps_forward(n, r);
	if (!record) {
		buffer_give(n, r->activated, x->rows * r->gates);
		buffer_give(n, r->kept, x->rows * r->width);
	}
	return out;
}
