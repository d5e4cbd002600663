/* seqrec recommend - the best next items of each user. */
#include "cli.h"

static bool exec(const options *opt, sr_error *err)
{
	run_data from = { .data = opt->data, .part = opt->part, .only = opt->only, .sets = opt->sets };
	predictions_format format;
	if (!cli_predictions_format(opt, true, &format, err) || !cli_ttl(opt, &from.ttl, err))
		return false;
	const recommend_rules rules = { .allow = opt->allow, .deny = opt->deny, .cap = opt->cap, .cap_field = opt->cap_field };
	return run_recommend(opt->argument[0], &from, &rules, opt->out ? opt->out : "-", format, err);
}

const command command_recommend = {
	.name = "recommend",
	.usage = "recommend RUN [--data CONFIG] [--part PART] [--only FILE] [--out FILE] [--format jsonl|csv|tsv|redis|trec] [--ttl DURATION] [--allow FILE] [--deny FILE] [--cap N --cap-field FIELD] [--set KEY=VALUE]...",
	.summary = "write the best next items of each user",
	.details = "Every user of the logs, from his or her whole history; with --data the users of other logs. How many: --set output.top=20; whether items of the\n"
	           "history may come again: --set evaluate.seen=keep.\n"
	           "--allow and --deny: files of item ids, a line each; --cap 2 --cap-field category: at most two items of one category for each user.\n"
	           "--part test or validation: from before each target, as the report was made. --format trec then also writes FILE.qrels.\n"
	           "--format redis | redis-cli --pipe: a key seqrec:VERSION:USER each, and at the end seqrec:live with the version.",
	.example = "seqrec recommend runs/next_item --set output.top=20 --out recommended.jsonl",
	.least = 1,
	.most = 1,
	.flags = "data part only out format ttl allow deny cap cap-field set",
	.exec = exec,
};
