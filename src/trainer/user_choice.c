/* user_choice.c - a list of user ids, and the rows that are theirs. */
#include "user_choice.h"

#include "seqrec/file.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_MOST = 1 << 30 };

/* listed[user] for each line that names a user of the store; the number of lines that name none. */
static size_t read_list(const char *content, const store *s, bool *listed)
{
	size_t unknown = 0;
	for (const char *line = content; *line;) {
		size_t width = strcspn(line, "\n"), end = width + (line[width] == '\n');
		width -= width && line[width - 1] == '\r';
		uint32_t user = width ? vocabulary_find(s->user_ids, line, width) : 0;
		listed[user] = user != 0;
		unknown += width && !user;
		line += end;
	}
	return unknown;
}

bool users_keep(const char *path, const dataset *d, uint32_t *row, size_t *rows, sr_error *err)
{
	size_t length, kept = 0;
	char *content = file_read(path, LIST_MOST, &length, err);
	if (!content)
		return false;
	bool *listed = xcalloc((size_t)d->s->users + 1, sizeof *listed);
	size_t unknown = read_list(content, d->s, listed);
	for (size_t i = 0; i < *rows; i++)
		if (listed[d->all->item[row[i]].user])
			row[kept++] = row[i];
	*rows = kept;
	free(listed);
	free(content);
	if (!kept)
		return error_set(err, SR_CONFIG, "--only %s: names no user that these logs have (a user id a line, as it stands in the logs); nothing was written", path);
	if (unknown)
		log_warning("--only %s: %zu of its users are not in these logs", path, unknown);
	return true;
}
