/* sweep.c - one command of the program, run with a fault at every call that can fail and a kill before every call that changes a file.
 *   sweep INJECTOR PROGRAM SCENARIO [POINTS]    POINTS: about so many, evenly spread over all; 0 or none: all
 * After each: what was promised is there when the exit code is 0, and the error names the file when it is not; what was there before is whole;
 * no temporary file stays; and the same command again ends with the bytes of a run that was never disturbed. */
#define _GNU_SOURCE
#include "bench.h"
#include "faults.h"
#include "tree.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORDS = 16, SECONDS = 30, MALLOC_EACH = 23 };

/* ---- what is run ---- */

typedef struct {
	const char *name;
	const char *before[3][WORDS]; /* commands that make the state to begin with */
	const char *command[WORDS];
	const char *kept[8];          /* files that hold their old or their new bytes at any instant */
} scenario;

#define TRAIN "train", "../config.json", "--run", "run"
static const scenario scenarios[] = {
	{ "prepare", { { NULL } }, { "prepare", "../config.json", "--run", "run" }, { NULL } },
	{ "prepare_again", { { "prepare", "../config.json", "--run", "run", "--set", "data.min_user_events=3" } }, { "prepare", "../config.json", "--run", "run" }, { NULL } },
	{ "train", { { "prepare", "../config.json", "--run", "run" } }, { TRAIN }, { "run/store/store.json" } },
	{ "train_on", { { TRAIN, "--max-minutes", "1e-9" } }, { TRAIN }, { "run/store/store.json" } },
	{ "train_fresh", { { TRAIN, "--set", "run.seed=2" } }, { TRAIN, "--fresh" }, { "run/store/store.json" } },
	{ "evaluate", { { TRAIN } }, { "evaluate", "run" }, { "run/report/report.json", "run/report/report.txt", "run/report/report.md", "run/model/model.safetensors", "run/model/model.json" } },
	{ "predict", { { TRAIN }, { "predict", "run", "--part", "test", "--out", "out.jsonl" } }, { "predict", "run", "--out", "out.jsonl" }, { "out.jsonl", "run/model/model.safetensors" } },
	{ "embed", { { TRAIN, "--set", "run.seed=2" }, { "embed", "run", "--out", "out.npy" }, { TRAIN, "--fresh" } }, { "embed", "run", "--out", "out.npy" }, { "out.npy" } },
};

/* ---- one run ---- */

typedef struct {
	int kind, with; /* with: an errno; SHORT, KILL */
	bool sticky;
	uint64_t at;    /* 0: no fault */
} point;

enum { SHORT = -1, DIES = -2 };

typedef struct {
	int status;
	char said[8192];
} outcome;

static const char *injector, *program;
static uint64_t *counts;
static point now;
static unsigned long failures;

static void fail(const outcome *o, const char *format, ...)
{
	va_list more;
	va_start(more, format);
	printf("%s call %llu, %s%s: ", fault_kinds[now.kind], (unsigned long long)now.at, now.with == SHORT ? "short" : now.with == DIES ? "kill" : strerrorname_np(now.with), now.sticky ? " from then on" : "");
	vprintf(format, more);
	va_end(more);
	printf("\n%s", o ? o->said : "");
	fflush(stdout);
	if (++failures >= 20)
		exit(1);
}

static void child(const char *const *words, const point *fault)
{
	const char *argv[WORDS + 2] = { program };
	for (size_t i = 0; i < WORDS && words[i]; i++)
		argv[i + 1] = words[i];
	if (chdir("work") < 0)
		_exit(126);
	dup2(open("../out", O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
	dup2(open("../err", O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
	if (fault) {
		char text[32];
		setenv("LD_PRELOAD", injector, 1);
		setenv("FAULT_COUNTS", "../counts", 1);
		setenv("FAULT_KIND", fault_kinds[fault->kind], 1);
		snprintf(text, sizeof text, "%llu", (unsigned long long)fault->at);
		setenv("FAULT_AT", text, 1);
		snprintf(text, sizeof text, "%d", fault->with);
		setenv("FAULT_WITH", fault->with == SHORT ? "short" : fault->with == DIES ? "kill" : text, 1);
		if (fault->sticky)
			setenv("FAULT_STICKY", "1", 1);
	}
	alarm(SECONDS);
	execv(program, (char **)(uintptr_t)argv);
	_exit(127);
}

static void run(const char *const *words, const point *fault, outcome *o)
{
	memset(counts, 0, (KINDS + 1) * sizeof *counts);
	pid_t id = fork();
	if (id == 0)
		child(words, fault);
	if (id < 0 || waitpid(id, &o->status, 0) < 0)
		err(1, "%s", program);
	FILE *f = fopen("err", "rb");
	size_t length = f ? fread(o->said, 1, sizeof o->said - 1, f) : 0;
	o->said[length] = '\0';
	if (f)
		fclose(f);
}

static bool ended(const outcome *o, int code)
{
	return WIFEXITED(o->status) && WEXITSTATUS(o->status) == code;
}

/* ---- what must hold ---- */

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static bool is_temporary(const char *path)
{
	return strstr(path, ".tmp-") || (strstr(path, ".building/") && strcmp(name_of(path), ".lock") != 0) || strstr(path, ".old/");
}

/* Times stand in these, or a process id. */
static bool has_clock(const char *path)
{
	static const char *const names[] = { "run.json", "log.jsonl", ".lock" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name_of(path), names[i]) == 0)
			return true;
	return false;
}

/* A checkpoint's notes say how long log.jsonl was, with its times; tensors and moments stand behind them. */
static tree_file tensors_of(const tree_file *f)
{
	uint64_t head = 0;
	if (!strstr(f->path, "checkpoints/step_") || f->length < sizeof head)
		return *f;
	memcpy(&head, f->bytes, sizeof head);
	head += sizeof head;
	return head > f->length ? *f : (tree_file){ f->path, f->bytes + head, f->length - (size_t)head };
}

static bool same_content(const tree_file *a, const tree_file *b)
{
	tree_file x = tensors_of(a), y = tensors_of(b);
	return file_equal(&x, &y);
}

/* The folder is the same as after a run that was never disturbed: each file, each byte. */
static void check_same(const outcome *o, const tree *expected, const char *when)
{
	tree got = tree_read("work");
	for (size_t i = 0; i < expected->count; i++) {
		const tree_file *wanted = &expected->file[i], *found = tree_find(&got, wanted->path);
		if (!found)
			fail(o, "%s, %s is not there", when, wanted->path);
		else if (!has_clock(wanted->path) && !same_content(wanted, found))
			fail(o, "%s, %s has other bytes", when, wanted->path);
	}
	for (size_t i = 0; i < got.count; i++)
		if (!tree_find(expected, got.file[i].path) && strcmp(name_of(got.file[i].path), ".lock") != 0)
			fail(o, "%s, %s is left", when, got.file[i].path);
	tree_free(&got);
}

/* At the end of a disturbed run. */
static void check_kept(const scenario *s, const outcome *o, const tree *base, const tree *expected, bool cleaned)
{
	tree got = tree_read("work");
	for (size_t i = 0; s->kept[i]; i++) {
		const tree_file *found = tree_find(&got, s->kept[i]);
		if (!file_equal(found, tree_find(base, s->kept[i])) && !file_equal(found, tree_find(expected, s->kept[i])))
			fail(o, "%s is neither the old nor the new one", s->kept[i]);
	}
	for (size_t i = 0; cleaned && i < got.count; i++)
		if (is_temporary(got.file[i].path))
			fail(o, "%s is left by a run that ended by itself", got.file[i].path);
	tree_free(&got);
}

/* An error is one line that names a file; out of memory, what was asked for. */
static void check_error(const outcome *o)
{
	const char *line = strstr(o->said, "seqrec: error: ");
	int code = WIFEXITED(o->status) ? WEXITSTATUS(o->status) : -1;
	bool unread = code == 2 && line && strstr(line, "config.json"); /* a config that cannot be read */
	if (code != 4 && code != 7 && !unread)
		fail(o, "exit code %d (status %d)", code, o->status);
	else if (!line || strstr(line + 1, "seqrec: error: "))
		fail(o, "not one line of error");
	else if (!strchr(line, '/') && !strstr(line, ": out.") && !strstr(line, "standard output") && code != 7)
		fail(o, "the error names no file");
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
		fail(&o, "was not killed");
	if (!killed && ended(&o, 0))
		check_same(&o, expected, "after exit code 0");
	else if (!killed)
		check_error(&o);
	check_kept(s, &o, base, expected, ended(&o, 4) && now.kind != KIND_UNLINK && !(now.kind == KIND_RENAME && now.sticky)); /* what cannot be removed or moved back stays */
	char first[sizeof o.said];
	memcpy(first, o.said, sizeof first);
	run(s->command, NULL, &o);
	if (!ended(&o, 0))
		fail(&o, "the same command again ends with status %d", o.status);
	else
		check_same(&o, expected, "after the same command again");
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
	const scenario *s = NULL;
	for (size_t i = 0; words >= 4 && i < sizeof scenarios / sizeof *scenarios; i++)
		if (strcmp(word[3], scenarios[i].name) == 0)
			s = &scenarios[i];
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
	if (!ended(&o, 0))
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
	printf("%s: %lu of %zu points in %.1f s, %lu failures\n", s->name, points, count, (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec), failures);
	tree_free(&base);
	tree_free(&expected);
	free(list);
	return failures != 0;
}
