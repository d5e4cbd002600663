/* Makes and frees the state of a build. */
#include "loader/builder.h"

#include <stdlib.h>
#include <string.h>

#include "loader/pieces.h"
#include "loader/ranks.h"
#include "loader/write.h"
#include "seqrec/instant.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"

const source_list *level_sources(const data_settings *d, field_level level)
{
	switch (level) {
	case LEVEL_EVENT: return &d->events;
	case LEVEL_USER: return &d->users;
	case LEVEL_ITEM: return &d->items;
	default: return &d->samples;
	}
}

static bool limits_read(builder *b, sr_error *err)
{
	const data_settings *d = b->data;
	b->from = INT64_MIN;
	b->to = INT64_MAX;
	if (*d->from && !instant_parse(d->from, strlen(d->from), &b->from))
		return error_set(err, SR_CONFIG, "data.from: \"%s\" is not an instant such as 2017-03-03", d->from);
	if (*d->to && !instant_parse(d->to, strlen(d->to), &b->to))
		return error_set(err, SR_CONFIG, "data.to: \"%s\" is not an instant such as 2017-03-03", d->to);
	if (!number_parse_bytes(d->memory, &b->budget) || b->budget < UINT64_C(1) << 20)
		return error_set(err, SR_CONFIG, "data.memory: \"%s\" is not a size from 1MiB on, such as 1GiB", d->memory);
	return true;
}

builder *builder_new(const config *c, const char *folder, sr_error *err)
{
	builder *b = xcalloc(1, sizeof *b);
	b->config = c;
	b->data = &c->data;
	b->folder = xstrdup(folder);
	intern **all[] = { &b->users, &b->items, &b->types, &b->queries, &b->sessions, &b->labels, &b->splits };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		*all[i] = intern_new();
	b->words[LEVEL_EVENT] = EVENT_WORDS;
	b->words[LEVEL_SAMPLE] = SAMPLE_WORDS;
	b->field_count = c->data.fields.count;
	b->field = fields_new(&c->data.fields, b->words);
	b->filter_found = xcalloc(c->data.filters.count + 1, sizeof *b->filter_found);
	b->bad = quarantine_new(folder);
	size_t most = 0;
	for (int level = 0; level < LEVELS; level++)
		most = b->words[level] > most ? b->words[level] : most;
	b->record = xcalloc(most + 1, sizeof *b->record);
	b->batch = xcalloc(INTERN_BATCH * b->words[LEVEL_EVENT], sizeof *b->batch);
	if (limits_read(b, err))
		return b;
	builder_free(b);
	return NULL;
}

size_t builder_bytes(const builder *b)
{
	const intern *all[] = { b->users, b->items, b->types, b->queries, b->sessions, b->labels, b->splits };
	size_t bytes = 0;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		bytes += intern_bytes(all[i]);
	for (size_t i = 0; i < b->field_count; i++)
		bytes += field_bytes(&b->field[i]);
	for (int level = 0; level < LEVELS; level++)
		bytes += b->rows[level].rows * (b->words[level] * sizeof(uint32_t) + 1);
	return bytes;
}

void builder_free(builder *b)
{
	if (!b)
		return;
	intern *all[] = { b->users, b->items, b->types, b->queries, b->sessions, b->labels, b->splits };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		intern_free(all[i]);
	ranks_free(b->ranks, b->field_count);
	fields_free(b->field, b->field_count);
	quarantine_free(b->bad);
	for (size_t i = 0; i < b->file_count; i++)
		free(b->file[i].path);
	stored_abandon(b);
	for (size_t i = 0; i < b->stored_count; i++)
		free(b->stored[i].name);
	for (int level = 0; level < LEVELS; level++) {
		tally_clear(&b->tally[level]);
		free(b->rows[level].word);
		free(b->rows[level].there);
	}
	pieces_free(b->pieces);
	sorter_free(b->events);
	spill_free(b->clean);
	spill_free(b->samples);
	free(b->folder);
	free(b->file);
	free(b->stored);
	free(b->filter_found);
	free(b->user_first);
	free(b->item_dropped);
	free(b->user_dropped);
	free(b->record);
	free(b->batch);
	free(b->plain.cell);
	free(b);
}
