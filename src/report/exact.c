/* exact.c - intervals of a share of independent rows: Clopper & Pearson 1934 through the beta distribution, Wilson 1927; and the normal distribution. */

#include "seqrec/metrics.h"

#include <float.h>
#include <math.h>

double normal_below(double z)
{
	return .5 * erfc(-z / sqrt(2));
}

/* Newton's method on the tail nearer to zero, where erfc keeps its digits. */
double normal_quantile(double share)
{
	if (share > .5)
		return -normal_quantile(1 - share);
	if (!(share > 0))
		return -INFINITY;
	double z = share < .02 ? -sqrt(-2 * log(share)) : 2.5 * (share - .5);
	for (int step = 0; step < 60; step++) {
		double density = exp(-z * z / 2) / sqrt(2 * acos(-1)), error = (normal_below(z) - share) / density;
		double next = z - error / (1 + error * z / 2); /* Halley */
		if (fabs(next - z) <= 1e-16 * fabs(z))
			break;
		z = next;
	}
	return z;
}

/* The continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method. */
static double beta_fraction(double a, double b, double x)
{
	double c = 1, d = 1 - (a + b) * x / (a + 1);
	d = 1 / (fabs(d) < DBL_MIN ? DBL_MIN : d);
	double value = d;
	for (int m = 1; m < 100000; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / (fabs(1 + even * d) < DBL_MIN ? DBL_MIN : 1 + even * d);
		c = fabs(1 + even / c) < DBL_MIN ? DBL_MIN : 1 + even / c;
		value *= d * c;
		d = 1 / (fabs(1 + odd * d) < DBL_MIN ? DBL_MIN : 1 + odd * d);
		c = fabs(1 + odd / c) < DBL_MIN ? DBL_MIN : 1 + odd / c;
		value *= d * c;
		if (fabs(d * c - 1) < 1e-16)
			break;
	}
	return value;
}

/* The share of the beta distribution (a, b) below x. */
static double beta_below(double a, double b, double x)
{
	if (x <= 0 || x >= 1)
		return x >= 1;
	double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
	return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

static double beta_quantile(double a, double b, double share)
{
	double low = 0, high = 1;
	for (int step = 0; step < 200 && low < high; step++) {
		double middle = low + (high - low) / 2;
		if (middle <= low || middle >= high)
			break;
		if (beta_below(a, b, middle) < share)
			low = middle;
		else
			high = middle;
	}
	return low + (high - low) / 2;
}

interval interval_exact(uint64_t hits, uint64_t rows, double level)
{
	if (!rows)
		return (interval){ .reason = "no rows" };
	double k = (double)hits, n = (double)rows, tail = (1 - level) / 2;
	return (interval){ .defined = true, .low = hits ? beta_quantile(k, n - k + 1, tail) : 0, .high = hits < rows ? beta_quantile(k + 1, n - k, 1 - tail) : 1 };
}

interval interval_wilson(uint64_t hits, uint64_t rows, double level)
{
	if (!rows)
		return (interval){ .reason = "no rows" };
	double n = (double)rows, share = (double)hits / n, z = normal_quantile(1 - (1 - level) / 2), zz = z * z / n;
	double middle = (share + zz / 2) / (1 + zz), reach = z / (1 + zz) * sqrt(share * (1 - share) / n + zz / (4 * n));
	return (interval){ .defined = true, .low = hits ? middle - reach : 0, .high = hits < rows ? middle + reach : 1 };
}
