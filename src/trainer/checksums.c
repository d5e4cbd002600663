/* checksums.c - CRC-32 of the files of a model folder. */
#include "checksums.h"

#include "seqrec/file.h"
#include "seqrec/hash.h"
#include "seqrec/memory.h"
#include "seqrec/order.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	char **name; /* relative to the model folder */
	size_t count, capacity;
} names;

static bool find_files(names *found, const char *folder, const char *inner, sr_error *err)
{
	char *path = path_join(folder, inner);
	DIR *dir = opendir(path);
	bool done = dir != NULL || error_set_errno(err, "%s: the folder cannot be read", path);
	for (struct dirent *entry; done && (entry = readdir(dir));) {
		if (entry->d_name[0] == '.' || strcmp(entry->d_name, "model.json") == 0 || strcmp(entry->d_name, "MODEL_CARD.md") == 0 || text_ends(entry->d_name, ".safetensors"))
			continue;
		char *name = path_join(inner, entry->d_name), *whole = path_join(folder, name);
		if (file_is_folder(whole)) {
			done = find_files(found, folder, name, err);
			free(name);
		} else {
			found->name = xgrow(found->name, &found->capacity, found->count + 1, sizeof *found->name);
			found->name[found->count++] = name;
		}
		free(whole);
	}
	if (dir)
		closedir(dir);
	free(path);
	return done;
}

static bool checksum(const char *folder, const char *name, uint32_t *crc, sr_error *err)
{
	char *path = path_join(folder, name);
	file_map map;
	bool done = file_map_open(&map, path, err);
	if (done) {
		*crc = hash_crc32(0, map.bytes, map.length);
		file_map_close(&map);
	}
	free(path);
	return done;
}

bool checksums_add(text *out, const char *folder, sr_error *err)
{
	names found = { 0 };
	bool done = find_files(&found, folder, "", err);
	if (found.count)
		qsort(found.name, found.count, sizeof *found.name, order_text);
	text_add(out, "{");
	for (size_t i = 0; i < found.count; i++) {
		uint32_t crc = 0;
		done = done && checksum(folder, found.name[i], &crc, err);
		text_add(out, i ? "," : "");
		text_add_json(out, found.name[i], strlen(found.name[i]));
		text_addf(out, ":%u", crc);
		free(found.name[i]);
	}
	text_add(out, "}");
	free(found.name);
	return done;
}

/* Not there, which training anew mends; what is there and cannot be read is another matter. */
static bool is_missing(const char *folder, const char *name)
{
	char *path = path_join(folder, name);
	bool missing = !file_exists(path);
	free(path);
	return missing;
}

bool checksums_match(const cJSON *list, const char *folder, sr_error *err)
{
	for (const cJSON *entry = list ? list->child : NULL; entry; entry = entry->next) {
		uint32_t crc = 0;
		sr_error missing = { 0 };
		if (!checksum(folder, entry->string, &crc, &missing))
			return is_missing(folder, entry->string) ? error_set(err, SR_MODEL, "%s: the model is not whole. Train anew with --fresh", missing.text) : error_set(err, missing.code, "%s", missing.text);
		if ((double)crc != entry->valuedouble)
			return error_set(err, SR_MODEL, "%s/%s: was changed since it was published (its checksum differs): the model is damaged. Train anew with --fresh", folder, entry->string);
	}
	return cJSON_IsObject(list) || error_set(err, SR_MODEL, "%s/model.json: is damaged (files). Train anew with --fresh", folder);
}
