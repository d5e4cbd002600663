/* log.c - hands lines to the installed sink. */
#include "seqrec/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

static log_sink *current_sink;
static void *current_context;
static log_level current_most = LOG_INFO;

void log_to(log_sink *sink, void *context, log_level most)
{
	current_sink = sink;
	current_context = context;
	current_most = most;
}

void log_say(log_level level, const char *format, ...)
{
	if (!current_sink || level > current_most)
		return;
	char line[4096];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	current_sink(level, line, current_context);
}
