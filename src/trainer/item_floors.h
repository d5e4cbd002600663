#ifndef SEQREC_TRAINER_ITEM_FLOORS_H
#define SEQREC_TRAINER_ITEM_FLOORS_H
/* item_floors.h - what a model of sequences must beat: popularity, the last item again, a Markov chain, item-kNN. All count training events only. */

#include "ranking.h"

typedef struct item_floors item_floors;
item_floors *item_floors_new(const features *f, const samples *all, const store *s);
void item_floors_free(item_floors *i); /* NULL ok */

/* (items) place by popularity, then by row: how the floors break ties. */
const uint32_t *item_floors_order(const item_floors *i);

/* rank_fill, with the floors as context. */
bool floor_popularity(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err);
bool floor_last_item(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err);
bool floor_markov(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err);
bool floor_neighbours(void *context, const uint32_t *order, size_t count, unsigned thread, float *score, sr_error *err);

/* About how many additions floor_neighbours takes for these samples. */
double floor_neighbours_cost(const item_floors *i, const uint32_t *order, size_t count);

#endif
