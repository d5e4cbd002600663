/* bench.c - seqrec bench: each shape is built, trained and ranked as a run would do it, step by step under a clock; medians are told. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "bench_state.h"
#include "dataset.h"
#include "member.h"
#include "ranking.h"
#include "resident.h"

#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/order.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_LEAST = 4, STEPS_MOST = 4096, USERS_A_TIME = 1024 /* at least: more where that is quick, as an evaluation has all of them */, OLD_MOST = 8 << 20 };

/* One shape, ready to be trained. */
typedef struct {
	const bench_shape *shape;
	config *c;
	dataset d;
	features *f;
	model *m;
	uint32_t *train, *test;
	size_t train_count, test_count;
	bool remove_seen;
} subject;

static double median(float *values, size_t count)
{
	qsort(values, count, sizeof *values, order_float);
	return count ? (double)values[count / 2] : 0;
}

/* ---- the subject ---- */

static char *log_path(const char *folder, const bench_set *set)
{
	return text_format("%s/%s.csv", folder, set->name);
}

static config *subject_config(const bench_shape *shape, const char *folder, sr_error *err)
{
	char *content = text_format("{\"data\":{\"events\":[{\"path\":\"%s.csv\",\"time_format\":\"order\"}],\"store\":\"%s.store\"},\"task\":{\"kind\":\"next_item\"},"
		"\"evaluate\":{\"seen\":\"keep\"},%s}", shape->set->name, shape->set->name, shape->settings);
	config *c = config_parse(content, strlen(content), shape->name, folder, NULL, err);
	free(content);
	return c;
}

/* --backend and --device. */
static bool backend_set(config *c, const bench_settings *settings, sr_error *err)
{
	if (settings->config && !settings->backend && !settings->device)
		return true;
	const char *backend = settings->backend ? settings->backend : settings->device ? "libtorch" : "native", *device = settings->device ? settings->device : "cpu";
	bool known = strcmp(device, "cpu") == 0 || strcmp(device, "cuda") == 0;
	if (!known || (strcmp(backend, "native") != 0 && strcmp(backend, "libtorch") != 0))
		return error_set(err, SR_CONFIG, "--backend %s --device %s: must be native or libtorch, and cpu or cuda", backend, device);
	c->run.backend = strcmp(backend, "native") == 0 ? BACKEND_NATIVE : BACKEND_LIBTORCH;
	c->run.device = strcmp(device, "cuda") == 0 ? DEVICE_CUDA : DEVICE_CPU;
	return c->run.backend == BACKEND_LIBTORCH || c->run.device == DEVICE_CPU || error_set(err, SR_CONFIG, "--device cuda: the native backend computes on the CPU; use --backend libtorch");
}

static void subject_close(subject *s)
{
	model_free(s->m);
	features_free(s->f);
	dataset_close(&s->d);
	config_free(s->c);
	free(s->train);
	free(s->test);
}

/* Takes the config over. */
static bool subject_open(subject *s, const bench_shape *shape, config *c, const char *folder, sr_error *err)
{
	*s = (subject){ .shape = shape, .c = c };
	if (!s->c || !dataset_open(&s->d, s->c, folder, NULL, true, err) || !samples_split(s->d.all, s->c, s->d.s, err))
		return false;
	s->train = samples_select(s->d.all, s->c, 0, PART_TRAIN, &s->train_count);
	s->test = samples_select(s->d.all, s->c, 0, PART_TEST, &s->test_count);
	bench_mix(s->test, s->test_count);
	s->remove_seen = seen_removed(s->c, s->d.all, s->d.s);
	s->f = features_fit(s->c, s->d.s, s->d.all, s->train, s->train_count, err);
	if (!s->f)
		return false;
	s->m = model_new(&s->c->model, features_shape(s->f));
	params_initialise(model_params(s->m), 1);
	return true;
}

/* ---- training ---- */

typedef struct {
	const subject *s;
	workers *w;
	optimizer *o;
	worker_time time[BENCH_THREADS];
	profile profile[BENCH_THREADS];
	double optimizer, wall;
	float rate[STEPS_MOST];
	size_t steps;
	device_about about;
} course;

/* The step is over when the device is done with it. */
static void resident_bench_step(workers *w)
{
	runtime_update(w->runtime[0], 1e-4);
	runtime_wait(w->runtime[0]);
}

static bool course_step(course *k, size_t step, sr_error *err)
{
	const subject *s = k->s;
	size_t batch = (size_t)s->c->train.batch, batches = (s->train_count + batch - 1) / batch, first = step % batches * batch;
	size_t count = s->train_count - first < batch ? s->train_count - first : batch;
	double loss, tokens = 0, started = clock_seconds();
	if (!workers_train(k->w, s->train + first, count, 0, step, &loss, err))
		return false;
	double trained = clock_seconds();
	if (k->w->resident)
		resident_bench_step(k->w);
	else
		optimizer_step(k->o, k->w->lane[0], 1e-4);
	double ended = clock_seconds();
	for (size_t i = 0; i < count; i++)
		tokens += features_length(s->f, &s->d.all->item[s->train[first + i]]);
	k->optimizer += ended - trained;
	k->wall += ended - started;
	k->rate[k->steps++] = (float)(tokens / (ended - started));
	return true;
}

/* Operations of one step, where the backend counts them. */
static bool course_count(course *k, size_t step, sr_error *err)
{
	runtime *rt = k->w->runtime[0];
	runtime_measure(rt, true);
	bool done = course_step(k, step, err);
	runtime_measure(rt, false);
	k->steps--;
	k->about = runtime_about(rt);
	return done;
}

/* Half of the time tells the rate, the other half where the time goes: clocks inside would slow the first. */
static bool course_run(course *k, double seconds, sr_error *err)
{
	size_t step = 0;
	unsigned threads = thread_pool_threads(k->w->pool);
	for (; step < STEPS_LEAST / 2; step++) /* buffers grow and caches fill */
		if (!course_step(k, step, err))
			return false;
	k->steps = 0;
	for (double end = clock_seconds() + seconds / 2; k->steps < STEPS_LEAST || (clock_seconds() < end && k->steps < STEPS_MOST); step++)
		if (!course_step(k, step, err))
			return false;
	size_t rated = k->steps;
	if (!course_count(k, step++, err))
		return false;
	k->w->time = k->time;
	k->wall = k->optimizer = 0;
	for (unsigned t = 0; t < threads; t++)
		runtime_profile(k->w->runtime[t], &k->profile[t]);
	for (double end = clock_seconds() + seconds / 2; k->steps < STEPS_MOST && (k->steps == rated || clock_seconds() < end); step++)
		if (!course_step(k, step, err))
			return false;
	for (unsigned t = 0; t < threads; t++)
		runtime_profile(k->w->runtime[t], NULL);
	k->w->time = NULL;
	k->steps = rated;
	return true;
}

static void course_tell(course *k, const bench_machine *m, bench_result *r)
{
	double busy = 0, measured = 0, operations = 0;
	r->operations = (double)k->about.operations;
	r->device_memory = (double)k->about.most_bytes;
	r->tokens = median(k->rate, k->steps);
	r->optimizer = k->optimizer;
	r->sums = k->w->sums;
	r->wall = k->wall;
	for (unsigned t = 0; t < r->threads; t++) {
		busy += k->time[t].busy;
		r->assembly += k->time[t].assembly;
		for (int i = 0; i < PROFILE_KINDS; i++) {
			r->time.seconds[i] += k->profile[t].seconds[i];
			r->time.operations[i] += k->profile[t].operations[i];
			measured += k->profile[t].seconds[i];
			operations += k->profile[t].operations[i];
		}
	}
	r->other = busy - r->assembly - measured;
	r->waiting = k->wall * r->threads - busy - r->optimizer - r->sums;
	r->peak_share = operations / (k->wall * r->threads * m->product_rate);
}

static bool train_shape(const subject *s, workers *w, const bench_machine *m, double seconds, bench_result *r, sr_error *err)
{
	course *k = xcalloc(1, sizeof *k);
	uint32_t *count = count_items(s->f, s->d.all, s->d.s, NULL);
	item_draws *draws = item_draws_new(count, model_items(s->m)->rows, s->c->train.popularity);
	*k = (course){ .s = s, .w = w, .o = optimizer_new(model_params(s->m), s->c->train.weight_decay, s->c->train.clip) };
	k->o->pool = w->pool;
	if (s->c->train.table_update == UPDATE_EXACT)
		optimizer_make_exact(k->o);
	w->told.draws = draws;
	bool done = (!w->resident || resident_start(w, k->o, 0, err)) && course_run(k, seconds, err);
	if (done)
		course_tell(k, m, r);
	w->told.draws = NULL;
	item_draws_free(draws);
	optimizer_free(k->o);
	free(count);
	free(k);
	return done;
}

/* ---- ranking ---- */

static bool rank_some(const subject *s, workers *w, size_t first, size_t count, sr_error *err)
{
	ranking r = { .f = s->f, .all = s->d.all, .s = s->d.s, .pool = w->pool, .items = model_items(s->m)->rows, .remove_seen = s->remove_seen };
	uint32_t *rank = xcalloc(count, sizeof *rank);
	model_scores *scores = model_scores_new(w, s->test + first, count, err);
	rank_scores from = scores ? model_scores_ranked(scores) : (rank_scores){ 0 };
	bool done = scores && rank_targets(&r, &from, s->test + first, count, rank, err);
	model_scores_free(scores);
	free(rank);
	return done;
}

static bool rank_shape(const subject *s, workers *w, double seconds, bench_result *r, sr_error *err)
{
	float rate[STEPS_MOST];
	size_t some = s->test_count < USERS_A_TIME ? s->test_count : USERS_A_TIME, measured = 0, first = 0;
	double end = clock_seconds() + seconds;
	do {
		double started = clock_seconds();
		if (!rank_some(s, w, first, some, err))
			return false;
		double took = clock_seconds() - started;
		if (took < seconds / 16 && 2 * some <= s->test_count) {
			some *= 2;
			first = 0;
			continue;
		}
		rate[measured++] = (float)((double)some / took);
		first = first + 2 * some <= s->test_count ? first + some : 0;
	} while (!measured || (clock_seconds() < end && measured < STEPS_MOST));
	r->users = median(rate, measured);
	return true;
}

static bool measure(bench *b, const subject *s, unsigned threads, double seconds, sr_error *err)
{
	bench_result r = { .shape = s->shape->name, .threads = threads };
	bench_memory_start();
	thread_pool *pool = thread_pool_new(threads);
	workers *w = workers_new(s->c, s->f, s->d.all, s->m, pool, err);
	bool done = w && train_shape(s, w, &b->machine, seconds, &r, err);
	r.memory = bench_memory();
	done = done && rank_shape(s, w, seconds / 2, &r, err);
	workers_free(w);
	thread_pool_free(pool);
	b->result = xgrow(b->result, &b->capacity, b->count + 1, sizeof *b->result);
	b->result[b->count++] = r;
	return done;
}

/* ---- what is asked for ---- */

/* Numbers of threads from "1,2". */
static size_t threads_read(const char *given, unsigned available, unsigned out[BENCH_THREADS], sr_error *err)
{
	size_t count = 0;
	out[0] = 1;
	out[1] = available < BENCH_THREADS ? available : BENCH_THREADS;
	if (!given)
		return out[1] > 1 ? 2 : 1;
	for (const char *at = given; *at && count < BENCH_THREADS; at += at[0] == ',') {
		size_t length = strcspn(at, ",");
		int64_t number;
		if (!number_parse_int(at, length, &number) || number < 1 || number > BENCH_THREADS) {
			error_set(err, SR_CONFIG, "--threads %s: must be numbers from 1 to %d, parted by commas", given, BENCH_THREADS);
			return 0;
		}
		out[count++] = (unsigned)number;
		at += length;
	}
	return count;
}

static bool is_listed(const char *list, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = list; at && (at = strstr(at, name)); at += length)
		if ((at == list || at[-1] == ',') && (at[length] == ',' || !at[length]))
			return true;
	return !list;
}

static bool shapes_check(const char *list, sr_error *err)
{
	text known = { 0 };
	bool good = true;
	for (const bench_shape *s = bench_shapes; s->name; s++)
		text_addf(&known, "%s%s", known.length ? "," : "", s->name);
	for (const char *at = list; good && at && *at; at += at[0] == ',') {
		char *name = text_format("%.*s", (int)strcspn(at, ","), at);
		good = is_listed(known.data, name) || error_set(err, SR_CONFIG, "--shapes: %s is none of %s", name, known.data);
		free(name);
		at += strcspn(at, ",");
	}
	text_free(&known);
	return good;
}

/* The set's log, and how fast its store is made by one thread. */
static bool log_make(bench *b, const bench_shape *shape, double scale, const char *folder, sr_error *err)
{
	char *path = log_path(folder, shape->set), *place = text_format("%s/%s.store", folder, shape->set->name), *content = NULL;
	config *c = NULL;
	bool done = file_exists(path);
	if (!done) {
		size_t length = 0;
		done = bench_log_write(shape->set, scale, path, err) && (content = file_read(path, SIZE_MAX / 2, &length, err)) && (c = subject_config(shape, folder, err));
		double started = clock_seconds();
		done = done && store_build(c, place, 1, err);
		double rate = (double)length / (clock_seconds() - started);
		b->loader_rate = rate > b->loader_rate ? rate : b->loader_rate;
	}
	config_free(c);
	free(content);
	free(path);
	free(place);
	return done;
}

/* The user's own config; its store is made anew, beside the shapes' logs. */
static config *own_config(const bench_settings *settings, const char *folder, sr_error *err)
{
	config *c = config_load(settings->config, settings->sets, err);
	if (!c)
		return NULL;
	free(c->data.store);
	c->data.store = path_join(folder, "own.store");
	if (c->task.kind == TASK_NEXT_ITEM)
		return c;
	error_set(err, SR_CONFIG, "%s: the bench measures task.kind next_item only", settings->config);
	config_free(c);
	return NULL;
}

static bool run_shapes(bench *b, const bench_settings *settings, const char *folder, sr_error *err)
{
	static const bench_shape own[] = { { .name = "own" }, { 0 } };
	unsigned threads[BENCH_THREADS];
	size_t count = threads_read(settings->threads, b->machine.threads, threads, err);
	bool done = count > 0;
	for (const bench_shape *shape = settings->config ? own : bench_shapes; done && shape->name; shape++) {
		subject s = { 0 };
		if (!settings->config && !is_listed(settings->shapes, shape->name))
			continue;
		done = settings->config || log_make(b, shape, settings->scale, folder, err);
		done = done && subject_open(&s, shape, settings->config ? own_config(settings, folder, err) : subject_config(shape, folder, err), folder, err);
		for (size_t i = 0; done && i < count; i++)
			done = backend_set(s.c, settings, err) && measure(b, &s, threads[i], settings->seconds, err);
		subject_close(&s);
	}
	return done;
}

char *bench_run(const bench_settings *settings, sr_error *err)
{
	bench b = { 0 };
	const char *place = getenv("TMPDIR");
	char *folder = text_format("%s/seqrec_bench.XXXXXX", place && *place ? place : "/tmp"), *said = NULL;
	cJSON *old = settings->compare ? json_read(settings->compare, OLD_MOST, false, SR_CONFIG, err) : NULL;
	bool made = false, done = (!settings->compare || old) && shapes_check(settings->shapes, err);
	if (done && !(made = mkdtemp(folder) != NULL))
		done = error_set_errno(err, "%s: no folder could be made for the logs of the bench", folder);
	done = done && bench_machine_measure(&b.machine, settings->seconds / 4, err) && run_shapes(&b, settings, folder, err);
	if (done)
		said = settings->json ? bench_json(&b, old) : bench_text(&b, old);
	if (made)
		folder_remove(folder, NULL);
	cJSON_Delete(old);
	free(b.result);
	free(folder);
	return said;
}
