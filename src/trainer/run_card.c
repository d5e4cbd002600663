/* run_card.c - the model card (Mitchell et al. 2019): what the model tells, what it was trained on, how well it does, what it is not for. */
#include "run_card.h"

#include "seqrec/file.h"
#include "seqrec/json.h"
#include "seqrec/number.h"
#include "seqrec/text.h"
#include "seqrec/version.h"

#include <stdlib.h>
#include <string.h>

enum { REPORT_MOST = 64 << 20 };

/* Names come from logs and configs: no table, link or tag of theirs may become part of the page. */
static void add_plain(text *out, const char *words)
{
	for (; words && *words; words++) {
		if (strchr("|<>[]`*_\\", *words))
			text_add(out, "\\");
		text_add_bytes(out, (unsigned char)*words < 0x20 ? " " : words, 1);
	}
}

static void add_number(text *out, double value)
{
	char number[NUMBER_TEXT];
	number_print_float((float)value, number);
	text_add(out, number);
}

static const cJSON *member_of(const cJSON *tree, const char *key)
{
	return tree ? cJSON_GetObjectItemCaseSensitive(tree, key) : NULL;
}

static void add_interval(text *out, const cJSON *intervals, const char *metric)
{
	const cJSON *pair = member_of(intervals, metric);
	if (!cJSON_IsArray(pair) || cJSON_GetArraySize(pair) != 2 || !cJSON_IsNumber(pair->child))
		return;
	add_number(out, pair->child->valuedouble);
	text_add(out, " to ");
	add_number(out, pair->child->next->valuedouble);
}

static void add_metrics(text *out, const cJSON *report)
{
	const cJSON *test = member_of(member_of(report, "splits"), "test"), *intervals = member_of(test, "intervals");
	text_add(out, "\n## How well it does\n\nOn the test part, which neither training nor any choice has seen; report/ of the run has curves, slices and the floors beside it.\n\n| number | value | 95 % interval |\n| --- | --- | --- |\n");
	for (const cJSON *entry = test ? test->child : NULL; entry; entry = entry->next) {
		if (!cJSON_IsNumber(entry))
			continue;
		text_add(out, "| ");
		add_plain(out, entry->string);
		text_add(out, " | ");
		add_number(out, entry->valuedouble);
		text_add(out, " | ");
		add_interval(out, intervals, entry->string);
		text_add(out, " |\n");
	}
}

static void add_sources(text *out, const char *what, const source_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		text_addf(out, "- %s: ", what);
		add_plain(out, path_name(list->item[i].path));
		text_add(out, "\n");
	}
}

static void add_data(text *out, const config *c, const char *data)
{
	text_add(out, "\n## What it was trained on\n\n");
	add_sources(out, "events", &c->data.events);
	add_sources(out, "users", &c->data.users);
	add_sources(out, "items", &c->data.items);
	add_sources(out, "samples", &c->data.samples);
	text_addf(out, "- fingerprint of the logs and of how they were read: %s\n", data);
}

static void add_settings(text *out, const config *c)
{
	static const char *const sections[] = { "task", "model", "train" };
	text_add(out, "\n## How it was made\n\nEvery setting is in config.json of the run; those that shape the model:\n\n```json\n");
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		char *section = config_print_section(c, sections[i]);
		text_addf(out, "%s\n", section);
		free(section);
	}
	text_add(out, "```\n");
}

static void add_limits(text *out, const config *c)
{
	text_add(out, "\n## What it is not for\n\n");
	text_add(out, "- Logs of another shop, or of the same shop after its assortment changed: items that training did not see are one unknown item to it, and predict and recommend warn when they are many.\n");
	text_add(out, c->task.kind == TASK_NEXT_ITEM ? "- Scores order items for one user; they are no probabilities and do not compare users.\n" : "- Probabilities say how likely the labels of these logs are, not what an offer would change.\n");
	text_add(out, "- Decisions about people beyond what they are shown: it knows purchases and browsing, and repeats what is in them.\n");
	text_add(out, c->data.users.count ? "- It uses attributes of users: look at the slices of the report before it treats groups differently.\n" : "");
}

bool card_write(const config *c, const char *run, const char *data, sr_error *err)
{
	char *report_path = path_join(run, "report/report.json"), *path = path_join(run, "model/MODEL_CARD.md");
	cJSON *report = json_read(report_path, REPORT_MOST, false, SR_MODEL, err);
	text out = { 0 };
	bool done = report != NULL;
	text_add(&out, "# ");
	add_plain(&out, path_name(run));
	text_add(&out, "\n\nModel card, written by seqrec ");
	text_add(&out, seqrec_version());
	text_add(&out, ".\n\n## What it tells\n\n");
	add_plain(&out, report ? json_get_string(report, "task") : NULL);
	text_add(&out, "\n\n```sh\n");
	text_addf(&out, "seqrec %s RUN\n```\n", c->task.kind == TASK_NEXT_ITEM ? "recommend" : "predict");
	add_metrics(&out, report);
	add_data(&out, c, data);
	add_settings(&out, c);
	add_limits(&out, c);
	done = done && file_write(path, out.data, out.length, err);
	text_free(&out);
	cJSON_Delete(report);
	free(report_path);
	free(path);
	return done;
}
