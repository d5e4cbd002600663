/* run_export.c - a trained run as an ONNX model, with examples of what goes in and what must come out. */
#include "fold.h"
#include "onnx_graph.h"
#include "ranking.h"
#include "run.h"

#include "seqrec/file.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { EXAMPLES = 8 };

typedef struct {
	config *c;
	published p;
	dataset d;
	thread_pool *pool;
	fold_model m;
	workers *w;
	float *items; /* next_item, both: (rows, width) */
	size_t rows, width;
} exporting;

static void put_numbers(text *out, const float *value, size_t rows, size_t columns)
{
	for (size_t i = 0; i < rows; i++) {
		text_add(out, i ? ",[" : "[[");
		for (size_t k = 0; k < columns; k++) {
			char number[NUMBER_TEXT];
			number_print_float(value[i * columns + k], number);
			text_addf(out, "%s%s", k ? "," : "", number);
		}
		text_add(out, "]");
	}
	text_add(out, "]");
}

/* Codes (rows), or bags (rows, longest) filled up with the table's number of rows. */
static void put_codes(text *out, const feature_shape *feature, const pack_codes *codes, size_t rows)
{
	size_t most = 1;
	for (size_t i = 0; feature->form == FEATURE_BAG && i < rows; i++)
		most = codes->start[i + 1] - codes->start[i] > most ? codes->start[i + 1] - codes->start[i] : most;
	for (size_t i = 0; i < rows; i++) {
		text_add(out, i ? "," : "[");
		if (feature->form != FEATURE_BAG) {
			text_addf(out, "%" PRIu32, codes->code[i]);
			continue;
		}
		for (size_t k = 0; k < most; k++)
			text_addf(out, "%s%" PRIu32, k ? "," : "[", codes->start[i] + k < codes->start[i + 1] ? codes->code[codes->start[i] + k] : feature->rows);
		text_add(out, "]");
	}
	text_add(out, "]");
}

static void put_features(text *out, const char *level, const feature_shape *feature, size_t count, const pack_codes *codes, size_t rows)
{
	for (size_t i = 0; i < count; i++) {
		if (feature[i].form == FEATURE_NUMBER)
			continue;
		char *name = onnx_input_name(level, feature[i].name);
		text_add(out, out->data[out->length - 1] == '{' ? "" : ",");
		text_add_json(out, name, strlen(name));
		text_add(out, ":");
		put_codes(out, &feature[i], &codes[i], rows);
		free(name);
	}
}

static void put_inputs(text *out, const input_shape *shape, const pack *p)
{
	text_add(out, "{\"inputs\":{");
	put_features(out, "event", shape->event, shape->event_count, p->event, p->events);
	put_features(out, "sample", shape->sample, shape->sample_count, p->sample, p->samples);
	if (shape->event_columns) {
		text_add(out, ",\"event_numbers\":");
		put_numbers(out, p->event_number, p->events, shape->event_columns);
	}
	if (shape->sample_columns) {
		text_add(out, ",\"sample_numbers\":");
		put_numbers(out, p->sample_number, p->samples, shape->sample_columns);
	}
}

static bool put_scores(exporting *e, uint32_t row, text *out, sr_error *err)
{
	float *value = xcalloc(e->rows, sizeof *value);
	model_scores *scores = model_scores_new(e->w, &row, 1, err);
	bool done = scores && model_scores_fill(scores, &row, 1, 0, value, err);
	text_add(out, ",\"score\":");
	put_numbers(out, value, 1, e->rows);
	model_scores_free(scores);
	free(value);
	return done;
}

static bool put_probabilities(exporting *e, uint32_t row, text *out, sr_error *err)
{
	size_t count = e->d.all->classes;
	float *value = xcalloc(count, sizeof *value);
	double *probability = xcalloc(count, sizeof *probability);
	bool done = workers_score(e->w, &row, 1, e->m.shift, probability, err);
	for (size_t k = 0; k < count; k++)
		value[k] = (float)probability[k];
	text_add(out, ",\"probability\":");
	put_numbers(out, value, 1, count);
	free(probability);
	free(value);
	return done;
}

/* {"inputs":{...},"outputs":{"score":[[...]],"probability":[[...]]}}, what the model has of the two */
static bool put_outputs(exporting *e, uint32_t row, text *out, sr_error *err)
{
	text both = { 0 };
	bool done = (!e->items || put_scores(e, row, &both, err)) && (!e->d.all->classes || put_probabilities(e, row, &both, err));
	text_addf(out, "},\"outputs\":{%s}}\n", both.length ? both.data + 1 : "");
	text_free(&both);
	return done;
}

/* Each example has another length. */
static bool is_new(uint32_t *seen, uint32_t put, uint32_t length)
{
	for (uint32_t i = 0; i < put; i++)
		if (seen[i] == length)
			return false;
	seen[put] = length;
	return true;
}

static bool write_examples(exporting *e, const char *out, sr_error *err)
{
	static const pack_options none = { 0 };
	text lines = { 0 };
	pack p = { 0 };
	bool done = true;
	uint32_t seen[EXAMPLES];
	for (uint32_t row = 0, put = 0; done && put < EXAMPLES && row < e->d.all->count; row++) {
		uint32_t length = features_length(e->m.f, &e->d.all->item[row]);
		if (!length || sample_targets(e->d.all, &e->d.all->item[row], e->d.s) > 1 || !is_new(seen, put, length))
			continue;
		done = pack_fill(&p, e->m.f, e->d.all, &row, 1, &none, err);
		if (done)
			put_inputs(&lines, features_shape(e->m.f), &p);
		done = done && put_outputs(e, row, &lines, err);
		put++;
	}
	char *path = text_format("%s.examples.jsonl", out);
	done = done && file_write(path, lines.data ? lines.data : "", lines.length, err);
	pack_free(&p, e->m.f);
	text_free(&lines);
	free(path);
	return done;
}

/* What the columns of the score mean, a line each. */
static bool write_items(const exporting *e, const char *out, sr_error *err)
{
	char *path = text_format("%s.items.txt", out);
	durable *file = durable_open(path, err);
	for (uint32_t i = 0; file && i < e->rows; i++)
		durable_print(file, "%s\n", features_item_id(e->m.f, i));
	free(path);
	return durable_commit(file, err);
}

static bool open_run(exporting *e, const char *run, sr_error *err)
{
	e->c = run_config(run, NULL, err);
	if (!e->c || !published_load(&e->p, run, err))
		return false;
	if (e->p.folds || e->c->model.members > 1)
		return error_set(err, SR_CONFIG, "%s: is an average of several models (split.folds, model.members); ONNX takes one. Train with folds 0 and members 1", run);
	bool next_item = e->c->task.kind == TASK_NEXT_ITEM, ranks = next_item || e->c->task.kind == TASK_BOTH;
	e->d.s = dataset_trained(e->c, run, err);
	if (!dataset_make(&e->d, e->c, next_item ? NULL : &e->p.classes, false, err) || !fold_open(&e->m, run, e->c, 0, 0, e->d.s, e->d.all, err))
		return false;
	const char *why = e->m.rule ? "it counts items and has no network" : onnx_refusal(model_chosen(e->m.member[0]), features_shape(e->m.f));
	if (why)
		return error_set(err, SR_CONFIG, "%s: cannot be written as ONNX: %s", run, why);
	e->pool = thread_pool_new(1);
	e->w = workers_new(e->c, e->m.f, e->d.all, e->m.member[0], e->pool, err);
	if (e->w && ranks)
		e->items = model_scores_items(e->w, &e->rows, &e->width, err);
	return e->w && (!ranks || e->items);
}

bool run_export(const char *run, const char *out, sr_error *err)
{
	exporting e = { 0 };
	onnx_graph g;
	onnx_open(&g);
	bool done = open_run(&e, run, err);
	if (done) {
		onnx_model(&g, model_chosen(e.m.member[0]), features_shape(e.m.f), model_params(e.m.member[0]), e.m.shift, e.items, e.rows);
		done = onnx_save(&g, out, err) && write_examples(&e, out, err) && (!e.items || write_items(&e, out, err));
	}
	if (done && e.p.calibration)
		log_warning("evaluate.calibration is not part of the ONNX model: its probabilities are those before it");
	if (done)
		log_info("ONNX model written to %s, examples to %s.examples.jsonl", out, out);
	onnx_close(&g);
	free(e.items);
	workers_free(e.w);
	fold_close(&e.m);
	thread_pool_free(e.pool);
	dataset_close(&e.d);
	published_free(&e.p);
	config_free(e.c);
	return done;
}
