/* file.c - reading whole files, mapping them, paths and folders. */
#include "seqrec/file.h"

#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_regular(const char *path, struct stat *info, sr_error *err)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0) {
		error_set_errno(err, "%s", path);
		return -1;
	}
	if (fstat(file, info) < 0 || S_ISDIR(info->st_mode)) {
		errno = S_ISDIR(info->st_mode) ? EISDIR : errno;
		error_set_errno(err, "%s", path);
		close(file);
		return -1;
	}
	return file;
}

char *file_read(const char *path, size_t limit, size_t *length, sr_error *err)
{
	struct stat info;
	int file = open_regular(path, &info, err);
	if (file < 0)
		return NULL;
	text content = { 0 };
	text_add(&content, "");
	char part[64 * 1024];
	ssize_t got;
	while ((got = read(file, part, sizeof part)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			error_set_errno(err, "%s", path);
			break;
		}
		text_add_bytes(&content, part, (size_t)got);
		if (content.length > limit) {
			error_set(err, SR_DATA, "%s: is longer than the %zu bytes such a file may have", path, limit);
			got = -1;
			break;
		}
	}
	close(file);
	if (got < 0) {
		text_free(&content);
		return NULL;
	}
	if (length)
		*length = content.length;
	return content.data;
}

bool file_map_open(file_map *map, const char *path, sr_error *err)
{
	*map = (file_map){ 0 };
	struct stat info;
	int file = open_regular(path, &info, err);
	if (file < 0)
		return false;
	bool done = true;
	if (info.st_size > 0) {
		void *bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, file, 0);
		done = bytes != MAP_FAILED;
		if (done)
			*map = (file_map){ bytes, (size_t)info.st_size };
		else
			error_set_errno(err, "%s", path);
	}
	close(file);
	return done;
}

void file_map_close(file_map *map)
{
	if (map->bytes)
		munmap((void *)(uintptr_t)map->bytes, map->length);
	*map = (file_map){ 0 };
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool file_is_folder(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool folder_sync(const char *path, sr_error *err)
{
	char *name = path_folder(path);
	int folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), failed = folder < 0 ? errno : 0;
	free(name);
	if (folder >= 0 && fsync(folder) < 0 && errno != EINVAL) /* some file systems cannot sync a folder, which is no failure */
		failed = errno;
	if (folder >= 0)
		close(folder);
	errno = failed;
	return !failed || error_set_errno(err, "%s: was written, but its folder could not be synced", path);
}

bool folder_make(const char *path, sr_error *err)
{
	char *part = xstrdup(path);
	bool done = true;
	for (size_t i = 1, length = strlen(part); done && i <= length; i++) {
		if (part[i] != '/' && part[i] != '\0')
			continue;
		char kept = part[i];
		part[i] = '\0';
		if (mkdir(part, 0777) == 0)
			done = folder_sync(part, err);
		else if (!file_is_folder(part))
			done = error_set_errno(err, "%s: the folder cannot be made", part);
		part[i] = kept;
	}
	free(part);
	return done;
}

bool folder_remove(const char *path, sr_error *err)
{
	struct stat info;
	if (lstat(path, &info) < 0)
		return errno == ENOENT || error_set_errno(err, "%s: cannot be removed", path);
	if (!S_ISDIR(info.st_mode)) /* a link is removed, never what it points to */
		return unlink(path) == 0 || errno == ENOENT || error_set_errno(err, "%s: cannot be removed", path);
	DIR *folder = opendir(path);
	if (!folder)
		return error_set_errno(err, "%s: cannot be removed", path);
	bool done = true;
	for (struct dirent *entry; done && (entry = readdir(folder));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		char *inner = path_join(path, entry->d_name);
		done = folder_remove(inner, err);
		free(inner);
	}
	closedir(folder);
	return done && (rmdir(path) == 0 || errno == ENOENT || error_set_errno(err, "%s: cannot be removed", path));
}

char *path_join(const char *folder, const char *name)
{
	if (name[0] == '/' || !folder[0])
		return xstrdup(name);
	return text_format("%s%s%s", folder, text_ends(folder, "/") ? "" : "/", name);
}

char *path_absolute(const char *path)
{
	char here[4096] = "/";
	if (path[0] != '/' && !getcwd(here, sizeof here))
		return xstrdup(path);
	char *whole = path_join(here, path), *out = whole;
	for (const char *part = whole; *part;) {
		size_t slashes = strspn(part, "/"), length = strcspn(part + slashes, "/");
		const char *name = part + slashes;
		if (length == 2 && memcmp(name, "..", 2) == 0) {
			while (out > whole && *--out != '/')
				;
		} else if (length && !(length == 1 && *name == '.')) {
			*out++ = '/';
			memmove(out, name, length);
			out += length;
		}
		part = name + length;
	}
	if (out == whole)
		*out++ = '/';
	*out = '\0';
	return whole;
}

char *path_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return xstrdup(".");
	return xstrndup(path, slash == path ? 1 : (size_t)(slash - path));
}

const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}
