/* seqrec prepare - from logs to the event store. */
#include "cli.h"

#include "seqrec/file.h"

#include <stdlib.h>

static bool exec(const options *opt, sr_error *err)
{
	config *c = config_load(opt->argument[0], &opt->sets, err);
	if (!c)
		return false;
	char *folder = cli_run_folder(opt, c), *summary = NULL;
	bool done = folder_make(folder, err) && run_prepare(c, folder, opt->padded, opt->json, &summary, err);
	if (done)
		output_result(summary);
	free(summary);
	free(folder);
	config_free(c);
	return done;
}

const command command_prepare = {
	.name = "prepare",
	.usage = "prepare CONFIG [--run DIR] [--padded DIR] [--set KEY=VALUE]...",
	.summary = "read the logs into the event store, and say what was read",
	.details = "The store is a folder of .npy columns that numpy opens as they are; train makes it when it is missing. Memory stays within data.memory.\n"
	           "--padded also writes the sequences of all samples as (samples, window) arrays for other frameworks.",
	.example = "seqrec prepare configs/quickstart.json",
	.least = 1,
	.most = 1,
	.flags = "run padded set",
	.exec = exec,
};
