/* gate.c - the promotion gate: requirements on a report or on the difference of two runs, all checked, each failure named. */

#include "seqrec/compare.h"

#include "seqrec/file.h"
#include "seqrec/json.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REPORT_MOST = 256 << 20, NAME_MOST = 96 };
static const char second_head[] = "next_item."; /* metrics of task.kind both */

typedef struct {
	char name[NAME_MOST]; /* the metric */
	char end;             /* 'l': the interval's low end, 'h': its high end, 'v': the value */
	char compare[3];
	double bound;
} requirement;

/* False when the metric is not there; NaN when it is not defined. */
typedef bool gate_value(const void *context, const requirement *r, double *value);

static bool read_requirement(const char *word, size_t length, requirement *r)
{
	size_t at = 0;
	while (at < length && !strchr("<>=", word[at]))
		at++;
	size_t name = at, compare = at + 1 < length && word[at + 1] == '=' ? 2 : 1;
	while (name && word[name - 1] == ' ')
		name--;
	if (!name || name >= NAME_MOST || at == length || word[at] == '=')
		return false;
	*r = (requirement){ .end = 'v' };
	memcpy(r->name, word, name);
	memcpy(r->compare, word + at, compare);
	char *dot = strrchr(r->name, '.');
	if (dot && (strcmp(dot, ".low") == 0 || strcmp(dot, ".high") == 0)) {
		r->end = dot[1];
		*dot = '\0';
	}
	for (at += compare; at < length && word[at] == ' ';)
		at++;
	while (length > at && word[length - 1] == ' ')
		length--;
	return number_parse(word + at, length - at, &r->bound);
}

static bool holds(const requirement *r, double value)
{
	return r->compare[0] == '>' ? (r->compare[1] ? value >= r->bound : value > r->bound) : r->compare[1] ? value <= r->bound : value < r->bound;
}

static bool check_one(const char *word, size_t length, gate_value *of, const void *context, const char *where, sr_error *err)
{
	requirement r;
	double value = (double)NAN;
	char found[NUMBER_TEXT];
	if (!read_requirement(word, length, &r))
		return error_add(err, SR_CONFIG, "%.*s: is not a requirement such as roc_auc>=0.8 or roc_auc.low>=-0.005", (int)length, word);
	if (!of(context, &r, &value))
		return error_add(err, SR_CONFIG, "%.*s: %s has no metric %s%s; those of next items in a run of task.kind both begin with %s", (int)length, word, where, r.name, r.end == 'v' ? "" : " with an interval", second_head);
	number_print(value, found);
	return (!isnan(value) && holds(&r, value)) || error_add(err, SR_GATE, "quality gate not met: %.*s, but %s has %s", (int)length, word, where, isnan(value) ? "no defined value" : found);
}

/* All of them are checked, so that one run of the gate names everything that is wrong. */
static bool check_all(const char *requirements, gate_value *of, const void *context, const char *where, sr_error *err)
{
	bool done = true;
	for (const char *word = requirements; *word;) {
		size_t length = strcspn(word, ","), lead = strspn(word, " ");
		done = check_one(word + (lead < length ? lead : 0), length - (lead < length ? lead : 0), of, context, where, err) && done;
		word += length + (word[length] == ',');
	}
	return done;
}

/* ---- of a comparison ---- */

static bool value_of_pair(const void *context, const requirement *r, double *value)
{
	const comparison_pair *pair = context;
	for (size_t m = 0; m < pair->rows; m++) {
		const comparison_row *row = &pair->row[m];
		if (strcmp(row->key, r->name) != 0)
			continue;
		bool defined = r->end == 'v' ? row->a.defined && row->b.defined : row->between.defined;
		*value = !defined ? (double)NAN : r->end == 'v' ? row->difference : r->end == 'l' ? row->between.low : row->between.high;
		return true;
	}
	return false;
}

bool gate_comparison(const comparison *c, const char *requirements, sr_error *err)
{
	bool done = true;
	for (size_t i = 0; i < c->pairs; i++) {
		char *where = text_format("%s minus %s", c->pair[i].name, c->base);
		done = check_all(requirements, value_of_pair, &c->pair[i], where, err) && done;
		free(where);
	}
	return done;
}

/* ---- of a report: splits.test ---- */

static const cJSON *interval_in(const cJSON *test, const char *name)
{
	const cJSON *intervals = cJSON_GetObjectItemCaseSensitive(test, "intervals");
	char *key = text_format("interval_%s", name);
	const cJSON *found = intervals ? cJSON_GetObjectItemCaseSensitive(intervals, name) : cJSON_GetObjectItemCaseSensitive(test, key);
	free(key);
	return found;
}

/* The test parts of a run's report and (task.kind both) of its second head's. */
typedef struct {
	const cJSON *first, *second;
} gated;

static bool value_of_report(const void *context, const requirement *r, double *value)
{
	const gated *g = context;
	bool second = text_starts(r->name, second_head);
	const cJSON *test = second ? g->second : g->first;
	const char *name = r->name + (second ? strlen(second_head) : 0);
	const cJSON *found = !test ? NULL : r->end == 'v' ? cJSON_GetObjectItemCaseSensitive(test, name) : interval_in(test, name);
	if (test && r->end == 'v' && !found) { /* accuracy and the like stand in the classification report */
		const cJSON *scores = cJSON_GetObjectItemCaseSensitive(test, "classification_report");
		found = scores ? cJSON_GetObjectItemCaseSensitive(scores, name) : NULL;
	}
	if (r->end != 'v' && cJSON_IsArray(found))
		found = cJSON_GetArrayItem(found, r->end == 'h');
	if (cJSON_IsNumber(found))
		*value = found->valuedouble;
	return cJSON_IsNumber(found) || cJSON_IsNull(found);
}

static const cJSON *test_part(const cJSON *report)
{
	const cJSON *splits = report ? cJSON_GetObjectItemCaseSensitive(report, "splits") : NULL;
	return splits ? cJSON_GetObjectItemCaseSensitive(splits, "test") : NULL;
}

bool gate_report(const char *path, const char *requirements, sr_error *err)
{
	char *folder = path_folder(path), *ranking = path_join(folder, "next_item/report.json");
	cJSON *tree = json_read(path, REPORT_MOST, false, SR_MODEL, err), *other = tree && file_exists(ranking) ? json_read(ranking, REPORT_MOST, false, SR_MODEL, err) : NULL;
	gated g = { test_part(tree), test_part(other) };
	bool done = tree && (other || !file_exists(ranking)) && (g.first || error_set(err, SR_GATE, "%s: has no test part, which the quality gate asks about", path));
	done = done && check_all(requirements, value_of_report, &g, path, err);
	cJSON_Delete(tree);
	cJSON_Delete(other);
	free(folder);
	free(ranking);
	return done;
}
