/* pooling.c - h: the last encoded event, the mean, or attention (Lin et al. 2017) whose query is the mean plus a learned vector. An empty history gives a learned vector. */
#include "encoder.h"

void pooling_new(sequence_pooling *p, params *list, const model_settings *settings)
{
	size_t width = (size_t)settings->width;
	*p = (sequence_pooling){ .how = settings->pooling, .heads = (size_t)settings->heads };
	p->heads = width % p->heads == 0 ? p->heads : 1;
	p->empty = param_new(list, PARAM_NORM, 1, width, INIT_ZERO, 0, "pooling.empty");
	if (p->how != POOL_ATTENTION)
		return;
	p->query = param_new(list, PARAM_NORM, 1, width, INIT_NORMAL, 0.1, "pooling.query");
	p->keys = param_new(list, PARAM_WEIGHT, width, width, INIT_XAVIER, 0, "pooling.keys");
}

tensor *pooling_forward(const sequence_pooling *p, runtime *rt, tensor *x, const spans *sequences)
{
	scope_open(rt, "pooling");
	tensor *h; /* (S,D) */
	if (p->how == POOL_ATTENTION)
		h = t_attention_pool(t_add_row(t_pool(x, sequences, POOLING_MEAN), p->query), t_linear(x, p->keys, NULL), x, sequences, p->heads);
	else
		h = t_pool(x, sequences, p->how == POOL_LAST ? POOLING_LAST : POOLING_MEAN);
	return scope_return(t_fill_empty(h, sequences, p->empty));
}
