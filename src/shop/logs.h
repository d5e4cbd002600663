#ifndef SHOP_LOGS_H
#define SHOP_LOGS_H
/* logs.h - the shop's files. */

#include "shop/visits.h"

typedef struct logs logs;
logs *logs_open(const char *folder, const world *w, sr_error *err); /* NULL on error */
bool logs_commit(logs *l, sr_error *err);                            /* makes all files visible; frees l; NULL ok (false) */
void logs_abandon(logs *l);                                          /* NULL ok */

void logs_item(logs *l, uint32_t id);
void logs_customer(logs *l, const customer *c);
void logs_event(logs *l, const customer *c, const event *e);
void logs_sample(logs *l, const customer *c, int64_t cut, double chance, bool bought, const char *split);
#endif
