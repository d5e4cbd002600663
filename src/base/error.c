/* error.c - error texts and the list of exit codes. */
#include "seqrec/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const struct {
	sr_code code;
	const char *meaning;
} meanings[] = {
	{ SR_OK, "done" },
	{ SR_UNEXPECTED, "an unexpected failure" },
	{ SR_CONFIG, "usage or configuration" },
	{ SR_DATA, "data beyond tolerance" },
	{ SR_IO, "input or output: disk full, no permission, no such file" },
	{ SR_MODEL, "a damaged or unfitting checkpoint or model" },
	{ SR_DIVERGED, "training diverged: non-finite loss" },
	{ SR_MEMORY, "out of memory" },
	{ SR_GATE, "quality gate not met" },
	{ SR_INTERNAL, "internal error: please report it" },
	{ SR_AGAIN, "run directory locked, or stopped early: run again to continue" },
};

const char *error_meaning(sr_code code)
{
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (meanings[i].code == code)
			return meanings[i].meaning;
	return "unknown";
}

bool error_set(sr_error *err, sr_code code, const char *format, ...)
{
	if (!err || err->code != SR_OK)
		return false;
	va_list args;
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	err->code = code;
	return false;
}

bool error_add(sr_error *err, sr_code code, const char *format, ...)
{
	if (!err)
		return false;
	size_t used = err->code == SR_OK ? 0 : strlen(err->text);
	if (used && used + 1 < sizeof err->text)
		err->text[used++] = '\n';
	va_list args;
	va_start(args, format);
	vsnprintf(err->text + used, sizeof err->text - used, format, args);
	va_end(args);
	if (err->code == SR_OK)
		err->code = code;
	return false;
}

bool error_set_errno(sr_error *err, const char *format, ...)
{
	int number = errno;
	if (!err || err->code != SR_OK)
		return false;
	va_list args;
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	size_t used = strlen(err->text);
	char reason[256];
	if (strerror_r(number, reason, sizeof reason) != 0)
		snprintf(reason, sizeof reason, "error %d", number);
	snprintf(err->text + used, sizeof err->text - used, ": %s", reason);
	err->code = number == ENOMEM ? SR_MEMORY : SR_IO;
	return false;
}
