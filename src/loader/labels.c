/* Rows of data.samples -> sample records, kept in their order. */

#include "loader/builder.h"
#include "seqrec/number.h"

static row_verdict bad(const char **reason, const char *why)
{
	*reason = why;
	return ROW_BAD;
}

static bool weight_parse(const scan_state *x, cell value, uint32_t *word)
{
	double weight = 1;
	if (!cell_missing(x->source, value) && (!number_parse(value.bytes, value.length, &weight) || !(weight >= 0 && weight <= 1e30)))
		return false;
	*word = float_word((float)weight);
	return true;
}

static row_verdict sample_time(scan_state *x, const record *row, int64_t *time, const char **reason, size_t *column)
{
	*time = INT64_MIN;
	if (!x->columns.role[ROLE_TIME].there && x->times.unit != TIMES_ORDER)
		return ROW_USED;
	return scan_time(x, row, time, reason, column);
}

static row_verdict sample_take(builder *b, scan_state *x, const record *row, const char **reason, size_t *column, sr_error *err)
{
	uint32_t *sample = b->record;
	const binding *from = x->columns.role;
	int64_t time;
	cell label = columns_get(&from[ROLE_LABEL], row), split = columns_get(&from[ROLE_SPLIT], row);
	row_verdict verdict = sample_time(x, row, &time, reason, column);
	if (verdict == ROW_USED)
		verdict = scan_fields(b, x, row, sample, reason, column);
	if (verdict != ROW_USED)
		return verdict;
	if (!weight_parse(x, columns_get(&from[ROLE_WEIGHT], row), &sample[SAMPLE_WEIGHT]))
		return bad(reason, "weight is not a number from 0 on");
	record_set_time(sample, time);
	sample[RECORD_USER] = scan_code(b->users, columns_get(&from[ROLE_USER], row));
	sample[SAMPLE_ITEM] = scan_code(b->items, columns_get(&from[ROLE_ITEM], row));
	sample[SAMPLE_LABEL] = cell_missing(x->source, label) ? 0 : scan_code(b->labels, label);
	sample[SAMPLE_SPLIT] = scan_code(b->splits, split);
	b->has_split = b->has_split || from[ROLE_SPLIT].there;
	b->has_weight = b->has_weight || from[ROLE_WEIGHT].there;
	return spill_add(b->samples, sample, err) ? ROW_USED : ROW_FAILED;
}

bool labels_read(builder *b, sr_error *err)
{
	b->samples = spill_new(b->folder, b->words[LEVEL_SAMPLE] * sizeof(uint32_t), err);
	return b->samples && scan_level(b, LEVEL_SAMPLE, sample_take, NULL, err);
}
