/* rule_file.c - a rule as model.safetensors: its numbers under their names, checked against the vocabulary it was counted with. */
#include "item_counts.h"

#include "seqrec/memory.h"
#include "seqrec/safetensors.h"

#include <stdlib.h>
#include <string.h>

bool rule_save(const item_rule *r, const char *path, sr_error *err)
{
	uint64_t v = r->items, pairs = r->start ? r->start[v] : 0;
	safe_tensor part[5];
	size_t count = 0;
	part[count++] = (safe_tensor){ .name = "popularity", .type = SAFE_F32, .dimensions = 1, .shape = { v }, .data = r->popularity };
	if (r->base)
		part[count++] = (safe_tensor){ .name = "score", .type = SAFE_F32, .dimensions = 1, .shape = { v }, .data = r->base };
	if (r->start) {
		part[count++] = (safe_tensor){ .name = "row_start", .type = SAFE_I64, .dimensions = 1, .shape = { v + 1 }, .data = r->start };
		part[count++] = (safe_tensor){ .name = "column", .type = SAFE_U32, .dimensions = 1, .shape = { pairs }, .data = r->to };
		part[count++] = (safe_tensor){ .name = "weight", .type = SAFE_F32, .dimensions = 1, .shape = { pairs }, .data = r->weight };
	}
	if (r->dense)
		part[count++] = (safe_tensor){ .name = "item_item", .type = SAFE_F32, .dimensions = 2, .shape = { v, v }, .data = r->dense };
	const safe_note note = { "rule", rule_name(r->kind) };
	return safetensors_write(path, part, count, &note, 1, err);
}

static void *copy(const safetensors *s, const char *name, safe_type type, size_t dimensions, const uint64_t shape[2], sr_error *err)
{
	const safe_tensor *found = safetensors_need(s, name, type, dimensions, shape, err);
	size_t bytes = safe_size(type) * (size_t)shape[0] * (size_t)(dimensions == 2 ? shape[1] : 1);
	return found ? xmemdup(found->data, bytes) : NULL;
}

/* Rows end where the next begins, and name items that there are: what the scores rely on. */
static bool is_sparse(const item_rule *r, uint64_t pairs)
{
	bool good = r->start[0] == 0 && r->start[r->items] == pairs;
	for (size_t i = 0; good && i < r->items; i++)
		good = r->start[i] <= r->start[i + 1];
	for (uint64_t k = 0; good && k < pairs; k++)
		good = r->to[k] < r->items;
	return good;
}

static bool read_sparse(item_rule *r, const safetensors *s, const char *path, sr_error *err)
{
	const safe_tensor *column = safetensors_find(s, "column");
	const uint64_t rows[2] = { r->items + 1 }, pairs[2] = { column && column->dimensions == 1 ? column->shape[0] : 0 };
	r->start = copy(s, "row_start", SAFE_I64, 1, rows, err);
	r->to = r->start ? copy(s, "column", SAFE_U32, 1, pairs, err) : NULL;
	r->weight = r->to ? copy(s, "weight", SAFE_F32, 1, pairs, err) : NULL;
	return r->weight && (is_sparse(r, pairs[0]) || error_set(err, SR_MODEL, "%s: is damaged: its rows do not fit its columns", path));
}

static bool read_parts(item_rule *r, const safetensors *s, const char *path, sr_error *err)
{
	const uint64_t v[2] = { r->items, r->items };
	r->popularity = copy(s, "popularity", SAFE_F32, 1, v, err);
	if (!r->popularity)
		return false;
	if (r->kind == RULE_POPULARITY || r->kind == RULE_RECENT)
		return (r->base = copy(s, "score", SAFE_F32, 1, v, err)) != NULL;
	if (r->kind == RULE_EASE)
		return (r->dense = copy(s, "item_item", SAFE_F32, 2, v, err)) != NULL;
	return r->kind == RULE_LAST || read_sparse(r, s, path, err);
}

item_rule *rule_load(rule_kind kind, const char *path, const features *f, sr_error *err)
{
	safetensors *s = safetensors_open(path, err);
	if (!s)
		return NULL;
	item_rule *r = xcalloc(1, sizeof *r);
	*r = (item_rule){ .kind = kind, .items = features_shape(f)->event[features_shape(f)->item].rows };
	bool done = read_parts(r, s, path, err);
	safetensors_close(s);
	if (done) {
		rule_sort(r);
		return r;
	}
	rule_free(r);
	return NULL;
}
