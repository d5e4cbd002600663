/* tensor_test.c - runtimes: scopes, the first failure, nil, inference and training, packs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "seqrec/tensor.h"
#include "seqrec/thread.h"

enum { WIDTH = 16, ITEMS = 30 };

typedef struct {
	params *list;
	param *items, *qkv, *out, *gain, *shift, *head;
	runtime *rt;
	lane *l;
} model;

static int set_up(void **state)
{
	static model m;
	m.list = params_new();
	m.items = param_new(m.list, PARAM_TABLE, ITEMS, WIDTH, INIT_NORMAL, 1, "items");
	m.qkv = param_new(m.list, PARAM_WEIGHT, WIDTH, 3 * WIDTH, INIT_XAVIER, 0, "qkv");
	m.out = param_new(m.list, PARAM_WEIGHT, WIDTH, WIDTH, INIT_XAVIER, 0, "out");
	m.gain = param_new(m.list, PARAM_NORM, 1, WIDTH, INIT_ONE, 0, "gain");
	m.shift = param_new(m.list, PARAM_NORM, 1, WIDTH, INIT_ZERO, 0, "shift");
	m.head = param_new(m.list, PARAM_WEIGHT, WIDTH, 2, INIT_XAVIER, 0, "head");
	params_initialise(m.list, 1);
	m.rt = runtime_new(TENSOR_NATIVE, m.list, NULL);
	m.l = lane_new(m.list);
	*state = &m;
	return m.rt ? 0 : -1;
}

static int tear_down(void **state)
{
	model *m = *state;
	runtime_free(m->rt);
	lane_free(m->l);
	params_free(m->list);
	return 0;
}

/* One block and a head: (S,2). */
static tensor *logits(const model *m, const index_array *ids, const spans *seq, double drop)
{
	tensor *x = t_embedding(m->rt, m->items, ids, 1);
	scope_open(m->rt, "block%d", 0);
	tensor *a = t_attention(t_linear(x, m->qkv, NULL), seq, 2, SEE_PAST, drop);
	x = scope_return(t_add_norm(x, t_dense(a, m->out, NULL, ACT_GELU, drop), drop, m->gain, m->shift));
	return t_linear(t_pool(x, seq, POOLING_LAST), m->head, NULL);
}

static void fails_with(const model *m, const char *words)
{
	sr_error err = { 0 };
	assert_false(runtime_status(m->rt, &err));
	if (!strstr(err.text, words))
		fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

/* ---- the first failure ---- */

static void the_first_failure_names_scopes_operation_and_shapes(void **state)
{
	model *m = *state;
	float values[6] = { 0 };
	runtime_begin(m->rt, NULL, 1, 1, 0);
	scope_open(m->rt, "model");
	scope_open(m->rt, "block%d", 3);
	tensor *bad = t_linear(runtime_input(m->rt, values, 2, 3), m->qkv, NULL);
	assert_int_equal(tensor_rows(bad), 0);
	scope_return(scope_return(t_add(bad, bad)));
	fails_with(m, "model/block3/linear: x is (2,3), qkv is (16,48): the inner sizes differ");
}

static void nil_goes_through_every_operation(void **state)
{
	model *m = *state;
	float values[6] = { 0 };
	uint32_t label = 0;
	runtime_begin(m->rt, m->l, 1, 1, 0);
	tensor *nil = t_mul(runtime_input(m->rt, values, 2, 3), runtime_input(m->rt, values, 3, 2));
	const spans *seq = runtime_spans(m->rt, (uint32_t[]){ 0, 2 }, 1);
	const index_array *ids = runtime_index(m->rt, &label, 1);
	tensor *results[] = { t_linear(nil, m->qkv, NULL), t_dense(nil, m->qkv, NULL, ACT_RELU, 0.1), t_add(nil, nil), t_add_row(nil, m->gain), t_scale(nil, 2),
		t_scale_by(nil, m->gain, 0), t_activate(nil, ACT_GELU), t_dropout(nil, 0.5), t_norm(nil, m->gain, m->shift), t_concat(nil, nil), t_rows(nil, ids),
		t_attention(nil, seq, 2, SEE_ALL, 0), t_attention_pool(nil, nil, nil, seq, 2), t_pool(nil, seq, POOLING_MAX), t_spread(nil, seq),
		t_fill_empty(nil, seq, m->gain), t_softmax(nil), t_normalise(nil, 1e-6), t_embedding(m->rt, m->items, ids, 1), t_param(m->rt, m->gain),
		t_recurrent(CELL_GRU, nil, m->qkv, m->qkv, m->shift, m->shift, seq), t_embedding_bag(m->rt, m->items, ids, seq) };
	for (size_t i = 0; i < sizeof results / sizeof *results; i++)
		assert_ptr_equal(results[i], nil);
	t_loss_classes(nil, ids, NULL, 0, 1);
	t_loss_binary(nil, values, NULL, 1);
	t_loss_softmax(nil, m->items, NULL, ids, 0, NULL, 0, 1);
	assert_false(runtime_backward(m->rt));
	assert_false(tensor_read(nil, values));
	fails_with(m, "mul: x is (2,3), y is (3,2): the shapes differ");
}

static void a_new_pack_forgets_the_failure(void **state)
{
	model *m = *state;
	runtime_begin(m->rt, NULL, 1, 1, 0);
	runtime_spans(m->rt, (uint32_t[]){ 0, 4, 3 }, 2);
	fails_with(m, "spans: sequence 1 ends at 3, before its start 4");
	runtime_begin(m->rt, NULL, 1, 1, 0);
	assert_true(runtime_status(m->rt, NULL));
}

static void ids_beyond_the_table_are_refused(void **state)
{
	model *m = *state;
	runtime_begin(m->rt, NULL, 1, 1, 0);
	t_embedding(m->rt, m->items, runtime_index(m->rt, (uint32_t[]){ 1, ITEMS }, 2), 1);
	fails_with(m, "embedding: number 30 does not exist: items has 30 rows");
}

static void wrong_arguments_are_refused(void **state)
{
	model *m = *state;
	float values[96] = { 0 };
	const spans *seq;
#define REFUSED(words, call) \
	runtime_begin(m->rt, m->l, 1, 1, 0); \
	seq = runtime_spans(m->rt, (uint32_t[]){ 0, 1, 2 }, 2); \
	call; \
	fails_with(m, words)
	REFUSED("attention: qkv has 10 columns", t_attention(runtime_input(m->rt, values, 2, 10), seq, 1, SEE_ALL, 0));
	REFUSED("attention: 5 heads do not divide a width of 16", t_attention(runtime_input(m->rt, values, 2, 48), seq, 5, SEE_ALL, 0));
	REFUSED("attention: the sequences have 2 rows, the tensor has 1", t_attention(runtime_input(m->rt, values, 1, 48), seq, 1, SEE_ALL, 0));
	REFUSED("dropout: dropout is 1, outside [0, 1)", t_dropout(runtime_input(m->rt, values, 2, 3), 1));
	REFUSED("norm: gain is (1,16), wanted is (1,3)", t_norm(runtime_input(m->rt, values, 2, 3), m->gain, m->shift));
	REFUSED("pool: the spans is NULL", t_pool(runtime_input(m->rt, values, 2, 3), NULL, POOLING_MEAN));
	REFUSED("spread: x has 3 rows, the list of sequences has 2", t_spread(runtime_input(m->rt, values, 3, 3), seq));
	REFUSED("add: y is NULL", t_add(runtime_input(m->rt, values, 3, 3), NULL));
	REFUSED("loss_binary: logits are (2,3), not one column", t_loss_binary(runtime_input(m->rt, values, 2, 3), values, NULL, 1));
	REFUSED("loss_softmax: target 1 is row 0", t_loss_softmax(runtime_input(m->rt, values, 2, 16), m->items, NULL,
		runtime_index(m->rt, (uint32_t[]){ 2, 0 }, 2), 1, NULL, 0, 1));
	REFUSED("scope_return: no scope is open", scope_return(runtime_input(m->rt, values, 2, 3)));
}

static void gradients_need_a_lane(void **state)
{
	model *m = *state;
	runtime_begin(m->rt, NULL, 1, 1, 0);
	assert_false(runtime_backward(m->rt));
	fails_with(m, "begun without a lane");
}

/* ---- packs ---- */

static void read_logits(const model *m, const uint32_t *ids, const uint32_t *starts, size_t samples, float *out)
{
	runtime_begin(m->rt, NULL, 1, 1, 0);
	assert_true(tensor_read(logits(m, runtime_index(m->rt, ids, starts[samples]), runtime_spans(m->rt, starts, samples), 0.5), out));
}

static void a_neighbour_in_the_pack_changes_nothing(void **state)
{
	float alone[2], beside[8];
	read_logits(*state, (uint32_t[]){ 5, 7, 9 }, (uint32_t[]){ 0, 3 }, 1, alone);
	read_logits(*state, (uint32_t[]){ 2, 2, 5, 7, 9, 29 }, (uint32_t[]){ 0, 2, 2, 5, 6 }, 4, beside);
	assert_memory_equal(alone, beside + 4, sizeof alone);
}

static void causal_attention_does_not_see_the_future(void **state)
{
	model *m = *state;
	float one[3 * WIDTH], other[3 * WIDTH];
	for (int i = 0; i < 2; i++) {
		runtime_begin(m->rt, NULL, 1, 1, 0);
		const spans *seq = runtime_spans(m->rt, (uint32_t[]){ 0, 3 }, 1);
		tensor *x = t_embedding(m->rt, m->items, runtime_index(m->rt, (uint32_t[]){ 5, 7, i ? 9 : 11 }, 3), 1);
		assert_true(tensor_read(t_attention(t_linear(x, m->qkv, NULL), seq, 2, SEE_PAST, 0), i ? one : other));
	}
	assert_memory_equal(one, other, 2 * WIDTH * sizeof *one);
	assert_memory_not_equal(one + 2 * WIDTH, other + 2 * WIDTH, WIDTH * sizeof *one);
}

static void an_empty_sequence_gives_zeros_and_no_gradient_is_nan(void **state)
{
	model *m = *state;
	float out[4];
	read_logits(m, (uint32_t[]){ 3 }, (uint32_t[]){ 0, 0, 1 }, 2, out);
	assert_true(out[0] == 0 && out[1] == 0 && out[2] != 0);
}

static void a_pack_without_events_runs(void **state)
{
	model *m = *state;
	uint32_t starts[3] = { 0 }, labels[2] = { 0, 1 };
	lane_clear(m->l);
	runtime_begin(m->rt, m->l, 1, 1, 0);
	tensor *y = logits(m, runtime_index(m->rt, starts, 0), runtime_spans(m->rt, starts, 2), 0.1);
	t_loss_classes(y, runtime_index(m->rt, labels, 2), NULL, 0, 1);
	assert_true(runtime_backward(m->rt));
	assert_int_equal(tensor_rows(y), 2);
	assert_true(lane_loss(m->l) > 1.38 && lane_loss(m->l) < 1.39); /* 2 log 2 */
}

static void train_more(const model *m, uint64_t seed, uint64_t step, uint32_t stream, lane *into)
{
	static const uint32_t ids[6] = { 2, 2, 5, 7, 9, 29 }, starts[4] = { 0, 2, 5, 6 }, labels[3] = { 0, 1, 1 };
	runtime_begin(m->rt, into, seed, step, stream);
	t_loss_classes(logits(m, runtime_index(m->rt, ids, 6), runtime_spans(m->rt, starts, 3), 0.3), runtime_index(m->rt, labels, 3), NULL, 0, 1);
	assert_true(runtime_backward(m->rt));
}

static void train(const model *m, uint64_t seed, uint64_t step, uint32_t stream, lane *into)
{
	lane_clear(into);
	train_more(m, seed, step, stream, into);
}

enum { LANES = 3, PACKS_A_LANE = 4 };

typedef struct {
	const model *m;
	lane *lanes[LANES];
} dealt;

static void lane_work(void *context, size_t job, unsigned thread)
{
	(void)thread;
	dealt *d = context;
	model own = *d->m;
	own.rt = runtime_new(TENSOR_NATIVE, own.list, NULL);
	for (uint32_t pack = 0; pack < PACKS_A_LANE; pack++)
		train_more(&own, 1, 1, (uint32_t)job * PACKS_A_LANE + pack, d->lanes[job]);
	runtime_free(own.rt);
}

static void gradients_do_not_depend_on_threads(void **state)
{
	const model *m = *state;
	dealt one = { .m = m }, two = { .m = m }, *both[] = { &one, &two };
	for (unsigned threads = 1; threads <= 2; threads++) {
		dealt *d = both[threads - 1];
		for (size_t i = 0; i < LANES; i++)
			d->lanes[i] = lane_new(m->list);
		thread_pool *pool = thread_pool_new(threads);
		thread_pool_run(pool, LANES, lane_work, d);
		thread_pool_free(pool);
		for (size_t i = 1; i < LANES; i++)
			lane_add(d->lanes[0], d->lanes[i]);
	}
	for (size_t i = 0; i < params_count(m->list); i++) {
		const param *p = params_get(m->list, i);
		assert_memory_equal(lane_gradient(one.lanes[0], p), lane_gradient(two.lanes[0], p), p->rows * p->cols * sizeof *p->value);
	}
	for (size_t i = 0; i < LANES; i++) {
		lane_free(one.lanes[i]);
		lane_free(two.lanes[i]);
	}
}

static void the_same_pack_gives_the_same_bits(void **state)
{
	model *m = *state;
	lane *again = lane_new(m->list);
	train(m, 1, 2, 3, m->l);
	train(m, 1, 2, 3, again);
	for (size_t i = 0; i < params_count(m->list); i++) {
		const param *p = params_get(m->list, i);
		assert_memory_equal(lane_gradient(m->l, p), lane_gradient(again, p), p->rows * p->cols * sizeof *p->value);
	}
	assert_true(lane_loss(m->l) == lane_loss(again));
	const uint64_t other[3][3] = { { 2, 2, 3 }, { 1, 3, 3 }, { 1, 2, 4 } }; /* seed, step and stream each choose another mask */
	for (size_t i = 0; i < 3; i++) {
		train(m, other[i][0], other[i][1], (uint32_t)other[i][2], again);
		assert_true(lane_loss(m->l) != lane_loss(again));
	}
	lane_free(again);
}

static void only_rows_of_the_pack_are_touched(void **state)
{
	model *m = *state;
	const uint32_t *rows, wanted[] = { 2, 5, 7, 9, 29 };
	train(m, 1, 1, 1, m->l);
	assert_int_equal(lane_touched(m->l, m->items, &rows), 5);
	assert_memory_equal(rows, wanted, sizeof wanted);
}

static void a_runtime_does_not_grow_from_pack_to_pack(void **state)
{
	model *m = *state;
	for (uint32_t i = 0; i < 2; i++) /* the second finds one block where the first made several */
		train(m, 1, i, 1, m->l);
	size_t bytes = runtime_bytes(m->rt);
	for (uint32_t i = 0; i < 50; i++)
		train(m, 1, i, 1, m->l);
	assert_int_equal(runtime_bytes(m->rt), bytes);
}

static void inference_frees_what_a_scope_computed(void **state)
{
	model *m = *state;
	enum { EVENTS = 500 };
	static float values[EVENTS * WIDTH];
	size_t bytes[2];
	for (size_t i = 0; i < 2; i++) {
		runtime_free(m->rt);
		m->rt = runtime_new(TENSOR_NATIVE, m->list, NULL);
		runtime_begin(m->rt, NULL, 1, 1, 0);
		tensor *x = runtime_input(m->rt, values, EVENTS, WIDTH);
		for (size_t block = 0; block < (i ? 200 : 2); block++) {
			scope_open(m->rt, "block");
			for (int step = 0; step < 6; step++)
				x = t_dense(x, m->out, NULL, ACT_RELU, 0);
			x = scope_return(x);
		}
		bytes[i] = runtime_bytes(m->rt);
	}
	assert_true(bytes[1] < bytes[0] + 600 * EVENTS * WIDTH * sizeof *values); /* of the six results a block has, one is kept */
}

static void a_tensor_from_outside_survives_the_scope(void **state)
{
	model *m = *state;
	float values[2] = { 3, 4 }, out[2];
	runtime_begin(m->rt, NULL, 1, 1, 0);
	tensor *x = runtime_input(m->rt, values, 1, 2);
	scope_open(m->rt, "idle");
	tensor *same = scope_return(t_dropout(x, 0.5)); /* inference: x itself */
	scope_open(m->rt, "next");
	tensor *sum = scope_return(t_add(same, x));
	assert_true(tensor_read(sum, out) && out[0] == 6 && tensor_read(x, out) && out[1] == 4);
}

static void a_result_of_a_closed_scope_is_refused(void **state)
{
	model *m = *state;
	float values[2] = { 3, 4 };
	for (int training = 0; training < 2; training++) {
		runtime_begin(m->rt, training ? m->l : NULL, 1, 1, 0);
		tensor *x = runtime_input(m->rt, values, 1, 2);
		scope_open(m->rt, "block");
		tensor *inner = t_scale(x, 2), *outer = scope_return(t_scale(inner, 3));
		assert_false(tensor_read(inner, values + 0));
		assert_true(runtime_status(m->rt, NULL));
		t_add(outer, inner);
		fails_with(m, "scope: a result (1,2) of a closed scope is used");
	}
}

static void a_result_lives_as_long_as_the_scope_it_was_returned_to(void **state)
{
	model *m = *state;
	float values[2] = { 3, 4 };
	runtime_begin(m->rt, NULL, 1, 1, 0);
	scope_open(m->rt, "outer");
	scope_open(m->rt, "middle");
	scope_open(m->rt, "inner");
	tensor *x = scope_return(scope_return(t_scale(runtime_input(m->rt, values, 1, 2), 2)));
	assert_true(tensor_read(x, values) && values[1] == 8);
	tensor *y = scope_return(t_scale(x, 2));
	assert_true(tensor_read(y, values) && values[1] == 16);
	assert_false(tensor_read(x, values));
}

/* Each operation with dropout, on ones. */
static tensor *dropping(const model *m, size_t which)
{
	static float ones[8 * 3 * WIDTH];
	for (size_t i = 0; i < sizeof ones / sizeof *ones; i++)
		ones[i] = (float)(1 + i % 7);
	const spans *seq = runtime_spans(m->rt, (uint32_t[]){ 0, 8 }, 1);
	tensor *x = runtime_input(m->rt, ones, 8, WIDTH);
	switch (which) {
	case 0: return t_dropout(x, 0.5);
	case 1: return t_dense(x, m->out, NULL, ACT_NONE, 0.5);
	case 2: return t_add_norm(x, x, 0.5, m->gain, m->shift);
	default: return t_attention(runtime_input(m->rt, ones, 8, 3 * WIDTH), seq, 2, SEE_PAST, 0.5);
	}
}

static void dropout_happens_in_training_only(void **state)
{
	model *m = *state;
	float out[3][8 * WIDTH];
	for (size_t which = 0; which < 4; which++) {
		for (uint32_t pack = 0; pack < 3; pack++) {
			runtime_begin(m->rt, pack ? m->l : NULL, 1, 1, pack);
			assert_true(tensor_read(dropping(m, which), out[pack]));
		}
		assert_memory_not_equal(out[0], out[1], sizeof out[0]);
		assert_memory_not_equal(out[1], out[2], sizeof out[0]);
	}
}

static void the_loss_can_be_read_in_inference(void **state)
{
	model *m = *state;
	float zero = 0, target = 1;
	runtime_begin(m->rt, NULL, 1, 1, 0);
	t_loss_binary(runtime_input(m->rt, &zero, 1, 1), &target, NULL, 2);
	assert_true(runtime_loss(m->rt) > 1.386 && runtime_loss(m->rt) < 1.387);
}

static void an_absent_shared_object_is_a_config_error(void **state)
{
	model *m = *state;
	sr_error err = { 0 };
	setenv("SEQREC_ATEN", "/nowhere/libseqrec_aten.so", 1);
	assert_null(runtime_new(TENSOR_LIBTORCH, m->list, &err));
	unsetenv("SEQREC_ATEN");
	assert_int_equal(err.code, SR_CONFIG);
	assert_non_null(strstr(err.text, "/nowhere/libseqrec_aten.so"));
}

int main(void)
{
#define MODEL_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		MODEL_TEST(the_first_failure_names_scopes_operation_and_shapes), MODEL_TEST(nil_goes_through_every_operation),
		MODEL_TEST(a_new_pack_forgets_the_failure), MODEL_TEST(ids_beyond_the_table_are_refused), MODEL_TEST(wrong_arguments_are_refused),
		MODEL_TEST(gradients_need_a_lane), MODEL_TEST(a_neighbour_in_the_pack_changes_nothing),
		MODEL_TEST(causal_attention_does_not_see_the_future), MODEL_TEST(an_empty_sequence_gives_zeros_and_no_gradient_is_nan),
		MODEL_TEST(a_pack_without_events_runs), MODEL_TEST(the_same_pack_gives_the_same_bits), MODEL_TEST(only_rows_of_the_pack_are_touched),
		MODEL_TEST(a_runtime_does_not_grow_from_pack_to_pack), MODEL_TEST(inference_frees_what_a_scope_computed),
		MODEL_TEST(a_tensor_from_outside_survives_the_scope), MODEL_TEST(a_result_of_a_closed_scope_is_refused),
		MODEL_TEST(a_result_lives_as_long_as_the_scope_it_was_returned_to), MODEL_TEST(dropout_happens_in_training_only), MODEL_TEST(gradients_do_not_depend_on_threads),
		MODEL_TEST(the_loss_can_be_read_in_inference),
		MODEL_TEST(an_absent_shared_object_is_a_config_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
