/* How h and y become z, against the equations. */
#include "unit/encoder/bench.h"

static void weighted_fusion_adds_both_by_learned_gates(void **state)
{
	(void)state;
	bench b = { .list = params_new() };
	model_settings settings = combination(1);
	settings.fusion = FUSION_WEIGHTED;
	fusion f;
	fusion_new(&f, b.list, &settings);
	bench_start(&b);
	real *gate = params_find(b.list, "fusion.gate")->value;
	const real *lift = params_find(b.list, "fusion.lift")->value;
	gate[0] = (real)0.25;
	gate[1] = (real)-2;
	float z[S * D];
	assert_true(tensor_read(fusion_forward(&f, NULL, runtime_input(b.rt, b.h, S, D), runtime_input(b.rt, b.y, S, A), NULL), z));
	for (size_t s = 0; s < S; s++)
		for (size_t j = 0; j < D; j++) {
			double sum = 0;
			for (size_t i = 0; i < A; i++)
				sum += (double)b.y[s * A + i] * (double)lift[i * D + j];
			assert_near(z[s * D + j], 0.25 * (double)b.h[s * D + j] - 2 * sum);
		}
	bench_end(&b);
}

static void concatenating_fusion_is_one_dense_layer(void **state)
{
	(void)state;
	bench b = { .list = params_new() };
	model_settings settings = combination(1);
	settings.fusion = FUSION_CONCAT;
	fusion f;
	fusion_new(&f, b.list, &settings);
	bench_start(&b);
	const real *mix = params_find(b.list, "fusion.mix")->value;
	params_find(b.list, "fusion.mix_bias")->value[3] = (real)0.5;
	float z[S * D];
	assert_true(tensor_read(fusion_forward(&f, NULL, runtime_input(b.rt, b.h, S, D), runtime_input(b.rt, b.y, S, A), NULL), z));
	for (size_t s = 0; s < S; s++)
		for (size_t j = 0; j < D; j++) {
			double sum = j == 3 ? 0.5 : 0;
			for (size_t i = 0; i < D + A; i++)
				sum += (i < D ? (double)b.h[s * D + i] : (double)b.y[s * A + i - D]) * (double)mix[i * D + j];
			assert_near(z[s * D + j], fmax(0, sum));
		}
	bench_end(&b);
}

/* With an empty sequence there is nothing to attend to: what is left is the concatenation. */
static void attending_fusion_of_an_empty_history_is_the_concatenation(void **state)
{
	(void)state;
	bench b = { .list = params_new() };
	model_settings settings = combination(1);
	settings.fusion = FUSION_ATTENTION;
	fusion f, plain;
	fusion_new(&f, b.list, &settings);
	plain = f;
	plain.kind = FUSION_CONCAT;
	bench_start(&b);
	float z[S * D], w[S * D];
	tensor *x = runtime_input(b.rt, b.x, T, D), *h = runtime_input(b.rt, b.h, S, D), *y = runtime_input(b.rt, b.y, S, A);
	const spans *sequences = runtime_spans(b.rt, bench_spans, S);
	assert_true(tensor_read(fusion_forward(&f, x, h, y, sequences), z) && tensor_read(fusion_forward(&plain, x, h, y, sequences), w));
	assert_memory_equal(z + D, w + D, D * sizeof *z);
	assert_memory_not_equal(z, w, D * sizeof *z);
	bench_end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weighted_fusion_adds_both_by_learned_gates),
		cmocka_unit_test(concatenating_fusion_is_one_dense_layer),
		cmocka_unit_test(attending_fusion_of_an_empty_history_is_the_concatenation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
