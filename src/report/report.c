/* report.c - a run's evaluation as report.txt, report.json, report.md and report.html, all from the same findings. */

#include "seqrec/report.h"

#include "report/findings.h"

#include "seqrec/file.h"

#include <stdlib.h>

typedef void findings_writer(const findings *f, text *t);

/* For terminals. */
static void text_safely(const findings *f, text *t)
{
	findings_text(f, t);
	text_hide_controls(t);
}

static const struct {
	const char *name;
	findings_writer *write;
} files[] = {
	{ "report.txt", text_safely },
	{ "report.json", findings_json },
	{ "report.md", findings_markdown },
	{ "report.html", findings_html },
};

static bool file_make(const findings *f, const char *folder, const char *name, findings_writer *write, sr_error *err)
{
	text t = { 0 };
	char *path = path_join(folder, name);
	write(f, &t);
	bool done = file_write(path, t.data, t.length, err);
	text_free(&t);
	free(path);
	return done;
}

bool report_write(const report *r, const char *folder, sr_error *err)
{
	findings *f = findings_new(r);
	bool done = findings_check(f, err) && folder_make(folder, err);
	for (size_t i = 0; done && i < sizeof files / sizeof *files; i++)
		done = file_make(f, folder, files[i].name, files[i].write, err);
	findings_free(f);
	return done;
}

static char *report_as(const report *r, findings_writer *write)
{
	findings *f = findings_new(r);
	text t = { 0 };
	write(f, &t);
	findings_free(f);
	return t.data;
}

char *report_text(const report *r)
{
	return report_as(r, text_safely);
}

char *report_json(const report *r)
{
	return report_as(r, findings_json);
}

char *report_markdown(const report *r)
{
	return report_as(r, findings_markdown);
}

char *report_html(const report *r)
{
	return report_as(r, findings_html);
}
