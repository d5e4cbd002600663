/* thread.c - a pool of threads that take jobs in order, and how many processors there are. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "seqrec/thread.h"

#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct thread_pool {
	unsigned threads;
	pthread_t *thread; /* threads - 1: the caller of run is one */
	pthread_mutex_t mutex;
	pthread_cond_t start, done;
	uint64_t round;
	unsigned running;
	bool stop;
	thread_work *work;
	void *context;
	size_t jobs;
	atomic_size_t next;
};

typedef struct {
	thread_pool *pool;
	unsigned number;
} member;

static void work_off(thread_pool *pool, unsigned number)
{
	for (size_t job; (job = atomic_fetch_add(&pool->next, 1)) < pool->jobs;)
		pool->work(pool->context, job, number);
}

static void *member_main(void *argument)
{
	member self = *(member *)argument;
	free(argument);
	thread_pool *pool = self.pool;
	uint64_t seen = 0;
	pthread_mutex_lock(&pool->mutex);
	for (;;) {
		while (!pool->stop && pool->round == seen)
			pthread_cond_wait(&pool->start, &pool->mutex);
		if (pool->stop)
			break;
		seen = pool->round;
		pthread_mutex_unlock(&pool->mutex);
		work_off(pool, self.number);
		pthread_mutex_lock(&pool->mutex);
		if (--pool->running == 0)
			pthread_cond_signal(&pool->done);
	}
	pthread_mutex_unlock(&pool->mutex);
	return NULL;
}

thread_pool *thread_pool_new(unsigned threads)
{
	thread_pool *pool = xcalloc(1, sizeof *pool);
	pthread_mutex_init(&pool->mutex, NULL);
	pthread_cond_init(&pool->start, NULL);
	pthread_cond_init(&pool->done, NULL);
	pool->thread = xcalloc(threads, sizeof *pool->thread);
	pool->threads = 1;
	while (pool->threads < threads) {
		member *self = xmalloc(sizeof *self);
		*self = (member){ pool, pool->threads };
		if (pthread_create(&pool->thread[pool->threads - 1], NULL, member_main, self) != 0) {
			free(self);
			break; /* fewer threads give the same result, later */
		}
		pool->threads++;
	}
	return pool;
}

unsigned thread_pool_threads(const thread_pool *pool)
{
	return pool->threads;
}

void thread_pool_run(thread_pool *pool, size_t jobs, thread_work *work, void *context)
{
	pool->work = work;
	pool->context = context;
	pool->jobs = jobs;
	atomic_store(&pool->next, 0);
	if (pool->threads > 1 && jobs > 1) {
		pthread_mutex_lock(&pool->mutex);
		pool->running = pool->threads - 1;
		pool->round++;
		pthread_cond_broadcast(&pool->start);
		pthread_mutex_unlock(&pool->mutex);
		work_off(pool, 0);
		pthread_mutex_lock(&pool->mutex);
		while (pool->running)
			pthread_cond_wait(&pool->done, &pool->mutex);
		pthread_mutex_unlock(&pool->mutex);
	} else {
		work_off(pool, 0);
	}
}

void thread_pool_free(thread_pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->mutex);
	pool->stop = true;
	pthread_cond_broadcast(&pool->start);
	pthread_mutex_unlock(&pool->mutex);
	for (unsigned i = 0; i + 1 < pool->threads; i++)
		pthread_join(pool->thread[i], NULL);
	pthread_cond_destroy(&pool->start);
	pthread_cond_destroy(&pool->done);
	pthread_mutex_destroy(&pool->mutex);
	free(pool->thread);
	free(pool);
}

/* Two numbers of a cgroup file: "200000 100000" (version 2), or one a file (version 1). */
static bool read_number(const char *path, size_t skip, double *value)
{
	size_t length;
	char *content = file_read(path, 4096, &length, NULL);
	if (!content)
		return false;
	const char *at = content;
	while (skip--)
		at += strcspn(at, " ") + (at[strcspn(at, " ")] == ' ');
	bool found = number_parse(at, strcspn(at, " \n"), value);
	free(content);
	return found;
}

static double quota(void)
{
	double limit, period;
	if (read_number("/sys/fs/cgroup/cpu.max", 0, &limit) && read_number("/sys/fs/cgroup/cpu.max", 1, &period) && period > 0)
		return limit / period;
	if (read_number("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", 0, &limit) && read_number("/sys/fs/cgroup/cpu/cpu.cfs_period_us", 0, &period) && limit > 0 && period > 0)
		return limit / period;
	return 0;
}

unsigned thread_available(void)
{
	cpu_set_t set;
	unsigned count = 1;
	if (sched_getaffinity(0, sizeof set, &set) == 0)
		count = (unsigned)CPU_COUNT(&set);
	double limit = quota();
	if (limit > 0 && limit < count)
		count = (unsigned)limit;
	return count ? count : 1;
}

double clock_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
