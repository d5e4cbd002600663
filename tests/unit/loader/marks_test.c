#include "stores.h"

#include "loader/marks.h"

enum { LENGTH = 700 };

static bool is_marked(const char *text_at)
{
	unsigned char c = (unsigned char)*text_at;
	return c == ',' || c == '\n' || c == '"' || c == 0 || c >= 0x80 || (c == '\r' && text_at[1] != '\n');
}

/* Texts of all lengths and of bytes that matter, against a plain loop. */
static void assert_marks(void)
{
	static const char kinds[] = { 'a', 'b', '1', '.', ' ', ',', '\n', '\r', '"', 0, (char)0x80, (char)0xff, '-', '\t', 0x7f, 'z' };
	char text_of[LENGTH + MARKS_SLACK];
	uint32_t found[LENGTH + MARKS_SLACK], x = 7;
	for (size_t length = 0; length <= LENGTH; length++) {
		for (size_t i = 0; i < sizeof text_of; i++) {
			x = x * 1664525 + 1013904223; /* Knuth's linear congruence */
			text_of[i] = kinds[(x >> 16) % (length % 3 ? sizeof kinds : 8)];
		}
		size_t count = marks_find(text_of, length, ',', '"', 1000, found), wanted = 0;
		for (size_t i = 0; i < length; i++)
			if (is_marked(text_of + i)) {
				assert_true(wanted < count);
				assert_int_equal(found[wanted++], 1000 + i);
			}
		assert_int_equal(count, wanted);
	}
}

static void marks_are_where_a_plain_loop_finds_them(void **state)
{
	(void)state;
	assert_marks();
}

static void the_portable_search_finds_the_same(void **state)
{
	(void)state;
	setenv("SEQREC_CPU", "portable", 1);
	assert_marks();
	unsetenv("SEQREC_CPU");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_are_where_a_plain_loop_finds_them),
		cmocka_unit_test(the_portable_search_finds_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
