/* more_thresholds.c - predict --thresholds: decisions by further rules, chosen on the validation rows that the run keeps. */
#include "more_thresholds.h"

#include "seqrec/calibration.h"
#include "seqrec/memory.h"
#include "seqrec/npy.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

static bool map_rows(npy *array, const char *run, const char *what, npy_type type, sr_error *err)
{
	char *path = text_format("%s/report/rows/validation.%s.npy", run, what);
	bool done = file_exists(path) ? npy_map(array, path, type, err)
	                              : error_set(err, SR_MODEL, "--thresholds: %s is not there, and a threshold by a rule is chosen on it. Make it again: seqrec evaluate %s; or give numbers", path, run);
	free(path);
	return done;
}

static bool choose(const threshold_rule *rule, const char *run, double *value, sr_error *err)
{
	npy score = { 0 }, label = { 0 };
	bool done = map_rows(&score, run, "score", NPY_F64, err) && map_rows(&label, run, "label", NPY_U64, err);
	done = done && ((score.columns == 2 && score.rows == label.rows) || error_set(err, SR_MODEL, "%s/report/rows: the files do not fit each other. Make them again: seqrec evaluate %s", run, run));
	uint32_t *labels = done ? xcalloc(label.rows + 1, sizeof *labels) : NULL;
	for (size_t i = 0; done && i < label.rows; i++)
		labels[i] = ((const uint64_t *)label.data)[i] == 1;
	metric found = done ? threshold_by(&(binary){ (const double *)score.data + 1, 2, labels, 1, NULL, score.rows }, rule) : (metric){ 0 };
	*value = found.value;
	if (done && !found.defined)
		done = error_set(err, SR_DATA, "--thresholds: %s on validation", found.reason);
	free(labels);
	npy_close(&score);
	npy_close(&label);
	return done;
}

bool more_thresholds_read(more_thresholds *m, const char *list, const char *run, size_t classes, sr_error *err)
{
	*m = (more_thresholds){ 0 };
	if (list && classes != 2)
		return error_set(err, SR_CONFIG, "--thresholds decide between two classes; this run has %zu", classes);
	for (const char *word = list; word && *word;) {
		size_t length = strcspn(word, ",");
		char *name = xstrndup(word, length);
		threshold_rule rule;
		double value = 0;
		bool done = threshold_rule_read(name, &rule) || error_set(err, SR_CONFIG, "--thresholds %s: is neither f1, accuracy, cost:A:B, precision:P, top:S nor a number from 0 to 1", name);
		value = rule.value;
		if (!done || (rule.kind != THRESHOLD_NUMBER && !choose(&rule, run, &value, err))) {
			free(name);
			return false;
		}
		m->item = xrealloc(m->item, m->count + 1, sizeof *m->item);
		m->item[m->count++] = (named_threshold){ name, value };
		word += length + (word[length] == ',');
	}
	return true;
}

void more_thresholds_free(more_thresholds *m)
{
	for (size_t i = 0; i < m->count; i++)
		free(m->item[i].name);
	free(m->item);
	*m = (more_thresholds){ 0 };
}
