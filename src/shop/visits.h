#ifndef SHOP_VISITS_H
#define SHOP_VISITS_H
/* visits.h - what one customer did, as events in order of time. */

#include "shop/world.h"

typedef enum { EVENT_BROWSE, EVENT_SEARCH, EVENT_PURCHASE } event_kind;

typedef struct {
	int64_t second; /* since 1970; no two events of a customer share one */
	event_kind kind;
	uint8_t category, brand, word; /* brand of a search: BRANDS = none named */
	uint32_t item;                 /* of browse and purchase */
	uint32_t dwell;                /* seconds, of browse */
	uint32_t position;             /* of a browse in the results of the search before it, from 1; 0 = no search */
} event;

typedef struct {
	event *event;
	size_t count, capacity;
} history;

void history_add(history *h, event e); /* keeps the order of time */
void history_free(history *h);

/* Replaces h by the visits of a customer from `from` to `to` (seconds). Nobody buys while `quiet` says so: purchases there are the labels' business. */
typedef bool visit_quiet(const void *context, int64_t second);
void visits_make(history *h, const world *w, const customer *c, int64_t from, int64_t to, visit_quiet *quiet, const void *context);
#endif
