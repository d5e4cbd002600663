#ifndef SEQREC_STORE_H
#define SEQREC_STORE_H
/* store.h - the event store: behaviour logs as .npy columns on disk, sorted by (user, time, source order), opened by mmap.
 * Codes: 0 = no value; 1..n = the values of a vocabulary. Every user with an event, a user row or a sample row has a code. Times are int64
 * microseconds UTC. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/config.h"
#include "seqrec/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The values of one column: code 1..count. Order: by descending count, then by bytes (the same for any order of the input files). */
typedef struct vocabulary vocabulary;
uint32_t vocabulary_count(const vocabulary *v);
const char *vocabulary_text(const vocabulary *v, uint32_t code, size_t *length /* or NULL */); /* borrowed, NUL-terminated; "" for code 0 */
uint64_t vocabulary_rows(const vocabulary *v, uint32_t code);  /* how often the value occurs in the store */
uint32_t vocabulary_find(const vocabulary *v, const char *text, size_t length); /* 0 when absent */

/* A declared field's column: one row per event, user, item or sample row. */
typedef struct {
	const char *name;
	field_level on;
	field_kind kind;
	uint64_t rows;
	const float *number;      /* KIND_NUMBER: (rows), NaN = missing; KIND_VECTOR: (rows, width), NaN in [0] = missing */
	const uint32_t *code;     /* KIND_CATEGORY: (rows); KIND_CATEGORIES and KIND_TEXT: values of all rows, end to end */
	const uint64_t *start;    /* KIND_CATEGORIES, KIND_TEXT: (rows + 1) where each row begins in code */
	const vocabulary *values; /* of categories and text terms; NULL for numbers */
	size_t width;             /* KIND_VECTOR */
} store_field;

/* The conservation table of one kind of source: read = used + filtered + bad. */
typedef struct {
	const char *reason;
	uint64_t rows;
} store_count;

typedef struct {
	const char *what; /* "events", "users", "items", "samples" */
	uint64_t read, used;
	const store_count *filtered, *bad;
	size_t filtered_count, bad_count;
} store_conservation;

typedef struct store {
	uint64_t events;
	const int64_t *time;          /* (events) */
	const uint8_t *type;          /* (events) code into types */
	const uint32_t *item;         /* (events) code into items_values; 0 = the event has no item */
	const uint32_t *query;        /* (events) code into queries, 0 = none; NULL when no log has queries. With data.link_search a click carries the query it followed */
	const uint32_t *session;      /* (events) code into sessions; NULL when no log has sessions */
	const uint32_t *position;     /* (events) position of a click in its result list + 1, 0 = none; NULL when no log has one */
	const uint64_t *user_start;   /* (users + 1) events of user code u (1..users) are user_start[u-1] .. user_start[u]-1 */
	uint32_t users;               /* number of user codes */
	uint32_t items;               /* number of item codes */
	const vocabulary *user_ids, *item_ids, *types, *queries, *sessions;
	const store_field *field;     /* every declared field; user fields have `users` rows (row u-1), item fields `items` rows (row i-1), sample fields `samples` rows */
	size_t field_count;
	/* rows of data.samples, in source order */
	uint64_t samples;
	const uint32_t *sample_user;  /* 0 = none */
	const uint32_t *sample_item;  /* 0 = none */
	const int64_t *sample_time;   /* INT64_MIN = none */
	const uint32_t *sample_label; /* code into labels */
	const uint32_t *sample_split; /* code into splits (train, validation, test); NULL when there is no such column */
	const float *sample_weight;   /* NULL when there is no such column */
	const vocabulary *labels, *splits;
	const store_conservation *conservation;
	size_t conservation_count;
	int64_t first_time, last_time;
	const char *fingerprint;      /* sha256 over sources and the data section: what a run record quotes */
	struct store_state *state;    /* the module's own */
} store;

/* Builds the store of `c->data` in `folder`, replacing the store that was there (any other folder is left alone: SR_CONFIG). Rows beyond tolerance: SR_DATA,
 * nothing replaced. Rows take data.memory at most, with sorted runs on disk beside the store; ids and values take about 50 bytes for each different one.
 * A duplicate equals an earlier event of its user in time and every column read. Rare items are dropped before rare users are counted, in one pass. */
bool store_build(const config *c, const char *folder, unsigned threads, sr_error *err);

/* True when `folder` holds a finished store made from the same data settings and unchanged sources. */
bool store_is_current(const config *c, const char *folder);

/* Opens by mmap; checks the manifest and the sizes of all files (and their CRC-32 with `verify`). NULL on error. */
store *store_open(const char *folder, bool verify, sr_error *err);
void store_close(store *s); /* NULL ok */

/* A declared field by name, or NULL. */
const store_field *store_find_field(const store *s, field_level on, const char *name);

/* The conservation table and what the store holds, as text for people / as a JSON object. New; the caller frees. */
char *store_summary(const store *s);
char *store_summary_json(const store *s);

#ifdef __cplusplus
}
#endif
#endif
