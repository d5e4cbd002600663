/* Items and customers. */

#include "shop/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_item_stands_in_the_list_of_its_category_once(void **state)
{
	(void)state;
	shop_settings s = shop_defaults();
	world *w = world_new(&s);
	for (uint32_t k = 0; k < CATEGORIES; k++)
		for (uint32_t i = w->start[k]; i < w->start[k + 1]; i++)
			assert_int_equal(w->item[w->of_category[i]].category, k);
	assert_int_equal(w->start[CATEGORIES], s.items);
	world_free(w);
}

static void a_customer_is_a_function_of_seed_and_id(void **state)
{
	(void)state;
	shop_settings s = shop_defaults(), other = shop_defaults();
	other.seed = 9;
	int changed = 0;
	for (uint64_t id = 1; id < 50; id++) {
		customer a = customer_make(&s, id), b = customer_make(&s, id), c = customer_make(&other, id);
		assert_true(a.age == b.age && a.activity == b.activity && a.taste[CATEGORIES - 1] == b.taste[CATEGORIES - 1]);
		changed += a.activity != c.activity;
	}
	assert_int_equal(changed, 49);
}

static void only_members_have_a_year_of_joining(void **state)
{
	(void)state;
	shop_settings s = shop_defaults();
	for (uint64_t id = 1; id < 200; id++) {
		customer c = customer_make(&s, id);
		assert_true((c.member == MEMBER_NONE) == (c.member_since == 0));
	}
}

static void a_choice_follows_its_cumulative_weights(void **state)
{
	(void)state;
	const double cumulative[] = { 0, 3, 4 };
	unsigned count[3] = { 0 };
	dice d = { 1, 1, 0 };
	for (int i = 0; i < 4000; i++)
		count[dice_choose(&d, cumulative, 3)]++;
	assert_int_equal(count[0], 0);
	assert_true(count[1] > 2850 && count[1] < 3150);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_item_stands_in_the_list_of_its_category_once),
		cmocka_unit_test(a_customer_is_a_function_of_seed_and_id),
		cmocka_unit_test(only_members_have_a_year_of_joining),
		cmocka_unit_test(a_choice_follows_its_cumulative_weights),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
