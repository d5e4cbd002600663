/* item_lists.c - recommended items as JSONL, CSV, TSV, Redis commands or TREC run files (with qrels where the target is known). */
#include "items.h"
#include "predictions.h"

#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the lines of one file are made from. */
typedef struct {
	const item_lists *l;
	durable *file;         /* NULL: standard output */
	uint32_t user, repeat; /* of the row before, and how many rows the user has had */
} writing;

static const sample *sample_at(const writing *w, size_t i)
{
	return &w->l->d->all->item[w->l->row[i]];
}

static const char *target_id(const writing *w, const sample *one)
{
	return vocabulary_text(w->l->d->s->item_ids, sample_next_item(w->l->d->all, one, w->l->d->s), NULL);
}

/* The k-th best item of row i, or NULL when there are no more. */
static const char *item_at(const writing *w, size_t i, size_t k)
{
	const item_lists *l = w->l;
	uint32_t item = k < l->most ? l->item[i * l->most + k] : 0;
	return item ? l->id[item] : NULL;
}

static void add_number(text *out, float value)
{
	char number[NUMBER_TEXT];
	number_print_float(value, number);
	text_add(out, number);
}

static void add_id(text *out, const char *id)
{
	text_add_json(out, id, strlen(id));
}

static void line_json(writing *w, size_t i, text *out)
{
	const item_lists *l = w->l;
	const sample *one = sample_at(w, i);
	const char *id;
	text_add(out, "{\"user\":");
	add_id(out, vocabulary_text(l->d->s->user_ids, one->user, NULL));
	if (l->rank && sample_next_item(l->d->all, one, l->d->s)) {
		text_add(out, ",\"target\":");
		add_id(out, target_id(w, one));
		if (l->rank[i] == RANK_UNKNOWN)
			text_add(out, ",\"rank\":null");
		else
			text_addf(out, ",\"rank\":%u", l->rank[i]);
	}
	text_add(out, ",\"top\":[");
	for (size_t k = 0; (id = item_at(w, i, k)); k++) {
		text_add(out, k ? ",[" : "[");
		add_id(out, id);
		text_add(out, ",");
		add_number(out, l->score[i * l->most + k]);
		text_add(out, "]");
	}
	text_add(out, "]}\n");
}

static void line_csv(writing *w, size_t i, text *out)
{
	const item_lists *l = w->l;
	const char *id;
	for (size_t k = 0; (id = item_at(w, i, k)); k++) {
		predictions_cell(out, vocabulary_text(l->d->s->user_ids, sample_at(w, i)->user, NULL));
		text_addf(out, ",%zu,", k + 1);
		predictions_cell(out, id);
		text_add(out, ",");
		add_number(out, l->score[i * l->most + k]);
		text_add(out, "\n");
	}
}

static void line_tsv(writing *w, size_t i, text *out)
{
	const item_lists *l = w->l;
	const char *id;
	for (size_t k = 0; (id = item_at(w, i, k)); k++) {
		predictions_plain(out, vocabulary_text(l->d->s->user_ids, sample_at(w, i)->user, NULL));
		text_addf(out, "\t%zu\t", k + 1);
		predictions_plain(out, id);
		text_add(out, "\t");
		add_number(out, l->score[i * l->most + k]);
		text_add(out, "\n");
	}
}

/* The last row is followed by what makes the version live. */
static void line_redis(writing *w, size_t i, text *out)
{
	text value = { 0 };
	line_json(w, i, &value);
	redis_set(w->l->redis, out, vocabulary_text(w->l->d->s->user_ids, sample_at(w, i)->user, NULL), value.data, value.length - 1);
	text_free(&value);
	if (i + 1 == w->l->rows)
		redis_live(w->l->redis, out);
}

/* A word without spaces, as TREC files need. */
static void add_word(text *out, const char *word)
{
	for (; *word; word++)
		text_add_bytes(out, (unsigned char)*word <= ' ' ? "_" : word, 1);
}

/* The user; from a user's second row on with its number behind. */
static void add_query(writing *w, size_t i, text *out)
{
	uint32_t user = sample_at(w, i)->user;
	w->repeat = user == w->user ? w->repeat + 1 : 0;
	w->user = user;
	add_word(out, vocabulary_text(w->l->d->s->user_ids, user, NULL));
	if (w->repeat)
		text_addf(out, "#%u", w->repeat + 1);
}

/* Readers sort by score again, so that equal scores are pulled apart. */
static void line_trec(writing *w, size_t i, text *out)
{
	const item_lists *l = w->l;
	const char *id;
	text query = { 0 };
	float last = INFINITY;
	add_query(w, i, &query);
	for (size_t k = 0; (id = item_at(w, i, k)); k++) {
		float score = l->score[i * l->most + k];
		score = score < last ? score : nextafterf(last, -INFINITY);
		last = score;
		text_addf(out, "%s Q0 ", query.data);
		add_word(out, id);
		text_addf(out, " %zu ", k + 1);
		add_number(out, score);
		text_add(out, " seqrec\n");
	}
	text_free(&query);
}

static void line_qrels(writing *w, size_t i, text *out)
{
	const sample *one = sample_at(w, i);
	add_query(w, i, out);
	text_add(out, " 0 ");
	add_word(out, target_id(w, one));
	text_add(out, " 1\n");
}

typedef void line_write(writing *w, size_t i, text *out);

static bool write_lines(const item_lists *l, const char *path, const char *head, line_write *line, sr_error *err)
{
	bool standard = strcmp(path, "-") == 0;
	writing w = { .l = l, .file = standard ? NULL : durable_open(path, err) };
	if (!standard && !w.file)
		return false;
	text out = { 0 };
	text_add(&out, head);
	bool done = !out.length || predictions_put(w.file, &out, err);
	for (size_t i = 0; done && i < l->rows; i++) {
		out.length = 0;
		line(&w, i, &out);
		done = !out.length || predictions_put(w.file, &out, err);
	}
	text_free(&out);
	return w.file ? durable_commit(w.file, err) : done;
}

bool items_write(const item_lists *l, const char *path, predictions_format format, sr_error *err)
{
	if (format == PREDICTIONS_JSONL)
		return write_lines(l, path, "", line_json, err);
	if (format == PREDICTIONS_CSV)
		return write_lines(l, path, "user,rank,item,score\n", line_csv, err);
	if (format == PREDICTIONS_TSV)
		return write_lines(l, path, "user\trank\titem\tscore\n", line_tsv, err);
	if (format == PREDICTIONS_REDIS)
		return write_lines(l, path, "", line_redis, err);
	if (!write_lines(l, path, "", line_trec, err))
		return false;
	if (!l->rank || strcmp(path, "-") == 0)
		return true;
	char *qrels = text_format("%s.qrels", path);
	bool done = write_lines(l, qrels, "", line_qrels, err);
	free(qrels);
	return done;
}
