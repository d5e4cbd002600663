/* seqrec predict - probabilities for users, also ones that training never saw. */
#include "cli.h"

static bool exec(const options *opt, sr_error *err)
{
	run_data from = { .data = opt->data, .cut = opt->cut, .part = opt->part, .only = opt->only, .sets = opt->sets, .thresholds = opt->thresholds };
	predictions_format format;
	return cli_predictions_format(opt, false, &format, err) && cli_ttl(opt, &from.ttl, err) && run_predict(opt->argument[0], &from, opt->out ? opt->out : "-", format, err);
}

const command command_predict = {
	.name = "predict",
	.usage = "predict RUN [--data CONFIG] [--cut INSTANT] [--part PART] [--only FILE] [--out FILE] [--format jsonl|csv|tsv|redis] [--ttl DURATION] [--thresholds LIST] [--set KEY=VALUE]...",
	.summary = "write the probability of each class for each user or row",
	.details = "task.kind as_of: all eligible users, from the end of the log or from --cut. task.kind column: every row of data.samples; labels may be missing.\n"
	           "One line a row, with ids as they stand in the logs. --thresholds 0.2,precision:0.8,top:0.1 adds a decision by each; rules are applied to the run's validation rows.\n"
	           "--format redis | redis-cli --pipe: a key seqrec:VERSION:USER each, and at the end seqrec:live with the version, the run's name and its model's checksum.",
	.example = "seqrec predict runs/quickstart --out predictions.jsonl",
	.least = 1,
	.most = 1,
	.flags = "data cut part only out format ttl thresholds set",
	.exec = exec,
};
