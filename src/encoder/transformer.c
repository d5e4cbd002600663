/* transformer.c - self-attention blocks over each sequence of a pack.
 * Post-norm: Vaswani et al. 2017; Kang & McAuley, "Self-attentive sequential recommendation", ICDM 2018. Pre-norm: Xiong et al. 2020.
 * Gated: the LiGR block (Borisyuk et al., "From features to transformers", arXiv 2502.03417) with the feed-forward part of Shazeer, "GLU variants improve
 * transformer", 2020. */
#include "encoder.h"

#include "seqrec/memory.h"

#include <stdlib.h>

enum { EXPANSION = 2 }; /* width of the feed-forward part, in D */

/* Gates are half open at first. */
static void gates_new(transformer_block *b, params *list, size_t width, size_t number)
{
	b->gate1 = param_new(list, PARAM_WEIGHT, width, width, INIT_XAVIER, 0, "block%zu.gate1", number);
	b->gate1_bias = param_new(list, PARAM_BIAS, 1, width, INIT_ZERO, 0, "block%zu.gate1_bias", number);
	b->gate2 = param_new(list, PARAM_WEIGHT, width, width, INIT_XAVIER, 0, "block%zu.gate2", number);
	b->gate2_bias = param_new(list, PARAM_BIAS, 1, width, INIT_ZERO, 0, "block%zu.gate2_bias", number);
	b->side = param_new(list, PARAM_WEIGHT, width, EXPANSION * width, INIT_XAVIER, 0, "block%zu.side", number);
}

static void block_new(transformer_block *b, params *list, size_t width, size_t number)
{
	size_t inner = EXPANSION * width;
	*b = (transformer_block){
		.qkv = param_new(list, PARAM_WEIGHT, width, 3 * width, INIT_XAVIER, 0, "block%zu.qkv", number),
		.qkv_bias = param_new(list, PARAM_BIAS, 1, 3 * width, INIT_ZERO, 0, "block%zu.qkv_bias", number),
		.out = param_new(list, PARAM_WEIGHT, width, width, INIT_XAVIER, 0, "block%zu.out", number),
		.out_bias = param_new(list, PARAM_BIAS, 1, width, INIT_ZERO, 0, "block%zu.out_bias", number),
		.norm1 = param_new(list, PARAM_NORM, 1, width, INIT_ONE, 0, "block%zu.norm1", number),
		.norm1_bias = param_new(list, PARAM_NORM, 1, width, INIT_ZERO, 0, "block%zu.norm1_bias", number),
		.up = param_new(list, PARAM_WEIGHT, width, inner, INIT_XAVIER, 0, "block%zu.up", number),
		.up_bias = param_new(list, PARAM_BIAS, 1, inner, INIT_ZERO, 0, "block%zu.up_bias", number),
		.down = param_new(list, PARAM_WEIGHT, inner, width, INIT_XAVIER, 0, "block%zu.down", number),
		.down_bias = param_new(list, PARAM_BIAS, 1, width, INIT_ZERO, 0, "block%zu.down_bias", number),
		.norm2 = param_new(list, PARAM_NORM, 1, width, INIT_ONE, 0, "block%zu.norm2", number),
		.norm2_bias = param_new(list, PARAM_NORM, 1, width, INIT_ZERO, 0, "block%zu.norm2_bias", number),
	};
}

void transformer_new(transformer *t, params *list, const model_settings *settings)
{
	size_t width = (size_t)settings->width;
	*t = (transformer){ .blocks = (size_t)settings->blocks, .heads = (size_t)settings->heads, .dropout = settings->dropout, .norm = settings->norm,
		.see = settings->causal ? SEE_PAST : SEE_ALL };
	t->block = xcalloc(t->blocks, sizeof *t->block);
	for (size_t i = 0; i < t->blocks; i++) {
		block_new(&t->block[i], list, width, i);
		if (t->norm == NORM_GATED)
			gates_new(&t->block[i], list, width, i);
		if (settings->time_bias)
			t->block[i].time_bias = param_new(list, PARAM_BIAS, t->heads, TIME_BUCKETS, INIT_ZERO, 0, "block%zu.time_bias", i);
	}
	if (t->norm != NORM_POST) {
		t->last_norm = param_new(list, PARAM_NORM, 1, width, INIT_ONE, 0, "encoder.norm");
		t->last_norm_bias = param_new(list, PARAM_NORM, 1, width, INIT_ZERO, 0, "encoder.norm_bias");
	}
}

void transformer_free(transformer *t)
{
	free(t->block);
}

/* What a block looks at. `last`: only these rows are wanted, each the last of its sequence; NULL: all. */
typedef struct {
	const spans *sequences;
	const index_array *times, *last;
} view;

static tensor *attend(const transformer *t, const transformer_block *b, tensor *x, const view *v)
{
	tensor *qkv = t_linear(x, b->qkv, b->qkv_bias); /* (T,3D) */
	size_t width = tensor_cols(x);
	if (b->time_bias)
		return t_attention_timed(qkv, v->sequences, t->heads, t->see, t->dropout, b->time_bias, v->times);
	if (v->last) /* the last row sees its whole sequence */
		return t_attention_pool(t_columns(t_rows(qkv, v->last), 0, width), t_columns(qkv, width, width), t_columns(qkv, 2 * width, width), v->sequences, t->heads);
	return t_attention(qkv, v->sequences, t->heads, t->see, t->dropout);
}

static tensor *wanted(tensor *x, const view *v)
{
	return v->last ? t_rows(x, v->last) : x;
}

/* a = LN(x + Attn(x)); LN(a + FFN(a)) */
static tensor *block_post_norm(const transformer *t, const transformer_block *b, tensor *x, const view *v)
{
	tensor *mixed = attend(t, b, x, v); /* (T,D) */
	tensor *a = t_add_norm(wanted(x, v), t_linear(mixed, b->out, b->out_bias), t->dropout, b->norm1, b->norm1_bias);
	tensor *f = t_dense(a, b->up, b->up_bias, ACT_RELU, t->dropout); /* (T,2D) */
	return t_add_norm(a, t_linear(f, b->down, b->down_bias), t->dropout, b->norm2, b->norm2_bias);
}

/* a = x + Attn(LN(x)); a + FFN(LN(a)) */
static tensor *block_pre_norm(const transformer *t, const transformer_block *b, tensor *x, const view *v)
{
	tensor *n = t_norm(x, b->norm1, b->norm1_bias);
	tensor *mixed = attend(t, b, n, v); /* (T,D) */
	tensor *a = t_add(wanted(x, v), t_dropout(t_linear(mixed, b->out, b->out_bias), t->dropout));
	tensor *f = t_dense(t_norm(a, b->norm2, b->norm2_bias), b->up, b->up_bias, ACT_GELU, t->dropout); /* (T,2D) */
	return t_add(a, t_dropout(t_linear(f, b->down, b->down_bias), t->dropout));
}

/* x + sigmoid(x W + b) * drop(f) */
static tensor *add_gated(const transformer *t, tensor *x, tensor *f, const param *w, const param *bias)
{
	return t_add(x, t_mul(t_dense(x, w, bias, ACT_SIGMOID, 0), t_dropout(f, t->dropout)));
}

/* a = x + gate(x) Attn(LN(x)); a + gate(a) SwiGLU(LN(a)), SwiGLU(n) = (silu(n W) * n V) U */
static tensor *block_gated(const transformer *t, const transformer_block *b, tensor *x, const view *v)
{
	tensor *n = t_norm(x, b->norm1, b->norm1_bias);
	tensor *mixed = attend(t, b, n, v); /* (T,D) */
	tensor *a = add_gated(t, wanted(x, v), t_linear(mixed, b->out, b->out_bias), b->gate1, b->gate1_bias);
	n = t_norm(a, b->norm2, b->norm2_bias);
	tensor *f = t_mul(t_dense(n, b->up, b->up_bias, ACT_SILU, 0), t_linear(n, b->side, NULL)); /* (T,2D) */
	return add_gated(t, a, t_linear(t_dropout(f, t->dropout), b->down, b->down_bias), b->gate2, b->gate2_bias);
}

static tensor *block_forward(const transformer *t, const transformer_block *b, tensor *x, const view *v)
{
	switch ((norm_place)t->norm) {
	case NORM_PRE: return block_pre_norm(t, b, x, v);
	case NORM_GATED: return block_gated(t, b, x, v);
	case NORM_POST: break;
	}
	return block_post_norm(t, b, x, v);
}

bool transformer_ends_early(const transformer *t)
{
	return !t->block[t->blocks - 1].time_bias;
}

tensor *transformer_forward(const transformer *t, runtime *rt, tensor *x, const spans *sequences, const index_array *times, const index_array *last)
{
	for (size_t i = 0; i < t->blocks; i++) {
		const view v = { sequences, times, i + 1 == t->blocks ? last : NULL };
		scope_open(rt, "block%zu", i);
		x = scope_return(block_forward(t, &t->block[i], x, &v));
	}
	return t->norm == NORM_POST ? x : t_norm(x, t->last_norm, t->last_norm_bias);
}
