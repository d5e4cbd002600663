/* sweep.c - one command of the program, run with a fault at every call that can fail and a kill before every call that changes a file.
 *   sweep INJECTOR PROGRAM SCENARIO [POINTS]    POINTS: about so many, evenly spread over all; 0 or none: all
 * After each: what was promised is there when the exit code is 0, and the error names the file when it is not; what was there before is whole;
 * no temporary file stays; and the same command again ends with the bytes of a run that was never disturbed. */
#define _GNU_SOURCE
#include "bench.h"
#include "faults.h"
#include "judge.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MALLOC_EACH = 23 };

/* ---- one run ---- */

typedef struct {
	int kind, with; /* with: an errno; SHORT, KILL */
	bool sticky;
	uint64_t at;    /* 0: no fault */
} point;

enum { SHORT = -1, DIES = -2 };

static const char *injector, *program;
static uint64_t *counts;
static point now;

/* Runs the command with the fault, and says in judge_place which one it is. */
static void run(const char *const *words, const point *fault, outcome *o)
{
	static char load[4200], kind[64], at[64], with[64];
	if (fault)
		now = *fault;
	const char *how = now.with == SHORT ? "short" : now.with == DIES ? "kill" : strerrorname_np(now.with);
	snprintf(judge_place, sizeof judge_place, "%s call %llu, %s%s", fault_kinds[now.kind], (unsigned long long)now.at, how ? how : "no fault", now.sticky ? " from then on" : "");
	snprintf(load, sizeof load, "LD_PRELOAD=%s", injector);
	snprintf(kind, sizeof kind, "FAULT_KIND=%s", fault_kinds[now.kind]);
	snprintf(at, sizeof at, "FAULT_AT=%llu", (unsigned long long)now.at);
	if (now.with > 0)
		snprintf(with, sizeof with, "FAULT_WITH=%d", now.with);
	else
		snprintf(with, sizeof with, "FAULT_WITH=%s", now.with == SHORT ? "short" : "kill");
	char *environment[] = { load, "FAULT_COUNTS=../counts", kind, at, with, now.sticky ? "FAULT_STICKY=1" : NULL, NULL };
	memset(counts, 0, (KINDS + 1) * sizeof *counts);
	judge_run(program, words, fault ? environment : NULL, o);
}

/* At the end of a disturbed run. */
static void check_kept(const scenario *s, const outcome *o, const tree *base, const tree *expected)
{
	/* what cannot be removed, moved back or listed stays until the next start */
	bool cleaned = judge_ended(o, 4) && now.kind != KIND_UNLINK, folders = now.kind != KIND_OPEN && !(now.kind == KIND_RENAME && now.sticky);
	tree got = tree_read("work");
	for (size_t i = 0; s->kept[i]; i++) {
		const tree_file *found = tree_find(&got, s->kept[i]);
		if (!file_equal(found, tree_find(base, s->kept[i])) && !file_equal(found, tree_find(expected, s->kept[i])))
			judge_fail(o, "%s is neither the old nor the new one", s->kept[i]);
	}
	for (size_t i = 0; cleaned && i < got.count; i++)
		if (judge_temporary(got.file[i].path) && (folders || strstr(got.file[i].path, ".tmp-")))
			judge_fail(o, "%s is left by a run that ended by itself", got.file[i].path);
	tree_free(&got);
}

/* An error is one line that names a file; out of memory, what was asked for. */
static void check_error(const outcome *o)
{
	const char *line = strstr(o->said, "seqrec: error: ");
	int code = WIFEXITED(o->status) ? WEXITSTATUS(o->status) : -1;
	bool unread = code == 2 && line && strstr(line, "config.json"); /* a config that cannot be read */
	if (code != 4 && code != 7 && !unread)
		judge_fail(o, "exit code %d (status %d)", code, o->status);
	else if (!line || strstr(line + 1, "seqrec: error: "))
		judge_fail(o, "not one line of error");
	else if (!strchr(line, '/') && !strstr(line, ": out.") && !strstr(line, "standard output") && code != 7)
		judge_fail(o, "the error names no file");
}

static void check_point(const scenario *s, const tree *base, const tree *expected)
{
	outcome o;
	tree_remove("work");
	tree_write(base, "work");
	run(s->command, &now, &o);
	if (!counts[KINDS])
		return; /* the call did not come */
	bool killed = now.with == DIES;
	if (killed && !(WIFSIGNALED(o.status) && WTERMSIG(o.status) == SIGKILL))
		judge_fail(&o, "was not killed");
	if (!killed && judge_ended(&o, 0))
		judge_same(&o, expected, "after exit code 0");
	else if (!killed)
		check_error(&o);
	check_kept(s, &o, base, expected);
	run(s->command, NULL, &o);
	if (!judge_ended(&o, 0))
		judge_fail(&o, "the same command again ends with status %d", o.status);
	else
		judge_same(&o, expected, "after the same command again");
}

/* ---- where faults are ---- */

typedef struct {
	int kind;
	int with[8];  /* ended by 0 */
	bool lasting; /* also from then on */
} plan;

static const plan plans[] = {
	{ KIND_CHANGE, { DIES }, false },
	{ KIND_WRITE, { ENOSPC, EIO, EDQUOT, EROFS, SHORT }, true },
	{ KIND_WRITE, { EINTR }, false },
	{ KIND_FSYNC, { EIO, ENOSPC, EDQUOT }, true },
	{ KIND_RENAME, { EACCES, EIO, ENOSPC, EROFS }, true },
	{ KIND_CREATE, { EACCES, EIO, ENOSPC, EROFS, EMFILE }, true },
	{ KIND_OPEN, { EACCES, EIO, EMFILE }, true },
	{ KIND_CLOSE, { EIO, ENOSPC, EDQUOT }, true },
	{ KIND_READ, { EIO }, true },
	{ KIND_READ, { SHORT }, true },
	{ KIND_READ, { EINTR }, false },
	{ KIND_MKDIR, { EACCES, ENOSPC, EROFS }, true },
	{ KIND_UNLINK, { EACCES, EIO, EROFS }, true },
	{ KIND_TRUNCATE, { EIO, ENOSPC }, true },
	{ KIND_MMAP, { ENOMEM, EACCES }, true },
	{ KIND_MALLOC, { ENOMEM }, true },
};

/* All points of a command whose undisturbed run made so many calls of each kind. New array. */
static point *list_points(const uint64_t *calls, size_t *count)
{
	point *list = NULL;
	*count = 0;
	for (size_t p = 0; p < sizeof plans / sizeof *plans; p++)
		for (size_t w = 0; plans[p].with[w]; w++)
			for (int sticky = 0; sticky <= plans[p].lasting; sticky++)
				for (uint64_t at = 1; at <= calls[plans[p].kind]; at += plans[p].kind == KIND_MALLOC ? MALLOC_EACH : 1) {
					list = realloc(list, (*count + 1) * sizeof *list);
					list[(*count)++] = (point){ plans[p].kind, plans[p].with[w], sticky, at };
				}
	return list;
}

static void count_calls(void)
{
	int file = open("counts", O_RDWR | O_CREAT, 0600);
	if (file < 0 || ftruncate(file, (KINDS + 1) * sizeof *counts) < 0)
		err(1, "counts");
	counts = mmap(NULL, (KINDS + 1) * sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
}

int main(int words, char **word)
{
	const scenario *s = words >= 4 ? scenario_find(word[3]) : NULL;
	if (!s)
		errx(2, "usage: sweep INJECTOR PROGRAM SCENARIO [POINTS]");
	injector = word[1];
	program = word[2];
	bench_start(2);
	count_calls();
	outcome o;
	for (size_t i = 0; i < 3 && s->before[i][0]; i++)
		run(s->before[i], NULL, &o);
	tree base = tree_read("work");
	run(s->command, &(point){ .at = 0 }, &o);
	if (!judge_ended(&o, 0))
		errx(1, "%s: the undisturbed run failed:\n%s", s->name, o.said);
	tree expected = tree_read("work");
	size_t count;
	point *list = list_points(counts, &count);
	double asked = words > 4 ? strtod(word[4], NULL) : 0, most = asked > 0 ? asked : 1e9, step = most < (double)count ? (double)count / most : 1;
	unsigned long points = 0;
	struct timespec from, to;
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (double i = 0; (size_t)i < count; i += step, points++) {
		now = list[(size_t)i];
		check_point(s, &base, &expected);
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("%s: %lu of %zu points in %.1f s, %lu failures\n", s->name, points, count, (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec), judge_failures);
	tree_free(&base);
	tree_free(&expected);
	free(list);
	return judge_failures != 0;
}
