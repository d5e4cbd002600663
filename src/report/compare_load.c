/* compare_load.c - reads the rows that a run keeps, and checks that two runs were evaluated on the same ones. */

#include "report/compare.h"

#include "seqrec/file.h"
#include "seqrec/json.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

enum { REPORT_MOST = 256 << 20 };

typedef struct {
	uint64_t key;
	size_t row;
} keyed_row;

static int by_key(const void *left, const void *right)
{
	const keyed_row *a = left, *b = right;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

const char compared_report[] = "report", compared_ranking[] = "report/next_item";

static char *path_of(const char *folder, const char *report, const char *what)
{
	return text_format("%s/%s/rows/test.%s.npy", folder, report, what);
}

bool compared_has(const char *folder, const char *report)
{
	char *path = path_of(folder, report, "key");
	bool there = file_exists(path);
	free(path);
	return there;
}

static bool map_array(npy *array, const char *folder, const char *report, const char *what, npy_type type, sr_error *err)
{
	char *path = path_of(folder, report, what);
	bool done = file_exists(path) ? npy_map(array, path, type, err)
	                              : error_set(err, SR_MODEL, "%s: is not there; the run keeps no evaluated rows. Make them: seqrec evaluate %s", path, folder);
	free(path);
	return done;
}

/* The order of ascending keys, so that the rows of two runs stand beside each other. */
static keyed_row *order_new(const npy *key)
{
	keyed_row *order = xcalloc(key->rows + 1, sizeof *order);
	for (size_t i = 0; i < key->rows; i++)
		order[i] = (keyed_row){ ((const uint64_t *)key->data)[i], i };
	qsort(order, key->rows, sizeof *order, by_key);
	return order;
}

static void take(compared_run *r, const keyed_row *order, const npy *user, const npy *label, const npy *value)
{
	r->key = xcalloc(r->rows + 1, sizeof *r->key);
	r->user = xcalloc(r->rows + 1, sizeof *r->user);
	r->label = xcalloc(r->rows + 1, sizeof *r->label);
	r->score = r->classes ? xcalloc(r->rows * r->classes + 1, sizeof *r->score) : NULL;
	r->rank = r->classes ? NULL : xcalloc(r->rows + 1, sizeof *r->rank);
	for (size_t i = 0; i < r->rows; i++) {
		size_t from = order[i].row;
		r->key[i] = order[i].key;
		r->user[i] = ((const uint64_t *)user->data)[from];
		r->label[i] = ((const uint64_t *)label->data)[from];
		if (r->rank)
			r->rank[i] = ((const uint32_t *)value->data)[from];
		else
			memcpy(r->score + i * r->classes, (const double *)value->data + from * r->classes, r->classes * sizeof *r->score);
	}
}

/* The threshold that the run's report decided by. */
static bool read_threshold(compared_run *r, const char *folder, const char *report, sr_error *err)
{
	char *path = text_format("%s/%s/report.json", folder, report);
	cJSON *tree = json_read(path, REPORT_MOST, false, SR_MODEL, err);
	const cJSON *splits = tree ? cJSON_GetObjectItemCaseSensitive(tree, "splits") : NULL, *test = splits ? cJSON_GetObjectItemCaseSensitive(splits, "test") : NULL;
	r->threshold = .5;
	if (test)
		json_get_number(test, "threshold", &r->threshold);
	free(path);
	cJSON_Delete(tree);
	return tree != NULL;
}

static bool labels_fit(const compared_run *r, const npy *label)
{
	for (size_t i = 0; r->classes && i < r->rows; i++)
		if (((const uint64_t *)label->data)[i] >= r->classes)
			return false;
	return true;
}

bool compared_load(compared_run *r, const char *folder, const char *report, sr_error *err)
{
	npy key = { 0 }, user = { 0 }, label = { 0 }, value = { 0 };
	char *ranks = path_of(folder, report, "rank");
	bool ranked = file_exists(ranks);
	*r = (compared_run){ 0 };
	bool done = map_array(&key, folder, report, "key", NPY_U64, err) && map_array(&user, folder, report, "user", NPY_U64, err) && map_array(&label, folder, report, "label", NPY_U64, err) &&
	            map_array(&value, folder, report, ranked ? "rank" : "score", ranked ? NPY_U32 : NPY_F64, err) && read_threshold(r, folder, report, err);
	if (done) {
		r->rows = key.rows;
		r->classes = ranked ? 0 : value.columns;
		done = (user.rows == r->rows && label.rows == r->rows && value.rows == r->rows && (ranked || r->classes >= 2) && labels_fit(r, &label)) ||
		       error_set(err, SR_MODEL, "%s/%s/rows: the files do not fit each other. Make them again: seqrec evaluate %s", folder, report, folder);
	}
	keyed_row *order = done ? order_new(&key) : NULL;
	if (done)
		take(r, order, &user, &label, &value);
	free(order);
	free(ranks);
	npy_close(&key);
	npy_close(&user);
	npy_close(&label);
	npy_close(&value);
	return done;
}

void compared_free(compared_run *r)
{
	free(r->key);
	free(r->user);
	free(r->label);
	free(r->score);
	free(r->rank);
	*r = (compared_run){ 0 };
}

bool compared_match(const compared_run *a, const compared_run *b, const char *a_name, const char *b_name, sr_error *err)
{
	if (a->classes != b->classes)
		return error_set(err, SR_DATA, "%s and %s answer different questions: %s and %s; they cannot be compared", a_name, b_name, a->classes ? "classes" : "next items", b->classes ? "classes" : "next items");
	size_t i = 0, j = 0, both = 0, labels = 0;
	while (i < a->rows && j < b->rows) {
		if (a->key[i] == b->key[j]) {
			labels += a->label[i++] != b->label[j++];
			both++;
		} else if (a->key[i] < b->key[j]) {
			i++;
		} else {
			j++;
		}
	}
	if (both != a->rows || both != b->rows)
		return error_set(err, SR_DATA, "%s and %s were tested on different rows: %zu and %zu, of which %zu are the same (user, item, time, row). Evaluate both on the same logs and split", a_name, b_name,
		                 a->rows, b->rows, both);
	return !labels || error_set(err, SR_DATA, "%s and %s were tested on the same %zu rows, but %zu of them have other labels. Evaluate both with the same task settings and logs", a_name, b_name, both, labels);
}
