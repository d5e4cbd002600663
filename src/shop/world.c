/* world.c - the shop's categories, items and customers. Invented names; prices are spread around each category's typical one. */

#include "shop/world.h"

#include "seqrec/memory.h"
#include "seqrec/random.h"

#include <math.h>
#include <stdlib.h>

const category categories[CATEGORIES] = {
	{ "coffee", { "coffee beans", "espresso", "coffee" }, .9, 2.6, .1, 12, -.1, 0 },
	{ "tea", { "green tea", "tea", "herbal tea" }, .7, 2.2, .1, 1, -.3, .4 },
	{ "snacks", { "chocolate", "nuts", "crisps" }, 1.1, 1.8, .1, 12, .4, 0 },
	{ "skin care", { "sun cream", "face cream", "lotion" }, .4, 3.0, .3, 7, .1, 1.0 },
	{ "kitchen", { "frying pan", "kitchen knife", "baking tin" }, -.2, 3.6, .1, 11, -.2, .3 },
	{ "garden", { "plant pots", "garden hose", "lawn seed" }, .1, 3.5, .5, 5, -.7, 0 },
	{ "shoes", { "running shoes", "sandals", "boots" }, -.3, 4.2, .1, 4, .4, .3 },
	{ "jackets", { "rain jacket", "down jacket", "parka" }, -.6, 4.6, .5, 11, .2, 0 },
	{ "headphones", { "wireless headphones", "earbuds", "headset" }, -.8, 4.5, .1, 12, .7, -.5 },
	{ "cameras", { "camera", "tripod", "zoom lens" }, -1.3, 5.6, .1, 6, 0, -.5 },
	{ "toys", { "building blocks", "board game", "puzzle" }, .3, 3.2, .5, 12, .1, .3 },
	{ "bicycles", { "bike light", "bike helmet", "city bike" }, -1.0, 5.2, .5, 5, .3, -.3 },
};

const char *const brands[BRANDS] = { "Aldana", "Borealis", "Cinder", "Dovetail", "Esker", "Fennimore", "Grovely", "Hartwell", "Isola", "Juniper", "Kestrel", "Lindqvist",
	                             "Marlow", "Northby", "Ostra", "Pemberton", "Quill", "Rowan", "Sable", "Tarn", "Umber", "Velora", "Wexley", "Yarrow" };

const char *const age_names[AGES] = { "18-24", "25-34", "35-44", "45-54", "55-64", "65+" };
const char *const city_names[CITIES] = { "Ashford", "Bristow", "Calder", "Dunmore", "Eastgate", "Fairhaven", "Glenby", "Holm", "Inverly", "Jarrow" };
const char *const member_names[3] = { "none", "silver", "gold" };
const char *const coupon_names[3] = { "rarely", "sometimes", "often" };
const char *const gender_names[3] = { "", "f", "m" };

double dice_uniform(dice *d)
{
	return random_uniform(d->seed, RANDOM_SHOP, d->who, d->drawn++);
}

double dice_normal(dice *d)
{
	return random_normal(d->seed, RANDOM_SHOP, d->who, d->drawn++);
}

uint32_t dice_below(dice *d, uint32_t bound)
{
	return random_below(d->seed, RANDOM_SHOP, d->who, d->drawn++, bound);
}

unsigned dice_choose(dice *d, const double *cumulative, unsigned count)
{
	double u = dice_uniform(d) * cumulative[count - 1];
	unsigned i = 0;
	while (i + 1 < count && u >= cumulative[i])
		i++;
	return i;
}

/* Items draw from the upper half of who, users from the lower. */
static item item_make(const shop_settings *settings, uint32_t id)
{
	dice d = { settings->seed, UINT64_C(1) << 63 | id, 0 };
	item i = { .category = (uint8_t)(id % CATEGORIES), .brand = (uint8_t)dice_below(&d, BRANDS) };
	double price = exp(categories[i.category].price + .5 * dice_normal(&d));
	i.cents = (uint32_t)(price * 100) / 10 * 10 + 9; /* prices end in 9 */
	return i;
}

world *world_new(const shop_settings *settings)
{
	world *w = xcalloc(1, sizeof *w);
	w->settings = settings;
	w->item = xcalloc(settings->items, sizeof *w->item);
	w->of_category = xcalloc(settings->items, sizeof *w->of_category);
	uint32_t next = 0;
	for (uint32_t i = 0; i < settings->items; i++)
		w->item[i] = item_make(settings, i);
	for (uint32_t c = 0; c < CATEGORIES; c++) {
		w->start[c] = next;
		for (uint32_t i = 0; i < settings->items; i++)
			if (w->item[i].category == c)
				w->of_category[next++] = i;
	}
	w->start[CATEGORIES] = next;
	return w;
}

void world_free(world *w)
{
	if (!w)
		return;
	free(w->item);
	free(w->of_category);
	free(w);
}

/* Taste is latent: it is seen only through what the customer looks at. */
static void taste_make(customer *c, dice *d)
{
	double sum = 0, youth = 1 - 2. * c->age / (AGES - 1), woman = c->gender == GENDER_FEMALE ? 1 : c->gender == GENDER_MALE ? -1 : 0;
	for (unsigned k = 0; k < CATEGORIES; k++) {
		sum += exp(categories[k].young * youth + .6 * categories[k].female * woman + dice_normal(d));
		c->taste[k] = sum;
	}
}

customer customer_make(const shop_settings *settings, uint64_t id)
{
	static const double age[AGES] = { .13, .35, .58, .76, .89, 1 }, member[3] = { .55, .83, 1 }, coupons[3] = { .35, .7, 1 }, sex[3] = { .06, .55, 1 };
	dice d = { settings->seed, 2 * id, 0 };
	customer c = { .id = id };
	c.age = dice_choose(&d, age, AGES);
	c.gender = (gender)dice_choose(&d, sex, 3);
	c.city = dice_below(&d, CITIES);
	c.member = (member_level)dice_choose(&d, member, 3);
	unsigned since = 2016 + dice_below(&d, 10);
	c.member_since = c.member == MEMBER_NONE ? 0 : since;
	c.coupons = (coupon_use)dice_choose(&d, coupons, 3);
	c.activity = exp(.6 * dice_normal(&d) - .18);
	taste_make(&c, &d);
	return c;
}
