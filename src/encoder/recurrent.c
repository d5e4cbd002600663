/* recurrent.c - layers of RNN, GRU (Cho et al. 2014) or LSTM (Hochreiter & Schmidhuber 1997) cells over each sequence. */
#include "encoder.h"

#include "seqrec/memory.h"

#include <stdlib.h>

void recurrent_new(recurrent *r, params *list, const model_settings *settings)
{
	static const struct { cell kind; size_t gates; } cells[] = { [ENCODER_RNN] = { CELL_RNN, 1 }, [ENCODER_GRU] = { CELL_GRU, 3 }, [ENCODER_LSTM] = { CELL_LSTM, 4 } };
	size_t width = (size_t)settings->width, gates = cells[settings->encoder].gates;
	*r = (recurrent){ .kind = cells[settings->encoder].kind, .blocks = (size_t)settings->blocks, .dropout = settings->dropout };
	r->w = xcalloc(4 * r->blocks, sizeof *r->w);
	r->u = r->w + r->blocks;
	r->w_bias = r->u + r->blocks;
	r->u_bias = r->w_bias + r->blocks;
	for (size_t i = 0; i < r->blocks; i++) {
		r->w[i] = param_new(list, PARAM_WEIGHT, width, gates * width, INIT_XAVIER, 0, "layer%zu.input", i);
		r->u[i] = param_new(list, PARAM_WEIGHT, width, gates * width, INIT_XAVIER, 0, "layer%zu.state", i);
		r->w_bias[i] = param_new(list, PARAM_BIAS, 1, gates * width, INIT_ZERO, 0, "layer%zu.input_bias", i);
		r->u_bias[i] = param_new(list, PARAM_BIAS, 1, gates * width, INIT_ZERO, 0, "layer%zu.state_bias", i);
	}
}

void recurrent_free(recurrent *r)
{
	free(r->w);
}

tensor *recurrent_forward(const recurrent *r, runtime *rt, tensor *x, const spans *sequences)
{
	for (size_t i = 0; i < r->blocks; i++) {
		scope_open(rt, "layer%zu", i);
		x = scope_return(t_dropout(t_recurrent(r->kind, x, r->w[i], r->u[i], r->w_bias[i], r->u_bias[i], sequences), r->dropout));
	}
	return x;
}
