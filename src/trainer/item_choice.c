/* item_choice.c - lists of allowed and denied items, and the category that a cap counts. */
#include "item_choice.h"

#include "seqrec/file.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_MOST = 1 << 30 };

static size_t item_rows(const features *f)
{
	return features_shape(f)->event[features_shape(f)->item].rows;
}

/* listed[row] for each line that names an item of the model. */
static bool read_list(const char *path, const features *f, const store *s, bool *listed, size_t *found, sr_error *err)
{
	size_t length, unknown = 0;
	char *content = file_read(path, LIST_MOST, &length, err);
	*found = 0;
	for (char *line = content, *next; line && *line; line = next) {
		size_t width = strcspn(line, "\n");
		next = line + width + (line[width] == '\n');
		width -= width && line[width - 1] == '\r';
		uint32_t item = width ? vocabulary_find(s->item_ids, line, width) : 0, row = item ? features_item_row(f, item) : 0;
		if (row >= PACK_FIRST_ITEM)
			listed[row] = true;
		*found += row >= PACK_FIRST_ITEM;
		unknown += width && row < PACK_FIRST_ITEM;
	}
	if (unknown)
		log_warning("%s: %zu of its items are not known to the model", path, unknown);
	free(content);
	return content != NULL;
}

static bool hide_lists(item_choice *out, const recommend_rules *rules, const features *f, const store *s, sr_error *err)
{
	size_t rows = item_rows(f), found;
	bool *listed = xcalloc(rows, sizeof *listed), done = true;
	out->hidden = xcalloc(rows, sizeof *out->hidden);
	if (rules->allow)
		done = read_list(rules->allow, f, s, listed, &found, err) && (found || error_set(err, SR_CONFIG, "--allow %s: names no item that the model knows, so nothing could be recommended", rules->allow));
	for (size_t row = 0; rules->allow && row < rows; row++)
		out->hidden[row] = !listed[row];
	memset(listed, 0, rows * sizeof *listed);
	done = done && (!rules->deny || read_list(rules->deny, f, s, listed, &found, err));
	for (size_t row = 0; row < rows; row++)
		out->hidden[row] = out->hidden[row] || listed[row];
	free(listed);
	return done;
}

static bool read_groups(item_choice *out, const recommend_rules *rules, const features *f, const store *s, sr_error *err)
{
	const store_field *category = rules->cap_field ? store_find_field(s, LEVEL_ITEM, rules->cap_field) : NULL;
	int64_t most = 0;
	if (!rules->cap || !number_parse_int(rules->cap, strlen(rules->cap), &most) || most < 1)
		return error_set(err, SR_CONFIG, "--cap %s: must be a whole number from 1, with --cap-field FIELD", rules->cap ? rules->cap : "");
	if (!category || category->kind != KIND_CATEGORY)
		return error_set(err, SR_CONFIG, "--cap-field %s: is not a field of data.fields on item of kind category", rules->cap_field ? rules->cap_field : "");
	out->most = (size_t)most;
	out->group = xcalloc(item_rows(f), sizeof *out->group);
	for (uint32_t item = 1; item <= s->items; item++)
		out->group[features_item_row(f, item)] = category->code[item - 1];
	return true;
}

bool item_choice_open(item_choice *out, const recommend_rules *rules, const features *f, const store *s, sr_error *err)
{
	*out = (item_choice){ 0 };
	if ((rules->allow || rules->deny) && !hide_lists(out, rules, f, s, err))
		return false;
	return (!rules->cap && !rules->cap_field) || read_groups(out, rules, f, s, err);
}

void item_choice_close(item_choice *c)
{
	free(c->hidden);
	free(c->group);
	*c = (item_choice){ 0 };
}
