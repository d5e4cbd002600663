/* power.c - the power goes at any moment of a command: each state that the disk may then have is made, and the same command run in it.
 *   power INJECTOR PROGRAM SCENARIO [STATES]    STATES: about so many, evenly spread over all; 0 or none: all
 * The files that a scenario keeps are whole, old or new; a training that had a checkpoint before goes on from one; the command ends with the bytes of an undisturbed run; and what was
 * there when the command had ended with exit code 0 is there after the loss, too. */
#define _GNU_SOURCE
#include "bench.h"
#include "disk.h"
#include "judge.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COINS = 40 }; /* mixed states a call */

static const char *const ways[] = { "nothing unsynced came", "all came", "names came without bytes", "bytes came without names", "writes were torn", "some came" };

static uint64_t tree_hash(const tree *t)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */
	for (size_t i = 0; i < t->count; i++) {
		for (const char *c = t->file[i].path; *c; c++)
			hash = (hash ^ (unsigned char)*c) * 1099511628211u;
		for (size_t k = 0; k < t->file[i].length; k++)
			hash = (hash ^ (unsigned char)t->file[i].bytes[k]) * 1099511628211u;
		hash = (hash ^ t->file[i].length) * 1099511628211u;
	}
	return hash;
}

static uint64_t *seen;
static size_t seen_count;

static bool seen_before(const tree *t)
{
	uint64_t hash = tree_hash(t);
	for (size_t i = 0; i < seen_count; i++)
		if (seen[i] == hash)
			return true;
	seen = realloc(seen, (seen_count + 1) * sizeof *seen);
	seen[seen_count++] = hash;
	return false;
}

static void check_kept(const scenario *s, const tree *state, const tree *base, const tree *expected)
{
	for (size_t i = 0; s->kept[i]; i++) {
		const tree_file *found = tree_find(state, s->kept[i]);
		if (!file_equal(found, tree_find(base, s->kept[i])) && !file_equal(found, tree_find(expected, s->kept[i])))
			judge_fail(NULL, "%s is neither the old nor the new one", s->kept[i]);
	}
}

static bool has_checkpoint(const tree *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (strstr(t->file[i].path, "checkpoints/step_"))
			return true;
	return false;
}

static void check_state(const char *program, const scenario *s, const tree *state, const tree *base, const tree *expected)
{
	outcome o;
	check_kept(s, state, base, expected);
	tree_remove("work");
	tree_write(state, "work");
	judge_run(program, s->command, NULL, &o);
	if (!judge_ended(&o, 0))
		judge_fail(&o, "the same command ends with status %d", o.status);
	else if (has_checkpoint(base) && strcmp(s->name, "train_on") == 0 && strstr(o.said, ": epoch 1/") && !strstr(o.said, "continuing at epoch"))
		judge_fail(&o, "the checkpoint is lost");
	else
		judge_same(&o, expected, "after the same command");
}

/* The command said that it had ended well: all files are there whatever the disk had not yet done. Lines of logs alone may be missing. */
static void check_end(const disk_log *log, const tree *expected)
{
	tree state = disk_after(log, disk_log_count(log), POWER_LOST, 0);
	snprintf(judge_place, sizeof judge_place, "after exit code 0");
	for (size_t i = 0; i < expected->count; i++) {
		const tree_file *found = tree_find(&state, expected->file[i].path);
		if (!judge_has_clock(expected->file[i].path) && (!found || !judge_same_content(&expected->file[i], found)))
			judge_fail(NULL, "%s is %s", expected->file[i].path, found ? "not whole" : "gone");
	}
	tree_free(&state);
}

static unsigned long check_states(const char *program, const scenario *s, const disk_log *log, const tree *base, const tree *expected, double step)
{
	size_t all = (disk_log_count(log) + 1) * (POWER_MIXED + COINS);
	for (double at = 0; (size_t)at < all; at += step) {
		size_t calls = (size_t)at / (POWER_MIXED + COINS), way = (size_t)at % (POWER_MIXED + COINS);
		power_way how = way < POWER_MIXED ? (power_way)way : POWER_MIXED;
		tree state = disk_after(log, calls, how, way * 1000003 + calls);
		snprintf(judge_place, sizeof judge_place, "power lost after call %zu of %zu, %s (%zu)", calls, disk_log_count(log), ways[how], way);
		if (!seen_before(&state))
			check_state(program, s, &state, base, expected);
		tree_free(&state);
	}
	return seen_count;
}

int main(int words, char **word)
{
	const scenario *s = words >= 4 ? scenario_find(word[3]) : NULL;
	if (!s)
		errx(2, "usage: power INJECTOR PROGRAM SCENARIO [STATES]");
	const char *program = word[2];
	char load[4200], folder[4096];
	outcome o;
	bench_start(2);
	for (size_t i = 0; i < 3 && s->before[i][0]; i++)
		judge_run(program, s->before[i], NULL, &o);
	tree base = tree_read("work");
	snprintf(load, sizeof load, "LD_PRELOAD=%s", word[1]);
	judge_run(program, s->command, (char *[]){ load, "FAULT_LOG=../log", NULL }, &o);
	if (!judge_ended(&o, 0))
		errx(1, "%s: the undisturbed run failed:\n%s", s->name, o.said);
	tree expected = tree_read("work");
	if (!realpath("work", folder))
		err(1, "work");
	disk_log *log = disk_log_read("log", folder, &base);
	double asked = words > 4 ? strtod(word[4], NULL) : 0, all = (double)(disk_log_count(log) + 1) * (POWER_MIXED + COINS);
	check_end(log, &expected);
	unsigned long states = check_states(program, s, log, &base, &expected, asked > 0 && asked < all ? all / asked : 1);
	printf("%s: %zu calls, %lu different states, %lu failures\n", s->name, disk_log_count(log), states, judge_failures);
	disk_log_free(log);
	tree_free(&base);
	tree_free(&expected);
	free(seen);
	return judge_failures != 0;
}
