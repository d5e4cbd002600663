#ifndef SEQREC_TRAINER_RANKING_H
#define SEQREC_TRAINER_RANKING_H
/* ranking.h - the place of a target among all items, and the best items, by the scores of a model or of a floor. Items are rows of the model's item
 * feature; the first PACK_FIRST_ITEM are none. */

#include "item_choice.h"
#include "lanes.h"

typedef struct {
	const features *f;
	const samples *all;
	const store *s;
	thread_pool *pool;
	size_t items;          /* rows */
	bool remove_seen;      /* items of the history, except the target, are not ranked */
	const item_choice *choice; /* rank_best: what may be listed; NULL: all */
	const uint32_t *order; /* (items) among equal scores the smaller comes first; NULL: the row's number */
} ranking;

/* Scores of samples order[0..count), (count, items); may run on several threads at once. False: *err says why. */
typedef bool rank_fill(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err);

/* How many items come before a sample's target, without keeping the scores. */
typedef bool rank_count(void *context, const uint32_t *order, size_t count, unsigned thread, const score_counts *to, sr_error *err);

typedef struct {
	rank_fill *fill;
	rank_count *count; /* or NULL: scores are counted */
	void *context;
} rank_scores;

enum { RANK_UNKNOWN = UINT32_MAX }; /* of a target that is not among the items: never a hit, always counted */

/* rank[i] = 1 + items scored higher + items scored equal that come first. The same at any number of threads. */
bool rank_targets(const ranking *r, const rank_scores *from, const uint32_t *order, size_t count, uint32_t *rank, sr_error *err);

/* Scores that each thread holds at once. */
double ranking_block_scores(size_t items);

/* The `most` best items of each sample, best first, into row and score (count, most); where there are fewer, row 0. */
bool rank_best(const ranking *r, rank_fill *fill, void *context, const uint32_t *order, size_t count, size_t most, uint32_t *row, float *score, sr_error *err);

/* ---- model_scores.c: the scores of the model ---- */
typedef struct model_scores model_scores;
model_scores *model_scores_new(workers *w, const uint32_t *order, size_t count, sr_error *err); /* encodes the samples; NULL on error */
/* The vectors that items are compared by, (items, width): their product with a sample's VECTOR_H is the score. New; NULL on error. */
float *model_scores_items(workers *w, size_t *items, size_t *width, sr_error *err);
rank_scores model_scores_ranked(model_scores *m); /* for rank_targets */
void model_scores_free(model_scores *m); /* NULL ok */
bool model_scores_fill(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err); /* of a part of order[] */

/* Rows: what training saw. New array of `items`; used[user]: the end of the user's events that training holds, new, or NULL. */
uint32_t *count_items(const features *f, const samples *all, const store *s, uint64_t **used /* or NULL */);

/* evaluate.seen; auto: by how often training targets repeat an item of their history. */
bool seen_removed(const config *c, const samples *all, const store *s);

#endif
