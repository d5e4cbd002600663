/* profile.c - a table of operations that times those of the backend behind it and counts the floating-point operations of their products: a backward pass
 * costs twice the forward one. */
#include <stddef.h>

#include "seqrec/thread.h"
#include "tensor/front.h"

static const char *const names[PROFILE_KINDS] = { "products", "attention", "recurrent", "norm", "loss", "embedding", "elements" };

const char *profile_name(profile_kind kind)
{
	return names[kind];
}

void runtime_profile(runtime *rt, profile *into)
{
	rt->profiled = into;
	rt->ops = into ? &profile_backend : rt->inner;
}

/* Starts an operation of a kind; `products`: multiplications and additions of its forward pass. */
static double enter(runtime *rt, profile_kind kind, double products)
{
	rt->kind = kind;
	rt->profiled->operations[kind] += products * (rt->trains ? 3 : 1);
	return clock_seconds();
}

static void leave(runtime *rt, double started)
{
	runtime_wait(rt); /* a device works behind the host's back */
	rt->profiled->seconds[rt->kind] += clock_seconds() - started;
}

#define TIMED(rt, kind, products, call) \
	double started = enter(rt, kind, products); \
	tensor *made = (rt)->inner->call; \
	leave(rt, started); \
	return made

#define TIMED_LOSS(rt, products, call) \
	double started = enter(rt, PROFILE_LOSS, products); \
	(rt)->inner->call; \
	leave(rt, started)

static double product_of(size_t m, size_t n, size_t k)
{
	return 2.0 * (double)m * (double)n * (double)k;
}

/* ---- the backend itself ---- */

static const char *describe(const runtime *rt)
{
	return rt->inner->describe(rt);
}

static void begin(runtime *rt)
{
	rt->inner->begin(rt);
}

static bool backward(runtime *rt)
{
	return rt->inner->backward(rt);
}

static size_t bytes(const runtime *rt)
{
	return rt->inner->bytes(rt);
}

static bool index_made(runtime *rt, index_array *index)
{
	return rt->inner->index_made(rt, index);
}

static bool spans_made(runtime *rt, spans *sequences)
{
	return rt->inner->spans_made(rt, sequences);
}

static bool read_values(const tensor *x, float *out)
{
	return x->rt->inner->read(x, out);
}

static void release(tensor *x)
{
	x->rt->inner->release(x);
}

/* ---- operations ---- */

static tensor *input(runtime *rt, const float *values, size_t rows, size_t cols)
{
	TIMED(rt, PROFILE_ELEMENTS, 0, input(rt, values, rows, cols));
}

static tensor *embedding(runtime *rt, const param *table, const index_array *ids, real scale)
{
	TIMED(rt, PROFILE_EMBEDDING, 0, embedding(rt, table, ids, scale));
}

static tensor *embedding_bag(runtime *rt, const param *table, const index_array *ids, const spans *bags, bool mean)
{
	TIMED(rt, PROFILE_EMBEDDING, 0, embedding_bag(rt, table, ids, bags, mean));
}

static tensor *parameter(runtime *rt, const param *p)
{
	TIMED(rt, PROFILE_EMBEDDING, 0, parameter(rt, p));
}

static tensor *dense(tensor *x, const param *w, const param *bias, activation act, dropout drop)
{
	TIMED(x->rt, PROFILE_PRODUCT, product_of(x->rows, w->cols, w->rows), dense(x, w, bias, act, drop));
}

static tensor *add(tensor *x, tensor *y)
{
	TIMED(x->rt, PROFILE_ELEMENTS, 0, add(x, y));
}

static tensor *add_row(tensor *x, const param *row)
{
	TIMED(x->rt, PROFILE_ELEMENTS, 0, add_row(x, row));
}

static tensor *mul(tensor *x, tensor *y)
{
	TIMED(x->rt, PROFILE_ELEMENTS, 0, mul(x, y));
}

static tensor *scale(tensor *x, real factor)
{
	TIMED(x->rt, PROFILE_ELEMENTS, 0, scale(x, factor));
}

static tensor *scale_by(tensor *x, const param *gate, size_t column)
{
	TIMED(x->rt, PROFILE_ELEMENTS, 0, scale_by(x, gate, column));
}

static tensor *activate(tensor *x, activation act)
{
	TIMED(x->rt, PROFILE_ELEMENTS, 0, activate(x, act));
}

static tensor *dropped(tensor *x, dropout drop)
{
	TIMED(x->rt, PROFILE_ELEMENTS, 0, dropped(x, drop));
}

static tensor *add_norm(tensor *x, tensor *y, dropout drop, const param *gain, const param *bias)
{
	TIMED(x->rt, PROFILE_NORM, 0, add_norm(x, y, drop, gain, bias));
}

static tensor *normalise(tensor *x, real eps)
{
	TIMED(x->rt, PROFILE_NORM, 0, normalise(x, eps));
}

static tensor *concat(tensor *x, tensor *y)
{
	TIMED(x->rt, PROFILE_ELEMENTS, 0, concat(x, y));
}

static tensor *columns(tensor *x, size_t first, size_t count)
{
	TIMED(x->rt, PROFILE_ELEMENTS, 0, columns(x, first, count));
}

static tensor *gather(tensor *x, const index_array *rows)
{
	TIMED(x->rt, PROFILE_EMBEDDING, 0, gather(x, rows));
}

/* Scores and weighted values of what each row sees. */
static double attention_products(const spans *sequences, size_t width, visibility see)
{
	double seen = 0;
	for (size_t i = 0; i < sequences->count; i++) {
		double length = (double)(sequences->starts[i + 1] - sequences->starts[i]);
		seen += see == SEE_PAST ? length * (length + 1) / 2 : length * length;
	}
	return 4 * seen * (double)width;
}

static tensor *attention(tensor *qkv, const spans *sequences, size_t heads, visibility see, dropout drop, attention_times times)
{
	TIMED(qkv->rt, PROFILE_ATTENTION, attention_products(sequences, qkv->cols / 3, see), attention(qkv, sequences, heads, see, drop, times));
}

static tensor *attention_pool(tensor *query, tensor *keys, tensor *values, const spans *sequences, size_t heads)
{
	TIMED(query->rt, PROFILE_ATTENTION, 2 * product_of(keys->rows, keys->cols, 1), attention_pool(query, keys, values, sequences, heads));
}

static tensor *recurrent(cell kind, tensor *x, const param *w, const param *u, const param *w_bias, const param *u_bias, const spans *sequences)
{
	TIMED(x->rt, PROFILE_RECURRENT, product_of(x->rows, w->cols, w->rows + u->rows), recurrent(kind, x, w, u, w_bias, u_bias, sequences));
}

static tensor *pool(tensor *x, const spans *sequences, pooling how)
{
	TIMED(x->rt, PROFILE_ELEMENTS, 0, pool(x, sequences, how));
}

static tensor *spread(tensor *x, const spans *sequences)
{
	TIMED(x->rt, PROFILE_ELEMENTS, 0, spread(x, sequences));
}

static tensor *fill_empty(tensor *x, const spans *sequences, const param *row)
{
	TIMED(x->rt, PROFILE_ELEMENTS, 0, fill_empty(x, sequences, row));
}

static tensor *softmax(tensor *x)
{
	TIMED(x->rt, PROFILE_ELEMENTS, 0, softmax(x));
}

static tensor *scores(tensor *x, item_rows items, const param *bias)
{
	TIMED(x->rt, PROFILE_PRODUCT, product_of(x->rows, items.count, x->cols), scores(x, items, bias));
}

static void loss_classes(tensor *logits, const index_array *labels, const float *weights, real smoothing, real factor)
{
	TIMED_LOSS(logits->rt, 0, loss_classes(logits, labels, weights, smoothing, factor));
}

static void loss_binary(tensor *logits, const float *targets, const float *weights, real factor)
{
	TIMED_LOSS(logits->rt, 0, loss_binary(logits, targets, weights, factor));
}

static void loss_softmax(tensor *x, item_rows items, const param *bias, const index_array *targets, size_t skip, const float *weights, real smoothing,
	real factor)
{
	TIMED_LOSS(x->rt, product_of(x->rows, items.count, x->cols), loss_softmax(x, items, bias, targets, skip, weights, smoothing, factor));
}

static void loss_sampled(tensor *x, item_rows items, const index_array *targets, const sampled *how, const float *weights, real factor)
{
	TIMED_LOSS(x->rt, product_of(x->rows, how->negatives->count + 1, x->cols), loss_sampled(x, items, targets, how, weights, factor));
}

const backend profile_backend = {
	.describe = describe, .begin = begin, .backward = backward, .bytes = bytes, .index_made = index_made, .spans_made = spans_made, .read = read_values,
	.release = release, .input = input, .embedding = embedding, .embedding_bag = embedding_bag, .parameter = parameter, .dense = dense, .add = add,
	.add_row = add_row, .mul = mul, .scale = scale, .scale_by = scale_by, .activate = activate, .dropped = dropped, .add_norm = add_norm,
	.normalise = normalise, .concat = concat, .columns = columns, .gather = gather, .attention = attention, .attention_pool = attention_pool, .recurrent = recurrent,
	.pool = pool, .spread = spread, .fill_empty = fill_empty, .softmax = softmax, .loss_classes = loss_classes, .loss_binary = loss_binary,
	.loss_softmax = loss_softmax, .loss_sampled = loss_sampled, .scores = scores
};
