/* seqrec report - the report that a run holds, as it stands. */
#include "cli.h"

#include "seqrec/file.h"
#include "seqrec/log.h"

#include <stdlib.h>
#include <string.h>

/* An older run has no report.html: its report is made again. */
static bool make_sure(const char *run, const char *page, sr_error *err)
{
	char *ignored = NULL;
	run_data from = { 0 };
	bool done = file_exists(page) || run_evaluate(run, &from, &ignored, err);
	free(ignored);
	return done;
}

static bool exec(const options *opt, sr_error *err)
{
	char *page = path_join(opt->argument[0], "report/report.html"), *shown = path_join(opt->argument[0], opt->json ? "report/report.json" : "report/report.txt");
	size_t length = 0;
	bool done = make_sure(opt->argument[0], page, err);
	char *result = done ? file_read(opt->html ? page : shown, SIZE_MAX / 2, &length, err) : NULL;
	if (result && opt->html)
		done = file_write(opt->html, result, length, err);
	else if (result)
		output_result(result);
	if (result && !opt->html)
		log_info("the same for a browser: %s", page);
	free(result);
	free(page);
	free(shown);
	return done && result;
}

const command command_report = {
	.name = "report",
	.usage = "report RUN [--html FILE]",
	.summary = "show the report that a run holds",
	.details = "Prints report/report.txt, or report.json with --json; --html FILE copies report.html, one file that needs nothing else.\n"
	           "Nothing is scored again, unless the run has no report.html yet.",
	.example = "seqrec report runs/quickstart --html quickstart.html",
	.least = 1,
	.most = 1,
	.flags = "html",
	.exec = exec,
};
