/* judge.c - the commands that are tried, one run of the program, and what must hold afterwards. */
#define _GNU_SOURCE
#include "judge.h"

#include <err.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS = 30 };

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

const scenario *scenario_find(const char *name)
{
	for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
		if (strcmp(name, scenarios[i].name) == 0)
			return &scenarios[i];
	return NULL;
}

/* ---- one run ---- */

static void child(const char *program, const char *const *words, char *const *environment)
{
	const char *argv[JUDGE_WORDS + 2] = { program };
	for (size_t i = 0; i < JUDGE_WORDS && words[i]; i++)
		argv[i + 1] = words[i];
	if (chdir("work") < 0)
		_exit(126);
	dup2(open("../out", O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
	dup2(open("../err", O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
	for (size_t i = 0; environment && environment[i]; i++)
		putenv(environment[i]);
	alarm(SECONDS);
	execv(program, (char **)(uintptr_t)argv);
	_exit(127);
}

void judge_run(const char *program, const char *const *words, char *const *environment, outcome *o)
{
	pid_t id = fork();
	if (id == 0)
		child(program, words, environment);
	if (id < 0 || waitpid(id, &o->status, 0) < 0)
		err(1, "%s", program);
	FILE *f = fopen("err", "rb");
	size_t length = f ? fread(o->said, 1, sizeof o->said - 1, f) : 0;
	o->said[length] = '\0';
	if (f)
		fclose(f);
}

bool judge_ended(const outcome *o, int code)
{
	return WIFEXITED(o->status) && WEXITSTATUS(o->status) == code;
}

/* ---- what must hold ---- */

char judge_place[256];
unsigned long judge_failures;

void judge_fail(const outcome *o, const char *format, ...)
{
	va_list more;
	va_start(more, format);
	printf("%s: ", judge_place);
	vprintf(format, more);
	va_end(more);
	printf("\n%s", o ? o->said : "");
	fflush(stdout);
	if (++judge_failures >= 20)
		exit(1);
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

bool judge_temporary(const char *path)
{
	return strstr(path, ".tmp-") || (strstr(path, ".building/") && strcmp(name_of(path), ".lock") != 0) || strstr(path, ".old/");
}

bool judge_has_clock(const char *path)
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

bool judge_same_content(const tree_file *a, const tree_file *b)
{
	tree_file x = tensors_of(a), y = tensors_of(b);
	return file_equal(&x, &y);
}

void judge_same(const outcome *o, const tree *expected, const char *when)
{
	tree got = tree_read("work");
	for (size_t i = 0; i < expected->count; i++) {
		const tree_file *wanted = &expected->file[i], *found = tree_find(&got, wanted->path);
		if (!found)
			judge_fail(o, "%s, %s is not there", when, wanted->path);
		else if (!judge_has_clock(wanted->path) && !judge_same_content(wanted, found))
			judge_fail(o, "%s, %s has other bytes", when, wanted->path);
	}
	for (size_t i = 0; i < got.count; i++)
		if (!tree_find(expected, got.file[i].path) && strcmp(name_of(got.file[i].path), ".lock") != 0)
			judge_fail(o, "%s, %s is left", when, got.file[i].path);
	tree_free(&got);
}
