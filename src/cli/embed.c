/* seqrec embed - the user vectors of a trained run. */
#include "cli.h"

#include <string.h>

static bool exec(const options *opt, sr_error *err)
{
	run_data from = { .data = opt->data, .cut = opt->cut, .sets = opt->sets };
	const char *which = opt->vector ? opt->vector : "z";
	if (strlen(which) != 1 || !strchr("hyz", which[0]))
		return error_set(err, SR_CONFIG, "--vector %s: must be h (the sequence), y (the attributes) or z (both)", which);
	if (!opt->out)
		return error_set(err, SR_CONFIG, "embed needs --out FILE.npy; the ids go to FILE.ids.txt beside it");
	return run_embed(opt->argument[0], &from, which, opt->out, err);
}

const command command_embed = {
	.name = "embed",
	.usage = "embed RUN --out FILE.npy [--vector h|y|z] [--data CONFIG] [--cut INSTANT] [--set KEY=VALUE]...",
	.summary = "write user vectors as a numpy array, and their ids",
	.details = "h is what the encoder makes of the sequence, y of the attributes, z of both. The ids stand in FILE.ids.txt, in the same order.",
	.example = "seqrec embed runs/quickstart --out user_vectors.npy",
	.least = 1,
	.most = 1,
	.flags = "out vector data cut set",
	.exec = exec,
};
