/* seqrec evaluate - the report of a trained run again, or on other logs. */
#include "cli.h"

#include "seqrec/compare.h"
#include "seqrec/file.h"
#include "seqrec/thread.h"

#include <stdlib.h>

static bool exec(const options *opt, sr_error *err)
{
	char *text = NULL, *reports = path_join(opt->argument[0], opt->data ? "report_other" : "report"), *json = path_join(reports, "report.json");
	run_data from = { .data = opt->data, .sets = opt->sets };
	double started = clock_seconds();
	bool done = run_evaluate(opt->argument[0], &from, &text, err);
	char *report = done && opt->json ? cli_report(reports, true, err) : NULL;
	done = done && (report || !opt->json);
	if (done)
		output_result(report ? report : text);
	done = done && (!opt->gate || gate_report(json, opt->gate, err));
	done = prometheus_finish(opt, opt->argument[0], started, done, err);
	free(report);
	free(text);
	free(reports);
	free(json);
	return done;
}

const command command_evaluate = {
	.name = "evaluate",
	.usage = "evaluate RUN [--data CONFIG] [--gate RULES] [--prometheus FILE] [--set KEY=VALUE]...",
	.summary = "score the test part of a run again, or other labelled logs",
	.details = "Without --data: scores the run's own split from the published model and rewrites report/; the numbers repeat exactly.\n"
	           "With --data: every labelled row of the other logs is a test row; the report goes to report_other/.\n"
	           "--gate holds a run back: exit code 10 when a rule such as \"roc_auc>=0.8\" is not kept (METRIC, or METRIC.low and METRIC.high: the ends of its interval;\n"
	           "of task.kind both next_item.METRIC is the second head's).",
	.example = "seqrec evaluate runs/quickstart",
	.least = 1,
	.most = 1,
	.flags = "data gate prometheus set",
	.exec = exec,
};
