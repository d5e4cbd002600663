#ifndef SEQREC_CONFIG_H
#define SEQREC_CONFIG_H
/* config.h - the settings of a run. Each field is described once, in src/config/fields.c; parser, --set, environment, help, schema, resolved dump and
 * error messages come from that table. What a field means, its range and default stand there and in `seqrec help KEY`, not here. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seqrec/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	char **item;
	size_t count;
} strings;

typedef struct {
	char **key, **value;
	size_t count;
} string_map;

/* The value of `key`, or NULL. */
const char *string_map_get(const string_map *map, const char *key);

typedef enum { FORMAT_AUTO, FORMAT_CSV, FORMAT_TSV, FORMAT_JSONL, FORMAT_ATOMIC, FORMAT_LISTS } source_format;
typedef enum { QUOTE_AUTO, QUOTE_RFC4180, QUOTE_NONE, QUOTE_BACKSLASH } quote_style;

/* One source of rows: an entry of data.events, data.users, data.items or data.samples. */
typedef struct {
	char *path;             /* file, glob, folder or "-"; already joined to the config's folder */
	int format;             /* source_format */
	char *separator;        /* "" = by format */
	int quote;              /* quote_style */
	bool header;            /* the first row names the columns */
	strings names;          /* column names where there is no header */
	char *records;          /* JSONL: the member that holds an array of nested records; "" = a line is a record */
	char *encoding;         /* "" = UTF-8, or UTF-16 by its BOM */
	char *type;             /* every row is an event of this type; "" = from the type column */
	string_map columns;     /* role (user, item, time, type, query, session, position, label, split, weight) -> column name */
	string_map types;       /* raw value -> event type; empty = as it stands */
	char *time_format;      /* auto, epoch_s, epoch_ms, epoch_us, epoch_ns, iso8601, strptime:..., order */
	char *time_zone;        /* "" = UTC, or +08:00 */
	strings missing;        /* texts that mean "no value" */
} source_config;

typedef struct {
	source_config *item;
	size_t count;
} source_list;

typedef enum { LEVEL_EVENT, LEVEL_USER, LEVEL_ITEM, LEVEL_SAMPLE } field_level;
typedef enum { KIND_CATEGORY, KIND_CATEGORIES, KIND_NUMBER, KIND_TEXT, KIND_VECTOR } field_kind;
typedef enum { TRANSFORM_STANDARD, TRANSFORM_LOG1P, TRANSFORM_BUCKETS, TRANSFORM_PIECEWISE, TRANSFORM_NONE } field_transform;

/* A declared field: an entry of data.fields. */
typedef struct {
	char *name;       /* the column's name unless `column` says otherwise */
	char *column;     /* "" = name */
	int on;           /* field_level */
	int kind;         /* field_kind */
	int transform;    /* field_transform, of numbers */
	int64_t buckets;  /* quantile buckets, or hash rows of text */
	char *separator;  /* between the values of `categories`, or the numbers of a `vector` */
	int64_t width;    /* numbers in a vector */
} field_config;

typedef struct {
	field_config *item;
	size_t count;
} field_list;

typedef enum { FILTER_EQUAL, FILTER_NOT_EQUAL, FILTER_LESS, FILTER_LESS_EQUAL, FILTER_GREATER, FILTER_GREATER_EQUAL, FILTER_STARTS, FILTER_IN, FILTER_MISSING, FILTER_PRESENT } filter_operator;

/* Rows for which `field operator value` holds are dropped: an entry of data.filters. */
typedef struct {
	char *field;   /* a column name of the source */
	int compare;   /* filter_operator */
	strings value; /* one text; several for `in` */
	char *name;    /* how the conservation table calls the rule; "" = the rule itself */
} filter_config;

typedef struct {
	filter_config *item;
	size_t count;
} filter_list;

typedef enum { TASK_COLUMN, TASK_AS_OF, TASK_NEXT_ITEM, TASK_BOTH /* as_of, whose histories also tell next items */ } task_kind;
typedef enum { UNIT_USER, UNIT_USER_ITEM } task_unit;
typedef enum { SPLIT_TIME, SPLIT_LEAVE_ONE_OUT, SPLIT_SESSION, SPLIT_USER, SPLIT_GIVEN, SPLIT_RANDOM } split_kind;
typedef enum { DUPLICATES_KEEP, DUPLICATES_DROP } duplicates_rule;
typedef enum { ENCODER_NONE, ENCODER_TRANSFORMER, ENCODER_GRU, ENCODER_LSTM, ENCODER_RNN, ENCODER_MEAN,
	       ENCODER_POPULARITY, ENCODER_RECENT, ENCODER_LAST_ITEM, ENCODER_MARKOV, ENCODER_ITEM_KNN, ENCODER_EASE /* next_item: rules that count, no network */ } encoder_kind;
typedef enum { NORM_POST, NORM_PRE, NORM_GATED } norm_place;
typedef enum { POSITION_FROM_END, POSITION_FROM_START } position_kind;
typedef enum { OUTPUT_DOT, OUTPUT_COSINE } output_kind;
typedef enum { POOL_LAST, POOL_MEAN, POOL_ATTENTION } pool_kind;
typedef enum { FUSION_CONCAT, FUSION_WEIGHTED, FUSION_ATTENTION } fusion_kind;
typedef enum { SCHEDULE_CONSTANT, SCHEDULE_COSINE, SCHEDULE_LINEAR } schedule_kind;
typedef enum { BACKEND_AUTO, BACKEND_NATIVE, BACKEND_LIBTORCH } backend_kind;
typedef enum { DEVICE_AUTO, DEVICE_CPU, DEVICE_CUDA } device_kind;
typedef enum { PRECISION_FLOAT32, PRECISION_BFLOAT16 } precision_kind;
typedef enum { LOSS_AUTO, LOSS_CROSS_ENTROPY, LOSS_SAMPLED_SOFTMAX, LOSS_GBCE, LOSS_BCE, LOSS_BPR } loss_kind;
typedef enum { UPDATE_LAZY, UPDATE_EXACT } update_kind;
typedef enum { NEGATIVES_ITEMS, NEGATIVES_BATCH } negatives_kind;
typedef enum { SEEN_AUTO, SEEN_REMOVE, SEEN_KEEP } seen_rule;
typedef enum { CALIBRATE_NONE, CALIBRATE_PLATT, CALIBRATE_ISOTONIC, CALIBRATE_TEMPERATURE } calibration_rule;
typedef enum { HISTORY_USER, HISTORY_CANDIDATE } history_kind;

typedef struct {
	source_list events, users, items, samples;
	field_list fields;
	filter_list filters;
	int duplicates;          /* duplicates_rule */
	int64_t min_user_events, min_item_events;
	char *from, *to;         /* ISO dates; "" = open */
	double max_bad_rows;     /* share of the rows read */
	char *memory;            /* bytes for sorting, "1GiB" */
	char *store;             /* folder of the event store; "" = store/ in the run directory */
	bool link_search;        /* a click after a search carries its query */
	int64_t query_buckets;   /* hash rows of query terms; 0 = queries are not used */
	int64_t min_count;       /* values seen less often in training are trained as <unk> */
} data_settings;

typedef struct {
	int kind;                /* task_kind */
	strings classes;         /* names of labels 0, 1, ... */
	strings events;          /* as_of, both: event types that make a positive; next_item: target types */
	strings target_events;   /* both: types of the next items; empty = all */
	char *horizon;           /* "30d" */
	int unit;                /* task_unit */
	int history;             /* history_kind */
	string_map target_weights; /* next_item: event type -> weight in the loss */
	char *target_half_life;  /* next_item: "30d": older targets weigh less; "" = all the same */
	strings cuts;            /* ISO dates */
	char *every;             /* a grid of cuts instead: "7d" */
	char *grid_from, *grid_to;
	int64_t eligible_events; /* at least so many events ... */
	char *eligible_window;   /* ... within so long before the cut; "" = ever */
	bool aggregates;         /* counts and recency offered as attributes */
} task_settings;

typedef struct {
	int kind;                /* split_kind */
	char *validation, *test; /* time: the first instant of each part */
	double validation_share, test_share;
	int64_t folds;           /* 0 = one split; k = k models, scores out of fold */
	int64_t seed;
} split_settings;

typedef struct {
	int encoder;             /* encoder_kind */
	int64_t width, blocks, heads, window;
	double dropout;
	int norm;                /* norm_place */
	bool causal;
	int pooling;             /* pool_kind */
	int fusion;              /* fusion_kind */
	int64_t attribute_width, attribute_depth;
	double attribute_dropout;
	bool use_item, use_type, use_position, use_gap, use_query, use_fields, use_item_fields, use_user_fields, use_candidate;
	int64_t members;         /* models averaged */
	int64_t neighbours;      /* item_knn: kept for each item */
	double ease_penalty;
	int64_t ease_items;      /* the largest catalogue for EASE */
	bool tied;               /* next_item: the items told share the table of the items seen */
	int position;            /* position_kind */
	bool time_bias;          /* attention sees the time between events */
	int output;              /* output_kind, of next_item */
	bool output_fields;      /* an item scores with its fields, too */
	double temperature;      /* of scores; 0: 1 for dot, 0.05 for cosine */
} model_settings;

typedef struct {
	int64_t epochs, batch;
	int loss;                /* loss_kind */
	double class_loss_weight, next_item_loss_weight; /* both */
	double learning_rate, weight_decay, clip, warmup, label_smoothing;
	int table_update;        /* update_kind: of table rows without a gradient */
	int schedule;            /* schedule_kind */
	strings class_weights;   /* numbers by class, or "balanced" */
	double negatives_per_positive; /* training negatives kept a positive; 0 = all */
	char *metric;            /* early stopping and "best": a validation metric */
	int64_t patience;
	int64_t pack_tokens, lanes, keep;
	double unknown_rate;     /* share of known values trained as <unk> */
	int64_t negatives;       /* next_item, sampled losses: shared by the targets of a pack */
	double popularity;       /* ... drawn with probability ~ (count in training)^popularity; 0 = uniform */
	double calibration;      /* gBCE's t */
	int negatives_from;      /* negatives_kind */
	bool exclude_seen;       /* items of a sample's window are no negatives for it */
} train_settings;

typedef struct {
	char *threshold;         /* what threshold_rule_read reads */
	int interval;            /* as interval_kind of metrics.h */
	int calibration;         /* calibration_rule */
	strings slices;          /* attributes whose groups of rows the report shows */
	int64_t digits;
	bool floors;
	bool single_head;        /* both: the class head alone is trained, too, and stands among the floors */
	int64_t resamples;
	int seen;                /* seen_rule: items of the history in rankings */
} evaluate_settings;

typedef struct {
	bool predictions;
	bool tensorboard, tensorboard_histograms;
	int64_t top;             /* next_item: items a user */
} output_settings;

typedef struct {
	char *dir;
	int64_t seed, threads;
	char *memory;            /* "4GiB"; "" = what the machine and the control group allow */
	int backend, device, precision;
	int64_t device_tokens;   /* 0 = by the device */
	int64_t log_every, checkpoint_steps; /* 0 = off */
	double checkpoint_minutes;           /* 0 = off */
} run_settings;

typedef struct config {
	data_settings data;
	task_settings task;
	split_settings split;
	model_settings model;
	train_settings train;
	evaluate_settings evaluate;
	output_settings output;
	run_settings run;
	struct config_origin *origin; /* where each value came from, for `check --show-origin` */
} config;

/* How a decision threshold is found. */
typedef enum { THRESHOLD_NUMBER, THRESHOLD_F1, THRESHOLD_ACCURACY, THRESHOLD_COST, THRESHOLD_PRECISION, THRESHOLD_TOP } threshold_kind;

typedef struct {
	threshold_kind kind;
	double value;  /* the number; the cost of a false alarm; the precision; the share */
	double missed; /* THRESHOLD_COST: the cost of a missed positive */
} threshold_rule;

/* "0.3", "f1", "accuracy", "cost:1:5", "precision:0.8", "top:0.1". False when it is none of these. */
bool threshold_rule_read(const char *word, threshold_rule *rule);

/* Reads `path`, then the environment (SEQREC_TRAIN_EPOCHS=3), then each "key=value" of `sets`. All errors are found at once, a line each. */
config *config_load(const char *path, const strings *sets, sr_error *err);
/* The config.json of a run, which names every setting that there was: one that it does not name is newer, and takes its plain default, never that of the task. */
config *config_load_resolved(const char *path, const strings *sets, sr_error *err);
/* The same from a text; paths are taken relative to `folder`. */
config *config_parse(const char *content, size_t length, const char *name, const char *folder, const strings *sets, sr_error *err);
void config_free(config *c); /* NULL ok */

/* The resolved config as JSON, every field in table order. New; the caller frees. */
char *config_print(const config *c);
/* Only the section named ("data"), for hashing. */
char *config_print_section(const config *c, const char *section);
/* "train.epochs: 3, was 20; ..." for every field whose value differs and whose key does not begin with one of `except` (NULL-terminated); "" when none does. New. */
char *config_difference(const config *now, const config *before, const char *const *except);
/* One line a field: key = value, and whether it is a default, from the file, the environment or --set. New. */
char *config_print_origins(const config *c);
/* JSON Schema of a config file. New. */
char *config_schema(void);
/* Help for one key, or for all keys that begin with it; NULL when there is none. New. */
char *config_help(const char *key);
/* The key that `word` may mean ("train.learning_rte", "epochs"), or NULL. */
const char *config_nearest(const char *word);
/* All keys as Markdown, for the documentation. New. */
char *config_reference(void);

#ifdef __cplusplus
}
#endif
#endif
