/* Builds an event store beside its place and puts it there when it is finished; tells whether a store is still that of its logs. */
#include "seqrec/store.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "loader/manifest.h"
#include "loader/ranks.h"
#include "loader/sources.h"
#include "loader/write.h"
#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

static bool filters_judge(const builder *b, sr_error *err)
{
	for (size_t i = 0; i < b->data->filters.count; i++)
		if (!b->filter_found[i])
			return error_set(err, SR_CONFIG, "data.filters[%zu]: no source of data.events or data.samples has a column \"%s\"", i,
				b->data->filters.item[i].field);
	return true;
}

static bool tallies_check(const builder *b, sr_error *err)
{
	for (int level = 0; level < LEVELS; level++)
		if (!tally_check(&b->tally[level], level_name((field_level)level), err))
			return false;
	return true;
}

static bool build(const config *c, const char *folder, unsigned threads, sr_error *err)
{
	builder *b = builder_new(c, folder, err);
	if (b)
		b->threads = threads;
	bool fine = b && events_read(b, err) && entities_read(b, LEVEL_USER, err) && entities_read(b, LEVEL_ITEM, err) && labels_read(b, err) &&
		filters_judge(b, err) && events_arrange(b, err) && tallies_check(b, err) && ranks_make(b, err) &&
		vocabularies_write(b, err) && events_write(b, err) && entities_write(b, LEVEL_USER, err) && entities_write(b, LEVEL_ITEM, err) &&
		samples_write(b, err) && stored_commit(b, err) && quarantine_commit(b->bad, err) && manifest_write(b, err);
	builder_free(b);
	return fine;
}

static bool is_store(const char *folder)
{
	char *manifest = path_join(folder, MANIFEST);
	bool there = file_exists(manifest);
	free(manifest);
	return there;
}

/* What stands at the store's place may only be replaced when it is a store. */
static bool place_check(const char *folder, sr_error *err)
{
	if (!file_exists(folder) || is_store(folder) || (file_is_folder(folder) && remove(folder) == 0))
		return true;
	return error_set(err, SR_CONFIG, "%s: is there already and is no event store; it was left alone. Choose another data.store, or remove it", folder);
}

/* The finished folder takes its place; what was there goes away last. */
static bool place_take(const char *built, const char *folder, sr_error *err)
{
	char *old = text_format("%s.old", folder);
	bool fine = folder_remove(old, err);
	if (fine && file_exists(folder) && rename(folder, old) != 0)
		fine = error_set_errno(err, "%s: cannot be moved aside; what was there before is kept", folder);
	if (fine && rename(built, folder) != 0) {
		fine = error_set_errno(err, "%s: the new store cannot be put in place", folder);
		rename(old, folder);
	}
	if (fine && !folder_sync(folder, err)) {
		fine = false; /* the new one goes back and the old one comes back */
		if (rename(folder, built) == 0)
			rename(old, folder);
	}
	fine = fine && folder_remove(old, err);
	free(old);
	return fine;
}

/* "store/" -> "store". New. */
static char *place_of(const char *folder)
{
	char *place = xstrdup(folder);
	while (strlen(place) > 1 && text_ends(place, "/"))
		place[strlen(place) - 1] = 0;
	return place;
}

/* A process that was killed while a store took its place left the old one aside: it goes back where there is none, away where there is. */
static void place_mend(const char *place)
{
	char *old = text_format("%s.old", place), *built = text_format("%s.building", place);
	folder_lock *lock = file_exists(old) && folder_make(built, NULL) ? folder_lock_take(built, NULL) : NULL;
	if (lock && (file_exists(place) || rename(old, place) != 0))
		folder_remove(old, NULL);
	if (lock)
		folder_remove(built, NULL);
	folder_lock_free(lock);
	free(old);
	free(built);
}

/* Removes what a build that was killed left behind; the lock stays. */
static bool folder_empty(const char *folder, sr_error *err)
{
	DIR *open = opendir(folder);
	if (!open)
		return error_set_errno(err, "%s: cannot read the folder", folder);
	bool fine = true;
	folder_clean(folder);
	for (struct dirent *entry; fine && (entry = readdir(open));) {
		if (entry->d_name[0] == '.')
			continue;
		char *path = path_join(folder, entry->d_name);
		if (file_is_folder(path))
			fine = folder_remove(path, err);
		else if (remove(path) != 0)
			fine = error_set_errno(err, "%s: cannot be removed", path);
		free(path);
	}
	closedir(open);
	return fine;
}

bool store_build(const config *c, const char *folder, unsigned threads, sr_error *err)
{
	if (!c->data.events.count && !c->data.samples.count)
		return error_set(err, SR_CONFIG, "data.events: names no logs, and data.samples none either");
	char *place = place_of(folder), *built = text_format("%s.building", place);
	folder_lock *lock = NULL;
	bool fine = place_check(place, err) && folder_make(built, err) && (lock = folder_lock_take(built, err)) && folder_empty(built, err) && build(c, built, threads, err) &&
		place_take(built, place, err);
	if (!fine && lock)
		folder_remove(built, NULL);
	folder_lock_free(lock);
	free(built);
	free(place);
	return fine;
}

/* The files that the data section stands for today. */
static bool files_today(const config *c, strings *files)
{
	for (int level = 0; level < LEVELS; level++) {
		const source_list *sources = level_sources(&c->data, (field_level)level);
		for (size_t i = 0; i < sources->count; i++) {
			strings some = { 0 };
			bool fine = sources_expand(sources->item[i].path, &some, NULL);
			for (size_t k = 0; k < some.count; k++)
				strings_append(files, some.item[k]);
			strings_clear(&some);
			if (!fine)
				return false;
		}
	}
	return true;
}

static bool same_bytes(const char *path, const char *wanted)
{
	file_map map;
	char sum[SHA256_TEXT];
	sha256 s;
	if (!file_map_open(&map, path, NULL))
		return false;
	sha256_start(&s);
	sha256_add(&s, map.bytes, map.length);
	sha256_text(&s, sum);
	file_map_close(&map);
	return strcmp(sum, wanted) == 0;
}

static bool source_unchanged(const cJSON *source, const char *path)
{
	const char *name = json_get_string(source, "path"), *modified = json_get_string(source, "modified"), *sum = json_get_string(source, "sha256");
	size_t size;
	struct stat about;
	char now[32];
	if (!name || !modified || !sum || !json_get_size(source, "size", &size) || strcmp(name, path) != 0 || strcmp(path, "-") == 0 || stat(path, &about) != 0)
		return false;
	snprintf(now, sizeof now, "%lld", (long long)about.st_mtim.tv_sec * 1000000000 + about.st_mtim.tv_nsec);
	return (uint64_t)about.st_size == size && (strcmp(now, modified) == 0 || same_bytes(path, sum));
}

bool store_is_current(const config *c, const char *folder)
{
	char hash[SHA256_TEXT], *place = place_of(folder);
	place_mend(place);
	free(place);
	strings files = { 0 };
	cJSON *manifest = manifest_read(folder, NULL);
	const char *had = manifest ? json_get_string(manifest, "data") : NULL;
	const cJSON *sources = cJSON_GetObjectItemCaseSensitive(manifest, "sources");
	manifest_data_hash(c, hash);
	bool current = had && strcmp(had, hash) == 0 && files_today(c, &files) && (size_t)cJSON_GetArraySize(sources) == files.count;
	const cJSON *source = sources ? sources->child : NULL;
	for (size_t i = 0; i < files.count && current; i++, source = source->next)
		current = source_unchanged(source, files.item[i]);
	strings_clear(&files);
	cJSON_Delete(manifest);
	return current;
}
