/* lanes.c - packs on lanes, lanes on threads. */
#include "compute.h"
#include "lanes.h"
#include "sending.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { SCORE_SAMPLES = 512 }; /* most samples of a pack when scoring */

workers *workers_new(const config *c, const features *f, const samples *all, const model *m, thread_pool *pool, sr_error *err)
{
	workers *w = xcalloc(1, sizeof *w);
	unsigned threads = thread_pool_threads(pool);
	tensor_backend backend = compute_backend(c, NULL);
	size_t tokens = compute_pack_tokens(c, backend);
	*w = (workers){ .f = f, .all = all, .m = m, .pool = pool, .lanes = (size_t)c->train.lanes, .pack_tokens = tokens, .batch = (size_t)c->train.batch, .by_lanes = tokens == (size_t)c->train.pack_tokens, .smoothing = c->train.label_smoothing,
		.unknown_rate = c->train.unknown_rate, .class_weighs = 1, .told_weighs = 1 };
	if (samples_both(all)) {
		w->class_weighs = c->train.class_loss_weight;
		w->told_weighs = c->train.next_item_loss_weight;
	}
	told_losses_init(&w->told, c, f, m);
	w->lane = xcalloc(w->lanes, sizeof *w->lane);
	w->runtime = xcalloc(threads, sizeof *w->runtime);
	w->pack = xcalloc(threads, sizeof *w->pack);
	w->room = xcalloc(threads, sizeof *w->room);
	for (unsigned t = 0; t < threads; t++) {
		w->runtime[t] = runtime_new(backend, model_params(m), err);
		if (!w->runtime[t]) {
			workers_free(w);
			return NULL;
		}
		runtime_narrow(w->runtime[t], c->run.precision == PRECISION_BFLOAT16);
		w->padded = backend == TENSOR_CUDA && !w->by_lanes && c->train.negatives_from != NEGATIVES_BATCH && !c->train.exclude_seen;
		w->resident = runtime_reside(w->runtime[t], t ? w->runtime[0] : NULL);
	}
	if (runtime_status(w->runtime[0], err))
		return w;
	workers_free(w);
	return NULL;
}

void workers_free(workers *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->lanes; i++)
		lane_free(w->lane[i]);
	for (unsigned t = 0; t < thread_pool_threads(w->pool); t++) {
		runtime_free(w->runtime[t]);
		pack_free(&w->pack[t], w->f);
		told_room_free(&w->room[t], w->f);
	}
	told_losses_free(&w->told);
	free(w->room);
	free(w->lane);
	free(w->runtime);
	free(w->pack);
	free(w);
}

/* What the threads of one call share. */
typedef struct {
	workers *w;
	const uint32_t *order;
	size_t *bounds, packs;
	uint64_t epoch, step;
	double scale, told_scale; /* of classes and of next items: what the loss counts / sum of the weights */
	const double *shift;
	double *probability;
	vector_kind which;
	float *vector;
	size_t width;
	sr_error *error; /* by pack: the first in order is reported, whichever thread met it */
} call;

static void call_start(call *k, workers *w, const uint32_t *order, size_t count, size_t most)
{
	*k = (call){ .w = w, .order = order };
	k->bounds = pack_plan(w->f, w->all, order, count, w->pack_tokens, most, &k->packs);
	k->error = xcalloc(k->packs, sizeof *k->error);
}

static bool call_end(call *k, sr_error *err)
{
	bool good = true;
	for (size_t i = 0; good && i < k->packs; i++)
		if (k->error[i].code != SR_OK) {
			if (err && err->code == SR_OK)
				*err = k->error[i];
			good = false;
		}
	free(k->bounds);
	free(k->error);
	return good;
}

static bool ran(const model_output *out)
{
	return out->logits || out->told;
}

static void class_weights(const workers *w, pack *p)
{
	for (uint32_t i = 0; w->class_weight && i < p->samples; i++)
		p->weight[i] *= w->class_weight[p->label[i]];
}

/* The losses are then summed as they are: a recorded step has no other factors than the pack's. */
static void scale_weights(const call *k, pack *p)
{
	for (uint32_t i = 0; i < p->samples; i++)
		p->weight[i] = (float)((double)p->weight[i] * k->scale);
	for (uint32_t i = 0; i < p->targets; i++)
		p->target_weight[i] = (float)((double)p->target_weight[i] * k->told_scale);
}

/* Fills and runs pack `number` on `thread`; neither logits nor told on failure. */
static model_output run_pack(call *k, size_t number, unsigned thread, lane *gradients, const pack_options *options)
{
	workers *w = k->w;
	const uint32_t *order = k->order + k->bounds[number];
	pack *p = &w->pack[thread];
	double started = w->time ? clock_seconds() : 0;
	if (!pack_fill(p, w->f, w->all, order, k->bounds[number + 1] - k->bounds[number], options, &k->error[number]))
		return (model_output){ 0 };
	if (options->training)
		class_weights(w, p);
	if (options->training && w->resident)
		scale_weights(k, p);
	if (options->training && w->padded && k->packs == 1) {
		pack_size size = pack_size_for(w->f, w->pack_tokens, w->batch);
		pack_pad(p, w->f, &size);
	}
	if (w->time)
		w->time[thread].assembly += clock_seconds() - started;
	if (options->training && w->resident)
		runtime_begin_resident(w->runtime[thread], w->seed, k->step, (uint32_t)number);
	else
		runtime_begin(w->runtime[thread], gradients, w->seed, k->step, (uint32_t)number);
	if (w->resident) {
		runtime_steady(w->runtime[thread], options->training && w->padded && k->packs == 1 ? features_window(w->f) : 0);
		pack_send(p, options->training ? &w->told.all : &(item_block){ 0 }, features_shape(w->f), w->runtime[thread]);
	}
	if (runtime_repeats(w->runtime[thread]))
		return (model_output){ 0 };
	model_output out = model_forward(w->m, w->runtime[thread], p);
	if (!runtime_status(w->runtime[thread], &k->error[number]))
		return (model_output){ 0 };
	return out;
}

/* ---- training ---- */

/* Forward, losses and backward of pack i. */
static bool learn_pack(call *k, size_t i, unsigned thread, lane *gradients)
{
	workers *w = k->w;
	runtime *rt = w->runtime[thread];
	pack *p = &w->pack[thread];
	const pack_options options = { .seed = w->seed, .epoch = k->epoch, .unknown_rate = w->unknown_rate, .training = true };
	model_output out = run_pack(k, i, thread, gradients, &options);
	if (!ran(&out))
		return false;
	bool told = out.told && p->targets && k->told_scale > 0;
	if (told)
		told_loss(&w->told, &w->room[thread], rt, out.told, p, k->step, (uint32_t)i, w->resident ? 1 : k->told_scale);
	if (out.logits)
		t_loss_classes(out.logits, runtime_index(rt, p->label, p->samples), p->weight, w->smoothing, w->resident ? 1 : k->scale);
	if (!told && !out.logits)
		return true;
	runtime_backward(rt);
	return runtime_status(rt, &k->error[i]);
}

static void lane_work(void *context, size_t number, unsigned thread)
{
	call *k = context;
	workers *w = k->w;
	lane_clear(w->lane[number]);
	for (size_t i = number; i < k->packs; i += w->lanes)
		if (!learn_pack(k, i, thread, w->lane[number]))
			return;
}

/* One pack after the other: the device works on one while the next is put together. */
static void train_resident(call *k)
{
	workers *w = k->w;
	double started = w->time ? clock_seconds() : 0;
	for (size_t i = 0; i < k->packs; i++) {
		bool done = learn_pack(k, i, 0, NULL) || runtime_repeats(w->runtime[0]);
		if (!done && runtime_can_retry(w->runtime[0])) {
			k->error[i] = (sr_error){ 0 };
			done = learn_pack(k, i, 0, NULL);
		}
		if (!done)
			break;
	}
	if (w->time)
		w->time[0].busy += clock_seconds() - started;
}

static void train_lane(void *context, size_t number, unsigned thread)
{
	const workers *w = ((call *)context)->w;
	double started = w->time ? clock_seconds() : 0;
	lane_work(context, number, thread);
	if (w->time)
		w->time[thread].busy += clock_seconds() - started;
}

static void step_scales(call *k, const uint32_t *order, size_t count)
{
	const workers *w = k->w;
	double weight = 0, told = 0;
	for (size_t i = 0; i < count; i++) {
		const sample *one = &w->all->item[order[i]];
		if (w->all->next_item)
			told += (double)one->weight * features_target_weight(w->f, w->all, one);
		if (w->all->classes)
			weight += (double)one->weight * (w->class_weight ? (double)w->class_weight[one->label] : 1);
	}
	k->scale = weight > 0 ? w->class_weighs / weight : 0;
	k->told_scale = told > 0 ? w->told_weighs / told : 0;
}

bool workers_train(workers *w, const uint32_t *order, size_t count, uint64_t epoch, uint64_t step, double *loss, sr_error *err)
{
	call k;
	call_start(&k, w, order, count, w->by_lanes ? (count + w->lanes - 1) / w->lanes : count);
	step_scales(&k, order, count);
	k.epoch = epoch;
	k.step = step;
	*loss = NAN;
	if (w->resident) {
		train_resident(&k);
		return call_end(&k, err) || compute_fits(w->pack_tokens, err);
	}
	for (size_t i = 0; i < w->lanes; i++)
		if (!w->lane[i])
			w->lane[i] = lane_new(model_params(w->m));
	thread_pool_run(w->pool, w->lanes, train_lane, &k);
	double started = w->time ? clock_seconds() : 0;
	for (size_t i = 1; i < w->lanes; i++)
		lane_add(w->lane[0], w->lane[i]);
	w->sums += w->time ? clock_seconds() - started : 0;
	*loss = lane_loss(w->lane[0]);
	return call_end(&k, err);
}

/* ---- scoring ---- */

static void softmax(const float *logits, const double *shift, size_t classes, double *out)
{
	double top = -INFINITY, sum = 0;
	for (size_t c = 0; c < classes; c++) {
		out[c] = (double)logits[c] - (shift ? shift[c] : 0);
		top = out[c] > top ? out[c] : top;
	}
	for (size_t c = 0; c < classes; c++)
		sum += out[c] = exp(out[c] - top);
	for (size_t c = 0; c < classes; c++)
		out[c] /= sum;
}

static void score_pack(void *context, size_t number, unsigned thread)
{
	static const pack_options none = { 0 };
	call *k = context;
	model_output out = run_pack(k, number, thread, NULL, &none);
	if (!out.logits)
		return;
	size_t first = k->bounds[number], rows = k->bounds[number + 1] - first, classes = tensor_cols(out.logits);
	float *logits = xcalloc(rows * classes, sizeof *logits);
	if (tensor_read(out.logits, logits))
		for (size_t i = 0; i < rows; i++)
			softmax(logits + i * classes, k->shift, classes, k->probability + (first + i) * classes);
	free(logits);
}

bool workers_score(workers *w, const uint32_t *order, size_t count, const double *shift, double *probability, sr_error *err)
{
	call k;
	call_start(&k, w, order, count, SCORE_SAMPLES);
	k.shift = shift;
	k.probability = probability;
	thread_pool_run(w->pool, k.packs, score_pack, &k);
	return call_end(&k, err);
}

/* Samples that are scored have one target each, so what is told after it is the sample's vector: of next_item its only one. */
static tensor *vector_of(const model_output *out, vector_kind which)
{
	if (which == VECTOR_Y)
		return out->y;
	return which == VECTOR_TOLD || !out->logits ? out->told : which == VECTOR_H ? out->h : out->z;
}

static void embed_pack(void *context, size_t number, unsigned thread)
{
	static const pack_options none = { 0 };
	call *k = context;
	model_output out = run_pack(k, number, thread, NULL, &none);
	tensor *vector = vector_of(&out, k->which);
	if (vector)
		tensor_read(vector, k->vector + k->bounds[number] * k->width);
}

bool workers_embed(workers *w, const uint32_t *order, size_t count, vector_kind which, float **out, size_t *width, sr_error *err)
{
	static const pack_options none = { 0 };
	call k;
	call_start(&k, w, order, count, SCORE_SAMPLES);
	k.which = which;
	model_output first = run_pack(&k, 0, 0, NULL, &none); /* tells the width */
	tensor *vector = vector_of(&first, which);
	if (ran(&first) && !vector)
		error_set(&k.error[0], SR_CONFIG, "the model has no vector %s: %s", which == VECTOR_H ? "h" : "y", which == VECTOR_H ? "model.encoder is none" : "it has no attributes");
	*width = k.width = vector ? tensor_cols(vector) : 0;
	*out = k.vector = xcalloc(count * k.width, sizeof **out);
	if (vector)
		thread_pool_run(w->pool, k.packs, embed_pack, &k);
	if (call_end(&k, err))
		return true;
	free(*out);
	*out = NULL;
	return false;
}
