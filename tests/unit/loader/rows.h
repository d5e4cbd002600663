#ifndef TESTS_LOADER_ROWS_H
#define TESTS_LOADER_ROWS_H
/* rows.h - the records of one file, written as text: cells by "|", rows by line ends, bad rows as "!reason". */

#include "stores.h"

#include "loader/reader.h"

/* Reads folder/name as a source with these settings ("\"quote\": \"none\""; "" = defaults). The text is new. */
static inline char *rows_read(const char *name, const char *settings, sr_error *err)
{
	char *data = text_format("\"events\": [{\"path\": \"%s\"%s%s}]", name, *settings ? ", " : "", settings);
	config *c = config_in(folder, data);
	strings none = { 0 };
	text all = { 0 };
	text_add(&all, "");
	reader *r = reader_open(&c->data.events.item[0], c->data.events.item[0].path, &none, err);
	record *row;
	while (r && reader_next(r, &row, err) > 0) {
		if (row->bad)
			text_addf(&all, "!%s", row->bad);
		for (size_t i = 0; i < row->count && !row->bad; i++) {
			text_add(&all, i ? "|" : "");
			text_add_bytes(&all, row->cell[i].bytes ? row->cell[i].bytes : "-", row->cell[i].bytes ? row->cell[i].length : 1);
		}
		text_add(&all, "\n");
	}
	reader_close(r);
	config_free(c);
	free(data);
	return all.data;
}

static inline void assert_rows(const char *name, const char *settings, const char *wanted)
{
	sr_error err = { 0 };
	char *got = rows_read(name, settings, &err);
	assert_string_equal(err.text, "");
	assert_string_equal(got, wanted);
	free(got);
}

/* The same for a file of this content. */
static inline void assert_text_rows(const char *name, const char *content, const char *settings, const char *wanted)
{
	log_write(name, content);
	assert_rows(name, settings, wanted);
}

#endif
