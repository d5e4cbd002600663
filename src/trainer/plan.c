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

#include <stdlib.h>
#include <string.h>

/* Every input event must lie before its sample's cut: checked here for all samples, and again for each pack that is made. */
static uint64_t count_leaks(const dataset *d)
{
	uint64_t leaks = 0;
	for (size_t i = 0; i < d->all->count; i++) {
		const sample *one = &d->all->item[i];
		leaks += sample_leaks(one, d->s);
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

static void plan_rule(const config *c, const features *f, text *out)
{
	char number[NUMBER_TEXT];
	const input_shape *shape = features_shape(f);
	number_print_grouped(shape->event[shape->item].rows - PACK_FIRST_ITEM, number);
	text_addf(out, "model       %s, counted over %s items\n", rule_name(rule_of_encoder(c->model.encoder)), number);
}

static void plan_model(const config *c, const dataset *d, text *out, sr_error *err)
{
	size_t count;
	char number[NUMBER_TEXT];
	uint32_t *train = samples_select(d->all, c, 0, PART_TRAIN, &count);
	features *f = features_fit(c, d->s, d->all, train, count, err);
	if (f && rule_of_encoder(c->model.encoder) != RULES) {
		plan_rule(c, f, out);
	} else if (f) {
		model *m = model_new(&c->model, features_shape(f));
		double tokens = tokens_of(f, d->all, train, count);
		number_print_grouped(model_parameters(m), number);
		text_addf(out, "model       %s parameters, %zu event inputs, %zu sample inputs\n", number, features_shape(f)->event_count, features_shape(f)->sample_count);
		number_print_float((float)model_chosen(m)->dropout, number);
		text_addf(out, "            width %lld, dropout %s%s\n", (long long)model_chosen(m)->width, number, c->model.width && c->model.dropout >= 0 ? "" : " (automatic: by how many training events there are)");
		number_print_grouped((uint64_t)tokens, number);
		text_addf(out, "epoch       %s events in %zu samples: %.1f a sample, of a window of %u\n", number, count, count ? tokens / (double)count : 0, features_window(f));
		text_addf(out, "memory      about %.0f MB at the peak, of %.0f MB that it may have\n", memory_needed(c, d->s, d->all, f, m) / 1e6, memory_limit(c) / 1e6);
		model_free(m);
	}
	features_free(f);
	free(train);
}

char *run_plan(const config *c, const char *folder, sr_error *err)
{
	dataset d;
	text out = { 0 };
	bool labelled = true;
	if (!dataset_open(&d, c, folder, NULL, labelled, err))
		return NULL;
	bool done = samples_split(d.all, c, d.s, err);
	if (done) {
		char *store_text = store_summary(d.s), *split_text = samples_summary(d.all, c, d.s);
		text_addf(&out, "%s%s", store_text, split_text);
		free(store_text);
		free(split_text);
		uint64_t leaks = count_leaks(&d);
		text_addf(&out, "leak check  %zu samples checked, %llu hold an event at or after their cut\n", d.all->count, (unsigned long long)leaks);
		done = !leaks || error_set(err, SR_INTERNAL, "a sample holds an event at or after its cut");
		if (done)
			plan_model(c, &d, &out, err);
	}
	dataset_close(&d);
	if (done && (!err || err->code == SR_OK))
		return out.data;
	text_free(&out);
	return NULL;
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
