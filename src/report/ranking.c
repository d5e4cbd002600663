/* ranking.c - metrics of the rank of one relevant item among many: hit rate, NDCG, reciprocal rank, each cut at k. */

#include "seqrec/metrics.h"

#include "report/curve.h"

#include <math.h>

typedef double rank_gain(uint32_t rank);

static double gain_hit(uint32_t rank)
{
	(void)rank;
	return 1;
}

/* The ideal order has the one relevant item first, where the gain is 1. */
static double gain_ndcg(uint32_t rank)
{
	return 1 / log2(1 + (double)rank);
}

static double gain_reciprocal(uint32_t rank)
{
	return 1 / (double)rank;
}

static metric rank_mean(const uint32_t *rank, size_t rows, uint32_t k, rank_gain *gain)
{
	if (!rows)
		return metric_undefined("no users");
	double sum = 0;
	for (size_t i = 0; i < rows; i++)
		if (rank[i] <= k)
			sum += gain(rank[i]);
	return metric_is(sum / (double)rows);
}

metric metric_hit_rate(const uint32_t *rank, size_t rows, uint32_t k)
{
	return rank_mean(rank, rows, k, gain_hit);
}

metric metric_ndcg(const uint32_t *rank, size_t rows, uint32_t k)
{
	return rank_mean(rank, rows, k, gain_ndcg);
}

metric metric_mrr(const uint32_t *rank, size_t rows, uint32_t k)
{
	return rank_mean(rank, rows, k, gain_reciprocal);
}
