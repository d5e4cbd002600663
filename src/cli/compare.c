/* seqrec compare - whether one run is better than another on the same test rows. */
#include "cli.h"

#include "seqrec/compare.h"
#include "seqrec/file.h"
#include "seqrec/number.h"

#include <stdlib.h>
#include <string.h>

static bool read_whole(const char *name, const char *word, int64_t least, int64_t *value, sr_error *err)
{
	return !word || (number_parse_int(word, strlen(word), value) && *value >= least && *value <= 1000000) || error_set(err, SR_CONFIG, "--%s %s: must be a whole number from %d to 1000000", name, word, (int)least);
}

static bool write_page(const comparison *c, const char *path, sr_error *err)
{
	char *page = comparison_html(c);
	bool done = file_write(path, page, strlen(page), err);
	free(page);
	return done;
}

static bool exec(const options *opt, sr_error *err)
{
	int64_t resamples = 2000, seed = 1;
	if (!read_whole("resamples", opt->resamples, 100, &resamples, err) || !read_whole("seed", opt->seed, 0, &seed, err))
		return false;
	comparison_how how = { (size_t)resamples, (uint64_t)seed, thread_pool_new(thread_available()) };
	comparison *c = compare_runs((const char *const *)opt->argument, opt->arguments, &how, err);
	char *result = c ? (opt->json ? comparison_json : comparison_text)(c) : NULL;
	if (result)
		output_result(result);
	bool done = c && (!opt->html || write_page(c, opt->html, err)) && (!opt->require || gate_comparison(c, opt->require, err));
	free(result);
	comparison_free(c);
	thread_pool_free(how.pool);
	return done;
}

const command command_compare = {
	.name = "compare",
	.usage = "compare RUN_A RUN_B [RUN_C [RUN_D]] [--require RULES] [--html FILE] [--resamples N] [--seed N]",
	.summary = "say whether runs are better than a first one, on the same test rows",
	.details = "Each further run stands against RUN_A: paired bootstrap intervals of the differences over users, permutation tests, Holm's correction over all metrics and runs.\n"
	           "Runs whose test rows or labels differ are refused. --require is the promotion gate: rules such as \"roc_auc>=-0.005, log_loss.high<=0\" about B minus A\n"
	           "(METRIC, or METRIC.low and METRIC.high: the ends of its interval); exit code 10 when one does not hold.\n"
	           "Runs of task.kind both are compared by both heads; metrics of the second are next_item.METRIC.",
	.example = "seqrec compare runs/live runs/tonight --require \"roc_auc.low>=-0.005\"",
	.least = 2,
	.most = 4,
	.flags = "require html resamples seed",
	.exec = exec,
};
