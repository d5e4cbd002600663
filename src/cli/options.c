/* options.c - from words to a command and its options. An unknown word is an error with the nearest name. */
#include "cli.h"

#include "seqrec/memory.h"
#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	const char *name, *letter;
	size_t text;   /* offset of a char *, or SIZE_MAX */
	size_t toggle; /* offset of a bool, or SIZE_MAX */
	bool global;
	const char *value, *help;
} flag;

#define TEXT(member) .text = offsetof(options, member), .toggle = SIZE_MAX
#define TOGGLE(member) .text = SIZE_MAX, .toggle = offsetof(options, member)

static const flag flags[] = {
	{ "run", NULL, TEXT(run), .value = "DIR", .help = "run directory (default: runs/ and the config's name)" },
	{ "set", NULL, .text = SIZE_MAX, .toggle = SIZE_MAX, .value = "KEY=VALUE", .help = "overrides a setting; may be repeated" },
	{ "fresh", NULL, TOGGLE(fresh), .help = "replaces the run that the directory holds" },
	{ "max-minutes", NULL, TEXT(max_minutes), .value = "N", .help = "after so many minutes saves a checkpoint and ends with exit code 75" },
	{ "deadline", NULL, TEXT(deadline), .value = "HH:MM", .help = "the same when the local clock shows this" },
	{ "data", NULL, TEXT(data), .value = "CONFIG", .help = "takes the logs from this config's data section" },
	{ "cut", NULL, TEXT(cut), .value = "INSTANT", .help = "predicts from this instant (default: the end of the log)" },
	{ "part", NULL, TEXT(part), .value = "PART", .help = "only the rows of this part: validation or test, each scored by models that did not see it" },
	{ "out", NULL, TEXT(out), .value = "FILE", .help = "where the result goes (default: standard output; init: a config named after the log)" },
	{ "format", NULL, TEXT(format), .value = "FORMAT", .help = "predict, recommend: jsonl (default), csv, tsv, redis; recommend: also trec; embed: npy (default), word2vec, faiss" },
	{ "ttl", NULL, TEXT(ttl), .value = "DURATION", .help = "--format redis: keys expire after it (default: 7d); 0: never" },
	{ "prometheus", NULL, TEXT(prometheus), .value = "FILE", .help = "writes how the run went there, as metrics for Prometheus' textfile collector" },
	{ "only", NULL, TEXT(only), .value = "FILE", .help = "only the users of this list, an id a line" },
	{ "allow", NULL, TEXT(allow), .value = "FILE", .help = "recommends only items of this list, an id a line" },
	{ "deny", NULL, TEXT(deny), .value = "FILE", .help = "recommends no items of this list, an id a line" },
	{ "cap", NULL, TEXT(cap), .value = "N", .help = "recommends at most N items of one value of --cap-field" },
	{ "cap-field", NULL, TEXT(cap_field), .value = "FIELD", .help = "an item field of kind category" },
	{ "vector", NULL, TEXT(vector), .value = "h|y|z|item", .help = "the sequence, the attributes, or both (default: z); of items" },
	{ "padded", NULL, TEXT(padded), .value = "DIR", .help = "also writes padded sequences as .npy files" },
	{ "backend", NULL, TEXT(backend), .value = "NAME", .help = "what computes: native (default) or libtorch" },
	{ "device", NULL, TEXT(device), .value = "NAME", .help = "where it computes: cpu (default) or cuda" },
	{ "thresholds", NULL, TEXT(thresholds), .value = "LIST", .help = "also decides by these: numbers, f1, cost:A:B, precision:P, top:S; with commas between" },
	{ "gate", NULL, TEXT(gate), .value = "RULES", .help = "ends with exit code 10 unless the test part keeps them, e.g. \"roc_auc>=0.8, roc_auc.low>=0.78\"" },
	{ "require", NULL, TEXT(require), .value = "RULES", .help = "ends with exit code 10 unless B minus A keeps them, e.g. \"roc_auc.low>=-0.005\"" },
	{ "html", NULL, TEXT(html), .value = "FILE", .help = "writes the page for a browser there" },
	{ "resamples", NULL, TEXT(resamples), .value = "N", .help = "resamples and permutations (default: 2000)" },
	{ "users", NULL, TEXT(users), .value = "N", .help = "users of the shop (default: 2000)" },
	{ "cuts", NULL, TEXT(cuts), .value = "N", .help = "samples a user, 30 days apart (default: 1)" },
	{ "seed", NULL, TEXT(seed), .value = "N", .help = "seed of what is drawn (default: 1)" },
	{ "shapes", NULL, TEXT(shapes), .value = "LIST", .help = "of the bench, parted by commas (default: all)" },
	{ "threads", NULL, TEXT(threads), .value = "LIST", .help = "of the bench, parted by commas (default: 1 and all that there are)" },
	{ "seconds", NULL, TEXT(seconds), .value = "S", .help = "of each measurement of the bench (default: 1.2)" },
	{ "scale", NULL, TEXT(scale), .value = "SHARE", .help = "of the users of each set of the bench (default: 1)" },
	{ "compare", NULL, TEXT(compare), .value = "FILE", .help = "the JSON of an earlier bench" },
	{ "show-origin", NULL, TOGGLE(show_origin), .help = "prints every setting and where its value came from" },
	{ "json", NULL, TOGGLE(json), .global = true, .help = "the result as JSON" },
	{ "quiet", "q", TOGGLE(quiet), .global = true, .help = "warnings and errors only" },
	{ "verbose", "v", TOGGLE(verbose), .global = true, .help = "more about what is done" },
	{ "log-format", NULL, TEXT(log_format), .global = true, .value = "text|json", .help = "of the lines on standard error" },
	{ "help", "h", TOGGLE(help), .global = true, .help = "help for the command" },
};
enum { FLAGS = sizeof flags / sizeof *flags };

static bool lists(const char *names, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = names; (at = strstr(at, name)); at += length)
		if ((at == names || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

static bool is_allowed(const flag *f, const command *c)
{
	return f->global || !c || lists(c->flags, f->name);
}

static const flag *find_flag(const char *word, size_t length)
{
	bool brief = word[1] != '-';
	for (size_t i = 0; i < FLAGS; i++) {
		const char *name = brief ? flags[i].letter : flags[i].name;
		if (name && strlen(name) == length - (brief ? 1 : 2) && memcmp(word + (brief ? 1 : 2), name, strlen(name)) == 0)
			return &flags[i];
	}
	return NULL;
}

static bool unknown_flag(const char *word, const command *c, sr_error *err)
{
	const char *names[FLAGS];
	size_t count = 0;
	for (size_t i = 0; i < FLAGS; i++)
		if (is_allowed(&flags[i], c))
			names[count++] = flags[i].name;
	const char *nearest = text_nearest(word + strspn(word, "-"), names, count);
	return error_set(err, SR_CONFIG, "%s is not a flag of seqrec %s.%s%s%s", word, c ? c->name : "", nearest ? " Did you mean --" : " See seqrec help ", nearest ? nearest : c ? c->name : "", nearest ? "?" : ".");
}

static void set_text(options *opt, const flag *f, const char *value)
{
	if (f->text == SIZE_MAX) { /* --set */
		opt->sets.item = xrealloc(opt->sets.item, opt->sets.count + 1, sizeof *opt->sets.item);
		opt->sets.item[opt->sets.count++] = xstrdup(value);
		return;
	}
	char **member = (char **)(void *)((char *)opt + f->text);
	free(*member);
	*member = xstrdup(value);
}

/* Reads the flag at words[*i], moving *i over its value. */
static bool read_flag(options *opt, const command *c, int count, char **words, int *i, sr_error *err)
{
	const char *word = words[*i], *equals = strchr(word, '=');
	const flag *f = find_flag(word, equals ? (size_t)(equals - word) : strlen(word));
	if (!f || !is_allowed(f, c))
		return unknown_flag(word, c, err);
	if (f->toggle != SIZE_MAX) {
		if (equals)
			return error_set(err, SR_CONFIG, "--%s takes no value", f->name);
		*(bool *)(void *)((char *)opt + f->toggle) = true;
		return true;
	}
	if (!equals && *i + 1 >= count)
		return error_set(err, SR_CONFIG, "--%s needs a value: --%s %s", f->name, f->name, f->value);
	set_text(opt, f, equals ? equals + 1 : words[++*i]);
	return true;
}

static const command *find_command(const char *name, sr_error *err)
{
	const char *names[32];
	size_t count = 0;
	for (; commands[count]; count++) {
		if (strcmp(commands[count]->name, name) == 0)
			return commands[count];
		names[count] = commands[count]->name;
	}
	if (strcmp(name, "--version") == 0)
		return &command_version;
	const char *nearest = text_nearest(name, names, count);
	error_set(err, SR_CONFIG, "%s is not a command.%s%s%s", name, nearest ? " Did you mean " : " `seqrec help` lists them", nearest ? nearest : "", nearest ? "?" : ".");
	return NULL;
}

static bool check_values(const options *opt, const command *c, sr_error *err)
{
	if (opt->log_format && strcmp(opt->log_format, "text") != 0 && strcmp(opt->log_format, "json") != 0)
		return error_set(err, SR_CONFIG, "--log-format %s: must be text or json", opt->log_format);
	if (opt->help || (opt->arguments >= c->least && opt->arguments <= c->most))
		return true;
	return error_set(err, SR_CONFIG, "usage: seqrec %s", c->usage);
}

const command *options_read(options *opt, int count, char **words, sr_error *err)
{
	const command *c = NULL;
	for (int i = 0; i < count; i++) {
		bool is_flag = words[i][0] == '-' && words[i][1] != '\0' && strcmp(words[i], "--version") != 0;
		if (is_flag) {
			if (!read_flag(opt, c, count, words, &i, err))
				return NULL;
		} else if (!c) {
			c = find_command(words[i], err);
			if (!c)
				return NULL;
		} else if (opt->arguments == ARGUMENTS_MOST) {
			error_set(err, SR_CONFIG, "usage: seqrec %s", c->usage);
			return NULL;
		} else {
			opt->argument[opt->arguments++] = xstrdup(words[i]);
		}
	}
	if (!c || opt->help) { /* `seqrec`, `seqrec --help`, `seqrec train --help` */
		for (size_t i = 0; i < opt->arguments; i++)
			free(opt->argument[i]);
		opt->arguments = 0;
		if (c)
			opt->argument[opt->arguments++] = xstrdup(c->name);
		return &command_help;
	}
	return check_values(opt, c, err) ? c : NULL;
}

void options_free(options *opt)
{
	for (size_t i = 0; i < opt->arguments; i++)
		free(opt->argument[i]);
	for (size_t i = 0; i < opt->sets.count; i++)
		free(opt->sets.item[i]);
	free(opt->sets.item);
	for (size_t i = 0; i < FLAGS; i++)
		if (flags[i].text != SIZE_MAX)
			free(*(char **)(void *)((char *)opt + flags[i].text));
}

char *options_describe(const char *names)
{
	text out = { 0 };
	for (size_t i = 0; i < FLAGS; i++) {
		if (!flags[i].global && !lists(names, flags[i].name))
			continue;
		char *left = text_format("%s%s%s--%s %s", flags[i].letter ? "-" : "", flags[i].letter ? flags[i].letter : "", flags[i].letter ? ", " : "", flags[i].name, flags[i].value ? flags[i].value : "");
		text_addf(&out, "  %-26s %s\n", left, flags[i].help);
		free(left);
	}
	return out.data;
}

char *options_words(const char *names, const char *format)
{
	text out = { 0 };
	const char *hole = strstr(format, "%s");
	for (size_t i = 0; i < FLAGS; i++)
		if (flags[i].global || lists(names, flags[i].name))
			text_addf(&out, "%.*s%s%s", (int)(hole - format), format, flags[i].name, hole + 2);
	return out.data;
}
