/* The purchase probability: what raises it, what lowers it, and that the future does not matter. */

#include "shop/chance.h"

#include "seqrec/instant.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { CUT = 1780272000, HOUR = 3600, COFFEE = 0, SHOES = 6, CAMERAS = 9 };
static world *shop;
static shop_settings settings;
static const customer plain = { .age = 4, .member = MEMBER_SILVER, .coupons = COUPONS_SOMETIMES };

static int shop_new(void **state)
{
	(void)state;
	settings = shop_defaults();
	shop = world_new(&settings);
	return 0;
}

static int shop_end(void **state)
{
	(void)state;
	world_free(shop);
	return 0;
}

static event look(int hours_before, unsigned k, uint32_t dwell)
{
	return (event){ .second = CUT - hours_before * HOUR, .kind = EVENT_BROWSE, .category = (uint8_t)k, .item = shop->of_category[shop->start[k]], .dwell = dwell };
}

static event of_kind(int hours_before, event_kind kind)
{
	return (event){ .second = CUT - hours_before * HOUR, .kind = kind, .brand = BRANDS };
}

static double odds(double p)
{
	return log(p / (1 - p));
}

static double chance(event *list, size_t count)
{
	return chance_of_buying(shop, &plain, &(history){ list, count, count }, CUT);
}

static void events_at_or_after_the_cut_do_not_matter(void **state)
{
	(void)state;
	event past[] = { look(30, COFFEE, 60), look(20, COFFEE, 60) };
	event with_future[] = { past[0], past[1], of_kind(0, EVENT_PURCHASE), look(-5, COFFEE, 600) };
	assert_true(chance(past, 2) == chance(with_future, 4));
}

static void recent_interest_counts_more_than_old(void **state)
{
	(void)state;
	event recent[] = { look(900, CAMERAS, 30), look(300, SHOES, 30), look(24, COFFEE, 30) };
	event old[] = { look(900, COFFEE, 30), look(300, SHOES, 30), look(24, CAMERAS, 30) };
	event long_ago[] = { look(900, CAMERAS, 30), look(300, SHOES, 30), look(240, COFFEE, 30) };
	assert_true(chance(recent, 3) > chance(old, 3));
	assert_true(chance(recent, 3) > chance(long_ago, 3));
}

static void a_long_look_says_more_than_a_glance(void **state)
{
	(void)state;
	event glance[] = { look(24, COFFEE, 3) }, long_look[] = { look(24, COFFEE, 300) };
	assert_true(chance(long_look, 1) > chance(glance, 1));
}

static void a_search_that_led_to_a_look_beats_one_given_up(void **state)
{
	(void)state;
	event clicked[] = { look(50, COFFEE, 30), of_kind(25, EVENT_SEARCH), look(24, COFFEE, 30) };
	event given_up[] = { look(50, COFFEE, 30), look(25, COFFEE, 30), of_kind(24, EVENT_SEARCH) };
	clicked[2].position = 2;
	assert_true(chance(clicked, 3) > chance(given_up, 3));
}

static void the_order_of_purchase_and_look_matters(void **state)
{
	(void)state;
	event before[] = { of_kind(25, EVENT_PURCHASE), look(24, COFFEE, 60) }, after[] = { look(25, COFFEE, 60), of_kind(24, EVENT_PURCHASE) };
	assert_true(chance(before, 2) > chance(after, 2));
}

static void dear_things_put_off_most_those_who_save(void **state)
{
	(void)state;
	event dear[] = { look(24, CAMERAS, 60) }, cheap[] = { look(24, CAMERAS, 60) };
	uint32_t least = dear[0].item, most = dear[0].item;
	for (uint32_t i = shop->start[CAMERAS]; i < shop->start[CAMERAS + 1]; i++) {
		uint32_t one = shop->of_category[i];
		least = shop->item[one].cents < shop->item[least].cents ? one : least;
		most = shop->item[one].cents > shop->item[most].cents ? one : most;
	}
	dear[0].item = most;
	cheap[0].item = least;
	customer saver = plain, spender = plain;
	saver.coupons = COUPONS_OFTEN;
	spender.coupons = COUPONS_RARELY;
	history a = { dear, 1, 1 }, b = { cheap, 1, 1 };
	double saver_drop = odds(chance_of_buying(shop, &saver, &b, CUT)) - odds(chance_of_buying(shop, &saver, &a, CUT));
	double spender_drop = odds(chance_of_buying(shop, &spender, &b, CUT)) - odds(chance_of_buying(shop, &spender, &a, CUT));
	assert_true(spender_drop > 0 && saver_drop > 2 * spender_drop);
}

static void gold_members_buy_more_and_an_empty_history_has_a_chance_too(void **state)
{
	(void)state;
	customer gold = plain;
	gold.member = MEMBER_GOLD;
	history none = { 0 };
	double without = chance_of_buying(shop, &plain, &none, CUT);
	assert_true(without > 0 && chance_of_buying(shop, &gold, &none, CUT) > without);
}

static void garden_things_sell_in_spring(void **state)
{
	(void)state;
	int64_t may = (instant_days(2026, 5, 10) * INSTANT_DAY) / INSTANT_SECOND, november = (instant_days(2026, 11, 10) * INSTANT_DAY) / INSTANT_SECOND;
	event e = look(0, 5, 30);
	history h = { &e, 1, 1 };
	e.second = may - HOUR;
	double spring = chance_of_buying(shop, &plain, &h, may);
	e.second = november - HOUR;
	assert_true(spring > chance_of_buying(shop, &plain, &h, november));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_at_or_after_the_cut_do_not_matter),
		cmocka_unit_test(recent_interest_counts_more_than_old),
		cmocka_unit_test(a_long_look_says_more_than_a_glance),
		cmocka_unit_test(a_search_that_led_to_a_look_beats_one_given_up),
		cmocka_unit_test(the_order_of_purchase_and_look_matters),
		cmocka_unit_test(dear_things_put_off_most_those_who_save),
		cmocka_unit_test(gold_members_buy_more_and_an_empty_history_has_a_chance_too),
		cmocka_unit_test(garden_things_sell_in_spring),
	};
	return cmocka_run_group_tests(tests, shop_new, shop_end);
}
