/* schedule.c - how the step size rises and falls. */
#include "optimizer.h"

#include "seqrec/config.h"

#include <math.h>

double schedule_rate(int kind, double peak, double warmup, uint64_t step, uint64_t steps)
{
	double rise = warmup * (double)steps, at = (double)step + 1;
	if (at < rise)
		return peak * at / rise;
	double left = (double)steps > rise ? ((double)steps - (double)step) / ((double)steps - rise) : 1; /* 1 .. towards 0 */
	left = left > 1 ? 1 : left < 0 ? 0 : left;
	switch ((schedule_kind)kind) {
	case SCHEDULE_COSINE: return peak * 0.5 * (1 - cos(3.14159265358979323846 * left));
	case SCHEDULE_LINEAR: return peak * left;
	default: return peak;
	}
}
