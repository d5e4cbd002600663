#ifndef TESTS_PACKS_H
#define TESTS_PACKS_H
/* packs.h - packs made by hand, with every form of input, and models of every combination of settings. */

#include "unit/base/scratch.h"

#include "seqrec/memory.h"
#include "seqrec/model.h"

static const feature_shape hand_event[] = { { "item", FEATURE_CODE, 10, 0, NULL, false }, { "type", FEATURE_CODE, 4, 0, NULL, false }, { "query", FEATURE_BAG, 16, 0, NULL, false }, { "price", FEATURE_NUMBER, 0, 2, NULL, false } };
static const feature_shape hand_sample[] = { { "candidate", FEATURE_CODE, 10, 0, "item", false }, { "user city", FEATURE_CODE, 5, 0, NULL, false }, { "user tags", FEATURE_BAG, 6, 0, NULL, false }, { "user age", FEATURE_NUMBER, 0, 3, NULL, false } };
static const input_shape hand_shape = { hand_event, hand_sample, 4, 4, 2, 3, 3, false, 0, 0, 0 };

/* Sequence `who` has hand_length[who] events; all its values are a function of (who, place). */
enum { SEQUENCES = 6 };
static const uint32_t hand_length[SEQUENCES] = { 3, 0, 1, 5, 2, 0 };

static inline uint32_t hand_value(uint32_t who, uint32_t place, uint32_t salt, uint32_t below)
{
	return (who * 7919 + place * 104729 + salt * 1299709 + who * place) % 1000003 % below;
}

static inline void hand_bag(pack_codes *codes, uint32_t row, uint32_t who, uint32_t place, uint32_t rows)
{
	uint32_t count = hand_value(who, place, 9, 3); /* some bags are empty */
	codes->start[row] = (uint32_t)codes->count;
	for (uint32_t i = 0; i < count; i++)
		codes->code[codes->count++] = hand_value(who, place, 10 + i, rows);
	codes->start[row + 1] = (uint32_t)codes->count;
}

/* The sequences who[0..count) as one pack; all arrays are exactly as long as they must be. New. */
static inline pack *pack_of(const uint32_t *who, uint32_t count)
{
	pack *p = xcalloc(1, sizeof *p);
	p->samples = count;
	p->start = xcalloc(count + 1, sizeof *p->start);
	for (uint32_t s = 0; s < count; s++)
		p->start[s + 1] = p->events += hand_length[who[s]];
	p->event = xcalloc(4, sizeof *p->event);
	p->sample = xcalloc(4, sizeof *p->sample);
	for (size_t i = 0; i < 3; i++) {
		p->event[i].code = xcalloc(3 * p->events, sizeof(uint32_t));
		p->event[i].start = xcalloc(p->events + 1, sizeof(uint32_t));
		p->sample[i].code = xcalloc(3 * count, sizeof(uint32_t));
		p->sample[i].start = xcalloc(count + 1, sizeof(uint32_t));
	}
	p->event_number = xcalloc(2 * p->events, sizeof(float));
	p->sample_number = xcalloc(3 * count, sizeof(float));
	p->label = xcalloc(count, sizeof(uint32_t));
	p->weight = xcalloc(count, sizeof(float));
	p->time = xcalloc(p->events, sizeof *p->time);
	for (uint32_t s = 0; s < count; s++) {
		for (uint32_t t = p->start[s], place = 0; t < p->start[s + 1]; t++, place++) {
			for (uint32_t i = 0; i < 2; i++) {
				p->event[i].code[p->event[i].count++] = hand_value(who[s], place, i, hand_event[i].rows);
				p->event_number[2 * t + i] = (float)hand_value(who[s], place, 5 + i, 200) / 100 - 1;
			}
			p->time[t] = 50 * place * place;
			hand_bag(&p->event[2], t, who[s], place, hand_event[2].rows);
		}
		for (uint32_t i = 0; i < 3; i++)
			p->sample_number[3 * s + i] = (float)hand_value(who[s], 77, 5 + i, 200) / 100 - 1;
		for (uint32_t i = 0; i < 2; i++)
			p->sample[i].code[p->sample[i].count++] = hand_value(who[s], 77, i, hand_sample[i].rows);
		hand_bag(&p->sample[2], s, who[s], 77, hand_sample[2].rows);
		p->label[s] = who[s] % 3;
		p->weight[s] = 1 + (float)who[s] / 4;
	}
	return p;
}

static inline void pack_of_free(pack *p)
{
	for (size_t i = 0; i < 3; i++) {
		free(p->event[i].code);
		free(p->event[i].start);
		free(p->sample[i].code);
		free(p->sample[i].start);
	}
	void *const arrays[] = { p->start, p->event, p->sample, p->event_number, p->sample_number, p->label, p->weight, p->time, p };
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		free(arrays[i]);
}

/* ---- next items: query terms and price are the item's ---- */

static const feature_shape told_event[] = { { "item", FEATURE_CODE, 10, 0, NULL, false }, { "type", FEATURE_CODE, 4, 0, NULL, true }, { "query", FEATURE_BAG, 16, 0, NULL, true }, { "price", FEATURE_NUMBER, 0, 2, NULL, true } };
static const input_shape told_shape = { told_event, hand_sample, 4, 4, 2, 3, 0, true, 0, 0, 0 }, both_shape = { told_event, hand_sample, 4, 4, 2, 3, 3, true, 0, 0, 0 };

/* pack_of with two targets for each event but the first of a sequence. */
static inline pack *told_pack_of(const uint32_t *who, uint32_t count)
{
	pack *p = pack_of(who, count);
	p->target_event = xcalloc(2 * p->events, sizeof *p->target_event);
	p->target = xcalloc(2 * p->events, sizeof *p->target);
	p->target_weight = xcalloc(2 * p->events, sizeof *p->target_weight);
	p->owner = xcalloc(p->events, sizeof *p->owner);
	for (uint32_t s = 0; s < count; s++)
		for (uint32_t t = p->start[s]; t < p->start[s + 1]; t++) {
			p->owner[t] = s;
			for (uint32_t i = 0; i < 2 && t > p->start[s]; i++) {
				p->target_event[p->targets] = t;
				p->target[p->targets] = 2 + hand_value(who[s], t, 3 + i, 8);
				p->target_weight[p->targets++] = 1 + (float)i / 4;
			}
		}
	return p;
}

static inline void told_pack_free(pack *p)
{
	free(p->target_event);
	free(p->target);
	free(p->target_weight);
	free(p->owner);
	pack_of_free(p);
}

/* Items 0 .. 9 with fields; freed by told_items_free. */
static inline item_block *told_items_of(void)
{
	item_block *b = xcalloc(1, sizeof *b);
	b->count = 10;
	b->row = xcalloc(b->count, sizeof *b->row);
	b->field = xcalloc(4, sizeof *b->field);
	b->number = xcalloc(2 * b->count, sizeof *b->number);
	for (size_t i = 1; i < 3; i++) {
		b->field[i].code = xcalloc(3 * b->count, sizeof(uint32_t));
		b->field[i].start = xcalloc(b->count + 1, sizeof(uint32_t));
	}
	for (uint32_t i = 0; i < b->count; i++) {
		b->row[i] = i;
		b->field[1].code[b->field[1].count++] = hand_value(i, 5, 1, 4);
		hand_bag(&b->field[2], i, i, 5, 16);
		b->number[2 * i] = (float)i / 10;
		b->number[2 * i + 1] = (float)(i % 3) - 1;
	}
	return b;
}

static inline void told_items_free(item_block *b)
{
	for (size_t i = 1; i < 3; i++) {
		free(b->field[i].code);
		free(b->field[i].start);
	}
	free(b->field);
	free(b->row);
	free(b->number);
	free(b);
}

/* ---- every combination of encoder, norm, pooling and fusion ---- */

enum { COMBINATIONS = 6 * 3 * 3 * 3 };

static inline model_settings combination(size_t number)
{
	model_settings s = { .width = 8, .blocks = 2, .heads = 2, .window = 8, .dropout = 0.2, .attribute_width = 6, .attribute_depth = 2, .attribute_dropout = 0.1, .members = 1 };
	s.encoder = (int)(number % 6);
	s.norm = (int)(number / 6 % 3);
	s.causal = number / 6 % 2;
	s.time_bias = number % 4 == 1;
	s.pooling = (int)(number / 18 % 3);
	s.fusion = (int)(number / 54 % 3);
	s.attribute_depth = (int64_t)(number % 3);
	return s;
}

/* Of next_item: block form, output, fields in the output, tied or not. */
enum { TOLD_COMBINATIONS = 3 * 2 * 2 * 2 };

static inline model_settings told_combination(size_t number)
{
	model_settings s = combination(1);
	s.norm = (int)(number % 3);
	s.output = (int)(number / 3 % 2);
	s.output_fields = number / 6 % 2;
	s.tied = number / 12 % 2;
	s.temperature = number % 5 ? 0 : 0.2;
	return s;
}

/* "gru, pre, attention, concat": for messages. */
static inline const char *combination_name(size_t number, char name[96])
{
	static const char *const encoders[] = { "none", "transformer", "gru", "lstm", "rnn", "mean" }, *const norms[] = { "post", "pre", "gated" }, *const pools[] = { "last", "mean", "attention" },
		*const fusions[] = { "concat", "weighted", "attention" };
	model_settings s = combination(number);
	snprintf(name, 96, "encoder %s, norm %s, pooling %s, fusion %s", encoders[s.encoder], norms[s.norm], pools[s.pooling], fusions[s.fusion]);
	return name;
}

/* Parameters that are zero at first are moved, so that nothing is hidden by them. */
static inline model *model_of(const model_settings *settings, const input_shape *shape)
{
	model *m = model_new(settings, shape);
	params *list = model_params(m);
	params_initialise(list, 11);
	for (size_t i = 0; i < params_count(list); i++) {
		param *p = params_get(list, i);
		for (size_t j = 0; p->kind != PARAM_WEIGHT && j < p->rows * p->cols; j++)
			p->value[j] += (real)((double)((i * 31 + j * 17) % 23) / 23 - 0.5) * (real)0.4;
	}
	return m;
}

#endif
