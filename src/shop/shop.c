/* shop.c - makes a shop: customer after customer, so that any size fits in memory. */

#include "seqrec/shop.h"

#include "shop/chance.h"
#include "shop/logs.h"
#include "shop/optimum.h"

#include "seqrec/file.h"
#include "seqrec/instant.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

#include <inttypes.h>
#include <stdlib.h>

enum { CUT_DAYS = 30, CUTS_MOST = 120 };
#define DAY INT64_C(86400)

typedef enum { PART_TRAIN, PART_VALIDATION, PART_TEST, PART_ALL, PARTS } part_kind;
static const char *const part_names[PARTS] = { "train", "validation", "test", "all" };

typedef struct {
	const shop_settings *settings;
	world *world;
	logs *logs;
	optimum *best[PARTS];
	history history;
} shop;

shop_settings shop_defaults(void)
{
	return (shop_settings){ .seed = 1, .users = 20000, .items = 600, .cuts = 4, .cut = instant_days(2026, 6, 1) * INSTANT_DAY, .history_days = 60,
		                .horizon_days = 14, .visits = 7, .validation_share = .1, .test_share = .15 };
}

static bool settings_check(const shop_settings *s, sr_error *err)
{
	if (!s->users || s->users > UINT64_C(1) << 40)
		return error_set(err, SR_CONFIG, "shop: %" PRIu64 " users cannot be made; give 1 to 2^40", s->users);
	if (s->items < CATEGORIES || s->items > 10000000)
		return error_set(err, SR_CONFIG, "shop: %" PRIu32 " items cannot be made; give %d to 10,000,000", s->items, CATEGORIES);
	if (!s->cuts || s->cuts > CUTS_MOST || !s->horizon_days || s->horizon_days > CUT_DAYS || !s->history_days || s->history_days > 3650)
		return error_set(err, SR_CONFIG, "shop: give 1 to %d cuts, a horizon of 1 to %d days and a history of 1 to 3,650 days", CUTS_MOST, CUT_DAYS);
	if (!(s->visits >= 0 && s->visits <= 1000) || !(s->validation_share >= 0 && s->test_share >= 0 && s->validation_share + s->test_share <= 1))
		return error_set(err, SR_CONFIG, "shop: visits must be 0 to 1,000, and the shares of validation and test between 0 and 1 together");
	return true;
}

static int64_t cut_second(const shop_settings *s, uint32_t i)
{
	return s->cut / INSTANT_SECOND - (int64_t)(s->cuts - 1 - i) * CUT_DAYS * DAY;
}

/* Within a horizon only the drawn label decides whether something is bought. */
static bool within_horizon(const void *context, int64_t second)
{
	const shop_settings *s = context;
	for (uint32_t i = 0; i < s->cuts; i++) {
		int64_t cut = cut_second(s, i);
		if (second >= cut && second <= cut + (int64_t)s->horizon_days * DAY)
			return true;
	}
	return false;
}

/* The purchase that makes a label true: of what was looked at last, or of anything. */
static event purchase_make(const shop *s, dice *d, int64_t cut)
{
	event e = { .second = cut + 1 + (int64_t)(dice_uniform(d) * (double)(s->settings->horizon_days * DAY - 60)), .kind = EVENT_PURCHASE };
	e.item = dice_below(d, s->settings->items);
	for (size_t i = s->history.count; i-- > 0;)
		if (s->history.event[i].kind == EVENT_BROWSE && s->history.event[i].second < cut) {
			e.item = s->history.event[i].item;
			break;
		}
	e.category = s->world->item[e.item].category;
	e.brand = s->world->item[e.item].brand;
	return e;
}

static part_kind part_of(const shop_settings *s, dice *d)
{
	double u = dice_uniform(d);
	return u < s->test_share ? PART_TEST : u < s->test_share + s->validation_share ? PART_VALIDATION : PART_TRAIN;
}

/* Cut after cut, so that a later one sees the purchases of the earlier. */
static void samples_make(shop *s, const customer *c, dice *d)
{
	part_kind part = part_of(s->settings, d);
	for (uint32_t i = 0; i < s->settings->cuts; i++) {
		int64_t cut = cut_second(s->settings, i);
		double chance = chance_of_buying(s->world, c, &s->history, cut);
		bool bought = dice_uniform(d) < chance;
		event purchase = purchase_make(s, d, cut);
		if (bought)
			history_add(&s->history, purchase);
		logs_sample(s->logs, c, cut, chance, bought, part_names[part]);
		optimum_add(s->best[part], chance, bought);
		optimum_add(s->best[PART_ALL], chance, bought);
	}
}

/* The shop stays open: some come back when the last horizon is over, so that the log does not end before it. */
static void afterwards(shop *s, dice *d)
{
	int64_t end = s->settings->cut / INSTANT_SECOND + (int64_t)s->settings->horizon_days * DAY;
	event e = { .second = end + 1 + dice_below(d, 3 * (uint32_t)DAY), .kind = EVENT_BROWSE, .item = dice_below(d, s->settings->items), .dwell = 1 + dice_below(d, 60) };
	if (dice_uniform(d) < .1)
		history_add(&s->history, e);
}

static void customer_write(shop *s, uint64_t id)
{
	customer c = customer_make(s->settings, id);
	dice d = { s->settings->seed, UINT64_C(1) << 62 | id, 0 };
	int64_t from = cut_second(s->settings, 0) - (int64_t)s->settings->history_days * DAY;
	visits_make(&s->history, s->world, &c, from, s->settings->cut / INSTANT_SECOND, within_horizon, s->settings);
	samples_make(s, &c, &d);
	afterwards(s, &d);
	logs_customer(s->logs, &c);
	for (size_t i = 0; i < s->history.count; i++)
		logs_event(s->logs, &c, &s->history.event[i]);
}

static void add_best(text *t, part_kind part, const optimum *o)
{
	char auc[NUMBER_TEXT], expected[NUMBER_TEXT];
	optimum_value v = optimum_of(o);
	number_print(v.auc, auc);
	number_print(v.expected, expected);
	text_addf(t, "%s\n  \"%s\":{\"samples\":%" PRIu64 ",\"buy\":%" PRIu64 ",\"best_roc_auc\":%s,\"expected_best_roc_auc\":%s,\"majority_roc_auc\":0.5}",
	          part ? "," : "", part_names[part], v.rows, v.positives, auc, expected);
}

static bool optimum_write(const shop *s, const char *folder, sr_error *err)
{
	text t = { 0 };
	char *path = path_join(folder, "optimum.json");
	text_addf(&t, "{\"seed\":%" PRIu64 ",\"users\":%" PRIu64 ",\"parts\":{", s->settings->seed, s->settings->users);
	for (part_kind part = 0; part < PARTS; part++)
		add_best(&t, part, s->best[part]);
	text_add(&t, "}}\n");
	bool done = file_write(path, t.data, t.length, err);
	text_free(&t);
	free(path);
	return done;
}

bool shop_write(const shop_settings *settings, const char *folder, sr_error *err)
{
	if (!settings_check(settings, err) || !folder_make(folder, err))
		return false;
	shop s = { .settings = settings, .world = world_new(settings) };
	for (part_kind part = 0; part < PARTS; part++)
		s.best[part] = optimum_new();
	s.logs = logs_open(folder, s.world, err);
	for (uint32_t i = 0; s.logs && i < settings->items; i++)
		logs_item(s.logs, i);
	for (uint64_t id = 1; s.logs && id <= settings->users; id++)
		customer_write(&s, id);
	bool done = logs_commit(s.logs, err) && optimum_write(&s, folder, err);
	for (part_kind part = 0; part < PARTS; part++)
		optimum_free(s.best[part]);
	history_free(&s.history);
	world_free(s.world);
	return done;
}
