#ifndef SEQREC_LOG_H
#define SEQREC_LOG_H
/* log.h - what the library wants to say. It never prints: the program installs a sink. Without one, nothing is said. */

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG } log_level;
typedef void log_sink(log_level level, const char *line, void *context);

void log_to(log_sink *sink, void *context, log_level most); /* lines above `most` are dropped */
void log_say(log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_info(...) log_say(LOG_INFO, __VA_ARGS__)
#define log_warning(...) log_say(LOG_WARNING, __VA_ARGS__)
#define log_debug(...) log_say(LOG_DEBUG, __VA_ARGS__)

#ifdef __cplusplus
}
#endif
#endif
