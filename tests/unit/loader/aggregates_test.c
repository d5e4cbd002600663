/* Counts and recency, worked out by hand. */
#include "made.h"

#include <math.h>

static float aggregate(const made *m, size_t row, const char *name)
{
	for (size_t a = 0; a < m->all->aggregates; a++)
		if (strcmp(m->all->aggregate_name[a], name) == 0)
			return m->all->aggregate[row * m->all->aggregates + a];
	fail_msg("there is no aggregate \"%s\"", name);
	return NAN;
}

static const struct {
	const char *name;
	float value;
} of_a[] = { { "browse count", 4 }, { "browse count 1d", 1 }, { "browse count 3d", 2 }, { "browse count 7d", 3 }, { "browse count 30d", 3 }, { "browse days since", 1 }, { "purchase count", 1 },
	{ "purchase count 3d", 0 }, { "purchase count 7d", 1 }, { "purchase days since", 3.5F }, { "active days", 4 }, { "days since", 1 } };

static void write_events(void)
{
	log_write("e.csv", "user,item,type,time\n"
		"a,x,browse,2017-10-01T00:00:00Z\n" /* more than thirty days ago */
		"a,x,browse,2018-01-06T12:00:00Z\n"
		"a,x,purchase,2018-01-06T12:00:00Z\n"
		"a,y,browse,2018-01-07T00:00:00Z\n"  /* exactly three days */
		"a,x,browse,2018-01-09T00:00:00Z\n"  /* exactly one day */
		"a,x,purchase,2018-01-10T00:00:00Z\n" /* the cut: not counted */
		"b,x,browse,2018-01-09T00:00:00Z\n"
		"b,x,browse,2018-01-17T00:00:00Z\n");
}

static void counts_and_recency_are_those_of_the_history(void **state)
{
	(void)state;
	write_events();
	made m = make(EVENTS, "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-10\"]}");
	for (size_t i = 0; i < sizeof of_a / sizeof *of_a; i++)
		if (aggregate(&m, 0, of_a[i].name) != of_a[i].value)
			fail_msg("%s is %g", of_a[i].name, (double)aggregate(&m, 0, of_a[i].name));
	assert_true(isnan(aggregate(&m, 1, "purchase days since"))); /* never */
	assert_true(aggregate(&m, 1, "purchase count") == 0 && aggregate(&m, 1, "browse count") == 1);
	made_free(&m);
}

static void pairs_have_counts_of_the_candidate_too(void **state)
{
	(void)state;
	write_events();
	made m = make(EVENTS, "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-10\"], \"unit\": \"user_item\"}");
	assert_int_equal(m.all->count, 3); /* a x, a y, b x */
	assert_true(aggregate(&m, 0, "candidate browse count") == 3 && aggregate(&m, 0, "candidate active days") == 3);
	assert_true(aggregate(&m, 1, "candidate browse count") == 1 && aggregate(&m, 1, "candidate days since") == 3);
	assert_true(aggregate(&m, 1, "browse count") == 4); /* the user's stay */
	assert_true(isnan(aggregate(&m, 1, "candidate purchase days since")));
	made_free(&m);
}

static void they_can_be_left_out(void **state)
{
	(void)state;
	write_events();
	made m = make(EVENTS, "\"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-10\"], \"aggregates\": false}");
	assert_int_equal(m.all->aggregates, 0);
	assert_null(m.all->aggregate);
	made_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(counts_and_recency_are_those_of_the_history),
		LOADER_TEST(pairs_have_counts_of_the_candidate_too),
		LOADER_TEST(they_can_be_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
