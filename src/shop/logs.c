/* logs.c - writes the shop's CSV files line by line. Nothing in them needs quoting. */

#include "shop/logs.h"

#include "seqrec/file.h"
#include "seqrec/instant.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { FILE_BROWSE, FILE_SEARCH, FILE_PURCHASE, FILE_USERS, FILE_ITEMS, FILE_SAMPLES, FILE_TRUTH, FILES } file_kind;

static const struct {
	const char *name, *header;
} files[FILES] = {
	[FILE_BROWSE] = { "browse.csv", "user_id,time,item_id,dwell,query_position\n" },
	[FILE_SEARCH] = { "search.csv", "user_id,time,query\n" },
	[FILE_PURCHASE] = { "purchase.csv", "user_id,time,item_id,amount\n" },
	[FILE_USERS] = { "users.csv", "user_id,age_group,gender,city,member,member_since,coupon_use\n" },
	[FILE_ITEMS] = { "items.csv", "item_id,category,brand,price\n" },
	[FILE_SAMPLES] = { "samples.csv", "user_id,cut,label,split\n" },
	[FILE_TRUTH] = { "truth.csv", "user_id,cut,p_buy\n" },
};

struct logs {
	const world *world;
	durable *file[FILES];
};

logs *logs_open(const char *folder, const world *w, sr_error *err)
{
	logs *l = xcalloc(1, sizeof *l);
	l->world = w;
	for (size_t i = 0; i < FILES; i++) {
		char *path = path_join(folder, files[i].name);
		l->file[i] = durable_open(path, err);
		free(path);
		if (!l->file[i]) {
			logs_abandon(l);
			return NULL;
		}
		durable_print(l->file[i], "%s", files[i].header);
	}
	return l;
}

bool logs_commit(logs *l, sr_error *err)
{
	bool done = l;
	for (size_t i = 0; l && i < FILES; i++) {
		if (done)
			done = durable_commit(l->file[i], err);
		else
			durable_abandon(l->file[i]);
	}
	free(l);
	return done;
}

void logs_abandon(logs *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < FILES; i++)
		durable_abandon(l->file[i]);
	free(l);
}

static void print_time(const logs *l, int64_t second, char text[INSTANT_TEXT])
{
	if (l->world->settings->epoch)
		snprintf(text, INSTANT_TEXT, "%" PRId64, second);
	else if (instant_print(second * INSTANT_SECOND, text) == strlen("2026-06-01"))
		strcat(text, "T00:00:00Z"); /* a log has one form of time, at midnight too */
}

void logs_item(logs *l, uint32_t id)
{
	const item *i = &l->world->item[id];
	durable_print(l->file[FILE_ITEMS], "i%05" PRIu32 ",%s,%s,%" PRIu32 ".%02" PRIu32 "\n", id, categories[i->category].name, brands[i->brand],
	              i->cents / 100, i->cents % 100);
}

void logs_customer(logs *l, const customer *c)
{
	char since[16] = "";
	if (c->member_since)
		snprintf(since, sizeof since, "%u", c->member_since);
	durable_print(l->file[FILE_USERS], "u%06" PRIu64 ",%s,%s,%s,%s,%s,%s\n", c->id, age_names[c->age], gender_names[c->gender], city_names[c->city],
	              member_names[c->member], since, coupon_names[c->coupons]);
}

static void log_browse(logs *l, const customer *c, const event *e, const char *time)
{
	char position[16] = "";
	if (e->position)
		snprintf(position, sizeof position, "%" PRIu32, e->position);
	durable_print(l->file[FILE_BROWSE], "u%06" PRIu64 ",%s,i%05" PRIu32 ",%" PRIu32 ",%s\n", c->id, time, e->item, e->dwell, position);
}

void logs_event(logs *l, const customer *c, const event *e)
{
	char time[INSTANT_TEXT];
	print_time(l, e->second, time);
	if (e->kind == EVENT_BROWSE) {
		log_browse(l, c, e, time);
	} else if (e->kind == EVENT_SEARCH) {
		bool named = e->brand < BRANDS;
		durable_print(l->file[FILE_SEARCH], "u%06" PRIu64 ",%s,%s%s%s\n", c->id, time, categories[e->category].word[e->word], named ? " " : "",
		              named ? brands[e->brand] : "");
	} else {
		uint32_t cents = l->world->item[e->item].cents;
		durable_print(l->file[FILE_PURCHASE], "u%06" PRIu64 ",%s,i%05" PRIu32 ",%" PRIu32 ".%02" PRIu32 "\n", c->id, time, e->item, cents / 100,
		              cents % 100);
	}
}

void logs_sample(logs *l, const customer *c, int64_t cut, double chance, bool bought, const char *split)
{
	char time[INSTANT_TEXT], number[NUMBER_TEXT];
	print_time(l, cut, time);
	number_print(chance, number);
	durable_print(l->file[FILE_SAMPLES], "u%06" PRIu64 ",%s,%s,%s\n", c->id, time, bought ? "buy" : "ignore", split);
	durable_print(l->file[FILE_TRUTH], "u%06" PRIu64 ",%s,%s\n", c->id, time, number);
}
