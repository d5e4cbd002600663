/* starts.c - many starts on one run directory, and signals at any time of a training.
 *   starts PROGRAM together ROUNDS    eight at once: one trains, the others end with 75 and name it
 *   starts PROGRAM signals ROUNDS     SIGINT, SIGTERM, SIGHUP: 130, 143, 129; the same command then ends with the bytes of an undisturbed run */
#define _GNU_SOURCE
#include "bench.h"
#include "tree.h"

#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STARTS = 8, EPOCHS = 30, FOREVER = 1000000 };

static const char *program;
static int failures;

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void rest(double duration)
{
	struct timespec some = { (time_t)duration, (long)(1e9 * (duration - (double)(time_t)duration)) };
	nanosleep(&some, NULL);
}

static pid_t train(const char *run, const char *said, const char *epochs)
{
	pid_t id = fork();
	if (id < 0)
		err(1, "fork");
	if (id > 0)
		return id;
	if (chdir("work") < 0)
		_exit(126);
	dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
	dup2(open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
	alarm(60);
	execl(program, program, "train", "../config.json", "--run", run, "--set", epochs, (char *)NULL);
	_exit(127);
}

/* The exit code as a shell shows it. */
static int code_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- together ---- */

static void check_loser(int round, int start, int status, pid_t winner)
{
	char path[32], said[4096] = "", holder[64];
	snprintf(path, sizeof path, "work/said%d", start);
	snprintf(holder, sizeof holder, "is in use by process %ld.", (long)winner);
	FILE *f = fopen(path, "r");
	size_t length = f ? fread(said, 1, sizeof said - 1, f) : 0;
	said[length] = '\0';
	if (f)
		fclose(f);
	if (code_of(status) == 75 && strstr(said, holder))
		return;
	printf("round %d: start %d ended with %d; the winner is %ld\n%s", round, start, code_of(status), (long)winner, said);
	failures++;
}

static void start_together(int round, double *slowest)
{
	pid_t id[STARTS], winner = 0;
	int status[STARTS], last;
	double from = seconds();
	char path[32], epochs[64];
	snprintf(epochs, sizeof epochs, "train.epochs=%d", FOREVER);
	for (int i = 0; i < STARTS; i++) {
		snprintf(path, sizeof path, "said%d", i);
		id[i] = train(round % 2 ? "run" : "new", path, epochs); /* a directory that is there already, and one that is not */
	}
	for (int ended = 0; ended < STARTS - 1; ended++) {
		pid_t one = waitpid(-1, &last, 0);
		for (int i = 0; i < STARTS; i++)
			if (id[i] == one) {
				id[i] = 0;
				status[i] = last;
			}
	}
	*slowest = seconds() - from > *slowest ? seconds() - from : *slowest;
	for (int i = 0; i < STARTS; i++)
		winner = id[i] ? id[i] : winner;
	for (int i = 0; i < STARTS; i++)
		if (!id[i])
			check_loser(round, i, status[i], winner);
	kill(winner, SIGTERM);
	waitpid(winner, &last, 0);
	if (code_of(last) != 143) {
		printf("round %d: the winner ended with %d\n", round, code_of(last));
		failures++;
	}
	tree_remove("work/new");
}

static void together(int rounds)
{
	double slowest = 0;
	for (int round = 0; round < rounds; round++)
		start_together(round, &slowest);
	failures += slowest > 1; /* 0.02 s on a quiet machine */
	printf("%d rounds of %d starts: seven of them had ended after %.0f ms at most; %d failures\n", rounds, STARTS, 1e3 * slowest, failures);
}

/* ---- signals ---- */

static void check_same(int round, const tree *expected)
{
	static const char *const files[] = { "model/model.safetensors", "report/report.json", "predictions.jsonl", "metrics.jsonl" };
	tree got = tree_read("work/run");
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (!file_equal(tree_find(&got, files[i]), tree_find(expected, files[i]))) {
			printf("round %d: %s differs from that of an undisturbed run\n", round, files[i]);
			failures++;
		}
	tree_free(&got);
}

static bool stop_once(int round, int number, double after)
{
	int status;
	char epochs[64];
	snprintf(epochs, sizeof epochs, "train.epochs=%d", EPOCHS);
	pid_t id = train("run", "said", epochs);
	if (after >= 0) {
		rest(after);
		kill(id, number);
		if (round % 4 == 3)
			kill(id, number); /* impatient: ends at once, without a checkpoint of this step */
	}
	waitpid(id, &status, 0);
	int code = code_of(status);
	if (code != 0 && (after < 0 || code != 128 + number)) {
		printf("round %d: signal %d after %.3f s ended with %d\n", round, number, after, code);
		failures++;
	}
	return code != 0;
}

static void signals(int rounds)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	double from = seconds();
	stop_once(0, 0, -1);
	double whole = seconds() - from;
	tree expected = tree_read("work/run");
	int stopped = 0;
	for (int round = 0; round < rounds; round++) {
		tree_remove("work/run");
		double after = whole * (round + 0.5) / rounds;
		stopped += stop_once(round, numbers[round % 3], after);
		stopped += stop_once(round, numbers[(round + 1) % 3], whole / 3);
		stop_once(round, 0, -1);
		check_same(round, &expected);
	}
	printf("%d trainings of %.0f ms: %d stops by signals; %d failures\n", rounds, 1e3 * whole, stopped, failures);
	tree_free(&expected);
}

int main(int words, char **word)
{
	if (words != 4)
		errx(2, "usage: starts PROGRAM together|signals ROUNDS");
	program = word[1];
	bench_start(EPOCHS);
	if (strcmp(word[2], "together") == 0)
		together((int)strtol(word[3], NULL, 10));
	else
		signals((int)strtol(word[3], NULL, 10));
	return failures != 0;
}
