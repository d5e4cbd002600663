/* seqrec init - a first config, guessed from the logs. */
#include "cli.h"

#include "seqrec/file.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/sniff.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

/* The log's name without its endings: "logs/browse.csv.gz" -> "browse.json". */
static char *config_name(const char *log)
{
	const char *name = path_name(log);
	size_t stem = strcspn(name, ".*?[");
	return text_format("%.*s.json", stem ? (int)stem : 6, stem ? name : "seqrec");
}

/* What was written has to read: a guess that the config's own rules refuse is a fault of this program. */
static bool write_config(const char *path, const sniffed *guess, sr_error *err)
{
	const strings none = { 0 };
	sr_error wrong = { 0 };
	char *folder = path_folder(path);
	config *c = config_parse(guess->config, strlen(guess->config), path, folder, &none, &wrong);
	free(folder);
	if (!c)
		return error_set(err, SR_INTERNAL, "the guessed config does not read; nothing was written, please report it: %s", wrong.text);
	config_free(c);
	return file_write(path, guess->config, strlen(guess->config), err);
}

static bool exec(const options *opt, sr_error *err)
{
	char *path = opt->out ? xstrdup(opt->out) : config_name(opt->argument[0]), *folder = path_folder(path);
	sniffed guess = { 0 };
	bool done = !file_exists(path) || error_set(err, SR_CONFIG, "%s: is there already and was left alone; name another file with --out, or remove it", path);
	done = done && sniff_logs(opt->argument, opt->arguments, folder, &guess, err) && write_config(path, &guess, err);
	if (done) {
		output_result(opt->json ? guess.json : guess.words);
		log_info("guesses written to %s; next: seqrec check %s, then seqrec train %s", path, path, path);
	}
	sniffed_free(&guess);
	free(folder);
	free(path);
	return done;
}

const command command_init = {
	.name = "init",
	.usage = "init LOGFILE... [--out CONFIG]",
	.summary = "write a first config, guessed from your logs",
	.details = "Looks at up to a million rows of each log (a file, or a glob or folder: its first file) and guesses separators, header, encoding, which columns are user,\n"
	           "item, time, type, session, query and label, and the format of the times. Files with a row for each user or item become attributes.\n"
	           "Writes a commented config beside you (the first log's name with .json, or --out) and prints each guess with its evidence, and what it could not tell.",
	.example = "seqrec init data/shop/browse.csv data/shop/purchase.csv data/shop/users.csv --out shop.json",
	.least = 1,
	.most = ARGUMENTS_MOST,
	.flags = "out",
	.exec = exec,
};
