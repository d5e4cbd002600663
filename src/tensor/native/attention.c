/* attention.c - softmax(QK^T / sqrt(D/H)) V within each sequence and head (Vaswani et al. 2017, equation 1).
 * Worked in blocks of query rows against the keys they may see, so that the upper causal half is never computed. Weights are not kept: the gradient
 * computes them again from the scores and the logarithm of each row's sum (as Dao et al. 2022 do). A bias by time is added to a score before the softmax
 * (Zhai et al. 2024). */
#include <math.h>

#include "tensor/native/native.h"

enum { BLOCK = 32 /* query rows worked at once */ };

typedef struct {
	node head;
	tensor *qkv;
	const spans *sequences;
	size_t heads;
	visibility see;
	dropout drop;
	attention_times timed;
	real *log_sums; /* (T,H) */
} attention;

/* One sequence and head: where its parts lie, what is packed of them, and room for a block. */
typedef struct {
	native *n;
	const attention *a;
	size_t start, length, head, width; /* width = D/H */
	size_t ld;                         /* 3D: distance between rows of q, k, v */
	const real *q, *k, *v;
	real scale;
	size_t padded;                     /* length of a row of scores */
	real *keys_t, *values, *values_t, *keys; /* packed */
	real *scores, *slopes, *mask, *block;
} part;

static size_t block_sees(const part *p, size_t first, size_t rows)
{
	return p->a->see == SEE_PAST ? first + rows : p->length;
}

static size_t row_sees(const part *p, size_t row)
{
	return p->a->see == SEE_PAST ? row + 1 : p->length;
}

/* Room for the longest sequence, used for all. */
static void part_open(part *p, native *n, const attention *a, bool gradient)
{
	size_t width = a->qkv->cols / 3 / a->heads, longest = a->sequences->longest;
	*p = (part){ .n = n, .a = a, .width = width, .ld = a->qkv->cols, .scale = (real)(1 / sqrt((double)width)) };
	p->padded = packed_size(n, 1, longest);
	p->keys_t = buffer_take(n, packed_size(n, width, longest));
	p->scores = buffer_take(n, BLOCK * p->padded);
	p->mask = buffer_take(n, p->padded + DROPOUT_GROUP);
	p->values = gradient ? NULL : buffer_take(n, packed_size(n, longest, width));
	if (!gradient)
		return;
	p->values_t = buffer_take(n, packed_size(n, width, longest));
	p->keys = buffer_take(n, packed_size(n, longest, width));
	p->slopes = buffer_take(n, BLOCK * p->padded);
	p->block = buffer_take(n, packed_size(n, BLOCK, width));
}

static void part_close(part *p)
{
	size_t longest = p->a->sequences->longest;
	buffer_give(p->n, p->keys_t, packed_size(p->n, p->width, longest));
	buffer_give(p->n, p->scores, BLOCK * p->padded);
	buffer_give(p->n, p->mask, p->padded + DROPOUT_GROUP);
	buffer_give(p->n, p->values, packed_size(p->n, longest, p->width));
	buffer_give(p->n, p->values_t, packed_size(p->n, p->width, longest));
	buffer_give(p->n, p->keys, packed_size(p->n, longest, p->width));
	buffer_give(p->n, p->slopes, BLOCK * p->padded);
	buffer_give(p->n, p->block, packed_size(p->n, BLOCK, p->width));
}

static void part_place(part *p, size_t sequence, size_t head)
{
	const uint32_t *starts = p->a->sequences->starts;
	const kernels *k = p->n->k;
	p->start = starts[sequence];
	p->length = starts[sequence + 1] - p->start;
	p->head = head;
	p->q = p->a->qkv->value + p->start * p->ld + head * p->width;
	p->k = p->q + p->ld / 3;
	p->v = p->k + p->ld / 3;
	p->padded = packed_size(p->n, 1, p->length);
	k->pack(p->k, p->ld, true, p->width, p->length, p->keys_t);
	if (p->values)
		k->pack(p->v, p->ld, false, p->length, p->width, p->values);
	if (p->values_t)
		k->pack(p->v, p->ld, true, p->width, p->length, p->values_t);
	if (p->keys)
		k->pack(p->k, p->ld, false, p->length, p->width, p->keys);
}

/* rows of `a` against packed keys or values: (rows, sees). */
static void block_scores(const part *p, const real *a, size_t lda, size_t rows, size_t sees, const real *packed, real *to)
{
	product m = { .m = rows, .n = sees, .k = p->width, .a = a, .lda = lda, .b = packed, .b_rows = p->width, .c = to, .ldc = p->padded, .padded = true };
	p->n->k->multiply(&m);
}

/* The mask of one row of weights, or NULL. */
static const real *row_mask(const part *p, size_t row, size_t sees)
{
	if (!p->a->drop.threshold)
		return NULL;
	p->n->k->mask(&p->a->drop, (p->start + row) * p->a->heads + p->head, p->a->sequences->longest, sees, p->mask);
	return p->mask;
}

/* Scores are multiplied by `scale` later, the bias is not meant to be. */
static void row_add_bias(const part *p, size_t row, size_t sees, real *scores)
{
	const attention_times *timed = &p->a->timed;
	if (!timed->bias)
		return;
	const real *bias = timed->bias->value + p->head * TIME_BUCKETS;
	const uint32_t *times = timed->times->values + p->start;
	for (size_t i = 0; i < sees; i++)
		scores[i] += bias[time_bucket(times[row], times[i])] / p->scale;
}

static void row_bias_gradient(const part *p, size_t row, size_t sees, const real *slopes)
{
	const attention_times *timed = &p->a->timed;
	if (!timed->bias)
		return;
	real *to = lane_touch(p->n->rt->gradients, timed->bias, p->head);
	const uint32_t *times = timed->times->values + p->start;
	for (size_t i = 0; i < sees; i++)
		to[time_bucket(times[row], times[i])] += slopes[i] / p->scale;
}

/* ---- forward ---- */

static void block_forward(const part *p, size_t first, size_t rows, real *out, real *log_sums)
{
	const kernels *k = p->n->k;
	size_t sees = block_sees(p, first, rows), ldo = p->ld / 3, padded = packed_size(p->n, 1, sees);
	block_scores(p, p->q + first * p->ld, p->ld, rows, sees, p->keys_t, p->scores);
	for (size_t row = 0; row < rows; row++) {
		real *weights = p->scores + row * p->padded;
		size_t seen = row_sees(p, first + row);
		row_add_bias(p, first + row, seen, weights);
		real log_sum = k->attend(weights, p->scale, seen, padded);
		if (log_sums)
			log_sums[(p->start + first + row) * p->a->heads + p->head] = log_sum;
		const real *mask = row_mask(p, first + row, seen);
		if (mask)
			k->mul(weights, weights, mask, seen);
	}
	product m = { .m = rows, .n = p->width, .k = sees, .a = p->scores, .lda = p->padded, .b = p->values, .b_rows = p->length,
		.c = out + (p->start + first) * ldo + p->head * p->width, .ldc = ldo };
	k->multiply(&m);
}

/* ---- backward ---- */

/* Scores become dropped weights, slopes the gradient of the scores. */
static void block_slopes(const part *p, size_t first, size_t rows, size_t sees, const real *dy)
{
	size_t ldo = p->ld / 3, padded = packed_size(p->n, 1, sees);
	block_scores(p, p->q + first * p->ld, p->ld, rows, sees, p->keys_t, p->scores);
	block_scores(p, dy, ldo, rows, sees, p->values_t, p->slopes);
	for (size_t row = 0; row < rows; row++) {
		size_t seen = row_sees(p, first + row);
		const real *mask = row_mask(p, first + row, seen);
		real log_sum = p->a->log_sums[(p->start + first + row) * p->a->heads + p->head];
		row_add_bias(p, first + row, seen, p->scores + row * p->padded);
		p->n->k->attend_gradient(p->scores + row * p->padded, p->slopes + row * p->padded, p->scale, log_sum, mask, seen, padded);
		row_bias_gradient(p, first + row, seen, p->slopes + row * p->padded);
	}
}

/* Adds weights^T rows (weights (rows, sees), rows as packed) to the gradient of keys or values. */
static void block_collect(const part *p, const real *weights, const real *from, size_t ld, size_t rows, size_t sees, real *to, bool accumulate)
{
	p->n->k->pack(from, ld, false, rows, p->width, p->block);
	product m = { .m = sees, .n = p->width, .k = rows, .a = weights, .lda = p->padded, .a_transposed = true, .b = p->block, .b_rows = rows,
		.c = to, .ldc = p->ld, .accumulate = accumulate };
	p->n->k->multiply(&m);
}

static void block_backward(const part *p, size_t first, size_t rows, real *to, bool accumulate, bool fresh)
{
	size_t sees = block_sees(p, first, rows), ldo = p->ld / 3;
	const real *dy = p->a->head.out->gradient + (p->start + first) * ldo + p->head * p->width;
	real *dq = to + p->start * p->ld + p->head * p->width, *dk = dq + ldo, *dv = dk + ldo;
	block_slopes(p, first, rows, sees, dy);
	block_collect(p, p->scores, dy, ldo, rows, sees, dv, accumulate || !fresh);
	block_collect(p, p->slopes, p->q + first * p->ld, p->ld, rows, sees, dk, accumulate || !fresh);
	product queries = { .m = rows, .n = p->width, .k = sees, .a = p->slopes, .lda = p->padded, .b = p->keys, .b_rows = p->length,
		.c = dq + first * p->ld, .ldc = p->ld, .accumulate = accumulate };
	p->n->k->multiply(&queries);
}

/* The last block sees every key, so it comes first: it writes what the others add to. */
static void part_backward(const part *p, real *to, bool accumulate)
{
	size_t blocks = (p->length + BLOCK - 1) / BLOCK;
	for (size_t b = blocks; b-- > 0;) {
		size_t first = b * BLOCK, rows = p->length - first < BLOCK ? p->length - first : BLOCK;
		block_backward(p, first, rows, to, accumulate, b + 1 == blocks);
	}
}

static void attention_backward(native *n, node *base)
{
	attention *a = (attention *)base;
	bool accumulate = false;
	real *to = gradient_target(n, a->qkv, &accumulate), *unwanted = to ? NULL : buffer_take(n, tensor_size(a->qkv)); /* the bias wants its gradient in any case */
	to = to ? to : unwanted;
	part p;
	part_open(&p, n, a, true);
	size_t room = p.padded;
	for (size_t s = 0; s < a->sequences->count; s++)
		for (size_t h = 0; h < a->heads && a->sequences->starts[s] < a->sequences->starts[s + 1]; h++) {
			part_place(&p, s, h);
			part_backward(&p, to, accumulate);
		}
	p.padded = room;
	part_close(&p);
	buffer_give(n, unwanted, tensor_size(a->qkv));
	buffer_give(n, a->log_sums, a->qkv->rows * a->heads);
}

tensor *native_attention(tensor *qkv, const spans *sequences, size_t heads, visibility see, dropout drop, attention_times timed)
{
	native *n = native_of(qkv);
	bool record = native_records(qkv->rt, qkv, NULL) || (timed.bias && qkv->rt->gradients);
	tensor *out = native_result(qkv->rt, qkv->rows, qkv->cols / 3, qkv->wants || timed.bias);
	attention plain = { 0 }, *a = record ? node_new(n, sizeof *a, attention_backward, out) : &plain;
	a->qkv = qkv;
	a->sequences = sequences;
	a->heads = heads;
	a->see = see;
	a->drop = drop;
	a->timed = timed;
	a->log_sums = record ? buffer_take(n, qkv->rows * heads) : NULL;
	part p;
	part_open(&p, n, a, false);
	size_t room = p.padded;
	for (size_t s = 0; s < sequences->count; s++)
		for (size_t h = 0; h < heads && sequences->starts[s] < sequences->starts[s + 1]; h++) {
			part_place(&p, s, h);
			for (size_t first = 0; first < p.length; first += BLOCK)
				block_forward(&p, first, p.length - first < BLOCK ? p.length - first : BLOCK, out->value, a->log_sums);
		}
	p.padded = room;
	part_close(&p);
	return out;
}
