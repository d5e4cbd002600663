/* seqrec predict - probabilities for users, also ones that training never saw. */
#include "cli.h"

#include <string.h>

static bool exec(const options *opt, sr_error *err)
{
	run_data from = { .data = opt->data, .cut = opt->cut, .part = opt->part, .sets = opt->sets, .thresholds = opt->thresholds };
	bool csv = opt->format && strcmp(opt->format, "csv") == 0;
	if (opt->format && !csv && strcmp(opt->format, "jsonl") != 0)
		return error_set(err, SR_CONFIG, "--format %s: must be jsonl or csv", opt->format);
	return run_predict(opt->argument[0], &from, opt->out ? opt->out : "-", csv ? PREDICTIONS_CSV : PREDICTIONS_JSONL, err);
}

const command command_predict = {
	.name = "predict",
	.usage = "predict RUN [--data CONFIG] [--cut INSTANT] [--part PART] [--out FILE] [--format jsonl|csv] [--thresholds LIST] [--set KEY=VALUE]...",
	.summary = "write the probability of each class for each user or row",
	.details = "task.kind as_of: all eligible users, from the end of the log or from --cut. task.kind column: every row of data.samples; labels may be missing.\n"
	           "One line a row, with ids as they stand in the logs. --thresholds 0.2,precision:0.8,top:0.1 adds a decision by each; rules are applied to the run's validation rows.",
	.example = "seqrec predict runs/quickstart --out predictions.jsonl",
	.least = 1,
	.most = 1,
	.flags = "data cut part out format thresholds set",
	.exec = exec,
};
