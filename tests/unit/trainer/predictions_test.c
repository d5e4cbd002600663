/* Predictions as lines: ids as they came, numbers that read back, cells that no spreadsheet runs. */
#include "unit/trainer/runs.h"

#include "seqrec/json.h"
#include "trainer/predictions.h"

/* Users whose names are what spreadsheets and parsers stumble over; two rows each. */
static const char awkward[] =
	"user,item,type,time\n"
	"=cmd(),i1,browse,2018-01-05T00:00:00Z\n=cmd(),i1,purchase,2018-01-11T00:00:00Z\n"
	"\"a,\"\"b\"\"\",+i2,browse,2018-01-05T00:00:00Z\n"
	"\xE4\xB8\xAD,i3,browse,2018-01-05T00:00:00Z\nz,i1,browse,2018-01-17T00:00:00Z\n";

typedef struct {
	config *c;
	dataset d;
	uint32_t row[8];
	double probability[16];
	char *content;
} written;

static written write_as(predictions_format format, const char *unit)
{
	sr_error err = { 0 };
	written w = { 0 };
	file_write(in_scratch("e.csv"), awkward, sizeof awkward - 1, &err);
	char *text_of = text_format("{\"data\": {\"events\": [{\"path\": \"e.csv\"}]}, \"task\": {\"horizon\": \"7d\", \"cuts\": [\"2018-01-10\"], \"unit\": \"%s\"}}", unit);
	w.c = config_parse(text_of, strlen(text_of), "c", scratch, NULL, &err);
	free(text_of);
	assert_fine(&err);
	assert_true(dataset_open(&w.d, w.c, scratch, NULL, true, &err));
	for (uint32_t i = 0; i < w.d.all->count; i++) {
		w.row[i] = i;
		w.probability[2 * i + 1] = 0.1 * (i + 1);
		w.probability[2 * i] = 1 - w.probability[2 * i + 1];
	}
	prediction_rows rows = { .c = w.c, .d = &w.d, .row = w.row, .rows = w.d.all->count, .probability = w.probability, .threshold = 0.2 };
	assert_true(predictions_write(&rows, in_scratch("out"), format, &err));
	assert_fine(&err);
	w.content = file_read(in_scratch("out"), 1 << 20, NULL, &err);
	return w;
}

static void written_free(written *w)
{
	free(w->content);
	dataset_close(&w->d);
	config_free(w->c);
}

static void a_line_of_json_has_the_ids_as_they_came(void **state)
{
	(void)state;
	written w = write_as(PREDICTIONS_JSONL, "user");
	assert_string_equal(w.content,
		"{\"user\":\"=cmd()\",\"time\":1515542400,\"p_buy\":0.1,\"label\":\"ignore\"}\n"
		"{\"user\":\"a,\\\"b\\\"\",\"time\":1515542400,\"p_buy\":0.2,\"label\":\"buy\"}\n" /* at the threshold: positive */
		"{\"user\":\"\xE4\xB8\xAD\",\"time\":1515542400,\"p_buy\":0.3,\"label\":\"buy\"}\n");
	written_free(&w);
}

static void csv_cells_are_quoted_and_formulas_are_disarmed(void **state)
{
	(void)state;
	written w = write_as(PREDICTIONS_CSV, "user_item");
	assert_string_equal(w.content,
		"row,user,item,time,p_buy,label\n"
		",\"'=cmd()\",i1,1515542400,0.1,ignore\n"
		",\"a,\"\"b\"\"\",\"'+i2\",1515542400,0.2,buy\n"
		",\xE4\xB8\xAD,i3,1515542400,0.3,buy\n");
	written_free(&w);
}

static void a_samples_id_is_its_user_and_its_item(void **state)
{
	(void)state;
	written w = write_as(PREDICTIONS_JSONL, "user_item");
	char *id = sample_id(&w.d, &w.d.all->item[0]), *row = sample_id(&w.d, &(sample){ .row = 7 });
	assert_string_equal(id, "=cmd()\ti1");
	assert_string_equal(row, "7");
	free(id);
	free(row);
	written_free(&w);
}

static void a_file_that_cannot_be_written_is_an_error(void **state)
{
	(void)state;
	sr_error err = { 0 };
	written w = write_as(PREDICTIONS_JSONL, "user");
	prediction_rows rows = { .c = w.c, .d = &w.d, .row = w.row, .rows = 1, .probability = w.probability };
	assert_false(predictions_write(&rows, in_scratch("missing/out"), PREDICTIONS_JSONL, &err));
	assert_says(&err, SR_IO, "missing/out");
	written_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_line_of_json_has_the_ids_as_they_came),
		SCRATCH_TEST(csv_cells_are_quoted_and_formulas_are_disarmed),
		SCRATCH_TEST(a_samples_id_is_its_user_and_its_item),
		SCRATCH_TEST(a_file_that_cannot_be_written_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
