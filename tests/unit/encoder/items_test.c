/* What is told: items by their table, by their fields, at length 1. */
#include "unit/encoder/packs.h"

#include <math.h>

enum { ITEMS = 10, D = 8 };
static const uint32_t everyone[] = { 0, 1, 2, 3, 4, 5 };

static model_settings settings_of(output_kind output, bool fields)
{
	model_settings s = combination(1);
	s.tied = true;
	s.output = output;
	s.output_fields = fields;
	return s;
}

/* Vectors of all items. */
static void items_of(const model *m, float out[ITEMS * D])
{
	runtime *rt = runtime_new(TENSOR_NATIVE, model_params(m), NULL);
	item_block *b = told_items_of();
	runtime_begin(rt, NULL, 1, 0, 0);
	assert_true(tensor_read(model_item_rows(m, rt, b), out));
	assert_true(runtime_status(rt, NULL));
	told_items_free(b);
	runtime_free(rt);
}

static double length_of(const float *v)
{
	double sum = 0;
	for (size_t i = 0; i < D; i++)
		sum += (double)v[i] * (double)v[i];
	return sqrt(sum);
}

static double first_length_told(const model *m)
{
	float told[64 * D];
	runtime *rt = runtime_new(TENSOR_NATIVE, model_params(m), NULL);
	pack *p = told_pack_of(everyone, SEQUENCES);
	runtime_begin(rt, NULL, 1, 0, 0);
	assert_true(tensor_read(model_forward(m, rt, p).told, told));
	told_pack_free(p);
	runtime_free(rt);
	return length_of(told);
}

static void an_item_is_the_sum_of_its_row_and_the_means_of_its_fields(void **state)
{
	(void)state;
	float out[ITEMS * D];
	model_settings settings = settings_of(OUTPUT_DOT, true);
	model *m = model_of(&settings, &told_shape);
	item_block *b = told_items_of();
	items_of(m, out);
	const param *item = model_items(m), *type = params_find(model_params(m), "event.type"), *query = params_find(model_params(m), "event.query"), *number = params_find(model_params(m), "event.numbers");
	for (size_t i = 0; i < ITEMS; i++)
		for (size_t d = 0; d < D; d++) {
			double sum = 0;
			uint32_t first = b->field[2].start[i], end = b->field[2].start[i + 1];
			for (uint32_t k = first; k < end; k++)
				sum += (double)query->value[b->field[2].code[k] * D + d] / (end - first);
			sum += (double)item->value[i * D + d] + (double)type->value[b->field[1].code[i] * D + d];
			sum += (double)b->number[2 * i] * (double)number->value[d] + (double)b->number[2 * i + 1] * (double)number->value[D + d];
			assert_true(fabs(sum - (double)out[i * D + d]) < 1e-6);
		}
	told_items_free(b);
	model_free(m);
}

static void cosine_compares_vectors_of_length_one_by_the_temperature(void **state)
{
	(void)state;
	float out[ITEMS * D];
	model_settings settings = settings_of(OUTPUT_COSINE, true);
	model *m = model_of(&settings, &told_shape);
	items_of(m, out);
	for (size_t i = 0; i < ITEMS; i++)
		assert_true(fabs(length_of(out + i * D) - 1) < 1e-6);
	assert_true(fabs(first_length_told(m) - 20) < 1e-4);
	model_free(m);
	settings.temperature = 0.25;
	m = model_of(&settings, &told_shape);
	assert_true(fabs(first_length_told(m) - 4) < 1e-5);
	model_free(m);
}

static void items_stand_as_in_their_table_unless_more_is_asked_for(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		model_settings settings = settings_of(i % 2 ? OUTPUT_COSINE : OUTPUT_DOT, i / 2);
		model *m = model_of(&settings, &told_shape);
		assert_int_equal(model_items_made(m), i != 0);
		model_free(m);
	}
	input_shape bare = told_shape;
	bare.event_count = 1;
	bare.event_columns = 0;
	model_settings settings = settings_of(OUTPUT_DOT, true);
	model *m = model_of(&settings, &bare);
	assert_false(model_items_made(m)); /* there are no fields */
	model_free(m);
}

static void an_untied_table_is_a_table_of_its_own(void **state)
{
	(void)state;
	model_settings settings = settings_of(OUTPUT_DOT, false);
	model *m = model_of(&settings, &told_shape);
	assert_ptr_equal(model_items(m), params_find(model_params(m), "event.item"));
	model_free(m);
	settings.tied = false;
	m = model_of(&settings, &told_shape);
	assert_ptr_equal(model_items(m), params_find(model_params(m), "items"));
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_item_is_the_sum_of_its_row_and_the_means_of_its_fields),
		cmocka_unit_test(cosine_compares_vectors_of_length_one_by_the_temperature),
		cmocka_unit_test(items_stand_as_in_their_table_unless_more_is_asked_for),
		cmocka_unit_test(an_untied_table_is_a_table_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
