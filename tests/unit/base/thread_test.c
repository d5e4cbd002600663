/* Jobs on a pool of threads. */
#include "unit/base/scratch.h"

#include "seqrec/thread.h"

#include <stdatomic.h>

enum { JOBS = 1000 };

typedef struct {
	atomic_uint done[JOBS];
	unsigned threads;
	atomic_bool stranger; /* a thread number out of range was seen */
} board;

static void mark(void *context, size_t job, unsigned thread)
{
	board *b = context;
	atomic_fetch_add(&b->done[job], 1);
	if (thread >= b->threads)
		atomic_store(&b->stranger, true);
}

static void each_job_is_done_once_at_any_number_of_threads(void **state)
{
	(void)state;
	static const unsigned threads[] = { 1, 2, 8 };
	for (size_t i = 0; i < 3; i++) {
		thread_pool *pool = thread_pool_new(threads[i]);
		assert_int_equal(thread_pool_threads(pool), threads[i]);
		board b = { .threads = threads[i] };
		for (int round = 0; round < 20; round++)
			thread_pool_run(pool, JOBS, mark, &b);
		for (size_t job = 0; job < JOBS; job++)
			assert_int_equal(b.done[job], 20);
		assert_false(b.stranger);
		thread_pool_free(pool);
	}
}

static void no_job_and_one_job_are_fine(void **state)
{
	(void)state;
	thread_pool *pool = thread_pool_new(4);
	board b = { .threads = 4 };
	thread_pool_run(pool, 0, mark, &b);
	thread_pool_run(pool, 1, mark, &b);
	assert_int_equal(b.done[0], 1);
	thread_pool_free(pool);
	thread_pool_free(NULL);
}

static void there_is_a_processor_and_the_clock_runs(void **state)
{
	(void)state;
	assert_in_range(thread_available(), 1, 100000);
	double before = clock_seconds();
	assert_true(clock_seconds() >= before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_job_is_done_once_at_any_number_of_threads),
		cmocka_unit_test(no_job_and_one_job_are_fine),
		cmocka_unit_test(there_is_a_processor_and_the_clock_runs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
