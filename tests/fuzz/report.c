/* report.c - the report writers: whatever the names and notes hold, report.json must be JSON, and no name may come out of its place in the others. */
#include "fuzz.h"

#include <cjson/cJSON.h>

#include "seqrec/memory.h"
#include "seqrec/report.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 8, NAMES = 4 };

/* Pieces of the input as texts without NUL. */
static void cut(const uint8_t *data, size_t size, char *name[NAMES])
{
	for (size_t i = 0; i < NAMES; i++)
		name[i] = xstrndup((const char *)data + size * i / NAMES, size * (i + 1) / NAMES - size * i / NAMES);
}

static void check(const report *r)
{
	char *json = report_json(r), *plain = report_text(r), *page = report_markdown(r), *html = report_html(r);
	cJSON *tree = cJSON_Parse(json); /* which allows equal names: two classes may be called the same here */
	must(tree && plain && page && html);
	must(!strstr(html, "<script"));
	for (const char *at = plain; *at; at++)
		must((unsigned char)*at >= ' ' || *at == '\n'); /* nothing that a terminal would obey */
	cJSON_Delete(tree);
	free(json);
	free(plain);
	free(page);
	free(html);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name[NAMES];
	double score[ROWS * 2];
	uint32_t label[ROWS], group[ROWS];
	cut(data, size, name);
	for (uint32_t i = 0; i < ROWS; i++) {
		score[2 * i + 1] = size ? data[i % size] / 255.0 : 0.5;
		score[2 * i] = 1 - score[2 * i + 1];
		label[i] = i % 2;
		group[i] = i / 2;
	}
	scored split = { .name = "test", .rows = ROWS, .classes = 2, .score = score, .label = label, .group = group };
	report_entry entry = { .name = "model", .split = &split, .split_count = 1, .threshold = 0.5 };
	const char *classes[] = { name[0], name[1] }, *notes[] = { name[2] };
	report r = { .title = name[3], .task = name[2], .class_name = classes, .classes = 2, .entry = &entry, .entry_count = 1, .threshold_rule = "given", .data_json = "{}", .data_text = "", .run_json = "{}",
		.note = notes, .note_count = 1, .digits = 4, .resamples = 20 };
	check(&r);
	for (size_t i = 0; i < NAMES; i++)
		free(name[i]);
	return 0;
}
