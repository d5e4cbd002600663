/* seqrec help - commands, settings, exit codes: all from the tables. */
#include "cli.h"

#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

static char *help_all(void)
{
	text out = { 0 };
	text_add(&out, "seqrec trains and evaluates models of e-commerce behaviour sequences.\n\nusage: seqrec COMMAND ...\n\n");
	for (size_t i = 0; commands[i]; i++)
		text_addf(&out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	text_add(&out, "\nseqrec help COMMAND     what a command does, its flags, an example\n"
	               "seqrec help KEY         a setting, such as train.learning_rate, or a section of them\n"
	               "seqrec help config      all settings\n"
	               "seqrec help exit-codes  what the exit codes mean\n");
	return out.data;
}

static char *help_command(const command *c)
{
	char *flags = options_describe(c->flags);
	char *out = text_format("seqrec %s - %s\n\nusage: seqrec %s\n\n%s%s%s\nexample:\n  %s\n", c->name, c->summary, c->usage, c->details, c->details[0] ? "\n\n" : "", flags, c->example);
	free(flags);
	return out;
}

static char *help_codes(void)
{
	static const sr_code codes[] = { SR_OK, SR_UNEXPECTED, SR_CONFIG, SR_DATA, SR_IO, SR_MODEL, SR_DIVERGED, SR_MEMORY, SR_GATE, SR_INTERNAL, SR_AGAIN };
	text out = { 0 };
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		text_addf(&out, "%4d  %s\n", (int)codes[i], error_meaning(codes[i]));
	text_add(&out, " 130  interrupted (SIGINT), checkpoint saved\n 143  terminated (SIGTERM), checkpoint saved\n");
	return out.data;
}

static char *help_for(const char *topic)
{
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, topic) == 0)
			return help_command(commands[i]);
	if (strcmp(topic, "exit-codes") == 0)
		return help_codes();
	return strcmp(topic, "config") == 0 ? config_help("") : config_help(topic);
}

static bool exec(const options *opt, sr_error *err)
{
	char *found = opt->arguments ? help_for(opt->argument[0]) : help_all();
	if (!found)
		return error_set(err, SR_CONFIG, "there is no help for %s: it is no command and no setting. `seqrec help config` lists all settings", opt->argument[0]);
	output_result(found);
	free(found);
	return true;
}

const command command_help = {
	.name = "help",
	.usage = "help [COMMAND | KEY | config | exit-codes]",
	.summary = "this list, or help for a command or a setting",
	.details = "",
	.example = "seqrec help train.learning_rate",
	.most = 1,
	.flags = "",
	.exec = exec,
};
