/* The guesses and their evidence, for people and as JSON. */
#include "loader/sniff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "seqrec/instant.h"
#include "seqrec/store.h"

static const char *level_words(const sniff_file *f)
{
	static const char *const words[] = { [LEVEL_EVENT] = "events", [LEVEL_USER] = "users", [LEVEL_ITEM] = "items", [LEVEL_SAMPLE] = "samples" };
	return words[f->level];
}

/* What the column was taken for, and why. */
static char *use_of(const sniff_file *f, size_t column, const char **why)
{
	const sniff_column *c = &f->column[column];
	const char *kind = sniff_kind(f, column);
	*why = c->why ? c->why : kind ? "" : c->distinct < 2 ? "one value in all rows" : "too many different values to say anything";
	if (c->use)
		return text_format("%s", *c->use ? c->use : "-");
	return kind ? text_format("field (%s)", kind) : text_format("-");
}

static void add_times(const sniff_file *f, text *out)
{
	char first[INSTANT_TEXT], last[INSTANT_TEXT];
	if (f->first > f->last)
		return;
	instant_print(f->first, first);
	instant_print(f->last, last);
	text_addf(out, "  times: %s, from %s to %s%s\n", f->time_format, first, last, f->local ? ", without an offset: taken as UTC" : "");
}

static void add_file(const sniff_file *f, text *out)
{
	text_addf(out, "%s: %s, %" PRIu64 " rows%s", f->file, level_words(f), f->rows, f->whole ? "" : " looked at");
	if (f->bad)
		text_addf(out, ", %" PRIu64 " of them bad (%s)", f->bad, f->bad_reason);
	text_addf(out, "%s%s%s%s%s\n", *f->source.separator ? ", separator \"" : "", f->source.separator, *f->source.separator ? "\"" : "", f->source.header ? "" : ", no header", *f->source.records ? ", nested records" : "");
	for (size_t i = 0; i < f->columns; i++) {
		const char *why;
		char *use = use_of(f, i, &why);
		text_addf(out, "  %-24s %-18s %s", f->column[i].name, use, why);
		if (!*why)
			text_addf(out, "%s%zu different values", f->column[i].distinct == SNIFF_DISTINCT ? "at least " : "", f->column[i].distinct);
		text_add(out, "\n");
		free(use);
	}
	add_times(f, out);
	if (f->level == LEVEL_EVENT && f->type)
		text_addf(out, "  type: %s; %s\n", f->type, f->type_why);
	if (f->level == LEVEL_EVENT && f->role[ROLE_TIME] == SIZE_MAX)
		text_add(out, "  no time: the order of the rows stands for it\n");
	for (const char *line = f->notes.data; line && *line; line += strcspn(line, "\n") + 1)
		text_addf(out, "  note: %.*s\n", (int)strcspn(line, "\n"), line);
	if (f->level == LEVEL_SAMPLE && f->role[ROLE_USER] == SIZE_MAX)
		text_add(out, "  note: no user, no item and no time here: each row stands for itself\n");
}

char *sniff_words(const sniff *s)
{
	text out = { 0 };
	for (size_t i = 0; i < s->files; i++)
		add_file(&s->file[i], &out);
	text_addf(&out, "task: %s\n", s->why.data);
	text_hide_controls(&out);
	return out.data;
}

static void json_pair(text *out, const char *before, const char *key, const char *value)
{
	text_addf(out, "%s\"%s\":", before, key);
	text_add_json(out, value, strlen(value));
}

char *sniff_json(const sniff *s)
{
	text out = { 0 };
	text_add(&out, "{\"files\":[");
	for (size_t i = 0; i < s->files; i++) {
		const sniff_file *f = &s->file[i];
		json_pair(&out, i ? ",\n{" : "\n{", "path", f->file);
		json_pair(&out, ",", "holds", level_words(f));
		json_pair(&out, ",", "time_format", f->time_format ? f->time_format : "");
		json_pair(&out, ",", "type", f->type ? f->type : "");
		json_pair(&out, ",", "notes", f->notes.data ? f->notes.data : "");
		text_addf(&out, ",\"rows\":%" PRIu64 ",\"columns\":[", f->rows);
		for (size_t k = 0; k < f->columns; k++) {
			const char *why;
			char *use = use_of(f, k, &why);
			json_pair(&out, k ? ",\n {" : "\n {", "name", f->column[k].name);
			json_pair(&out, ",", "use", use);
			json_pair(&out, ",", "why", why);
			text_add(&out, "}");
			free(use);
		}
		text_add(&out, "]}");
	}
	json_pair(&out, "],", "task", s->why.data);
	text_add(&out, "}\n");
	return out.data;
}
