/* slices.c - metrics of groups of rows. */

#include "report/slices.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>

/* The rows of each group end to end: start[v] .. start[v + 1] of row. */
typedef struct {
	size_t *start;
	uint32_t *row;
} grouping;

static grouping grouping_new(const page_slicing *s, size_t rows)
{
	grouping g = { xcalloc(s->values + 2, sizeof *g.start), xcalloc(rows + 1, sizeof *g.row) };
	for (size_t i = 0; i < rows; i++)
		if (s->of[i] < s->values)
			g.start[s->of[i] + 2]++;
	for (size_t v = 2; v < s->values + 2; v++)
		g.start[v] += g.start[v - 1];
	for (size_t i = 0; i < rows; i++)
		if (s->of[i] < s->values)
			g.row[g.start[s->of[i] + 1]++] = (uint32_t)i;
	return g;
}

typedef void slice_make(slice *one, const void *rows, const uint32_t *row, const bootstrap *how);

static void slices_add(slices *s, const report_page *page, size_t rows, slice_make *make, const void *context, const bootstrap *how)
{
	for (size_t i = 0; page && i < page->slicings; i++) {
		const page_slicing *of = &page->slicing[i];
		grouping g = grouping_new(of, rows);
		for (size_t v = 0; v < of->values; v++) {
			size_t count = g.start[v + 1] - g.start[v];
			if (!count)
				continue;
			s->item = xrealloc(s->item, s->count + 1, sizeof *s->item);
			slice *one = &s->item[s->count++];
			*one = (slice){ .of = of, .value = v, .rows = count };
			make(one, context, g.row + g.start[v], how);
		}
		free(g.start);
		free(g.row);
	}
}

static uint32_t *pick(const uint32_t *from, const uint32_t *row, size_t count)
{
	uint32_t *picked = xcalloc(count + 1, sizeof *picked);
	for (size_t i = 0; i < count; i++)
		picked[i] = from[row[i]];
	return picked;
}

static void make_classes(slice *one, const void *context, const uint32_t *row, const bootstrap *how)
{
	const scored *s = context;
	size_t rows = one->rows, classes = s->classes;
	double *score = xcalloc(rows * classes + 1, sizeof *score);
	uint32_t *label = pick(s->label, row, rows), *group = s->group ? pick(s->group, row, rows) : NULL;
	bootstrap mine = *how;
	mine.group = group;
	for (size_t i = 0; i < rows; i++) {
		one->positives += label[i] == 1;
		for (size_t k = 0; k < classes; k++)
			score[i * classes + k] = s->score[row[i] * classes + k];
	}
	multiclass all = { score, label, NULL, rows, classes };
	binary two = { score + 1, 2, label, 1, NULL, rows };
	one->metric[0] = classes == 2 ? metric_roc_auc(&two) : metric_roc_auc_macro(&all);
	one->metric[1] = classes == 2 ? metric_average_precision(&two) : metric_average_precision_macro(&all);
	one->interval[0] = interval_of(&all, CURVE_ROC_AUC, &mine);
	one->interval[1] = interval_of(&all, CURVE_AVERAGE_PRECISION, &mine);
	one->small = rows < SLICE_SMALL || (classes == 2 && (one->positives < 10 || rows - one->positives < 10));
	free(score);
	free(label);
	free(group);
}

slices slices_of_classes(const report_page *page, const scored *s, const bootstrap *how)
{
	slices made = { .key = { "roc_auc", "average_precision" }, .title = { "ROC AUC", "avg precision" }, .positives = s->classes == 2 };
	slices_add(&made, page, s->rows, make_classes, s, how);
	return made;
}

typedef struct {
	const uint32_t *rank, *group;
} ranked_rows;

static void make_ranks(slice *one, const void *context, const uint32_t *row, const bootstrap *how)
{
	const ranked_rows *all = context;
	size_t rows = one->rows;
	uint32_t *rank = pick(all->rank, row, rows), *group = all->group ? pick(all->group, row, rows) : NULL;
	double *gain = xcalloc(rows + 1, sizeof *gain);
	bootstrap mine = *how;
	mine.group = group;
	one->metric[0] = metric_hit_rate(rank, rows, 10);
	one->metric[1] = metric_ndcg(rank, rows, 10);
	for (int m = 0; m < SLICE_METRICS; m++) {
		for (size_t i = 0; i < rows; i++)
			gain[i] = rank[i] > 10 ? 0 : m == 0 ? 1 : 1 / log2(1 + (double)rank[i]);
		one->interval[m] = interval_of_mean(gain, rows, &mine);
	}
	one->small = rows < SLICE_SMALL;
	free(rank);
	free(group);
	free(gain);
}

slices slices_of_ranks(const report_page *page, const uint32_t *rank, const uint32_t *group, size_t rows, const bootstrap *how)
{
	slices made = { .key = { "hr@10", "ndcg@10" }, .title = { "HR@10", "NDCG@10" } };
	slices_add(&made, page, rows, make_ranks, &(ranked_rows){ rank, group }, how);
	return made;
}

void slices_free(slices *s)
{
	free(s->item);
	*s = (slices){ 0 };
}
