#ifndef TESTS_JUDGE_H
#define TESTS_JUDGE_H
/* judge.h - what the drivers of faults and of lost power share: which commands are tried, how one is run, and what must hold afterwards. */

#include "tree.h"

#include <stdbool.h>

enum { JUDGE_WORDS = 16 };

typedef struct {
	const char *name;
	const char *before[3][JUDGE_WORDS]; /* commands that make the state to begin with */
	const char *command[JUDGE_WORDS];
	const char *kept[8];                /* files that hold their old or their new bytes at any instant */
} scenario;

typedef struct {
	int status;      /* as waitpid gives it */
	char said[8192]; /* standard error */
} outcome;

const scenario *scenario_find(const char *name); /* NULL when there is none */

/* Runs the program in work/. `environment`: "NAME=value", NULL-ended, or NULL. */
void judge_run(const char *program, const char *const *words, char *const *environment, outcome *o);
bool judge_ended(const outcome *o, int code);

extern char judge_place[256];         /* where the driver stands: printed with each failure */
extern unsigned long judge_failures;
void judge_fail(const outcome *o, const char *format, ...) __attribute__((format(printf, 2, 3))); /* ends the program at the twentieth; o may be NULL */

bool judge_temporary(const char *path);
/* The folder work/ is the same as after a run that was never disturbed: each file, each byte, but the clocks in logs. */
void judge_same(const outcome *o, const tree *expected, const char *when);
bool judge_same_content(const tree_file *a, const tree_file *b);
bool judge_has_clock(const char *path); /* times stand in it, or a process id */

#endif
