/* cases.c - see cases.h: the operations; losses are in loss_cases.c. */
#include "cases.h"
#include "loss_cases.h"
#include "pieces.h"

/* ---- tables ---- */

static void embedding_parameters(params *list)
{
	param_new(list, PARAM_TABLE, 11, WIDTH, INIT_NORMAL, 1, "table");
	probe(list, WIDTH);
}

static tensor *embedding(runtime *rt, const params *list)
{
	return observe(rt, t_embedding(rt, named(list, "table"), ids(rt, 23, 11), 1.5), list);
}

static tensor *embedding_bag(runtime *rt, const params *list)
{
	return observe(rt, t_embedding_bag(rt, named(list, "table"), ids(rt, EVENTS, 11), sequences(rt)), list);
}

static tensor *embedding_mean(runtime *rt, const params *list)
{
	return observe(rt, t_embedding_mean(rt, named(list, "table"), ids(rt, EVENTS, 11), sequences(rt)), list);
}

/* ---- maps ---- */

static void dense_parameters(params *list)
{
	weight(list, 13, 5, "x");
	weight(list, 5, WIDTH, "w");
	param_new(list, PARAM_BIAS, 1, WIDTH, INIT_NORMAL, 0.5, "b");
	probe(list, WIDTH);
}

static tensor *linear(runtime *rt, const params *list)
{
	return observe(rt, t_linear(value(rt, list, "x"), named(list, "w"), named(list, "b")), list);
}

static tensor *linear_without_bias(runtime *rt, const params *list)
{
	return observe(rt, t_linear(value(rt, list, "x"), named(list, "w"), NULL), list);
}

static void wide_parameters(params *list)
{
	weight(list, 21, 300, "x");
	weight(list, 300, 70, "w");
	param_new(list, PARAM_BIAS, 1, 70, INIT_NORMAL, 0.5, "b");
	probe(list, 70);
}

/* Each operation twice: x read by it alone, and by another reader too. */
#define ON_X(name, expression) \
	static tensor *name(runtime *rt, const params *list) \
	{ \
		tensor *x = value(rt, list, "x"); \
		return observe(rt, (expression), list); \
	} \
	static tensor *name##_shared(runtime *rt, const params *list) \
	{ \
		tensor *x = value(rt, list, "x"), *result = observe(rt, (expression), list); \
		read_again(rt, x); \
		return result; \
	}

#define DENSE(name, act, drop) ON_X(name, t_dense(x, named(list, "w"), named(list, "b"), act, drop))

DENSE(dense_relu, ACT_RELU, 0)
DENSE(dense_relu_dropped, ACT_RELU, 0.3)
DENSE(dense_gelu_dropped, ACT_GELU, 0.3)
DENSE(dense_silu_dropped, ACT_SILU, 0.3)
DENSE(dense_tanh_dropped, ACT_TANH, 0.3)
DENSE(dense_sigmoid_dropped, ACT_SIGMOID, 0.3)
DENSE(dense_dropped, ACT_NONE, 0.3)

/* ---- elements ---- */

static void pair_parameters(params *list)
{
	weight(list, 9, WIDTH, "x");
	weight(list, 9, WIDTH, "y");
	param_new(list, PARAM_NORM, 1, WIDTH, INIT_NORMAL, 1, "row");
	param_new(list, PARAM_BIAS, 1, WIDTH, INIT_NORMAL, 1, "bias");
	param_new(list, PARAM_WEIGHT, 1, 3, INIT_NORMAL, 1, "gate");
	probe(list, WIDTH);
}

#define ON_PAIR(name, expression) \
	static tensor *name(runtime *rt, const params *list) \
	{ \
		tensor *x = value(rt, list, "x"), *y = value(rt, list, "y"); \
		return observe(rt, (expression), list); \
	} \
	static tensor *name##_shared(runtime *rt, const params *list) \
	{ \
		tensor *x = value(rt, list, "x"), *y = value(rt, list, "y"), *result = observe(rt, (expression), list); \
		read_again(rt, x); \
		read_again(rt, y); \
		return result; \
	}

ON_PAIR(add, t_add(x, y))
ON_X(add_itself, t_add(x, x))
ON_PAIR(mul, t_mul(x, y))
ON_X(square, t_mul(x, x))
ON_PAIR(shared, t_add(t_mul(x, y), t_scale(x, 0.3)))
ON_X(add_row, t_add_row(x, named(list, "row")))
ON_X(scaled, t_scale(x, -1.7))
ON_X(scaled_by, t_scale_by(x, named(list, "gate"), 1))
ON_X(relu, t_activate(x, ACT_RELU))
ON_X(gelu, t_activate(x, ACT_GELU))
ON_X(silu, t_activate(x, ACT_SILU))
ON_X(tanhed, t_activate(x, ACT_TANH))
ON_X(sigmoided, t_activate(x, ACT_SIGMOID))
ON_X(dropped, t_dropout(x, 0.4))
ON_X(normed, t_norm(x, named(list, "row"), named(list, "bias")))
ON_PAIR(add_normed, t_add_norm(x, y, 0, named(list, "row"), named(list, "bias")))
ON_PAIR(add_normed_dropped, t_add_norm(x, y, 0.3, named(list, "row"), named(list, "bias")))
ON_X(add_normed_itself, t_add_norm(x, x, 0.3, named(list, "row"), named(list, "bias")))
ON_X(normalised, t_normalise(x, 1e-6))
ON_X(normalised_below_eps, t_normalise(x, 4))
ON_X(gathered, t_rows(x, ids(rt, 17, 9)))
ON_X(softmaxed, t_softmax(x))

static void concat_parameters(params *list)
{
	weight(list, 9, 4, "x");
	weight(list, 9, 2, "y");
	probe(list, WIDTH);
}

ON_PAIR(concat, t_concat(x, y))

/* ---- sequences ---- */

static void attention_parameters(params *list)
{
	weight(list, EVENTS, 3 * WIDTH, "x");
	probe(list, WIDTH);
}

ON_X(columns, t_columns(x, WIDTH, WIDTH))
ON_X(columns_overlapping, t_add(t_columns(x, 0, WIDTH), t_columns(x, 3, WIDTH)))
ON_X(attention_past, t_attention(x, sequences(rt), 2, SEE_PAST, 0))
ON_X(attention_all, t_attention(x, sequences(rt), 3, SEE_ALL, 0))
ON_X(attention_past_dropped, t_attention(x, sequences(rt), 2, SEE_PAST, 0.3))
ON_X(attention_all_dropped, t_attention(x, sequences(rt), 1, SEE_ALL, 0.3))

static tensor *attention_twice(runtime *rt, const params *list)
{
	tensor *x = value(rt, list, "x");
	return observe(rt, t_add(t_attention(x, sequences(rt), 1, SEE_PAST, 0), t_attention(x, sequences(rt), 2, SEE_ALL, 0)), list);
}

static void timed_parameters(params *list)
{
	attention_parameters(list);
	param_new(list, PARAM_BIAS, 2, TIME_BUCKETS, INIT_NORMAL, 1, "bias");
}

/* Seconds: of one session, of days, equal ones, and the largest. */
static const index_array *event_times(runtime *rt)
{
	static uint32_t times[EVENTS];
	for (uint32_t i = 0; i < EVENTS; i++)
		times[i] = i % 13 == 12 ? UINT32_MAX - 1 : i / 2 * (i % 3 ? 1U : 40000U);
	return runtime_index(rt, times, EVENTS);
}

ON_X(attention_timed, t_attention_timed(x, sequences(rt), 2, SEE_PAST, 0, named(list, "bias"), event_times(rt)))
ON_X(attention_timed_all, t_attention_timed(x, sequences(rt), 2, SEE_ALL, 0.3, named(list, "bias"), event_times(rt)))

/* Inputs without gradient: the bias still has its own. */
static tensor *attention_timed_inputs(runtime *rt, const params *list)
{
	tensor *x = runtime_input(rt, constants(EVENTS * 3 * WIDTH), EVENTS, 3 * WIDTH);
	return observe(rt, t_attention_timed(x, sequences(rt), 2, SEE_PAST, 0, named(list, "bias"), event_times(rt)), list);
}

static void timed_input_parameters(params *list)
{
	param_new(list, PARAM_BIAS, 2, TIME_BUCKETS, INIT_NORMAL, 1, "bias");
	probe(list, WIDTH);
}

static void no_event_parameters(params *list)
{
	weight(list, 1, 3 * WIDTH, "x");
	probe(list, WIDTH);
}

static tensor *attention_no_event(runtime *rt, const params *list)
{
	const spans *none = runtime_spans(rt, empty_starts, 2);
	tensor *x = t_rows(value(rt, list, "x"), runtime_index(rt, empty_starts, 0));
	return observe(rt, t_pool(t_attention(x, none, 2, SEE_PAST, 0.1), none, POOLING_MEAN), list);
}

static void pool_parameters(params *list)
{
	weight(list, EVENTS, WIDTH, "x");
	weight(list, EVENTS, WIDTH, "values");
	weight(list, SAMPLES, WIDTH, "query");
	param_new(list, PARAM_WEIGHT, 1, WIDTH, INIT_NORMAL, 1, "nobody");
	probe(list, WIDTH);
}

ON_X(pool_last, t_pool(x, sequences(rt), POOLING_LAST))
ON_X(pool_mean, t_pool(x, sequences(rt), POOLING_MEAN))
ON_X(pool_max, t_pool(x, sequences(rt), POOLING_MAX))
ON_X(fill_empty, t_fill_empty(t_pool(x, sequences(rt), POOLING_MEAN), sequences(rt), named(list, "nobody")))
ON_X(attention_pooled, t_attention_pool(value(rt, list, "query"), x, value(rt, list, "values"), sequences(rt), 2))

static tensor *fill_empty_of_any(runtime *rt, const params *list)
{
	return observe(rt, t_fill_empty(value(rt, list, "query"), sequences(rt), named(list, "nobody")), list);
}

static tensor *spread(runtime *rt, const params *list)
{
	return observe(rt, t_spread(value(rt, list, "query"), sequences(rt)), list);
}

static void recurrent_parameters(params *list, size_t gates)
{
	weight(list, EVENTS, 4, "x");
	weight(list, 4, gates * WIDTH, "w");
	weight(list, WIDTH, gates * WIDTH, "u");
	param_new(list, PARAM_BIAS, 1, gates * WIDTH, INIT_NORMAL, 0.5, "w_bias");
	param_new(list, PARAM_BIAS, 1, gates * WIDTH, INIT_NORMAL, 0.5, "u_bias");
	probe(list, WIDTH);
}

#define RECURRENT(name, kind, gates) \
	static void name##_parameters(params *list) \
	{ \
		recurrent_parameters(list, gates); \
	} \
	ON_X(name, t_recurrent(kind, x, named(list, "w"), named(list, "u"), named(list, "w_bias"), named(list, "u_bias"), sequences(rt)))

RECURRENT(rnn, CELL_RNN, 1)
RECURRENT(gru, CELL_GRU, 3)
RECURRENT(lstm, CELL_LSTM, 4)

/* ---- the table ---- */

#define TWICE(name, made) { #name, made##_parameters, name }, { #name " shared", made##_parameters, name##_shared }

const tensor_case tensor_cases[] = {
	{ "embedding", embedding_parameters, embedding },
	{ "embedding_bag", embedding_parameters, embedding_bag },
	{ "embedding_mean", embedding_parameters, embedding_mean },
	{ "linear", dense_parameters, linear },
	{ "linear_without_bias", dense_parameters, linear_without_bias },
	TWICE(dense_relu, dense),
	TWICE(dense_relu_dropped, dense),
	TWICE(dense_gelu_dropped, dense),
	TWICE(dense_silu_dropped, dense),
	TWICE(dense_tanh_dropped, dense),
	TWICE(dense_sigmoid_dropped, dense),
	TWICE(dense_dropped, dense),
	{ "wide_dense_gelu_dropped", wide_parameters, dense_gelu_dropped_shared },
	{ "wide_dense_relu_dropped", wide_parameters, dense_relu_dropped_shared },
	TWICE(add, pair),
	TWICE(add_itself, pair),
	TWICE(mul, pair),
	TWICE(square, pair),
	TWICE(shared, pair),
	TWICE(add_row, pair),
	TWICE(scaled, pair),
	TWICE(scaled_by, pair),
	TWICE(relu, pair),
	TWICE(gelu, pair),
	TWICE(silu, pair),
	TWICE(tanhed, pair),
	TWICE(sigmoided, pair),
	TWICE(dropped, pair),
	TWICE(normed, pair),
	TWICE(add_normed, pair),
	TWICE(add_normed_dropped, pair),
	TWICE(add_normed_itself, pair),
	TWICE(normalised, pair),
	TWICE(normalised_below_eps, pair),
	TWICE(gathered, pair),
	TWICE(softmaxed, pair),
	TWICE(concat, concat),
	TWICE(columns, attention),
	TWICE(columns_overlapping, attention),
	TWICE(attention_past, attention),
	TWICE(attention_all, attention),
	TWICE(attention_past_dropped, attention),
	TWICE(attention_all_dropped, attention),
	TWICE(attention_timed, timed),
	TWICE(attention_timed_all, timed),
	{ "attention_timed_inputs", timed_input_parameters, attention_timed_inputs },
	{ "attention_twice", attention_parameters, attention_twice },
	{ "attention_no_event", no_event_parameters, attention_no_event },
	TWICE(pool_last, pool),
	TWICE(pool_mean, pool),
	TWICE(pool_max, pool),
	TWICE(fill_empty, pool),
	{ "fill_empty_of_any", pool_parameters, fill_empty_of_any },
	TWICE(attention_pooled, pool),
	{ "spread", pool_parameters, spread },
	TWICE(rnn, rnn),
	TWICE(gru, gru),
	TWICE(lstm, lstm),
	{ "loss_classes", logits_parameters, loss_classes },
	{ "loss_classes_smoothed", logits_parameters, loss_classes_smoothed },
	{ "loss_binary", binary_parameters, loss_binary },
	{ "loss_softmax", catalogue_parameters, loss_softmax },
	{ "loss_softmax_smoothed", catalogue_parameters, loss_softmax_smoothed },
	{ "loss_sampled_softmax", catalogue_parameters, loss_sampled_softmax },
	{ "loss_sampled_binary", catalogue_parameters, loss_sampled_binary },
	{ "loss_sampled_pairs", catalogue_parameters, loss_sampled_pairs },
	{ "loss_sampled_hidden", catalogue_parameters, loss_sampled_hidden },
	{ "loss_over_rows", catalogue_parameters, loss_over_rows },
	{ "classifier", classifier_parameters, classifier },
};
const size_t tensor_case_count = sizeof tensor_cases / sizeof *tensor_cases;

params *case_parameters(const tensor_case *c)
{
	params *list = params_new();
	c->parameters(list);
	params_initialise(list, 3);
	return list;
}
