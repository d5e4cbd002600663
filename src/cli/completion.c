/* seqrec completion - completion of commands, flags and settings for a shell, made from the tables. */
#include "cli.h"

#include "seqrec/text.h"

#include <stdlib.h>
#include <string.h>

/* The settings' keys, one a line. */
static char *all_keys(void)
{
	char *help = config_reference();
	text out = { 0 };
	for (const char *at = help; (at = strstr(at, "\n| `")); at++) {
		size_t length = strcspn(at + 4, "`");
		if (!memchr(at + 4, '[', length))
			text_addf(&out, "%.*s ", (int)length, at + 4);
	}
	free(help);
	return out.data;
}

/* What stands between quotes of a shell. */
static void add_quoted(text *out, const char *words)
{
	for (; *words; words++)
		text_add(out, *words == '\'' ? "'\\''" : (char[]){ *words, '\0' });
}

static void add_names(text *out)
{
	for (size_t i = 0; commands[i]; i++)
		text_addf(out, "%s%s", i ? " " : "", commands[i]->name);
}

/* ---- bash ---- */

static char *for_bash(void)
{
	text out = { 0 };
	char *keys = all_keys();
	text_addf(&out, "# bash completion of seqrec. For this shell: eval \"$(seqrec completion bash)\"\n"
	               "_seqrec() {\n\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} keys='%s' flags=\n\tcompopt +o nospace 2>/dev/null\n"
	               "\tif [ \"$COMP_CWORD\" = 1 ]; then\n\t\tCOMPREPLY=($(compgen -W '", keys);
	add_names(&out);
	text_add(&out, "' -- \"$word\"))\n\t\treturn\n\tfi\n"
	               "\tif [ \"$before\" = --set ]; then\n\t\tcompopt -o nospace 2>/dev/null\n\t\tCOMPREPLY=($(compgen -S = -W \"$keys\" -- \"$word\"))\n\t\treturn\n\tfi\n"
	               "\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; commands[i]; i++) {
		char *flags = options_words(commands[i]->flags, "--%s ");
		text_addf(&out, "\t%s) flags='%s' ;;\n", commands[i]->name, flags);
		free(flags);
	}
	text_add(&out, "\tesac\n\tif [ \"${COMP_WORDS[1]}\" = help ]; then\n\t\tCOMPREPLY=($(compgen -W \"$keys ");
	add_names(&out);
	text_add(&out, "\" -- \"$word\"))\n\telif [ \"${COMP_WORDS[1]}\" = completion ]; then\n\t\tCOMPREPLY=($(compgen -W 'bash zsh fish' -- \"$word\"))\n"
	               "\telif [ \"${word#-}\" != \"$word\" ]; then\n\t\tCOMPREPLY=($(compgen -W \"$flags\" -- \"$word\"))\n"
	               "\telse\n\t\tCOMPREPLY=($(compgen -f -- \"$word\"))\n\t\tcompopt -o filenames 2>/dev/null\n\tfi\n}\ncomplete -F _seqrec seqrec\n");
	free(keys);
	return out.data;
}

/* ---- zsh ---- */

static char *for_zsh(void)
{
	text out = { 0 };
	char *keys = all_keys();
	text_add(&out, "#compdef seqrec\n# zsh completion of seqrec. For this shell: eval \"$(seqrec completion zsh)\"\n_seqrec() {\n\tlocal -a commands flags keys\n\tcommands=(\n");
	for (size_t i = 0; commands[i]; i++) {
		text_addf(&out, "\t\t'%s:", commands[i]->name);
		add_quoted(&out, commands[i]->summary);
		text_add(&out, "'\n");
	}
	text_addf(&out, "\t)\n\tkeys=(%s)\n\tif (( CURRENT == 2 )); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n"
	               "\tif [[ $words[CURRENT-1] == --set ]]; then\n\t\tcompadd -S = -a keys\n\t\treturn\n\tfi\n\tcase $words[2] in\n", keys);
	for (size_t i = 0; commands[i]; i++) {
		char *flags = options_words(commands[i]->flags, "--%s ");
		text_addf(&out, "\t%s) flags=(%s) ;;\n", commands[i]->name, flags);
		free(flags);
	}
	text_add(&out, "\tesac\n\tif [[ $words[2] == help ]]; then\n\t\t_describe command commands\n\t\tcompadd -a keys\n\telif [[ $words[2] == completion ]]; then\n\t\tcompadd bash zsh fish\n"
	               "\telif [[ $words[CURRENT] == -* ]]; then\n\t\tcompadd -a flags\n\telse\n\t\t_files\n\tfi\n}\n"
	               "if [[ ${funcstack[1]-} == _seqrec ]]; then\n\t_seqrec \"$@\"\nelse\n\tcompdef _seqrec seqrec\nfi\n");
	free(keys);
	return out.data;
}

/* ---- fish ---- */

static char *for_fish(void)
{
	text out = { 0 };
	char *keys = all_keys();
	text_add(&out, "# fish completion of seqrec. For this shell: seqrec completion fish | source\n");
	for (size_t i = 0; commands[i]; i++) {
		text_addf(&out, "complete -c seqrec -n __fish_use_subcommand -f -a %s -d '", commands[i]->name);
		for (const char *at = commands[i]->summary; *at; at++)
			text_add(&out, *at == '\'' ? "\\'" : (char[]){ *at, '\0' });
		text_add(&out, "'\n");
		char *flags = options_words(commands[i]->flags, "-l %s ");
		for (char *at = flags; *at;) {
			size_t length = strcspn(at + 3, " ") + 3;
			text_addf(&out, "complete -c seqrec -n '__fish_seen_subcommand_from %s' %.*s\n", commands[i]->name, (int)length, at);
			at += length + (at[length] == ' ');
		}
		free(flags);
	}
	text_addf(&out, "complete -c seqrec -n '__fish_seen_subcommand_from help' -f -a '%s", keys);
	add_names(&out);
	text_addf(&out, "'\ncomplete -c seqrec -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'\n"
	               "complete -c seqrec -l set -x -a '(string replace -r \\'$\\' = (string split \" \" \"%s\"))'\n", keys);
	free(keys);
	return out.data;
}

static bool exec(const options *opt, sr_error *err)
{
	static const struct {
		const char *name;
		char *(*make)(void);
	} shells[] = { { "bash", for_bash }, { "zsh", for_zsh }, { "fish", for_fish } };
	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
		if (strcmp(opt->argument[0], shells[i].name) == 0) {
			char *script = shells[i].make();
			output_result(script);
			free(script);
			return true;
		}
	return error_set(err, SR_CONFIG, "%s: is not one of bash, zsh, fish", opt->argument[0]);
}

const command command_completion = {
	.name = "completion",
	.usage = "completion bash|zsh|fish",
	.summary = "print what completes commands, flags and settings in your shell",
	.details = "For this shell: eval \"$(seqrec completion bash)\" (zsh alike), or seqrec completion fish | source. Installed packages bring it along.",
	.example = "seqrec completion bash >~/.local/share/bash-completion/completions/seqrec",
	.least = 1,
	.most = 1,
	.flags = "",
	.exec = exec,
};
