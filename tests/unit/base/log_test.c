/* The library says things through a sink, and nothing without one. */
#include "unit/base/scratch.h"

#include "seqrec/log.h"

static char heard[256];
static log_level level_heard;

static void listen(log_level level, const char *line, void *context)
{
	level_heard = level;
	snprintf(heard, sizeof heard, "%s%s", (const char *)context, line);
}

static void a_sink_hears_lines_up_to_its_level(void **state)
{
	(void)state;
	log_to(listen, (void *)(uintptr_t) "> ", LOG_INFO);
	log_warning("%d of %d", 1, 2);
	assert_string_equal(heard, "> 1 of 2");
	assert_int_equal(level_heard, LOG_WARNING);
	log_debug("too quiet");
	assert_string_equal(heard, "> 1 of 2");
	log_info("loud enough");
	assert_string_equal(heard, "> loud enough");
	log_to(NULL, NULL, LOG_DEBUG);
	log_info("nobody listens");
	assert_string_equal(heard, "> loud enough");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_sink_hears_lines_up_to_its_level) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
