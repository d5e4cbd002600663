/* told.c - the loss over items: which negatives a pack has, which of them count for a target, and what is compared. Items that are more than rows of a
 * table are made once a pack, those alone that it compares with. */
#include "told.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FULL_MOST = 20000 }; /* train.loss auto: most items for which the softmax is over all of them */

/* What `auto` means for a model. */
static int loss_of(const config *c, const model *m)
{
	if (c->train.loss != LOSS_AUTO)
		return c->train.loss;
	return model_items(m) && model_items(m)->rows > FULL_MOST ? LOSS_SAMPLED_SOFTMAX : LOSS_CROSS_ENTROPY;
}

bool told_losses_over_all(const config *c, const model *m)
{
	return model_items(m) && loss_of(c, m) == LOSS_CROSS_ENTROPY;
}

void told_losses_init(told_losses *l, const config *c, const features *f, const model *m)
{
	*l = (told_losses){ .f = f, .m = m, .loss = loss_of(c, m), .smoothing = c->train.label_smoothing, .calibration = c->train.calibration, .drawn = (size_t)c->train.negatives,
		.of_batch = c->train.negatives_from == NEGATIVES_BATCH, .exclude_seen = c->train.exclude_seen };
	if (told_losses_over_all(c, m) && model_items_made(m))
		items_fill(&l->all, f, NULL, 0, model_items(m)->rows);
}

void told_losses_free(told_losses *l)
{
	item_block_free(&l->all, l->f);
}

const char *told_losses_name(const told_losses *l)
{
	switch (l->loss) {
	case LOSS_SAMPLED_SOFTMAX: return "sampled softmax";
	case LOSS_GBCE: return "gBCE";
	case LOSS_BCE: return "BCE";
	case LOSS_BPR: return "BPR";
	default: return "cross-entropy over all items";
	}
}

void told_room_free(told_room *r, const features *f)
{
	void *const arrays[] = { r->negative, r->shift, r->hidden, r->mark, r->row, r->place, r->target, r->other };
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		free(arrays[i]);
	item_block_free(&r->items, f);
	*r = (told_room){ 0 };
}

/* ---- negatives ---- */

/* Returns how many there are. */
static size_t find_negatives(const told_losses *l, told_room *r, const pack *p, uint64_t step, uint32_t stream)
{
	size_t count = l->of_batch ? p->targets : l->drawn;
	r->negative = xgrow(r->negative, &r->negative_capacity, count, sizeof *r->negative);
	r->shift = xgrow(r->shift, &r->shift_capacity, count, sizeof *r->shift);
	if (!l->of_batch) {
		negatives_draw(l->draws, l->seed, step, stream, count, r->negative, r->shift);
		return count;
	}
	for (size_t k = 0; k < count; k++) { /* the pack's targets are draws by frequency */
		r->negative[k] = p->target[k];
		r->shift[k] = (float)log((double)count) + l->draws->log_share[p->target[k]];
	}
	return count;
}

static void mark_items(const told_losses *l, told_room *r, const pack *p, uint32_t of)
{
	const pack_codes *items = &p->event[features_shape(l->f)->item];
	r->stamp++;
	for (uint32_t t = p->start[of]; t < p->start[of + 1]; t++)
		r->mark[items->code[t]] = r->stamp;
	for (uint32_t i = 0; i < p->targets; i++)
		if (p->owner[p->target_event[i]] == of)
			r->mark[p->target[i]] = r->stamp;
}

/* (N,K): which negatives the target's sample has in its window or among its targets. */
static const uint8_t *find_hidden(const told_losses *l, told_room *r, const pack *p, size_t count)
{
	uint32_t marked = UINT32_MAX;
	r->hidden = xgrow(r->hidden, &r->hidden_capacity, p->targets * count, sizeof *r->hidden);
	if (!r->mark)
		r->mark = xcalloc(model_items(l->m)->rows, sizeof *r->mark);
	for (uint32_t i = 0; i < p->targets; i++) {
		uint32_t of = p->owner[p->target_event[i]];
		if (of != marked)
			mark_items(l, r, p, marked = of);
		for (size_t k = 0; k < count; k++)
			r->hidden[i * count + k] = r->mark[r->negative[k]] == r->stamp;
	}
	return r->hidden;
}

/* ---- what is compared ---- */

/* The place of an item among those of the pack, which may be a new one. */
static uint32_t place_of(told_room *r, size_t *count, uint32_t row)
{
	uint32_t place = r->place[row];
	if (place < *count && r->row[place] == row)
		return place;
	r->row = xgrow(r->row, &r->row_capacity, *count + 1, sizeof *r->row);
	r->row[*count] = row;
	return r->place[row] = (uint32_t)(*count)++;
}

/* Makes the items of a pack once each, and says where its targets and negatives stand among them. */
static void gather(const told_losses *l, told_room *r, const pack *p, size_t negatives)
{
	size_t count = 0;
	if (!r->place)
		r->place = xcalloc(model_items(l->m)->rows, sizeof *r->place);
	r->target = xgrow(r->target, &r->target_capacity, p->targets, sizeof *r->target);
	r->other = xgrow(r->other, &r->other_capacity, negatives, sizeof *r->other);
	for (uint32_t i = 0; i < p->targets; i++)
		r->target[i] = place_of(r, &count, p->target[i]);
	for (size_t k = 0; k < negatives; k++)
		r->other[k] = place_of(r, &count, r->negative[k]);
	items_fill(&r->items, l->f, r->row, 0, count);
}

static void loss_over_all(const told_losses *l, runtime *rt, tensor *told, const pack *p, double scale)
{
	const index_array *targets = runtime_index(rt, p->target, p->targets);
	if (model_items_made(l->m))
		t_loss_softmax_rows(told, model_item_rows(l->m, rt, &l->all), targets, PACK_FIRST_ITEM, p->target_weight, l->smoothing, scale);
	else
		t_loss_softmax(told, model_items(l->m), NULL, targets, PACK_FIRST_ITEM, p->target_weight, l->smoothing, scale);
}

/* gBCE's beta = a (t (1 - 1/a) + 1/a), a = K / (V - 1): Petrov & Macdonald 2023, section 5. */
static double calibrated(const told_losses *l, size_t negatives)
{
	double share = (double)negatives / ((double)(model_items(l->m)->rows - PACK_FIRST_ITEM) - 1);
	share = share < 1 ? share : 1;
	return share * (l->calibration * (1 - 1 / share) + 1 / share);
}

void told_loss(const told_losses *l, told_room *r, runtime *rt, tensor *told, const pack *p, uint64_t step, uint32_t stream, double scale)
{
	if (l->loss == LOSS_CROSS_ENTROPY) {
		loss_over_all(l, rt, told, p, scale);
		return;
	}
	bool there = runtime_draws(rt) && !l->of_batch && !l->exclude_seen && !model_items_made(l->m); /* nobody here needs to know the negatives */
	size_t count = there ? l->drawn : find_negatives(l, r, p, step, stream);
	sampled how = { .kind = l->loss == LOSS_SAMPLED_SOFTMAX ? SAMPLED_SOFTMAX : l->loss == LOSS_BPR ? SAMPLED_PAIRS : SAMPLED_BINARY, .shift = r->shift, .power = 1 };
	how.power = l->loss == LOSS_GBCE ? calibrated(l, count) : 1;
	if (there) {
		how.drawn = item_draws_table(l->draws);
		how.negatives = runtime_draw(rt, how.drawn, l->seed, step, stream, count);
	}
	how.hidden = l->exclude_seen ? find_hidden(l, r, p, count) : NULL;
	if (!model_items_made(l->m)) {
		how.negatives = there ? how.negatives : runtime_index(rt, r->negative, count);
		t_loss_sampled(told, model_items(l->m), runtime_index(rt, p->target, p->targets), &how, p->target_weight, scale);
		return;
	}
	gather(l, r, p, count);
	how.negatives = runtime_index(rt, r->other, count);
	t_loss_sampled_rows(told, model_item_rows(l->m, rt, &r->items), runtime_index(rt, r->target, p->targets), &how, p->target_weight, scale);
}
