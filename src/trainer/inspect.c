/* inspect.c - what a file or folder of ours holds, in words or as JSON. */
#include "fold.h"
#include "run.h"

#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/safetensors.h"
#include "seqrec/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const type_names[] = { [SAFE_F32] = "F32", [SAFE_F64] = "F64", [SAFE_I64] = "I64", [SAFE_U32] = "U32", [SAFE_U8] = "U8" };
static const char *const state_notes[] = { "epoch", "batch", "step", "best_epoch", "best", "finished" };
enum { STATE_NOTES = sizeof state_notes / sizeof *state_notes };

static void add_shape(text *out, const safe_tensor *t)
{
	for (size_t k = 0; k < t->dimensions; k++)
		text_addf(out, "%s%" PRIu64, k ? "," : "", t->shape[k]);
}

static void tensors_text(const safetensors *file, text *out)
{
	text_addf(out, "%zu tensors, all checksums good\n", safetensors_count(file));
	for (size_t i = 0; i < safetensors_count(file); i++) {
		const safe_tensor *t = safetensors_at(file, i);
		text_addf(out, "  %-38s %s (", t->name, type_names[t->type]);
		add_shape(out, t);
		text_add(out, ")\n");
	}
	for (size_t i = 0; i < STATE_NOTES; i++)
		if (safetensors_note(file, state_notes[i]))
			text_addf(out, "%-11s %s\n", state_notes[i], safetensors_note(file, state_notes[i]));
}

static void tensors_json(const safetensors *file, text *out)
{
	text_add(out, "\"tensors\":{");
	for (size_t i = 0; i < safetensors_count(file); i++) {
		const safe_tensor *t = safetensors_at(file, i);
		text_addf(out, "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[", i ? "," : "", t->name, type_names[t->type]);
		add_shape(out, t);
		text_add(out, "]}");
	}
	text_add(out, "},\"state\":{");
	for (size_t i = 0, shown = 0; i < STATE_NOTES; i++)
		if (safetensors_note(file, state_notes[i]))
			text_addf(out, "%s\"%s\":%s", shown++ ? "," : "", state_notes[i], safetensors_note(file, state_notes[i]));
	text_add(out, "}");
}

static bool add_tensors(const char *path, bool json, text *out, sr_error *err)
{
	safetensors *file = safetensors_open(path, err);
	if (!file)
		return false;
	(json ? tensors_json : tensors_text)(file, out);
	safetensors_close(file);
	return true;
}

static bool add_checkpoint(const char *path, bool json, text *out, sr_error *err)
{
	text_add(out, json ? "{" : "");
	bool done = add_tensors(path, json, out, err);
	text_add(out, json ? "}\n" : "");
	return done;
}

static bool add_store(const char *path, bool json, text *out, sr_error *err)
{
	store *s = store_open(path, true, err);
	if (!s)
		return false;
	char *summary = json ? store_summary_json(s) : store_summary(s);
	if (json)
		text_addf(out, "%s\n", summary);
	else
		text_addf(out, "event store, all checksums good\n%sfingerprint %s\n", summary, s->fingerprint);
	free(summary);
	store_close(s);
	return true;
}

static void run_json(const published *p, size_t files, text *out)
{
	char number[NUMBER_TEXT];
	number_print(p->threshold, number);
	text_addf(out, "{\"folds\":%u,\"threshold\":%s,\"threshold_rule\":", p->folds, number);
	text_add_json(out, p->threshold_rule, strlen(p->threshold_rule));
	text_add(out, ",\"classes\":[");
	for (size_t i = 0; i < p->classes.count; i++) {
		text_add(out, i ? "," : "");
		text_add_json(out, p->classes.item[i], strlen(p->classes.item[i]));
	}
	text_addf(out, "],\"weights\":%zu,", files);
}

static void run_words(const published *p, size_t files, text *out)
{
	text_add(out, "trained run\nclasses    ");
	for (size_t i = 0; i < p->classes.count; i++)
		text_addf(out, " %s", p->classes.item[i]);
	text_addf(out, "\nfolds       %u\nthreshold   %.6g (%s)\nweights     %zu files; of the first:\n", p->folds, p->threshold, p->threshold_rule, files);
}

/* Opening a file of weights verifies it; of several only the first one's tensors are told. */
static bool add_weights(const published *p, const char *run, bool json, text *first, size_t *files, sr_error *err)
{
	bool done = true;
	for (uint32_t fold = 0; done && fold < (p->folds ? p->folds : 1); fold++) {
		char *folder = fold_folder(run, p->folds, fold);
		for (size_t member = 0; done; member++) {
			char *path = member ? text_format("%s/model_%zu.safetensors", folder, member) : path_join(folder, "model.safetensors");
			bool there = !member || file_exists(path);
			text other = { 0 };
			done = !there || add_tensors(path, json, *files ? &other : first, err);
			*files += there;
			text_free(&other);
			free(path);
			if (!there)
				break;
		}
		free(folder);
	}
	return done;
}

static bool add_run(const char *path, bool json, text *out, sr_error *err)
{
	published p;
	text tensors = { 0 };
	size_t files = 0;
	bool done = published_load(&p, path, err) && add_weights(&p, path, json, &tensors, &files, err);
	if (done) {
		(json ? run_json : run_words)(&p, files, out);
		text_add(out, tensors.data ? tensors.data : json ? "\"tensors\":{},\"state\":{}" : "");
		text_add(out, json ? "}\n" : "");
	}
	text_free(&tensors);
	published_free(&p);
	return done;
}

/* A model folder is described by the run it lies in. */
static bool add_model(const char *path, bool json, text *out, sr_error *err)
{
	char *absolute = path_absolute(path), *run = path_folder(absolute);
	bool done = add_run(run, json, out, err);
	free(absolute);
	free(run);
	return done;
}

char *run_inspect(const char *path, bool json, sr_error *err)
{
	text out = { 0 };
	char *manifest = path_join(path, "manifest.json"), *described = path_join(path, "model.json"), *trained = path_join(path, "model/model.json");
	bool done = file_exists(path) || error_set(err, SR_IO, "%s: there is no such file or folder", path);
	if (done)
		done = text_ends(path, ".safetensors") ? add_checkpoint(path, json, &out, err)
		       : file_exists(manifest)         ? add_store(path, json, &out, err)
		       : file_exists(described)            ? add_model(path, json, &out, err)
		       : file_exists(trained)          ? add_run(path, json, &out, err)
		                                       : error_set(err, SR_MODEL, "%s: is no run directory with a trained model, no model folder, no event store and no .safetensors file", path);
	free(manifest);
	free(described);
	free(trained);
	if (!done)
		text_free(&out);
	return out.data;
}
