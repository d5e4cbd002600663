/* Which column is the user, the item, the time and so on: by its name first, and by whether its values can be that. */
#include "loader/sniff.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seqrec/memory.h"
#include "seqrec/store.h"

enum { NAME_MOST = 64 };

/* Names without case, separators and a "hash" behind them; the earlier in its list, the likelier. */
static const char *const user_names[] = { "userid", "user", "uid", "customerid", "customer", "memberid", "visitorid", "householdid", "buyerid", "shopperid", "clientid", "accountid", "personid", "deviceid", "cookieid", "cookie", NULL };
static const char *const session_names[] = { "sessionid", "session", "usersession", "visitid", "basketid", "basket", "invoiceno", "invoiceid", "invoice", "orderid", "transactionid", "receiptid", "ordernumber", NULL };
static const char *const item_names[] = { "itemid", "item", "productid", "product", "skuid", "sku", "goodsid", "articleid", "article", "productskus", "stockcode", "movieid", "bookid", "songid", "trackid", "asin", "isbn", "aid", "offerid", "listingid", "brandid", NULL };
static const char *const type_names[] = { "type", "eventtype", "actiontype", "behaviortype", "behaviourtype", "action", "event", "behavior", "behaviour", "productaction", "interaction", "operation", NULL };
static const char *const query_names[] = { "query", "searchquery", "searchterm", "searchterms", "keyword", "keywords", NULL };
static const char *const position_names[] = { "position", "queryposition", "rank", "clickposition", NULL };
static const char *const label_names[] = { "label", "target", "class", "revenue", "purchased", "converted", "conversion", "bought", "redeemed", "clicked", "churn", "churned", "response", "y", NULL };
static const char *const split_names[] = { "split", "part", "fold", NULL };

/* Lower case, letters and digits alone, without "hash" or "hashed" around it. */
static void plain_name(const char *name, char out[NAME_MOST])
{
	size_t length = 0;
	for (; *name && length < NAME_MOST - 1; name++) {
		char c = *name >= 'A' && *name <= 'Z' ? (char)(*name + 32) : *name;
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[length++] = c;
	}
	out[length] = '\0';
	if (length > 4 && strcmp(out + length - 4, "hash") == 0)
		out[length - 4] = '\0';
}

/* Place in the list; SIZE_MAX: not in it. Nested names count by their last part. */
static size_t name_place(const char *name, const char *const *list)
{
	char plain[NAME_MOST];
	const char *dot = strrchr(name, '.');
	plain_name(dot ? dot + 1 : name, plain);
	for (size_t i = 0; list[i]; i++)
		if (strcmp(plain, list[i]) == 0)
			return i;
	return SIZE_MAX;
}

void sniff_use(sniff_file *f, size_t column, const char *use, const char *why, ...)
{
	char reason[512];
	va_list more;
	va_start(more, why);
	vsnprintf(reason, sizeof reason, why, more);
	va_end(more);
	free(f->column[column].why);
	f->column[column].why = xstrdup(reason);
	f->column[column].use = use;
}

static size_t named(const sniff_file *f, const char *const *list)
{
	size_t best = SIZE_MAX, found = SIZE_MAX;
	for (size_t i = 0; i < f->columns; i++) {
		size_t place = name_place(f->column[i].name, list);
		if (!f->column[i].use && place < best) {
			best = place;
			found = i;
		}
	}
	return found;
}

static char *distinct_words(const sniff_column *c)
{
	return text_format("%s%zu different values in %" PRIu64 " rows", c->distinct == SNIFF_DISTINCT ? "at least " : "", c->distinct, c->rows);
}

static void take(sniff_file *f, column_role role, const char *use, size_t column)
{
	if (column == SIZE_MAX)
		return;
	char *words = distinct_words(&f->column[column]);
	f->role[role] = column;
	sniff_use(f, column, use, "%s; %s", f->source.header ? "by its name" : "by its values", words);
	free(words);
}

static bool sounds_like_time(const char *name)
{
	char plain[NAME_MOST];
	plain_name(name, plain);
	return strstr(plain, "time") || strstr(plain, "date") || strcmp(plain, "ts") == 0 || strcmp(plain, "cut") == 0 || strstr(plain, "createdat") || strcmp(plain, "day") == 0;
}

static void find_time(sniff_file *f)
{
	int best = 0;
	size_t found = SIZE_MAX;
	for (size_t i = 0; i < f->columns; i++) {
		int fit = sniff_time_fit(&f->column[i]);
		int score = !fit ? 0 : sounds_like_time(f->column[i].name) ? 10 + fit : fit >= 2 && (fit == 3 || !f->source.header) ? fit : 0;
		if (score > best) {
			best = score;
			found = i;
		}
	}
	if (found != SIZE_MAX) {
		f->role[ROLE_TIME] = found;
		sniff_use(f, found, "time", "%s, and %s reads as a time", best > 10 ? "by its name" : "by its values", f->column[found].values ? f->column[found].value[0].text : "every value");
	}
	for (size_t i = 0; i < f->columns; i++)
		if (i != found && sounds_like_time(f->column[i].name))
			sniff_use(f, i, "", sniff_time_fit(&f->column[i]) ? "a time as well; one is enough" : "sounds like a time, but its values are none (an offset or a length?)");
		else if (i != found && f->column[i].votes[TIMES_SECONDS] == sniff_filled(&f->column[i]) && sniff_time_fit(&f->column[i]) && f->role[ROLE_TIME] != SIZE_MAX && name_place(f->column[i].name, item_names) == SIZE_MAX &&
			name_place(f->column[i].name, user_names) == SIZE_MAX && name_place(f->column[i].name, session_names) == SIZE_MAX)
			sniff_use(f, i, "", "epoch seconds: a time as well; one is enough");
}

/* Without names: of the first two columns that can be ids the one with fewer different values repeats more, but which is which only convention tells. */
static void find_by_values(sniff_file *f)
{
	size_t id[2], count = 0;
	for (size_t i = 0; i < f->columns && count < 2; i++)
		if (!f->column[i].use && f->column[i].distinct > 2)
			id[count++] = i;
	if (count < 2 || f->source.header)
		return;
	take(f, ROLE_USER, "user", id[0]);
	take(f, ROLE_ITEM, "item", id[1]);
	text_addf(&f->notes, "the file has no header: user and item are the first two columns that can be ids, as is the custom; exchange them if that is wrong\n");
}

static double missing_share(const sniff_column *c)
{
	return c->rows ? (double)(c->empty + c->missing) / (double)c->rows : 0;
}

/* A user column that is mostly empty gives way to the session; one with some gaps loses these rows. */
static void settle_user(sniff_file *f)
{
	size_t user = f->role[ROLE_USER], session = f->role[ROLE_SESSION];
	if (user != SIZE_MAX && session != SIZE_MAX && missing_share(&f->column[user]) > 0.5) {
		sniff_use(f, user, "", "by its name the user, but %.0f %% of its rows have no value; the session stands in for it", 100 * missing_share(&f->column[user]));
		text_addf(&f->notes, "%s would be the user, but has no value in %.0f %% of the rows: each session (%s) counts as a user\n", f->column[user].name, 100 * missing_share(&f->column[user]), f->column[session].name);
		user = SIZE_MAX;
	} else if (user == SIZE_MAX && session != SIZE_MAX) {
		text_addf(&f->notes, "no column names a user: each session (%s) counts as one\n", f->column[session].name);
	}
	f->session_is_user = user == SIZE_MAX && session != SIZE_MAX;
	if (f->session_is_user) {
		f->column[session].use = "user, session";
		user = session;
	}
	f->role[ROLE_USER] = user;
	f->filter_user_missing = user != SIZE_MAX && missing_share(&f->column[user]) > 0;
	if (f->filter_user_missing)
		text_addf(&f->notes, "%.1f %% of the rows have no user: a filter drops them\n", 100 * missing_share(&f->column[user]));
}

static void find_type(sniff_file *f)
{
	size_t found = named(f, type_names);
	for (size_t i = 0; i < f->columns; i++) /* coveo's event_type beside product_action: the one that says more */
		if (found != SIZE_MAX && i != found && !f->column[i].use && name_place(f->column[i].name, type_names) != SIZE_MAX && f->column[i].distinct > f->column[found].distinct && sniff_filled(&f->column[i]) == f->rows)
			found = i;
	if (found == SIZE_MAX || !sniff_filled(&f->column[found]) || f->column[found].distinct > SNIFF_VALUES)
		return;
	text values = { 0 };
	for (size_t i = 0; i < f->column[found].values; i++)
		text_addf(&values, "%s%s (%" PRIu64 ")", i ? ", " : "", f->column[found].value[i].text, f->column[found].value[i].count);
	f->role[ROLE_TYPE] = found;
	sniff_use(f, found, "type", "by its name; values: %s", values.data);
	text_free(&values);
}

static bool one_row_each(const sniff_file *f, size_t column)
{
	return column != SIZE_MAX && f->rows > 1 && f->column[column].distinct < SNIFF_DISTINCT && f->column[column].distinct >= (f->rows - f->bad) * 99 / 100;
}

/* A column of few values that is named as labels are, in a log without items and types; failing that, the last column when it has two values. */
static void find_label(sniff_file *f)
{
	size_t label = named(f, label_names), split;
	bool nothing_else = f->role[ROLE_USER] == SIZE_MAX && f->role[ROLE_ITEM] == SIZE_MAX && f->role[ROLE_TIME] == SIZE_MAX;
	if (f->role[ROLE_TYPE] != SIZE_MAX || (f->role[ROLE_ITEM] != SIZE_MAX && label != SIZE_MAX && name_place(f->column[label].name, label_names) > 1))
		return;
	if (label == SIZE_MAX && nothing_else && f->columns > 1 && f->column[f->columns - 1].distinct == 2)
		label = f->columns - 1;
	if (label == SIZE_MAX || f->column[label].distinct < 2 || f->column[label].distinct > SNIFF_VALUES)
		return;
	take(f, ROLE_LABEL, "label", label);
	split = named(f, split_names);
	if (split != SIZE_MAX && f->column[split].distinct <= 3)
		take(f, ROLE_SPLIT, "split", split);
}

static void decide_level(sniff_file *f)
{
	f->level = LEVEL_EVENT;
	if (f->role[ROLE_LABEL] != SIZE_MAX)
		f->level = LEVEL_SAMPLE;
	else if (f->role[ROLE_ITEM] == SIZE_MAX && f->role[ROLE_QUERY] == SIZE_MAX && f->role[ROLE_TYPE] == SIZE_MAX && one_row_each(f, f->role[ROLE_USER]))
		f->level = LEVEL_USER;
	else if (f->role[ROLE_USER] == SIZE_MAX && one_row_each(f, f->role[ROLE_ITEM]))
		f->level = LEVEL_ITEM;
	if (f->level == LEVEL_USER || f->level == LEVEL_ITEM) {
		if (f->role[ROLE_TIME] != SIZE_MAX)
			f->column[f->role[ROLE_TIME]].use = "";
		f->role[ROLE_TIME] = SIZE_MAX;
		f->filter_user_missing = false;
	}
}

static void find_returns(sniff_file *f)
{
	f->returns = SIZE_MAX;
	for (size_t i = 0; i < f->columns; i++)
		if (strcmp(f->column[i].name, "Quantity") == 0 || strcmp(f->column[i].name, "quantity") == 0)
			f->returns = f->column[i].negative ? i : SIZE_MAX;
	if (f->returns != SIZE_MAX)
		text_addf(&f->notes, "%" PRIu64 " rows have a negative %s: returned goods, which a filter drops\n", f->column[f->returns].negative, f->column[f->returns].name);
}

void sniff_roles(sniff_file *f)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		f->role[i] = SIZE_MAX;
	if (f->lists) {
		take(f, ROLE_USER, "user", 0);
		take(f, ROLE_ITEM, "item", 1);
		return;
	}
	find_time(f);
	take(f, ROLE_USER, "user", named(f, user_names));
	take(f, ROLE_SESSION, "session", named(f, session_names));
	take(f, ROLE_ITEM, "item", named(f, item_names));
	if (f->role[ROLE_USER] == SIZE_MAX && f->role[ROLE_ITEM] == SIZE_MAX)
		find_by_values(f);
	take(f, ROLE_QUERY, "query", named(f, query_names));
	take(f, ROLE_POSITION, "position", named(f, position_names));
	find_type(f);
	find_label(f);
	settle_user(f);
	decide_level(f);
	find_returns(f);
}
