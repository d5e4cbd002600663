#ifndef SEQREC_CLI_H
#define SEQREC_CLI_H
/* cli.h - the command table's row, the flags, and what commands share. One file a command: a row of the table and one function. */

#include "seqrec/config.h"
#include "seqrec/error.h"
#include "seqrec/trainer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ARGUMENTS_MOST = 32 };

typedef struct {
	char *argument[ARGUMENTS_MOST];
	size_t arguments;
	strings sets;
	char *run, *out, *data, *cut, *part, *format, *vector, *padded, *log_format, *users, *seed, *cuts, *max_minutes, *deadline, *only, *allow, *deny, *cap, *cap_field, *shapes, *threads, *backend, *device, *seconds, *scale, *compare, *require, *gate, *ttl, *prometheus, *html, *resamples, *thresholds;
	bool fresh, json, quiet, verbose, show_origin, help;
} options;

typedef struct {
	const char *name;
	const char *usage;   /* behind "seqrec " */
	const char *summary; /* one line */
	const char *details; /* for `seqrec help NAME` */
	const char *example;
	size_t least, most;  /* arguments */
	const char *flags;   /* names it takes besides the global ones, "run set fresh" */
	bool (*exec)(const options *opt, sr_error *err);
} command;

extern const command command_init, command_completion, command_export, command_train, command_evaluate, command_report, command_compare, command_predict, command_recommend, command_embed, command_prepare, command_check, command_inspect, command_synth, command_help, command_schema, command_doctor, command_bench,
	command_version;
extern const command *const commands[]; /* ended by NULL; in the order of `seqrec help` */

/* ---- options.c ---- */
/* The command named by the words, its options read. NULL with SR_CONFIG: an unknown command or flag names the nearest one. */
const command *options_read(options *opt, int count, char **words, sr_error *err);
void options_free(options *opt);
/* Lines of help for the flags a command takes. New. */
char *options_describe(const char *names);
/* The same flags' names alone, each by `format` ("--%s "). New. */
char *options_words(const char *names, const char *format);

/* ---- help.c and man.c ---- */
char *help_codes(void);                /* what exit codes mean; new */
char *man_page(const char *topic);     /* "man", "man-train", "man-config" in troff; new, or NULL */

/* ---- output.c ---- */
/* Installs the log sink: lines to standard error, at the level of -q / -v, as text or JSON. */
void output_start(const options *opt);
/* The asked result: to standard output. */
void output_result(const char *text);
/* Checks that standard output was really written. */
bool output_finish(sr_error *err);
/* Prints the error, one line each with "seqrec: error: ", or as JSON with --log-format json. */
void output_error(const options *opt, const sr_error *err);

/* ---- progress.c ---- */
void progress_watch_start(void);                 /* signals */
int progress_signal(void);                       /* the signal that asked to stop, or 0 */
const train_watch *progress_watch(const options *opt);
void progress_clear(void);                       /* removes the progress line from the terminal */

/* ---- time_limit.c ---- */
bool time_limit_set(const options *opt, sr_error *err); /* --max-minutes, from now, and --deadline */
bool time_limit_reached(void);

/* ---- predictions_flags.c ---- */
bool cli_predictions_format(const options *opt, bool trec, predictions_format *format, sr_error *err); /* --format */
bool cli_ttl(const options *opt, int64_t *seconds, sr_error *err);                                     /* --ttl, of --format redis */

/* ---- prometheus.c ---- */
/* --prometheus FILE: how the run that has just ended or failed went, for the node exporter. Without the flag does nothing. `done` is handed through; when all
 * went well but the file could not be written the answer is false. */
bool prometheus_finish(const options *opt, const char *run, double started, bool done, sr_error *err);

/* ---- report.c ---- */
/* The report of a folder such as RUN/report as text or JSON; of task.kind both with the ranking's. New, or NULL. */
char *cli_report(const char *reports, bool json, sr_error *err);

/* The run directory: --run, run.dir, or runs/ and the config's name. New. */
char *cli_run_folder(const options *opt, const config *c);

#endif
