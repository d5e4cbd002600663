/* What an event of a sequence sees. */
#include "unit/encoder/packs.h"

#include "encoder/encoder.h"

#include <math.h>

enum { T = 5, D = 8 };

/* Encoded events of one sequence of T, whose event `changed` (or none: T) differs; or, asked for the last row, that alone. */
static void encode_rows(const model_settings *settings, size_t changed, bool last, float *out)
{
	params *list = params_new();
	transformer t;
	transformer_new(&t, list, settings);
	params_initialise(list, 4);
	runtime *rt = runtime_new(TENSOR_NATIVE, list, NULL);
	float x[T * D];
	static const uint32_t start[] = { 0, T }, times[T] = { 0, 0, 7, 90, 1000 };
	for (size_t i = 0; i < T * D; i++)
		x[i] = (float)(i * 37 % 19) / 19 + (i / D == changed ? (float)(i % 3) : 0);
	runtime_begin(rt, NULL, 1, 0, 0);
	static const uint32_t end = T - 1;
	const index_array *asked = last ? runtime_index(rt, &end, 1) : NULL;
	assert_true(tensor_read(transformer_forward(&t, rt, runtime_input(rt, x, T, D), runtime_spans(rt, start, 1), runtime_index(rt, times, T), asked), out));
	assert_true(runtime_status(rt, NULL));
	runtime_free(rt);
	transformer_free(&t);
	params_free(list);
}

static void encode(const model_settings *settings, size_t changed, float out[T * D])
{
	encode_rows(settings, changed, false, out);
}

static bool differs(const float *a, const float *b, size_t event)
{
	return memcmp(a + event * D, b + event * D, D * sizeof *a) != 0;
}

static void a_causal_transformer_does_not_see_the_future(void **state)
{
	(void)state;
	for (int norm = 0; norm <= NORM_GATED; norm++) {
		model_settings settings = combination(1);
		settings.norm = norm;
		settings.time_bias = norm == NORM_PRE;
		settings.causal = true;
		float plain[T * D], changed[T * D];
		encode(&settings, T, plain);
		encode(&settings, 3, changed);
		for (size_t t = 0; t < T; t++)
			assert_int_equal(differs(plain, changed, t), t >= 3);
	}
}

static void otherwise_every_event_sees_every_other(void **state)
{
	(void)state;
	for (int norm = 0; norm <= NORM_GATED; norm++) {
		model_settings settings = combination(1);
		settings.norm = norm;
		settings.time_bias = norm == NORM_PRE;
		settings.causal = false;
		float plain[T * D], changed[T * D];
		encode(&settings, T, plain);
		encode(&settings, 3, changed);
		for (size_t t = 0; t < T; t++)
			assert_true(differs(plain, changed, t));
	}
}

static void the_last_row_alone_is_the_last_of_all_rows(void **state)
{
	(void)state;
	for (int norm = 0; norm <= NORM_GATED; norm++) {
		model_settings settings = combination(1);
		settings.norm = norm;
		settings.causal = true;
		settings.blocks = 2;
		settings.time_bias = false;
		float all[T * D], last[D];
		encode_rows(&settings, T, false, all);
		encode_rows(&settings, T, true, last);
		for (size_t d = 0; d < D; d++)
			if (fabsf(last[d] - all[(T - 1) * D + d]) > 1e-5F)
				fail_msg("norm %d: %g, not %g", norm, (double)last[d], (double)all[(T - 1) * D + d]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_causal_transformer_does_not_see_the_future),
		cmocka_unit_test(the_last_row_alone_is_the_last_of_all_rows),
		cmocka_unit_test(otherwise_every_event_sees_every_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
