/* Allocation, growing arrays, arenas. */
#include "unit/base/scratch.h"

#include "seqrec/memory.h"

#include <sys/wait.h>

static void arrays_grow_by_doubling_and_keep_their_elements(void **state)
{
	(void)state;
	size_t capacity = 0, moves = 0;
	int *a = NULL;
	for (size_t i = 0; i < 10000; i++) {
		size_t before = capacity;
		a = xgrow(a, &capacity, i + 1, sizeof *a);
		moves += capacity != before;
		a[i] = (int)i;
	}
	for (size_t i = 0; i < 10000; i++)
		assert_int_equal(a[i], i);
	assert_in_range(moves, 1, 12);
	assert_ptr_equal(xgrow(a, &capacity, 5, sizeof *a), a);
	free(a);
}

static void copies_are_copies(void **state)
{
	(void)state;
	char *a = xstrdup("abc"), *b = xstrndup("abcdef", 3), *c = xmemdup("abc", 4);
	assert_string_equal(a, b);
	assert_string_equal(a, c);
	void *nothing = xmemdup(NULL, 0);
	assert_non_null(nothing);
	free(a);
	free(b);
	free(c);
	free(nothing);
}

static void vectors_are_aligned(void **state)
{
	(void)state;
	for (size_t n = 0; n < 200; n += 7) {
		void *p = xaligned(n, 3);
		assert_int_equal((uintptr_t)p % 64, 0);
		free(p);
	}
}

static void an_arena_hands_out_room_that_does_not_overlap(void **state)
{
	(void)state;
	arena *a = arena_new();
	unsigned char *part[300];
	for (size_t i = 0; i < 300; i++) {
		part[i] = arena_alloc(a, 10 * i);
		assert_int_equal((uintptr_t)part[i] % 64, 0);
		memset(part[i], (int)i, 10 * i);
	}
	for (size_t i = 0; i < 300; i++)
		for (size_t j = 0; j < 10 * i; j++)
			assert_int_equal(part[i][j], (unsigned char)i);
	assert_string_equal(arena_string(a, "abcdef", 3), "abc");
	arena_free(a);
	arena_free(NULL);
}

static void a_reset_arena_uses_its_blocks_again(void **state)
{
	(void)state;
	arena *a = arena_new();
	assert_int_equal(arena_bytes(a), 0);
	for (int i = 0; i < 100; i++)
		arena_alloc(a, 5000);
	arena_alloc(a, 1000000);
	size_t held = arena_bytes(a);
	for (int round = 0; round < 10; round++) {
		arena_reset(a);
		for (int i = 0; i < 100; i++)
			arena_alloc(a, 5000);
		arena_alloc(a, 1000000);
	}
	assert_int_equal(arena_bytes(a), held);
	arena_free(a);
}

static void leave(size_t bytes)
{
	_exit(bytes == SIZE_MAX ? 7 : 1);
}

static void a_product_that_overflows_is_out_of_memory(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		memory_on_failure(leave);
		free(xcalloc(SIZE_MAX / 2, 3));
		_exit(0);
	}
	int status;
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arrays_grow_by_doubling_and_keep_their_elements),
		cmocka_unit_test(copies_are_copies),
		cmocka_unit_test(vectors_are_aligned),
		cmocka_unit_test(an_arena_hands_out_room_that_does_not_overlap),
		cmocka_unit_test(a_reset_arena_uses_its_blocks_again),
		cmocka_unit_test(a_product_that_overflows_is_out_of_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
