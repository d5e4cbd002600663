/* The CRC by carry-less multiplication is zlib's, over all lengths near its steps. */
#include "unit/base/scratch.h"

#include <zlib.h>

#include "seqrec/hash.h"

enum { LENGTH = 1500 };

static void assert_zlibs(void)
{
	unsigned char bytes[LENGTH];
	uint32_t x = 11;
	for (size_t i = 0; i < LENGTH; i++) {
		x = x * 1664525 + 1013904223; /* Knuth's linear congruence */
		bytes[i] = (unsigned char)(x >> 20);
	}
	for (size_t length = 0; length <= LENGTH; length++)
		for (size_t from = 0; from < 3 && from <= length; from++)
			assert_int_equal(hash_crc32(x + (uint32_t)length, bytes + from, length - from), crc32_z(x + (uint32_t)length, bytes + from, length - from));
}

static void every_length_sums_as_zlib_sums_it(void **state)
{
	(void)state;
	assert_zlibs();
	setenv("SEQREC_CPU", "portable", 1);
	assert_zlibs();
	unsetenv("SEQREC_CPU");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_length_sums_as_zlib_sums_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
