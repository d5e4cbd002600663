/* progress.c - how a training is watched: one line that is redrawn on a terminal, plain lines elsewhere; signals and time limits ask it to stop or to save. */
#include "cli.h"

#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"
#include "seqrec/thread.h"
#include "seqrec/trainer.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BAR = 20 };
static const double redraw_seconds = 0.1, plain_seconds = 30;

static volatile sig_atomic_t caught, save_asked;
static bool line_shown, on_terminal;

static void on_signal(int number)
{
	static const char heard[] = "\r\033[Kseqrec: stopping after this step; once more stops at once\n";
	if (caught)
		_exit(128 + number);
	caught = number;
	if (number == SIGINT && on_terminal && write(STDERR_FILENO, heard, sizeof heard - 1) < 0)
		return; /* it was a courtesy */
}

static void on_save_signal(int number)
{
	save_asked = number;
}

void progress_watch_start(void)
{
	struct sigaction action = { .sa_handler = on_signal }, save = { .sa_handler = on_save_signal, .sa_flags = SA_RESTART };
	on_terminal = isatty(STDERR_FILENO);
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	sigemptyset(&save.sa_mask);
	sigaction(SIGUSR1, &save, NULL);
}

int progress_signal(void)
{
	return (int)caught;
}

void progress_clear(void)
{
	if (line_shown)
		fputs("\r\033[K", stderr);
	line_shown = false;
}

typedef struct {
	bool terminal, quiet;
	double last; /* clock of the last line */
	double value; /* of the last validation of this fold and member; NaN: none yet */
	uint32_t fold, member;
} watching;

static char *place_of(const train_progress *now)
{
	text out = { 0 };
	if (now->folds)
		text_addf(&out, "fold %u/%u ", now->fold + 1, now->folds);
	if (now->members > 1)
		text_addf(&out, "model %u/%u ", now->member + 1, now->members);
	text_addf(&out, "epoch %llu/%llu", (unsigned long long)now->epoch, (unsigned long long)now->epochs);
	return out.data;
}

static void draw(const watching *w, const train_progress *now, const char *place)
{
	char bar[BAR + 1];
	size_t full = now->batches ? (size_t)(BAR * now->batch / now->batches) : 0;
	for (size_t i = 0; i < BAR; i++)
		bar[i] = i < full ? '=' : ' ';
	bar[BAR] = '\0';
	fprintf(stderr, "\r\033[K%s [%s] loss %.4f  %.0f samples/s", place, bar, now->loss, now->samples_per_second);
	if (now->metric && isfinite(w->value))
		fprintf(stderr, "  validation %s %.4f", now->metric, w->value);
	if (isfinite(now->seconds_left))
		fprintf(stderr, "  at most %.0f s left", now->seconds_left);
	fflush(stderr);
	line_shown = true;
}

static void on_progress(void *context, const train_progress *now)
{
	watching *w = context;
	double clock = clock_seconds();
	if (now->validated || now->fold != w->fold || now->member != w->member)
		w->value = now->validated ? now->value : NAN;
	w->fold = now->fold;
	w->member = now->member;
	if (w->quiet || (!now->validated && clock - w->last < (w->terminal ? redraw_seconds : plain_seconds)))
		return;
	char *place = place_of(now);
	if (now->validated && now->metric)
		log_info("%s  loss %.4f  validation %s %.4f%s", place, now->loss, now->metric, now->value, now->best ? "  best" : "");
	else if (now->validated)
		log_info("%s  loss %.4f", place, now->loss);
	else if (w->terminal)
		draw(w, now, place);
	else
		log_info("%s  batch %llu/%llu  loss %.4f  %.0f samples/s", place, (unsigned long long)now->batch, (unsigned long long)now->batches, now->loss, now->samples_per_second);
	free(place);
	w->last = clock;
}

static bool on_stop(void *context)
{
	(void)context;
	return caught != 0 || time_limit_reached();
}

static bool on_save(void *context)
{
	(void)context;
	bool asked = save_asked != 0;
	save_asked = 0;
	return asked;
}

const train_watch *progress_watch(const options *opt)
{
	static watching state;
	static const train_watch watch = { .progress = on_progress, .stop = on_stop, .save = on_save, .context = &state };
	bool terminal = isatty(STDERR_FILENO) && !opt->log_format;
	state = (watching){ .terminal = terminal, .quiet = opt->quiet, .value = NAN, .last = terminal ? 0 : clock_seconds() }; /* a terminal sees the first step at once */
	return &watch;
}
