/* Names of the store's files. */
#include "loader/layout.h"

#include <stdlib.h>
#include <string.h>

#include "seqrec/memory.h"
#include "seqrec/text.h"

const char *level_name(field_level level)
{
	static const char *const names[] = { [LEVEL_EVENT] = "events", [LEVEL_USER] = "users", [LEVEL_ITEM] = "items", [LEVEL_SAMPLE] = "samples" };
	return names[level];
}

enum { NAME_MOST = 100 };

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* A part of a file name that is safe, and different for different fields. */
static char *safe_name(const char *name, size_t number)
{
	size_t length = strlen(name);
	bool changed = length > NAME_MOST;
	char *safe = xstrndup(name, changed ? NAME_MOST : length);
	for (char *c = safe; *c; c++)
		if (!is_plain(*c)) {
			*c = '_';
			changed = true;
		}
	if (!changed && *safe)
		return safe;
	char *numbered = text_format("%s.%zu", safe, number);
	free(safe);
	return numbered;
}

static char *with_name(const char *prefix, field_level level, const char *name, size_t number)
{
	char *safe = safe_name(name, number);
	text path = { 0 };
	text_add(&path, prefix);
	text_add(&path, level_name(level));
	text_add(&path, *prefix ? "." : "/");
	text_add(&path, safe);
	free(safe);
	return path.data;
}

char *layout_field(field_level level, const char *name, size_t number, const char *ending)
{
	char *stem = with_name("", level, name, number), *path = text_format("%s%s", stem, ending);
	free(stem);
	return path;
}

char *layout_vocabulary(field_level level, const char *name, size_t number)
{
	char *stem = with_name("vocab/", level, name, number), *path = text_format("%s.tsv", stem);
	free(stem);
	return path;
}
