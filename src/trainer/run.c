/* run.c - run directories: resolved config, record, published model. */
#include "checksums.h"
#include "run.h"

#include "seqrec/file.h"
#include "seqrec/hash.h"
#include "seqrec/json.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT = 2, FORMAT_PLAIN = 1, MODEL_MOST = 64 << 20 }; /* 2: with a calibration, which readers of 1 would not apply */
static const char crc_key[] = ",\"crc32\":";

bool published_save(const published *p, const char *run, sr_error *err)
{
	text out = { 0 };
	char number[NUMBER_TEXT], *path = path_join(run, "model/model.json");
	number_print(p->threshold, number);
	text_addf(&out, "{\"format\":%d,\"folds\":%u,\"threshold\":%s,\"threshold_rule\":", p->calibration ? FORMAT : FORMAT_PLAIN, p->folds, number);
	text_add_json(&out, p->threshold_rule, strlen(p->threshold_rule));
	text_add(&out, ",\"classes\":[");
	for (size_t i = 0; i < p->classes.count; i++) {
		text_add(&out, i ? "," : "");
		text_add_json(&out, p->classes.item[i], strlen(p->classes.item[i]));
	}
	text_add(&out, p->calibration ? "],\"calibration\":" : "]");
	if (p->calibration)
		calibrator_json(p->calibration, &out);
	text_add(&out, ",\"files\":");
	char *folder = path_join(run, "model");
	bool done = checksums_add(&out, folder, err);
	text_addf(&out, "%s%u}\n", crc_key, hash_crc32(0, out.data, out.length));
	done = done && file_write(path, out.data, out.length, err);
	text_free(&out);
	free(folder);
	free(path);
	return done;
}

static bool read_published(published *p, const cJSON *tree)
{
	const cJSON *classes = cJSON_GetObjectItemCaseSensitive(tree, "classes");
	const char *rule = json_get_string(tree, "threshold_rule");
	size_t folds;
	p->classes.item = xcalloc((size_t)cJSON_GetArraySize(classes) + 1, sizeof *p->classes.item);
	for (const cJSON *entry = classes ? classes->child : NULL; entry; entry = entry->next)
		if (cJSON_IsString(entry))
			p->classes.item[p->classes.count++] = xstrdup(entry->valuestring);
	if (!rule || !json_get_number(tree, "threshold", &p->threshold) || !json_get_size(tree, "folds", &folds) || folds > 100 || p->classes.count == 1)
		return false;
	const cJSON *calibration = cJSON_GetObjectItemCaseSensitive(tree, "calibration");
	p->calibration = calibration ? calibrator_read(calibration) : NULL;
	if (calibration && !p->calibration)
		return false;
	p->threshold_rule = xstrdup(rule);
	p->folds = (uint32_t)folds;
	return true;
}

/* model.json ends in the CRC-32 of all that stands before it. */
static bool is_whole(const char *content, size_t length, const cJSON *tree)
{
	const char *last = NULL;
	double crc;
	for (const char *at = content; (at = strstr(at, crc_key)); at++)
		last = at;
	return last && json_get_number(tree, "crc32", &crc) && crc == (double)hash_crc32(0, content, (size_t)(last - content)) && length > 0;
}

static bool check_published(published *p, const char *content, size_t length, const cJSON *tree, const char *path, sr_error *err)
{
	size_t format;
	if (json_get_size(tree, "format", &format) && format > FORMAT)
		return error_set(err, SR_MODEL, "%s: was written by a newer seqrec (format %zu; this one reads %d). Update seqrec", path, format, FORMAT);
	if (!is_whole(content, length, tree) || !read_published(p, tree))
		return error_set(err, SR_MODEL, "%s: is damaged. Train anew with --fresh", path);
	char *folder = path_folder(path);
	bool done = checksums_match(cJSON_GetObjectItemCaseSensitive(tree, "files"), folder, err);
	free(folder);
	return done;
}

bool published_load(published *p, const char *run, sr_error *err)
{
	char *path = path_join(run, "model/model.json"), *content = NULL;
	size_t length = 0;
	*p = (published){ 0 };
	if (file_exists(path))
		content = file_read(path, MODEL_MOST, &length, err);
	else
		error_set(err, SR_MODEL, "%s: there is no trained model. Train one: seqrec train CONFIG --run %s", path, run);
	cJSON *tree = content ? json_parse(content, length, false, path, SR_MODEL, err) : NULL;
	bool done = tree && check_published(p, content, length, tree, path, err);
	if (!done)
		published_free(p);
	cJSON_Delete(tree);
	free(content);
	free(path);
	return done;
}

void published_free(published *p)
{
	for (size_t i = 0; i < p->classes.count; i++)
		free(p->classes.item[i]);
	free(p->classes.item);
	free(p->threshold_rule);
	calibrator_free(p->calibration);
	*p = (published){ 0 };
}

/* Takes data and cuts from `other`: the two configs swap them, so that each frees what it then holds. */
static void swap_data(config *c, config *other)
{
	data_settings data = c->data;
	task_settings task = c->task;
	c->data = other->data;
	other->data = data;
	c->task.cuts = other->task.cuts;
	other->task.cuts = task.cuts;
	char **mine[] = { &c->task.every, &c->task.grid_from, &c->task.grid_to }, **theirs[] = { &other->task.every, &other->task.grid_from, &other->task.grid_to };
	for (size_t i = 0; i < 3; i++) {
		char *kept = *mine[i];
		*mine[i] = *theirs[i];
		*theirs[i] = kept;
	}
}

config *run_config(const char *run, const run_data *from, sr_error *err)
{
	char *path = path_join(run, "config.json");
	config *c = NULL;
	if (file_exists(path))
		c = config_load_resolved(path, from ? &from->sets : NULL, err);
	else
		error_set(err, SR_MODEL, "%s: is not a run directory (it has no config.json). Train one: seqrec train CONFIG --run %s", run, run);
	free(path);
	if (!c || !from || !from->data)
		return c;
	config *other = config_load(from->data, NULL, err);
	if (other)
		swap_data(c, other);
	config_free(other);
	if (other)
		return c;
	config_free(c);
	return NULL;
}

thread_pool *run_pool(const config *c)
{
	return thread_pool_new(c->run.threads ? (unsigned)c->run.threads : thread_available());
}

char *run_digest(const config *c)
{
	static const char *const sections[] = { "data", "task", "split", "model", "train", "evaluate" };
	sha256 sum;
	char digest[SHA256_TEXT], seed[32];
	sha256_start(&sum);
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		char *section = config_print_section(c, sections[i]);
		sha256_add(&sum, section, strlen(section));
		free(section);
	}
	size_t length = (size_t)snprintf(seed, sizeof seed, "%lld", (long long)c->run.seed);
	sha256_add(&sum, seed, length);
	sha256_text(&sum, digest);
	return xstrdup(digest);
}
