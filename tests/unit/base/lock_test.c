/* One user of a folder at a time. */
#include "unit/base/scratch.h"

#include <sys/wait.h>

static void a_second_taker_is_told_who_holds_the_lock(void **state)
{
	(void)state;
	sr_error err = { 0 };
	folder_lock *lock = folder_lock_take(scratch, &err);
	assert_fine(&err);
	char holder[32];
	snprintf(holder, sizeof holder, "process %ld", (long)getpid());
	pid_t child = fork();
	if (child == 0) { /* cmocka's assertions stay with the parent */
		sr_error theirs = { 0 };
		bool refused = !folder_lock_take(scratch, &theirs);
		_exit(refused && theirs.code == SR_AGAIN && strstr(theirs.text, holder) ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_null(folder_lock_take(scratch, &err)); /* in the same process too */
	assert_says(&err, SR_AGAIN, holder);
	folder_lock_free(lock);
}

static void a_lock_dies_with_its_holder(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0)
		_exit(folder_lock_take(scratch, NULL) ? 0 : 1); /* without giving it back */
	int status;
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	sr_error err = { 0 };
	folder_lock *lock = folder_lock_take(scratch, &err);
	assert_fine(&err);
	folder_lock_free(lock);
	folder_lock_free(NULL);
}

static void a_folder_that_is_not_there_cannot_be_locked(void **state)
{
	(void)state;
	sr_error err = { 0 };
	assert_null(folder_lock_take(in_scratch("missing"), &err));
	assert_says(&err, SR_IO, "missing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_second_taker_is_told_who_holds_the_lock),
		SCRATCH_TEST(a_lock_dies_with_its_holder),
		SCRATCH_TEST(a_folder_that_is_not_there_cannot_be_locked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
