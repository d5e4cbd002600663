/* What kind of events a log holds, and what can be learned from all logs together. */
#include "loader/sniff.h"

#include <string.h>

#include "seqrec/instant.h"
#include "seqrec/store.h"

static const struct {
	const char *word, *type;
} known_types[] = {
	{ "purchase", "purchase" }, { "order", "purchase" }, { "buy", "purchase" }, { "transaction", "purchase" }, { "sale", "purchase" }, { "invoice", "purchase" }, { "retail", "purchase" },
	{ "search", "search" }, { "quer", "search" }, { "cart", "cart" }, { "fav", "favourite" }, { "click", "click" }, { "view", "view" }, { "browse", "browse" },
};
enum { KNOWN_TYPES = sizeof known_types / sizeof *known_types };

static bool holds(const char *text_in, const char *word)
{
	size_t length = strlen(word);
	for (; *text_in; text_in++) {
		size_t same = 0;
		while (same < length && (text_in[same] | 32) == word[same])
			same++;
		if (same == length)
			return true;
	}
	return false;
}

static bool has_column(const sniff_file *f, const char *word)
{
	for (size_t i = 0; i < f->columns; i++)
		if (holds(f->column[i].name, word))
			return true;
	return false;
}

static void one_type(sniff_file *f)
{
	const char *name = strrchr(f->path, '/') ? strrchr(f->path, '/') + 1 : f->path;
	if (f->role[ROLE_QUERY] != SIZE_MAX && f->role[ROLE_ITEM] == SIZE_MAX) {
		f->type = "search";
		f->type_why = "rows have a query and no item";
		return;
	}
	if (has_column(f, "invoice") || has_column(f, "order") || (has_column(f, "price") && has_column(f, "quantity"))) {
		f->type = "purchase";
		f->type_why = "there are columns that only purchases have (invoice, order, price and quantity)";
		return;
	}
	for (size_t i = 0; i < KNOWN_TYPES; i++)
		if (holds(name, known_types[i].word)) {
			f->type = known_types[i].type;
			f->type_why = "the file's name says so";
			return;
		}
	f->type = "event";
	f->type_why = "no type column, and nothing says what the events are";
	text_add(&f->notes, "could not tell what kind of events these are: all are called \"event\"\n");
}

/* The value of the type column that means a purchase, or NULL. */
static const char *purchase_value(const sniff_file *f)
{
	static const char *const words[] = { "purchase", "buy", "order", "transaction", "sale", "checkout" };
	const sniff_column *c = &f->column[f->role[ROLE_TYPE]];
	for (size_t w = 0; w < sizeof words / sizeof *words; w++)
		for (size_t i = 0; i < c->values; i++)
			if (holds(c->value[i].text, words[w]))
				return c->value[i].text;
	return NULL;
}

static const char *file_purchases(sniff_file *f)
{
	if (f->role[ROLE_TYPE] == SIZE_MAX) {
		one_type(f);
		return strcmp(f->type, "purchase") == 0 ? f->type : NULL;
	}
	const char *value = purchase_value(f);
	const sniff_column *c = &f->column[f->role[ROLE_TYPE]];
	f->unnamed_types = !value && f->whole && c->values && c->distinct == c->values;
	if (!value)
		text_addf(&f->notes,
		          "could not tell which value of %s is a purchase: say so in \"types\" (\"VALUE\": \"purchase\"), then \"task\": { \"kind\": \"as_of\", \"events\": \"purchase\", \"horizon\": \"7d\" } asks who will buy\n", c->name);
	return value;
}

/* The longest usual horizon of which the log holds eight. */
static const char *choose_horizon(int64_t span)
{
	static const struct {
		int64_t hours;
		const char *word;
	} usual[] = { { 720, "30d" }, { 336, "14d" }, { 168, "7d" }, { 72, "3d" }, { 24, "1d" }, { 12, "12h" }, { 6, "6h" }, { 3, "3h" } };
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (usual[i].hours * 3600 * INSTANT_SECOND <= span / 8)
			return usual[i].word;
	return NULL;
}

static void events_task(sniff *s, const char *purchase, size_t kinds, int64_t span)
{
	const char *horizon = choose_horizon(span);
	s->task = TASK_NEXT_ITEM;
	if (purchase && kinds > 1 && horizon) {
		s->task = TASK_AS_OF;
		s->target = purchase;
		s->horizon = horizon;
		text_addf(&s->why, "%s is among the event types: who will do it within %s (the log holds more than eight times that)?", purchase, horizon);
	} else {
		text_addf(&s->why, "%s: which item comes next?", !purchase ? "no event type is known to be a purchase" : kinds > 1 ? "the log is too short to ask for purchases within a time" : "all events are of one type");
	}
}

static bool is_usable(const sniff_file *f, sr_error *err)
{
	text list = { 0 };
	bool fine = f->level != LEVEL_EVENT || (f->role[ROLE_USER] != SIZE_MAX && (f->role[ROLE_ITEM] != SIZE_MAX || f->role[ROLE_QUERY] != SIZE_MAX || f->role[ROLE_TYPE] != SIZE_MAX));
	for (size_t i = 0; i < f->columns; i++)
		text_addf(&list, "%s%s", i ? ", " : "", f->column[i].name);
	if (!fine)
		error_set(err, SR_DATA, "%s: could not tell %s; nothing was written. The columns are: %s. Rename one (user_id, item_id, timestamp, label), or write the config by hand: see seqrec help data.events", f->file,
			f->role[ROLE_USER] == SIZE_MAX ? "which column is the user, the session or a label" : "which column is the item, the query or the event type", list.data ? list.data : "(none)");
	text_free(&list);
	return fine;
}

bool sniff_task(sniff *s, sr_error *err)
{
	const char *purchase = NULL;
	size_t kinds = 0, events = 0, samples = 0;
	int64_t first = INT64_MAX, last = INT64_MIN;
	for (size_t i = 0; i < s->files; i++) {
		sniff_file *f = &s->file[i];
		if (!is_usable(f, err))
			return false;
		samples += f->level == LEVEL_SAMPLE;
		if (f->level != LEVEL_EVENT)
			continue;
		const char *value = file_purchases(f);
		purchase = value ? value : purchase;
		events++;
		kinds += f->role[ROLE_TYPE] != SIZE_MAX ? f->column[f->role[ROLE_TYPE]].distinct : 1;
		first = f->first < first ? f->first : first;
		last = f->last > last ? f->last : last;
	}
	if (samples) {
		s->task = TASK_COLUMN;
		text_add(&s->why, "a column of labels says what to predict");
	} else if (events) {
		events_task(s, purchase, kinds, first < last ? last - first : 0);
	} else {
		return error_set(err, SR_DATA, "these files describe users or items, but none is a log of events or holds a label; nothing was written. Give a log as well");
	}
	return true;
}
