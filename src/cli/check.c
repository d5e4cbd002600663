/* seqrec check - everything that can be known before training. */
#include "cli.h"

#include "seqrec/file.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

static bool exec(const options *opt, sr_error *err)
{
	config *c = config_load(opt->argument[0], &opt->sets, err);
	if (!c)
		return false;
	if (opt->show_origin) {
		char *origins = config_print_origins(c);
		output_result(origins);
		free(origins);
		config_free(c);
		return true;
	}
	char *folder = cli_run_folder(opt, c);
	char *plan = folder_make(folder, err) ? run_plan(c, folder, err) : NULL;
	if (plan && opt->json) {
		text out = { 0 };
		text_add(&out, "{\"ok\":true,\"plan\":");
		text_add_json(&out, plan, strlen(plan));
		text_add(&out, "}\n");
		output_result(out.data);
		text_free(&out);
	} else if (plan) {
		output_result(plan);
	}
	bool done = plan != NULL;
	free(plan);
	free(folder);
	config_free(c);
	return done;
}

const command command_check = {
	.name = "check",
	.usage = "check CONFIG [--run DIR] [--set KEY=VALUE]... [--show-origin]",
	.summary = "find all errors of a config, and say what training would do",
	.details = "Reports every error of the config at once. Then reads the logs and prints rows, samples and positives by part, the leak check, parameters and memory.",
	.example = "seqrec check configs/quickstart.json --show-origin",
	.least = 1,
	.most = 1,
	.flags = "run set show-origin",
	.exec = exec,
};
