/* predictions.c - predictions as JSONL, CSV, TSV or Redis commands: one row for each row scored, shortest numbers that read back as the same value. */
#include "predictions.h"

#include "seqrec/file.h"
#include "seqrec/instant.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *sample_id(const dataset *d, const sample *one)
{
	if (!one->user)
		return text_format("%" PRIu64, one->row);
	const char *user = vocabulary_text(d->s->user_ids, one->user, NULL);
	return one->candidate ? text_format("%s\t%s", user, vocabulary_text(d->s->item_ids, one->candidate, NULL)) : xstrdup(user);
}

static uint32_t decide(const prediction_rows *p, const double *probability)
{
	size_t classes = p->d->all->classes, best = 0;
	if (classes == 2)
		return probability[1] >= p->threshold;
	for (size_t k = 1; k < classes; k++)
		if (probability[k] > probability[best])
			best = k;
	return (uint32_t)best;
}

/* ---- JSONL ---- */

static void add_text(text *out, const char *key, const vocabulary *values, uint32_t code)
{
	size_t length;
	if (!code)
		return;
	const char *value = vocabulary_text(values, code, &length);
	text_addf(out, "\"%s\":", key);
	text_add_json(out, value, length);
	text_add(out, ",");
}

/* Seconds since 1970; with a fraction only where there is one. */
static void add_time(text *out, int64_t cut)
{
	text_addf(out, "%" PRId64, cut / INSTANT_SECOND);
	if (cut % INSTANT_SECOND)
		text_addf(out, ".%06" PRId64, cut % INSTANT_SECOND < 0 ? -(cut % INSTANT_SECOND) : cut % INSTANT_SECOND);
}

static void add_number(text *out, double value)
{
	char number[NUMBER_TEXT];
	number_print_float((float)value, number);
	text_add(out, number);
}

static void line_json(const prediction_rows *p, size_t i, text *out)
{
	const samples *all = p->d->all;
	const sample *one = &all->item[p->row[i]];
	const double *probability = p->probability + i * all->classes;
	text_add(out, "{");
	if (one->row != SAMPLE_NO_ROW)
		text_addf(out, "\"row\":%" PRIu64 ",", one->row);
	add_text(out, "user", p->d->s->user_ids, one->user);
	add_text(out, "item", p->d->s->item_ids, one->candidate);
	if (one->cut != INT64_MAX) {
		text_add(out, "\"time\":");
		add_time(out, one->cut);
		text_add(out, ",");
	}
	for (size_t k = all->classes == 2 ? 1 : 0; k < all->classes; k++) {
		char *key = text_format("p_%s", all->class_name[k]);
		text_add_json(out, key, strlen(key));
		text_add(out, ":");
		add_number(out, probability[k]);
		text_add(out, ",");
		free(key);
	}
	const char *label = all->class_name[decide(p, probability)];
	text_add(out, "\"label\":");
	text_add_json(out, label, strlen(label));
	for (size_t k = 0; k < p->more.count; k++) {
		const char *other = all->class_name[probability[1] >= p->more.item[k].value];
		text_add(out, k ? "," : ",\"labels\":{");
		text_add_json(out, p->more.item[k].name, strlen(p->more.item[k].name));
		text_add(out, ":");
		text_add_json(out, other, strlen(other));
	}
	text_add(out, p->more.count ? "}}\n" : "}\n");
}

/* ---- CSV (RFC 4180); a leading = + - @ TAB CR gets a quote before it, so that a spreadsheet does not run it ---- */

void predictions_cell(text *out, const char *value)
{
	bool formula = *value && strchr("=+-@\t\r", *value);
	bool quoted = formula || strpbrk(value, "\",\n\r");
	text_add(out, quoted ? "\"" : "");
	text_add(out, formula ? "'" : "");
	for (; *value; value++) {
		if (*value == '"')
			text_add(out, "\"");
		text_add_bytes(out, value, 1);
	}
	text_add(out, quoted ? "\"" : "");
}

void predictions_plain(text *out, const char *value)
{
	for (; *value; value++) {
		const char *found = strchr("\tt\nn\rr\\\\", *value);
		if (found && (*value < ' ' || *value == '\\')) {
			text_add(out, "\\");
			text_add_bytes(out, found + 1, 1);
		} else {
			text_add_bytes(out, value, 1);
		}
	}
}

/* CSV or TSV. */
typedef struct {
	const char *between;
	void (*cell)(text *out, const char *value);
} table;

static void head_table(const prediction_rows *p, const table *t, text *out)
{
	const samples *all = p->d->all;
	text_addf(out, "row%suser%sitem%stime", t->between, t->between, t->between);
	for (size_t k = all->classes == 2 ? 1 : 0; k < all->classes; k++) {
		char *key = text_format("p_%s", all->class_name[k]);
		text_add(out, t->between);
		t->cell(out, key);
		free(key);
	}
	text_addf(out, "%slabel", t->between);
	for (size_t k = 0; k < p->more.count; k++) {
		char *key = text_format("label_%s", p->more.item[k].name);
		text_add(out, t->between);
		t->cell(out, key);
		free(key);
	}
	text_add(out, "\n");
}

static void line_table(const prediction_rows *p, const table *t, size_t i, text *out)
{
	const samples *all = p->d->all;
	const sample *one = &all->item[p->row[i]];
	if (one->row != SAMPLE_NO_ROW)
		text_addf(out, "%" PRIu64, one->row);
	text_add(out, t->between);
	if (one->user)
		t->cell(out, vocabulary_text(p->d->s->user_ids, one->user, NULL));
	text_add(out, t->between);
	if (one->candidate)
		t->cell(out, vocabulary_text(p->d->s->item_ids, one->candidate, NULL));
	text_add(out, t->between);
	if (one->cut != INT64_MAX)
		add_time(out, one->cut);
	for (size_t k = all->classes == 2 ? 1 : 0; k < all->classes; k++) {
		text_add(out, t->between);
		add_number(out, p->probability[i * all->classes + k]);
	}
	text_add(out, t->between);
	t->cell(out, all->class_name[decide(p, p->probability + i * all->classes)]);
	for (size_t k = 0; k < p->more.count; k++) {
		text_add(out, t->between);
		t->cell(out, all->class_name[p->probability[i * all->classes + 1] >= p->more.item[k].value]);
	}
	text_add(out, "\n");
}

static void line_redis(const prediction_rows *p, size_t i, text *out)
{
	text value = { 0 };
	char *id = sample_id(p->d, &p->d->all->item[p->row[i]]), *tab = strchr(id, '\t');
	if (tab && p->d->all->item[p->row[i]].candidate)
		*tab = ':';
	line_json(p, i, &value);
	redis_set(p->redis, out, id, value.data, value.length - 1);
	free(id);
	text_free(&value);
}

/* ---- where they go ---- */

bool predictions_put(durable *file, const text *line, sr_error *err)
{
	if (file)
		return durable_write(file, line->data, line->length);
	for (size_t done = 0; done < line->length;) {
		ssize_t written = write(STDOUT_FILENO, line->data + done, line->length - done);
		if (written < 0 && errno != EINTR)
			return errno == EPIPE ? error_set(err, SR_IO, "standard output: its reader went away before the last row; the rows that it took are whole. --only FILE writes the rows of some users, --out FILE all to a file")
			                      : error_set_errno(err, "standard output: the rows could not be written; those before are whole");
		done += written > 0 ? (size_t)written : 0;
	}
	return true;
}

bool predictions_write(const prediction_rows *p, const char *path, predictions_format format, sr_error *err)
{
	bool standard = strcmp(path, "-") == 0, done = true;
	durable *file = standard ? NULL : durable_open(path, err);
	if (!standard && !file)
		return false;
	const table t = format == PREDICTIONS_TSV ? (table){ "\t", predictions_plain } : (table){ ",", predictions_cell };
	bool tabular = format == PREDICTIONS_CSV || format == PREDICTIONS_TSV;
	text line = { 0 };
	if (tabular) {
		head_table(p, &t, &line);
		done = predictions_put(file, &line, err);
	}
	for (size_t i = 0; done && i < p->rows; i++) {
		line.length = 0;
		if (tabular)
			line_table(p, &t, i, &line);
		else if (format == PREDICTIONS_REDIS)
			line_redis(p, i, &line);
		else
			line_json(p, i, &line);
		done = predictions_put(file, &line, err);
	}
	line.length = 0;
	if (format == PREDICTIONS_REDIS) {
		redis_live(p->redis, &line);
		done = done && predictions_put(file, &line, err);
	}
	text_free(&line);
	return file ? durable_commit(file, err) : done;
}
