#ifndef SHOP_CHANCE_H
#define SHOP_CHANCE_H
/* chance.h - the probability that a customer buys within the horizon: the truth that models are to find. */

#include "shop/visits.h"

/* Of events before `cut` (seconds) only. */
double chance_of_buying(const world *w, const customer *c, const history *h, int64_t cut);
#endif
