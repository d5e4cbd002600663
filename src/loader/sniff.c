/* Looks at logs and guesses what their config says. */
#include "loader/sniff.h"

#include <stdlib.h>
#include <string.h>

#include "loader/sources.h"
#include "seqrec/memory.h"
#include "seqrec/sniff.h"

static bool file_start(sniff_file *f, const char *path, sr_error *err)
{
	strings files = { 0 };
	*f = (sniff_file){ .path = path, .returns = SIZE_MAX, .source = { .path = (char *)(uintptr_t)path, .header = true, .separator = xstrdup(""), .records = xstrdup(""), .encoding = xstrdup("") } };
	if (strcmp(path, "-") == 0)
		return error_set(err, SR_CONFIG, "-: init reads a log twice, which standard input does not allow; give a file");
	bool done = sources_expand(path, &files, err);
	if (done)
		f->file = xstrdup(files.item[0]);
	strings_clear(&files);
	return done;
}

bool sniff_logs(char *const *path, size_t count, const char *folder, sniffed *out, sr_error *err)
{
	sniff s = { .file = xcalloc(count, sizeof *s.file) };
	bool done = true;
	for (size_t i = 0; done && i < count; i++) {
		sniff_file *f = &s.file[s.files++];
		done = file_start(f, path[i], err) && sniff_scan(f, err);
		if (!done)
			break;
		sniff_roles(f);
		done = sniff_times(f, err);
	}
	done = done && sniff_task(&s, err);
	if (done)
		*out = (sniffed){ .config = sniff_config(&s, folder), .words = sniff_words(&s), .json = sniff_json(&s) };
	for (size_t i = 0; i < s.files; i++)
		sniff_clear(&s.file[i]);
	text_free(&s.why);
	free(s.file);
	return done;
}

void sniffed_free(sniffed *s)
{
	free(s->config);
	free(s->words);
	free(s->json);
	*s = (sniffed){ 0 };
}
