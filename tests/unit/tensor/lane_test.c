/* lane_test.c - sums of gradients, and which rows of tables they touch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "seqrec/tensor.h"
#include "tensor/front.h"

enum { SMALL = 50, HUGE_ROWS = 600000, WIDTH = 4 };

typedef struct {
	params *list;
	param *weight, *table, *catalogue; /* the catalogue is too large to be dense */
	lane *l;
} lanes;

static int set_up(void **state)
{
	static lanes f;
	f.list = params_new();
	f.weight = param_new(f.list, PARAM_WEIGHT, 3, 2, INIT_ZERO, 0, "weight");
	f.table = param_new(f.list, PARAM_TABLE, SMALL, WIDTH, INIT_ZERO, 0, "table");
	f.catalogue = param_new(f.list, PARAM_TABLE, HUGE_ROWS, WIDTH, INIT_ZERO, 0, "catalogue");
	f.l = lane_new(f.list);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	lanes *f = *state;
	lane_free(f->l);
	params_free(f->list);
	return 0;
}

static void touched_rows_are_listed_once_and_ascending(void **state)
{
	lanes *f = *state;
	const param *tables[] = { f->table, f->catalogue };
	for (size_t i = 0; i < 2; i++) {
		const uint32_t *rows;
		lane_touch(f->l, tables[i], 30)[0] += 1;
		lane_touch(f->l, tables[i], 7)[1] += 2;
		lane_touch(f->l, tables[i], 30)[0] += 4;
		assert_int_equal(lane_touched(f->l, tables[i], &rows), 2);
		assert_int_equal(rows[0], 7);
		assert_int_equal(rows[1], 30);
		assert_true(lane_row(f->l, tables[i], 30)[0] == 5 && lane_row(f->l, tables[i], 7)[1] == 2);
		assert_null(lane_row(f->l, tables[i], 8));
		lane_touch(f->l, tables[i], 1)[0] += 8;
		assert_int_equal(lane_touched(f->l, tables[i], &rows), 3);
		assert_int_equal(rows[0], 1);
	}
}

static void other_parameters_are_touched_as_a_whole(void **state)
{
	lanes *f = *state;
	const uint32_t *rows = (const uint32_t *)(uintptr_t)1;
	assert_int_equal(lane_touched(f->l, f->weight, &rows), 3);
	assert_null(rows);
	assert_non_null(lane_row(f->l, f->weight, 2));
}

static void a_cleared_lane_is_zero_everywhere(void **state)
{
	lanes *f = *state;
	const uint32_t *rows;
	lane_touch(f->l, f->table, 9)[3] += 1;
	lane_touch(f->l, f->catalogue, 599999)[3] += 1;
	lane_gradient(f->l, f->weight)[5] = 3;
	lane_loss_add(f->l, 2);
	lane_clear(f->l);
	assert_int_equal(lane_touched(f->l, f->table, &rows), 0);
	assert_int_equal(lane_touched(f->l, f->catalogue, &rows), 0);
	assert_true(lane_gradient(f->l, f->weight)[5] == 0 && lane_loss(f->l) == 0);
	assert_true(lane_gradient(f->l, f->table)[9 * WIDTH + 3] == 0);
	assert_true(lane_touch(f->l, f->catalogue, 3)[3] == 0);
	lane_touch(f->l, f->table, 9);
	assert_int_equal(lane_touched(f->l, f->table, &rows), 1);
}

static void lanes_are_added_row_by_row(void **state)
{
	lanes *f = *state;
	lane *other = lane_new(f->list);
	lane_gradient(f->l, f->weight)[1] = 1;
	lane_gradient(other, f->weight)[1] = 2;
	lane_touch(f->l, f->catalogue, 5)[0] += 1;
	lane_touch(other, f->catalogue, 5)[0] += 2;
	lane_touch(other, f->catalogue, 4)[0] += 4;
	lane_loss_add(f->l, 1);
	lane_loss_add(other, 2);
	lane_add(f->l, other);
	const uint32_t *rows;
	assert_true(lane_gradient(f->l, f->weight)[1] == 3 && lane_loss(f->l) == 3);
	assert_int_equal(lane_touched(f->l, f->catalogue, &rows), 2);
	assert_true(lane_row(f->l, f->catalogue, 5)[0] == 3 && lane_row(f->l, f->catalogue, 4)[0] == 4);
	assert_true(lane_row(other, f->catalogue, 5)[0] == 2);
	lane_free(other);
}

static void a_catalogue_asked_for_as_a_whole_keeps_its_rows(void **state)
{
	lanes *f = *state;
	for (size_t row = 0; row < 1000; row++)
		lane_touch(f->l, f->catalogue, HUGE_ROWS - 1 - row * 3)[2] += (real)row;
	const real *whole = lane_gradient(f->l, f->catalogue);
	assert_true(whole[(HUGE_ROWS - 1 - 999 * 3) * WIDTH + 2] == 999 && whole[0] == 0);
	lane_touch(f->l, f->catalogue, 0)[0] += 1;
	assert_true(lane_gradient(f->l, f->catalogue)[0] == 1);
	lane_clear(f->l);
	assert_true(lane_gradient(f->l, f->catalogue)[0] == 0);
}

int main(void)
{
#define LANE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		LANE_TEST(touched_rows_are_listed_once_and_ascending), LANE_TEST(other_parameters_are_touched_as_a_whole),
		LANE_TEST(a_cleared_lane_is_zero_everywhere), LANE_TEST(lanes_are_added_row_by_row), LANE_TEST(a_catalogue_asked_for_as_a_whole_keeps_its_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
