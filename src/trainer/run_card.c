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

/* Of classes under intervals, of rankings beside the metric. */
static void add_interval(text *out, const cJSON *test, const char *metric)
{
	char *beside = text_format("interval_%s", metric);
	const cJSON *intervals = member_of(test, "intervals"), *pair = intervals ? member_of(intervals, metric) : member_of(test, beside);
	free(beside);
	if (!cJSON_IsArray(pair) || cJSON_GetArraySize(pair) != 2 || !cJSON_IsNumber(pair->child))
		return;
	add_number(out, pair->child->valuedouble);
	text_add(out, " to ");
	add_number(out, pair->child->next->valuedouble);
}

static void add_metrics(text *out, const cJSON *report, const char *of)
{
	const cJSON *test = member_of(member_of(report, "splits"), "test");
	text_addf(out, "\n%s\n\n| number | value | 95 %% interval |\n| --- | --- | --- |\n", of);
	for (const cJSON *entry = test ? test->child : NULL; entry; entry = entry->next) {
		if (!cJSON_IsNumber(entry))
			continue;
		text_add(out, "| ");
		add_plain(out, entry->string);
		text_add(out, " | ");
		add_number(out, entry->valuedouble);
		text_add(out, " | ");
		add_interval(out, test, entry->string);
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
	if (c->task.kind == TASK_NEXT_ITEM || c->task.kind == TASK_BOTH)
		text_add(out, "- Scores order items for one user; they are no probabilities and do not compare users.\n");
	if (c->task.kind != TASK_NEXT_ITEM)
		text_add(out, "- Probabilities say how likely the labels of these logs are, not what an offer would change.\n");
	text_add(out, "- Decisions about people beyond what they are shown: it knows purchases and browsing, and repeats what is in them.\n");
	text_add(out, c->data.users.count ? "- It uses attributes of users: look at the slices of the report before it treats groups differently.\n" : "");
}

static void add_card(text *out, const config *c, const char *run, const cJSON *report, const cJSON *ranking, const char *data)
{
	bool both = c->task.kind == TASK_BOTH;
	text_add(out, "# ");
	add_plain(out, path_name(run));
	text_add(out, "\n\nModel card, written by seqrec ");
	text_add(out, seqrec_version());
	text_add(out, ".\n\n## What it tells\n\n");
	add_plain(out, json_get_string(report, "task"));
	if (both) {
		text_add(out, "\n\nAnd by a second head: ");
		add_plain(out, json_get_string(ranking, "task"));
	}
	text_addf(out, "\n\n```sh\nseqrec %s RUN\n%s```\n", c->task.kind == TASK_NEXT_ITEM ? "recommend" : "predict", both ? "seqrec recommend RUN\n" : "");
	text_add(out, "\n## How well it does\n\nOn the test part, which neither training nor any choice has seen; report/ of the run has curves, slices and the floors beside it.\n");
	add_metrics(out, report, c->task.kind == TASK_NEXT_ITEM ? "Next items:" : "Classes:");
	if (both)
		add_metrics(out, ranking, "Next items:");
	add_data(out, c, data);
	add_settings(out, c);
	add_limits(out, c);
}

bool card_write(const config *c, const char *run, const char *data, sr_error *err)
{
	char *report_path = path_join(run, "report/report.json"), *ranking_path = path_join(run, "report/next_item/report.json"), *path = path_join(run, "model/MODEL_CARD.md");
	bool both = c->task.kind == TASK_BOTH;
	cJSON *report = json_read(report_path, REPORT_MOST, false, SR_MODEL, err), *ranking = report && both ? json_read(ranking_path, REPORT_MOST, false, SR_MODEL, err) : NULL;
	text out = { 0 };
	bool done = report && (ranking || !both);
	if (done)
		add_card(&out, c, run, report, ranking, data);
	done = done && file_write(path, out.data, out.length, err);
	text_free(&out);
	cJSON_Delete(report);
	cJSON_Delete(ranking);
	free(report_path);
	free(ranking_path);
	free(path);
	return done;
}
