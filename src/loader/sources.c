/* Path, glob, folder -> files; the keys in Hive-style paths. */
#include "loader/sources.h"

#include <dirent.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

void strings_append(strings *list, const char *item)
{
	list->item = xrealloc(list->item, list->count + 1, sizeof *list->item);
	list->item[list->count++] = xstrdup(item);
}

void strings_clear(strings *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->item[i]);
	free(list->item);
	*list = (strings){ 0 };
}

void map_clear(string_map *map)
{
	for (size_t i = 0; i < map->count; i++) {
		free(map->key[i]);
		free(map->value[i]);
	}
	free(map->key);
	free(map->value);
	*map = (string_map){ 0 };
}

static void map_append(string_map *map, const char *key, size_t key_length, const char *value, size_t value_length)
{
	map->key = xrealloc(map->key, map->count + 1, sizeof *map->key);
	map->value = xrealloc(map->value, map->count + 1, sizeof *map->value);
	map->key[map->count] = xstrndup(key, key_length);
	map->value[map->count++] = xstrndup(value, value_length);
}

/* _SUCCESS, _committed_123, _temporary, .part.crc: what Spark and its like leave beside the data; and files hidden by a dot. */
static bool is_marker(const char *path)
{
	const char *name = path_name(path);
	return name[0] == '.' || text_ends(name, ".crc") || strcmp(name, "_SUCCESS") == 0 || strcmp(name, "_temporary") == 0 || text_starts(name, "_committed") ||
		text_starts(name, "_started");
}

static bool folder_expand(const char *path, strings *files, sr_error *err);

static bool entry_expand(const char *path, strings *files, sr_error *err)
{
	if (is_marker(path))
		return true;
	if (file_is_folder(path))
		return folder_expand(path, files, err);
	strings_append(files, path);
	return true;
}

static bool folder_expand(const char *path, strings *files, sr_error *err)
{
	DIR *folder = opendir(path);
	if (!folder)
		return error_set_errno(err, "%s: cannot read the folder", path);
	bool fine = true;
	for (struct dirent *entry; fine && (entry = readdir(folder));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		char *whole = path_join(path, entry->d_name);
		fine = entry_expand(whole, files, err);
		free(whole);
	}
	closedir(folder);
	return fine;
}

static bool glob_expand(const char *pattern, strings *files, sr_error *err)
{
	glob_t found;
	if (glob(pattern, GLOB_NOSORT, NULL, &found) != 0)
		return true;
	bool fine = true;
	for (size_t i = 0; i < found.gl_pathc && fine; i++)
		fine = entry_expand(found.gl_pathv[i], files, err);
	globfree(&found);
	return fine;
}

static int bytewise(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool sources_expand(const char *path, strings *files, sr_error *err)
{
	if (strcmp(path, "-") == 0 || (file_exists(path) && !file_is_folder(path))) {
		strings_append(files, path);
		return true;
	}
	bool fine = file_is_folder(path) ? folder_expand(path, files, err) : strpbrk(path, "*?[") ? glob_expand(path, files, err) : true;
	if (!fine)
		return false;
	if (!files->count)
		return error_set(err, SR_IO, "%s: there is no such file%s", path, file_is_folder(path) ? " in this folder" : strpbrk(path, "*?[") ? " (no match)" : "");
	qsort(files->item, files->count, sizeof *files->item, bytewise);
	return true;
}

void sources_keys(const char *path, string_map *keys)
{
	for (const char *part = path, *slash; (slash = strchr(part, '/')); part = slash + 1) {
		const char *equals = memchr(part, '=', (size_t)(slash - part));
		if (equals && equals > part)
			map_append(keys, part, (size_t)(equals - part), equals + 1, (size_t)(slash - equals - 1));
	}
}
