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
	               "seqrec help exit-codes  what the exit codes mean\n"
	               "seqrec doctor           what this machine has, when something does not work\n");
	return out.data;
}

static char *help_command(const command *c)
{
	char *flags = options_describe(c->flags);
	char *out = text_format("seqrec %s - %s\n\nusage: seqrec %s\n\n%s%s%s\nexample:\n  %s\n", c->name, c->summary, c->usage, c->details, c->details[0] ? "\n\n" : "", flags, c->example);
	free(flags);
	return out;
}

char *help_codes(void)
{
	static const sr_code codes[] = { SR_OK, SR_UNEXPECTED, SR_CONFIG, SR_DATA, SR_IO, SR_MODEL, SR_DIVERGED, SR_MEMORY, SR_GATE, SR_INTERNAL, SR_AGAIN };
	text out = { 0 };
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		text_addf(&out, "%4d  %s\n", (int)codes[i], error_meaning(codes[i]));
	text_add(&out, " 129  hung up (SIGHUP), checkpoint saved\n 130  interrupted (SIGINT), checkpoint saved\n 143  terminated (SIGTERM), checkpoint saved\n");
	return out.data;
}

/* docs/configuration.md */
static char *help_reference(void)
{
	char *tables = config_reference(), *out = text_format(
		"# Settings\n\n"
		"Made by `seqrec help reference` from the one table in src/config/fields.c. `seqrec help KEY` shows one setting, `seqrec check CONFIG --show-origin` every value\n"
		"of a config and where it came from, `seqrec schema` the JSON Schema for an editor.\n\n"
		"A config is a JSON object of sections, `//` comments allowed. Paths are relative to its folder; `${NAME}` in a text is replaced from the environment, and one\n"
		"that is not set is an error. Flags win over the environment (`SEQREC_TRAIN_EPOCHS=3`), which wins over the file, which wins over defaults.\n"
		"`--set train.epochs=3` reads its value as JSON where it is JSON, else as a text. A list of one may be written without its brackets.\n\n%s", tables);
	free(tables);
	return out;
}

/* docs/commands.md */
static char *help_commands(void)
{
	text out = { 0 };
	char *codes = help_codes();
	text_add(&out, "# Commands\n\nMade by `seqrec help commands` from the command table. The asked result goes to standard output, log lines and progress to standard error.\n");
	for (size_t i = 0; commands[i]; i++) {
		char *help = help_command(commands[i]);
		text_addf(&out, "\n## %s\n\n```\n%s```\n", commands[i]->name, help);
		free(help);
	}
	text_addf(&out, "\n## Exit codes\n\nEvery code but 0 comes with a line `seqrec: error: ...` that says what, where, what was kept and what to do.\n\n```\n%s```\n", codes);
	free(codes);
	return out.data;
}

static const struct {
	const char *name;
	char *(*make)(void);
} topics[] = { { "exit-codes", help_codes }, { "reference", help_reference }, { "commands", help_commands } };
enum { TOPICS = sizeof topics / sizeof *topics };

static char *help_for(const char *topic)
{
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, topic) == 0)
			return help_command(commands[i]);
	for (size_t i = 0; i < TOPICS; i++)
		if (strcmp(topics[i].name, topic) == 0)
			return topics[i].make();
	char *page = man_page(topic);
	if (page)
		return page;
	return strcmp(topic, "config") == 0 ? config_help("") : config_help(topic);
}

static bool unknown_topic(const char *topic, sr_error *err)
{
	enum { NAMES_MOST = 64 };
	const char *names[NAMES_MOST];
	size_t count = 0;
	for (size_t i = 0; commands[i]; i++)
		names[count++] = commands[i]->name;
	for (size_t i = 0; i < TOPICS; i++)
		names[count++] = topics[i].name;
	const char *nearest = text_nearest(topic, names, count);
	if (!nearest)
		nearest = config_nearest(topic);
	return error_set(err, SR_CONFIG, "%s is no command and no setting.%s%s%s", topic, nearest ? " Did you mean " : " `seqrec help` lists commands, `seqrec help config` settings", nearest ? nearest : "",
	                 nearest ? "?" : ".");
}

static void put_json(const char *topic, const char *found)
{
	text out = { 0 };
	text_add(&out, "{\"topic\":");
	text_add_json(&out, topic, strlen(topic));
	text_add(&out, ",\"text\":");
	text_add_json(&out, found, strlen(found));
	text_add(&out, "}\n");
	output_result(out.data);
	text_free(&out);
}

static bool exec(const options *opt, sr_error *err)
{
	const char *topic = opt->arguments ? opt->argument[0] : "";
	char *found = opt->arguments ? help_for(topic) : help_all();
	if (!found)
		return unknown_topic(topic, err);
	if (opt->json)
		put_json(topic, found);
	else
		output_result(found);
	free(found);
	return true;
}

const command command_help = {
	.name = "help",
	.usage = "help [COMMAND | KEY | config | exit-codes | commands | reference | man]",
	.summary = "this list, or help for a command or a setting",
	.details = "A KEY is a setting such as train.epochs, or a section of them. commands and reference print all of it as Markdown, as in docs/;\n"
	           "man, man-COMMAND and man-config print manual pages.",
	.example = "seqrec help train.learning_rate",
	.most = 1,
	.flags = "",
	.exec = exec,
};
