/* plan.c - what a training would do, before it does it; and preparing the store. */
#include "dataset.h"
#include "item_rules.h"
#include "memory_plan.h"
#include "run.h"

#include "seqrec/features.h"
#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/model.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <math.h>
#include <stdlib.h>

/* Every input event must lie before its sample's cut: checked here for all samples, and again for each pack that is made. */
static uint64_t count_leaks(const dataset *d)
{
	uint64_t leaks = 0;
	for (size_t i = 0; i < d->all->count; i++) {
		const sample *one = &d->all->item[i];
		leaks += sample_leaks(d->all, one, d->s);
	}
	return leaks;
}

static double tokens_of(const features *f, const samples *all, const uint32_t *order, size_t count)
{
	double tokens = 0;
	for (size_t i = 0; i < count; i++)
		tokens += features_length(f, &all->item[order[i]]);
	return tokens;
}

/* What will be trained, of what size. */
typedef struct {
	const char *rule; /* that counts items, in place of a network; or NULL */
	uint64_t items;   /* rule */
	size_t parameters, event_inputs, sample_inputs, samples;
	int64_t width;
	double dropout, events, memory; /* events of an epoch; bytes */
	unsigned window;
} model_plan;

static bool plan_model(model_plan *p, const config *c, const dataset *d, sr_error *err)
{
	uint32_t *train = samples_select(d->all, c, 0, PART_TRAIN, &p->samples);
	features *f = features_fit(c, d->s, d->all, train, p->samples, err);
	const input_shape *shape = f ? features_shape(f) : NULL;
	if (f && rule_of_encoder(c->model.encoder) != RULES) {
		p->rule = rule_name(rule_of_encoder(c->model.encoder));
		p->items = shape->event[shape->item].rows - PACK_FIRST_ITEM;
	} else if (f) {
		model *m = model_new(&c->model, shape);
		p->parameters = model_parameters(m);
		p->event_inputs = shape->event_count;
		p->sample_inputs = shape->sample_count;
		p->width = model_chosen(m)->width;
		p->dropout = model_chosen(m)->dropout;
		p->window = features_window(f);
		p->events = tokens_of(f, d->all, train, p->samples);
		p->memory = memory_needed(c, d->s, d->all, f, m);
		model_free(m);
	}
	bool done = f != NULL;
	features_free(f);
	free(train);
	return done;
}

static void add_model_words(text *out, const model_plan *p, const config *c)
{
	char number[NUMBER_TEXT];
	if (p->rule) {
		number_print_grouped(p->items, number);
		text_addf(out, "model       %s, counted over %s items\n", p->rule, number);
		return;
	}
	number_print_grouped(p->parameters, number);
	text_addf(out, "model       %s parameters, %zu event inputs, %zu sample inputs\n", number, p->event_inputs, p->sample_inputs);
	number_print_float((float)p->dropout, number);
	text_addf(out, "            width %lld, dropout %s%s\n", (long long)p->width, number, c->model.width && c->model.dropout >= 0 ? "" : " (automatic: by how many training events there are)");
	number_print_grouped((uint64_t)p->events, number);
	text_addf(out, "epoch       %s events in %zu samples: %.1f a sample, of a window of %u\n", number, p->samples, p->samples ? p->events / (double)p->samples : 0, p->window);
	text_addf(out, "memory      about %.0f MB at the peak, of %.0f MB that it may have\n", p->memory / 1e6, memory_limit(c) / 1e6);
}

static void add_member(text *out, const char *key, double value)
{
	char number[NUMBER_TEXT];
	number_print(value, number);
	text_addf(out, ",\"%s\":%s", key, number);
}

static void add_model_json(text *out, const model_plan *p, const config *c)
{
	if (p->rule) {
		text_addf(out, "{\"rule\":\"%s\",\"items\":%llu}", p->rule, (unsigned long long)p->items);
		return;
	}
	text_addf(out, "{\"parameters\":%zu,\"event_inputs\":%zu,\"sample_inputs\":%zu,\"width\":%lld", p->parameters, p->event_inputs, p->sample_inputs, (long long)p->width);
	add_member(out, "dropout", (double)(float)p->dropout);
	add_member(out, "window", p->window);
	add_member(out, "epoch_events", p->events);
	add_member(out, "epoch_samples", (double)p->samples);
	add_member(out, "memory_bytes", round(p->memory));
	add_member(out, "memory_limit_bytes", round(memory_limit(c)));
	text_add(out, "}");
}

static void add_plan(text *out, const config *c, const dataset *d, const model_plan *m, bool json)
{
	char *store_text = (json ? store_summary_json : store_summary)(d->s), *split_text = (json ? samples_summary_json : samples_summary)(d->all, c, d->s);
	if (json) {
		text_addf(out, "{\"ok\":true,\n\"store\":%s,\n\"split\":%s,\n\"leaks\":0,\n\"model\":", store_text, split_text);
		add_model_json(out, m, c);
		text_add(out, "}\n");
	} else {
		text_addf(out, "%s%sleak check  %zu samples checked, 0 hold an event at or after their cut\n", store_text, split_text, d->all->count);
		add_model_words(out, m, c);
	}
	free(store_text);
	free(split_text);
}

char *run_plan(const config *c, const char *folder, bool json, sr_error *err)
{
	dataset d;
	text out = { 0 };
	model_plan m = { 0 };
	if (!dataset_open(&d, c, folder, NULL, true, err))
		return NULL;
	bool done = samples_split(d.all, c, d.s, err);
	uint64_t leaks = done ? count_leaks(&d) : 0;
	done = done && (!leaks || error_set(err, SR_INTERNAL, "%llu of %zu samples hold an event at or after their cut", (unsigned long long)leaks, d.all->count));
	if (done && plan_model(&m, c, &d, err))
		add_plan(&out, c, &d, &m, json);
	dataset_close(&d);
	return out.data;
}

static bool write_padded(const config *c, const char *folder, const char *padded, sr_error *err)
{
	dataset d;
	size_t count = 0;
	if (!dataset_open(&d, c, folder, NULL, true, err))
		return false;
	bool done = samples_split(d.all, c, d.s, err);
	uint32_t *train = done ? samples_select(d.all, c, 0, PART_TRAIN, &count) : NULL, *everything = xcalloc(d.all->count, sizeof *everything);
	features *f = done ? features_fit(c, d.s, d.all, train, count, err) : NULL;
	for (size_t i = 0; i < d.all->count; i++)
		everything[i] = (uint32_t)i;
	done = f && padded_write(f, d.all, everything, d.all->count, padded, err);
	features_free(f);
	free(train);
	free(everything);
	dataset_close(&d);
	return done;
}

bool run_prepare(const config *c, const char *folder, const char *padded, bool json, char **text_out, sr_error *err)
{
	char *place = dataset_folder(c, folder), *parent = path_folder(place);
	bool done = folder_make(parent, err);
	store *s = done ? dataset_store(c, folder, err) : NULL;
	if (s) {
		char *summary = json ? store_summary_json(s) : store_summary(s);
		*text_out = json ? text_format("%s\n", summary) : text_format("%sfolder      %s\n", summary, place);
		free(summary);
	}
	done = s && (!padded || write_padded(c, folder, padded, err));
	store_close(s);
	free(place);
	free(parent);
	return done;
}
