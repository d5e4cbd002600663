/* kernels_test.c - every variant that this machine can run, against plain f64 loops, over odd shapes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "seqrec/memory.h"
#include "seqrec/random.h"
#include "tensor/native/kernels.h"

static const kernels *(*const variants[])(void) = { kernels_portable, kernels_avx2, kernels_avx512 };
enum { VARIANTS = sizeof variants / sizeof *variants };

#define EACH_VARIANT(k) \
	for (size_t variant = 0; variant < VARIANTS; variant++) \
		for (const kernels *k = variants[variant](); k; k = NULL)

static float *numbers(size_t count, uint32_t number)
{
	float *values = xaligned(count + 64, sizeof *values);
	for (size_t i = 0; i < count + 64; i++)
		values[i] = (float)(2 * random_uniform(1, RANDOM_SHOP, number, (uint32_t)i) - 1);
	return values;
}

/* Room for a packed matrix, full of what must not get into a product. */
static float *packed_room(size_t count)
{
	float *room = xaligned(count, sizeof *room);
	for (size_t i = 0; i < count; i++)
		room[i] = NAN;
	return room;
}

static void close_to(const kernels *k, const char *what, double got, double wanted, double error)
{
	if (!(fabs(got - wanted) <= error))
		fail_msg("%s %s: %.9g, wanted %.9g", k->name, what, got, wanted);
}

/* ---- products ---- */

typedef struct {
	size_t m, n, k;
	bool a_transposed, b_transposed, accumulate, bias;
} shape;

static double plain_product(const shape *s, const float *a, const float *b, size_t i, size_t j)
{
	double sum = 0;
	for (size_t p = 0; p < s->k; p++)
		sum += (double)(s->a_transposed ? a[p * s->m + i] : a[i * s->k + p]) * (double)(s->b_transposed ? b[j * s->k + p] : b[p * s->n + j]);
	return sum;
}

static void product_check(const kernels *k, const shape *s)
{
	float *a = numbers(s->m * s->k, 1), *b = numbers(s->k * s->n, 2), *bias = numbers(s->n, 3), *c = numbers(s->m * s->n, 4), *before = numbers(s->m * s->n, 4);
	float *packed = packed_room((s->n + k->panel) * (s->k + 1));
	k->pack(b, s->b_transposed ? s->k : s->n, s->b_transposed, s->k, s->n, packed);
	product p = { .m = s->m, .n = s->n, .k = s->k, .a = a, .lda = s->a_transposed ? s->m : s->k, .a_transposed = s->a_transposed, .b = packed, .b_rows = s->k,
		.c = c, .ldc = s->n, .accumulate = s->accumulate, .bias = s->bias ? bias : NULL };
	k->multiply(&p);
	for (size_t i = 0; i < s->m; i++)
		for (size_t j = 0; j < s->n; j++) {
			double wanted = plain_product(s, a, b, i, j) + (s->bias ? (double)bias[j] : 0) + (s->accumulate ? (double)before[i * s->n + j] : 0);
			close_to(k, "product", (double)c[i * s->n + j], wanted, 1e-6 * (4 + sqrt((double)s->k)));
		}
	for (size_t i = s->m * s->n; i < s->m * s->n + 64; i++)
		assert_true(c[i] == before[i]); /* nothing behind the end was written */
	free(a);
	free(b);
	free(bias);
	free(c);
	free(before);
	free(packed);
}

static void products_of_odd_shapes_equal_plain_sums(void **state)
{
	(void)state;
	static const size_t sizes[] = { 1, 2, 3, 5, 7, 8, 9, 15, 17, 31, 33, 65 }, depths[] = { 0, 1, 3, 64, 257, 515 };
	EACH_VARIANT(k)
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
			for (size_t d = 0; d < sizeof depths / sizeof *depths; d++)
				for (unsigned form = 0; form < 16; form++)
					product_check(k, &(shape){ .m = sizes[i], .n = sizes[(i * 5 + d) % 12], .k = depths[d], .a_transposed = form & 1, .b_transposed = form & 2,
						.accumulate = form & 4, .bias = form & 8 });
}

static void a_product_with_no_rows_writes_nothing(void **state)
{
	(void)state;
	EACH_VARIANT(k)
		product_check(k, &(shape){ .m = 0, .n = 5, .k = 3 });
}

static void padded_check(const kernels *k, bool transposed)
{
	float *a = numbers(3 * 4, 1), *b = numbers(4 * 5, 2), *c = numbers(3 * k->panel, 3), *packed = packed_room(k->panel * 4);
	k->pack(b, transposed ? 4 : 5, transposed, 4, 5, packed);
	product p = { .m = 3, .n = 5, .k = 4, .a = a, .lda = 4, .b = packed, .b_rows = 4, .c = c, .ldc = k->panel, .padded = true };
	k->multiply(&p);
	for (size_t i = 0; i < 3; i++)
		for (size_t j = 5; j < k->panel; j++)
			assert_true(c[i * k->panel + j] == 0);
	free(a);
	free(b);
	free(c);
	free(packed);
}

static void a_padded_product_is_zero_behind_its_columns(void **state)
{
	(void)state;
	EACH_VARIANT(k) {
		padded_check(k, false);
		padded_check(k, true);
	}
}

/* drop(act(C + bias)) in the epilogue is what the separate kernels make of C + bias. */
static void the_epilogue_equals_separate_steps(void **state)
{
	(void)state;
	enum { M = 13, N = 75, K = 70 };
	dropout drop = dropout_new(11, 3, 0.25);
	EACH_VARIANT(k) {
		float *a = numbers(M * K, 1), *b = numbers(K * N, 2), *c = numbers(M * N, 3), *plain = numbers(M * N, 4), *before = numbers(M * N, 5);
		float *packed = packed_room((N + k->panel) * K);
		k->pack(b, N, false, K, N, packed);
		product p = { .m = M, .n = N, .k = K, .a = a, .lda = K, .b = packed, .b_rows = K, .c = plain, .ldc = N };
		k->multiply(&p);
		p.c = c;
		p.act = ACT_GELU;
		p.before = before;
		p.drop = &drop;
		k->multiply(&p);
		assert_memory_equal(before, plain, M * N * sizeof *plain);
		k->activate(plain, plain, ACT_GELU, M * N);
		k->drop(plain, plain, &drop, M, N, false);
		for (size_t i = 0; i < M * N; i++)
			close_to(k, "epilogue", (double)c[i], (double)plain[i], 1e-6);
		free(a);
		free(b);
		free(c);
		free(plain);
		free(before);
		free(packed);
	}
}

/* ---- functions ---- */

static double plain_activation(double x, activation act)
{
	switch (act) {
	case ACT_RELU: return x > 0 ? x : 0;
	case ACT_GELU: return 0.5 * x * erfc(-x / sqrt(2));
	case ACT_SILU: return x / (1 + exp(-x));
	case ACT_TANH: return tanh(x);
	case ACT_SIGMOID: return 1 / (1 + exp(-x));
	case ACT_NONE: break;
	}
	return x;
}

static void activations_are_accurate_to_a_millionth(void **state)
{
	(void)state;
	enum { N = 4001 };
	static float x[N], y[N];
	for (size_t i = 0; i < N; i++)
		x[i] = ((float)i - N / 2) / 200;
	EACH_VARIANT(k)
		for (activation act = ACT_NONE; act <= ACT_SIGMOID; act++) {
			k->activate(y, x, act, N);
			for (size_t i = 0; i < N; i++) {
				double wanted = plain_activation((double)x[i], act);
				close_to(k, "activation", (double)y[i], wanted, 1e-6 * fabs(wanted) + (act == ACT_GELU && x[i] < -3 ? 1e-8 : 0));
			}
		}
}

static void extreme_inputs_stay_finite(void **state)
{
	(void)state;
	const float x[] = { -1e30f, -1000, -100, -88, 0, 88, 100, 1000, 1e30f };
	enum { N = sizeof x / sizeof *x };
	float y[N];
	EACH_VARIANT(k)
		for (activation act = ACT_SILU; act <= ACT_SIGMOID; act++) {
			k->activate(y, x, act, N);
			for (size_t i = 0; i < N; i++)
				assert_true(isfinite(y[i]));
			assert_true(act == ACT_SILU || (fabs(y[8] - 1.0f) < 1e-6 && y[0] <= 0 + 1e-30f));
		}
}

static void exponentials_are_summed(void **state)
{
	(void)state;
	EACH_VARIANT(k)
		for (size_t n = 1; n < 70; n++) {
			float *x = numbers(n, (uint32_t)n), y[70];
			double sum = 0;
			for (size_t i = 0; i < n; i++)
				sum += exp(20 * (double)x[i] - 3);
			for (size_t i = 0; i < n; i++)
				x[i] *= 20;
			close_to(k, "exp_sum", (double)k->exp_sum(y, x, 3, n), sum, 1e-6 * sum * 8);
			double most = (double)x[0];
			for (size_t i = 1; i < n; i++)
				most = fmax(most, (double)x[i]);
			assert_true((double)k->maximum(x, n) == most);
			free(x);
		}
}

static void binary_losses_and_their_slopes_are_those_of_the_formula(void **state)
{
	(void)state;
	EACH_VARIANT(k)
		for (size_t n = 1; n < 3000; n = n < 70 ? n + 1 : n * 2 + 1) {
			float *z = numbers(n, (uint32_t)n), *kept = malloc(n * sizeof *kept);
			double sum = 0;
			for (size_t i = 0; i < n; i++) {
				kept[i] = z[i] *= 60;
				sum += fmax((double)z[i], 0) + log1p(exp(-fabs((double)z[i])));
			}
			close_to(k, "binary", k->binary(z, 0.5f, n), sum, 1e-6 * sum + 1e-6);
			for (size_t i = 0; i < n; i++)
				close_to(k, "binary slope", (double)z[i], 0.5 / (1 + exp(-(double)kept[i])), 1e-6);
			z[n / 2] = NAN;
			assert_true(isnan(k->binary(z, 1, n)));
			free(z);
			free(kept);
		}
}

static void a_row_of_scores_becomes_weights(void **state)
{
	(void)state;
	enum { ROOM = 96 };
	EACH_VARIANT(k)
		for (size_t n = 1; n <= ROOM; n++) {
			float *scores = numbers(ROOM, (uint32_t)n), kept[ROOM];
			memcpy(kept, scores, sizeof kept);
			double sum = 0;
			for (size_t i = 0; i < n; i++)
				sum += exp(0.5 * (double)kept[i]);
			close_to(k, "log sum", (double)k->attend(scores, 0.5f, n, ROOM), log(sum), 1e-5);
			for (size_t i = 0; i < ROOM; i++)
				close_to(k, "weight", (double)scores[i], i < n ? exp(0.5 * (double)kept[i]) / sum : 0, 1e-6);
			free(scores);
		}
}

static void masks_by_vectors_equal_the_plain_form(void **state)
{
	(void)state;
	dropout d = dropout_new(5, 2, 0.3);
	EACH_VARIANT(k)
		for (size_t cols = 1; cols < 100; cols += 7) {
			float fast[128], plain[100];
			k->mask(&d, 3, 100, cols, fast);
			dropout_mask(&d, 3, 100, cols, plain);
			assert_memory_equal(fast, plain, cols * sizeof *plain);
		}
}

static void norm_rows_have_mean_zero_and_variance_one(void **state)
{
	(void)state;
	enum { ROWS = 5, COLS = 37 };
	EACH_VARIANT(k) {
		float *x = numbers(ROWS * COLS, 1), *y = numbers(ROWS * COLS, 2), out[ROWS * COLS], gain[COLS], bias[COLS] = { 0 };
		for (size_t i = 0; i < COLS; i++)
			gain[i] = 1;
		norm_rows p = { .rows = ROWS, .cols = COLS, .x = x, .y = y, .gain = gain, .bias = bias, .out = out };
		k->norm(&p);
		for (size_t row = 0; row < ROWS; row++) {
			double sum = 0, square = 0;
			for (size_t i = 0; i < COLS; i++) {
				sum += (double)out[row * COLS + i];
				square += (double)out[row * COLS + i] * (double)out[row * COLS + i];
			}
			close_to(k, "mean", sum / COLS, 0, 1e-6);
			close_to(k, "variance", square / COLS, 1, 1e-3);
		}
		free(x);
		free(y);
	}
}

/* ---- the choice ---- */

static void the_environment_forces_a_variant(void **state)
{
	(void)state;
	sr_error err = { 0 };
	setenv("SEQREC_CPU", "portable", 1);
	assert_string_equal(kernels_choose(&err)->name, "native, portable");
	unsetenv("SEQREC_CPU");
	assert_non_null(kernels_choose(&err));
}

static void an_unknown_variant_is_refused_by_name(void **state)
{
	(void)state;
	sr_error err = { 0 };
	setenv("SEQREC_CPU", "quantum", 1);
	assert_null(kernels_choose(&err));
	unsetenv("SEQREC_CPU");
	assert_int_equal(err.code, SR_CONFIG);
	assert_non_null(strstr(err.text, "quantum"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(products_of_odd_shapes_equal_plain_sums),
		cmocka_unit_test(a_product_with_no_rows_writes_nothing),
		cmocka_unit_test(a_padded_product_is_zero_behind_its_columns),
		cmocka_unit_test(the_epilogue_equals_separate_steps),
		cmocka_unit_test(activations_are_accurate_to_a_millionth),
		cmocka_unit_test(extreme_inputs_stay_finite),
		cmocka_unit_test(exponentials_are_summed),
		cmocka_unit_test(binary_losses_and_their_slopes_are_those_of_the_formula),
		cmocka_unit_test(a_row_of_scores_becomes_weights),
		cmocka_unit_test(masks_by_vectors_equal_the_plain_form),
		cmocka_unit_test(norm_rows_have_mean_zero_and_variance_one),
		cmocka_unit_test(the_environment_forces_a_variant),
		cmocka_unit_test(an_unknown_variant_is_refused_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
