/* output.c - results to standard output, log lines and errors to standard error. */
#include "cli.h"

#include "seqrec/log.h"
#include "seqrec/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool as_json;

/* Control bytes from logs and file names must not reach a terminal. */
static void put_clean(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)line[i];
		fputc((c < 0x20 && c != '\t') || c == 0x7F ? '?' : c, stderr);
	}
}

static void put_line(const char *level, const char *line, size_t length)
{
	progress_clear();
	if (as_json) {
		text out = { 0 };
		text_add_json(&out, line, length);
		fprintf(stderr, "{\"level\":\"%s\",\"message\":%s}\n", level, out.data);
		text_free(&out);
		return;
	}
	fputs("seqrec: ", stderr);
	if (strcmp(level, "info") != 0)
		fprintf(stderr, "%s: ", level);
	put_clean(line, length);
	fputc('\n', stderr);
}

static void sink(log_level level, const char *line, void *context)
{
	static const char *const names[] = { [LOG_ERROR] = "error", [LOG_WARNING] = "warning", [LOG_INFO] = "info", [LOG_DEBUG] = "debug" };
	(void)context;
	put_line(names[level], line, strlen(line));
}

void output_start(const options *opt)
{
	as_json = opt->log_format && strcmp(opt->log_format, "json") == 0;
	log_to(sink, NULL, opt->quiet ? LOG_WARNING : opt->verbose ? LOG_DEBUG : LOG_INFO);
}

void output_result(const char *result)
{
	progress_clear();
	fputs(result, stdout);
}

bool output_finish(sr_error *err)
{
	bool written = fflush(stdout) == 0 && !ferror(stdout);
	if (!written) {
		errno = errno ? errno : EIO;
		error_set_errno(err, "standard output: the result could not be written");
	}
	return written;
}

void output_error(const options *opt, const sr_error *err)
{
	const char *line = err->text[0] ? err->text : "failed without a reason; please report it";
	(void)opt;
	while (*line) {
		size_t length = strcspn(line, "\n");
		put_line("error", line, length);
		line += length + (line[length] == '\n');
	}
}
