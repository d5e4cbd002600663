/* cells.h - one step of a recurrent cell for one sequence. Gates as torch orders them: GRU r, z, n (Cho et al. 2014), LSTM i, f, g, o (Hochreiter &
 * Schmidhuber 1997, with forget gate). Included by kernels_*.c only. */
#ifndef SEQREC_VARIANT_CELLS_H
#define SEQREC_VARIANT_CELLS_H

#include "tensor/native/variant/functions.h"

static void cells_step(const cell_step *s)
{
	size_t d = s->width;
	EACH_VECTOR(i, some, d) {
		vec first = vec_get(s->gates + i, some) + vec_get(s->recurrent + i, some);
		if (s->kind == CELL_RNN) {
			vec h = vec_tanh(first);
			vec_put(s->gates + i, h, some);
			vec_put(s->h + i, h, some);
			continue;
		}
		vec second = vec_sigmoid(vec_get(s->gates + d + i, some) + vec_get(s->recurrent + d + i, some));
		vec third = vec_get(s->gates + 2 * d + i, some), pushed = vec_get(s->recurrent + 2 * d + i, some);
		first = vec_sigmoid(first);
		vec_put(s->gates + i, first, some);
		vec_put(s->gates + d + i, second, some);
		if (s->kind == CELL_GRU) { /* n = tanh(x_n + r h_n), h' = (1 - z) n + z h */
			third = vec_tanh(third + first * pushed);
			vec_put(s->kept + i, pushed, some);
			vec_put(s->h + i, third + second * (vec_get(s->h_before + i, some) - third), some);
		} else { /* c' = f c + i g, h' = o tanh(c') */
			third = vec_tanh(third + pushed);
			vec fourth = vec_sigmoid(vec_get(s->gates + 3 * d + i, some) + vec_get(s->recurrent + 3 * d + i, some));
			vec c = second * vec_get(s->c_before + i, some) + first * third;
			vec_put(s->gates + 3 * d + i, fourth, some);
			vec_put(s->kept + i, c, some);
			vec_put(s->h + i, fourth * vec_tanh(c), some);
		}
		vec_put(s->gates + 2 * d + i, third, some);
	}
}

INLINE void gru_gradient(const cell_step *s, size_t i, size_t some)
{
	size_t d = s->width;
	vec r = vec_get(s->gates + i, some), z = vec_get(s->gates + d + i, some), n = vec_get(s->gates + 2 * d + i, some);
	vec dh = vec_get(s->dh + i, some), pushed = vec_get(s->kept + i, some);
	vec dn = dh * (1 - z) * (1 - n * n), dr = dn * pushed * r * (1 - r);
	vec dz = dh * (vec_get(s->h_before + i, some) - n) * z * (1 - z);
	vec_put(s->gates + i, dr, some);
	vec_put(s->gates + d + i, dz, some);
	vec_put(s->gates + 2 * d + i, dn, some);
	vec_put(s->recurrent + i, dr, some);
	vec_put(s->recurrent + d + i, dz, some);
	vec_put(s->recurrent + 2 * d + i, dn * r, some);
	vec_put(s->kept + i, dn * r, some);
	vec_put(s->dh + i, dh * z, some);
}

INLINE void lstm_gradient(const cell_step *s, size_t i, size_t some)
{
	size_t d = s->width;
	vec in = vec_get(s->gates + i, some), forget = vec_get(s->gates + d + i, some), g = vec_get(s->gates + 2 * d + i, some);
	vec o = vec_get(s->gates + 3 * d + i, some), t = vec_tanh(vec_get(s->kept + i, some)), dh = vec_get(s->dh + i, some);
	vec dc = vec_get(s->dc + i, some) + dh * o * (1 - t * t);
	const vec slopes[4] = { dc * g * in * (1 - in), dc * vec_get(s->c_before + i, some) * forget * (1 - forget), dc * in * (1 - g * g), dh * t * o * (1 - o) };
	for (size_t gate = 0; gate < 4; gate++) {
		vec_put(s->gates + gate * d + i, slopes[gate], some);
		vec_put(s->recurrent + gate * d + i, slopes[gate], some);
	}
	vec_put(s->dc + i, dc * forget, some);
	vec_put(s->dh + i, (vec){ 0 }, some);
}

static void cells_gradient(const cell_step *s)
{
	EACH_VECTOR(i, some, s->width) {
		if (s->kind == CELL_GRU)
			gru_gradient(s, i, some);
		else if (s->kind == CELL_LSTM)
			lstm_gradient(s, i, some);
		else {
			vec h = vec_get(s->gates + i, some), slope = vec_get(s->dh + i, some) * (1 - h * h);
			vec_put(s->gates + i, slope, some);
			vec_put(s->recurrent + i, slope, some);
			vec_put(s->dh + i, (vec){ 0 }, some);
		}
	}
}

#endif
