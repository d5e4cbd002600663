#ifndef LOADER_BUILDER_H
#define LOADER_BUILDER_H
/* builder.h - the state of one store_build: what the steps hand to each other.
 *   scan.c -> events.c, entities.c, labels.c (rows -> records with provisional codes) -> arrange.c (sort, duplicates, searches) -> ranks.c (final codes)
 *   -> write.c (columns) -> manifest.c. */

#include "loader/columns.h"
#include "loader/intern.h"
#include "loader/layout.h"
#include "loader/quarantine.h"
#include "loader/sort.h"
#include "loader/spill.h"
#include "loader/tally.h"
#include "loader/times.h"
#include "loader/values.h"
#include "seqrec/config.h"
#include "seqrec/store.h"

enum { LEVELS = 4 };

/* Words of an event record behind its key (sort.h); the fields follow. Codes are provisional; 0 = none. */
enum { EVENT_TYPE = RECORD_KEY, EVENT_ITEM, EVENT_QUERY, EVENT_SESSION, EVENT_POSITION, EVENT_WORDS };
/* Words of a sample record; the key's user and time may be none (0, INT64_MIN). */
enum { SAMPLE_ITEM = RECORD_KEY, SAMPLE_LABEL, SAMPLE_SPLIT, SAMPLE_WEIGHT, SAMPLE_WORDS };

/* Rows that describe users or items: one record of field words for each provisional code. */
typedef struct {
	uint32_t *word; /* (rows, words) */
	bool *there;    /* (rows): a row was read for it */
	size_t rows, row_capacity, word_capacity;
} entities;

/* A file that was read, for the manifest. */
typedef struct {
	char *path;
	uint64_t size;
	int64_t modified; /* nanoseconds; 0 for standard input */
	char sum[SHA256_TEXT];
} source_file;

/* A file of the store. */
typedef struct {
	char *name;
	uint64_t size;
	uint32_t crc;
	struct npy_writer *column; /* that waits for its commit, or */
	struct durable *lines;
} stored_file;

typedef struct builder {
	const config *config;
	const data_settings *data;
	char *folder;                    /* where the store is built */
	intern *users, *items, *types, *queries, *sessions, *labels, *splits;
	field_state *field;
	size_t field_count;
	size_t words[LEVELS];            /* of a record of each level */
	tally tally[LEVELS];
	quarantine *bad;
	source_file *file;
	size_t file_count;
	bool *filter_found;
	int64_t from, to;                /* data.from, data.to */
	bool has_query, has_session, has_position, has_split, has_weight;
	unsigned threads;
	struct pieces *pieces;           /* pieces.h; NULL: one thread */
	uint64_t budget;                 /* data.memory */
	bool budget_exceeded;            /* by ids alone; was said */
	sorter *events;
	spill *clean;                    /* events after cleaning, grouped by provisional user */
	spill *samples;
	entities rows[LEVELS];           /* of LEVEL_USER and LEVEL_ITEM */
	uint32_t *record;                /* one record of any level */
	uint32_t *batch;                 /* (INTERN_BATCH) event records */
	record plain;                    /* a plain row as filters and fields see it */

	/* after arrange.c and ranks.c; arrays are indexed by provisional code */
	uint64_t *user_first;            /* (users + 2) first record of each user in clean */
	bool *item_dropped, *user_dropped; /* NULL when nothing is dropped by data.min_*_events */
	struct ranks *ranks;             /* ranks.h */

	/* while the store is written */
	uint64_t event_count;
	int64_t first_time, last_time;
	stored_file *stored;
	size_t stored_count, stored_waiting; /* the last stored_waiting ones are not committed yet */
} builder;

builder *builder_new(const config *c, const char *folder, sr_error *err);
void builder_free(builder *b); /* NULL ok */
size_t builder_bytes(const builder *b); /* memory held by codes and rows of users and items */
const source_list *level_sources(const data_settings *d, field_level level);

/* ---- scan.c ---- */
typedef struct scan_state scan_state;
typedef enum { ROW_USED, ROW_FILTERED, ROW_BAD, ROW_FAILED } row_verdict;
/* Takes one row; `reason` for a filtered or bad one, `column` where (a cell's number from 1). */
typedef row_verdict row_taker(builder *b, scan_state *x, const record *row, const char **reason, size_t *column, sr_error *err);

/* Takes the plain rows up to the first one that needs care: that one, and all that are not used, are for the row_taker. */
typedef bool plain_taker(builder *b, scan_state *x, const plain_rows *rows, size_t *taken, sr_error *err);

struct scan_state {
	const source_config *source;
	char label[32];      /* data.events[0] */
	field_level level;
	columns columns;
	times_format times;
	uint64_t number;     /* of the row in this source, from 0 */
	uint32_t fixed_type; /* code of source->type, or 0 */
	bool whole_record;   /* of a plain row: filters or declared fields look at it */
	row_taker *take;
	plain_taker *many;   /* or NULL */
};

/* Reads all sources of a level, row by row, and counts what becomes of the rows. More bad rows than data.max_bad_rows: SR_DATA. `many` may be NULL. */
bool scan_level(builder *b, field_level level, row_taker *take, plain_taker *many, sr_error *err);
/* For the takers. */
uint32_t scan_code(intern *t, cell value); /* 0 for an empty value */
row_verdict scan_time(scan_state *x, const record *row, int64_t *time, const char **reason, size_t *column);
row_verdict scan_fields(builder *b, scan_state *x, const record *row, uint32_t *words, const char **reason, size_t *column);

/* ---- events.c, events_plain.c ---- */
enum { TYPES_MOST = 255 };
uint32_t event_type_code(builder *b, const scan_state *x, cell value, const char **reason); /* 0 with the reason */
bool event_overflow(const scan_state *x, sr_error *err);                                    /* sets the error: codes ran out */
plain_taker events_plain;

/* ---- one step a file ---- */
bool events_read(builder *b, sr_error *err);
bool entities_read(builder *b, field_level level, sr_error *err);
bool labels_read(builder *b, sr_error *err);
bool events_arrange(builder *b, sr_error *err);
bool event_kept(const builder *b, const uint32_t *event); /* not dropped by data.min_*_events */

#endif
