/* compare_metrics.c - the metrics of two runs on the same rows: the paired bootstrap's interval of their difference, and a permutation test that lets users change sides. */

#include "report/compare.h"

#include "report/bootstrap.h"

#include "seqrec/memory.h"
#include "seqrec/random.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PERMUTED_MOST 3e7 /* rows times permutations of a curve; more are left to the normal distribution */

typedef struct {
	const compared_run *a, *b;
	const uint32_t *unit_of; /* (rows) */
	uint32_t *label;         /* (rows) classes */
	size_t units;
	const comparison_how *how;
} pairing;

static bootstrap bootstrap_of(const pairing *p)
{
	return (bootstrap){ p->unit_of, p->how->resamples, .95, p->how->seed, INTERVAL_PERCENTILE, 1e8, p->how->pool };
}

/* Whether unit u changes sides in permutation r: one bit of a block's 128 a call would be cheaper, but this is not where the time goes. */
static bool changes(const pairing *p, size_t r, uint32_t unit)
{
	return random_bits(p->how->seed, RANDOM_PERMUTATION, r, unit) >> 63;
}

/* The share of permutations that differ at least as much, the one that was seen among them. */
static double share_beyond(const double *value, size_t count, double seen)
{
	size_t beyond = 1;
	for (size_t r = 0; r < count; r++)
		beyond += fabs(value[r]) >= fabs(seen) - 1e-12;
	return (double)beyond / (double)(count + 1);
}

typedef struct {
	const pairing *p;
	const double *sum;      /* means: (units) differences */
	double *place_a, *place_b; /* curves: (rows) places of the scores in their run, from 0 to 1 */
	curve_metric what;
	double *value;          /* (resamples) */
} permuting;

static void permute_mean(void *context, size_t r, unsigned thread)
{
	permuting *m = context;
	double sum = 0;
	(void)thread;
	for (size_t u = 0; u < m->p->units; u++)
		sum += changes(m->p, r, (uint32_t)u) ? -m->sum[u] : m->sum[u];
	m->value[r] = sum / (double)m->p->a->rows;
}

static double curve_value(const pairing *p, const double *score, curve_metric what)
{
	binary b = { score, 1, p->label, 1, NULL, p->a->rows };
	return (what == CURVE_ROC_AUC ? metric_roc_auc : metric_average_precision)(&b).value;
}

static void permute_curve(void *context, size_t r, unsigned thread)
{
	permuting *m = context;
	size_t rows = m->p->a->rows;
	double *a = xcalloc(rows, sizeof *a), *b = xcalloc(rows, sizeof *b);
	(void)thread;
	for (size_t i = 0; i < rows; i++) {
		bool changed = changes(m->p, r, m->p->unit_of[i]);
		a[i] = changed ? m->place_b[i] : m->place_a[i];
		b[i] = changed ? m->place_a[i] : m->place_b[i];
	}
	m->value[r] = curve_value(m->p, b, m->what) - curve_value(m->p, a, m->what);
	free(a);
	free(b);
}

static double permuted(permuting *m, thread_work *work, double seen)
{
	const comparison_how *how = m->p->how;
	m->value = xcalloc(how->resamples + 1, sizeof *m->value);
	if (how->pool)
		thread_pool_run(how->pool, how->resamples, work, m);
	else
		for (size_t r = 0; r < how->resamples; r++)
			work(m, r, 0);
	double p = share_beyond(m->value, how->resamples, seen);
	free(m->value);
	return p;
}

/* ---- means of a value a row ---- */

typedef double row_value(const compared_run *r, size_t i);

static const double *probabilities(const compared_run *r, size_t i)
{
	return r->score + i * r->classes;
}

static double row_log_loss(const compared_run *r, size_t i)
{
	double p = probabilities(r, i)[r->label[i]];
	return -log(p < DBL_EPSILON ? DBL_EPSILON : p > 1 - DBL_EPSILON ? 1 - DBL_EPSILON : p);
}

static double row_brier(const compared_run *r, size_t i)
{
	double sum = 0;
	for (size_t k = 0; k < r->classes; k++) {
		double off = probabilities(r, i)[k] - (r->label[i] == k);
		sum += off * off;
	}
	return r->classes == 2 ? sum / 2 : sum; /* of two classes: of class 1, as in the report */
}

static double row_right(const compared_run *r, size_t i)
{
	const double *p = probabilities(r, i);
	size_t best = 0;
	for (size_t k = 1; k < r->classes; k++)
		best = p[k] > p[best] ? k : best;
	return (r->classes == 2 ? p[1] >= r->threshold : best) == r->label[i];
}

static double row_hit_1(const compared_run *r, size_t i) { return r->rank[i] <= 1; }
static double row_hit_10(const compared_run *r, size_t i) { return r->rank[i] <= 10; }
static double row_hit_20(const compared_run *r, size_t i) { return r->rank[i] <= 20; }
static double row_ndcg_10(const compared_run *r, size_t i) { return r->rank[i] <= 10 ? 1 / log2(1 + (double)r->rank[i]) : 0; }
static double row_mrr_10(const compared_run *r, size_t i) { return r->rank[i] <= 10 ? 1 / (double)r->rank[i] : 0; }

static void compare_means(const pairing *p, comparison_row *row, row_value *of)
{
	size_t rows = p->a->rows;
	double *difference = xcalloc(rows + 1, sizeof *difference), *sum = xcalloc(p->units + 1, sizeof *sum), mean_a = 0, mean_b = 0;
	bootstrap how = bootstrap_of(p);
	for (size_t i = 0; i < rows; i++) {
		double a = of(p->a, i), b = of(p->b, i);
		mean_a += a;
		mean_b += b;
		difference[i] = b - a;
		sum[p->unit_of[i]] += b - a;
	}
	row->a = rows ? metric_is(mean_a / (double)rows) : metric_undefined(reason_no_rows);
	row->b = rows ? metric_is(mean_b / (double)rows) : metric_undefined(reason_no_rows);
	row->difference = row->b.value - row->a.value;
	row->between = interval_of_mean(difference, rows, &how);
	permuting m = { .p = p, .sum = sum };
	row->p = permuted(&m, permute_mean, row->difference);
	free(difference);
	free(sum);
}

/* ---- curves ---- */

/* Scores of two runs may lie on different scales: what users exchange is the place of a score in its run, equal scores at the same. */
static double *places_new(const compared_run *r, const uint32_t *label)
{
	double *place = xcalloc(r->rows + 1, sizeof *place);
	curve *c = curve_new(&(binary){ r->score + 1, r->classes, label, 1, NULL, r->rows });
	for (size_t first = 0, end; c && first < r->rows; first = end) {
		for (end = first + 1; !c->last[end - 1];)
			end++;
		for (size_t i = first; i < end; i++)
			place[c->unit[i]] = 1 - (double)(first + end) / 2 / (double)r->rows;
	}
	curve_free(c);
	return place;
}

static metric curve_metric_of(const multiclass *m, curve_metric what)
{
	binary b = { m->probability + 1, m->classes, m->label, 1, NULL, m->rows };
	if (m->classes == 2)
		return (what == CURVE_ROC_AUC ? metric_roc_auc : metric_average_precision)(&b);
	return (what == CURVE_ROC_AUC ? metric_roc_auc_macro : metric_average_precision_macro)(m);
}

static void compare_curves(const pairing *p, comparison_row *row, curve_metric what)
{
	multiclass a = { p->a->score, p->label, NULL, p->a->rows, p->a->classes }, b = { p->b->score, p->label, NULL, p->b->rows, p->b->classes };
	bootstrap how = bootstrap_of(p);
	row->a = curve_metric_of(&a, what);
	row->b = curve_metric_of(&b, what);
	row->p = 1;
	if (!row->a.defined || !row->b.defined)
		return;
	row->difference = row->b.value - row->a.value;
	row->between = interval_of_difference(&b, &a, what, &how);
	if (a.classes > 2 || (double)a.rows * (double)how.resamples > PERMUTED_MOST) { /* by the derivatives' standard error */
		how.most = 1;
		how.resamples = how.resamples ? how.resamples : 1;
		interval normal = interval_of_difference(&b, &a, what, &how);
		double error = (normal.high - normal.low) / (2 * normal_quantile(.975));
		row->normal = true;
		row->p = error > 0 ? 2 * normal_below(-fabs(row->difference) / error) : row->difference == 0;
		return;
	}
	permuting m = { .p = p, .what = what, .place_a = places_new(p->a, p->label), .place_b = places_new(p->b, p->label) };
	row->p = permuted(&m, permute_curve, row->difference);
	free(m.place_a);
	free(m.place_b);
}

/* ---- all ---- */

static void add_means(const pairing *p, comparison_pair *pair, const char *key, const char *title, bool lower, row_value *of)
{
	comparison_row *row = &pair->row[pair->rows++];
	*row = (comparison_row){ .key = key, .title = title, .lower_is_better = lower };
	compare_means(p, row, of);
}

static void add_curves(const pairing *p, comparison_pair *pair, const char *key, const char *title, curve_metric what)
{
	comparison_row *row = &pair->row[pair->rows++];
	*row = (comparison_row){ .key = key, .title = title };
	compare_curves(p, row, what);
}

static const struct {
	const char *key, *second, *title; /* second: of a second head */
	row_value *of;
} ranked[] = {
	{ "hr@1", "next_item.hr@1", "HR@1", row_hit_1 },
	{ "hr@10", "next_item.hr@10", "HR@10", row_hit_10 },
	{ "hr@20", "next_item.hr@20", "HR@20", row_hit_20 },
	{ "ndcg@10", "next_item.ndcg@10", "NDCG@10", row_ndcg_10 },
	{ "mrr@10", "next_item.mrr@10", "MRR@10", row_mrr_10 },
};

void compare_metrics(comparison_pair *pair, const compared_run *a, const compared_run *b, bool second, const uint32_t *unit_of, size_t units, const comparison_how *how)
{
	pairing p = { a, b, unit_of, xcalloc(a->rows + 1, sizeof *p.label), units, how };
	for (size_t i = 0; a->rank && i < sizeof ranked / sizeof *ranked; i++)
		add_means(&p, pair, second ? ranked[i].second : ranked[i].key, ranked[i].title, false, ranked[i].of);
	for (size_t i = 0; a->score && i < a->rows; i++)
		p.label[i] = (uint32_t)a->label[i];
	if (a->score) {
		add_curves(&p, pair, "roc_auc", "ROC AUC", CURVE_ROC_AUC);
		add_curves(&p, pair, "average_precision", "average precision", CURVE_AVERAGE_PRECISION);
		add_means(&p, pair, "log_loss", "log loss", true, row_log_loss);
		add_means(&p, pair, "brier", "Brier score", true, row_brier);
		add_means(&p, pair, "accuracy", "accuracy", false, row_right);
	}
	free(p.label);
}
