/* seqrec train - from a config to a trained model and its report. */
#include "cli.h"

#include "seqrec/file.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"
#include "seqrec/thread.h"

#include <stdlib.h>
#include <string.h>

char *cli_run_folder(const options *opt, const config *c)
{
	if (opt->run)
		return path_absolute(opt->run);
	if (c->run.dir[0])
		return xstrdup(c->run.dir);
	const char *name = path_name(opt->argument[0]);
	size_t stem = text_ends(name, ".json") ? strlen(name) - 5 : strlen(name);
	return text_format("runs/%.*s", (int)stem, name);
}

static bool exec(const options *opt, sr_error *err)
{
	if (!time_limit_set(opt, err))
		return false;
	config *c = config_load(opt->argument[0], &opt->sets, err);
	if (!c)
		return false;
	char *folder = cli_run_folder(opt, c), *reports = path_join(folder, "report");
	double started = clock_seconds();
	progress_watch_start();
	bool done = run_train(c, folder, opt->fresh, progress_watch(opt), err);
	done = prometheus_finish(opt, folder, started, done, err);
	char *report = done ? cli_report(reports, opt->json, err) : NULL;
	if (report)
		output_result(report);
	if (done)
		log_info("model in %s/model, report in %s/report", folder, folder);
	free(report);
	free(reports);
	free(folder);
	config_free(c);
	return report != NULL;
}

const command command_train = {
	.name = "train",
	.usage = "train CONFIG [--run DIR] [--set KEY=VALUE]... [--fresh] [--max-minutes N] [--deadline HH:MM] [--prometheus FILE]",
	.summary = "train a model from a config, evaluate it and write its report",
	.details = "Builds the event store when logs or settings changed, trains with early stopping on the validation part, and evaluates once on the test part,\n"
	           "beside the floors. The same command again continues a stopped run and does nothing for a finished one.\n"
	           "Ctrl-C finishes the step, saves a checkpoint and ends; so do --max-minutes and --deadline. SIGUSR1 saves a checkpoint and goes on.\n\n"
	           "The shortest useful config:\n"
	           "  { \"data\": { \"events\": { \"path\": \"events.csv\" } }, \"task\": { \"kind\": \"as_of\", \"events\": \"purchase\", \"horizon\": \"7d\" } }",
	.example = "seqrec train configs/quickstart.json --set train.epochs=5",
	.least = 1,
	.most = 1,
	.flags = "run set fresh max-minutes deadline prometheus",
	.exec = exec,
};
