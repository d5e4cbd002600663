/* Keeps bad rows with their place and reason. */
#include "loader/quarantine.h"

#include <stdlib.h>
#include <string.h>

#include "seqrec/file.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/text.h"

enum { SHOWN = 10, REASONS = 64 };
static const uint64_t kept_bytes = UINT64_C(256) << 20; /* beyond this, bad rows are counted and logged only */

struct quarantine {
	char *folder, *first;
	durable *file;
	struct {
		char *reason;
		int shown;
	} seen[REASONS];
	size_t seen_count;
};

quarantine *quarantine_new(const char *folder)
{
	quarantine *q = xcalloc(1, sizeof *q);
	q->folder = path_join(folder, "quarantine");
	return q;
}

/* True for the first rows of a reason. */
static bool is_shown(quarantine *q, const char *reason)
{
	size_t i = 0;
	while (i < q->seen_count && strcmp(q->seen[i].reason, reason) != 0)
		i++;
	if (i == REASONS)
		return false;
	if (i == q->seen_count)
		q->seen[q->seen_count++].reason = xstrdup(reason);
	return q->seen[i].shown++ < SHOWN;
}

static bool file_begin(quarantine *q, sr_error *err)
{
	if (q->file)
		return true;
	if (!folder_make(q->folder, err))
		return false;
	char *path = path_join(q->folder, "bad_rows.txt");
	q->file = durable_open(path, err);
	free(path);
	return q->file != NULL;
}

bool quarantine_add(quarantine *q, const char *path, const record *row, const char *reason, size_t column, sr_error *err)
{
	char *place = text_format("%s:%llu:%zu: %s", path, (unsigned long long)row->line, column ? column : 1, reason);
	if (is_shown(q, reason))
		log_warning("%s", place);
	bool fine = file_begin(q, err);
	if (fine && durable_length(q->file) < kept_bytes) {
		durable_print(q->file, "%s\n", place);
		durable_write(q->file, row->raw.bytes, row->raw.length);
		durable_write(q->file, "\n", 1);
	}
	if (q->first)
		free(place);
	else
		q->first = place;
	return fine;
}

const char *quarantine_first(const quarantine *q)
{
	return q->first;
}

bool quarantine_commit(quarantine *q, sr_error *err)
{
	durable *file = q->file;
	q->file = NULL;
	return !file || durable_commit(file, err);
}

void quarantine_free(quarantine *q)
{
	if (!q)
		return;
	durable_abandon(q->file);
	for (size_t i = 0; i < q->seen_count; i++)
		free(q->seen[i].reason);
	free(q->folder);
	free(q->first);
	free(q);
}
