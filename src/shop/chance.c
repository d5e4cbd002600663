/* chance.c - the purchase probability: a logistic function of what the logs before the cut and the attributes show, and of nothing else.
 *
 *   interest    the mean of what the events say for or against a purchase; the k-th from the end weighs exp(-k / 6), and what lies before the
 *               last purchase weighs half: that wish is fulfilled
 *   search      the last search, by whether something was looked at after it, fading over days
 *   focus       how much of the recent looking goes to the category looked at last
 *   price       dear things are bought less, least by those who often use coupons
 *   rhythm      how long ago the last event is
 *   attributes  member level, age, and the season of each category
 */

#include "shop/chance.h"

#include <math.h>

static const double member_effect[3] = { -1.4, .3, 2.0 };
static const double age_effect[AGES] = { -1.0, -.2, .6, .8, .2, -.7 };
static const double coupon_effect[3] = { -.2, -.5, -.9 };

static double season_of(unsigned k, int64_t cut)
{
	double month = 1 + fmod((double)cut / 86400 / 30.436875, 12);
	return categories[k].season * cos(2 * 3.14159265358979323846 * (month - categories[k].peak) / 12);
}

static double dwell_score(const event *e)
{
	return (log((double)e->dwell) - 3.3) / .9;
}

static double price_score(const world *w, const event *e)
{
	return (log(w->item[e->item].cents / 100.) - 3.7) / 1.2;
}

/* What one event says. */
static double event_worth(const event *e, int64_t cut)
{
	if (e->kind == EVENT_PURCHASE)
		return -1.5;
	if (e->kind == EVENT_SEARCH)
		return e->brand < BRANDS ? .9 : .1;
	return categories[e->category].appeal + season_of(e->category, cut) + .5 * dwell_score(e) + (e->position ? .5 : -.2);
}

typedef struct {
	double weight, interest, price, looked, looked_same;
} recent;

static recent recent_of(const world *w, const history *h, size_t count, int64_t cut)
{
	recent r = { 0 };
	double fulfilled = 1;
	int last_category = -1;
	for (size_t k = 0; k < count; k++) {
		const event *e = &h->event[count - 1 - k];
		double weight = exp(-(double)k / 6) * fulfilled;
		r.weight += weight;
		r.interest += weight * event_worth(e, cut);
		if (e->kind == EVENT_PURCHASE)
			fulfilled = .5;
		if (e->kind != EVENT_BROWSE)
			continue;
		last_category = last_category < 0 ? e->category : last_category;
		r.price += weight * price_score(w, e);
		r.looked += weight;
		r.looked_same += e->category == last_category ? weight : 0;
	}
	return r;
}

/* + when the last search led to something, - when it was given up; nothing without a search. */
static double search_score(const history *h, size_t count, int64_t cut)
{
	for (size_t i = count; i-- > 0;) {
		const event *e = &h->event[i];
		if (e->kind != EVENT_SEARCH)
			continue;
		bool answered = i + 1 < count && h->event[i + 1].position > 0;
		return (answered ? 1 : -.8) * exp(-(double)(cut - e->second) / 86400 / 12);
	}
	return 0;
}

double chance_of_buying(const world *w, const customer *c, const history *h, int64_t cut)
{
	size_t count = h->count;
	while (count && h->event[count - 1].second >= cut)
		count--;
	double score = member_effect[c->member] + age_effect[c->age];
	if (count) {
		recent r = recent_of(w, h, count, cut);
		double days = (double)(cut - h->event[count - 1].second) / 86400;
		score += 2.2 * r.interest / r.weight + 1.2 * coupon_effect[c->coupons] * r.price / r.weight;
		score += .4 * search_score(h, count, cut) + 4.4 * exp(-days / 7);
		score += r.looked > 0 ? .6 * (r.looked_same / r.looked - .6) : 0;
	}
	return 1 / (1 + exp(3.5 - score));
}
