/* split_summary.c - what the split did, for people and programs. */
#include "seqrec/samples.h"

#include "seqrec/instant.h"
#include "seqrec/number.h"

#include <inttypes.h>

typedef struct {
	size_t rows, positives, targets;
	int64_t first, last; /* cuts */
} part_count;

static const char *const part_names[] = { [PART_NONE] = "unused", [PART_TRAIN] = "train", [PART_VALIDATION] = "validation", [PART_TEST] = "test" };

/* With folds: of fold 0, as one example of all. */
static void count_parts(const samples *all, const config *c, const store *s, part_count parts[4])
{
	for (int p = 0; p < 4; p++)
		parts[p] = (part_count){ .first = INT64_MAX, .last = INT64_MIN };
	for (size_t i = 0; i < all->count; i++) {
		const sample *one = &all->item[i];
		part_count *part = &parts[sample_part_of(all, c, one, 0)];
		part->rows++;
		part->positives += all->classes == 2 && one->label == 1;
		part->targets += all->next_item ? sample_targets(all, one, s) : 0;
		part->first = one->cut < part->first ? one->cut : part->first;
		part->last = one->cut > part->last ? one->cut : part->last;
	}
}

/* The first of events first .. end of one user, which are in order of time, at or after an instant; `end` when there is none. */
static uint64_t first_since(const store *s, uint64_t first, uint64_t end, int64_t instant)
{
	while (first < end) {
		uint64_t middle = first + (end - first) / 2;
		if (s->time[middle] < instant)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

/* Events that training histories hold and that lie after the first test cut: 0 means that no model saw the future of the test. */
static uint64_t future_events(const samples *all, const config *c, const store *s, int64_t first_test)
{
	uint64_t count = 0, counted_to = 0; /* samples of one user follow each other: each event is counted once */
	for (size_t i = 0; i < all->count; i++) {
		const sample *one = &all->item[i];
		if (sample_part_of(all, c, one, 0) != PART_TRAIN)
			continue;
		uint64_t from = one->first > counted_to ? one->first : counted_to;
		if (from < one->end)
			count += one->end - first_since(s, from, one->end, first_test);
		counted_to = one->end > counted_to ? one->end : counted_to;
	}
	return count;
}

/* Training labels whose horizon reaches past the first test cut. */
static uint64_t future_labels(const samples *all, const config *c, int64_t first_test)
{
	int64_t horizon = 0;
	uint64_t count = 0;
	number_parse_duration(c->task.horizon, &horizon);
	bool ahead = c->task.kind == TASK_AS_OF || c->task.kind == TASK_BOTH;
	for (size_t i = 0; ahead && i < all->count; i++)
		count += sample_part_of(all, c, &all->item[i], 0) == PART_TRAIN && all->item[i].cut + horizon > first_test;
	return count;
}

static void print_range(const part_count *part, text *out)
{
	char first[INSTANT_TEXT], last[INSTANT_TEXT];
	if (part->last == INT64_MIN || part->last == INT64_MAX)
		return;
	instant_print(part->first, first);
	instant_print(part->last, last);
	text_addf(out, part->first == part->last ? ", cut %s" : ", cuts %s to %s", first, last);
}

char *samples_summary(const samples *all, const config *c, const store *s)
{
	text out = { 0 };
	char number[NUMBER_TEXT];
	part_count parts[4];
	count_parts(all, c, s, parts);
	number_print_grouped(all->count, number);
	text_addf(&out, "samples     %s", number);
	text_addf(&out, "; without history %" PRIu64 "; left out: %" PRIu64 " without label, %" PRIu64 " not eligible, %" PRIu64 " cuts whose horizon ends after the log\n", all->no_history, all->unlabelled, all->ineligible,
	          all->censored);
	if (all->folds)
		text_addf(&out, "folds       %u, by crc32(user id); fold 0 has:\n", all->folds);
	for (int p = PART_TRAIN; p <= PART_TEST; p++) {
		number_print_grouped(parts[p].rows, number);
		text_addf(&out, "%-11s %s rows", part_names[p], number);
		if (all->classes == 2)
			text_addf(&out, ", %zu %s (%.2f %%)", parts[p].positives, all->class_name[1], parts[p].rows ? 100.0 * (double)parts[p].positives / (double)parts[p].rows : 0.0);
		if (all->next_item) {
			number_print_grouped(parts[p].targets, number);
			text_addf(&out, ", %s targets", number);
		}
		print_range(&parts[p], &out);
		text_add(&out, "\n");
	}
	if (s->events && parts[PART_TEST].first != INT64_MAX)
		text_addf(&out, "future      %" PRIu64 " training events and %" PRIu64 " training labels lie after the first test cut\n",
		          future_events(all, c, s, parts[PART_TEST].first), future_labels(all, c, parts[PART_TEST].first));
	return out.data;
}

char *samples_summary_json(const samples *all, const config *c, const store *s)
{
	text out = { 0 };
	part_count parts[4];
	count_parts(all, c, s, parts);
	text_addf(&out, "{\"samples\":%zu,\"no_history\":%" PRIu64 ",\"unlabelled\":%" PRIu64 ",\"ineligible\":%" PRIu64 ",\"censored_cuts\":%" PRIu64 ",\"folds\":%u", all->count, all->no_history, all->unlabelled, all->ineligible, all->censored,
	          all->folds);
	for (int p = PART_TRAIN; p <= PART_TEST; p++) {
		text_addf(&out, ",\"%s\":{\"rows\":%zu", part_names[p], parts[p].rows);
		if (all->classes || !all->next_item)
			text_addf(&out, ",\"positives\":%zu", parts[p].positives);
		if (all->next_item)
			text_addf(&out, ",\"targets\":%zu", parts[p].targets);
		text_add(&out, "}");
	}
	if (s->events && parts[PART_TEST].first != INT64_MAX)
		text_addf(&out, ",\"training_events_after_first_test\":%" PRIu64 ",\"training_labels_after_first_test\":%" PRIu64, future_events(all, c, s, parts[PART_TEST].first),
		          future_labels(all, c, parts[PART_TEST].first));
	text_add(&out, "}");
	return out.data;
}
