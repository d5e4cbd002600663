/* items.c - rankings of the model and its floors on the same targets, and their report. */
#include "items.h"
#include "item_rules.h"
#include "report_data.h"
#include "report_fill.h"
#include "scored_rows.h"

#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/report.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

static const sample_part part_of[ITEM_PARTS] = { PART_VALIDATION, PART_TEST };
static const char *const part_name[ITEM_PARTS] = { "validation", "test" };

static ranking ranking_of(const config *c, const dataset *d, thread_pool *pool, const fold_model *m)
{
	const input_shape *shape = features_shape(m->f);
	return (ranking){ .f = m->f, .all = d->all, .s = d->s, .pool = pool, .items = shape->event[shape->item].rows, .remove_seen = seen_removed(c, d->all, d->s), .order = m->rule ? rule_order(m->rule) : NULL };
}

/* ---- scores of a network or of a rule ---- */

typedef struct {
	workers *w;
	model_scores *scores;
	rank_scores from;
} scorer;

/* Of samples order[0..count). */
static bool scorer_open(scorer *s, const config *c, const dataset *d, thread_pool *pool, const fold_model *m, const uint32_t *order, size_t count, sr_error *err)
{
	*s = (scorer){ .from = { .fill = rule_fill, .context = m->rule } };
	if (m->rule) {
		rule_bind(m->rule, m->f, d->all, d->s);
		return true;
	}
	s->w = workers_new(c, m->f, d->all, m->member[0], pool, err);
	s->scores = s->w ? model_scores_new(s->w, order, count, err) : NULL;
	if (s->scores)
		s->from = model_scores_ranked(s->scores);
	return s->scores != NULL;
}

static void scorer_close(scorer *s)
{
	model_scores_free(s->scores);
	workers_free(s->w);
}

/* ---- ranks ---- */

static bool rank_model(item_evaluation *e, const fold_model *m, const ranking *r, sr_error *err)
{
	bool done = true;
	for (int p = 0; done && p < ITEM_PARTS; p++) {
		ranked_part *part = &e->part[p];
		scorer s;
		part->rank[0] = xcalloc(part->rows, sizeof **part->rank);
		done = scorer_open(&s, e->c, e->d, e->pool, m, part->row, part->rows, err) && rank_targets(r, &s.from, part->row, part->rows, part->rank[0], err);
		for (size_t i = 0; done && i < part->rows; i++)
			part->unknown += part->rank[0][i] == RANK_UNKNOWN;
		e->loss = s.w ? told_losses_name(&s.w->told) : NULL;
		scorer_close(&s);
	}
	return done;
}

static bool rank_floor(item_evaluation *e, rule_kind kind, const item_counts *counts, ranking r, sr_error *err)
{
	char *why = NULL;
	item_rule *rule = rule_fit(kind, counts, e->c, e->pool, &why, err);
	bool done = rule || why;
	if (!rule && why)
		log_info("%s is left out of the floors: %s", rule_name(kind), why);
	for (int p = 0; done && rule && p < ITEM_PARTS; p++) {
		ranked_part *part = &e->part[p];
		rule_bind(rule, r.f, e->d->all, e->d->s);
		r.order = rule_order(rule);
		part->rank[1 + kind] = xcalloc(part->rows, sizeof **part->rank);
		done = rank_targets(&r, &(rank_scores){ .fill = rule_fill, .context = rule }, part->row, part->rows, part->rank[1 + kind], err);
	}
	free(why);
	rule_free(rule);
	return done;
}

static bool rank_floors(item_evaluation *e, const fold_model *m, const ranking *r, sr_error *err)
{
	item_counts *counts = item_counts_new(m->f, e->d->all, e->d->s);
	bool done = true;
	for (rule_kind kind = 0; done && kind < RULES; kind++)
		done = (m->rule && kind == rule_of_encoder(e->c->model.encoder)) || rank_floor(e, kind, counts, *r, err);
	item_counts_free(counts);
	return done;
}

bool items_evaluate(item_evaluation *e, const fold_model *m, bool floors, sr_error *err)
{
	for (int p = 0; p < ITEM_PARTS; p++)
		e->part[p].row = samples_select_told(e->d->all, e->c, e->d->s, part_of[p], &e->part[p].rows, &e->part[p].untold);
	ranking r = ranking_of(e->c, e->d, e->pool, m);
	const ranked_part *test = &e->part[1];
	e->remove_seen = r.remove_seen;
	e->items = r.items - PACK_FIRST_ITEM;
	e->parameters = fold_parameters(m);
	e->unknown_share = features_unknown_share(m->f, e->d->all, test->row, test->rows);
	if (!rank_model(e, m, &r, err) || (floors && !rank_floors(e, m, &r, err)) || !items_best(&e->best, e->c, e->d, e->pool, m, NULL, test->row, test->rows, err))
		return false;
	e->best.rank = xmemdup(test->rank[0], test->rows * sizeof *e->best.rank);
	return true;
}

void item_evaluation_free(item_evaluation *e)
{
	for (int p = 0; p < ITEM_PARTS; p++) {
		free(e->part[p].row);
		for (int i = 0; i < ITEM_ENTRIES; i++)
			free(e->part[p].rank[i]);
	}
	item_lists_free(&e->best);
}

/* ---- the best items ---- */

bool items_best(item_lists *out, const config *c, const dataset *d, thread_pool *pool, const fold_model *m, const item_choice *choice, const uint32_t *order, size_t count, sr_error *err)
{
	ranking r = ranking_of(c, d, pool, m);
	size_t items = r.items - PACK_FIRST_ITEM, most = (size_t)c->output.top < items ? (size_t)c->output.top : items;
	r.choice = choice;
	*out = (item_lists){ .d = d, .rows = count, .most = most, .item = xcalloc(count * most, sizeof *out->item), .score = xcalloc(count * most, sizeof *out->score) };
	out->row = xmemdup(order, count * sizeof *order);
	scorer scores;
	bool done = scorer_open(&scores, c, d, pool, m, out->row, count, err) && rank_best(&r, scores.from.fill, scores.from.context, out->row, count, most, out->item, out->score, err);
	out->items = r.items;
	out->id = xcalloc(r.items, sizeof *out->id);
	for (uint32_t i = 0; i < r.items; i++)
		out->id[i] = xstrdup(features_item_id(m->f, i));
	scorer_close(&scores);
	out->sold = count_items(m->f, d->all, d->s, NULL);
	return done;
}

void item_lists_free(item_lists *l)
{
	for (size_t i = 0; i < l->items; i++)
		free(l->id[i]);
	free(l->id);
	free(l->sold);
	free(l->row);
	free(l->item);
	free(l->score);
	free(l->rank);
	*l = (item_lists){ 0 };
}

/* ---- report ---- */

static char *task_text(const config *c)
{
	text out = { 0 };
	const strings *types = c->task.kind == TASK_BOTH ? &c->task.target_events : &c->task.events;
	text_add(&out, c->task.kind == TASK_BOTH ? "which item comes first from the cut on" : "which item comes next");
	for (size_t i = 0; i < types->count; i++)
		text_addf(&out, "%s%s", i ? " or " : ", in an event of type ", types->item[i]);
	text_add(&out, "?");
	return out.data;
}

static char *protocol_text(const item_evaluation *e)
{
	return text_format("ranked among all items of training, %s; of equally scored items the more common one comes first; %s%s",
	                   e->remove_seen ? "those of the history removed (but never the target)" : "those of the history too", e->loss ? "trained by " : "counted in the training events, nothing trained",
	                   e->loss ? e->loss : "");
}

static size_t fill_report(const item_evaluation *e, ranked_split split[ITEM_PARTS], uint32_t *group[ITEM_PARTS], const uint32_t *rank[ITEM_ENTRIES][ITEM_PARTS], ranked_entry entry[ITEM_ENTRIES])
{
	size_t entries = 0, parts = 0;
	for (int p = 0; p < ITEM_PARTS; p++) {
		const ranked_part *part = &e->part[p];
		group[p] = report_groups(e->d->all, part->row, part->rows);
		if (part->rows)
			split[parts++] = (ranked_split){ .name = part_name[p], .rows = part->rows, .group = group[p], .unknown = part->unknown };
	}
	for (int i = 0; i < ITEM_ENTRIES; i++) {
		if (!e->part[1].rank[i])
			continue;
		size_t at = 0;
		for (int p = 0; p < ITEM_PARTS; p++)
			if (e->part[p].rows)
				rank[entries][at++] = e->part[p].rank[i];
		entry[entries] = (ranked_entry){ .name = i ? rule_name((rule_kind)(i - 1)) : "model", .rank = rank[entries] };
		entries++;
	}
	return entries;
}

static size_t find_notes(const item_evaluation *e, char *note[2])
{
	size_t count = 0;
	if (e->unknown_share > 0)
		note[count++] = text_format("%.1f %% of the items in test histories are unknown to the model.", 100 * e->unknown_share);
	if (e->part[0].untold + e->part[1].untold)
		note[count++] = text_format("After %zu rows of the validation part and %zu of the test part the log holds no such event: they are not ranked.", e->part[0].untold, e->part[1].untold);
	return count;
}

bool items_report(const item_evaluation *e, const char *title, const char *folder, char **text_out, sr_error *err)
{
	ranked_split split[ITEM_PARTS];
	ranked_entry entry[ITEM_ENTRIES];
	const uint32_t *rank[ITEM_ENTRIES][ITEM_PARTS];
	uint32_t *group[ITEM_PARTS];
	char *task = task_text(e->c), *protocol = protocol_text(e);
	report_data data = report_data_new(e->c, e->d, e->parameters, e->loss);
	char *notes[2];
	size_t note_count = find_notes(e, notes);
	const ranked_part *shown = &e->part[e->part[1].rows ? 1 : 0];
	report_page page = { 0 };
	bool done = report_fill(&page, e->c, e->d, folder, shown->row, shown->rows, &e->best, e->unknown_share, err);
	ranked_report r = { .page = &page, .interval = e->c->evaluate.interval, .pool = e->pool, .list = e->part[1].rows ? e->best.item : NULL, .list_most = e->best.most, .list_first = PACK_FIRST_ITEM, .sold = e->best.sold, .title = title, .task = task, .protocol = protocol, .split = split, .split_count = (size_t)(e->part[0].rows != 0) + (e->part[1].rows != 0), .entry = entry, .items = e->items,
		.data_json = data.data_json, .data_text = data.data_text, .run_json = data.run_json, .note = (const char *const *)notes, .note_count = note_count, .resamples = (size_t)e->c->evaluate.resamples,
		.seed = (uint64_t)e->c->run.seed };
	r.entry_count = fill_report(e, split, group, rank, entry);
	done = done && ranked_report_write(&r, folder, err);
	for (int p = 0; done && p < ITEM_PARTS; p++)
		done = !e->part[p].rows || scored_rows_write(e->d, folder, part_name[p], e->part[p].row, e->part[p].rows, NULL, e->part[p].rank[0], err);
	if (done && text_out)
		*text_out = ranked_report_text(&r);
	report_data_free(&data);
	report_page_free(&page);
	free(task);
	free(protocol);
	for (size_t i = 0; i < note_count; i++)
		free(notes[i]);
	for (int p = 0; p < ITEM_PARTS; p++)
		free(group[p]);
	return done;
}
