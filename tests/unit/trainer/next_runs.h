#ifndef TESTS_NEXT_RUNS_H
#define TESTS_NEXT_RUNS_H
/* next_runs.h - users who walk through the items in rings, and a small model of what comes next. */

#include "unit/trainer/runs.h"

#include "trainer/items.h"

enum { WALKERS = 80, RING = 6, RINGS = 4 };

/* Each user stays in one ring and mostly goes to the next item of it. */
static inline void write_walks(const char *path)
{
	text out = { 0 };
	text_add(&out, "user,item,time\n");
	for (uint32_t u = 0; u < WALKERS; u++)
		for (uint32_t e = 0, at = u; e < 5 + u % 7; e++) {
			at += random_below(1, 94, u, e, 10) < 9 ? 1 : 2;
			text_addf(&out, "u%u,i%u,%u\n", u, u % RINGS * RING + at % RING, 1500000000 + e);
		}
	assert_true(file_write(path, out.data, out.length, NULL));
	text_free(&out);
}

static inline int next_set_up(void **state)
{
	int failed = scratch_set_up(state);
	if (!failed)
		write_walks(in_scratch("walks.csv"));
	return failed;
}

static inline config *next_config(const char *first, ...)
{
	static const char content[] = "{\"data\": {\"events\": [{\"path\": \"walks.csv\", \"time_format\": \"epoch_s\"}], \"store\": \"walks\"}, \"task\": {\"kind\": \"next_item\"},"
		" \"model\": {\"width\": 16, \"window\": 4, \"blocks\": 1, \"dropout\": 0.1},"
		" \"train\": {\"epochs\": 8, \"batch\": 16, \"lanes\": 3, \"pack_tokens\": 32, \"learning_rate\": 0.02, \"negatives\": 8, \"patience\": 0},"
		" \"evaluate\": {\"resamples\": 20, \"seen\": \"keep\"}, \"run\": {\"threads\": 2}}";
	char *item[16];
	strings sets = { item, 0 };
	va_list more;
	va_start(more, first);
	for (const char *set = first; set; set = va_arg(more, const char *))
		item[sets.count++] = (char *)(uintptr_t)set;
	va_end(more);
	sr_error err = { 0 };
	config *c = config_parse(content, sizeof content - 1, "next", scratch, &sets, &err);
	assert_fine(&err);
	return c;
}

/* Store, samples and fitted inputs of a config, without training. */
typedef struct {
	config *c;
	dataset d;
	features *f;
	thread_pool *pool;
} fitted;

static inline fitted next_fitted(const char *set)
{
	sr_error err = { 0 };
	fitted t = { .c = next_config(set, NULL) };
	assert_true(dataset_open(&t.d, t.c, scratch, NULL, true, &err) && samples_split(t.d.all, t.c, t.d.s, &err));
	size_t count;
	uint32_t *train = samples_select(t.d.all, t.c, 0, PART_TRAIN, &count);
	t.f = features_fit(t.c, t.d.s, t.d.all, train, count, &err);
	assert_fine(&err);
	free(train);
	t.pool = thread_pool_new(2);
	return t;
}

static inline void fitted_free(fitted *t)
{
	features_free(t->f);
	dataset_close(&t->d);
	thread_pool_free(t->pool);
	config_free(t->c);
}

#endif
