/* checkpoint.c - weights, moments and where training stands, as safetensors: "w.NAME", "m.NAME", "v.NAME", "a.NAME" (ages of
 * a table's rows, where updates are exact) and notes. */
#include "member.h"

#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/safetensors.h"
#include "seqrec/text.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FORMAT = 1, NOTES = 16, NOTE_TEXT = 40 };

enum { RESUME_FIELDS = 4 }; /* the last ones: only a resume needs them, and other runs of the same training may have others */

/* ---- the state as notes, one list for writing and reading ---- */

typedef struct {
	const char *key;
	uint64_t *whole;
	double *number;
} state_field;

static size_t state_fields(training_state *s, state_field out[NOTES])
{
	const state_field list[] = { { "epoch", &s->epoch, NULL }, { "batch", &s->batch, NULL }, { "step", &s->step, NULL }, { "loss_sum", NULL, &s->loss_sum }, { "loss_count", &s->loss_count, NULL },
		{ "best", NULL, &s->best }, { "best_epoch", &s->best_epoch, NULL }, { "stale", &s->stale, NULL }, { "skipped", &s->skipped, NULL },
		{ "skipped_in_row", &s->skipped_in_row, NULL }, { "log_length", &s->log_length, NULL }, { "metrics_length", &s->metrics_length, NULL },
		{ "rollbacks", &s->rollbacks, NULL } };
	memcpy(out, list, sizeof list);
	return sizeof list / sizeof *list;
}

static size_t write_notes(const training_state *state, const optimizer *o, safe_note note[NOTES], char value[NOTES][NOTE_TEXT])
{
	training_state copy = *state;
	state_field field[NOTES];
	size_t count = state_fields(&copy, field) - (o ? 0 : RESUME_FIELDS), extra = count;
	for (size_t i = 0; i < count; i++) {
		if (field[i].whole)
			snprintf(value[i], NOTE_TEXT, "%" PRIu64, *field[i].whole);
		else
			number_print(*field[i].number, value[i]);
		note[i] = (safe_note){ field[i].key, value[i] };
	}
	snprintf(value[extra], NOTE_TEXT, "%d", FORMAT);
	note[extra] = (safe_note){ "checkpoint_format", value[extra] };
	snprintf(value[extra + 1], NOTE_TEXT, "%" PRIu64, o ? o->step : state->step);
	note[extra + 1] = (safe_note){ "optimizer_step", value[extra + 1] };
	note[extra + 2] = (safe_note){ "finished", state->finished ? "true" : "false" };
	return extra + 3;
}

static bool read_whole(const safetensors *file, const char *key, uint64_t *value)
{
	const char *note = safetensors_note(file, key);
	int64_t number;
	if (!note || !number_parse_int(note, strlen(note), &number) || number < 0)
		return false;
	*value = (uint64_t)number;
	return true;
}

static bool read_notes(const safetensors *file, training_state *state, uint64_t *optimizer_steps, const char *path, sr_error *err)
{
	state_field field[NOTES];
	size_t count = state_fields(state, field);
	uint64_t format = 0;
	read_whole(file, "checkpoint_format", &format);
	if (format > FORMAT)
		return error_set(err, SR_MODEL, "%s: was written by a newer seqrec (format %" PRIu64 "; this one reads %d). Update seqrec", path, format, FORMAT);
	bool good = read_whole(file, "optimizer_step", optimizer_steps);
	for (size_t i = 0; i < count && good; i++) {
		const char *note = safetensors_note(file, field[i].key);
		if (!note && i >= count - RESUME_FIELDS)
			*field[i].whole = UINT64_MAX;
		else if (field[i].whole)
			good = read_whole(file, field[i].key, field[i].whole);
		else if (note && strcmp(note, "null") == 0)
			*field[i].number = NAN;
		else
			good = note && number_parse(note, strlen(note), field[i].number);
	}
	state->skipped_in_row = state->skipped_in_row == UINT64_MAX ? 0 : state->skipped_in_row;
	state->rollbacks = state->rollbacks == UINT64_MAX ? 0 : state->rollbacks;
	const char *finished = safetensors_note(file, "finished");
	state->finished = finished && strcmp(finished, "true") == 0;
	return good || error_set(err, SR_MODEL, "%s: does not say where training stood", path);
}

/* ---- weights and moments ---- */

static size_t add_tensors(const params *list, char prefix, real *const *values, safe_tensor *out)
{
	for (size_t i = 0; i < params_count(list); i++) {
		const param *p = params_get(list, i);
		out[i] = (safe_tensor){ .name = text_format("%c.%s", prefix, p->name), .type = SAFE_F32, .dimensions = 2, .shape = { p->rows, p->cols }, .data = values ? values[i] : p->value };
	}
	return params_count(list);
}

static size_t add_ages(const optimizer *o, safe_tensor *out)
{
	size_t count = 0;
	for (size_t i = 0; i < params_count(o->list); i++) {
		const param *p = params_get(o->list, i);
		real *ages = optimizer_ages(o, i);
		if (ages)
			out[count++] = (safe_tensor){ .name = text_format("a.%s", p->name), .type = SAFE_F32, .dimensions = 2, .shape = { p->rows, 1 }, .data = ages };
	}
	return count;
}

/* A training that was lazy until now has none. */
static bool read_ages(const safetensors *file, optimizer *o, sr_error *err)
{
	for (size_t i = 0; o->table && i < params_count(o->list); i++) {
		const param *p = params_get(o->list, i);
		const uint64_t shape[2] = { p->rows, 1 };
		char *name = text_format("a.%s", p->name);
		const safe_tensor *found = safetensors_find(file, name) ? safetensors_need(file, name, SAFE_F32, 2, shape, err) : NULL;
		bool bad = safetensors_find(file, name) && !found;
		free(name);
		if (bad)
			return false;
		optimizer_set_ages(o, i, found ? found->data : NULL);
	}
	return true;
}

/* Weights that are not finite have diverged, and must not replace good ones. */
static bool check_finite(const char *path, const safe_tensor *tensors, size_t count, sr_error *err)
{
	for (size_t i = 0; i < count; i++) {
		const float *value = tensors[i].data;
		uint64_t values = tensors[i].shape[0] * tensors[i].shape[1];
		float sum = 0; /* of v - v: 0, or NaN when any is not finite */
		for (uint64_t v = 0; v < values; v++)
			sum += value[v] - value[v];
		if (sum != 0 || sum != sum)
			return error_set(err, SR_DIVERGED, "%s: training diverged: %s is not finite. It was not saved; the last checkpoint is kept. Lower train.learning_rate", path, tensors[i].name);
	}
	return true;
}

bool checkpoint_save(const char *path, const params *list, const optimizer *o, const training_state *state, sr_error *err)
{
	safe_tensor *tensors = xcalloc(4 * params_count(list), sizeof *tensors);
	size_t count = add_tensors(list, 'w', NULL, tensors), ages = 0;
	if (o) {
		count += add_tensors(list, 'm', o->mean, tensors + count);
		count += add_tensors(list, 'v', o->square, tensors + count);
		count += ages = add_ages(o, tensors + count);
	}
	safe_note note[NOTES];
	char value[NOTES][NOTE_TEXT];
	size_t notes = write_notes(state, o, note, value);
	bool done = check_finite(path, tensors, count, err) && safetensors_write(path, tensors, count, note, notes, err);
	for (size_t i = 0; i < count; i++)
		free((char *)(uintptr_t)tensors[i].name);
	for (size_t i = count - ages; i < count; i++)
		free((void *)(uintptr_t)tensors[i].data);
	free(tensors);
	return done;
}

static bool read_tensors(const safetensors *file, const params *list, char prefix, real *const *values, sr_error *err)
{
	for (size_t i = 0; i < params_count(list); i++) {
		const param *p = params_get(list, i);
		const uint64_t shape[2] = { p->rows, p->cols };
		char *name = text_format("%c.%s", prefix, p->name);
		const safe_tensor *found = safetensors_need(file, name, SAFE_F32, 2, shape, err);
		free(name);
		if (!found)
			return false;
		memcpy(values ? values[i] : p->value, found->data, p->rows * p->cols * sizeof(float));
	}
	return true;
}

bool checkpoint_load(const char *path, params *list, optimizer *o, training_state *state, sr_error *err)
{
	safetensors *file = safetensors_open(path, err);
	training_state read = { 0 };
	uint64_t steps = 0;
	bool done = file && read_notes(file, &read, &steps, path, err) && read_tensors(file, list, 'w', NULL, err);
	if (done && o)
		done = read_tensors(file, list, 'm', o->mean, err) && read_tensors(file, list, 'v', o->square, err);
	if (done && o) {
		o->step = steps;
		done = read_ages(file, o, err);
	}
	if (done && state)
		*state = read;
	safetensors_close(file);
	return done;
}

/* ---- which files there are ---- */

/* "step_12.safetensors" -> 12. */
static bool step_of(const char *name, int64_t *step)
{
	static const char prefix[] = "step_", suffix[] = ".safetensors";
	size_t length = strlen(name), ends = sizeof prefix + sizeof suffix - 2;
	return length > ends && text_starts(name, prefix) && text_ends(name, suffix) && number_parse_int(name + sizeof prefix - 1, length - ends, step);
}

static int descending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x < y) - (x > y);
}

/* Steps of the checkpoints in `folder`, newest first, as a new array; none where there is no folder. A folder that cannot be read is an error:
 * taken for an empty one, it would have its checkpoints trained anew. */
static bool list_steps(const char *folder, int64_t **steps, size_t *count, sr_error *err)
{
	int64_t step;
	size_t capacity = 0;
	*steps = NULL;
	*count = 0;
	DIR *dir = opendir(folder);
	if (!dir)
		return errno == ENOENT || error_set_errno(err, "%s: the checkpoints cannot be listed", folder);
	for (struct dirent *entry; (errno = 0, entry = readdir(dir));)
		if (step_of(entry->d_name, &step)) {
			*steps = xgrow(*steps, &capacity, *count + 1, sizeof **steps);
			(*steps)[(*count)++] = step;
		}
	bool done = !errno || error_set_errno(err, "%s: the checkpoints cannot be listed", folder);
	closedir(dir);
	if (*count)
		qsort(*steps, *count, sizeof **steps, descending);
	return done;
}

static char *step_path(const char *folder, int64_t step)
{
	return text_format("%s/step_%" PRId64 ".safetensors", folder, step);
}

bool checkpoint_settle(const char *folder, uint64_t step, int64_t keep, sr_error *err)
{
	char *path = step_path(folder, (int64_t)step), *latest = path_join(folder, "latest");
	size_t count = 0;
	int64_t *steps = NULL, kept = 0, removed = 0;
	bool done = file_write(latest, path_name(path), strlen(path_name(path)), err) && list_steps(folder, &steps, &count, err);
	for (size_t i = 0; done && i < count; i++) {
		if (steps[i] <= (int64_t)step && kept++ < keep)
			continue;
		char *old = step_path(folder, steps[i]);
		if (unlink(old) < 0)
			done = error_set_errno(err, "%s: cannot be removed", old);
		free(old);
		removed++;
	}
	done = done && (!removed || folder_sync(path, err)); /* a finished run never looks again: what came back would stay */
	free(path);
	free(latest);
	free(steps);
	return done;
}

bool checkpoint_rotate(const char *folder, const params *list, const optimizer *o, const training_state *state, int64_t keep, sr_error *err)
{
	char *path = step_path(folder, (int64_t)state->step);
	bool done = checkpoint_save(path, list, o, state, err) && checkpoint_settle(folder, state->step, keep, err);
	free(path);
	return done;
}

bool checkpoint_resume(const char *folder, params *list, optimizer *o, training_state *state, bool *found, sr_error *err)
{
	size_t count;
	int64_t *steps;
	sr_error last = { 0 };
	*found = false;
	folder_clean(folder);
	bool done = list_steps(folder, &steps, &count, err);
	for (size_t i = 0; done && i < count && !*found; i++) {
		sr_error damaged = { 0 };
		char *path = step_path(folder, steps[i]);
		*found = checkpoint_load(path, list, o, state, &damaged);
		if (!*found && damaged.code != SR_MODEL) /* a good one may be there: it is not passed over, and not removed as damaged */
			done = error_set(err, damaged.code, "%s", damaged.text);
		else if (!*found)
			log_warning("%s; going back to the checkpoint before it", damaged.text);
		last = damaged;
		free(path);
	}
	free(steps);
	if (done && !*found && count)
		done = error_set(err, last.code, "%s; no checkpoint before it is whole. Train anew with --fresh", last.text);
	return done;
}
