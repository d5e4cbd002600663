/* A ring of buffers between the thread that reads a stream and the one that parses it. */
#include "loader/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "seqrec/memory.h"

enum { BUFFERS = 16, BUFFER_BYTES = 256 * 1024 };

struct ahead_reader {
	stream *input;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	char *buffer[BUFFERS];
	size_t length[BUFFERS], used; /* used: of the oldest buffer */
	size_t first, full;           /* the oldest full buffer, and how many there are */
	bool over, failed, stop, joined;
};

/* Waits for a free buffer; false when reading is to stop. */
static bool buffer_wait(ahead_reader *a, size_t *number)
{
	pthread_mutex_lock(&a->mutex);
	while (a->full == BUFFERS && !a->stop)
		pthread_cond_wait(&a->changed, &a->mutex);
	*number = (a->first + a->full) % BUFFERS;
	bool go_on = !a->stop;
	pthread_mutex_unlock(&a->mutex);
	return go_on;
}

static void *read_all(void *argument)
{
	ahead_reader *a = argument;
	size_t number;
	for (bool going = true; going && buffer_wait(a, &number);) {
		size_t length = 0, n = 1;
		bool fine = true;
		sr_error ignored = { 0 }; /* the reader meets it again, and knows the rows */
		while (fine && n && length < BUFFER_BYTES / 2) {
			fine = stream_read(a->input, a->buffer[number] + length, BUFFER_BYTES - length, &n, 0, &ignored);
			length += fine ? n : 0;
		}
		pthread_mutex_lock(&a->mutex);
		a->length[number] = length;
		a->full += length > 0;
		a->failed = !fine;
		a->over = fine && !n;
		going = fine && n;
		pthread_cond_signal(&a->changed);
		pthread_mutex_unlock(&a->mutex);
	}
	return NULL;
}

ahead_reader *ahead_new(stream *s)
{
	ahead_reader *a = xcalloc(1, sizeof *a);
	a->input = s;
	pthread_mutex_init(&a->mutex, NULL);
	pthread_cond_init(&a->changed, NULL);
	for (size_t i = 0; i < BUFFERS; i++)
		a->buffer[i] = xmalloc(BUFFER_BYTES);
	if (pthread_create(&a->thread, NULL, read_all, a) == 0)
		return a;
	a->joined = true;
	ahead_free(a);
	return NULL;
}

static void join(ahead_reader *a)
{
	if (!a->joined)
		pthread_join(a->thread, NULL);
	a->joined = true;
}

bool ahead_read(ahead_reader *a, char *out, size_t capacity, size_t *length, uint64_t rows, sr_error *err)
{
	pthread_mutex_lock(&a->mutex);
	while (!a->full && !a->over && !a->failed)
		pthread_cond_wait(&a->changed, &a->mutex);
	bool there = a->full > 0, failed = a->failed;
	pthread_mutex_unlock(&a->mutex);
	*length = 0;
	if (!there) {
		join(a);
		return !failed || stream_read(a->input, out, capacity, length, rows, err);
	}
	size_t left = a->length[a->first] - a->used;
	*length = left < capacity ? left : capacity;
	memcpy(out, a->buffer[a->first] + a->used, *length);
	a->used += *length;
	if (a->used < a->length[a->first])
		return true;
	pthread_mutex_lock(&a->mutex);
	a->used = 0;
	a->first = (a->first + 1) % BUFFERS;
	a->full--;
	pthread_cond_signal(&a->changed);
	pthread_mutex_unlock(&a->mutex);
	return true;
}

void ahead_free(ahead_reader *a)
{
	if (!a)
		return;
	pthread_mutex_lock(&a->mutex);
	a->stop = true;
	pthread_cond_signal(&a->changed);
	pthread_mutex_unlock(&a->mutex);
	join(a);
	pthread_cond_destroy(&a->changed);
	pthread_mutex_destroy(&a->mutex);
	for (size_t i = 0; i < BUFFERS; i++)
		free(a->buffer[i]);
	free(a);
}
