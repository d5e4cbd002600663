/* tree.c - folders as values: copied, removed, read into memory, compared. */
#define _GNU_SOURCE
#include "tree.h"

#include <dirent.h>
#include <err.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void add_folder(tree *t, const char *root, const char *below);

static void add_file(tree *t, const char *whole, const char *below)
{
	struct stat info;
	if (stat(whole, &info) < 0)
		err(1, "%s", whole);
	FILE *f = S_ISDIR(info.st_mode) ? NULL : fopen(whole, "rb");
	tree_file one = { .path = strdup(below), .length = f ? (size_t)info.st_size : 0 };
	one.bytes = malloc(one.length + 1);
	if (f && fread(one.bytes, 1, one.length, f) != one.length)
		err(1, "%s", whole);
	one.bytes[one.length] = '\0';
	if (f)
		fclose(f);
	t->file = realloc(t->file, (t->count + 1) * sizeof *t->file);
	t->file[t->count++] = one;
}

static void add_folder(tree *t, const char *root, const char *below)
{
	char whole[4096], inner[2048];
	snprintf(whole, sizeof whole, "%s/%s", root, below);
	DIR *folder = opendir(whole);
	if (!folder)
		err(1, "%s", whole);
	for (struct dirent *entry; (entry = readdir(folder));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(inner, sizeof inner, "%s%s%s", below, *below ? "/" : "", entry->d_name);
		snprintf(whole, sizeof whole, "%s/%s", root, inner);
		if (entry->d_type == DT_DIR)
			add_folder(t, root, inner);
		else
			add_file(t, whole, inner);
	}
	closedir(folder);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const tree_file *)a)->path, ((const tree_file *)b)->path);
}

tree tree_read(const char *folder)
{
	tree t = { 0 };
	add_folder(&t, folder, "");
	tree_sort(&t);
	return t;
}

void tree_sort(tree *t)
{
	if (t->count)
		qsort(t->file, t->count, sizeof *t->file, by_path);
}

void tree_write(const tree *t, const char *folder)
{
	char whole[4096];
	if (mkdir(folder, 0700) < 0)
		err(1, "%s", folder);
	for (size_t i = 0; i < t->count; i++) {
		int length = snprintf(whole, sizeof whole, "%s/%s", folder, t->file[i].path);
		for (char *slash = whole + strlen(folder) + 1; (slash = strchr(slash, '/')) && slash < whole + length; *slash++ = '/') {
			*slash = '\0';
			mkdir(whole, 0700);
		}
		FILE *f = fopen(whole, "wb");
		if (!f || fwrite(t->file[i].bytes, 1, t->file[i].length, f) != t->file[i].length || fclose(f) != 0)
			err(1, "%s", whole);
	}
}

void tree_free(tree *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->file[i].path);
		free(t->file[i].bytes);
	}
	free(t->file);
	*t = (tree){ 0 };
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
	(void)info, (void)kind, (void)where;
	return remove(path);
}

void tree_remove(const char *folder)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const tree_file *tree_find(const tree *t, const char *path)
{
	const tree_file key = { .path = (char *)path };
	return t->count ? bsearch(&key, t->file, t->count, sizeof key, by_path) : NULL;
}

bool file_equal(const tree_file *a, const tree_file *b)
{
	return a && b ? a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0 : a == b;
}
