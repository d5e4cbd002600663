#ifndef SHOP_WORLD_H
#define SHOP_WORLD_H
/* world.h - what the shop sells and who comes: categories, items, users, each a pure function of the seed. */

#include "seqrec/shop.h"

#include <stddef.h>

enum { CATEGORIES = 12, BRANDS = 24, WORDS = 3, AGES = 6, CITIES = 10 };

typedef struct {
	const char *name;
	const char *word[WORDS]; /* what people type to find it */
	double appeal;           /* how readily interest in it becomes a purchase */
	double price;            /* logarithm of the typical price */
	double season, peak;     /* strength of the season and the month in which it is highest, 1..12 */
	double young, female;    /* who likes it: taste rises with youth, with being a woman */
} category;
extern const category categories[CATEGORIES];
extern const char *const brands[BRANDS];

typedef struct {
	uint8_t category, brand;
	uint32_t cents;
} item;

typedef struct {
	const shop_settings *settings;
	item *item;                /* (items); its id is its place */
	uint32_t *of_category;     /* items ordered by category */
	uint32_t start[CATEGORIES + 1];
} world;

typedef enum { MEMBER_NONE, MEMBER_SILVER, MEMBER_GOLD } member_level;
typedef enum { COUPONS_RARELY, COUPONS_SOMETIMES, COUPONS_OFTEN } coupon_use;
typedef enum { GENDER_UNKNOWN, GENDER_FEMALE, GENDER_MALE } gender;

typedef struct {
	uint64_t id;
	unsigned age, city, member_since; /* member_since: a year, 0 = no member */
	gender gender;
	member_level member;
	coupon_use coupons;
	double taste[CATEGORIES]; /* cumulative probabilities */
	double activity;          /* visits, as a multiple of the mean */
} customer;

extern const char *const age_names[AGES], *const city_names[CITIES], *const member_names[3], *const coupon_names[3], *const gender_names[3];

world *world_new(const shop_settings *settings);
void world_free(world *w);
customer customer_make(const shop_settings *settings, uint64_t id);

/* Random draws in order: each is a pure function of (seed, who, how many were drawn before). */
typedef struct {
	uint64_t seed, who;
	uint32_t drawn;
} dice;
double dice_uniform(dice *d);
double dice_normal(dice *d);
uint32_t dice_below(dice *d, uint32_t bound);
unsigned dice_choose(dice *d, const double *cumulative, unsigned count);
#endif
