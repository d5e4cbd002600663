#ifndef LOADER_SOURCES_H
#define LOADER_SOURCES_H
/* sources.h - the files that a source's path stands for. */

#include "seqrec/config.h"
#include "seqrec/error.h"

/* A file, the files of a glob or of a folder (with its subfolders) sorted bytewise, or "-". Markers and hidden files of data lakes are passed over. */
bool sources_expand(const char *path, strings *files, sr_error *err);
void strings_clear(strings *list);
void strings_append(strings *list, const char *item);

/* Hive keys of a path, ".../dt=2026-11-01/..." -> dt. The caller frees with map_clear. */
void sources_keys(const char *path, string_map *keys);
void map_clear(string_map *map);

#endif
