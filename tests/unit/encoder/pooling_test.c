/* How encoded events become h. */
#include "unit/encoder/bench.h"

static void pooling_takes_the_last_event_or_the_mean(void **state)
{
	(void)state;
	for (int how = POOL_LAST; how <= POOL_MEAN; how++) {
		bench b = { .list = params_new() };
		model_settings settings = combination(1);
		settings.pooling = how;
		sequence_pooling p;
		pooling_new(&p, b.list, &settings);
		bench_start(&b);
		float h[S * D];
		assert_true(tensor_read(pooling_forward(&p, b.rt, runtime_input(b.rt, b.x, T, D), runtime_spans(b.rt, bench_spans, S)), h));
		for (size_t j = 0; j < D; j++)
			assert_near(h[j], how == POOL_LAST ? (double)b.x[2 * D + j] : ((double)b.x[j] + (double)b.x[D + j] + (double)b.x[2 * D + j]) / 3);
		bench_end(&b);
	}
}

static void an_empty_history_gives_the_learned_vector(void **state)
{
	(void)state;
	for (int how = POOL_LAST; how <= POOL_ATTENTION; how++) {
		bench b = { .list = params_new() };
		model_settings settings = combination(1);
		settings.pooling = how;
		sequence_pooling p;
		pooling_new(&p, b.list, &settings);
		bench_start(&b);
		param *empty = params_find(b.list, "pooling.empty");
		for (size_t j = 0; j < D; j++)
			empty->value[j] = (real)j + 1;
		float h[S * D];
		assert_true(tensor_read(pooling_forward(&p, b.rt, runtime_input(b.rt, b.x, T, D), runtime_spans(b.rt, bench_spans, S)), h));
		for (size_t j = 0; j < D; j++)
			assert_true(h[D + j] == (float)j + 1);
		bench_end(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pooling_takes_the_last_event_or_the_mean),
		cmocka_unit_test(an_empty_history_gives_the_learned_vector),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
