#ifndef SEQREC_TRAINER_ITEM_COUNTS_H
#define SEQREC_TRAINER_ITEM_COUNTS_H
/* item_counts.h - inside the rules: who had what in training, and what a rule is made of. */

#include "item_rules.h"

struct item_counts {
	const features *f;
	const store *s;
	size_t items;        /* V: rows of the item feature */
	uint32_t *count;     /* (V) events */
	uint64_t *used;      /* by user: end of the training events */
	uint32_t *user_item; /* the different items of each user, ascending, end to end */
	size_t *user_start;  /* (users + 2): those of user u begin at user_start[u] */
	uint32_t *item_user; /* the same by item */
	size_t *item_start;  /* (V + 1) */
};

/* Scores are base, or the sum over items i of the history of (weight of i) * row i of a matrix (V, V), kept sparse or dense. */
struct item_rule {
	rule_kind kind;
	size_t items;      /* V */
	float *popularity; /* (V) events in training: breaks ties */
	uint32_t *order;   /* (V) made from it */
	float *base;       /* (V): popularity, recent popularity */
	uint64_t *start;   /* (V + 1) of the sparse matrix */
	uint32_t *to;      /* ascending in each row */
	float *weight;
	float *dense;      /* (V, V): EASE */
	const features *f;
	const samples *all;
	const store *s;
};

/* The different items of events first .. end-1, ascending, into out (room for all events); returns how many. */
size_t different_items(const features *f, const store *s, uint64_t first, uint64_t end, uint32_t *out);

/* Makes order from popularity. */
void rule_sort(item_rule *r);

/* ---- rule_chain.c, rule_neighbours.c: what rule_fit calls. False with *why when it does not apply. ---- */
bool fit_recent(item_rule *r, const item_counts *n, const config *c, char **why);
bool fit_markov(item_rule *r, const item_counts *n);
bool fit_neighbours(item_rule *r, const item_counts *n, const config *c, thread_pool *pool, char **why);
bool fit_ease(item_rule *r, const item_counts *n, const config *c, thread_pool *pool, char **why, sr_error *err);

#endif
