#ifndef SEQREC_THREAD_H
#define SEQREC_THREAD_H
/* thread.h - work handed to a fixed number of threads. Results must not depend on how many there are. */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Processors this process may use: its affinity mask and the cgroup's CPU quota, at least 1. */
unsigned thread_available(void);

/* Calls work(context, job, thread) for job = 0 .. jobs-1, each once, by at most `threads` threads (the caller is one; thread is 0 .. threads-1). Returns when all are done. */
typedef void thread_work(void *context, size_t job, unsigned thread);
typedef struct thread_pool thread_pool;
thread_pool *thread_pool_new(unsigned threads);
unsigned thread_pool_threads(const thread_pool *pool);
void thread_pool_run(thread_pool *pool, size_t jobs, thread_work *work, void *context);
void thread_pool_free(thread_pool *pool); /* NULL ok */

double clock_seconds(void); /* monotonic */

#ifdef __cplusplus
}
#endif
#endif
