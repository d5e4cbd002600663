/* manifest.json: schema, counts, conservation, sources, checksums. Its last member is the CRC-32 of the text before it. */
#include "loader/manifest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "loader/ranks.h"
#include "loader/write.h"
#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

static const char seal[] = ",\n\"crc32\": ";
enum { MANIFEST_LIMIT = 64 * 1024 * 1024 };

void manifest_data_hash(const config *c, char out[SHA256_TEXT])
{
	char *section = config_print_section(c, "data");
	sha256 sum;
	sha256_start(&sum);
	sha256_add(&sum, section, strlen(section));
	sha256_text(&sum, out);
	free(section);
}

static void add_string(text *t, const char *string)
{
	text_add_json(t, string, strlen(string));
}

static void add_counts(text *t, const char *name, const store_count *list, size_t count)
{
	text_addf(t, ", \"%s\": [", name);
	for (size_t i = 0; i < count; i++) {
		text_add(t, i ? ", {\"reason\": " : "{\"reason\": ");
		add_string(t, list[i].reason);
		text_addf(t, ", \"rows\": %" PRIu64 "}", list[i].rows);
	}
	text_add(t, "]");
}

static void add_conservation(text *t, const builder *b)
{
	const char *between = "";
	text_add(t, ",\n\"conservation\": [");
	for (int level = 0; level < LEVELS; level++) {
		const tally *k = &b->tally[level];
		if (!level_sources(b->data, (field_level)level)->count)
			continue;
		text_addf(t, "%s\n  {\"what\": \"%s\", \"read\": %" PRIu64 ", \"used\": %" PRIu64, between, level_name((field_level)level), k->read, k->used);
		add_counts(t, "filtered", k->filtered, k->filtered_count);
		add_counts(t, "bad", k->bad, k->bad_count);
		text_add(t, "}");
		between = ",";
	}
	text_add(t, "]");
}

static void add_fields(text *t, const builder *b)
{
	static const char *const kind[] = { "category", "categories", "number", "text", "vector" };
	text_add(t, ",\n\"fields\": [");
	for (size_t i = 0; i < b->field_count; i++) {
		const field_state *f = &b->field[i];
		text_add(t, i ? ",\n  {\"name\": " : "\n  {\"name\": ");
		add_string(t, f->config->name);
		text_addf(t, ", \"on\": \"%s\", \"kind\": \"%s\", \"width\": %zu, \"values\": %u}", level_name((field_level)f->config->on), kind[f->config->kind], f->words,
			f->values ? b->ranks->field[i].count : 0);
	}
	text_add(t, "]");
}

static void add_sources(text *t, const builder *b)
{
	text_add(t, ",\n\"sources\": [");
	for (size_t i = 0; i < b->file_count; i++) {
		const source_file *f = &b->file[i];
		text_add(t, i ? ",\n  {\"path\": " : "\n  {\"path\": ");
		add_string(t, f->path);
		text_addf(t, ", \"size\": %" PRIu64 ", \"modified\": \"%" PRId64 "\", \"sha256\": \"%s\"}", f->size, f->modified, f->sum);
	}
	text_add(t, "]");
}

static void add_files(text *t, const builder *b)
{
	text_add(t, ",\n\"files\": [");
	for (size_t i = 0; i < b->stored_count; i++) {
		text_add(t, i ? ",\n  {\"name\": " : "\n  {\"name\": ");
		add_string(t, b->stored[i].name);
		text_addf(t, ", \"size\": %" PRIu64 ", \"crc32\": %" PRIu32 "}", b->stored[i].size, b->stored[i].crc);
	}
	text_add(t, "]");
}

static void add_counts_of_values(text *t, const builder *b)
{
	const struct ranks *r = b->ranks;
	text_addf(t, ",\n\"events\": %" PRIu64 ", \"samples\": %" PRIu64 ", \"first_time\": \"%" PRId64 "\", \"last_time\": \"%" PRId64 "\"", b->event_count,
		spill_count(b->samples), b->first_time, b->last_time);
	text_addf(t, ",\n\"users\": %u, \"items\": %u, \"types\": %u, \"queries\": %u, \"sessions\": %u, \"labels\": %u, \"splits\": %u", r->users.count, r->items.count,
		r->types.count, r->queries.count, r->sessions.count, r->labels.count, r->splits.count);
}

/* What identifies the data: their settings and the bytes of their sources. */
static void fingerprint(const builder *b, const char *data_hash, char out[SHA256_TEXT])
{
	sha256 sum;
	sha256_start(&sum);
	sha256_add(&sum, data_hash, strlen(data_hash));
	for (size_t i = 0; i < b->file_count; i++)
		sha256_add(&sum, b->file[i].sum, SHA256_TEXT - 1);
	sha256_text(&sum, out);
}

bool manifest_write(builder *b, sr_error *err)
{
	char data_hash[SHA256_TEXT], print[SHA256_TEXT];
	text t = { 0 };
	manifest_data_hash(b->config, data_hash);
	fingerprint(b, data_hash, print);
	text_addf(&t, "{\n\"format\": \"seqrec event store\", \"version\": %d,\n\"data\": \"%s\",\n\"fingerprint\": \"%s\"", STORE_VERSION, data_hash, print);
	add_counts_of_values(&t, b);
	add_conservation(&t, b);
	add_fields(&t, b);
	add_sources(&t, b);
	add_files(&t, b);
	uint32_t crc = hash_crc32(0, t.data, t.length);
	text_addf(&t, "%s%" PRIu32 "\n}\n", seal, crc);
	char *path = path_join(b->folder, MANIFEST);
	bool fine = file_write(path, t.data, t.length, err);
	free(path);
	text_free(&t);
	return fine;
}

/* Where the seal begins in the text, or NULL. */
static const char *seal_find(const char *bytes, size_t length)
{
	size_t width = sizeof seal - 1;
	for (size_t at = length; at-- > 0;)
		if (length - at >= width && memcmp(bytes + at, seal, width) == 0)
			return bytes + at;
	return NULL;
}

static bool seal_check(const char *bytes, size_t length, const cJSON *tree)
{
	double crc;
	const char *at = seal_find(bytes, length);
	return at && json_get_number(tree, "crc32", &crc) && crc == (double)hash_crc32(0, bytes, (size_t)(at - bytes));
}

cJSON *manifest_read(const char *folder, sr_error *err)
{
	char *path = path_join(folder, MANIFEST);
	size_t length;
	double version;
	cJSON *tree = NULL;
	char *bytes = NULL;
	if (!file_exists(path)) {
		error_set(err, SR_DATA, "%s: is no event store (it has no %s); run `seqrec prepare`", folder, MANIFEST);
		goto done;
	}
	if (!(bytes = file_read(path, MANIFEST_LIMIT, &length, err)))
		goto done;
	sr_error wrong = { 0 };
	tree = json_parse(bytes, length, false, path, SR_DATA, &wrong);
	const char *format = tree ? json_get_string(tree, "format") : NULL;
	bool ours = format && strcmp(format, "seqrec event store") == 0 && seal_check(bytes, length, tree) && json_get_number(tree, "version", &version);
	if (ours && version == STORE_VERSION)
		goto done;
	if (ours)
		error_set(err, SR_DATA, "%s: the store has version %g, this program reads version %d; run `seqrec prepare` again", path, version, STORE_VERSION);
	else
		error_set(err, SR_DATA, "%s: the manifest is damaged%s%s; run `seqrec prepare` again", path, wrong.code ? ": " : "", wrong.text);
	cJSON_Delete(tree);
	tree = NULL;
done:
	free(path);
	free(bytes);
	return tree;
}
