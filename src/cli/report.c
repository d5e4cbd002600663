/* seqrec report - the report that a run holds, as it stands. */
#include "cli.h"

#include "seqrec/file.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

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

/* {"title":...} with the ranking's report as its member "next_item", or both texts one below the other. */
static char *join_reports(const char *classes, const char *ranking, bool json)
{
	size_t length = strlen(classes);
	while (json && length && classes[length - 1] != '}')
		length--;
	return json && length ? text_format("%.*s,\n\"next_item\":%s}\n", (int)length - 1, classes, ranking) : text_format("%s\n%s", classes, ranking);
}

char *cli_report(const char *reports, bool json, sr_error *err)
{
	char *name = path_join(reports, json ? "report.json" : "report.txt"), *second = path_join(reports, json ? "next_item/report.json" : "next_item/report.txt");
	char *first = file_read(name, SIZE_MAX / 2, NULL, err), *ranking = first && file_exists(second) ? file_read(second, SIZE_MAX / 2, NULL, err) : NULL;
	char *joined = ranking ? join_reports(first, ranking, json) : first && !file_exists(second) ? xstrdup(first) : NULL;
	free(first);
	free(ranking);
	free(name);
	free(second);
	return joined;
}

static bool copy_page(const char *from, const char *to, sr_error *err)
{
	size_t length = 0;
	char *page = file_read(from, SIZE_MAX / 2, &length, err);
	bool done = page && file_write(to, page, length, err);
	free(page);
	return done;
}

/* Of task.kind both two pages: FILE.html and FILE.next_item.html. */
static bool copy_pages(const char *reports, const char *page, const char *to, sr_error *err)
{
	char *second = path_join(reports, "next_item/report.html");
	size_t stem = text_ends(to, ".html") ? strlen(to) - 5 : strlen(to);
	char *beside = text_format("%.*s.next_item.html", (int)stem, to);
	bool done = copy_page(page, to, err) && (!file_exists(second) || copy_page(second, beside, err));
	free(second);
	free(beside);
	return done;
}

static bool exec(const options *opt, sr_error *err)
{
	char *reports = path_join(opt->argument[0], "report"), *page = path_join(reports, "report.html");
	bool done = make_sure(opt->argument[0], page, err);
	char *result = done && !opt->html ? cli_report(reports, opt->json, err) : NULL;
	if (done && opt->html) {
		done = copy_pages(reports, page, opt->html, err);
	} else if (result) {
		output_result(result);
		log_info("the same for a browser: %s", page);
	}
	done = done && (opt->html || result);
	free(result);
	free(page);
	free(reports);
	return done;
}

const command command_report = {
	.name = "report",
	.usage = "report RUN [--html FILE]",
	.summary = "show the report that a run holds",
	.details = "Prints report/report.txt, or report.json with --json; --html FILE copies report.html, one file that needs nothing else.\n"
	           "Of task.kind both: both reports (as JSON the ranking's is the member next_item), and both pages, FILE.html and FILE.next_item.html.\n"
	           "Nothing is scored again, unless the run has no report.html yet.",
	.example = "seqrec report runs/quickstart --html quickstart.html",
	.least = 1,
	.most = 1,
	.flags = "html",
	.exec = exec,
};
