#ifndef TESTS_LOADER_STORES_H
#define TESTS_LOADER_STORES_H
/* stores.h - what the loader's tests share: logs in a folder of their own, and stores made from a data section. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "seqrec/config.h"
#include "seqrec/file.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/store.h"
#include "seqrec/text.h"

/* The test's own folder; made by folder_set_up, removed by folder_tear_down (cmocka fixtures). */
static char folder[64];
static char said[4096]; /* the last log lines */

static inline void say_keep(log_level level, const char *line, void *context)
{
	(void)level;
	(void)context;
	size_t had = strlen(said);
	snprintf(said + had, sizeof said - had, "%s\n", line);
}

static inline int folder_set_up(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/seqrec_loader_XXXXXX");
	said[0] = 0;
	log_to(say_keep, NULL, LOG_WARNING);
	return mkdtemp(folder) ? 0 : -1;
}

static inline int folder_tear_down(void **state)
{
	(void)state;
	return folder_remove(folder, NULL) ? 0 : -1;
}

/* Writes a file into the folder; returns its path until the next call. */
static inline const char *log_write_bytes(const char *name, const void *bytes, size_t length)
{
	static char path[256];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, length, f), length);
	fclose(f);
	return path;
}

static inline const char *log_write(const char *name, const char *content)
{
	return log_write_bytes(name, content, strlen(content));
}

/* A config of a data section ("\"events\": [...]"); paths are taken from the folder, or from `base`. */
static inline config *config_in(const char *base, const char *data)
{
	sr_error err = { 0 };
	const char *rest = strstr(data, "\"events\"") ? "\"task\": {\"kind\": \"next_item\"}" : "\"task\": {\"kind\": \"column\"}, \"model\": {\"encoder\": \"none\"}";
	char *all = text_format("{\"data\": {%s}, %s}", data, rest);
	config *c = config_parse(all, strlen(all), "test", base, NULL, &err);
	if (!c)
		print_error("%s\n", err.text);
	assert_non_null(c);
	free(all);
	return c;
}

/* Builds folder/store; false with the error. */
static inline bool store_try_in(const char *base, const char *data, sr_error *err)
{
	config *c = config_in(base, data);
	char path[256];
	snprintf(path, sizeof path, "%s/store", folder);
	bool fine = store_build(c, path, 1, err);
	config_free(c);
	return fine;
}

static inline store *store_of_in(const char *base, const char *data)
{
	sr_error err = { 0 };
	char path[256];
	snprintf(path, sizeof path, "%s/store", folder);
	if (!store_try_in(base, data, &err))
		print_error("%s\n", err.text);
	assert_int_equal(err.code, SR_OK);
	store *s = store_open(path, true, &err);
	if (!s)
		print_error("%s\n", err.text);
	assert_non_null(s);
	return s;
}

static inline store *store_of(const char *data)
{
	return store_of_in(folder, data);
}

/* The store is not built: the exit code, and a part of the message. */
static inline void assert_refused(const char *data, sr_code code, const char *part)
{
	sr_error err = { 0 };
	assert_false(store_try_in(folder, data, &err));
	if (err.code != code || !strstr(err.text, part))
		print_error("%d: %s\n", (int)err.code, err.text);
	assert_int_equal(err.code, code);
	assert_non_null(strstr(err.text, part));
}

static inline uint64_t reason_rows(const store_count *list, size_t count, const char *reason)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].reason, reason) == 0)
			return list[i].rows;
	return 0;
}

static inline const store_conservation *rows_of(const store *s, const char *what)
{
	for (size_t i = 0; i < s->conservation_count; i++)
		if (strcmp(s->conservation[i].what, what) == 0)
			return &s->conservation[i];
	return NULL;
}

static inline uint64_t bad_rows(const store *s, const char *reason)
{
	const store_conservation *c = rows_of(s, "events");
	return reason_rows(c->bad, c->bad_count, reason);
}

static inline uint64_t filtered_rows(const store *s, const char *reason)
{
	const store_conservation *c = rows_of(s, "events");
	return reason_rows(c->filtered, c->filtered_count, reason);
}

static inline const char *value_of(const vocabulary *v, uint32_t code)
{
	return vocabulary_text(v, code, NULL);
}

/* The rows of a user, by raw id. */
static inline uint64_t user_begin(const store *s, const char *id)
{
	uint32_t code = vocabulary_find(s->user_ids, id, strlen(id));
	assert_int_not_equal(code, 0);
	return s->user_start[code - 1];
}

static inline uint64_t user_events(const store *s, const char *id)
{
	uint32_t code = vocabulary_find(s->user_ids, id, strlen(id));
	return code ? s->user_start[code] - s->user_start[code - 1] : 0;
}

#define LOADER_TEST(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

#endif
