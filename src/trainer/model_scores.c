/* model_scores.c - scores of all items by the model: samples are encoded once, then compared with the item table block by block. */
#include "ranking.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct model_scores {
	workers *w;
	const uint32_t *order;
	float *vector; /* (count, D) */
	size_t width;
	float *items;  /* (V, D), or NULL: the table as it stands */
};

enum { MADE_AT_ONCE = 16384 /* items */ };

/* Every item as it is compared, once for all samples. NULL on error. */
static float *make_items(workers *w, size_t width, sr_error *err)
{
	size_t items = model_items(w->m)->rows;
	float *out = xaligned(items * width, sizeof *out);
	item_block block = { 0 };
	bool done = true;
	for (size_t first = 0; done && first < items; first += MADE_AT_ONCE) {
		items_fill(&block, w->f, NULL, (uint32_t)first, items - first < MADE_AT_ONCE ? items - first : MADE_AT_ONCE);
		runtime_begin(w->runtime[0], NULL, w->seed, 0, 0);
		tensor *rows = model_item_rows(w->m, w->runtime[0], &block);
		done = runtime_status(w->runtime[0], err) && tensor_read(rows, out + first * width);
	}
	item_block_free(&block, w->f);
	if (done)
		return out;
	free(out);
	return NULL;
}

float *model_scores_items(workers *w, size_t *items, size_t *width, sr_error *err)
{
	const param *table = model_items(w->m);
	*items = table->rows;
	*width = table->cols;
	return model_items_made(w->m) ? make_items(w, table->cols, err) : xmemdup(table->value, table->rows * table->cols * sizeof *table->value);
}

model_scores *model_scores_new(workers *w, const uint32_t *order, size_t count, sr_error *err)
{
	model_scores *m = xcalloc(1, sizeof *m);
	*m = (model_scores){ .w = w, .order = order };
	bool done = !count || workers_embed(w, order, count, VECTOR_TOLD, &m->vector, &m->width, err);
	if (done && count && model_items_made(w->m))
		done = (m->items = make_items(w, m->width, err)) != NULL;
	if (done)
		return m;
	model_scores_free(m);
	return NULL;
}

void model_scores_free(model_scores *m)
{
	if (!m)
		return;
	free(m->vector);
	free(m->items);
	free(m);
}

bool model_scores_fill(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err)
{
	model_scores *m = context;
	runtime *rt = m->w->runtime[thread];
	const float *vector = m->vector + (size_t)(order - m->order) * m->width;
	runtime_begin(rt, NULL, m->w->seed, 0, 0);
	const param *table = model_items(m->w->m);
	tensor *x = runtime_input(rt, vector, count, m->width);
	tensor *scores = m->items ? t_scores_rows(x, runtime_input(rt, m->items, table->rows, table->cols)) : t_scores(x, table, NULL);
	return runtime_status(rt, err) && tensor_read(scores, score);
}

static bool model_scores_count(void *context, const uint32_t *order, size_t count, unsigned thread, const score_counts *to, sr_error *err)
{
	model_scores *m = context;
	runtime *rt = m->w->runtime[thread];
	const param *table = model_items(m->w->m);
	runtime_begin(rt, NULL, m->w->seed, 0, 0);
	tensor *x = runtime_input(rt, m->vector + (size_t)(order - m->order) * m->width, count, m->width);
	t_count(x, m->items ? m->items : table->value, table->rows, to);
	return runtime_status(rt, err);
}

rank_scores model_scores_ranked(model_scores *m)
{
	return (rank_scores){ .fill = model_scores_fill, .count = runtime_can_count(m->w->runtime[0]) ? model_scores_count : NULL, .context = m };
}

static uint64_t *training_ends(const samples *all, const store *s)
{
	uint64_t *used = xcalloc((size_t)s->users + 1, sizeof *used);
	for (size_t i = 0; i < all->count; i++) {
		const sample *one = &all->item[i];
		if (one->part == PART_TRAIN && sample_known_end(all, one) > used[one->user])
			used[one->user] = sample_known_end(all, one);
	}
	return used;
}

uint32_t *count_items(const features *f, const samples *all, const store *s, uint64_t **used_out)
{
	size_t items = features_shape(f)->event[features_shape(f)->item].rows;
	uint32_t *count = xcalloc(items, sizeof *count);
	uint64_t *used = training_ends(all, s);
	for (uint32_t user = 1; user <= s->users; user++)
		for (uint64_t e = s->user_start[user - 1]; e < used[user]; e++)
			count[features_item_row(f, s->item[e])]++;
	if (used_out)
		*used_out = used;
	else
		free(used);
	return count;
}

bool seen_removed(const config *c, const samples *all, const store *s)
{
	if (c->evaluate.seen != SEEN_AUTO)
		return c->evaluate.seen == SEEN_REMOVE;
	uint64_t *used = training_ends(all, s), targets = 0, repeats = 0;
	uint32_t *seen_by = xcalloc((size_t)s->items + 1, sizeof *seen_by);
	for (uint32_t user = 1; user <= s->users; user++)
		for (uint64_t e = s->user_start[user - 1]; e < used[user]; e++) {
			targets += s->item[e] && e > s->user_start[user - 1];
			repeats += s->item[e] && seen_by[s->item[e]] == user;
			seen_by[s->item[e]] = user;
		}
	free(seen_by);
	free(used);
	return (double)repeats <= 0.01 * (double)targets;
}
