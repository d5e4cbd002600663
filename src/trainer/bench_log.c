/* bench_log.c - a log of made-up users: lengths and items are drawn from the quantiles of a real set. */
#include "bench_state.h"
#include "negatives.h"

#include "seqrec/file.h"
#include "seqrec/memory.h"
#include "seqrec/pack.h"
#include "seqrec/random.h"

#include <stdlib.h>

enum { SEED = 7, LONGEST = 1 << 16 };

/* The value at `share` of the way through the quantiles. */
static uint32_t quantile(const uint32_t *value, double share)
{
	double at = share * (BENCH_QUANTILES - 1);
	size_t below = (size_t)at < BENCH_QUANTILES - 2 ? (size_t)at : BENCH_QUANTILES - 2;
	return (uint32_t)(value[below] + (at - (double)below) * ((double)value[below + 1] - (double)value[below]) + 0.5);
}

bool bench_log_write(const bench_set *set, double scale, const char *path, sr_error *err)
{
	durable *out = durable_open(path, err);
	if (!out)
		return false;
	uint32_t users = (uint32_t)((double)set->users * scale), rows = set->items + PACK_FIRST_ITEM, *item = xcalloc(LONGEST, sizeof *item);
	uint32_t *count = xcalloc(rows, sizeof *count);
	float *shift = xcalloc(LONGEST, sizeof *shift);
	users = users < 20 ? 20 : users;
	for (uint32_t i = PACK_FIRST_ITEM; i < rows; i++)
		count[i] = quantile(set->count, (double)(i - PACK_FIRST_ITEM) / set->items);
	item_draws *draws = item_draws_new(count, rows, 1);
	durable_print(out, "user,item\n");
	for (uint32_t u = 0; u < users; u++) {
		/* no user is long by chance: the lengths are the quantiles themselves, in mixed order */
		uint32_t length = quantile(set->length, (double)(u * UINT64_C(7919) % users) / users);
		negatives_draw(draws, SEED, u, 0, length, item, shift);
		for (uint32_t i = u; i < set->items; i += users) /* so that the catalogue is whole */
			durable_print(out, "u%u,i%u\n", u, i + PACK_FIRST_ITEM);
		for (uint32_t k = 0; k < length; k++)
			durable_print(out, "u%u,i%u\n", u, item[k]);
	}
	item_draws_free(draws);
	free(count);
	free(item);
	free(shift);
	return durable_commit(out, err);
}

void bench_mix(uint32_t *order, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = random_below(1, RANDOM_SHUFFLE, 0, (uint32_t)i, (uint32_t)i);
		uint32_t kept = order[i - 1];
		order[i - 1] = order[other];
		order[other] = kept;
	}
}
