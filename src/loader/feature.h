#ifndef SEQREC_LOADER_FEATURE_H
#define SEQREC_LOADER_FEATURE_H
/* feature.h - what features.h hides: the list of inputs, each with its source, its fitted transform and its connection to a store. */

#include "seqrec/features.h"

enum { CODE_NONE = 0, CODE_UNKNOWN = 1, CODE_FIRST = 2 };
enum { AGE_BUCKETS = 14, POSITION_MOST = 32 };

typedef enum {
	/* of events */
	FROM_ITEM,
	FROM_TYPE,
	FROM_POSITION,  /* place in the sequence from the end, 0 = last */
	FROM_AGE,       /* time from the event to the cut, logarithmic buckets */
	FROM_GAP,       /* time since the event before, logarithmic buckets */
	FROM_DAYS,      /* days from the event to the cut, as a number */
	FROM_SAME,      /* 1 when the event's item is the candidate */
	FROM_CLICK,     /* position in the result list */
	FROM_QUERY,
	FROM_EVENT_FIELD,
	FROM_ITEM_FIELD,
	/* of samples */
	FROM_CANDIDATE,
	FROM_USER_FIELD,
	FROM_SAMPLE_FIELD,
	FROM_CANDIDATE_FIELD,
	FROM_AGGREGATE,
	/* of events; the numbers are in files, so what is new comes last */
	FROM_START /* place in the sequence from the start, 0 = first */
} feature_source;

/* Values by model code - 2; shared by the features that look the same thing up (an event's item and the candidate). */
typedef struct {
	char *name;
	char **value;
	uint32_t count;
	uint32_t *map;   /* bound: store code -> model code, map[0] = 0 */
	const vocabulary *bound;
} feature_vocabulary;

typedef struct {
	char *name;
	feature_source source;
	feature_form form;
	uint32_t rows, columns;
	char *field;                  /* of FROM_*_FIELD: its name; of FROM_AGGREGATE: the aggregate's name */
	field_kind kind;
	field_transform transform;
	int vocabulary;               /* in features->vocabulary, or -1 */
	double mean, deviation;       /* of NUMBER, after log1p where asked */
	float *edge;                  /* quantiles, ascending, distinct */
	uint32_t edges;
	bool flag;                    /* NUMBER: a last column says that the value is missing */
	/* bound to a store: */
	const store_field *bound;
	size_t aggregate;             /* column of samples->aggregate */
	uint32_t *hashed;             /* text: store code -> hash row */
	uint32_t *term_start, *term;  /* FROM_QUERY: the hash rows of each query's terms, by store code */
} feature;

struct features {
	feature *event, *sample;
	size_t event_count, sample_count;
	feature_vocabulary *vocabulary;
	size_t vocabulary_count;
	double events, user_events; /* of training: all, and of a user on average */
	uint32_t window;
	int history;                  /* history_kind */
	bool pairs;                   /* unit user_item */
	size_t classes;
	bool next_item;
	const store *store;
	uint32_t *store_item;         /* bound, next_item: row of the item feature -> item of the store, 0 = not there */
	feature_shape *event_shape, *sample_shape;
	input_shape shape;
};

/* ---- numbers.c: transforms of numbers ---- */
/* Fits mean and deviation, or quantile edges, on values (NaN = missing). Sorts `values`. */
void number_fit(feature *f, float *values, size_t count, int64_t buckets);
uint32_t number_columns(const feature *f);
void number_apply(const feature *f, float value, float *out); /* NUMBER: number_columns values */
uint32_t number_bucket(const feature *f, float value);        /* CODE: 0 = missing, then the bucket from 1 */

/* ---- feature_values.c: values of a column, bound to a store ---- */
uint32_t feature_map(const features *f, const feature *one, uint32_t code); /* a code of the store -> of the model */
uint32_t feature_code(const features *f, const feature *one, uint64_t row); /* CODE: at a row of its column */
void feature_bag_put(pack_codes *codes, uint32_t code);
void feature_bag(const features *f, const feature *one, pack_codes *codes, uint64_t row);      /* BAG: appends the codes at a row */
void feature_number(const feature *one, bool there, uint64_t row, float *out); /* NUMBER: at a row; `there` false: missing */

/* ---- pack_room.c ---- */
void codes_reserve(pack_codes *codes, size_t rows, feature_form form);
void pack_reserve(pack *p, const features *f, size_t count, size_t events);

/* ---- features.c ---- */
void features_finish(features *f); /* shapes from the feature lists */
uint32_t log_bucket(int64_t microseconds); /* 1 .. AGE_BUCKETS - 1 */

#endif
