/* seqrec inspect - what a run, a store or a checkpoint holds. */
#include "cli.h"

#include <stdlib.h>

static bool exec(const options *opt, sr_error *err)
{
	char *found = run_inspect(opt->argument[0], opt->json, err);
	if (found)
		output_result(found);
	bool done = found != NULL;
	free(found);
	return done;
}

const command command_inspect = {
	.name = "inspect",
	.usage = "inspect PATH",
	.summary = "say what a run directory, event store or checkpoint holds",
	.details = "All checksums are verified.",
	.example = "seqrec inspect runs/quickstart/store",
	.least = 1,
	.most = 1,
	.flags = "",
	.exec = exec,
};
