#ifndef LOADER_RANKS_H
#define LOADER_RANKS_H
/* ranks.h - final codes: the values of a vocabulary by descending count, then by bytes, so that they do not depend on the order of the logs. */

#include <stdbool.h>

#include "loader/builder.h"
#include "seqrec/file.h"

typedef struct {
	const intern *values;
	uint64_t *rows;  /* (values + 1) how often each provisional code occurs */
	bool *keep;      /* (values + 1) kept without an event; NULL = none */
	uint32_t *final; /* (values + 1) final code of each provisional one; 0 = dropped, and of 0 */
	uint32_t *order; /* (values + 1) provisional code of final code i + 1, for i below count */
	uint32_t count;
} ranking;

struct ranks {
	ranking users, items, types, queries, sessions, labels, splits;
	ranking *field; /* by number in data.fields; without values for numbers */
	uint64_t **set; /* by field: how often each list of values occurs; NULL where there are none */
};

bool ranks_make(builder *b, sr_error *err); /* b->ranks */
void ranks_free(struct ranks *r, size_t fields); /* NULL ok */

void ranking_start(ranking *r, const intern *values);
void ranking_finish(ranking *r);
void ranking_clear(ranking *r);

/* vocab_write.c: "index TAB raw TAB count" lines; TAB, line ends and backslashes are escaped. */
durable *ranking_write(const ranking *r, const char *path, sr_error *err); /* written, to be committed; NULL with an error */

#endif
