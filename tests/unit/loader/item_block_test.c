/* Items to be told carry the same values as the events of these items. */
#include "made.h"

#include "loader/feature.h"

#define DATA                                                                                                                                                                                 \
	EVENTS ", \"items\": [{\"path\": \"i.csv\"}], \"min_count\": 1, \"fields\": [{\"name\": \"brand\", \"on\": \"item\"}, {\"name\": \"tags\", \"on\": \"item\", \"kind\": \"categories\"},"         \
	"{\"name\": \"cost\", \"on\": \"item\", \"kind\": \"number\"}, {\"name\": \"amount\", \"kind\": \"number\"}]"

/* Inputs fitted on the training targets p, q, r of user a; s and t are of other parts. */
typedef struct {
	made m;
	features *f;
	uint32_t *train;
	size_t count;
} fitted;

static fitted fit(void)
{
	sr_error err = { 0 };
	log_write("e.csv", "user,item,time,amount\na,p,2020-01-01,5\na,q,2020-01-02,6\na,r,2020-01-03,\na,s,2020-01-04,1\na,t,2020-01-05,2\n");
	log_write("i.csv", "item,brand,tags,cost\np,acme,red big,1\nq,nice,red,\nr,,,3\nz,acme,big,4\n");
	fitted t = { .m = make(DATA, "\"task\": {\"kind\": \"next_item\"}, \"model\": {\"window\": 5}") };
	t.train = samples_select(t.m.all, t.m.c, 0, PART_TRAIN, &t.count);
	t.f = features_fit(t.m.c, t.m.s, t.m.all, t.train, t.count, &err);
	assert_non_null(t.f);
	return t;
}

static void fitted_free(fitted *t)
{
	features_free(t->f);
	free(t->train);
	made_free(&t->m);
}

static void compare_bag(const pack_codes *a, size_t i, const pack_codes *b, size_t j)
{
	assert_int_equal(a->start[i + 1] - a->start[i], b->start[j + 1] - b->start[j]);
	assert_memory_equal(a->code + a->start[i], b->code + b->start[j], (a->start[i + 1] - a->start[i]) * sizeof *a->code);
}

static void an_item_has_the_values_of_its_events(void **state)
{
	(void)state;
	fitted t = fit();
	sr_error err = { 0 };
	pack p = { 0 };
	item_block b = { 0 };
	const input_shape *shape = features_shape(t.f);
	assert_true(pack_fill(&p, t.f, t.m.all, t.train, t.count, &(pack_options){ 0 }, &err));
	items_fill(&b, t.f, p.event[shape->item].code, 0, p.events);
	assert_int_equal(b.count, p.events);
	size_t fields = 0;
	for (size_t i = 0, column = 0; i < shape->event_count; i++) {
		const feature_shape *one = &shape->event[i];
		fields += one->of_item;
		for (uint32_t e = 0; e < p.events; e++) {
			if (one->form == FEATURE_NUMBER) /* the event's amount is not the item's */
				for (uint32_t k = 0; k < one->columns; k++)
					assert_true(b.number[e * shape->event_columns + column + k] == (one->of_item ? p.event_number[e * shape->event_columns + column + k] : 0));
			else if (one->of_item && one->form == FEATURE_BAG)
				compare_bag(&b.field[i], e, &p.event[i], e);
			else if (one->of_item)
				assert_int_equal(b.field[i].code[e], p.event[i].code[e]);
		}
		column += one->form == FEATURE_NUMBER ? one->columns : 0;
	}
	assert_int_equal(fields, 3);
	item_block_free(&b, t.f);
	pack_free(&p, t.f);
	fitted_free(&t);
}

static void rows_that_are_no_items_have_no_values(void **state)
{
	(void)state;
	fitted t = fit();
	item_block b = { 0 };
	const input_shape *shape = features_shape(t.f);
	items_fill(&b, t.f, NULL, 0, 2);
	for (size_t i = 0; i < shape->event_count; i++) {
		if (shape->event[i].of_item && shape->event[i].form == FEATURE_CODE)
			assert_true(b.field[i].code[0] == CODE_NONE && b.field[i].code[1] == CODE_NONE);
		if (shape->event[i].of_item && shape->event[i].form == FEATURE_BAG)
			assert_int_equal(b.field[i].count, 0);
	}
	items_fill(&b, t.f, NULL, PACK_FIRST_ITEM, shape->event[shape->item].rows - PACK_FIRST_ITEM); /* more than there was room for */
	assert_int_equal(b.row[0], PACK_FIRST_ITEM);
	assert_int_equal(b.count, 3);
	item_block_free(&b, t.f);
	fitted_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(an_item_has_the_values_of_its_events),
		LOADER_TEST(rows_that_are_no_items_have_no_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
