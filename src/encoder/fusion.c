/* fusion.c - z from h (the sequence) and y (the attributes). */
#include "encoder.h"

void fusion_new(fusion *f, params *list, const model_settings *settings)
{
	size_t width = (size_t)settings->width, attributes = (size_t)settings->attribute_width;
	*f = (fusion){ .kind = settings->fusion, .heads = (size_t)settings->heads, .dropout = settings->dropout };
	f->heads = width % f->heads == 0 ? f->heads : 1;
	if (f->kind == FUSION_WEIGHTED) {
		f->gate = param_new(list, PARAM_NORM, 1, 2, INIT_ONE, 0, "fusion.gate");
		f->lift = param_new(list, PARAM_WEIGHT, attributes, width, INIT_XAVIER, 0, "fusion.lift");
		return;
	}
	f->mix = param_new(list, PARAM_WEIGHT, width + attributes, width, INIT_XAVIER, 0, "fusion.mix");
	f->mix_bias = param_new(list, PARAM_BIAS, 1, width, INIT_ZERO, 0, "fusion.mix_bias");
	if (f->kind != FUSION_ATTENTION)
		return;
	f->query = param_new(list, PARAM_WEIGHT, attributes, width, INIT_XAVIER, 0, "fusion.query");
	f->keys = param_new(list, PARAM_WEIGHT, width, width, INIT_XAVIER, 0, "fusion.keys");
	f->values = param_new(list, PARAM_WEIGHT, width, width, INIT_XAVIER, 0, "fusion.values");
}

tensor *fusion_forward(const fusion *f, tensor *x, tensor *h, tensor *y, const spans *sequences)
{
	switch ((fusion_kind)f->kind) {
	case FUSION_WEIGHTED: /* z = g0 h + g1 yW */
		return t_add(t_scale_by(h, f->gate, 0), t_scale_by(t_linear(y, f->lift, NULL), f->gate, 1));
	case FUSION_ATTENTION: /* the attributes (and the candidate among them) query the sequence */
		h = t_add(h, t_attention_pool(t_linear(y, f->query, NULL), t_linear(x, f->keys, NULL), t_linear(x, f->values, NULL), sequences, f->heads));
		break;
	case FUSION_CONCAT: break;
	}
	return t_dense(t_concat(h, y), f->mix, f->mix_bias, ACT_RELU, f->dropout); /* z = relu([h, y]W + b) */
}
