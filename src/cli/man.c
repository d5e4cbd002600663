/* man.c - manual pages in troff, made from the tables: `seqrec help man` is seqrec(1), `seqrec help man-NAME` seqrec-NAME(1), `seqrec help man-config` seqrec-config(5). */
#include "cli.h"

#include "seqrec/text.h"
#include "seqrec/version.h"

#include <stdlib.h>
#include <string.h>

/* Plain text: backslashes and hyphens as they stand, no request at the begin of a line. */
static void add_plain(text *out, const char *words)
{
	for (bool start = true; *words; start = *words++ == '\n') {
		if (start && (*words == '.' || *words == '\''))
			text_add(out, "\\&");
		if (*words == '\\')
			text_add(out, "\\e");
		else if (*words == '-')
			text_add(out, "\\-");
		else
			text_add_bytes(out, words, 1);
	}
}

static void add_head(text *out, const char *name, int section, const char *summary)
{
	text_addf(out, ".TH \"%s\" %d \"\" \"seqrec %s\" \"seqrec\"\n.SH NAME\n", name, section, seqrec_version());
	add_plain(out, name);
	text_add(out, " \\- ");
	add_plain(out, summary);
	text_add(out, "\n");
}

static void add_verbatim(text *out, const char *words)
{
	text_add(out, ".nf\n");
	add_plain(out, words);
	text_add(out, "\n.fi\n");
}

static char *page_of(const command *c)
{
	text out = { 0 };
	char *name = text_format("seqrec-%s", c->name), *flags = options_describe(c->flags);
	add_head(&out, name, 1, c->summary);
	text_add(&out, ".SH SYNOPSIS\n.B seqrec\n");
	add_plain(&out, c->usage);
	text_add(&out, "\n");
	if (*c->details) {
		text_add(&out, ".SH DESCRIPTION\n");
		add_verbatim(&out, c->details);
	}
	text_add(&out, ".SH OPTIONS\n");
	add_verbatim(&out, flags);
	text_add(&out, ".SH EXAMPLE\n");
	add_verbatim(&out, c->example);
	text_add(&out, ".SH SEE ALSO\nseqrec(1), seqrec\\-config(5)\n");
	free(name);
	free(flags);
	return out.data;
}

static char *page_of_all(void)
{
	text out = { 0 };
	add_head(&out, "seqrec", 1, "trains and evaluates models of e-commerce behaviour sequences");
	text_add(&out, ".SH SYNOPSIS\n.B seqrec\nCOMMAND ...\n.SH COMMANDS\n");
	for (size_t i = 0; commands[i]; i++) {
		text_addf(&out, ".TP\n.B seqrec\\-%s\n", commands[i]->name);
		add_plain(&out, commands[i]->summary);
		text_add(&out, "\n");
	}
	text_add(&out, ".SH EXIT STATUS\n");
	char *codes = help_codes();
	add_verbatim(&out, codes);
	free(codes);
	text_add(&out, ".SH SEE ALSO\nseqrec\\-config(5)\n");
	return out.data;
}

static char *page_of_config(void)
{
	text out = { 0 };
	char *settings = config_help("");
	add_head(&out, "seqrec-config", 5, "settings of a seqrec config");
	text_add(&out, ".SH DESCRIPTION\nA config is a JSON object of sections, // comments allowed. Flags win over the environment (SEQREC_TRAIN_EPOCHS=3), which wins over the file.\n.SH SETTINGS\n");
	add_verbatim(&out, settings);
	text_add(&out, ".SH SEE ALSO\nseqrec(1)\n");
	free(settings);
	return out.data;
}

char *man_page(const char *topic)
{
	if (strcmp(topic, "man") == 0)
		return page_of_all();
	if (strcmp(topic, "man-config") == 0)
		return page_of_config();
	for (size_t i = 0; text_starts(topic, "man-") && commands[i]; i++)
		if (strcmp(topic + 4, commands[i]->name) == 0)
			return page_of(commands[i]);
	return NULL;
}
