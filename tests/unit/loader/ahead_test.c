#include "loader/ahead.h"

#include "seqrec/memory.h"
#include "seqrec/file.h"
#include "unit/base/scratch.h"

/* 3 MB that no two parts of are alike. */
static char *long_text(size_t *length)
{
	char *bytes = xmalloc(3000000);
	for (size_t i = 0; i < 3000000; i++)
		bytes[i] = (char)('a' + (i * i / 7 + i) % 26);
	*length = 3000000;
	return bytes;
}

static void what_is_read_ahead_is_the_text_of_the_file(void **state)
{
	(void)state;
	size_t length, had = 0, n = 1;
	char *bytes = long_text(&length), *got = xmalloc(length + 1), name[] = "long.csv";
	assert_true(file_write(in_scratch(name), bytes, length, NULL));
	stream *s = stream_open(in_scratch(name), "", NULL);
	ahead_reader *a = ahead_new(s);
	assert_non_null(a);
	while (n && had < length) {
		size_t most = had % 3 ? 70001 : 100; /* less and more than what is left of a buffer */
		assert_true(ahead_read(a, got + had, most < length - had ? most : length - had, &n, 0, NULL));
		had += n;
	}
	assert_int_equal(had, length);
	assert_memory_equal(got, bytes, length);
	assert_true(ahead_read(a, got, 100, &n, 0, NULL));
	assert_int_equal(n, 0);
	ahead_free(a);
	assert_int_equal(stream_size(s), length);
	stream_close(s);
	free(bytes);
	free(got);
}

static void reading_may_stop_before_the_end(void **state)
{
	(void)state;
	size_t length, n;
	char *bytes = long_text(&length), little[100], name[] = "long.csv";
	assert_true(file_write(in_scratch(name), bytes, length, NULL));
	stream *s = stream_open(in_scratch(name), "", NULL);
	ahead_reader *a = ahead_new(s);
	assert_true(ahead_read(a, little, sizeof little, &n, 0, NULL));
	assert_true(n > 0);
	assert_memory_equal(little, bytes, n);
	ahead_free(a);
	stream_close(s);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_ahead_is_the_text_of_the_file),
		cmocka_unit_test(reading_may_stop_before_the_end),
	};
	return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
