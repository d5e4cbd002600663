#include "stores.h"

#include "loader/packed.h"

enum { WORDS = 6, KEY = 2, RECORDS = 1000 };

/* Word 3 varies from record 500 on, word 5 from 700 on, word 2 and 4 never. */
static void record_make(uint32_t i, uint32_t *words)
{
	uint32_t made[WORDS] = { i, i * 3, 7, i < 500 ? 1 : i, 0, i < 700 ? 9 : i % 5 };
	memcpy(words, made, sizeof made);
}

static packed *packed_of(void)
{
	packed *p = packed_new(WORDS, KEY);
	uint32_t words[WORDS];
	for (uint32_t i = 0; i < RECORDS; i++) {
		record_make(i, words);
		packed_add(p, words);
	}
	return p;
}

static void records_come_back_whole(void **state)
{
	(void)state;
	packed *p = packed_of();
	uint32_t words[WORDS], wanted[WORDS], some[WORDS * 3];
	for (uint32_t i = 0; i < RECORDS; i++) {
		record_make(i, wanted);
		packed_get(p, i, words);
		assert_memory_equal(words, wanted, sizeof wanted);
	}
	packed_read(p, 699, 3, some);
	for (uint32_t i = 0; i < 3; i++) {
		record_make(699 + i, wanted);
		assert_memory_equal(some + i * WORDS, wanted, sizeof wanted);
	}
	packed_free(p);
}

static void words_that_never_change_take_no_room(void **state)
{
	(void)state;
	packed *p = packed_of();
	assert_int_equal(p->stride, 4);
	packed_clear(p);
	assert_int_equal(p->count, 0);
	assert_int_equal(p->stride, KEY);
	packed_free(p);
}

static void a_record_set_later_may_widen_all(void **state)
{
	(void)state;
	packed *p = packed_of();
	uint32_t words[WORDS], wanted[WORDS];
	record_make(3, words);
	words[4] = 77;
	packed_set(p, 3, words);
	packed_get(p, 3, wanted);
	assert_memory_equal(words, wanted, sizeof wanted);
	record_make(4, wanted);
	packed_get(p, 4, words);
	assert_memory_equal(words, wanted, sizeof wanted);
	packed_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_back_whole),
		cmocka_unit_test(words_that_never_change_take_no_room),
		cmocka_unit_test(a_record_set_later_may_widen_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
