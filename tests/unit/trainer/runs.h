#ifndef TESTS_RUNS_H
#define TESTS_RUNS_H
/* runs.h - small trainings: a log of sixty users over sixty days, half of whom browse before they buy, and a config of a few dozen steps. */

#include "unit/base/scratch.h"

#include "seqrec/memory.h"
#include "seqrec/random.h"
#include "seqrec/text.h"
#include "seqrec/trainer.h"

enum { USERS = 60, DAYS = 60 };

static inline void write_log(const char *path)
{
	text out = { 0 };
	text_add(&out, "user,item,type,time\n");
	for (uint32_t u = 0; u < USERS; u++)
		for (uint32_t day = 0; day < DAYS; day++) {
			uint32_t draw = random_below(1, 95, u, day, 100), item = random_below(1, 96, u, day, 12);
			if (draw < 20)
				text_addf(&out, "u%u,i%u,%s,%u\n", u, item, u % 2 && draw < 8 ? "purchase" : "browse", 1500000000 + day * 86400 + draw * 60);
		}
	assert_true(file_write(path, out.data, out.length, NULL));
	text_free(&out);
}

/* A group's fixture: the folder, and the log in it. */
static inline int runs_set_up(void **state)
{
	int failed = scratch_set_up(state);
	if (!failed)
		write_log(in_scratch("log.csv"));
	return failed;
}

/* The small config with further "key=value" settings, ended by NULL. The store is shared by all runs of the group. */
static inline config *small_config(const char *first, ...)
{
	static const char content[] = "{\"data\": {\"events\": [{\"path\": \"log.csv\", \"time_format\": \"epoch_s\"}], \"store\": \"store\", \"min_count\": 1},"
		" \"task\": {\"horizon\": \"7d\", \"cuts\": [\"2017-08-03\", \"2017-08-13\", \"2017-08-23\", \"2017-09-01\"]},"
		" \"model\": {\"width\": 8, \"window\": 6, \"heads\": 2, \"attribute_width\": 8},"
		" \"train\": {\"epochs\": 3, \"batch\": 16, \"lanes\": 3, \"pack_tokens\": 32, \"patience\": 0, \"learning_rate\": 0.01},"
		" \"evaluate\": {\"resamples\": 10}, \"run\": {\"threads\": 2, \"log_every\": 1}}";
	char *item[16];
	strings sets = { item, 0 };
	va_list more;
	va_start(more, first);
	for (const char *set = first; set; set = va_arg(more, const char *))
		item[sets.count++] = (char *)(uintptr_t)set;
	va_end(more);
	sr_error err = { 0 };
	config *c = config_parse(content, sizeof content - 1, "small", scratch, &sets, &err);
	assert_fine(&err);
	return c;
}

/* Every run is called "run", in a folder of its own: reports then have the same title. The path is the caller's to keep. */
static inline const char *run_path(const char *name, char path[256])
{
	snprintf(path, 256, "%s/%s/run", scratch, name);
	return path;
}

static inline void train_new(const config *c, const char *name)
{
	char path[256];
	sr_error err = { 0 };
	run_train(c, run_path(name, path), false, NULL, &err);
	assert_fine(&err);
}

/* A file of a run, new. */
static inline char *run_file(const char *name, const char *file, size_t *length)
{
	char path[256], *whole = path_join(run_path(name, path), file);
	sr_error err = { 0 };
	char *content = file_read(whole, 64 << 20, length, &err);
	assert_fine(&err);
	free(whole);
	return content;
}

static inline void assert_same_file(const char *one, const char *two, const char *file)
{
	size_t a_length, b_length;
	char *a = run_file(one, file, &a_length), *b = run_file(two, file, &b_length);
	if (a_length != b_length || memcmp(a, b, a_length) != 0)
		fail_msg("%s of the runs %s and %s differ", file, one, two);
	free(a);
	free(b);
}

static inline bool has_step(const char *name, unsigned step)
{
	char path[256], *checkpoint = text_format("%s/checkpoints/step_%u.safetensors", run_path(name, path), step);
	bool there = file_exists(checkpoint);
	free(checkpoint);
	return there;
}

/* Stops a training after so many steps. */
typedef struct {
	uint64_t steps, stop_after; /* 0: never */
} stopper;

static inline bool stop_now(void *context)
{
	stopper *s = context;
	return ++s->steps == s->stop_after;
}

/* Trains up to `stop_after` further steps; true when it ended by itself. One that was stopped before its report goes on to the end: it has no further step. */
static inline bool train_some(const config *c, const char *name, uint64_t stop_after)
{
	char path[256];
	for (;;) {
		sr_error err = { 0 };
		stopper s = { .stop_after = stop_after };
		train_watch watch = { .stop = stop_now, .context = &s };
		if (run_train(c, run_path(name, path), false, &watch, &err))
			return true;
		assert_says(&err, SR_AGAIN, "Run the same command again");
		if (!strstr(err.text, "before the report"))
			return false;
		stop_after = 0;
	}
}

#endif
