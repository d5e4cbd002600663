/* Counts rows by what became of them. */
#include "loader/tally.h"

#include <stdlib.h>
#include <string.h>

#include "seqrec/memory.h"

static void count_add(store_count **list, size_t *count, const char *reason, uint64_t rows)
{
	size_t i = 0;
	while (i < *count && strcmp((*list)[i].reason, reason) != 0)
		i++;
	if (i == *count) {
		*list = xrealloc(*list, ++*count, sizeof **list);
		(*list)[i] = (store_count){ xstrdup(reason), 0 };
	}
	(*list)[i].rows += rows;
}

void tally_filtered(tally *t, const char *reason, uint64_t rows)
{
	if (rows)
		count_add(&t->filtered, &t->filtered_count, reason, rows);
}

void tally_bad(tally *t, const char *reason)
{
	count_add(&t->bad, &t->bad_count, reason, 1);
}

static uint64_t sum(const store_count *list, size_t count)
{
	uint64_t rows = 0;
	for (size_t i = 0; i < count; i++)
		rows += list[i].rows;
	return rows;
}

uint64_t tally_bad_rows(const tally *t)
{
	return sum(t->bad, t->bad_count);
}

bool tally_check(const tally *t, const char *what, sr_error *err)
{
	uint64_t filtered = sum(t->filtered, t->filtered_count), bad = tally_bad_rows(t);
	if (t->read == t->used + filtered + bad)
		return true;
	return error_set(err, SR_INTERNAL, "%s: %llu rows read are not %llu used + %llu filtered + %llu bad; please report this", what, (unsigned long long)t->read,
		(unsigned long long)t->used, (unsigned long long)filtered, (unsigned long long)bad);
}

static void counts_free(store_count *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free((char *)(uintptr_t)list[i].reason);
	free(list);
}

void tally_clear(tally *t)
{
	counts_free(t->filtered, t->filtered_count);
	counts_free(t->bad, t->bad_count);
	*t = (tally){ 0 };
}
