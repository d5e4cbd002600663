/* optimum.c - counts probabilities in fine bins, from which the area under the ROC curve follows without keeping the samples. */

#include "shop/optimum.h"

#include "seqrec/memory.h"

#include <math.h>
#include <stdlib.h>

enum { BINS = 1 << 18 };

typedef struct {
	uint64_t rows, bought;
	double chance; /* sum of the probabilities */
} bin;

struct optimum {
	bin bin[BINS];
};

optimum *optimum_new(void)
{
	return xcalloc(1, sizeof(optimum));
}

void optimum_free(optimum *o)
{
	free(o);
}

void optimum_add(optimum *o, double probability, int bought)
{
	double at = probability * BINS;
	bin *b = &o->bin[at >= BINS ? BINS - 1 : at < 0 ? 0 : (size_t)at];
	b->rows++;
	b->bought += bought != 0;
	b->chance += probability;
}

/* Mann-Whitney: pairs won by the positive, half of those within a bin. */
typedef struct {
	double positives, negatives, won;
} pairs;

static void pairs_add(pairs *p, double positives, double negatives)
{
	p->won += positives * (p->negatives + negatives / 2);
	p->positives += positives;
	p->negatives += negatives;
}

static double pairs_area(const pairs *p)
{
	return p->positives > 0 && p->negatives > 0 ? p->won / (p->positives * p->negatives) : (double)NAN;
}

optimum_value optimum_of(const optimum *o)
{
	optimum_value v = { 0 };
	pairs drawn = { 0 }, expected = { 0 };
	for (size_t i = 0; i < BINS; i++) {
		const bin *b = &o->bin[i];
		v.rows += b->rows;
		v.positives += b->bought;
		pairs_add(&drawn, (double)b->bought, (double)(b->rows - b->bought));
		pairs_add(&expected, b->chance, (double)b->rows - b->chance);
	}
	v.auc = pairs_area(&drawn);
	v.expected = pairs_area(&expected);
	return v;
}
