/* seqrec check - everything that can be known before training. */
#include "cli.h"

#include "seqrec/file.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

/* "file         model.width = 8" -> "model.width":{"value":8,"origin":"file"}; the value is JSON already. */
static char *origins_json(const char *lines)
{
	text out = { 0 };
	for (const char *line = lines; *line; line += strcspn(line, "\n") + 1) {
		size_t origin = strcspn(line, " ");
		const char *key = line + origin + strspn(line + origin, " "), *value = strstr(key, " = ") + 3;
		text_addf(&out, "%s\"%.*s\":{\"value\":%.*s,\"origin\":\"%.*s\"}", out.length ? ",\n" : "{\n", (int)strcspn(key, " "), key, (int)strcspn(value, "\n"), value, (int)origin, line);
	}
	text_add(&out, "\n}\n");
	return out.data;
}

static void put_origins(const config *c, bool json)
{
	char *lines = config_print_origins(c), *tree = json ? origins_json(lines) : NULL;
	output_result(tree ? tree : lines);
	free(tree);
	free(lines);
}

static bool exec(const options *opt, sr_error *err)
{
	config *c = config_load(opt->argument[0], &opt->sets, err);
	if (!c)
		return false;
	if (opt->show_origin) {
		put_origins(c, opt->json);
		config_free(c);
		return true;
	}
	char *folder = cli_run_folder(opt, c);
	char *plan = folder_make(folder, err) ? run_plan(c, folder, opt->json, err) : NULL;
	if (plan)
		output_result(plan);
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
