/* pack_room.c - the arrays of a pack: they grow and are used again for the next one. */
#include "feature.h"

#include "seqrec/memory.h"

#include <stdlib.h>

void codes_reserve(pack_codes *codes, size_t rows, feature_form form)
{
	if (form == FEATURE_CODE)
		codes->code = xrealloc(codes->code, rows, sizeof *codes->code);
	else if (form == FEATURE_BAG)
		codes->start = xrealloc(codes->start, rows + 1, sizeof *codes->start);
}

static void reserve_events(pack *p, const features *f, size_t events)
{
	if (p->row && events <= p->event_capacity)
		return;
	p->event_capacity = events + events / 2 + 64;
	p->row = xrealloc(p->row, p->event_capacity, sizeof *p->row);
	p->owner = xrealloc(p->owner, p->event_capacity, sizeof *p->owner);
	if (f->next_item) {
		p->target_event = xrealloc(p->target_event, p->event_capacity, sizeof *p->target_event);
		p->target = xrealloc(p->target, p->event_capacity, sizeof *p->target);
		p->target_weight = xrealloc(p->target_weight, p->event_capacity, sizeof *p->target_weight);
	}
	p->event_number = xrealloc(p->event_number, p->event_capacity * (f->shape.event_columns + 1), sizeof *p->event_number);
	for (size_t i = 0; i < f->event_count; i++)
		codes_reserve(&p->event[i], p->event_capacity, f->event[i].form);
}

static void reserve_samples(pack *p, const features *f, size_t count)
{
	if (!p->event) {
		p->event = xcalloc(f->event_count, sizeof *p->event);
		p->sample = xcalloc(f->sample_count, sizeof *p->sample);
	}
	if (p->start && count <= p->sample_capacity)
		return;
	p->sample_capacity = count + count / 2 + 16;
	p->start = xrealloc(p->start, p->sample_capacity + 1, sizeof *p->start);
	p->label = xrealloc(p->label, p->sample_capacity, sizeof *p->label);
	p->weight = xrealloc(p->weight, p->sample_capacity, sizeof *p->weight);
	p->sample_number = xrealloc(p->sample_number, p->sample_capacity * (f->shape.sample_columns + 1), sizeof *p->sample_number);
	for (size_t i = 0; i < f->sample_count; i++)
		codes_reserve(&p->sample[i], p->sample_capacity, f->sample[i].form);
}

void pack_reserve(pack *p, const features *f, size_t count, size_t events)
{
	reserve_samples(p, f, count);
	reserve_events(p, f, events);
}

void pack_free(pack *p, const features *f)
{
	for (size_t i = 0; p->event && i < f->event_count; i++) {
		free(p->event[i].code);
		free(p->event[i].start);
	}
	for (size_t i = 0; p->sample && i < f->sample_count; i++) {
		free(p->sample[i].code);
		free(p->sample[i].start);
	}
	free(p->event);
	free(p->sample);
	free(p->start);
	free(p->label);
	free(p->weight);
	free(p->event_number);
	free(p->sample_number);
	free(p->row);
	free(p->owner);
	free(p->target_event);
	free(p->target);
	free(p->target_weight);
	*p = (pack){ 0 };
}
