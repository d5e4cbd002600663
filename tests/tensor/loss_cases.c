/* loss_cases.c - each loss as a small computation, and a whole small classifier. */
#include "loss_cases.h"
#include "pieces.h"

/* ---- losses ---- */

void logits_parameters(params *list)
{
	weight(list, 11, 5, "x");
}

tensor *loss_classes(runtime *rt, const params *list)
{
	t_loss_classes(value(rt, list, "x"), ids(rt, 11, 5), shares(11), 0, 0.7);
	return NULL;
}

tensor *loss_classes_smoothed(runtime *rt, const params *list)
{
	t_loss_classes(value(rt, list, "x"), ids(rt, 11, 5), NULL, 0.1, 1);
	return NULL;
}

void binary_parameters(params *list)
{
	weight(list, 11, 1, "x");
}

tensor *loss_binary(runtime *rt, const params *list)
{
	tensor *x = value(rt, list, "x");
	t_loss_binary(x, shares(11), constants(11), 0.7);
	t_loss_binary(t_scale(x, 2), shares(11), NULL, 0.1);
	return NULL;
}

void catalogue_parameters(params *list)
{
	weight(list, 9, WIDTH, "x");
	param_new(list, PARAM_TABLE, 530, WIDTH, INIT_NORMAL, 1, "table"); /* more than one chunk */
	param_new(list, PARAM_BIAS, 1, 530, INIT_NORMAL, 1, "bias");
}

static const uint32_t targets[9] = { 2, 529, 17, 17, 513, 514, 2, 400, 99 };

tensor *loss_softmax(runtime *rt, const params *list)
{
	t_loss_softmax(value(rt, list, "x"), named(list, "table"), named(list, "bias"), runtime_index(rt, targets, 9), 2, shares(9), 0, 0.7);
	return NULL;
}

tensor *loss_softmax_smoothed(runtime *rt, const params *list)
{
	t_loss_softmax(value(rt, list, "x"), named(list, "table"), NULL, runtime_index(rt, targets, 9), 1, NULL, 0.1, 1);
	return NULL;
}

/* Negatives hold repeats and the targets of some rows. */
static const uint32_t negatives[12] = { 3, 17, 17, 400, 5, 5, 88, 529, 2, 64, 120, 9 };

tensor *loss_sampled_softmax(runtime *rt, const params *list)
{
	const sampled how = { .kind = SAMPLED_SOFTMAX, .negatives = runtime_index(rt, negatives, 12), .shift = constants(12) };
	tensor *x = value(rt, list, "x");
	t_loss_sampled(x, named(list, "table"), runtime_index(rt, targets, 9), &how, shares(9), 0.7);
	t_loss_sampled(t_scale(x, 2), named(list, "table"), runtime_index(rt, targets, 9), &(sampled){ .kind = SAMPLED_SOFTMAX, .negatives = how.negatives }, NULL, 0.3);
	return NULL;
}

tensor *loss_sampled_binary(runtime *rt, const params *list)
{
	const sampled how = { .kind = SAMPLED_BINARY, .negatives = runtime_index(rt, negatives, 12), .power = 0.3 };
	t_loss_sampled(value(rt, list, "x"), named(list, "table"), runtime_index(rt, targets, 9), &how, shares(9), 0.7);
	return NULL;
}

tensor *loss_sampled_pairs(runtime *rt, const params *list)
{
	const sampled how = { .kind = SAMPLED_PAIRS, .negatives = runtime_index(rt, negatives, 12) };
	t_loss_sampled(value(rt, list, "x"), named(list, "table"), runtime_index(rt, targets, 9), &how, shares(9), 0.7);
	return NULL;
}

/* Each loss with a third of its negatives hidden from each row. */
tensor *loss_sampled_hidden(runtime *rt, const params *list)
{
	static uint8_t hidden[9 * 12];
	for (size_t i = 0; i < sizeof hidden; i++)
		hidden[i] = i * 7 % 3 == 0;
	for (int kind = SAMPLED_SOFTMAX; kind <= SAMPLED_PAIRS; kind++) {
		const sampled how = { .kind = (sampled_kind)kind, .negatives = runtime_index(rt, negatives, 12), .shift = constants(12), .power = 0.5, .hidden = hidden };
		t_loss_sampled(value(rt, list, "x"), named(list, "table"), runtime_index(rt, targets, 9), &how, shares(9), 0.7);
	}
	return NULL;
}

/* Losses over computed rows: the table at length 1, read by both. */
tensor *loss_over_rows(runtime *rt, const params *list)
{
	tensor *items = t_normalise(t_param(rt, named(list, "table")), 1e-6), *x = t_normalise(value(rt, list, "x"), 1e-6);
	const index_array *wanted = runtime_index(rt, targets, 9);
	const sampled how = { .kind = SAMPLED_SOFTMAX, .negatives = runtime_index(rt, negatives, 12), .shift = constants(12) };
	t_loss_softmax_rows(t_scale(x, 5), items, wanted, 2, shares(9), 0.1, 0.7);
	t_loss_sampled_rows(t_scale(x, 3), items, wanted, &how, NULL, 0.4);
	return NULL;
}

/* ---- a whole small classifier ---- */

void classifier_parameters(params *list)
{
	param_new(list, PARAM_TABLE, 13, 8, INIT_NORMAL, 1, "items");
	param_new(list, PARAM_TABLE, 64, 8, INIT_NORMAL, 0.3, "positions");
	param_new(list, PARAM_NORM, 1, 8, INIT_ONE, 0, "gain");
	param_new(list, PARAM_NORM, 1, 8, INIT_NORMAL, 0.1, "shift");
	weight(list, 8, 24, "qkv");
	param_new(list, PARAM_BIAS, 1, 24, INIT_NORMAL, 0.1, "qkv_bias");
	weight(list, 8, 8, "out");
	weight(list, 8, 16, "up");
	param_new(list, PARAM_BIAS, 1, 16, INIT_NORMAL, 0.1, "up_bias");
	weight(list, 16, 8, "down");
	param_new(list, PARAM_WEIGHT, 1, 8, INIT_NORMAL, 0.5, "nobody");
	weight(list, 8, 3, "head");
}

/* One post-norm block; its gain and shift are shared by both norms. */
static tensor *block(runtime *rt, const params *list, tensor *x, const spans *seq)
{
	const param *gain = named(list, "gain"), *shift = named(list, "shift");
	scope_open(rt, "block");
	tensor *a = t_attention(t_linear(x, named(list, "qkv"), named(list, "qkv_bias")), seq, 2, SEE_PAST, 0.2);
	tensor *y = t_add_norm(x, t_linear(a, named(list, "out"), NULL), 0.2, gain, shift);
	tensor *f = t_dense(y, named(list, "up"), named(list, "up_bias"), ACT_GELU, 0.2);
	return scope_return(t_add_norm(y, t_linear(f, named(list, "down"), NULL), 0.2, gain, shift));
}

tensor *classifier(runtime *rt, const params *list)
{
	static uint32_t positions[EVENTS];
	const spans *seq = sequences(rt);
	for (size_t s = 0; s < SAMPLES; s++)
		for (uint32_t i = starts[s]; i < starts[s + 1]; i++)
			positions[i] = starts[s + 1] - 1 - i;
	tensor *items = t_embedding(rt, named(list, "items"), ids(rt, EVENTS, 13), 2);
	tensor *e = t_add(items, t_embedding(rt, named(list, "positions"), runtime_index(rt, positions, EVENTS), 1));
	tensor *x = t_norm(t_dropout(e, 0.2), named(list, "gain"), named(list, "shift"));
	for (int i = 0; i < 2; i++)
		x = block(rt, list, x, seq);
	tensor *h = t_fill_empty(t_pool(x, seq, POOLING_LAST), seq, named(list, "nobody"));
	tensor *logits = t_linear(h, named(list, "head"), NULL);
	t_loss_classes(logits, ids(rt, SAMPLES, 3), NULL, 0.05, 1.0 / SAMPLES);
	return logits;
}
