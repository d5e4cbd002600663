/* Visits: in order, within their time, quiet where asked. */

#include "shop/visits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { FROM = 1000000000, TO = FROM + 60 * 86400, CUSTOMERS = 200 };

static bool never(const void *context, int64_t second)
{
	(void)context, (void)second;
	return false;
}

static bool always(const void *context, int64_t second)
{
	(void)context, (void)second;
	return true;
}

static void no_two_events_share_a_second_and_all_lie_in_the_time_given(void **state)
{
	(void)state;
	shop_settings s = shop_defaults();
	world *w = world_new(&s);
	history h = { 0 };
	size_t events = 0;
	for (uint64_t id = 1; id <= CUSTOMERS; id++) {
		customer c = customer_make(&s, id);
		visits_make(&h, w, &c, FROM, TO, never, NULL);
		events += h.count;
		for (size_t i = 0; i < h.count; i++) {
			assert_true(h.event[i].second >= FROM && h.event[i].second < TO);
			assert_true(!i || h.event[i].second > h.event[i - 1].second);
		}
	}
	assert_true(events > 18 * CUSTOMERS && events < 33 * CUSTOMERS);
	history_free(&h);
	world_free(w);
}

static void nobody_buys_in_a_quiet_time(void **state)
{
	(void)state;
	shop_settings s = shop_defaults();
	world *w = world_new(&s);
	history h = { 0 };
	size_t bought[2] = { 0, 0 };
	for (uint64_t id = 1; id <= CUSTOMERS; id++)
		for (int quiet = 0; quiet < 2; quiet++) {
			customer c = customer_make(&s, id);
			visits_make(&h, w, &c, FROM, TO, quiet ? always : never, NULL);
			for (size_t i = 0; i < h.count; i++)
				bought[quiet] += h.event[i].kind == EVENT_PURCHASE;
		}
	assert_true(bought[0] > 0);
	assert_int_equal(bought[1], 0);
	history_free(&h);
	world_free(w);
}

static void an_event_added_late_is_put_in_its_place(void **state)
{
	(void)state;
	history h = { 0 };
	history_add(&h, (event){ .second = 10 });
	history_add(&h, (event){ .second = 30 });
	history_add(&h, (event){ .second = 20, .kind = EVENT_SEARCH });
	history_add(&h, (event){ .second = 30, .kind = EVENT_PURCHASE });
	assert_int_equal(h.event[1].kind, EVENT_SEARCH);
	assert_int_equal(h.event[3].second, 31); /* behind the one that was there at 30 */
	history_free(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_two_events_share_a_second_and_all_lie_in_the_time_given),
		cmocka_unit_test(nobody_buys_in_a_quiet_time),
		cmocka_unit_test(an_event_added_late_is_put_in_its_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
