#ifndef SEQREC_SHOP_H
#define SEQREC_SHOP_H
/* shop.h - a synthetic shop whose purchases are drawn from a probability it knows, so that the best reachable score is known: browse, search and purchase
 * logs, users, items, and beside them the samples with their labels and true probabilities. That probability is a function of the logs before the cut and
 * of the attributes alone (src/shop/chance.c), so no model can do better than it, and nothing that it needs is hidden. */

#include <stdbool.h>
#include <stdint.h>

#include "seqrec/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	uint64_t seed;
	uint64_t users;
	uint32_t items;
	uint32_t cuts;          /* samples a user: cut dates 30 days apart, the last one `cut` */
	int64_t cut;            /* microseconds UTC */
	uint32_t history_days;  /* before the first cut */
	uint32_t horizon_days;  /* a label says whether a purchase follows within it; at most 30 */
	double visits;          /* mean number of visits in 60 days; each is about four events */
	bool epoch;             /* times as seconds since 1970 instead of ISO 8601 */
	double validation_share, test_share; /* of the users, by chance */
} shop_settings;

/* 20,000 users, 600 items, four cuts up to 2026-06-01, 60 days of history before the first, horizon 14 days, about 25 events a user in 60 days. */
shop_settings shop_defaults(void);

/* Writes into `folder`, in constant memory:
 *   browse.csv    user_id,time,item_id,dwell,query_position    (position of the click in the results of the search before it; empty otherwise)
 *   search.csv    user_id,time,query
 *   purchase.csv  user_id,time,item_id,amount
 *   users.csv     user_id,age_group,gender,city,member,member_since,coupon_use     items.csv  item_id,category,brand,price
 *   samples.csv   user_id,cut,label,split    (label: buy or ignore)    truth.csv  user_id,cut,p_buy
 *   optimum.json  the best reachable ROC AUC on each part: of the probabilities against the labels drawn, and its expectation
 * The same settings give the same bytes. */
bool shop_write(const shop_settings *settings, const char *folder, sr_error *err);

#ifdef __cplusplus
}
#endif
#endif
