/* threshold.c - the decision threshold by a rule: F1, accuracy, costs, a precision to be kept, or a share of the rows. */

#include "seqrec/calibration.h"

#include "report/curve.h"

#include <math.h>

/* The cheapest cut; of equally cheap ones the highest. Nothing predicted costs all positives missed. */
static metric by_cost(const curve *c, double positives, const threshold_rule *rule)
{
	double best = positives * rule->missed, seen[2] = { 0, 0 }, at = nextafter(c->score[0], INFINITY);
	for (size_t i = 0; i < c->rows; i++) {
		seen[c->positive[i]]++;
		double cost = seen[0] * rule->value + (positives - seen[1]) * rule->missed;
		if (c->last[i] && cost < best) {
			best = cost;
			at = c->score[i];
		}
	}
	return metric_is(at);
}

/* The lowest cut that keeps the precision: as many positives as possible. */
static metric by_precision(const curve *c, const threshold_rule *rule)
{
	metric found = metric_undefined("no threshold reaches that precision");
	double hits = 0;
	for (size_t i = 0; i < c->rows; i++) {
		hits += c->positive[i];
		if (c->last[i] && hits >= rule->value * (double)(i + 1))
			found = metric_is(c->score[i]);
	}
	return found;
}

static metric by_share(const curve *c, const threshold_rule *rule)
{
	size_t rows = (size_t)ceil(rule->value * (double)c->rows);
	return metric_is(c->score[(rows ? rows : 1) - 1]);
}

metric threshold_by(const binary *b, const threshold_rule *rule)
{
	if (rule->kind == THRESHOLD_NUMBER)
		return metric_is(rule->value);
	if (!b->rows)
		return metric_undefined(reason_no_rows);
	if (rule->kind == THRESHOLD_F1 || rule->kind == THRESHOLD_ACCURACY)
		return rule->kind == THRESHOLD_F1 ? threshold_best_f1(b) : threshold_best_accuracy(b);
	curve *c = curve_new(b);
	if (!c)
		return metric_undefined(reason_not_finite);
	double positives = 0;
	for (size_t i = 0; i < c->rows; i++)
		positives += c->positive[i];
	metric found = rule->kind == THRESHOLD_COST ? by_cost(c, positives, rule) : rule->kind == THRESHOLD_PRECISION ? by_precision(c, rule) : by_share(c, rule);
	curve_free(c);
	return found;
}
