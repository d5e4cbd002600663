#ifndef LOADER_LAYOUT_H
#define LOADER_LAYOUT_H
/* layout.h - the files of a store: written by write.c, opened by open.c. */

#include "seqrec/config.h"

#define MANIFEST "manifest.json"
#define LAYOUT_TIME "time.npy"
#define LAYOUT_TYPE "type.npy"
#define LAYOUT_ITEM "item.npy"
#define LAYOUT_QUERY "query.npy"
#define LAYOUT_SESSION "session.npy"
#define LAYOUT_POSITION "position.npy"
#define LAYOUT_USER_START "user_start.npy"
#define LAYOUT_SAMPLE_USER "sample_user.npy"
#define LAYOUT_SAMPLE_ITEM "sample_item.npy"
#define LAYOUT_SAMPLE_TIME "sample_time.npy"
#define LAYOUT_SAMPLE_LABEL "sample_label.npy"
#define LAYOUT_SAMPLE_SPLIT "sample_split.npy"
#define LAYOUT_SAMPLE_WEIGHT "sample_weight.npy"
#define LAYOUT_USERS "vocab/users.tsv"
#define LAYOUT_ITEMS "vocab/items.tsv"
#define LAYOUT_TYPES "vocab/types.tsv"
#define LAYOUT_QUERIES "vocab/queries.tsv"
#define LAYOUT_SESSIONS "vocab/sessions.tsv"
#define LAYOUT_LABELS "vocab/labels.tsv"
#define LAYOUT_SPLITS "vocab/splits.tsv"

/* "events/price.npy", "vocab/events.price.tsv": file names of declared fields. A name with other characters than letters, digits, _ and - gets its number. New. */
char *layout_field(field_level level, const char *name, size_t number, const char *ending);
char *layout_vocabulary(field_level level, const char *name, size_t number);
const char *level_name(field_level level); /* events, users, items, samples */

enum { STORE_VERSION = 1 };

#endif
