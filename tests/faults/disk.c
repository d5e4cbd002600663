/* disk.c - files and folders as inodes, so that bytes and names can reach the disk one without the other; modelled on the crash states of
 * Pillai et al. 2014 (All File Systems Are Not Created Equal, OSDI), section 3. */
#define _GNU_SOURCE
#include "disk.h"

#include "oplog.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES = 1024, ROOT = 0, NOWHERE = -1 };

/* ---- inodes ---- */

typedef struct {
	char *name;
	int node;
} link_to;

typedef struct {
	bool folder;
	link_to *link; /* of a folder */
	size_t links;
	char *bytes;   /* of a file */
	size_t length;
} node;

typedef struct {
	node *node;
	size_t count;
} disk;

static int node_new(disk *d, bool folder)
{
	d->node = realloc(d->node, (d->count + 1) * sizeof *d->node);
	d->node[d->count] = (node){ .folder = folder };
	return (int)d->count++;
}

static link_to *link_find(const disk *d, int folder, const char *name)
{
	for (size_t i = 0; i < d->node[folder].links; i++)
		if (strcmp(d->node[folder].link[i].name, name) == 0)
			return &d->node[folder].link[i];
	return NULL;
}

static void link_set(disk *d, int folder, const char *name, int to)
{
	link_to *found = link_find(d, folder, name);
	node *n = &d->node[folder];
	if (found) {
		found->node = to;
		return;
	}
	n->link = realloc(n->link, (n->links + 1) * sizeof *n->link);
	n->link[n->links++] = (link_to){ strdup(name), to };
}

/* Only where the name still is that inode: what a later call put there stays. */
static void link_cut(disk *d, int folder, const char *name, int was)
{
	link_to *found = link_find(d, folder, name);
	if (!found || found->node != was)
		return;
	free(found->name);
	*found = d->node[folder].link[--d->node[folder].links];
}

static void bytes_cut(node *n, size_t length)
{
	n->bytes = realloc(n->bytes, length + 1);
	if (length > n->length)
		memset(n->bytes + n->length, 0, length - n->length);
	n->length = length;
}

static void bytes_put(node *n, size_t where, const char *bytes, size_t length)
{
	if (where + length > n->length)
		bytes_cut(n, where + length);
	memcpy(n->bytes + where, bytes, length);
}

static void disk_free(disk *d)
{
	for (size_t i = 0; i < d->count; i++) {
		for (size_t k = 0; k < d->node[i].links; k++)
			free(d->node[i].link[k].name);
		free(d->node[i].link);
		free(d->node[i].bytes);
	}
	free(d->node);
	*d = (disk){ 0 };
}

/* The folder that holds the last name of `path` (below the root), and that name; NOWHERE where a folder on the way is not there. */
static int walk(disk *d, const char *path, bool make, const char **name)
{
	int at = ROOT;
	for (const char *slash; (slash = strchr(path, '/')); path = slash + 1) {
		char *part = strndup(path, (size_t)(slash - path));
		link_to *found = link_find(d, at, part);
		if (!found && make) {
			link_set(d, at, part, node_new(d, true));
			found = link_find(d, at, part);
		}
		at = found ? found->node : NOWHERE;
		free(part);
		if (at == NOWHERE)
			break;
	}
	*name = path;
	return at;
}

static void disk_fill(disk *d, const tree *base)
{
	node_new(d, true);
	for (size_t i = 0; i < base->count; i++) {
		const char *name;
		int folder = walk(d, base->file[i].path, true, &name), made = node_new(d, false);
		bytes_put(&d->node[made], 0, base->file[i].bytes, base->file[i].length);
		link_set(d, folder, name, made);
	}
}

static void collect(const disk *d, int folder, const char *below, tree *out)
{
	for (size_t i = 0; i < d->node[folder].links; i++) {
		const node *n = &d->node[d->node[folder].link[i].node];
		char *path;
		if (asprintf(&path, "%s%s%s", below, *below ? "/" : "", d->node[folder].link[i].name) < 0)
			err(1, "memory");
		if (n->folder) {
			collect(d, d->node[folder].link[i].node, path, out);
			free(path);
			continue;
		}
		char *bytes = malloc(n->length + 1);
		memcpy(bytes, n->bytes ? n->bytes : "", n->length);
		out->file = realloc(out->file, (out->count + 1) * sizeof *out->file);
		out->file[out->count++] = (tree_file){ path, bytes, n->length };
	}
}

/* ---- the log, each call resolved to its inodes ---- */

enum { SET, CUT, PUT, LENGTH, SYNC };

typedef struct {
	int kind, node, folder; /* folder, name: SET and CUT; node of SYNC: a file or a folder */
	char *name;
	int from;               /* SET by a rename: the folder and name that it leaves; else NOWHERE */
	char *old;
	int64_t where;
	const char *bytes;
	size_t length;
	size_t safe;            /* this many calls make it safe; SIZE_MAX: none did */
} step;

struct disk_log {
	disk now;              /* as the program saw it; at the end of the reading, with all inodes */
	const tree *base;
	char *bytes;           /* the log file */
	step *step;
	size_t count;
	int files[FILES];      /* descriptor -> inode */
};

static step *step_new(disk_log *log, int kind, int of)
{
	log->step = realloc(log->step, (log->count + 1) * sizeof *log->step);
	log->step[log->count] = (step){ .kind = kind, .node = of, .from = NOWHERE, .safe = SIZE_MAX };
	return &log->step[log->count++];
}

static void name_set(disk_log *log, int folder, const char *name, int to)
{
	step *s = step_new(log, SET, to);
	s->folder = folder;
	s->name = strdup(name);
	link_set(&log->now, folder, name, to);
}

static void call_open(disk_log *log, const op_record *r, const char *path)
{
	const char *name;
	int folder = *path ? walk(&log->now, path, false, &name) : ROOT;
	link_to *found = *path && folder != NOWHERE ? link_find(&log->now, folder, name) : NULL;
	int opened = !*path ? ROOT : found ? found->node : NOWHERE;
	if (opened == NOWHERE && folder != NOWHERE && r->where & O_CREAT)
		name_set(log, folder, name, opened = node_new(&log->now, false));
	else if (opened != NOWHERE && r->where & O_TRUNC) {
		step_new(log, LENGTH, opened)->where = 0;
		bytes_cut(&log->now.node[opened], 0);
	}
	log->files[r->file % FILES] = opened;
}

static void call_rename(disk_log *log, const char *from, const char *to)
{
	const char *old, *name;
	int left = walk(&log->now, from, false, &old), entered = walk(&log->now, to, false, &name), moved = link_find(&log->now, left, old)->node;
	name_set(log, entered, name, moved);
	log->step[log->count - 1].from = left;
	log->step[log->count - 1].old = strdup(old);
	link_cut(&log->now, left, old, moved);
}

static void call_unlink(disk_log *log, const char *path)
{
	const char *name;
	int folder = walk(&log->now, path, false, &name);
	link_to *found = folder != NOWHERE ? link_find(&log->now, folder, name) : NULL;
	if (!found)
		return; /* an empty folder of the base, which a tree does not hold */
	int gone = found->node;
	step *s = step_new(log, CUT, gone);
	s->folder = folder;
	s->name = strdup(name);
	link_cut(&log->now, folder, name, gone);
}

static void call_write(disk_log *log, const op_record *r, int file, const char *bytes)
{
	step *s = step_new(log, PUT, file);
	s->where = r->where;
	s->bytes = bytes;
	s->length = r->length;
	bytes_put(&log->now.node[file], (size_t)r->where, bytes, r->length);
}

/* All that was pending on the inode is safe. */
static void call_sync(disk_log *log, int synced)
{
	step_new(log, SYNC, synced);
	for (size_t i = 0; i < log->count; i++) {
		step *s = &log->step[i];
		bool names = s->kind == SET || s->kind == CUT;
		if (s->safe == SIZE_MAX && (names ? s->folder : s->node) == synced)
			s->safe = log->count;
	}
}

/* The path below `folder`; NULL when it is elsewhere; "" for the folder. */
static const char *below(char *path, const char *folder)
{
	size_t length = strlen(folder);
	for (char *dot; (dot = strstr(path, "/./"));)
		memmove(dot, dot + 2, strlen(dot + 2) + 1);
	if (strlen(path) > 2 && strcmp(path + strlen(path) - 2, "/.") == 0)
		path[strlen(path) - 2] = '\0';
	if (strncmp(path, folder, length) != 0 || (path[length] && path[length] != '/'))
		return NULL;
	return path[length] ? path + length + 1 : path + length;
}

static void call(disk_log *log, const op_record *r, const char *path, const char *other, const char *bytes)
{
	int file = r->file >= 0 ? log->files[r->file % FILES] : NOWHERE;
	const char *name;
	switch (r->kind) {
	case OP_OPEN:
		log->files[r->file % FILES] = NOWHERE;
		if (path)
			call_open(log, r, path);
		break;
	case OP_CLOSE: log->files[r->file % FILES] = NOWHERE; break;
	case OP_WRITE:
		if (file != NOWHERE)
			call_write(log, r, file, bytes);
		break;
	case OP_TRUNCATE:
		if (file != NOWHERE) {
			step_new(log, LENGTH, file)->where = r->where;
			bytes_cut(&log->now.node[file], (size_t)r->where);
		}
		break;
	case OP_SYNC:
		if (file != NOWHERE)
			call_sync(log, file);
		break;
	case OP_MKDIR:
		if (path) {
			int folder = walk(&log->now, path, false, &name);
			name_set(log, folder, name, node_new(&log->now, true));
		}
		break;
	case OP_RENAME: call_rename(log, path, other); break;
	case OP_UNLINK: call_unlink(log, path); break;
	}
}

disk_log *disk_log_read(const char *file, const char *folder, const tree *base)
{
	disk_log *log = calloc(1, sizeof *log);
	FILE *f = fopen(file, "rb");
	if (!f || fseek(f, 0, SEEK_END) != 0)
		err(1, "%s", file);
	size_t length = (size_t)ftell(f);
	rewind(f);
	log->bytes = malloc(length);
	if (fread(log->bytes, 1, length, f) != length)
		err(1, "%s", file);
	fclose(f);
	log->base = base;
	memset(log->files, -1, sizeof log->files);
	disk_fill(&log->now, base);
	for (size_t at = 0; at < length;) {
		op_record r;
		memcpy(&r, log->bytes + at, sizeof r);
		at += sizeof r;
		char *path = strndup(log->bytes + at, r.path), *other = strndup(log->bytes + at + r.path, r.other);
		at += r.path + r.other;
		call(log, &r, below(path, folder), below(other, folder), log->bytes + at);
		at += r.length;
		free(path);
		free(other);
	}
	return log;
}

size_t disk_log_count(const disk_log *log)
{
	return log->count;
}

void disk_log_free(disk_log *log)
{
	for (size_t i = 0; i < log->count; i++) {
		free(log->step[i].name);
		free(log->step[i].old);
	}
	disk_free(&log->now);
	free(log->step);
	free(log->bytes);
	free(log);
}

/* ---- a state after the loss ---- */

static uint64_t coin(uint64_t seed, uint64_t of)
{
	uint64_t x = (seed + 1) * 0x9E3779B97F4A7C15u + of * 0xBF58476D1CE4E5B9u; /* splitmix64 */
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
	return x ^ (x >> 31);
}

/* How much of a call that was not safe came: 0 nothing, 1 half of the bytes, 2 all. */
static int share(const step *s, power_way way, uint64_t seed, size_t number)
{
	bool name = s->kind == SET || s->kind == CUT;
	switch (way) {
	case POWER_LOST: return 0;
	case POWER_CAME: return 2;
	case POWER_NAMES: return name ? 2 : 0;
	case POWER_BYTES: return name ? 0 : 2;
	case POWER_TORN: return name ? 2 : 1;
	case POWER_MIXED: return (int)(coin(seed, number) % 3);
	}
	return 0;
}

static void apply(disk *d, const step *s, int came)
{
	if (s->kind == SET) {
		link_set(d, s->folder, s->name, s->node);
		if (s->from != NOWHERE)
			link_cut(d, s->from, s->old, s->node);
	} else if (s->kind == CUT)
		link_cut(d, s->folder, s->name, s->node);
	else if (s->kind == LENGTH)
		bytes_cut(&d->node[s->node], (size_t)s->where);
	else if (s->kind == PUT)
		bytes_put(&d->node[s->node], (size_t)s->where, s->bytes, came == 1 ? s->length / 2 : s->length);
}

tree disk_after(const disk_log *log, size_t calls, power_way way, uint64_t seed)
{
	disk d = { 0 };
	tree out = { 0 };
	disk_fill(&d, log->base);
	for (size_t i = d.count; i < log->now.count; i++)
		node_new(&d, log->now.node[i].folder);
	for (size_t i = 0; i < calls; i++) {
		int came = log->step[i].safe <= calls ? 2 : share(&log->step[i], way, seed, i);
		if (came)
			apply(&d, &log->step[i], came);
	}
	collect(&d, ROOT, "", &out);
	disk_free(&d);
	tree_sort(&out);
	return out;
}
