/* seqrec bench - how fast this machine trains, ranks and loads. */
#include "cli.h"

#include "seqrec/bench.h"
#include "seqrec/number.h"

#include <stdlib.h>
#include <string.h>

static bool positive(const char *flag, const char *given, double most, double *value, sr_error *err)
{
	if (!given || (number_parse(given, strlen(given), value) && *value > 0 && *value <= most))
		return true;
	return error_set(err, SR_CONFIG, "--%s %s: must be a number above 0, at most %g", flag, given, most);
}

static bool exec(const options *opt, sr_error *err)
{
	bench_settings settings = { .config = opt->arguments ? opt->argument[0] : NULL, .sets = &opt->sets, .shapes = opt->shapes, .threads = opt->threads, .backend = opt->backend, .device = opt->device, .compare = opt->compare, .scale = 1, .seconds = 1.2, .json = opt->json };
	if (!positive("scale", opt->scale, 1, &settings.scale, err) || !positive("seconds", opt->seconds, 600, &settings.seconds, err))
		return false;
	char *said = bench_run(&settings, err);
	if (said)
		output_result(said);
	free(said);
	return said != NULL;
}

const command command_bench = {
	.name = "bench",
	.usage = "bench [CONFIG] [--set KEY=VALUE]... [--shapes LIST] [--threads LIST] [--backend NAME] [--device NAME] [--seconds S] [--scale SHARE] [--compare FILE]",
	.summary = "measure how fast this machine trains, ranks and loads",
	.details = "Trains and ranks the standard shapes on made-up logs that have the lengths and catalogues of real sets: no data are needed, and it takes under a minute.\n"
	           "Says tokens a second of training, users a second of full ranking, the share of the machine's peak, where the time goes, and memory.\n"
	           "With a CONFIG (of task next_item) it measures that one on its own logs instead; nothing is written beside it.\n"
	           "--backend libtorch or --device cuda measure training through libtorch: then a step's operations and device memory are told, too.\n"
	           "What --json wrote can be compared with later by --compare.",
	.example = "seqrec bench --json >before.json; seqrec bench --compare before.json",
	.most = 1,
	.flags = "set shapes threads backend device seconds scale compare",
	.exec = exec,
};
