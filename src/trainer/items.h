#ifndef SEQREC_TRAINER_ITEMS_H
#define SEQREC_TRAINER_ITEMS_H
/* items.h - next_item, both: the model and its floors ranked on validation and test, the report made of it, and recommended items as lines of text. */

#include "dataset.h"
#include "fold.h"
#include "ranking.h"
#include "redis.h"

#include "seqrec/trainer.h"

enum { ITEM_PARTS = 2, ITEM_ENTRIES = 1 + RULES }; /* validation and test; the model and the rules */

/* The best items of samples. */
typedef struct {
	const dataset *d;
	uint32_t *row;   /* (rows) samples */
	size_t rows, most;
	uint32_t *item;  /* (rows, most) items of the model; 0: no more */
	char **id;       /* (items) what they are called */
	size_t items;
	uint32_t *sold;  /* (items) how often training has each */
	float *score;    /* (rows, most) */
	uint32_t *rank;  /* (rows) of the target, or NULL: there is none */
	const redis_keys *redis; /* PREDICTIONS_REDIS */
} item_lists;

typedef struct {
	uint32_t *row;   /* (rows) samples */
	size_t rows, unknown;
	size_t untold;   /* both: other rows, after which no target comes */
	uint32_t *rank[ITEM_ENTRIES]; /* (rows); NULL without that floor */
} ranked_part;

typedef struct {
	const config *c;
	const dataset *d;
	thread_pool *pool;
	ranked_part part[ITEM_PARTS];
	item_lists best; /* of the test part */
	bool remove_seen;
	const char *loss; /* it was trained by; NULL: a rule */
	double unknown_share; /* of items in test histories */
	size_t items, parameters;
} item_evaluation;

bool items_evaluate(item_evaluation *e, const fold_model *m, bool floors, sr_error *err);
bool items_report(const item_evaluation *e, const char *title, const char *folder, char **text_out /* or NULL */, sr_error *err);
void item_evaluation_free(item_evaluation *e);

/* The best items of order[0..count) by the model; choice NULL: of all. */
bool items_best(item_lists *out, const config *c, const dataset *d, thread_pool *pool, const fold_model *m, const item_choice *choice, const uint32_t *order, size_t count, sr_error *err);
void item_lists_free(item_lists *l);

/* ---- item_lists.c ---- */
/* path "-": standard output. TREC: with targets also PATH.qrels. */
bool items_write(const item_lists *l, const char *path, predictions_format format, sr_error *err);

#endif
