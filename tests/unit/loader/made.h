#ifndef TESTS_LOADER_MADE_H
#define TESTS_LOADER_MADE_H
/* made.h - a config, its store and its samples, from logs written by the test. */

#include "stores.h"

#include "seqrec/instant.h"
#include "seqrec/samples.h"

typedef struct {
	config *c;
	store *s;
	samples *all;
} made;

#define EVENTS "\"events\": [{\"path\": \"e.csv\"}]"

/* A config of a data section and further sections ("\"task\": {...}"). */
static inline config *made_config(const char *data, const char *rest)
{
	sr_error err = { 0 };
	char *content = text_format("{\"data\": {%s}, %s}", data, rest);
	config *c = config_parse(content, strlen(content), "test", folder, NULL, &err);
	if (!c)
		print_error("%s\n%s\n", content, err.text);
	assert_non_null(c);
	free(content);
	return c;
}

static inline void made_free(made *m)
{
	samples_free(m->all);
	store_close(m->s);
	config_free(m->c);
}

/* Samples may fail: then all is NULL, and the error says why. */
static inline made make_try(const char *data, const char *rest, sr_error *err)
{
	char path[256];
	sr_error building = { 0 };
	made m = { .c = made_config(data, rest) };
	snprintf(path, sizeof path, "%s/store", folder);
	if (!store_build(m.c, path, 1, &building) || !(m.s = store_open(path, true, &building)))
		print_error("%s\n", building.text);
	assert_non_null(m.s);
	m.all = samples_make(m.c, m.s, NULL, true, err);
	return m;
}

static inline made make(const char *data, const char *rest)
{
	sr_error err = { 0 };
	made m = make_try(data, rest, &err);
	if (!m.all)
		print_error("%s\n", err.text);
	assert_non_null(m.all);
	return m;
}

static inline void assert_no_samples(const char *data, const char *rest, const char *part)
{
	sr_error err = { 0 };
	made m = make_try(data, rest, &err);
	assert_null(m.all);
	if (err.code != SR_DATA || !strstr(err.text, part))
		print_error("%d: %s\n", (int)err.code, err.text);
	assert_int_equal(err.code, SR_DATA);
	assert_non_null(strstr(err.text, part));
	made_free(&m);
}

/* The samples as words: "a 2018-01-10 2 buy" for each (user, candidate where there is one, cut, events, label). New. */
static inline char *made_words(const made *m)
{
	text out = { 0 };
	text_add(&out, "");
	for (size_t i = 0; i < m->all->count; i++) {
		const sample *one = &m->all->item[i];
		char cut[INSTANT_TEXT] = "ever";
		if (one->cut != INT64_MAX)
			instant_print(one->cut, cut);
		text_addf(&out, "%s%s %s %d %s\n", value_of(m->s->user_ids, one->user), one->candidate ? value_of(m->s->item_ids, one->candidate) : "", cut, (int)(one->end - one->first),
		          one->label == SAMPLE_UNLABELLED ? "?" : m->c->task.kind == TASK_NEXT_ITEM ? value_of(m->s->item_ids, one->label) : m->all->class_name[one->label]);
	}
	return out.data;
}

static inline void assert_samples(const made *m, const char *expected)
{
	char *words = made_words(m);
	assert_string_equal(words, expected);
	free(words);
}

#endif
