/* fields.c - THE table: every setting once, with its type, range, default and help. */
#include "field.h"

#include <stddef.h>
#include <string.h>

/* The C type of a member is checked where the table names it: a wrong one is an array of negative size. */
#define OF(type, S, member) (offsetof(S, member) + 0 * sizeof(char[_Generic(((S *)0)->member, type: 1, default: -1)]))
#define BOOL(S, member) .type = FIELD_BOOL, .offset = OF(bool, S, member)
#define INT(S, member) .type = FIELD_INT, .offset = OF(int64_t, S, member)
#define REAL(S, member) .type = FIELD_REAL, .offset = OF(double, S, member)
#define TEXT(S, member) .type = FIELD_TEXT, .offset = OF(char *, S, member)
#define PATH(S, member) .type = FIELD_PATH, .offset = OF(char *, S, member)
#define STRINGS(S, member) .type = FIELD_STRINGS, .offset = OF(strings, S, member)
#define MAP(S, member) .type = FIELD_MAP, .offset = OF(string_map, S, member)
#define CHOICE(S, member, ...) .type = FIELD_CHOICE, .offset = OF(int, S, member), .choices = (const char *const[]){ __VA_ARGS__, NULL }
#define LIST(S, member, kind, element, table) .type = FIELD_LIST, .offset = OF(kind, S, member), .item_size = sizeof(element), .items = table
#define END { .key = NULL }

static const field source_fields[] = {
	{ .key = "path", PATH(source_config, path), .example = "\"logs/browse-*.csv.gz\"", .help = "File, glob, folder, or - for standard input; relative to the config's folder." },
	{ .key = "format", CHOICE(source_config, format, "auto", "csv", "tsv", "jsonl", "atomic", "lists"), .def = "auto",
	  .help = "auto goes by the name and the first bytes. atomic: RecBole's .inter/.user/.item. lists: a line of items, whose first value is the user where columns.user is given." },
	{ .key = "separator", TEXT(source_config, separator), .help = "Between the fields of a row, such as \";\" or \"::\"; empty: comma for csv, TAB for tsv." },
	{ .key = "quote", CHOICE(source_config, quote, "auto", "rfc4180", "none", "backslash"), .def = "auto",
	  .help = "rfc4180: \"...\" with \"\" inside; none: quotes are ordinary text; backslash: \\t \\n \\\\ \\N. auto: rfc4180 for csv; for tsv by what the first cells look like." },
	{ .key = "header", BOOL(source_config, header), .def = "true", .help = "The first row names the columns." },
	{ .key = "names", STRINGS(source_config, names), .help = "Names of the columns, where the file has no header." },
	{ .key = "records", TEXT(source_config, records), .example = "\"events\"", .help = "JSONL: the member that holds a list of nested records; the outer object's members are columns too." },
	{ .key = "encoding", TEXT(source_config, encoding), .example = "\"GB18030\"", .help = "Empty: UTF-8, or UTF-16 by its byte order mark; else a name that iconv knows." },
	{ .key = "type", TEXT(source_config, type), .example = "\"browse\"", .help = "Every row is an event of this type; empty: the type column says." },
	{ .key = "columns", MAP(source_config, columns), .example = "{\"user\": \"user_id\", \"item\": \"sku_id\", \"time\": \"action_time\"}",
	  .help = "Which column is what: user, item, time, type, query, session, position; in data.samples also label, split, weight. A role that is not named is looked for under its own name." },
	{ .key = "types", MAP(source_config, types), .example = "{\"1\": \"browse\", \"2\": \"purchase\"}", .help = "Values of the type column and the event types they mean: all of them, since a row with another value is bad. Empty: as they stand." },
	{ .key = "time_format", TEXT(source_config, time_format), .def = "auto",
	  .help = "auto, epoch_s, epoch_ms, epoch_us, epoch_ns, iso8601, strptime:FORMAT (strptime:%m-%d@2013 for a log without years), or order: the row's number is its time." },
	{ .key = "time_zone", TEXT(source_config, time_zone), .example = "\"+08:00\"", .help = "Offset of times that have none; empty: UTC." },
	{ .key = "missing", STRINGS(source_config, missing), .def = "[\"\", \"\\\\N\", \"NA\", \"NaN\", \"null\"]", .help = "Texts that mean: no value. Ids are missing only when empty." },
	END
};

static const field declared_fields[] = {
	{ .key = "name", TEXT(field_config, name), .example = "\"price\"", .help = "How the field is called in the model and in reports." },
	{ .key = "column", TEXT(field_config, column), .help = "The column's name, where it differs. The same column may serve several fields." },
	{ .key = "on", CHOICE(field_config, on, "event", "user", "item", "sample"), .def = "event", .help = "Which rows carry it: data.events, data.users, data.items or data.samples." },
	{ .key = "kind", CHOICE(field_config, kind, "category", "categories", "number", "text", "vector"), .def = "category", .help = "What it holds. categories: several values in one text." },
	{ .key = "transform", CHOICE(field_config, transform, "standard", "log1p", "buckets", "piecewise", "none"), .def = "standard",
	  .help = "Of numbers. standard: mean 0, deviation 1; log1p: the same of log(1+x); buckets: an embedding per quantile; piecewise: piecewise linear over quantiles (Gorishniy 2022)." },
	{ .key = "buckets", INT(field_config, buckets), .def = "16", .min = 2, .max = 1048576, .help = "Quantiles of buckets and piecewise, or hash rows of text." },
	{ .key = "separator", TEXT(field_config, separator), .def = "\" \"", .help = "Between the values of categories." },
	{ .key = "width", INT(field_config, width), .def = "0", .min = 0, .max = 65536, .help = "Numbers in a vector." },
	END
};

static const field filter_fields[] = {
	{ .key = "field", TEXT(filter_config, field), .example = "\"InvoiceNo\"", .help = "A column of the logs." },
	{ .key = "operator", CHOICE(filter_config, compare, "==", "!=", "<", "<=", ">", ">=", "starts", "in", "missing", "present"), .def = "==", .help = "Rows for which \"field operator value\" holds are dropped." },
	{ .key = "value", STRINGS(filter_config, value), .help = "A text or number; several for in." },
	{ .key = "name", TEXT(filter_config, name), .example = "\"cancelled\"", .help = "How the conservation table calls the rule." },
	END
};

const field config_fields[] = {
	{ .key = "data.events", LIST(config, data.events, source_list, source_config, source_fields), .help = "The behaviour logs: one mixed log, or one entry for each of browse, search and purchase." },
	{ .key = "data.users", LIST(config, data.users, source_list, source_config, source_fields), .help = "Attributes of users, joined by id." },
	{ .key = "data.items", LIST(config, data.items, source_list, source_config, source_fields), .help = "Attributes of items, joined by id." },
	{ .key = "data.samples", LIST(config, data.samples, source_list, source_config, source_fields), .help = "Rows with a label column, for task.kind column." },
	{ .key = "data.fields", LIST(config, data.fields, field_list, field_config, declared_fields), .help = "Further columns that the model may use." },
	{ .key = "data.filters", LIST(config, data.filters, filter_list, filter_config, filter_fields), .help = "Rules that drop events; each is counted." },
	{ .key = "data.duplicates", CHOICE(config, data.duplicates, "keep", "drop"), .def = "keep", .help = "Whether an event that equals an earlier one of its user in time and in every column read is dropped." },
	{ .key = "data.min_user_events", INT(config, data.min_user_events), .def = "0", .min = 0, .max = 1e9, .help = "Users with fewer events are dropped." },
	{ .key = "data.min_item_events", INT(config, data.min_item_events), .def = "0", .min = 0, .max = 1e9, .help = "Events of items with fewer events are dropped (before users are counted)." },
	{ .key = "data.from", TEXT(config, data.from), .check = CHECK_TIME, .help = "Events before this instant are dropped." },
	{ .key = "data.to", TEXT(config, data.to), .check = CHECK_TIME, .help = "Events at or after this instant are dropped." },
	{ .key = "data.max_bad_rows", REAL(config, data.max_bad_rows), .def = "0.001", .min = 0, .max = 1, .help = "Share of rows that may be unreadable; more ends the run with exit code 3." },
	{ .key = "data.memory", TEXT(config, data.memory), .def = "1GiB", .check = CHECK_BYTES, .help = "Memory for sorting; larger logs go through sorted runs on disk." },
	{ .key = "data.store", PATH(config, data.store), .help = "Folder of the event store; empty: store/ in the run directory." },
	{ .key = "data.link_search", BOOL(config, data.link_search), .def = "true", .help = "An event with an item that follows a search within 30 minutes carries its query." },
	{ .key = "data.query_buckets", INT(config, data.query_buckets), .def = "4096", .min = 1, .max = 16777216, .help = "Hash rows for the terms of search queries." },
	{ .key = "data.min_count", INT(config, data.min_count), .def = "0", .min = 0, .max = 1e9,
	  .help = "Values seen less often in training are treated as unknown. 0: two; for the items of next_item, one." },

	{ .key = "task.kind", CHOICE(config, task.kind, "column", "as_of", "next_item", "both"), .def = "as_of",
	  .help = "column: the label stands in data.samples. as_of: does the user do task.events within task.horizon after a cut? next_item: what comes next? both: the rows of as_of (unit user), of which one encoder with two heads tells both." },
	{ .key = "task.classes", STRINGS(config, task.classes), .help = "Names of the classes in order; with two, the second is the positive one. Empty: ignore and buy, or the label column's values, sorted." },
	{ .key = "task.events", STRINGS(config, task.events), .def = "[\"purchase\"]", .help = "Event types that make a sample positive (as_of, both), or that are targets (next_item; empty: all)." },
	{ .key = "task.target_events", STRINGS(config, task.target_events), .example = "[\"browse\", \"purchase\"]", .help = "both: event types whose items are told as next items. Empty: all." },
	{ .key = "task.horizon", TEXT(config, task.horizon), .def = "30d", .check = CHECK_DURATION, .help = "How long after the cut the event may happen." },
	{ .key = "task.unit", CHOICE(config, task.unit, "user", "user_item"), .def = "user", .help = "user_item: will this user buy this item, for each item of the user's history?" },
	{ .key = "task.history", CHOICE(config, task.history, "user", "candidate"), .def = "user", .help = "unit user_item: the sequence holds all of the user's events, or only those with the candidate." },
	{ .key = "task.target_weights", MAP(config, task.target_weights), .example = "{\"purchase\": 3}", .help = "next_item, both: weights of targets in the loss by event type; a type that is not named has 1." },
	{ .key = "task.target_half_life", TEXT(config, task.target_half_life), .check = CHECK_DURATION, .example = "\"90d\"",
	  .help = "next_item, both: a training target this much older than the newest one weighs half as much in the loss. Empty: age does not matter." },
	{ .key = "task.cuts", STRINGS(config, task.cuts), .check = CHECK_TIME, .example = "[\"2018-03-20\", \"2018-03-27\"]", .help = "Cut instants of as_of. Empty: a grid of task.every." },
	{ .key = "task.every", TEXT(config, task.every), .def = "7d", .check = CHECK_DURATION, .help = "Distance of the grid's cuts." },
	{ .key = "task.grid_from", TEXT(config, task.grid_from), .check = CHECK_TIME, .help = "First cut of the grid. Empty: one task.horizon after the first event." },
	{ .key = "task.grid_to", TEXT(config, task.grid_to), .check = CHECK_TIME, .help = "No cut of the grid lies after this. Empty: the last cut whose horizon lies within the log." },
	{ .key = "task.eligible_events", INT(config, task.eligible_events), .def = "1", .min = 0, .max = 1e9, .help = "A user (or pair) is a sample when it has at least so many events before the cut." },
	{ .key = "task.eligible_window", TEXT(config, task.eligible_window), .check = CHECK_DURATION, .help = "... and these lie within so long before the cut. Empty: ever." },
	{ .key = "task.aggregates", BOOL(config, task.aggregates), .def = "true", .help = "Counts and recency by event type over 1, 3, 7, 30 days and all time as attributes: of the user, with the candidate, and everybody's with the candidate." },

	{ .key = "split.kind", CHOICE(config, split.kind, "time", "leave_one_out", "session", "user", "given", "random"), .def = "time",
	  .help = "time: earlier samples train, later ones test. user: by hash of the user id. random: by row, the same share of each class. given: data.samples says (train, validation, test)." },
	{ .key = "split.validation", TEXT(config, split.validation), .check = CHECK_TIME, .help = "split.kind time: first cut of the validation part. Empty: by split.validation_share." },
	{ .key = "split.test", TEXT(config, split.test), .check = CHECK_TIME, .help = "split.kind time: first cut of the test part. Empty: by split.test_share." },
	{ .key = "split.validation_share", REAL(config, split.validation_share), .def = "0.1", .min = 0, .max = 0.9, .help = "Share of the samples for validation." },
	{ .key = "split.test_share", REAL(config, split.test_share), .def = "0.2", .min = 0, .max = 0.9, .help = "Share of the samples for the test." },
	{ .key = "split.folds", INT(config, split.folds), .def = "0", .min = 0, .max = 100,
	  .help = "k: k models, each tested on the users with crc32(id) % k = its number, one report over all. With several cuts only the last is scored; earlier ones are training rows." },
	{ .key = "split.seed", INT(config, split.seed), .def = "0", .min = 0, .max = 1e15, .help = "Seed of user and random splits, apart from run.seed." },

	{ .key = "model.encoder", CHOICE(config, model.encoder, "none", "transformer", "gru", "lstm", "rnn", "mean", "popularity", "recent_popularity", "last_item", "markov", "item_knn", "ease"), .def = "transformer",
	  .help = "What turns a sequence of events into h. mean: the mean of the event embeddings; none: attributes alone. next_item also: popularity, recent_popularity, last_item, markov, item_knn, ease, which count and train no network." },
	{ .key = "model.width", INT(config, model.width), .def = "32", .min = 0, .max = 4096, .help = "Width D of event embeddings and of h. 0: 64 where a user has 50 or more training events on average, else 128." },
	{ .key = "model.blocks", INT(config, model.blocks), .def = "1", .min = 1, .max = 64, .help = "Layers of the encoder." },
	{ .key = "model.heads", INT(config, model.heads), .def = "1", .min = 1, .max = 64, .help = "Attention heads." },
	{ .key = "model.window", INT(config, model.window), .def = "50", .min = 1, .max = 65536, .help = "Events of the history that the encoder sees: the last so many." },
	{ .key = "model.dropout", REAL(config, model.dropout), .def = "0.1", .min = -1, .max = 0.95, .help = "Dropout in the encoder. -1: 0.5 where there are fewer than 500,000 training events, else 0.2." },
	{ .key = "model.norm", CHOICE(config, model.norm, "post", "pre", "gated"), .def = "post",
	  .help = "Transformer block: LayerNorm behind the residual (SASRec), before each part, or before each part with gated residuals and SwiGLU (LiGR)." },
	{ .key = "model.causal", BOOL(config, model.causal), .def = "false", .help = "Whether an event sees only itself and what came before." },
	{ .key = "model.pooling", CHOICE(config, model.pooling, "last", "mean", "attention"), .def = "attention", .help = "How the encoded events become h." },
	{ .key = "model.fusion", CHOICE(config, model.fusion, "concat", "weighted", "attention"), .def = "concat", .help = "How h and the attribute vector y become z." },
	{ .key = "model.attribute_width", INT(config, model.attribute_width), .def = "32", .min = 1, .max = 4096, .help = "Width of the attribute encoder's layers and of y." },
	{ .key = "model.attribute_depth", INT(config, model.attribute_depth), .def = "1", .min = 0, .max = 16, .help = "Hidden layers of the attribute encoder; 0: linear." },
	{ .key = "model.attribute_dropout", REAL(config, model.attribute_dropout), .def = "0.1", .min = 0, .max = 0.95, .help = "Dropout in the attribute encoder." },
	{ .key = "model.use_item", BOOL(config, model.use_item), .def = "true", .help = "Event embedding: the item." },
	{ .key = "model.use_type", BOOL(config, model.use_type), .def = "true", .help = "Event embedding: the event type." },
	{ .key = "model.use_position", BOOL(config, model.use_position), .def = "true", .help = "Event embedding: the place in the sequence, counted as model.position says." },
	{ .key = "model.position", CHOICE(config, model.position, "from_end", "from_start"), .def = "from_end", .help = "Where places in the sequence are counted from." },
	{ .key = "model.use_gap", BOOL(config, model.use_gap), .def = "true", .help = "Event embedding: the time to the cut and to the event before, in logarithmic buckets." },
	{ .key = "model.use_query", BOOL(config, model.use_query), .def = "true", .help = "Event embedding: the terms of the search query." },
	{ .key = "model.use_fields", BOOL(config, model.use_fields), .def = "true", .help = "Event embedding: declared event fields." },
	{ .key = "model.use_item_fields", BOOL(config, model.use_item_fields), .def = "true", .help = "Event embedding: declared fields of the event's item." },
	{ .key = "model.use_user_fields", BOOL(config, model.use_user_fields), .def = "true", .help = "Attributes y: declared fields of the user." },
	{ .key = "model.use_candidate", BOOL(config, model.use_candidate), .def = "true", .help = "unit user_item: the candidate's own embedding." },
	{ .key = "model.members", INT(config, model.members), .def = "1", .min = 1, .max = 64, .help = "Models trained from different seeds and averaged." },
	{ .key = "model.neighbours", INT(config, model.neighbours), .def = "0", .min = 0, .max = 1e9, .help = "item_knn, as model and as floor: the most similar items kept for each item. 0: all, as far as 50 million pairs of items go." },
	{ .key = "model.ease_penalty", REAL(config, model.ease_penalty), .def = "200", .min = 1e-3, .max = 1e9, .help = "ease, as model and as floor: the L2 penalty (lambda of Steck 2019)." },
	{ .key = "model.ease_items", INT(config, model.ease_items), .def = "5000", .min = 1, .max = 200000,
	  .help = "ease, as model and as floor: the largest catalogue; it needs 4 bytes for each pair of items (20,000 items: 1.6 GB)." },
	{ .key = "model.tied", BOOL(config, model.tied), .def = "true", .help = "next_item, both: the items to be told share the embedding table of the items seen." },
	{ .key = "model.time_bias", BOOL(config, model.time_bias), .def = "false", .help = "Transformer: a learned bias of attention by the time between two events, in logarithmic buckets (HSTU, Zhai et al. 2024)." },
	{ .key = "model.output", CHOICE(config, model.output, "dot", "cosine"), .def = "dot", .help = "next_item, both: how an item scores with a user's vector: by their product, or by that of both at length 1." },
	{ .key = "model.output_fields", BOOL(config, model.output_fields), .def = "false",
	  .help = "next_item, both: an item's vector, told or seen, is its embedding plus those of its declared fields (of several values their mean). Needs model.use_item_fields." },
	{ .key = "model.temperature", REAL(config, model.temperature), .def = "0", .min = 0, .max = 1000, .help = "next_item, both: scores are divided by it. 0: 1 for model.output dot, 0.05 for cosine." },

	{ .key = "train.epochs", INT(config, train.epochs), .def = "20", .min = 1, .max = 1e6, .help = "Most passes over the training samples." },
	{ .key = "train.batch", INT(config, train.batch), .def = "256", .min = 1, .max = 1e6, .help = "Samples a step." },
	{ .key = "train.loss", CHOICE(config, train.loss, "auto", "cross_entropy", "sampled_softmax", "gbce", "bce", "bpr"), .def = "auto",
	  .help = "cross_entropy: over all classes or items. next_item (and both, for its items) also sampled_softmax (with logQ correction), gbce (Petrov & Macdonald 2023), bce and bpr (Rendle et al. 2009), over train.negatives. auto: cross_entropy; sampled_softmax from 20,000 items on." },
	{ .key = "train.class_loss_weight", REAL(config, train.class_loss_weight), .def = "1", .min = 1e-6, .max = 1e6, .help = "both: weight of the classes' loss, the mean over a step's rows." },
	{ .key = "train.next_item_loss_weight", REAL(config, train.next_item_loss_weight), .def = "1", .min = 0, .max = 1e6, .help = "both: weight of the next items' loss, the mean over a step's targets. 0: the classes train the encoder alone." },
	{ .key = "train.learning_rate", REAL(config, train.learning_rate), .def = "1e-3", .min = 1e-8, .max = 1, .help = "Peak step size, reached when the warm-up ends." },
	{ .key = "train.weight_decay", REAL(config, train.weight_decay), .def = "0.01", .min = 0, .max = 10, .help = "Decoupled decay of weight matrices (AdamW), times the step size; embedding tables, biases and norms do not decay." },
	{ .key = "train.table_update", CHOICE(config, train.table_update, "lazy", "exact"), .def = "lazy",
	  .help = "Rows of an embedding table that a step does not touch. lazy: they stay, moments and all, until they are touched again. exact: they go on by their fading moments, as Adam over whole tables has it; a step costs more, by the rows touched in the last 160 steps." },
	{ .key = "train.clip", REAL(config, train.clip), .def = "1", .min = 0, .max = 1e9, .help = "Largest global gradient norm; 0: no clipping." },
	{ .key = "train.warmup", REAL(config, train.warmup), .def = "0.05", .min = 0, .max = 1, .help = "Share of the steps over which the step size rises." },
	{ .key = "train.schedule", CHOICE(config, train.schedule, "constant", "cosine", "linear"), .def = "cosine", .help = "How the step size falls after the warm-up." },
	{ .key = "train.label_smoothing", REAL(config, train.label_smoothing), .def = "0", .min = 0, .max = 0.9, .help = "Share of the target spread evenly over the classes." },
	{ .key = "train.class_weights", STRINGS(config, train.class_weights), .help = "Weights of the classes in the loss, or balanced. Empty: all 1. Probabilities are corrected for them." },
	{ .key = "train.negatives_per_positive", REAL(config, train.negatives_per_positive), .def = "0", .min = 0, .max = 1e6, .help = "Two classes: training negatives drawn each epoch for one positive; 0: all. Probabilities are corrected for the draw." },
	{ .key = "train.metric", TEXT(config, train.metric), .def = "auto", .help = "Validation metric for the best checkpoint and early stopping: log_loss, roc_auc, average_precision, accuracy; auto: log_loss. next_item: hr@K, ndcg@K, mrr@K; auto: ndcg@10. both: any of them; auto: log_loss." },
	{ .key = "train.patience", INT(config, train.patience), .def = "3", .min = 0, .max = 1e6, .help = "Epochs without a better metric before training stops; 0: never stops early." },
	{ .key = "train.pack_tokens", INT(config, train.pack_tokens), .def = "512", .min = 16, .max = 1048576, .help = "Events a pack: what one thread works through at once, small enough for its cache." },
	{ .key = "train.lanes", INT(config, train.lanes), .def = "4", .min = 1, .max = 256, .help = "Gradient sums a step, added in fixed order: a property of the run, so that results do not depend on threads." },
	{ .key = "train.keep", INT(config, train.keep), .def = "2", .min = 1, .max = 1000, .help = "Last checkpoints that are kept, besides the best." },
	{ .key = "train.unknown_rate", REAL(config, train.unknown_rate), .def = "0.01", .min = 0, .max = 0.5, .help = "Share of known items trained as unknown, so that the unknown item has a meaning." },
	{ .key = "train.negatives", INT(config, train.negatives), .def = "256", .min = 1, .max = 1e6, .help = "next_item and both, sampled losses: items drawn for each pack and shared by its targets." },
	{ .key = "train.popularity", REAL(config, train.popularity), .def = "0", .min = 0, .max = 1, .help = "next_item and both, sampled losses: items are drawn with probability proportional to (their count in training) to this power; 0: uniformly." },
	{ .key = "train.calibration", REAL(config, train.calibration), .def = "0.75", .min = 0, .max = 1, .help = "gbce: t of the calibration; 0: bce, 1: the full correction." },
	{ .key = "train.negatives_from", CHOICE(config, train.negatives_from, "items", "batch"), .def = "items",
	  .help = "next_item and both, sampled losses: draws from all items, or the other targets of a pack (then train.negatives and train.popularity do nothing; sampled_softmax is corrected for how often each occurs)." },
	{ .key = "train.exclude_seen", BOOL(config, train.exclude_seen), .def = "false", .help = "next_item and both, sampled losses: items of a sample's window are no negatives for its targets." },

	{ .key = "evaluate.threshold", TEXT(config, evaluate.threshold), .def = "f1",
	  .help = "Two classes, chosen on validation: f1, accuracy, cost:A:B (a false alarm costs A, a missed positive B), precision:P (as many as possible with precision at least P), top:S (the share S scored best); or a number." },
	{ .key = "evaluate.calibration", CHOICE(config, evaluate.calibration, "none", "platt", "isotonic", "temperature"), .def = "none",
	  .help = "Fitted on validation, stored with the model, and applied to every probability that evaluate and predict tell." },
	{ .key = "evaluate.interval", CHOICE(config, evaluate.interval, "percentile", "bca"), .def = "percentile", .help = "How intervals are read from the resamples: their percentiles, or bias-corrected and accelerated ones." },
	{ .key = "evaluate.slices", STRINGS(config, evaluate.slices),
	  .help = "Groups of rows that the report shows apart: history, item_popularity, or fields of users, items or samples. Empty: history length and item popularity, whatever there is, and the first few small fields." },
	{ .key = "evaluate.digits", INT(config, evaluate.digits), .def = "4", .min = 1, .max = 12, .help = "Digits of the classification report." },
	{ .key = "evaluate.floors", BOOL(config, evaluate.floors), .def = "true", .help = "Simple models beside the model: majority and logistic regression; for next items the rules that count (popularity, ..., EASE)." },
	{ .key = "evaluate.single_head", BOOL(config, evaluate.single_head), .def = "true",
	  .help = "both: the same model is also trained with train.next_item_loss_weight 0, and stands beside the floors: the report says whether telling next items helps to tell classes." },
	{ .key = "evaluate.resamples", INT(config, evaluate.resamples), .def = "2000", .min = 0, .max = 1000000, .help = "Bootstrap resamples of the intervals; 0: none. Where rows times resamples pass 100 million, the infinitesimal jackknife stands in." },
	{ .key = "evaluate.seen", CHOICE(config, evaluate.seen, "auto", "remove", "keep"), .def = "auto",
	  .help = "next_item, both: whether items of the history stay in the ranking. auto: they stay when more than one training target in a hundred repeats an item of its history." },

	{ .key = "output.predictions", BOOL(config, output.predictions), .def = "true", .help = "Whether train writes predictions.jsonl of the test part." },
	{ .key = "output.tensorboard", BOOL(config, output.tensorboard), .def = "false", .help = "Whether train writes its curves to tensorboard/ as TensorBoard event files, when it ends or stops." },
	{ .key = "output.tensorboard_histograms", BOOL(config, output.tensorboard_histograms), .def = "false", .help = "With output.tensorboard: also how every weight matrix is spread after each epoch, as histograms." },
	{ .key = "output.top", INT(config, output.top), .def = "10", .min = 1, .max = 10000, .help = "next_item, both: recommended items a user, in predictions and by recommend." },

	{ .key = "run.dir", PATH(config, run.dir), .help = "Run directory. Empty: runs/ and the config's name, beside the current folder." },
	{ .key = "run.seed", INT(config, run.seed), .def = "1", .min = 0, .max = 1e15, .help = "Seed of weights, order, dropout." },
	{ .key = "run.threads", INT(config, run.threads), .def = "0", .min = 0, .max = 1024, .help = "Threads; 0: as many as affinity and CPU quota allow. Results do not depend on it." },
	{ .key = "run.memory", TEXT(config, run.memory), .check = CHECK_BYTES, .help = "Most memory that training may need, such as 4GiB: a run that would not fit is refused before it starts. Empty: what the machine and its control group have." },
	{ .key = "run.backend", CHOICE(config, run.backend, "auto", "native", "libtorch"), .def = "auto", .help = "What computes: the native kernels, or libtorch. auto: libtorch on a GPU, else the native kernels." },
	{ .key = "run.device", CHOICE(config, run.device, "auto", "cpu", "cuda"), .def = "auto", .help = "Where it computes. auto: on a GPU where there is one and libtorch for it, else on the CPU." },
	{ .key = "run.precision", CHOICE(config, run.precision, "float32", "bfloat16"), .def = "float32",
	  .help = "libtorch: what matrix products and attention multiply; weights, sums and everything else stay in float32." },
	{ .key = "run.device_tokens", INT(config, run.device_tokens), .def = "0", .min = 0, .max = 16777216,
	  .help = "libtorch: events a pack. As many as train.pack_tokens: the native packs, and so the same negatives and dropout. 0: these on the CPU, 32768 on a GPU." },
	{ .key = "run.log_every", INT(config, run.log_every), .def = "50", .min = 1, .max = 1e9, .help = "Steps between lines of log.jsonl." },
	{ .key = "run.checkpoint_minutes", REAL(config, run.checkpoint_minutes), .def = "5", .min = 0, .max = 1e6, .help = "Minutes between checkpoints within an epoch; 0: only at the ends of epochs. Results do not depend on it." },
	{ .key = "run.checkpoint_steps", INT(config, run.checkpoint_steps), .def = "0", .min = 0, .max = 1e15, .help = "Steps between checkpoints within an epoch; 0: none by steps. Results do not depend on it." },
	END
};

size_t config_field_count(void)
{
	return sizeof config_fields / sizeof *config_fields - 1;
}

const field *config_field(const char *key)
{
	for (const field *f = config_fields; f->key; f++)
		if (strcmp(f->key, key) == 0)
			return f;
	return NULL;
}

const char *config_field_nearest(const field *table, const char *key)
{
	const char *names[256];
	size_t count = 0;
	for (const field *f = table; f->key && count < sizeof names / sizeof *names; f++)
		names[count++] = f->key;
	return text_nearest(key, names, count);
}

const char *config_nearest(const char *word)
{
	for (const field *f = config_fields; f->key; f++)
		if (strcmp(strchr(f->key, '.') + 1, word) == 0) /* "epochs" is train.epochs */
			return f->key;
	return config_field_nearest(config_fields, word);
}
