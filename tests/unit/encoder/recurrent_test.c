/* Recurrent layers begin each sequence anew, and stack. */
#include "unit/encoder/bench.h"

static void encode(int encoder, int64_t blocks, const uint32_t *spans_of, size_t count, float out[T * D])
{
	bench b = { .list = params_new() };
	model_settings settings = combination(1);
	settings.encoder = encoder;
	settings.blocks = blocks;
	recurrent r;
	recurrent_new(&r, b.list, &settings);
	bench_start(&b);
	assert_true(tensor_read(recurrent_forward(&r, b.rt, runtime_input(b.rt, b.x, T, D), runtime_spans(b.rt, spans_of, count)), out));
	recurrent_free(&r);
	bench_end(&b);
}

static void a_sequence_does_not_go_on_from_the_one_before(void **state)
{
	(void)state;
	static const uint32_t together[] = { 0, T };
	for (int encoder = ENCODER_GRU; encoder <= ENCODER_RNN; encoder++) {
		float apart[T * D], joined[T * D];
		encode(encoder, 1, bench_spans, S, apart);
		encode(encoder, 1, together, 1, joined);
		for (size_t j = 0; j < 3 * D; j++) /* the first three events are the same in both */
			assert_near(apart[j], (double)joined[j]);
		assert_memory_not_equal(apart + 3 * D, joined + 3 * D, D * sizeof *apart);
	}
}

static void a_second_layer_changes_the_result(void **state)
{
	(void)state;
	for (int encoder = ENCODER_GRU; encoder <= ENCODER_RNN; encoder++) {
		float one[T * D], two[T * D];
		encode(encoder, 1, bench_spans, S, one);
		encode(encoder, 2, bench_spans, S, two);
		assert_memory_not_equal(one, two, sizeof one);
	}
}

/* h = tanh(xW + hU), Elman 1990; the biases are zero at first. */
static void a_plain_cell_follows_its_equation(void **state)
{
	(void)state;
	bench b = { .list = params_new() };
	model_settings settings = combination(1);
	settings.encoder = ENCODER_RNN;
	settings.blocks = 1;
	recurrent r;
	recurrent_new(&r, b.list, &settings);
	bench_start(&b);
	const real *w = params_find(b.list, "layer0.input")->value, *u = params_find(b.list, "layer0.state")->value;
	float out[T * D];
	assert_true(tensor_read(recurrent_forward(&r, b.rt, runtime_input(b.rt, b.x, T, D), runtime_spans(b.rt, bench_spans, S)), out));
	for (size_t t = 0; t < 2; t++)
		for (size_t j = 0; j < D; j++) {
			double sum = 0;
			for (size_t i = 0; i < D; i++)
				sum += (double)b.x[t * D + i] * (double)w[i * D + j] + (t ? (double)out[(t - 1) * D + i] * (double)u[i * D + j] : 0);
			assert_near(out[t * D + j], tanh(sum));
		}
	recurrent_free(&r);
	bench_end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sequence_does_not_go_on_from_the_one_before),
		cmocka_unit_test(a_second_layer_changes_the_result),
		cmocka_unit_test(a_plain_cell_follows_its_equation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
