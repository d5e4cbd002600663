/* padding.c - packs of constant size, for a device that records a step once and repeats it. What is added weighs nothing: it changes no loss and no gradient. */
#include "feature.h"

#include "seqrec/memory.h"

#include <string.h>

pack_size pack_size_for(const features *f, size_t events, size_t sequences)
{
	size_t window = f->window ? f->window : 1;
	return (pack_size){ .events = f->window ? events + 1 : 0, .samples = sequences + events / window + 2, .targets = f->next_item ? events : 0, .target = CODE_FIRST };
}

/* Values of code 0 behind those of a feature, up to `rows` rows. */
static void pad_codes(const feature *one, pack_codes *codes, size_t had, size_t rows)
{
	size_t count = 1;
	if (one->form == FEATURE_NUMBER)
		return;
	if (one->form == FEATURE_CODE) {
		memset(codes->code + had, 0, (rows - had) * sizeof *codes->code);
		codes->count = rows;
		return;
	}
	while (count < codes->count + 1)
		count *= 2;
	for (size_t i = had; i < rows; i++)
		codes->start[i + 1] = codes->start[had];
	while (codes->count < count) /* all in the bag of the last row, one of those added: there is always one */
		feature_bag_put(codes, 0);
	codes->start[rows] = (uint32_t)count;
}

/* Events of the added samples: as many as a window holds in each, until they are used up; the last samples have none. */
static void pad_sequences(pack *p, const features *f, const pack_size *size)
{
	uint32_t events = p->events;
	for (uint32_t s = p->samples; s < size->samples; s++) {
		uint32_t left = (uint32_t)size->events - events, length = left < f->window ? left : f->window;
		for (uint32_t t = 0; t < length; t++) {
			p->owner[events + t] = s;
			p->time[events + t] = t;
			p->row[events + t] = 0;
		}
		p->label[s] = 0;
		p->weight[s] = 0;
		p->start[s + 1] = events += length;
	}
}

static void pad_targets(pack *p, const pack_size *size)
{
	for (; p->targets < size->targets; p->targets++) {
		p->target_event[p->targets] = (uint32_t)size->events - 1;
		p->target[p->targets] = size->target;
		p->target_weight[p->targets] = 0;
	}
}

void pack_pad(pack *p, const features *f, const pack_size *size)
{
	size_t events = p->events, sequences = p->samples;
	if (events + (f->window != 0) > size->events || sequences + (size->events - events) / (f->window ? f->window : 1) + 1 > size->samples)
		return;
	pack_reserve(p, f, size->samples, size->events);
	pad_sequences(p, f, size);
	for (size_t i = 0; i < f->event_count; i++)
		pad_codes(&f->event[i], &p->event[i], events, size->events);
	for (size_t i = 0; i < f->sample_count; i++)
		pad_codes(&f->sample[i], &p->sample[i], sequences, size->samples);
	size_t columns = f->shape.event_columns;
	if (columns)
		memset(p->event_number + events * columns, 0, (size->events - events) * columns * sizeof *p->event_number);
	columns = f->shape.sample_columns;
	if (columns)
		memset(p->sample_number + sequences * columns, 0, (size->samples - sequences) * columns * sizeof *p->sample_number);
	p->events = (uint32_t)size->events;
	p->samples = (uint32_t)size->samples;
	if (size->targets)
		pad_targets(p, size);
}
