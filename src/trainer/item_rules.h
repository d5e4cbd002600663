#ifndef SEQREC_TRAINER_ITEM_RULES_H
#define SEQREC_TRAINER_ITEM_RULES_H
/* item_rules.h - next items by counting: popularity, recent popularity, the last item again, a Markov chain, item-kNN, EASE. They are the floors that a
 * model of sequences must beat, and models of their own (model.encoder: markov, ...). All count training events only. */

#include "ranking.h"

typedef enum { RULE_POPULARITY, RULE_RECENT, RULE_LAST, RULE_MARKOV, RULE_NEIGHBOURS, RULE_EASE, RULES } rule_kind;
typedef struct item_rule item_rule;

/* "popularity", "Markov chain", ... as reports say it. */
const char *rule_name(rule_kind kind);
/* The rule that model.encoder names; RULES: it names a network. */
rule_kind rule_of_encoder(int encoder);

/* What the rules count: kept while they are fitted, so that several share one pass over the events. */
typedef struct item_counts item_counts;
item_counts *item_counts_new(const features *f, const samples *all, const store *s);
void item_counts_free(item_counts *n); /* NULL ok */

/* NULL without error when the rule does not apply here; *why (a new text) then says why not. NULL with *err else. */
item_rule *rule_fit(rule_kind kind, const item_counts *n, const config *c, thread_pool *pool, char **why, sr_error *err);
void rule_free(item_rule *r); /* NULL ok */

/* Before rule_fill: the samples that it scores. Borrowed. */
void rule_bind(item_rule *r, const features *f, const samples *all, const store *s);
/* A rank_fill, with the rule as context. */
bool rule_fill(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err);

/* (items) place by popularity, then by row: how rules break ties. */
const uint32_t *rule_order(const item_rule *r);
/* Numbers it holds: what a network calls parameters. */
size_t rule_size(const item_rule *r);

/* model.safetensors of a model that is a rule. */
bool rule_save(const item_rule *r, const char *path, sr_error *err);
item_rule *rule_load(rule_kind kind, const char *path, const features *f, sr_error *err);

#endif
