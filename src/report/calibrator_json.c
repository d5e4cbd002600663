/* calibrator_json.c - calibration maps in model.json. */

#include "seqrec/calibration.h"

#include "report/calibrator.h"
#include "report/write.h"

#include "seqrec/memory.h"

#include <math.h>
#include <string.h>

static const char *const names[] = { [CALIBRATE_NONE] = "none", [CALIBRATE_PLATT] = "platt", [CALIBRATE_ISOTONIC] = "isotonic", [CALIBRATE_TEMPERATURE] = "temperature" };

static void add_array(text *t, const char *key, const double *value, size_t count)
{
	text_addf(t, ",\"%s\":[", key);
	for (size_t i = 0; i < count; i++) {
		text_add(t, i ? "," : "");
		write_number(t, value[i]);
	}
	text_add(t, "]");
}

void calibrator_json(const calibrator *c, text *t)
{
	text_addf(t, "{\"kind\":\"%s\",\"classes\":%zu,\"temperature\":", names[c->kind], c->classes);
	write_number(t, c->temperature);
	text_add(t, ",\"maps\":[");
	for (size_t k = 0; k < c->classes; k++) {
		text_add(t, k ? ",{\"slope\":" : "{\"slope\":");
		write_number(t, c->of[k].slope);
		text_add(t, ",\"offset\":");
		write_number(t, c->of[k].offset);
		add_array(t, "x", c->of[k].x, c->of[k].knots);
		add_array(t, "y", c->of[k].y, c->of[k].knots);
		text_add(t, "}");
	}
	text_add(t, "]}");
}

static bool read_array(const cJSON *tree, const char *key, double **value, size_t *count)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(tree, key);
	if (!cJSON_IsArray(list))
		return false;
	*value = xcalloc((size_t)cJSON_GetArraySize(list) + 1, sizeof **value);
	*count = 0;
	for (const cJSON *one = list->child; one; one = one->next) {
		if (!cJSON_IsNumber(one))
			return false;
		(*value)[(*count)++] = one->valuedouble;
	}
	return true;
}

static bool read_map(const cJSON *tree, map *m)
{
	size_t ys = 0;
	bool done = json_get_number(tree, "slope", &m->slope) && json_get_number(tree, "offset", &m->offset) && read_array(tree, "x", &m->x, &m->knots) && read_array(tree, "y", &m->y, &ys);
	return done && ys == m->knots;
}

calibrator *calibrator_read(const cJSON *tree)
{
	const char *kind = json_get_string(tree, "kind");
	const cJSON *maps = cJSON_GetObjectItemCaseSensitive(tree, "maps");
	calibrator *c = xcalloc(1, sizeof *c);
	for (int i = CALIBRATE_PLATT; kind && i <= CALIBRATE_TEMPERATURE; i++)
		c->kind = strcmp(kind, names[i]) == 0 ? i : c->kind;
	bool done = c->kind && json_get_number(tree, "temperature", &c->temperature) && c->temperature > 0 && cJSON_IsArray(maps);
	size_t classes = done ? (size_t)cJSON_GetArraySize(maps) : 0;
	c->of = xcalloc(classes + 1, sizeof *c->of);
	for (const cJSON *one = done ? maps->child : NULL; done && one; one = one->next)
		done = read_map(one, &c->of[c->classes++]);
	if (done && c->classes >= 2)
		return c;
	calibrator_free(c);
	return NULL;
}
