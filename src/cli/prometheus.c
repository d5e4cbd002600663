/* prometheus.c - a textfile for Prometheus' node exporter: when a run last ended and last went well, its exit code, seconds and test metrics. */
#include "cli.h"

#include "seqrec/file.h"
#include "seqrec/json.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/text.h"
#include "seqrec/thread.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FILE_MOST = 64 << 20 };
static const char success_name[] = "seqrec_last_success_timestamp_seconds", metric_name[] = "seqrec_test_metric";

/* A label's value: quotes, backslashes and line ends are escaped. */
static void add_label(text *out, const char *value)
{
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			text_add(out, "\\");
		text_add_bytes(out, *value == '\n' ? " " : value, 1);
	}
}

static void add_value(text *out, const char *name, const char *run, const char *metric, double value)
{
	char number[NUMBER_TEXT];
	number_print(value, number);
	text_addf(out, "%s{run=\"", name);
	add_label(out, run);
	if (metric) {
		text_add(out, "\",metric=\"");
		add_label(out, metric);
	}
	text_addf(out, "\"} %s\n", number);
}

static void add_gauge(text *out, const char *name, const char *help, const char *run, double value)
{
	text_addf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
	add_value(out, name, run, NULL, value);
}

/* What the file of an earlier run says of the last success; 0: nothing. */
static double success_before(const char *path)
{
	double value = 0;
	char *content = file_exists(path) ? file_read(path, FILE_MOST, NULL, NULL) : NULL;
	for (char *line = content; line && *line; line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n')) {
		size_t length = strcspn(line, "\n"), last = length;
		while (last && line[last - 1] != ' ')
			last--;
		if (text_starts(line, success_name))
			number_parse(line + last, length - last, &value);
	}
	free(content);
	return value;
}

/* The numbers of the test part of one report of the run; none where there is no such report. */
static void add_metrics(text *out, const char *run, const char *label, const char *report_name, const char *before)
{
	char *path = path_join(run, report_name);
	cJSON *report = file_exists(path) ? json_read(path, FILE_MOST, false, SR_MODEL, NULL) : NULL;
	const cJSON *splits = report ? cJSON_GetObjectItemCaseSensitive(report, "splits") : NULL, *test = splits ? cJSON_GetObjectItemCaseSensitive(splits, "test") : NULL;
	if (test && !*before)
		text_addf(out, "# HELP %s A number of the test part of the run's last report.\n# TYPE %s gauge\n", metric_name, metric_name);
	for (const cJSON *entry = test ? test->child : NULL; entry; entry = entry->next) {
		char *name = text_format("%s%s", before, entry->string);
		if (cJSON_IsNumber(entry))
			add_value(out, metric_name, label, name, entry->valuedouble);
		free(name);
	}
	cJSON_Delete(report);
	free(path);
}

bool prometheus_finish(const options *opt, const char *run, double started, bool done, sr_error *err)
{
	if (!opt->prometheus)
		return done;
	text out = { 0 };
	sr_error other = { 0 };
	char *whole = path_absolute(run);
	const char *label = path_name(whole);
	double now = (double)time(NULL), success = done ? now : success_before(opt->prometheus);
	add_gauge(&out, "seqrec_last_run_timestamp_seconds", "When the run last ended, well or not (Unix time).", label, now);
	if (success > 0)
		add_gauge(&out, success_name, "When the run last ended well (Unix time).", label, success);
	add_gauge(&out, "seqrec_last_exit_code", "Exit code of the last run: 0 is well, seqrec help exit-codes tells the others.", label, done ? 0 : err->code ? (double)err->code : SR_UNEXPECTED);
	add_gauge(&out, "seqrec_last_run_seconds", "How long the last run took.", label, clock_seconds() - started);
	add_metrics(&out, run, label, "report/report.json", "");
	add_metrics(&out, run, label, "report/next_item/report.json", "next_item."); /* task.kind both */
	bool written = file_write(opt->prometheus, out.data, out.length, done ? err : &other);
	text_free(&out);
	free(whole);
	return done && written;
}
